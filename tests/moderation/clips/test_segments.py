"""Segments: where a run of high frames begins and ends, and that none is ever lost."""

from __future__ import annotations

import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from moderation.clips.results import FrameScores
from moderation.clips.segments import signals

FLOORS = {"violence": 0.5}


def _signals(scores: list[float], pts_ms: list[int], duration_ms: int):  # type: ignore[no-untyped-def]
    rows = tuple((score,) for score in scores)
    return signals(pts_ms, [FrameScores("m", ("violence",), rows)], FLOORS, duration_ms)


def test_a_run_reaches_halfway_to_its_neighbours() -> None:
    (found,) = _signals([0.1, 0.7, 0.9, 0.2], [0, 500, 1000, 1500], 2000)
    assert (found.span.start_ms, found.span.end_ms, found.span.peak_ms) == (250, 1250, 1000)
    assert (found.score, found.frame_count) == (0.9, 2)


def test_two_runs_are_two_signals() -> None:
    found = _signals([0.9, 0.1, 0.8], [0, 500, 1000], 1500)
    assert [(s.span.start_ms, s.span.end_ms) for s in found] == [(0, 250), (750, 1500)]


def test_nothing_high_still_says_what_the_highest_was() -> None:
    (found,) = _signals([0.1, 0.3, 0.2], [0, 500, 1000], 1500)
    assert (found.score, found.span.peak_ms, found.frame_count) == (0.3, 500, 1)


def test_a_score_that_is_no_number_does_not_look_harmless() -> None:
    found = _signals([0.1, math.nan, 0.1], [0, 500, 1000], 1500)
    assert any(math.isnan(signal.score) for signal in found)


def test_no_frames_no_signals() -> None:
    assert _signals([], [], 0) == ()


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=40),
    st.integers(min_value=1, max_value=1000),
)
def test_every_high_frame_lies_in_exactly_one_segment(scores: list[float], step: int) -> None:
    pts = [index * step for index in range(len(scores))]
    found = _signals(scores, pts, len(scores) * step)
    assert max(signal.score for signal in found) == max(scores)
    for index, score in enumerate(scores):
        holding = [s for s in found if s.span.start_ms <= pts[index] <= s.span.end_ms]
        if score >= 0.5:
            assert len(holding) == 1
    spans = sorted((s.span.start_ms, s.span.end_ms) for s in found)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
