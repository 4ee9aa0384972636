"""Which pictures a larger network sees, whatever the clip's rate and length."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import Cancelled
from media.probe import probe
from provenance.detection.path import FRAMES
from provenance.detection.sampling import STEP_MS, middle
from provenance.detection.stretches import LENGTH_MS, MAX_STRETCHES, stretch_starts, walk
from tests.clips import make_clip
from tests.provenance.detection.test_sampling import numbered


@given(st.integers(0, 700_000))
def test_stretches_lie_inside_the_clip_and_are_few(span_ms: int) -> None:
    starts = stretch_starts(span_ms)
    assert 1 <= len(starts) <= MAX_STRETCHES
    assert starts == sorted(set(starts))
    assert starts[0] >= 0
    assert span_ms + 1 < LENGTH_MS or STEP_MS * starts[-1] + LENGTH_MS <= span_ms + 1


def test_they_are_spread_over_the_whole_length() -> None:
    assert stretch_starts(LENGTH_MS) == [0]
    assert stretch_starts(4_000) == [0, 2, 4]
    assert stretch_starts(60_000)[-1] * STEP_MS + LENGTH_MS == 60_000


@pytest.mark.parametrize("fps", [6, 8, 10, 24, 25, 30])
def test_frames_are_half_a_second_apart_at_every_rate(tmp_path: Path, fps: int) -> None:
    path = make_clip(tmp_path / "a.mp4", fps=fps, pictures=numbered(4 * fps + 1, fps),
                     options={"crf": "1"})  # fmt: skip
    found = walk(path, probe(path))
    assert len(found.stretches) == 3
    assert len(found.images) == 9, "stretches share frames"
    for start_ms, places in zip(found.starts_ms, found.stretches, strict=True):
        levels = [float(found.images[place].mean()) for place in places]
        assert levels[0] == pytest.approx(start_ms * 40 / 1000, abs=5)
        assert np.diff(levels) == pytest.approx([20] * (FRAMES - 1), abs=3)


def test_only_the_middle_square_is_seen(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", seconds=3, size=(320, 180))
    found = walk(path, probe(path))
    assert {image.shape for image in found.images} == {
        middle(np.zeros((180, 320, 3), np.uint8)).shape
    }


def test_a_short_clip_gives_one_stretch(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", pictures=numbered(1, 24))
    found = walk(path, probe(path))
    assert found.stretches == ((0,) * FRAMES,)


def test_it_stops_when_asked(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", seconds=3)
    with pytest.raises(Cancelled):
        walk(path, probe(path), lambda: True)
