"""The numbers of a policy, ready to compare with: thresholds of model cards put in, rules bound.

A document leaves open what a model's card is to say. Here each stage and category gets its final
thresholds, and the rules that may look at it with the least score from which on they do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.card import ModelCard
from moderation.policy.document import (
    CategoryClause,
    PolicyDocument,
    PolicyInvalid,
    Rule,
    Threshold,
)
from moderation.verdict import Stage

Thresholds = Mapping[Stage, Mapping[str, tuple[float, float]]]
_TASK_STAGE = {"text-classification": Stage.PROMPT, "image-classification": Stage.FRAMES}


@dataclass(frozen=True, slots=True)
class BoundRule:
    """A rule with the least score that it has for one category of one stage."""

    rule: Rule
    min_score: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """The numbers that decide for one category of one stage.

    `floor` is the least score at which anything can follow; most signals end there.
    """

    clause: CategoryClause
    review: float
    block: float
    rules: tuple[BoundRule, ...]
    floor: float


def card_thresholds(cards: Iterable[ModelCard]) -> Thresholds:
    """The thresholds of model cards in the shape that `Policy.resolve` takes.

    Where two cards of a stage speak of one category, the lower number of each kind counts.
    """
    found: dict[Stage, dict[str, tuple[float, float]]] = {stage: {} for stage in Stage}
    for card in cards:
        table = found[_TASK_STAGE[card.task]]
        for name, threshold in card.thresholds.items():
            review, block = table.get(name, (math.inf, math.inf))
            table[name] = (min(review, threshold.review), min(block, threshold.block))
    return found


def bind(
    document: PolicyDocument,
    stage: Stage,
    clause: CategoryClause,
    card: tuple[float, float] | None,
) -> Bounds:
    """Makes the bounds of one category of one stage; `card` are its model card's thresholds.

    Raises:
        PolicyInvalid: A number of the card cannot be used, or review comes out above block.
    """
    place = f"stages.{stage.value}.categories.{clause.category}"
    review = _number(clause.review, card, f"{place}.review")
    block = _number(clause.block, card, f"{place}.block")
    if math.isfinite(review) and review > block:
        raise PolicyInvalid(f"{place}.review: is above block", field=f"{place}.review")
    lowest = min(review, block)
    rules = tuple(
        BoundRule(rule, _least_score(rule, lowest))
        for rule in document.rules
        if stage in rule.stages and clause.category in rule.categories
    )
    floor = min([lowest, *(bound.min_score for bound in rules)])
    return Bounds(clause, review, block, rules, floor)


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
