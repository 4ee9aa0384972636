"""What the statistics say of pictures whose making is known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from provenance.detection.motion import movement, path_shape
from provenance.detection.residuals import detail
from provenance.detection.tone import tone

SIDE = 96


def noise(seed: int, side: int = SIDE) -> NDArray[np.float32]:
    """Camera-like grey: soft shapes and sensor noise."""
    chance = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(chance.normal(0, 1, (side, side)).astype(np.float32), (0, 0), 6)
    shapes = 128 + 40 * soft / soft.std()
    return np.asarray(np.clip(shapes + chance.normal(0, 4, (side, side)), 0, 255), np.float32)


def blurred(plane: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma), np.float32)


def test_statistics_of_a_plain_picture_are_finite() -> None:
    for level in (0.0, 128.0, 255.0):
        plain = np.full((SIDE, SIDE), level, np.float32)
        assert all(np.isfinite(list(detail(plain).values())))
        assert all(np.isfinite(list(movement([plain] * 3).values())))
    assert all(np.isfinite(list(tone(np.zeros((SIDE, SIDE, 3), np.uint8)).values())))


def test_doubled_pixels_show_in_the_phases_and_periods() -> None:
    single = detail(noise(1))
    doubled = detail(np.kron(noise(1, SIDE // 2), np.ones((2, 2))).astype(np.float32))
    assert doubled["phase_spread"] > single["phase_spread"] + 1
    assert doubled["period_2_down"] > single["period_2_down"] + 0.3


def test_blur_shows_in_the_upper_rings() -> None:
    sharp, soft = noise(2), blurred(noise(2), 1.5)
    assert detail(soft)["ring_9"] < detail(sharp)["ring_9"] - 1
    assert detail(soft)["spectrum_slope"] < detail(sharp)["spectrum_slope"]


def test_noise_is_measured_where_it_is() -> None:
    quiet = blurred(noise(3), 1.5)
    assert detail(noise(3))["noise"] > detail(quiet)["noise"] + 1


def test_a_straight_path_has_no_angle_and_a_return_has_the_largest() -> None:
    there = [np.full((4, 4), value, np.float32) for value in (0, 10, 20)]
    back = [np.full((4, 4), value, np.float32) for value in (0, 10, 0)]
    assert path_shape(there)["angle"] == pytest.approx(0, abs=0.05)
    assert path_shape(back)["angle"] == pytest.approx(np.pi, abs=0.05)
    assert path_shape(there)["second"] < path_shape(back)["second"] - 3


def test_moved_pixels_are_explained_and_new_ones_are_not() -> None:
    wide = blurred(noise(4, 120), 1.0)
    panned = [np.ascontiguousarray(wide[:96, 2 * step : 2 * step + 96]) for step in range(3)]
    other = [blurred(noise(seed), 1.0) for seed in (5, 6, 7)]
    assert movement(panned)["unexplained_share"] < movement(other)["unexplained_share"] - 0.5
    assert movement(panned)["flow_bend"] < movement(other)["flow_bend"]
    assert movement(panned)["camera_share"] > 0.7


def test_grey_pictures_have_no_colour() -> None:
    grey = np.repeat(noise(8)[..., None], 3, axis=2).astype(np.uint8)
    colourful = grey.copy()
    colourful[..., 0] = 255
    assert tone(grey)["saturation"] == 0
    assert tone(grey)["grey_share"] == 1
    assert tone(colourful)["colour"] > 2
