"""What is read from pictures that carry no mark: fair coins, whatever the picture."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from media.frames import Frame
from media.probe import probe
from provenance.watermark.codes import CodeBook
from provenance.watermark.detection import detect
from provenance.watermark.keys import WatermarkKey
from provenance.watermark.pooling import Pooled, frames_of, pool
from provenance.watermark.reading import read
from provenance.watermark.significance import binomial_tail, weighted_tail, weights_of
from tests.clips import make_clip
from tests.provenance.watermark.marking import (
    CODE,
    KEY,
    scene,
)


@pytest.fixture(scope="module")
def unmarked(tmp_path_factory: pytest.TempPathFactory) -> Pooled:
    path = tmp_path_factory.mktemp("null") / "plain.mp4"
    make_clip(path, pictures=scene(1, 12), options={"crf": "10"})
    return pool(frames_of(path, probe(path)))


def test_null_is_the_binomial(unmarked: Pooled) -> None:
    """Random keys on unmarked clips: the proof says Binomial(128, 1/2) for any picture whatever."""
    moving = pool(Frame(i, 40 * i, rgb, False) for i, rgb in enumerate(scene(8, 6)))
    edge = np.zeros((144, 256, 3), np.uint8)
    edge[40:, 90:] = 255
    drawn = pool([Frame(0, 0, edge, False)])
    rng = np.random.default_rng(11)
    counts, tails = [], []
    for index in range(360):
        key = WatermarkKey("null", rng.bytes(32))
        sums = read((unmarked, moving, drawn)[index % 3], [key], search=False)[0].sums
        agreeing = int((np.where(sums < 0, -1, 1) > 0).sum())
        weights = weights_of(sums)
        score = int(np.where(sums < 0, -weights, weights).sum())
        counts.append(agreeing)
        tails.append(weighted_tail(weights, score))
    # Ties are broken by a draw, which makes the transform of a discrete law uniform.
    spread = [
        binomial_tail(bits, 128) - rng.random() * float(stats.binom.pmf(bits, 128, 0.5))
        for bits in counts
    ]
    assert stats.kstest(spread, "uniform").pvalue > 0.01
    assert stats.kstest(tails, "uniform").pvalue > 0.01
    assert min(tails) > 1e-6


def test_nothing_agrees_with_a_picture_without_detail() -> None:
    grey = np.full((144, 256, 3), 90, np.uint8)
    everything = CodeBook.of(KEY, bytes(16), b"\xff" * 16, CODE)
    detection = detect([Frame(0, 0, grey, False)], [everything], search=False)
    assert detection is not None
    assert not detection.found
    assert detection.p_value > 0.01


def test_null_holds_after_the_search_for_a_geometry(unmarked: Pooled) -> None:
    rng = np.random.default_rng(12)
    coins = 0
    for _ in range(4):
        sums = read(unmarked, [WatermarkKey("null", rng.bytes(32))])[0].sums
        coins += int((sums > 0).sum())
    # All bits of all keys are fair coins of their own.
    assert stats.binomtest(coins, 4 * 128).pvalue > 0.01
