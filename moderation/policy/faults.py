"""What a policy makes of that which could not be checked. No fault ever becomes ALLOW unsaid.

Some clauses hold under every policy; their ids begin with `builtin-`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from moderation.policy.document import StageClauses
from moderation.verdict import Decision, Degradation, Sampling, Stage, strictest

SCORE_INVALID = "builtin-score-invalid"
CATEGORY_UNKNOWN = "builtin-category-unknown"
UNCLEAR = "builtin-unclear"
SAMPLING = "builtin-sampling"


def complete(clauses: StageClauses, fault: Degradation) -> Degradation:
    """Gives a degradation the decision and the clause that the policy has for it.

    The stage's clause for the reason counts, else the strictest `missing` of the categories.
    A stricter decision that the degradation came with stays.
    """
    told = clauses.reasons.get(fault.reason)
    if told is not None:
        decision, clause = told.decision, told.clause
    else:
        decision, clause = _strictest_missing(clauses, fault.categories)
    if fault.decision.severity > decision.severity:
        return fault
    categories = tuple(sorted(set(fault.categories)))
    return replace(fault, decision=decision, clause=clause, categories=categories)


def not_checked(
    clauses: StageClauses,
    stage: Stage,
    unchecked: frozenset[str],
    faults: Sequence[Degradation],
) -> list[Degradation]:
    """A degradation for each required category that nothing answered or accounted for."""
    if not unchecked:
        return []
    accounted = {name for fault in faults if fault.stage is stage for name in fault.categories}
    return [
        complete(clauses, Degradation(stage, "policy", "category_not_checked", (name,)))
        for name in sorted(unchecked - accounted)
    ]


def sampling_faults(min_fps: float, stage: Stage, sampling: Sampling | None) -> list[Degradation]:
    """Whether a clip was looked at as often as the policy asks for.

    The step that was asked for counts, not the longest gap: a clip may hold one frame for long.
    """
    if stage is not Stage.FRAMES:
        return []
    if sampling is None or sampling.frame_count < 1:
        reason = "nothing_sampled"
    elif not 0 < sampling.interval_ms <= math.ceil(1000 / min_fps):
        reason = "sampling_too_sparse"
    else:
        return []
    return [Degradation(stage, "policy", reason, (), Decision.REVIEW, SAMPLING)]


def score_invalid(stage: Stage, source: str, category: str) -> Degradation:
    """For a score that is no probability (NaN, infinite, below 0 or above 1)."""
    return Degradation(stage, source, "score_invalid", (category,), Decision.REVIEW, SCORE_INVALID)


def category_unknown(stage: Stage, source: str, category: str) -> Degradation:
    """For a signal of a category that the policy does not have at this stage."""
    return Degradation(
        stage, source, "category_unknown", (category,), Decision.REVIEW, CATEGORY_UNKNOWN
    )


def rule_failed(stage: Stage, rule: str, category: str) -> Degradation:
    """For a condition that could not be evaluated."""
    return Degradation(stage, rule, "rule_failed", (category,), Decision.REVIEW, rule)


def _strictest_missing(clauses: StageClauses, categories: Iterable[str]) -> tuple[Decision, str]:
    found: list[tuple[Decision, str]] = []
    for name in sorted(set(categories)):
        clause = clauses.categories.get(name)
        known = (clause.missing, clause.clause) if clause else (Decision.REVIEW, CATEGORY_UNKNOWN)
        found.append(known)
    if not found:
        return Decision.REVIEW, UNCLEAR
    decision = strictest(*(decision for decision, _ in found))
    return next(pair for pair in found if pair[0] is decision)
