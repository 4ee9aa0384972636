"""Bars are taken off, and nothing that is no bar."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.fingerprint.letterbox import Box, Edges, picture_box
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


def test_edges_tell_when_there_can_be_no_bars() -> None:
    edges = Edges()
    night = np.full((180, 320), 4, np.float32)
    edges.see(night)
    assert edges.possible
    # Three sides are none.
    half = shots(1)[0].copy()
    half[:, -30:] = 4
    edges.see(half)
    assert edges.possible
    edges.see(shots(2)[1])
    assert not edges.possible
    edges.see(night)
    assert not edges.possible


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0, 8, 60]), st.integers(0, 15)), min_size=1, max_size=5))
def test_edges_say_no_only_where_the_picture_is_whole(drawn: list[tuple[int, int]]) -> None:
    """Each picture has some of its sides covered, dark or light or not as a bar."""
    pictures = []
    for number, (shade, sides) in enumerate(drawn):
        picture = luma(scene(number, (96, 64)))
        for side in range(4):
            if sides >> side & 1:
                picture = np.rot90(picture, side).copy()
                picture[:9] = shade
                picture = np.rot90(picture, -side)
        pictures.append(np.ascontiguousarray(picture))
    edges = Edges()
    for picture in pictures:
        edges.see(picture)
    whole = Box(0, 64, 0, 96)
    if not edges.possible:
        assert picture_box(pictures) == whole
    covered = {side for side in range(4) if all(s >> side & 1 and v < 60 for v, s in drawn)}
    if covered:
        assert edges.possible
        assert picture_box(pictures) != whole
