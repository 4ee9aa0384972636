"""The few numbers of an evaluation that its card shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from models.card import Metric
from models.evaluation.by_set import ALL_SETS, ANY, ANY_IN_SCOPE
from models.evaluation.numbers import Number

MOST: Final = 60
_EVALUATE: Final = "framegate models evaluate prompt-safety"
_BENCH: Final = "python -m benchmarks.prompts"
_ONLY_BENCH: Final = frozenset({"still_caught", "benign_still_allowed"})
_Rule = Callable[[Number], bool]


def chosen(numbers: Sequence[Number]) -> list[Number]:
    """Up to `MOST` numbers, in the order of the rules below; of the attacks only the worst."""
    found: list[Number] = []
    attacks = list(_worst_attacks(numbers))
    for rule in (*_RULES[:-3], lambda number: number in attacks, *_RULES[-3:]):
        found += [n for n in numbers if n.value is not None and rule(n) and n not in found]
    return found[:MOST]


def metrics(numbers: Sequence[Number]) -> tuple[Metric, ...]:
    """The same as rows of a card."""
    return tuple(
        Metric(
            name=f"{number.measure} ({number.group})" if number.group else number.measure,
            category=number.category if not number.category.startswith("any") else "",
            value=number.value,
            low=number.low,
            high=number.high,
            n=number.n,
            split=f"{number.data}, {number.category or 'all'}, {number.system}"
            if number.category.startswith("any") or not number.category
            else f"{number.data}, {number.system}",
            command=_BENCH if number.measure in _ONLY_BENCH else _EVALUATE,
        )
        for number in chosen(numbers)
        if number.value is not None and number.n
    )


def _worst_attacks(numbers: Sequence[Number]) -> Iterator[Number]:
    for measure in sorted(_ONLY_BENCH, reverse=True):
        of_it = [n for n in numbers if n.measure == measure and n.value is not None]
        if of_it:
            yield min(of_it, key=lambda n: (n.value or 0.0, n.group))


def _plain(number: Number) -> bool:
    return not number.lang and not number.group


_RULES: Final[tuple[_Rule, ...]] = (
    lambda n: (
        n.category == ANY
        and _plain(n)
        and n.data == "openai_moderation"
        and n.system in {"classifier", "screening"}
        and n.measure in {"auprc", "best_f1", "f1_at_review", "recall_at_fpr_1pct"}
    ),
    lambda n: n.category == ANY_IN_SCOPE and n.data == "openai_moderation" and n.measure == "auprc",
    lambda n: (
        n.system == "verdict"
        and n.measure == "share_block"
        and _plain(n)
        and n.data.endswith("(benign)")
    ),
    lambda n: (
        n.system == "verdict"
        and n.measure == "not_allowed"
        and _plain(n)
        and n.data.endswith("(harmful)")
    ),
    lambda n: (
        n.measure == "accuracy" and _plain(n) and (n.category == "hate" or n.system == "verdict")
    ),
    lambda n: n.measure == "worst_functionality",
    lambda n: n.measure == "macro_f1_mean_over_languages",
    lambda n: n.measure == "f1_hateful_mean_over_languages" and n.category == "hate",
    lambda n: n.measure == "caught_at_fpr_5pct" and n.system in {"classifier", "screening"},
    lambda n: n.measure.startswith("gap_") and not n.lang,
    lambda n: n.measure.startswith("cpu_ms") and n.system == "screening",
    lambda n: n.measure == "ece" and n.data == ALL_SETS and bool(n.positives),
    lambda n: (
        n.measure == "auprc"
        and _plain(n)
        and n.data == "openai_moderation"
        and not n.category.startswith("any")
    ),
    lambda n: n.measure == "auprc" and _plain(n) and n.category == ANY and n.system == "screening",
)
