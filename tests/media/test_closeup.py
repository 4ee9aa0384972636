"""The closer look gives the pictures of a stretch, as a full decoding would, and no more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media.closeup import Stretch, look_closer
from media.errors import Cancelled
from media.probe import probe
from media.sampler import plan, sample

KINDS = ["gop1s", "gop250", "no_b", "hevc", "vp8", "vp9", "h264_mkv", "mpeg4_avi", "gif"]


@pytest.mark.parametrize("name", KINDS)
def test_gives_each_picture_of_a_stretch(clips: dict[str, Path], name: str) -> None:
    info = probe(clips[name])
    stretch = Stretch(900, 1400)
    frames = list(look_closer(clips[name], info, [stretch], step_ms=1))
    wanted = np.unique(info.packets.pts_ms)
    wanted = wanted[(wanted >= 900) & (wanted <= 1400)]
    assert [frame.pts_ms for frame in frames] == wanted.tolist()
    assert [frame.index for frame in frames] == list(range(len(frames)))


@pytest.mark.parametrize("name", ["gop1s", "gop250", "vp9", "hevc"])
def test_the_pictures_are_those_of_the_first_pass(clips: dict[str, Path], name: str) -> None:
    info = probe(clips[name])
    first = {
        frame.pts_ms: frame.image
        for frame in sample(clips[name], info, plan(info, min_fps=120, every_frame=True))
    }
    close = list(look_closer(clips[name], info, [Stretch(700, 1200)], step_ms=1))
    assert close
    for frame in close:
        assert np.array_equal(frame.image, first[frame.pts_ms])


def test_keeps_the_step_and_joins_stretches(clips: dict[str, Path]) -> None:
    info = probe(clips["gop250"])
    places = [Stretch(2000, 2500), Stretch(300, 800)]
    times = [frame.pts_ms for frame in look_closer(clips["gop250"], info, places, step_ms=100)]
    assert times == sorted(times)
    assert np.diff(times).min() >= 100
    assert all(300 <= at <= 800 or 2000 <= at <= 2500 for at in times)
    assert {at < 1000 for at in times} == {True, False}


def test_nothing_to_look_at(clips: dict[str, Path]) -> None:
    info = probe(clips["gop1s"])
    assert list(look_closer(clips["gop1s"], info, [], step_ms=1)) == []
    assert list(look_closer(clips["gop1s"], info, [Stretch(99_000, 99_500)], step_ms=1)) == []
    assert list(look_closer(clips["gop1s"], info, [Stretch(1, 2)], step_ms=1)) == []


def test_decodes_only_the_groups_that_it_needs(clips: dict[str, Path]) -> None:
    info = probe(clips["gop1s"])
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return False

    list(look_closer(clips["gop1s"], info, [Stretch(100, 300)], step_ms=1, should_stop=should_stop))
    assert asked < info.frame_count / 2


def test_stops_when_told(clips: dict[str, Path]) -> None:
    info = probe(clips["gop1s"])
    frames = look_closer(
        clips["gop1s"], info, [Stretch(0, 900)], step_ms=1, should_stop=lambda: True
    )
    with pytest.raises(Cancelled):
        list(frames)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    places=st.lists(
        st.tuples(st.integers(0, 4000), st.integers(0, 700)).map(
            lambda pair: Stretch(pair[0], pair[0] + pair[1])
        ),
        max_size=4,
    ),
    step_ms=st.integers(1, 300),
)
def test_never_gives_anything_outside(
    clips: dict[str, Path], places: list[Stretch], step_ms: int
) -> None:
    info = probe(clips["gop250"])
    frames = list(look_closer(clips["gop250"], info, places, step_ms=step_ms))
    times = [frame.pts_ms for frame in frames]
    assert all(any(at in place for place in places) for at in times)
    assert len(times) < 2 or np.diff(times).min() >= step_ms
