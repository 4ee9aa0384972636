"""Search by chunks finds what a comparison with every hash finds, no more and no less."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.fingerprint.index import PopcountIndex
from provenance.fingerprint.multi_index import MAX_RADIUS, MultiIndex
from tests.provenance.fingerprint.pictures import random_hashes

ROWS = 20_000


def near(hashes: np.ndarray, bits: int, seed: int) -> np.ndarray:
    """The hashes with so many bits turned over, spread by chance."""
    chance = np.random.default_rng(seed)
    masks = np.zeros((len(hashes), 256), dtype=np.uint8)
    for mask in masks:
        mask[chance.permutation(256)[:bits]] = 1
    return np.asarray(hashes ^ np.packbits(masks, axis=1))


def check(hashes: np.ndarray, queries: np.ndarray, radius: int = MAX_RADIUS) -> int:
    plain = PopcountIndex()
    plain.add(hashes)
    wanted, found = plain.search(queries, radius), MultiIndex(hashes).search(queries, radius)
    for name in ("query", "row", "distance"):
        assert getattr(found, name).tolist() == getattr(wanted, name).tolist()
    return len(found)


@pytest.fixture(scope="module")
def hashes() -> np.ndarray:
    return random_hashes(ROWS, 1)


@settings(max_examples=12, deadline=None)
@given(bits=st.integers(0, 40), radius=st.integers(0, MAX_RADIUS), seed=st.integers(0, 999))
def test_it_finds_what_a_scan_finds(hashes: np.ndarray, bits: int, radius: int, seed: int) -> None:
    queries = near(hashes[seed : seed + 8], bits, seed)
    assert check(hashes, queries, radius) == (8 if bits <= radius else 0)


def test_two_bits_in_each_chunk_but_one_are_found(hashes: np.ndarray) -> None:
    """The worst that 31 bits can do: no chunk is as it was, and one alone differs by one bit."""
    mask = np.zeros((16, 16), dtype=np.uint8)
    mask[:, :2] = 1
    mask[7, 1] = 0
    query = hashes[5:6] ^ np.packbits(mask)
    assert check(hashes, query) == 1
    mask[7, 1] = 1
    assert check(hashes, hashes[5:6] ^ np.packbits(mask)) == 0


def test_hashes_that_share_their_chunks_are_compared_in_order() -> None:
    alike = near(np.repeat(random_hashes(1), 6_000, axis=0), 3, 2)
    assert check(alike, alike[:2]) == 12_000


@pytest.mark.parametrize("count", [0, 1, 300])
def test_few_hashes(count: int) -> None:
    few = random_hashes(count, 3)
    assert check(few, few) == count
    assert len(MultiIndex(few)) == count
    assert len(MultiIndex(few).search(random_hashes(0), 31)) == 0


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(ValueError, match="radius must be 0 to 31"):
        MultiIndex(random_hashes(1)).search(random_hashes(1), 32)
    with pytest.raises(ValueError, match="uint8"):
        MultiIndex(np.zeros((1, 31), np.uint8))
