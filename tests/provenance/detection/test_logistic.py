"""The regression against one that is known to be right, and where it must not fail."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression

from provenance.detection.logistic import CLIP, Linear, fit_linear, move_linear


def data(seed: int = 0, n: int = 300) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    rows = chance.normal(size=(n, 5)) * [1, 10, 0.1, 1, 1] + 3
    odds = (rows[:, 0] - 3) - (rows[:, 1] - 3) / 10
    return rows, chance.random(n) < 1 / (1 + np.exp(-odds))


def test_it_agrees_with_scikit_learn() -> None:
    rows, labels = data()
    weights = np.where(labels, 2.0, 1.0)
    ours = fit_linear(rows, labels, weights, 3.0)
    inputs = ours.standardised(rows)
    theirs = LogisticRegression(C=1 / 3.0, tol=1e-10, max_iter=1000).fit(
        inputs, labels, sample_weight=weights / weights.mean()
    )
    assert np.allclose(ours(rows), theirs.decision_function(inputs), atol=1e-3)


def test_classes_that_are_apart_stay_finite() -> None:
    rows = np.array([[-1.0], [-1.1], [1.0], [1.1]])
    fitted = fit_linear(rows, np.array([False, False, True, True]), np.ones(4), 0.1)
    assert np.isfinite(fitted(rows)).all()
    assert fitted(rows)[2] > 0 > fitted(rows)[0]


def test_a_wild_statistic_counts_no_more_than_a_large_one() -> None:
    rows, labels = data()
    fitted = fit_linear(rows, labels, np.ones(len(rows)), 1.0)
    wild, large = fitted.mean.copy(), fitted.mean.copy()
    wild[0] += 1e9 * fitted.scale[0]
    large[0] += CLIP * fitted.scale[0]
    assert fitted(wild[None])[0] == fitted(large[None])[0]


def test_a_constant_statistic_does_no_harm() -> None:
    rows, labels = data()
    rows[:, 2] = 7.0
    fitted = fit_linear(rows, labels, np.ones(len(rows)), 1.0)
    assert np.isfinite(fitted(rows)).all()
    assert abs(fitted.weights[2]) < 1e-6


def moved(penalty: float, weight: float = 1.0) -> tuple[Linear, Linear, np.ndarray, np.ndarray]:
    rows, labels = data()
    start = fit_linear(*data(1), np.ones(300), 1.0)
    base = start(rows) + 0.3
    weights = np.full(len(rows), weight)
    return start, move_linear(start, rows, base, labels, weights, penalty), rows, labels


def test_a_move_stops_where_the_penalty_holds_the_examples() -> None:
    start, found, rows, labels = moved(5.0)
    inputs = start.standardised(rows)
    error = labels - 1 / (1 + np.exp(-(found(rows) + 0.3)))
    assert np.allclose(inputs.T @ error, 5.0 * (found.weights - start.weights), atol=1e-6)


def test_without_examples_or_with_a_huge_penalty_nothing_moves() -> None:
    for penalty, weight in ((1e12, 1.0), (5.0, 1e-12)):
        start, found, _, _ = moved(penalty, weight)
        assert np.allclose(found.weights, start.weights, atol=1e-6)
    assert abs(moved(5.0)[1].weights - moved(5.0)[0].weights).max() > 0.01
