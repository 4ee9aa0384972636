"""How a path bends: what the statistics say of paths that are known, and what they do not see."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from provenance.detection.path import FRAMES, STATISTICS, path_statistics


def measured(states: np.ndarray) -> dict[str, float]:
    return dict(zip(STATISTICS, path_statistics(states).tolist(), strict=True))


def along(points: list[complex], offset: float = 10.0) -> np.ndarray:
    """A path in a plane that lies away from the origin."""
    return np.array([[offset, each.real, each.imag] for each in points])


def test_there_are_as_many_as_names() -> None:
    assert len(STATISTICS) == len(set(STATISTICS)) == 21
    assert path_statistics(np.eye(FRAMES)).shape == (21,)


def test_a_straight_path_does_not_turn() -> None:
    found = measured(along([complex(step) for step in range(FRAMES)]))
    for name in ("angle_mean", "angle_most", "angle_apart", "angle_wide", "unevenness_most"):
        assert found[name] == pytest.approx(0, abs=1e-2)
    assert found["straight"] == pytest.approx(1, abs=1e-4)
    assert found["straight_halves"] == pytest.approx(1, abs=1e-4)
    assert found["step_deviation"] == pytest.approx(0, abs=1e-4)
    assert found["second_mean"] < -5
    assert found["step_wide"] - found["step_mean"] == pytest.approx(math.log(2), abs=1e-4)


def test_a_square_turns_by_right_angles_and_comes_home() -> None:
    found = measured(along([0, 1, 1 + 1j, 1j, 0]))
    assert found["angle_mean"] == pytest.approx(math.pi / 2, abs=1e-3)
    assert found["angle_deviation"] == pytest.approx(0, abs=1e-3)
    assert found["angle_apart"] == pytest.approx(math.pi, abs=1e-2)
    assert found["straight"] == pytest.approx(0, abs=1e-4)
    assert found["straight_halves"] == pytest.approx(math.sqrt(2) / 2, abs=1e-4)
    assert found["angle_wide"] == pytest.approx(math.pi, abs=1e-2)


def test_uneven_steps_are_seen() -> None:
    found = measured(along([0, 1, 3, 4, 6]))
    assert found["unevenness_mean"] == pytest.approx(math.log(2), abs=1e-3)
    assert found["step_most"] - found["step_least"] == pytest.approx(math.log(2), abs=1e-3)
    assert found["angle_most"] == pytest.approx(0, abs=1e-2)


def test_there_and_back_is_a_half_turn() -> None:
    found = measured(along([0, 1, 0, 1, 0]))
    assert found["angle_least"] == pytest.approx(math.pi, abs=1e-2)
    assert found["second_most"] == pytest.approx(0, abs=1e-3)


STATES = arrays.arrays(
    np.float64, st.tuples(st.just(FRAMES), st.integers(1, 12)), elements=st.floats(-1e3, 1e3)
)


@given(STATES)
def test_any_path_gives_numbers(states: np.ndarray) -> None:
    found = measured(states)
    assert all(map(math.isfinite, found.values()))
    assert all(0 <= found[name] <= math.pi for name in found if name.startswith("angle_m"))
    assert 0 <= found["straight"] <= 1 + 1e-9
    assert found["step_least"] <= found["step_mean"] <= found["step_most"] + 1e-9


@given(st.integers(0, 2**31), st.floats(1e-2, 1e2))
def test_neither_scale_nor_orientation_of_the_space_matters(seed: int, scale: float) -> None:
    chance = np.random.default_rng(seed)
    states = chance.normal(size=(FRAMES, 6)) + 3
    turn, _ = np.linalg.qr(chance.normal(size=(6, 6)))
    assert path_statistics(states @ turn * scale) == pytest.approx(
        path_statistics(states), rel=1e-3, abs=1e-3
    )


@pytest.mark.parametrize("shape", [(FRAMES - 1, 4), (FRAMES + 1, 4), (FRAMES,), (FRAMES, 0)])
def test_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape"):
        path_statistics(np.zeros(shape))
