"""Tests of the network that the detection benchmark compares, on crops made up here."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from benchmarks.detection.residual_network import (
    SIDE,
    Crops,
    ResidualNetwork,
    Trained,
    cut,
    train,
)
from provenance.detection.training.measures import auc

COUNT = 40


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def noisy(chance: np.random.Generator, *, planted: bool) -> Crops:
    """Two crops of a row: noise, and for the planted kind a faint checkerboard on top."""
    base = 128 + chance.normal(0, 3, (2, 2, SIDE, SIDE))
    board = (np.indices((SIDE, SIDE)).sum(axis=0) % 2) * 2.0 - 1
    return np.asarray(np.clip(base + 2 * planted * board, 0, 255), np.uint8)


def examples(seed: int) -> tuple[list[Crops], NDArray[np.bool_]]:
    """Rows of both kinds, by turns."""
    chance = np.random.default_rng(seed)
    fake = np.arange(COUNT) % 2 == 0
    return [noisy(chance, planted=bool(each)) for each in fake], fake


def trained(steps: int, *, shuffled: bool = False, seed: int = 0) -> Trained:
    rows, fake = examples(1)
    if shuffled:
        fake = np.arange(COUNT) % 4 < 2
    return train(rows, fake, np.ones(COUNT), stops=(steps,), seed=seed)


def test_it_gives_a_log_odds_a_crop_of_any_size() -> None:
    network = ResidualNetwork().eval()
    for side in (SIDE, 96):
        found = network(torch.zeros((3, 2, side, side), dtype=torch.uint8))
        assert found.shape == (3,)
    assert 1e5 < sum(each.numel() for each in network.parameters()) < 3e5


def test_what_is_flat_or_a_ramp_leaves_no_residual() -> None:
    network = ResidualNetwork().eval()
    ramp = torch.arange(SIDE).expand(1, 2, SIDE, SIDE) * 2
    flat = torch.full((1, 2, SIDE, SIDE), 90)
    assert torch.equal(network(ramp), network(flat))


def test_it_learns_a_planted_residual_and_nothing_from_chance() -> None:
    rows, fake = examples(2)
    assert auc(trained(12).score(rows, 12), fake) > 0.95
    assert 0.1 < auc(trained(12, shuffled=True).score(rows, 12), fake) < 0.9


def test_a_seed_gives_the_same_network_and_leaves_the_callers_chance_alone() -> None:
    rows, _ = examples(3)
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    once, again = (trained(2).score(rows[:4], 2) for _ in range(2))
    assert np.array_equal(once, again)
    assert torch.equal(before, torch.random.get_rng_state())
    assert not np.array_equal(once, trained(2, seed=1).score(rows[:4], 2))


def test_crops_are_where_the_texture_is_and_hold_both_times() -> None:
    chance = np.random.default_rng(4)
    first = np.full((160, 200), 100, np.uint8)
    first[80:144, 120:184] = chance.integers(80, 120, (SIDE, SIDE))
    later = first + np.uint8(7)
    found = cut(first, later, 2)
    assert found.shape == (2, 2, SIDE, SIDE)
    assert np.array_equal(found[0, 0], first[80:144, 120:184])
    assert np.array_equal(found[:, 1], found[:, 0] + np.uint8(7))
    assert not np.array_equal(found[0], found[1])


@pytest.mark.parametrize("shape", [(SIDE, SIDE), (73, 73), (50, 60)])
def test_small_planes_give_as_many_crops(shape: tuple[int, int]) -> None:
    plane = np.random.default_rng(5).integers(0, 255, shape, np.uint8)
    assert cut(plane, plane, 3).shape == (3, 2, SIDE, SIDE)
