"""Bars are taken off, and nothing that is no bar."""

from __future__ import annotations

import numpy as np
import pytest

from provenance.fingerprint.letterbox import Box, picture_box
from provenance.fingerprint.pdq import distances, hash_pictures, luma
from tests.provenance.fingerprint.pictures import scene


def shots(count: int = 4) -> list[np.ndarray]:
    return [luma(scene(seed)) for seed in range(count)]


@pytest.mark.parametrize("shade", [0.0, 16.0, 245.0])
@pytest.mark.parametrize(
    ("rows", "columns"), [((20, 20), (0, 0)), ((0, 0), (60, 60)), ((11, 30), (5, 9))]
)
def test_bars_are_found(shade: float, rows: tuple[int, int], columns: tuple[int, int]) -> None:
    noise = np.random.default_rng(0)
    barred = [
        np.pad(each, (rows, columns), constant_values=shade)
        + noise.uniform(-2, 2, (180 + sum(rows), 320 + sum(columns))).astype(np.float32)
        for each in shots()
    ]
    assert picture_box(barred) == Box(rows[0], rows[0] + 180, columns[0], columns[0] + 320)


def test_without_bars_a_picture_stays_whole() -> None:
    assert picture_box(shots()) == Box(0, 180, 0, 320)


def test_one_dark_scene_is_no_bar() -> None:
    """A sky that is black for one shot alone belongs to the picture."""
    night = shots(1)[0].copy()
    night[:60] = 2
    assert picture_box([night]) == Box(60, 180, 0, 320)
    assert picture_box([night, *shots()]) == Box(0, 180, 0, 320)


def test_a_clip_of_nothing_but_black_stays_whole() -> None:
    assert picture_box([np.zeros((90, 160), np.float32)]) == Box(0, 90, 0, 160)


def test_a_sliver_is_not_taken_for_the_picture() -> None:
    thin = np.zeros((180, 320), np.float32)
    thin[80:100] = shots(1)[0][:20]
    assert picture_box([thin]) == Box(0, 180, 0, 320)


def test_a_small_logo_in_a_bar_does_not_keep_it() -> None:
    barred = []
    for each in shots():
        padded = np.pad(each, ((24, 24), (0, 0)))
        padded[8:14, 300:304] = 250
        barred.append(padded)
    assert picture_box(barred) == Box(24, 204, 0, 320)


def test_the_hash_behind_bars_is_the_hash() -> None:
    pictures = shots()
    barred = [np.pad(each, ((30, 30), (0, 0))) for each in pictures]
    box = picture_box(barred)
    before, after = hash_pictures(pictures), hash_pictures([box.of(each) for each in barred])
    assert distances(before.hashes, after.hashes).max() == 0
