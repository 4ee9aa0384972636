"""Measures of scores against labels. Pure functions of one-dimensional arrays.

A score counts as a finding where it is at or above a threshold; equal scores are never parted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]
#: Names of the measures of `ranking`, in their order.
RANKING: Final = ("auprc", "auc", "best_f1", "recall_at_fpr_1pct", "recall_at_fpr_0.1pct")
ECE_BINS: Final = 15


def counts(scores: Floats, labels: Flags) -> tuple[Counts, Counts, Floats]:
    """True and false positives at each distinct threshold, and the thresholds, falling."""
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    last = np.flatnonzero(np.append(np.diff(ordered) != 0, np.ones(min(1, ordered.size), bool)))
    true = np.cumsum(labels[order])[last].astype(np.int64)
    return true, (last + 1 - true).astype(np.int64), ordered[last]


def ranking(scores: Floats, labels: Flags) -> dict[str, float]:
    """All of `RANKING`: how well scores part positives from negatives.

    `auprc` is the average precision, `best_f1` the F1 at the best of all thresholds: it is an
    oracle's number, chosen on the very data it is measured on. A recall at a rate is that of the
    lowest threshold which at most that share of the negatives reaches.

    Raises:
        ValueError: One kind of label does not occur.
    """
    positives, negatives = int(labels.sum()), int((~labels).sum())
    if not positives or not negatives:
        raise ValueError("A ranking needs labels of both kinds.")
    true, false, _ = counts(scores, labels)
    recall, precision = true / positives, true / (true + false)
    wrong = false / negatives
    left = np.append(0.0, wrong[:-1])
    below = np.append(0.0, recall[:-1])
    return {
        "auprc": float(np.sum((recall - below) * precision)),
        "auc": float(np.sum((wrong - left) * (recall + below) / 2)),
        "best_f1": float(np.max(2 * true / (true + false + positives))),
        "recall_at_fpr_1pct": _recall_at(recall, false, negatives, 0.01),
        "recall_at_fpr_0.1pct": _recall_at(recall, false, negatives, 0.001),
    }


def _recall_at(recall: Floats, false: Counts, negatives: int, rate: float) -> float:
    allowed = math.floor(rate * negatives + 1e-9)
    reached = np.flatnonzero(false <= allowed)
    return float(recall[reached[-1]]) if reached.size else 0.0


def f1(flags: Flags, labels: Flags) -> float:
    """F1 of the positives; 0 where nothing is right."""
    right = int(np.sum(flags & labels))
    total = int(flags.sum()) + int(labels.sum())
    return 2 * right / total if total else 0.0


def macro_f1(flags: Flags, labels: Flags) -> float:
    """Mean of the F1 of the positives and the F1 of the negatives."""
    return (f1(flags, labels) + f1(~flags, ~labels)) / 2


def highest(scores: NDArray[np.floating]) -> Floats:
    """Score for harm of any category: the highest of a row's scores; 0 without a category."""
    rows = np.asarray(scores, dtype=np.float64)
    return np.asarray(np.max(rows, axis=1, initial=0.0), dtype=np.float64)


def noisy_or(scores: NDArray[np.floating]) -> Floats:
    """Score for harm of any category as if categories were independent: 1 - prod(1 - score)."""
    rows = np.clip(np.asarray(scores, dtype=np.float64), 0.0, 1.0)
    return np.asarray(1.0 - np.prod(1.0 - rows, axis=1), dtype=np.float64)


def precision_recall(scores: Floats, labels: Flags) -> tuple[Floats, Floats]:
    """Recall (rising) and precision at each threshold; needs a positive."""
    true, false, _ = counts(scores, labels)
    return true / int(labels.sum()), true / (true + false)


def reliability(
    probabilities: Floats, labels: Flags, *, bins: int = ECE_BINS
) -> tuple[Floats, Floats, Counts]:
    """Mean stated probability, observed share and count of each filled equal-width bin."""
    index = np.minimum((probabilities * bins).astype(int), bins - 1)
    size = np.bincount(index, minlength=bins)
    filled = size > 0
    stated = np.bincount(index, weights=probabilities, minlength=bins)[filled] / size[filled]
    seen = np.bincount(index, weights=labels.astype(float), minlength=bins)[filled] / size[filled]
    return stated, seen, size[filled]


def bootstrap(
    measure: Callable[[Floats, Flags], Mapping[str, float]],
    scores: Floats,
    labels: Flags,
    *,
    rounds: int = 200,
    seed: int = 0,
) -> dict[str, tuple[float, float]]:
    """95 % percentile bootstrap of several measures of the same draws.

    Positives and negatives are drawn apart, so that no draw lacks one kind.

    Args:
        measure: Several named measures of scores and labels.
        scores: Scores.
        labels: True for a positive.
        rounds: How many draws.
        seed: Makes the draws repeatable.
    """
    random = np.random.default_rng(seed)
    parts = [part for part in (np.flatnonzero(labels), np.flatnonzero(~labels)) if part.size]
    draws: dict[str, list[float]] = {}
    for _ in range(rounds):
        drawn = np.concatenate([random.choice(part, part.size) for part in parts])
        for name, value in measure(scores[drawn], labels[drawn]).items():
            draws.setdefault(name, []).append(value)
    return {name: interval(values) for name, values in draws.items()}


def interval(draws: Sequence[float]) -> tuple[float, float]:
    """What holds the middle 95 % of the draws."""
    return float(np.quantile(draws, 0.025)), float(np.quantile(draws, 0.975))


def centred(draws: Sequence[float], value: float) -> tuple[float, float]:
    """The same for a measure that chance alone raises, such as a distance or a widest gap.

    Every draw adds its own chance to that of the data, so the draws lie above the value; they are
    moved back by as much as their mean does.
    """
    low, high = interval(draws)
    moved = float(np.mean(draws)) - value
    return max(0.0, min(value, low - moved)), max(value, high - moved)
