"""What scores are worth, and that nothing more is claimed than the clips can bear."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InvalidCard
from provenance.detection.calibration import Bin, Calibration, digest, posterior

TEXT = b"""
rate = 0.01
[[bins]]
name = "fine"
below = 0.5
slope = 1.0
offset = -0.5
covariance = [0.04, 0.0, 0.01]
synthetic = 60
clips = 4
real = [-3.0, -1.0, 0.0, 2.0]
[[bins]]
name = "coarse"
below = inf
slope = 0.5
offset = -0.2
covariance = [0.09, 0.0, 0.04]
synthetic = 30
clips = 3
real = [-2.0, 0.5, 1.0]
"""
CALIBRATION = Calibration.parse(TEXT)
FINE = CALIBRATION.bins[0]


@given(st.floats(-1e6, 1e6))
def test_the_interval_holds_the_ratio_and_stays_within_bounds(score: float) -> None:
    llr, low, high = FINE.llr(score)
    assert -FINE.most <= low <= llr <= high <= FINE.most


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_a_higher_score_is_never_less_evidence(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert FINE.llr(low)[0] <= FINE.llr(high)[0]
    assert FINE.fpr(low) >= FINE.fpr(high)


def test_false_positive_rates_are_conformal() -> None:
    assert FINE.fpr(9.0) == pytest.approx(1 / 5)
    assert FINE.fpr(2.0) == pytest.approx(2 / 5)
    assert FINE.fpr(-9.0) == 1.0


def test_conformal_rates_keep_their_promise() -> None:
    chance = np.random.default_rng(0)
    called = 0
    for _ in range(400):
        scores = chance.normal(size=200)
        place = Bin("x", math.inf, 1.0, 0.0, (0.0, 0.0, 0.0), 50, 199, tuple(np.sort(scores[:199])))
        called += place.fpr(float(scores[199])) <= 0.05
    assert called / 400 < 0.08


def test_few_clips_bear_little() -> None:
    assert FINE.most == pytest.approx(math.log(4 / 3))


def test_quality_chooses_the_bin() -> None:
    assert CALIBRATION.bin_of(0.49).name == "fine"
    assert CALIBRATION.bin_of(0.5).name == "coarse"
    assert CALIBRATION.bin_of(99.0).name == "coarse"
    assert CALIBRATION.bin_of(math.nan).name == "coarse"


@pytest.mark.parametrize("prior", [0.0, 1.0, -1.0, math.nan])
def test_a_prior_is_a_share(prior: float) -> None:
    with pytest.raises(ValueError, match="prior"):
        posterior((0.0, 0.0, 0.0), prior)


def test_posteriors_follow_bayes() -> None:
    found = posterior((math.log(9), 0.0, math.log(99)), 0.1)
    assert found.probability == pytest.approx(0.5)
    assert found.low == pytest.approx(0.1)
    assert found.high == pytest.approx(0.9167, abs=1e-3)


@pytest.mark.parametrize(
    "change",
    [
        (b"below = inf", b"below = 9.0"),
        (b"below = 0.5", b"below = inf"),
        (b"slope = 1.0", b"slope = -1.0"),
        (b"real = [-3.0, -1.0", b"real = [-1.0, -3.0"),
        (b"rate = 0.01", b"rate = 2"),
        (b"rate = 0.01", b"rate = 0.01\nextra = 1"),
        (b"rate", b"\xff"),
    ],
)
def test_a_broken_calibration_is_refused(change: tuple[bytes, bytes]) -> None:
    old, new = change
    if old == b"below = 0.5":
        edges = TEXT.replace(b"below = inf", b"below = 0.1").replace(old, new)
        with pytest.raises(InvalidCard):
            Calibration.parse(edges)
        return
    assert old in TEXT
    with pytest.raises(InvalidCard):
        Calibration.parse(TEXT.replace(old, new, 1))


@given(st.binary(max_size=200))
def test_no_bytes_break_the_parser(raw: bytes) -> None:
    with pytest.raises(InvalidCard):
        Calibration.parse(raw)


def test_digests_follow_the_bytes() -> None:
    assert digest(TEXT) != digest(TEXT + b"\n")
    assert digest(TEXT).startswith("sha256:")
