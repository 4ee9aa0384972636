"""Calibration: probabilities that mean what they say, and intervals that hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from models.calibration import (
    apply_platt,
    bootstrap_interval,
    expected_calibration_error,
    fit_platt,
    sigmoid,
    threshold_for_fpr,
    wilson_interval,
)
from models.card import Platt

scores = hnp.arrays(np.float64, st.integers(4, 200), elements=st.floats(-50, 50, width=32))
shares = hnp.arrays(np.float64, st.integers(1, 300), elements=st.floats(0, 1))


@given(hnp.arrays(np.float64, 20, elements=st.floats(-1e300, 1e300)))
def test_sigmoid_never_overflows(values: np.ndarray) -> None:
    found = sigmoid(values)
    assert ((found >= 0) & (found <= 1)).all()
    assert np.allclose(found + sigmoid(-values), 1.0)


@given(scores, st.randoms(use_true_random=False), st.sampled_from([None, 0.01, 0.05, 0.5]))
def test_platt_keeps_the_order_of_scores(values: np.ndarray, random: object, rate: float) -> None:
    labels = np.array([random.random() < 0.4 for _ in values])  # type: ignore[attr-defined]
    labels[0], labels[1] = True, False
    platt = fit_platt(values, labels, base_rate=rate)
    assert platt.a > 0
    assert math.isfinite(platt.b)
    order = np.argsort(values, kind="stable")
    assert (np.diff(apply_platt(values, platt)[order]) >= 0).all()


def test_platt_finds_the_scaling_that_made_the_data() -> None:
    random = np.random.default_rng(1)
    values = random.normal(size=40_000)
    labels = random.random(values.size) < sigmoid(2.0 * values - 1.0)
    platt = fit_platt(values, labels)
    assert platt.a == pytest.approx(2.0, abs=0.1)
    assert platt.b == pytest.approx(-1.0, abs=0.05)
    assert expected_calibration_error(apply_platt(values, platt), labels) < 0.01


def test_platt_hits_the_base_rate_that_was_asked_for() -> None:
    random = np.random.default_rng(2)
    labels = random.random(20_000) < 0.5
    values = random.normal(size=labels.size) + 2.0 * labels
    found = apply_platt(values, fit_platt(values, labels, base_rate=0.05))
    mean = 0.05 * found[labels].mean() + 0.95 * found[~labels].mean()
    assert mean == pytest.approx(0.05, abs=0.002)


def test_platt_survives_scores_that_part_perfectly() -> None:
    values = np.array([-1e4, -2.0, 3.0, 1e4])
    platt = fit_platt(values, np.array([False, False, True, True]))
    assert np.isfinite(apply_platt(values, platt)).all()


@pytest.mark.parametrize("labels", [[True, True], [False, False], [True, False, True]])
def test_platt_needs_both_kinds(labels: list[bool]) -> None:
    with pytest.raises(ValueError, match="both kinds"):
        fit_platt(np.array([0.1, 0.2]), np.array(labels))


@given(shares)
def test_calibration_error_is_a_share(found: np.ndarray) -> None:
    assert 0 <= expected_calibration_error(found, found > 0.5) <= 1
    assert expected_calibration_error(np.ones(5), np.zeros(5, bool)) == 1.0


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share(counts: tuple[int, int]) -> None:
    low, high = wilson_interval(*counts)
    assert 0 <= low <= counts[0] / counts[1] <= high <= 1
    assert low < high


def test_wilson_against_published_values() -> None:
    # Newcombe (1998), table I: 81/263 and 0/20.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


@pytest.mark.parametrize("counts", [(1, 0), (-1, 5), (6, 5)])
def test_wilson_refuses_what_is_no_share(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="share"):
        wilson_interval(*counts)


@given(shares, st.floats(0, 1))
def test_a_threshold_keeps_its_false_positive_rate(benign: np.ndarray, rate: float) -> None:
    threshold, found = threshold_for_fpr(benign, rate)
    assert found == np.mean(benign >= threshold)
    assert 0 <= threshold <= 1
    assert found <= rate + 1e-9 or threshold == 1.0


def test_a_threshold_is_the_lowest_one() -> None:
    benign = np.linspace(0, 0.99, 100)
    threshold, found = threshold_for_fpr(benign, 0.05)
    assert found == 0.05
    assert benign[94] < threshold <= benign[95]


def test_a_threshold_needs_examples() -> None:
    with pytest.raises(ValueError, match="benign"):
        threshold_for_fpr(np.array([]), 0.1)


def test_bootstrap_is_repeatable_and_holds_the_mean() -> None:
    random = np.random.default_rng(3)
    values, labels = random.normal(size=500), random.random(500) < 0.3

    def difference(s: np.ndarray, y: np.ndarray) -> float:
        return float(s[y].mean() - s[~y].mean())

    first = bootstrap_interval(difference, values, labels)
    assert first == bootstrap_interval(difference, values, labels)
    assert first[0] < difference(values, labels) < first[1]


def test_platt_by_hand() -> None:
    assert apply_platt(np.array([1.0]), Platt(2.0, -2.0))[0] == 0.5
