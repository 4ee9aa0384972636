"""Logistic regression with a penalty, in NumPy: small, exact, and the same bits everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.calibration import sigmoid

Floats = NDArray[np.float64]

CLIP: Final = 4.0
"""Standardised statistics are held to so many deviations: no single one decides alone."""
_DIRECTIONS: Final = 128
_STEPS: Final = 60
_CONVERGED: Final = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Log-odds that are linear in standardised, clipped statistics.

    Attributes:
        mean: (d,) what is taken away first.
        scale: (d,) what is divided by then.
        weights: (d,).
        bias: Log-odds of the mean.
    """

    mean: Floats
    scale: Floats
    weights: Floats
    bias: float

    def standardised(self, rows: Floats) -> Floats:
        """Statistics (n, d) as the weights want them."""
        return np.clip((rows - self.mean) / self.scale, -CLIP, CLIP)

    def __call__(self, rows: Floats) -> Floats:
        """Log-odds (n,) of statistics (n, d)."""
        return np.asarray(self.standardised(rows) @ self.weights + self.bias)


def fit_linear(rows: Floats, labels: NDArray[np.bool_], weights: Floats, penalty: float) -> Linear:
    """Fit log-odds by Newton's method.

    Args:
        rows: Statistics (n, d).
        labels: True for synthetic (n,).
        weights: How much each row counts (n,); they are scaled to a sum of n.
        penalty: Ridge penalty of standardised weights, against the sum over n rows; above 0.
    """
    share = weights / weights.sum()
    mean = share @ rows
    scale = np.sqrt(share @ (rows - mean) ** 2) + 1e-6
    start = Linear(mean, scale, np.zeros(rows.shape[1]), 0.0)
    inputs = start.standardised(rows)
    turn = _directions(inputs)
    inputs = np.concatenate([inputs @ turn, np.ones((len(rows), 1))], axis=1)
    counts = share * len(rows)
    ridge = np.full(inputs.shape[1], penalty)
    ridge[-1] = 1e-6
    found = np.zeros(inputs.shape[1])
    targets = labels.astype(np.float64)
    for _ in range(_STEPS):
        odds = sigmoid(inputs @ found)
        slope = inputs.T @ (counts * (odds - targets)) + ridge * found
        bend = (inputs * (counts * odds * (1 - odds) + 1e-9)[:, None]).T @ inputs + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        # Far steps are shortened: Newton's method can overshoot where classes are well apart.
        step *= min(1.0, 4.0 / (float(np.abs(step).max()) + 1e-12))
        found -= step
        if float(np.abs(step).max()) < _CONVERGED:
            break
    return Linear(mean, scale, turn @ found[:-1], float(found[-1]))


def _directions(inputs: Floats) -> Floats:
    """The main directions (d, k) of many statistics; few are left as they are.

    The penalty is the same in every direction, so a turn changes nothing; only what lies in none
    of the directions that matter is left out.
    """
    if inputs.shape[1] <= _DIRECTIONS:
        return np.eye(inputs.shape[1])
    _, vectors = np.linalg.eigh(inputs.T @ inputs)
    return np.asarray(vectors[:, ::-1][:, :_DIRECTIONS], np.float64)
