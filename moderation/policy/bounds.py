"""The numbers of a policy, ready to compare with: thresholds of model cards put in, rules bound.

A document leaves open what a model's card is to say. Here each stage and category gets its final
thresholds, and the rules that may look at it with the least score from which on they do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.card import ModelCard
from moderation.policy.document import (
    CategoryClause,
    PolicyDocument,
    PolicyInvalid,
    Rule,
    Threshold,
)
from moderation.verdict import Stage

#: For each stage, category and model id: the card's scores for review and block.
Thresholds = Mapping[Stage, Mapping[str, Mapping[str, tuple[float, float]]]]
_TASK_STAGE = {"text-classification": Stage.PROMPT, "image-classification": Stage.FRAMES}


@dataclass(frozen=True, slots=True)
class BoundRule:
    """A rule with the least score that it has for one category of one stage."""

    rule: Rule
    min_score: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """The numbers that decide for one category of one stage.

    Attributes:
        clause: What the document says.
        review: Score for review of a signal whose source has no card, and the lowest of all.
        block: The same for block.
        by_source: Scores for review and block of a model's own signals: two models of one
            category may put the same share of harmless content under different numbers.
        rules: The rules that look at the category.
        floor: The least score at which anything can follow; most signals end there.
    """

    clause: CategoryClause
    review: float
    block: float
    by_source: Mapping[str, tuple[float, float]]
    rules: tuple[BoundRule, ...]
    floor: float

    def of(self, source: str) -> tuple[float, float]:
        """Scores for review and block of a signal from a source."""
        return self.by_source.get(source, (self.review, self.block))


def card_thresholds(cards: Iterable[ModelCard]) -> Thresholds:
    """The thresholds of model cards in the shape that `Policy.resolve` takes."""
    found: dict[Stage, dict[str, dict[str, tuple[float, float]]]] = {stage: {} for stage in Stage}
    for card in cards:
        if not card.thresholds:
            continue  # its results are no findings
        table = found[_TASK_STAGE[card.task]]
        for name, threshold in card.thresholds.items():
            table.setdefault(name, {})[card.id] = (threshold.review, threshold.block)
    return found


def bind(
    document: PolicyDocument,
    stage: Stage,
    clause: CategoryClause,
    cards: Mapping[str, tuple[float, float]],
) -> Bounds:
    """Makes the bounds of one category of one stage; `cards` are the models' thresholds by id.

    Raises:
        PolicyInvalid: A number of a card cannot be used, or review comes out above block.
    """
    place = f"stages.{stage.value}.categories.{clause.category}"
    by_source = {source: _pair(clause, card, place) for source, card in sorted(cards.items())}
    pairs = tuple(by_source.values()) or (_pair(clause, None, place),)
    review, block = (min(numbers) for numbers in zip(*pairs, strict=True))
    lowest = min(review, block)
    rules = tuple(
        BoundRule(rule, _least_score(rule, lowest))
        for rule in document.rules
        if stage in rule.stages and clause.category in rule.categories
    )
    floor = min([lowest, *(bound.min_score for bound in rules)])
    return Bounds(clause, review, block, MappingProxyType(by_source), rules, floor)


def _pair(
    clause: CategoryClause, card: tuple[float, float] | None, place: str
) -> tuple[float, float]:
    review = _number(clause.review, card, f"{place}.review")
    block = _number(clause.block, card, f"{place}.block")
    if math.isfinite(review) and review > block:
        raise PolicyInvalid(f"{place}.review: is above block", field=f"{place}.review")
    return review, block


def _number(threshold: Threshold | None, card: tuple[float, float] | None, place: str) -> float:
    """The score of a threshold; infinity (never reached) where there is none."""
    if threshold is None:
        return math.inf
    if threshold.from_model is None or card is None:
        return threshold.value
    value = float(card[0] if threshold.from_model == "review" else card[1])
    if not 0.0 < value <= 1.0:
        message = f"{place}: the model card's number is not above 0 and at most 1"
        raise PolicyInvalid(message, field=place, actual=value)
    return value


def _least_score(rule: Rule, lowest: float) -> float:
    if rule.scale is not None:
        return lowest * rule.scale
    if rule.min_score is not None:
        return rule.min_score
    return lowest * (rule.min_share or 0.0) if math.isfinite(lowest) else math.inf
