"""The fixed prompts, and what is counted of a call."""

from __future__ import annotations

import os
import time

import pytest

from models.evaluation import cost


@pytest.mark.parametrize("harmful", [True, False])
def test_prompts_are_fixed_and_of_thirty_words(harmful: bool) -> None:
    prompts = cost.prompts(harmful=harmful)
    assert prompts == cost.prompts(harmful=harmful)
    assert len(set(prompts)) == len(prompts) == cost.PROMPTS
    assert {len(prompt.split()) for prompt in prompts} == {cost.WORDS}


def test_cost_is_cpu_time_of_the_call() -> None:
    def spin(_text: str) -> None:
        until = time.process_time() + 0.004
        while time.process_time() < until:
            pass

    numbers = list(cost.cost_numbers(spin, [("other", spin)]))
    medians = [one for one in numbers if one.measure == "cpu_ms_median"]
    assert [one.system for one in medians] == ["screening", "screening", "other"]
    assert all((one.value or 0) >= 4.0 for one in medians)
    ratio = next(one for one in numbers if one.measure == "cpu_ratio")
    assert ratio.system == "other"


def test_cores_are_given_back() -> None:
    before = os.sched_getaffinity(0)
    with pytest.raises(KeyError), cost.one_core():
        assert len(os.sched_getaffinity(0)) == 1
        raise KeyError
    assert os.sched_getaffinity(0) == before
