"""Where a closer look goes: next to what is high, never without bound, and who looks again."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from media.closeup import Stretch
from media.frames import Frame, Passed
from moderation.clips.attention import DENSE_MS, DOUBT_SHARE, MAX_FRAMES, STEP_MS, Attention, Place
from moderation.clips.results import FrameScores

FLOORS = {"violence": 0.6}
PICTURE = np.zeros((2, 3, 3), np.uint8)
LOW, UNSURE, HIGH = 0.0, 0.61 * DOUBT_SHARE, 0.9


def _frames(times: list[int], *, passed_step_ms: int = 0) -> list[Frame]:
    frames = []
    for index, at_ms in enumerate(times):
        between = (
            range(times[index - 1] + passed_step_ms, at_ms, passed_step_ms)
            if passed_step_ms and index
            else ()
        )
        passed = tuple(Passed(each, lambda: PICTURE) for each in between)
        frames.append(Frame(index, at_ms, PICTURE, scene_cut=False, passed=passed))
    return frames


def _rows(scores: list[float], source: str = "m", category: str = "violence") -> FrameScores:
    return FrameScores(source, (category,), tuple((score,) for score in scores))


def _places(scores: list[float], step_ms: int = 500, **options: int) -> tuple[Place, ...]:
    attention = Attention(FLOORS)
    frames = _frames([at * step_ms for at in range(len(scores))], **options)
    # In two parts: what is chosen does not depend on how frames come in.
    half = len(frames) // 2
    attention.see(frames[:half], [_rows(scores[:half])])
    attention.see(frames[half:], [_rows(scores[half:])])
    return attention.places


def _stretches(scores: list[float], step_ms: int = 500) -> list[Stretch]:
    return [place.stretch for place in _places(scores, step_ms)]


def test_both_sides_of_a_high_frame() -> None:
    assert _stretches([LOW, HIGH, LOW]) == [Stretch(1, 499), Stretch(501, 999)]


def test_from_a_share_of_what_has_consequences() -> None:
    assert _stretches([LOW, 0.59 * DOUBT_SHARE, LOW]) == []
    assert len(_stretches([LOW, UNSURE, LOW])) == 2


def test_nothing_is_learnt_inside_a_run() -> None:
    assert _stretches([HIGH] * 6) == []
    assert _stretches([LOW, HIGH, HIGH, HIGH]) == [Stretch(1, 499)]


def test_frames_that_are_close_enough_already() -> None:
    assert _stretches([LOW, HIGH, LOW], step_ms=STEP_MS) == []


def test_a_category_without_consequences_is_left_out() -> None:
    attention = Attention(FLOORS)
    attention.see(_frames([0, 500, 1000]), [_rows([0.0, 1.0, 0.0], category="political")])
    assert attention.places == ()


def test_a_score_that_is_no_number_is_looked_at() -> None:
    assert len(_stretches([LOW, math.nan, LOW])) == 2


def test_where_there_is_too_much_the_highest_come_first() -> None:
    scores = [LOW, UNSURE] * 60 + [LOW, 0.99, LOW]
    places = _stretches(scores)
    assert Stretch(60_001, 60_499) in places
    assert sum((each.end_ms - each.start_ms) // STEP_MS for each in places) <= MAX_FRAMES


def test_only_the_models_that_see_an_edge_look_again() -> None:
    attention = Attention(FLOORS)
    attention.see(
        _frames([0, 500, 1000]),
        [_rows([LOW, HIGH, HIGH], "one"), _rows([LOW, LOW, HIGH], "two")],
    )
    assert [place.sources for place in attention.places] == [{"one"}, {"two"}]


def test_pictures_that_were_decoded_on_the_way_serve_where_they_are_dense_enough() -> None:
    (dense, _) = _places([LOW, HIGH, LOW], 400, passed_step_ms=DENSE_MS)
    assert [frame.pts_ms for frame in dense.frames] == [DENSE_MS]
    assert all(frame.image is PICTURE for frame in dense.frames)
    (sparse, _) = _places([LOW, HIGH, LOW], 500, passed_step_ms=DENSE_MS + 1)
    assert sparse.frames == ()


def test_time_stamps_that_run_backwards_have_no_between() -> None:
    attention = Attention(FLOORS)
    attention.see(_frames([0, 900, 500]), [_rows([LOW, HIGH, LOW])])
    assert attention.places == ()


@given(st.lists(st.floats(0, 1), max_size=60), st.integers(1, 2000), st.integers(0, 300))
def test_places_are_ordered_apart_and_bounded(
    scores: list[float], step_ms: int, passed_step_ms: int
) -> None:
    places = _places(scores, step_ms, passed_step_ms=passed_step_ms)
    ends = [at for each in places for at in (each.stretch.start_ms, each.stretch.end_ms)]
    assert ends == sorted(ends)
    assert all(at % step_ms for at in ends)
    assert all(frame.pts_ms in each.stretch for each in places for frame in each.frames)
    costs = [len(each.frames) or step_ms // STEP_MS for each in places]
    assert len(places) < 2 or sum(costs) <= MAX_FRAMES
