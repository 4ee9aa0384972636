"""Sections of a clip: how they are formed, and how they are weighed against each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]

from media.frames import Frame
from provenance.watermark.carriers import SIDE, Carriers
from provenance.watermark.codes import CODE_BITS, signs_of
from provenance.watermark.combining import combined, weights_of_sections
from provenance.watermark.correlation import Sight
from provenance.watermark.keys import WatermarkKey
from provenance.watermark.pooling import MAX_SHOTS, Pooled, pool, sections
from tests.provenance.watermark.marking import CODE, KEY, scene

CARRIERS = Carriers.of(KEY)


def _frames(cuts: list[int], count: int) -> list[Frame]:
    picture = next(iter(scene(4, 1, (64, 48))))
    return [Frame(index, 40 * index, picture, index in cuts) for index in range(count)]


@pytest.mark.parametrize(
    ("cuts", "count", "lengths", "shots"),
    [
        ([], 1, [1], [0]),
        ([], 40, [1, 2, 4, 8, 16, 9], [0] * 6),
        ([0, 3], 10, [1, 2, 1, 2, 4], [0, 0, 1, 1, 1]),
        ([0, 1, 2], 3, [1, 1, 1], [0, 1, 2]),
    ],
)
def test_sections_grow_within_a_shot(
    cuts: list[int], count: int, lengths: list[int], shots: list[int]
) -> None:
    pooled = pool(_frames(cuts, count))
    assert pooled.lengths.tolist() == lengths
    assert pooled.shots.tolist() == shots
    assert pooled.planes.shape == (len(lengths), SIDE, SIDE)


def test_sections_are_means_of_their_frames() -> None:
    pictures = list(scene(5, 7, (64, 48)))
    frames = [Frame(i, 40 * i, rgb, i == 4) for i, rgb in enumerate(pictures)]
    alone = [next(sections(frames[i : i + 1])) for i in range(7)]
    for section, places in zip(sections(frames), ([0], [1, 2], [3], [4], [5, 6]), strict=True):
        for name in ("picture", "residual"):
            mean = np.mean([getattr(alone[i], name) for i in places], axis=0)
            assert np.allclose(getattr(section, name), mean, atol=1e-3)


def test_means_are_over_frames_and_over_the_first_of_each_shot() -> None:
    planes = np.random.default_rng(5).normal(size=(5, SIDE, SIDE)).astype(np.float16)
    pooled = Pooled(planes, np.array([1, 2, 1, 1, 2]), np.array([0, 0, 0, 1, 1]), 4 / 3)
    whole = np.average(planes.astype(np.float32), axis=0, weights=pooled.lengths)
    assert np.allclose(pooled.whole, whole, atol=1e-5)
    assert np.allclose(pooled.onsets, planes[[0, 3]].astype(np.float32).mean(axis=0), atol=1e-5)
    assert pooled.shot(1).lengths.tolist() == [1, 2]
    one = pooled.shot(0)
    assert (one.onsets == planes[0]).all()


def test_a_clip_of_cuts_is_bounded() -> None:
    count = MAX_SHOTS + 20
    pooled = pool(_frames(list(range(count)), count))
    assert len(pooled.planes) == MAX_SHOTS
    assert pooled.lengths.sum() == MAX_SHOTS


def _marked(amount: float, rng: np.random.Generator, scenery: np.ndarray) -> np.ndarray:
    """A section's spectrum: the scene, a share of a mark, and a little noise of its own."""
    spectrum = scenery + 0.1 * rng.normal(size=SIDE * SIDE)
    signs = signs_of(CODE)[:, None] * CARRIERS.chips[0]
    spectrum[CARRIERS.payload] += amount * signs
    spectrum[CARRIERS.pilot] += amount * CARRIERS.pilot_chips
    return np.asarray(spectrum, np.float32)


def test_the_scene_is_taken_off() -> None:
    """A mark below the scene in each section is read whole from what differs between them."""
    rng = np.random.default_rng(6)
    scenery = rng.normal(size=SIDE * SIDE)
    sections = np.stack([_marked(amount, rng, scenery) for amount in (0.12, 0.0, 0.0)])
    agreeing = [
        int((combined(part, np.zeros(len(part), np.int64), CARRIERS) * signs_of(CODE) > 0).sum())
        for part in (sections, sections[:1])
    ]
    assert agreeing[0] >= 126
    assert agreeing[1] < 110


def test_what_looks_like_cuts_costs_little() -> None:
    rng = np.random.default_rng(7)
    scenery = rng.normal(size=SIDE * SIDE)
    sections = np.stack([_marked(0.05, rng, scenery * sign) for sign in (1, -1, 1, -1, 1, -1)])
    sums = combined(sections, np.arange(6), CARRIERS)
    assert int((sums * signs_of(CODE) > 0).sum()) >= 120


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.booleans())
@settings(max_examples=15, deadline=None)
def test_turning_the_chips_of_a_bit_turns_its_sum_and_nothing_else(
    seed: int, sections: int, cuts: bool
) -> None:
    """This is what makes the p-value exact, whatever the pictures are."""
    rng = np.random.default_rng(seed)
    spectra = np.asarray(rng.normal(size=(sections, SIDE * SIDE)) ** 3, np.float32)
    shots = np.arange(sections) if cuts else np.zeros(sections, np.int64)
    turned = rng.choice(np.array([-1, 1], np.float32), CODE_BITS)
    other = Carriers(
        CARRIERS.payload,
        CARRIERS.pilot,
        CARRIERS.chips * turned[:, None],
        CARRIERS.pilot_chips,
    )
    here, there = (combined(spectra, shots, carriers) for carriers in (CARRIERS, other))
    assert np.allclose(there, here * turned, rtol=1e-4, atol=1e-4)


def test_signs_of_strangers_are_fair_coins() -> None:
    rng = np.random.default_rng(8)
    scenery = rng.normal(size=SIDE * SIDE)
    spectra = np.stack(
        [np.asarray(scenery + rng.normal(size=SIDE * SIDE), np.float32) for _ in range(4)]
    )
    sums = [
        combined(spectra, np.zeros(4, np.int64), Carriers.of(WatermarkKey("null", rng.bytes(32))))
        for _ in range(40)
    ]
    # Magnitudes are a little larger than a normal law's: the set of most energy is taken.
    coins = int((np.concatenate(sums) > 0).sum())
    assert stats.binomtest(coins, 40 * CODE_BITS).pvalue > 0.01


def test_weights_without_any_detail_are_finite() -> None:
    grey = Sight.of(np.zeros(SIDE * SIDE, np.float32), CARRIERS)
    weights = weights_of_sections(grey.pilot[None], grey.payload[None])
    assert np.isfinite(weights).all()
