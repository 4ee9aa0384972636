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
# Penalty of a moved bias: the calibration follows it, so it is all but free.
_FREE: Final = 0.01


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
    found = _newton(inputs, np.zeros(len(rows)), labels.astype(np.float64), counts, ridge)
    return Linear(mean, scale, turn @ found[:-1], float(found[-1]))


def move_linear(
    start: Linear,
    rows: Floats,
    base: Floats,
    labels: NDArray[np.bool_],
    weights: Floats,
    penalty: float,
) -> Linear:
    """Move log-odds as little from where they are as a few new examples ask for.

    Regularised adaptation after Chelba and Acero (2004): the ridge penalty is on the distance from
    the weights that there are, so that without examples nothing moves.

    Args:
        start: What is moved; its standardisation stays.
        rows: Statistics (n, d).
        base: Log-odds (n,) of the whole score before the move, what `start` gives among them.
        labels: True for synthetic (n,).
        weights: How much each row counts (n,); their sum is the number of independent examples.
        penalty: Of the squared distance in standardised weights; above 0.
    """
    inputs = np.concatenate([start.standardised(rows), np.ones((len(rows), 1))], axis=1)
    ridge = np.full(inputs.shape[1], penalty)
    ridge[-1] = _FREE
    step = _newton(inputs, base, labels.astype(np.float64), weights, ridge)
    return Linear(start.mean, start.scale, start.weights + step[:-1], start.bias + float(step[-1]))


def _newton(inputs: Floats, base: Floats, targets: Floats, counts: Floats, ridge: Floats) -> Floats:
    """What is to be added to `base`, as weights (d,) of inputs (n, d)."""
    found = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        odds = sigmoid(inputs @ found + base)
        slope = inputs.T @ (counts * (odds - targets)) + ridge * found
        bend = (inputs * (counts * odds * (1 - odds) + 1e-9)[:, None]).T @ inputs + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        # Far steps are shortened: Newton's method can overshoot where classes are well apart.
        step *= min(1.0, 4.0 / (float(np.abs(step).max()) + 1e-12))
        found -= step
        if float(np.abs(step).max()) < _CONVERGED:
            break
    return found


def _directions(inputs: Floats) -> Floats:
    """The main directions (d, k) of many statistics; few are left as they are.

    The penalty is the same in every direction, so a turn changes nothing; only what lies in none
    of the directions that matter is left out.
    """
    if inputs.shape[1] <= _DIRECTIONS:
        return np.eye(inputs.shape[1])
    _, vectors = np.linalg.eigh(inputs.T @ inputs)
    return np.asarray(vectors[:, ::-1][:, :_DIRECTIONS], np.float64)
