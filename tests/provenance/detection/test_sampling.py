"""Which pictures the detector sees, whatever the clip's rate, length, size and shape."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import Cancelled
from media.probe import probe
from provenance.detection.sampling import (
    FRAMES,
    MARGIN,
    MAX_BURSTS,
    STEP_MS,
    burst_starts,
    bursts,
    middle,
)
from tests.clips import make_clip


def numbered(count: int, fps: int, size: tuple[int, int] = (160, 120)) -> list[np.ndarray]:
    """Grey pictures whose brightness tells their time: 40 levels a second."""
    width, height = size
    return [
        np.full((height, width, 3), round(index * 40 / fps), np.uint8) for index in range(count)
    ]


@given(st.integers(0, 700_000))
def test_bursts_lie_inside_the_clip_and_are_few(span_ms: int) -> None:
    starts = burst_starts(span_ms)
    assert 1 <= len(starts) <= MAX_BURSTS
    assert starts == sorted(set(starts))
    assert starts[0] >= 0
    whole = STEP_MS * (FRAMES - 1)
    assert span_ms < whole or starts[-1] + whole <= span_ms


@pytest.mark.parametrize("fps", [6, 8, 10, 24, 25, 30])
def test_frames_are_half_a_second_apart_at_every_rate(tmp_path: Path, fps: int) -> None:
    path = make_clip(tmp_path / "a.mp4", fps=fps, pictures=numbered(4 * fps, fps),
                     options={"crf": "1"})  # fmt: skip
    found = bursts(path, probe(path))
    for burst in found:
        levels = [float(image.mean()) for image in burst.images]
        assert levels[0] == pytest.approx(burst.start_ms * 40 / 1000, abs=5)
        assert np.diff(levels) == pytest.approx([20, 20], abs=3)


def test_a_clip_of_one_picture_gives_one_burst(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", pictures=numbered(1, 24))
    (burst,) = bursts(path, probe(path))
    assert len(burst.images) == FRAMES
    assert all(np.array_equal(image, burst.images[0]) for image in burst.images)


@pytest.mark.parametrize("size", [(320, 180), (180, 320), (200, 200), (1920, 1080)])
def test_pictures_are_squares_without_margins(tmp_path: Path, size: tuple[int, int]) -> None:
    path = make_clip(tmp_path / "a.mp4", seconds=1, fps=6, size=size)
    (burst,) = bursts(path, probe(path))
    height, width, channels = burst.images[0].shape
    assert (height, channels) == (width, 3)
    assert height <= 480 * (1 - 2 * MARGIN) + 1


def test_marks_in_the_corners_are_not_seen() -> None:
    plain = np.full((200, 356, 3), 90, np.uint8)
    marked = plain.copy()
    marked[180:, 300:] = 255
    marked[:20, :150] = 0
    assert np.array_equal(middle(plain), middle(marked))


def test_sampling_stops_when_asked(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4")
    with pytest.raises(Cancelled):
        bursts(path, probe(path), should_stop=lambda: True)
