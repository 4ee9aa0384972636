"""One measured number, and the usual ways to come by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.calibration import expected_calibration_error, wilson_interval
from models.evaluation import metrics
from models.evaluation.metrics import ECE_BINS, Flags, Floats

ROUNDS: Final = 200
#: Negatives that a recall at a rate of false positives needs to mean something.
LEAST_NEGATIVES: Final = {"recall_at_fpr_1pct": 100, "recall_at_fpr_0.1pct": 1000}
LEAST_OF_A_KIND: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One measured number, or the reason why there is none.

    Attributes:
        measure: What was measured, such as "auprc".
        data: The set, such as "xstest", or a part of it: "xstest (safe)".
        system: Who was measured: "classifier", "screening" (classifier, lists and rules
            together), "verdict" (what the policy made of it), or the name of an alternative.
        category: Category id, "any", or "" where the number is not about one.
        lang: ISO 639-1 code, or "" for all languages together.
        group: What else the number is about: a functionality, a type, an attack.
        value: The number; None where it could not be measured.
        low: Lower end of its 95 % interval.
        high: Upper end.
        n: How many texts it rests on.
        positives: How many of them are harmful; None where that means nothing.
        note: Why there is no number, or what must be known to read it.
    """

    measure: str
    data: str
    system: str = "classifier"
    category: str = ""
    lang: str = ""
    group: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    positives: int | None = None
    note: str = ""


def share(base: Number, measure: str, flags: Flags) -> Number:
    """The share of flags that are set, with Wilson's interval."""
    n = int(flags.size)
    if not n:
        return replace(base, measure=measure, n=0, note="no such row")
    low, high = wilson_interval(int(flags.sum()), n)
    return replace(base, measure=measure, value=float(flags.mean()), low=low, high=high, n=n)


def of_flags(
    base: Number,
    measure: str,
    flags: Flags,
    labels: Flags,
    statistic: Callable[[Flags, Flags], float],
) -> Number:
    """A statistic of flags against labels, with a bootstrap interval."""
    if not labels.size:
        return replace(base, measure=measure, n=0, note="no such row")

    def compute(drawn: Floats, truth: Flags) -> Mapping[str, float]:
        return {"it": statistic(drawn > 0, truth)}

    low, high = metrics.bootstrap(compute, flags.astype(np.float64), labels, rounds=ROUNDS)["it"]
    return replace(
        base,
        measure=measure,
        value=statistic(flags, labels),
        low=low,
        high=high,
        n=int(labels.size),
        positives=int(labels.sum()),
    )


def rankings(base: Number, scores: Floats, labels: Flags) -> list[Number]:
    """All of `metrics.RANKING`, each with a bootstrap interval or the reason why it is missing."""
    positives, n = int(labels.sum()), int(labels.size)
    base = replace(base, n=n, positives=positives)
    if min(positives, n - positives) < LEAST_OF_A_KIND:
        reason = f"needs {LEAST_OF_A_KIND} of both kinds: {positives} harmful, {n - positives} not"
        return [replace(base, measure=measure, note=reason) for measure in metrics.RANKING]
    values = metrics.ranking(scores, labels)
    spans = metrics.bootstrap(metrics.ranking, scores, labels, rounds=ROUNDS)
    made = []
    for measure, value in values.items():
        least = LEAST_NEGATIVES.get(measure, 0)
        if n - positives < least:
            reason = f"needs {least} negatives, has {n - positives}"
            made.append(replace(base, measure=measure, note=reason))
            continue
        low, high = spans[measure]
        note = "oracle: the threshold is chosen on this set" if measure == "best_f1" else ""
        made.append(replace(base, measure=measure, value=value, low=low, high=high, note=note))
    return made


def calibration_error(base: Number, scores: Floats, labels: Flags) -> Number:
    """ECE over `ECE_BINS` bins of equal width, at the set's own share of positives."""
    base = replace(base, measure="ece", n=int(labels.size), positives=int(labels.sum()))
    if labels.size < ECE_BINS:
        return replace(base, note=f"needs {ECE_BINS} texts")

    value = expected_calibration_error(scores, labels, bins=ECE_BINS)
    random = np.random.default_rng(0)
    drawn = (random.integers(0, labels.size, labels.size) for _ in range(ROUNDS))
    errors = [expected_calibration_error(scores[d], labels[d], bins=ECE_BINS) for d in drawn]
    low, high = metrics.centred(errors, value)
    return replace(base, value=value, low=low, high=high)


def flags_at(
    scores: NDArray[np.floating], categories: tuple[str, ...], limits: Mapping[str, float]
) -> Flags:
    """Which rows reach the limit of any category; categories without a limit are left out."""
    columns = [column for column, category in enumerate(categories) if category in limits]
    bounds = np.array([limits[categories[column]] for column in columns])
    return np.asarray(np.any(scores[:, columns] >= bounds, axis=1), dtype=bool)
