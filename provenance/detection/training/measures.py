"""The numbers that a detector is judged by."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_ROUNDS = 400


def auc(scores: Floats, fake: Flags, weights: Floats | None = None) -> float:
    """Area under the ROC curve; ties count half. Not a number where a class is missing."""
    if weights is None:
        weights = np.ones(len(scores))
    if not fake.any() or fake.all():
        return float("nan")
    order = np.argsort(scores, kind="stable")
    values, labels, shares = scores[order], fake[order], weights[order]
    _, starts = np.unique(values, return_index=True)
    real = np.add.reduceat(np.where(labels, 0.0, shares), starts)
    found = np.add.reduceat(np.where(labels, shares, 0.0), starts)
    below = np.cumsum(real) - real
    total = float((found * (below + real / 2)).sum())
    return total / float(weights[fake].sum() * weights[~fake].sum())


def tpr_at(scores: Floats, fake: Flags, fpr: float = 0.01) -> float:
    """Share of synthetic rows above the score that a share `fpr` of real ones reaches."""
    real = np.sort(scores[~fake])[::-1]
    bound = real[int(np.floor(fpr * len(real)))]
    return float((scores[fake] > bound).mean())


def clustered(
    statistic: Callable[[NDArray[np.intp]], float], groups: NDArray[np.str_], fake: Flags
) -> tuple[float, float]:
    """95 % interval by drawing whole groups, those with synthetic clips and those without apart.

    A page is one encoder and one taste, so its clips are not independent.
    """
    chance = np.random.default_rng(0)
    with_fakes = [np.flatnonzero(groups == name) for name in np.unique(groups[fake])]
    alone = np.setdiff1d(np.unique(groups[~fake]), np.unique(groups[fake]))
    without = [np.flatnonzero(groups == name) for name in alone]
    values = []
    for _ in range(_ROUNDS):
        drawn = [pool[place] for pool in (with_fakes, without) if pool
                 for place in chance.integers(len(pool), size=len(pool))]  # fmt: skip
        rows = np.concatenate(drawn)
        if fake[rows].any() and not fake[rows].all():
            values.append(statistic(rows))
    if not values:
        return float("nan"), float("nan")
    low, high = np.nanquantile(values, [0.025, 0.975])
    return float(low), float(high)
