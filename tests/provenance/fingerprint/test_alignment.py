"""Hits in step make a match; hits at random do not."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.fingerprint.alignment import Pairs, align, evidence


def pairs(rows: list[tuple[int, int, int, int]], *, stretch: int = 0, end: int = 0) -> Pairs:
    """(frame, time in the query, time in the original, distance) of each hit."""
    frame, query, original, distance = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Pairs(frame, query, query + stretch, original, original + end, distance)


def test_frames_in_step_are_a_match() -> None:
    span = align(pairs([(0, 0, 3000, 70), (1, 500, 3500, 70), (2, 1000, 4100, 64)]))
    assert span is not None
    assert (span.query_start_ms, span.query_end_ms, span.matched_ms) == (0, 1000, 1000)
    assert abs(span.start_ms - 3000) <= 50
    assert span.end_ms - span.start_ms == 1000
    assert (span.frames, span.distance) == (3, 70)
    assert span.evidence == pytest.approx(4 + 4 + 6.76)


def test_frames_out_of_step_are_none() -> None:
    assert align(pairs([(0, 0, 9000, 70), (1, 500, 3500, 70), (2, 1000, 0, 69)])) is None


def test_many_frames_that_are_all_far_are_none() -> None:
    """Neighbouring frames look alike: thirty of them at 75 bits are no thirty witnesses."""
    far = [(frame, frame * 500, frame * 500, 75) for frame in range(30)]
    assert align(pairs(far)) is None
    assert align(pairs([*far[:-1], (29, 14_500, 14_500, 70)])) is not None


def test_one_frame_counts_once() -> None:
    """Many crops of one frame are no more evidence than the nearest of them."""
    assert align(pairs([(0, 0, 1000, 70)] * 20)) is None


@pytest.mark.parametrize(("distance", "found"), [(31, True), (67, True), (68, False), (200, False)])
def test_one_frame_alone_must_be_near(distance: int, found: bool) -> None:
    assert (align(pairs([(0, 0, 5000, distance)])) is not None) is found


def test_the_better_stretch_wins() -> None:
    first = [(frame, frame * 500, frame * 500 + 20_000, 40) for frame in range(3)]
    second = [(frame, frame * 500, frame * 500 + 7_000, 10) for frame in range(3)]
    span = align(pairs([*first, *second]))
    assert span is not None
    assert (span.start_ms, span.distance) == (7_000, 10)


def test_a_stretch_without_change_fits_inside_a_longer_one() -> None:
    span = align(pairs([(0, 0, 10_000, 4)], stretch=2_000, end=8_000))
    assert span is not None
    assert span.matched_ms == 2_000
    assert 10_000 <= span.start_ms <= 16_000


def test_nothing_gives_nothing() -> None:
    assert align(pairs([])) is None


def test_evidence_falls_to_nothing() -> None:
    values = evidence(np.arange(257))
    assert (np.diff(values) <= 0).all()
    assert values[60] == 9
    assert not values[90:].any()


@given(
    st.lists(
        st.tuples(
            st.integers(0, 9),
            st.integers(0, 60_000),
            st.integers(0, 600_000),
            st.integers(0, 80),
        ),
        max_size=40,
    ),
    st.integers(0, 3000),
)
def test_any_hits_are_borne(rows: list[tuple[int, int, int, int]], stretch: int) -> None:
    span = align(pairs(rows, stretch=stretch))
    if span is None:
        return
    assert 0 <= span.query_start_ms <= span.query_end_ms <= 63_000
    assert 0 <= span.start_ms <= span.end_ms
    assert 1 <= span.frames <= 10
    assert span.evidence >= 5
    assert span.distance <= 256


def test_some_hits_tell_how_far_the_stretches_lie_apart() -> None:
    """As where crops are registered of the first frame alone, and the copy is cropped."""
    whole = [(0, 0, 0, 44), (1, 500, 500, 50), (2, 1000, 1000, 56)]
    telling = np.array([True, False, False, False])
    found = pairs([(0, 0, 0, 12), *whole])
    plain, told = align(found), align(found, telling=telling)
    assert plain is not None
    assert told is not None
    assert (plain.distance, told.distance) == (50, 12)
    assert dataclasses.replace(told, distance=50) == plain
    # A hit that is out of step tells nothing.
    late = align(pairs([(3, 1500, 9000, 60), *whole]), telling=telling)
    assert late is not None
    assert late.distance == 50
