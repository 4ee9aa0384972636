"""Exact search: both indexes give what comparing all with all gives."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from provenance.fingerprint.index import FlatIndex, HashIndex, PopcountIndex, new_index
from provenance.fingerprint.pdq import distances
from tests.provenance.fingerprint.pictures import flipped, random_hashes


def flat() -> HashIndex:
    pytest.importorskip("faiss", reason="the package faiss-cpu is not installed")
    return FlatIndex()


@pytest.fixture(params=[flat, PopcountIndex])
def index(request: pytest.FixtureRequest) -> HashIndex:
    make: Callable[[], HashIndex] = request.param
    return make()


def test_it_finds_all_that_is_near_and_nothing_else(index: HashIndex) -> None:
    hashes = random_hashes(3000)
    near = np.concatenate([flipped(hashes[:5], bits) for bits in (0, 1, 31, 32, 80)])
    index.add(hashes[:1000])
    index.add(hashes[1000:])
    for radius in (0, 31, 100, 115):
        hits = index.search(near, radius)
        bits = distances(near[:, None], hashes[None])
        expected = {(q, r): bits[q, r] for q, r in np.argwhere(bits <= radius).tolist()}
        pairs = zip(hits.query.tolist(), hits.row.tolist(), strict=True)
        assert dict(zip(pairs, hits.distance.tolist(), strict=True)) == expected
        assert (np.diff(hits.query) >= 0).all()
    assert len(index) == 3000


def test_an_empty_index_finds_nothing(index: HashIndex) -> None:
    assert len(index.search(random_hashes(2), 256)) == 0
    index.add(random_hashes(0))
    assert len(index) == 0
    index.add(random_hashes(3))
    assert len(index.search(random_hashes(0), 256)) == 0
    assert len(index.search(random_hashes(1), 256)) == 3


@pytest.mark.parametrize(
    "wrong", [np.zeros((2, 31), np.uint8), np.zeros(32, np.uint8), np.zeros((1, 32), np.int64)]
)
def test_other_shapes_are_refused(index: HashIndex, wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"shape \(n, 32\)"):
        index.add(wrong)
    with pytest.raises(ValueError, match=r"shape \(n, 32\)"):
        index.search(wrong, 5)


def test_adding_beside_searching(index: HashIndex) -> None:
    hashes = random_hashes(4000)
    index.add(hashes[:10])

    def look(_: int) -> list[int]:
        return sorted(index.search(hashes[:10], 0).row.tolist())

    with ThreadPoolExecutor(4) as pool:
        seen = pool.map(look, range(40))
        for start in range(10, 4000, 100):
            index.add(hashes[start : start + 100])
        assert all(rows == list(range(10)) for rows in seen)
    assert len(index) == 4000


def test_one_can_be_had() -> None:
    assert len(new_index()) == 0
