"""Admission counts work, refuses what would wait too long, and forgets what has left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.admission import (
    Admission,
    DeadlineTooShort,
    Overloaded,
    explanation_ms,
    prompt_ms,
)


def test_an_idle_lane_takes_any_work() -> None:
    lane = Admission("clip", limit_ms=100, workers=1)
    with lane.admit(10_000):
        assert lane.waiting_ms == 10_000
    assert lane.waiting_ms == 0


def test_a_full_lane_refuses_and_says_when_to_come_back() -> None:
    lane = Admission("clip", limit_ms=1000, workers=1)
    with lane.admit(900), pytest.raises(Overloaded) as refused, lane.admit(900):
        pass
    assert refused.value.retry_after_ms == 800
    assert refused.value.field == "clip"
    assert refused.value.limit == 1000


def test_more_workers_carry_more() -> None:
    lane = Admission("clip", limit_ms=1000, workers=2)
    with lane.admit(900), lane.admit(500):
        assert lane.waiting_ms == 700


def test_work_that_would_begin_after_the_deadline_is_refused() -> None:
    lane = Admission("prompt", limit_ms=10_000, workers=1)
    with lane.admit(500), pytest.raises(DeadlineTooShort), lane.admit(10, remaining_ms=400):
        pass


def test_a_failure_inside_gives_the_place_back() -> None:
    lane = Admission("prompt", limit_ms=100, workers=1)
    with pytest.raises(ZeroDivisionError), lane.admit(50):
        raise ZeroDivisionError
    assert lane.waiting_ms == 0


def test_work_that_belongs_to_what_was_admitted_counts_and_is_never_refused() -> None:
    lane = Admission("prompt", limit_ms=100, workers=1)
    with lane.admit(90):
        with lane.hold(500):
            assert lane.waiting_ms == 590
            with pytest.raises(Overloaded), lane.admit(1):
                pass
        assert lane.waiting_ms == 90
    assert lane.waiting_ms == 0


def test_an_explanation_costs_about_the_same_however_long_the_text() -> None:
    assert explanation_ms(400) < explanation_ms(8000) < explanation_ms(400) + 3 * prompt_ms(8000)


@given(st.lists(st.floats(min_value=1, max_value=5000), max_size=30))
def test_what_waits_never_passes_the_limit_by_more_than_the_first(estimates: list[float]) -> None:
    lane = Admission("clip", limit_ms=2000, workers=1)
    held = []
    for estimate in estimates:
        place = lane.admit(estimate)
        try:
            place.__enter__()
        except Overloaded:
            continue
        held.append((place, estimate))
        first = held[0][1]
        assert lane.waiting_ms <= max(2000, first) + 1e-6
    for place, _ in held:
        place.__exit__(None, None, None)
    assert lane.waiting_ms == pytest.approx(0, abs=1e-6)
