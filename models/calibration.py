"""From raw scores to probabilities, and honest intervals round measured numbers.

Platt scaling after Platt (1999), with the targets smoothed as he proposes; Wilson's interval for
a share (Wilson 1927); the percentile bootstrap for everything else (Efron 1979). All functions are
pure; arrays are one-dimensional.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.card import Platt

Floats = NDArray[np.float64]
_Z95: Final = 1.959963984540054
_NEWTON_STEPS: Final = 200
_CONVERGED: Final = 1e-10
_SMALLEST_SLOPE: Final = 1e-6


def sigmoid(values: NDArray[np.floating]) -> Floats:
    """Logistic function, without overflow for large magnitudes."""
    scores = np.asarray(values, dtype=np.float64)
    small = np.exp(-np.abs(scores))
    return np.asarray(np.where(scores >= 0, 1.0, small) / (1.0 + small), dtype=np.float64)


def fit_platt(
    logits: Floats,
    labels: NDArray[np.bool_],
    *,
    base_rate: float | None = None,
    weights: Floats | None = None,
) -> Platt:
    """Fits probability = sigmoid(a * logit + b) by Newton's method.

    Args:
        logits: Raw scores, higher for more likely.
        labels: True for a positive example; both kinds must occur.
        base_rate: Share of positives to calibrate for, in (0, 1). Examples are weighted so that
            positives carry this share; None leaves the share as it is in the data.
        weights: Weight of each example beside the others of its kind; None weighs all alike.

    Returns:
        The scaling; `a` is always above 0, so the order of scores never changes.

    Raises:
        ValueError: Only one kind of label, or lengths that differ.
    """
    truth = np.asarray(labels, dtype=bool)
    each = np.ones(truth.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    positives, negatives = int(truth.sum()), int((~truth).sum())
    if logits.shape != truth.shape or each.shape != truth.shape or not positives or not negatives:
        raise ValueError("Platt scaling needs scores with labels of both kinds.")
    of_all = float(each[truth].sum() / each.sum())
    share = of_all if base_rate is None else base_rate
    mass = np.where(truth, share / each[truth].sum(), (1.0 - share) / each[~truth].sum()) * each
    targets = np.where(truth, (positives + 1.0) / (positives + 2.0), 1.0 / (negatives + 2.0))
    # Scores are scaled first: Newton's steps are then of the order of one.
    spread = float(np.std(logits)) or 1.0
    center = float(np.mean(logits))
    slope, offset = _newton((logits - center) / spread, targets, mass, share)
    slope = max(slope, _SMALLEST_SLOPE)
    return Platt(a=slope / spread, b=offset - slope * center / spread)


def _newton(x: Floats, targets: Floats, weights: Floats, share: float) -> tuple[float, float]:
    """Minimises weighted cross entropy of sigmoid(a x + b) with halved steps where needed."""
    a, b = 0.0, math.log(share / (1.0 - share))
    loss = _loss(a, b, x, targets, weights)
    for _ in range(_NEWTON_STEPS):
        p = sigmoid(a * x + b)
        error = weights * (p - targets)
        curve = weights * p * (1.0 - p) + 1e-15
        gradient = np.array([error @ x, error.sum()])
        hessian = np.array([[curve @ (x * x), curve @ x], [curve @ x, curve.sum()]])
        hessian += 1e-12 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        size = 1.0
        while size > _CONVERGED:
            tried = (a - size * float(step[0]), b - size * float(step[1]))
            tried_loss = _loss(*tried, x, targets, weights)
            if tried_loss < loss:
                break
            size /= 2
        else:
            return a, b
        (a, b), gained, loss = tried, loss - tried_loss, tried_loss
        if gained < _CONVERGED:
            return a, b
    return a, b


def _loss(a: float, b: float, x: Floats, targets: Floats, weights: Floats) -> float:
    z = a * x + b
    return float(weights @ (np.logaddexp(0.0, z) - targets * z))


def apply_platt(logits: NDArray[np.floating], platt: Platt) -> Floats:
    """Probabilities of raw scores."""
    return sigmoid(platt.a * np.asarray(logits, dtype=np.float64) + platt.b)


def expected_calibration_error(
    probabilities: Floats, labels: NDArray[np.bool_], *, bins: int = 15
) -> float:
    """Mean distance between stated probability and observed share, over equal-width bins.

    Returns:
        ECE in [0, 1], each bin weighted by how many examples fall into it (Naeini et al. 2015).
    """
    if probabilities.size == 0:
        raise ValueError("Calibration error needs at least one example.")
    index = np.minimum((probabilities * bins).astype(int), bins - 1)
    counts = np.bincount(index, minlength=bins)
    stated = np.bincount(index, weights=probabilities, minlength=bins)
    observed = np.bincount(index, weights=np.asarray(labels, dtype=float), minlength=bins)
    filled = counts > 0
    return float(np.abs(stated[filled] - observed[filled]).sum() / probabilities.size)


def wilson_interval(successes: int, n: int) -> tuple[float, float]:
    """95 % interval of a share, after Wilson; honest for small n and for shares of 0 and 1.

    Raises:
        ValueError: n is below 1, or successes are not within 0 and n.
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError("A share needs 0 <= successes <= n and n >= 1.")
    share, z2 = successes / n, _Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == n else min(1.0, middle + half)
    return low, high


def bootstrap_interval(
    statistic: Callable[[Floats, NDArray[np.bool_]], float],
    scores: Floats,
    labels: NDArray[np.bool_],
    *,
    rounds: int = 500,
    seed: int = 0,
) -> tuple[float, float]:
    """95 % percentile bootstrap of a statistic of scores and labels.

    Positives and negatives are drawn apart, so that no draw lacks one kind.

    Args:
        statistic: For instance the area under the ROC curve.
        scores: Scores.
        labels: True for a positive example.
        rounds: How many draws.
        seed: Makes the draws repeatable.
    """
    random = np.random.default_rng(seed)
    positive, negative = np.flatnonzero(labels), np.flatnonzero(~labels)
    values = []
    for _ in range(rounds):
        drawn = np.concatenate(
            [random.choice(part, part.size) for part in (positive, negative) if part.size]
        )
        values.append(statistic(scores[drawn], labels[drawn]))
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def threshold_for_fpr(benign: Floats, rate: float) -> tuple[float, float]:
    """Lowest threshold at which at most a share of benign scores count as findings.

    A score counts where it is at or above the threshold.

    Args:
        benign: Probabilities of benign examples.
        rate: Highest share allowed, in [0, 1].

    Returns:
        The threshold, at most 1.0, and the share of `benign` that reaches it. Where the highest
        scores are all 1.0, the share can pass the rate: no threshold parts them.

    Raises:
        ValueError: No example, or a rate outside [0, 1].
    """
    if benign.size == 0 or not 0.0 <= rate <= 1.0:
        raise ValueError("A threshold needs benign scores and a rate within [0, 1].")
    ordered = np.sort(benign)[::-1]
    allowed = math.floor(rate * benign.size + 1e-9)
    if allowed >= benign.size:
        return 0.0, 1.0
    threshold = min(1.0, float(np.nextafter(ordered[allowed], 2.0)))
    return threshold, float(np.mean(benign >= threshold))
