"""The p-values, against SciPy and against counting all signs."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]

from provenance.watermark.significance import LEVELS, binomial_tail, weighted_tail, weights_of


@pytest.mark.parametrize("agreeing", [0, 1, 64, 65, 92, 98, 103, 108, 127, 128])
def test_binomial_tail_is_scipys(agreeing: int) -> None:
    assert binomial_tail(agreeing, 128) == pytest.approx(
        float(stats.binom.sf(agreeing - 1, 128, 0.5)), rel=1e-9
    )


@pytest.mark.parametrize(("agreeing", "bits"), [(-1, 8), (9, 8), (0, 0)])
def test_binomial_tail_refuses_what_is_no_count(agreeing: int, bits: int) -> None:
    with pytest.raises(ValueError, match="agreeing"):
        binomial_tail(agreeing, bits)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, LEVELS), min_size=1, max_size=10), st.integers(-320, 320))
def test_weighted_tail_counts_all_signs(weights: list[int], score: int) -> None:
    sums = [
        sum(sign * weight for sign, weight in zip(signs, weights, strict=True))
        for signs in itertools.product((-1, 1), repeat=len(weights))
    ]
    exact = sum(total >= score for total in sums) / len(sums)
    assert weighted_tail(np.array(weights), score) == pytest.approx(exact, abs=1e-14)


@pytest.mark.parametrize("agreeing", [0, 64, 80, 108, 128])
@pytest.mark.parametrize("weight", [1, 7, LEVELS])
def test_equal_weights_are_the_binomial(agreeing: int, weight: int) -> None:
    weights = np.full(128, weight, np.int64)
    score = weight * (2 * agreeing - 128)
    assert weighted_tail(weights, score) == pytest.approx(binomial_tail(agreeing, 128), rel=1e-11)


def test_weighted_tail_keeps_its_precision_far_out() -> None:
    weights = np.random.default_rng(1).integers(1, LEVELS + 1, 128)
    assert weighted_tail(weights, int(weights.sum())) == pytest.approx(2.0**-128, rel=1e-9)
    assert weighted_tail(weights, int(weights.sum()) + 1) == 0.0
    assert weighted_tail(weights, -int(weights.sum())) == pytest.approx(1.0)


def test_negative_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        weighted_tail(np.array([1, -1]), 0)


def test_weights_follow_magnitudes_and_not_signs() -> None:
    sums = np.random.default_rng(2).normal(size=128).astype(np.float32)
    weights = weights_of(sums)
    assert weights.max() == LEVELS
    assert weights.min() >= 0
    assert (weights == weights_of(-sums)).all()
    order = np.argsort(np.abs(sums))
    assert (np.diff(weights[order]) >= 0).all()
    assert (weights_of(np.zeros(4, np.float32)) == 0).all()
    assert weighted_tail(weights_of(np.zeros(128, np.float32)), 0) == 1.0
