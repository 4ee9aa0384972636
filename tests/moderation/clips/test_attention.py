"""Where a closer look goes: next to what is high, never without bound."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from media.closeup import Stretch
from moderation.clips.attention import MAX_FRAMES, STEP_MS, stretches
from moderation.clips.jobs import FrameScores

FLOORS = {"violence": 0.6}


def _places(scores: list[float], step_ms: int = 500) -> tuple[Stretch, ...]:
    rows = tuple((score,) for score in scores)
    times = [at * step_ms for at in range(len(scores))]
    return stretches(times, [FrameScores("m", ("violence",), rows)], FLOORS)


def test_both_sides_of_a_high_frame() -> None:
    assert _places([0.0, 0.9, 0.0]) == (Stretch(1, 499), Stretch(501, 999))


def test_from_half_of_what_has_consequences() -> None:
    assert _places([0.0, 0.29, 0.0]) == ()
    assert len(_places([0.0, 0.31, 0.0])) == 2


def test_nothing_is_learnt_inside_a_run() -> None:
    assert _places([0.9] * 6) == ()
    assert _places([0.0, 0.9, 0.9, 0.9]) == (Stretch(1, 499),)


def test_frames_that_are_close_enough_already() -> None:
    assert _places([0.0, 0.9, 0.0], step_ms=STEP_MS) == ()


def test_a_category_without_consequences_is_left_out() -> None:
    rows = FrameScores("m", ("political",), ((0.0,), (1.0,), (0.0,)))
    assert stretches([0, 500, 1000], [rows], FLOORS) == ()


def test_a_score_that_is_no_number_is_looked_at() -> None:
    assert len(_places([0.0, math.nan, 0.0])) == 2


def test_where_there_is_too_much_the_highest_come_first() -> None:
    scores = [0.0, 0.4] * 60 + [0.0, 0.99, 0.0]
    places = _places(scores)
    assert Stretch(60_001, 60_499) in places
    assert sum((each.end_ms - each.start_ms) // STEP_MS for each in places) <= MAX_FRAMES


@given(st.lists(st.floats(0, 1), max_size=60), st.integers(1, 2000))
def test_stretches_are_ordered_and_apart(scores: list[float], step_ms: int) -> None:
    places = _places(scores, step_ms)
    ends = [at for place in places for at in (place.start_ms, place.end_ms)]
    assert ends == sorted(ends)
    assert all(at % step_ms for at in ends)
