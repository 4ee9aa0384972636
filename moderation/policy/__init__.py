"""The policy: a document, its numbers, and the pure judgement of signals by them."""

from moderation.policy.document import PolicyInvalid
from moderation.policy.policy import POLICIES, Policy, card_thresholds, evaluate

__all__ = ["POLICIES", "Policy", "PolicyInvalid", "card_thresholds", "evaluate"]
