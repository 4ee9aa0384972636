"""Exact search of hashes by Hamming distance.

Two indexes behind one face: FAISS's flat binary index, and the same in NumPy for machines where
FAISS is not installed. Both compare a query with every hash, so neither misses one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint.pdq import HASH_BITS, HASH_BYTES

_BLOCK: Final = 1 << 16
"""Hashes that are compared at once in NumPy: 2 MiB, which stays in the cache of a core."""


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Pairs of a query and a row of the index that are near enough.

    Attributes:
        query: (n,) int64, place among the queries, ascending.
        row: (n,) int64, row of the index, counted from 0 in order of adding.
        distance: (n,) int32, bits that differ.
    """

    query: NDArray[np.int64]
    row: NDArray[np.int64]
    distance: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.row)


class HashIndex(Protocol):
    """Hashes that can be searched. Thread-safe."""

    def __len__(self) -> int:
        """Return how many hashes it holds."""

    def add(self, hashes: NDArray[np.uint8]) -> None:
        """Append hashes, (n, 32) uint8."""

    def search(self, queries: NDArray[np.uint8], radius: int) -> Hits:
        """Find every pair of a query (m, 32) and a row that differ in at most `radius` bits."""


class FlatIndex:
    """The index of FAISS: `IndexBinaryFlat`, searched by range.

    Raises:
        ImportError: The package `faiss-cpu` is not installed.
    """

    def __init__(self) -> None:
        import faiss  # noqa: PLC0415 - large, and wanted only by who builds a registry

        self._index: Any = faiss.IndexBinaryFlat(HASH_BITS)
        # FAISS allows searches beside each other, but none beside an addition.
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, hashes: NDArray[np.uint8]) -> None:
        """Append hashes, (n, 32) uint8."""
        with self._lock:
            self._index.add(_checked(hashes))

    def search(self, queries: NDArray[np.uint8], radius: int) -> Hits:
        """Find every pair of a query (m, 32) and a row that differ in at most `radius` bits."""
        wanted = _checked(queries)
        if not len(wanted) or not len(self):
            return _none()
        with self._lock:
            # FAISS wants a bound that is not reached.
            limits, distance, row = self._index.range_search(wanted, radius + 1)
        bounds = np.asarray(limits, dtype=np.int64)
        counts: NDArray[np.int64] = bounds[1:] - bounds[:-1]
        query = np.repeat(np.arange(len(wanted), dtype=np.int64), counts)
        return Hits(query, np.asarray(row, np.int64), np.asarray(distance, np.int32))


class PopcountIndex:
    """The same in NumPy, by exclusive or and the count of set bits."""

    def __init__(self) -> None:
        self._words = np.zeros((0, HASH_BYTES // 8), dtype=np.uint64)
        self._count = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return self._count

    def add(self, hashes: NDArray[np.uint8]) -> None:
        """Append hashes, (n, 32) uint8."""
        words = _checked(hashes).view(np.uint64)
        with self._lock:
            count = self._count + len(words)
            if count > len(self._words):
                # A search beside this keeps the old array, which nobody writes to any more.
                grown = np.zeros((max(count, 2 * len(self._words)), words.shape[1]), np.uint64)
                grown[: self._count] = self._words[: self._count]
                self._words = grown
            self._words[self._count : count] = words
            self._count = count

    def search(self, queries: NDArray[np.uint8], radius: int) -> Hits:
        """Find every pair of a query (m, 32) and a row that differ in at most `radius` bits."""
        wanted = _checked(queries).view(np.uint64)
        with self._lock:
            words = self._words[: self._count]
        found: list[tuple[NDArray[np.int64], NDArray[np.int32], int]] = []
        for place, query in enumerate(wanted):
            for start in range(0, len(words), _BLOCK):
                differing = np.bitwise_count(words[start : start + _BLOCK] ^ query)
                distance = differing.sum(axis=1, dtype=np.int32)
                row = np.flatnonzero(distance <= radius)
                if len(row):
                    found.append((row.astype(np.int64) + start, distance[row], place))
        if not found:
            return _none()
        return Hits(
            np.concatenate([np.full(len(row), place, np.int64) for row, _, place in found]),
            np.concatenate([row for row, _, _ in found]),
            np.concatenate([distance for _, distance, _ in found]),
        )


def new_index() -> HashIndex:
    """Make an empty index: FAISS's where it is installed."""
    try:
        return FlatIndex()
    except ImportError:
        return PopcountIndex()


def _checked(hashes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if hashes.dtype != np.uint8 or hashes.ndim != 2 or hashes.shape[1] != HASH_BYTES:  # noqa: PLR2004
        msg = f"hashes must be uint8 of shape (n, {HASH_BYTES})"
        raise ValueError(msg)
    return np.ascontiguousarray(hashes)


def _none() -> Hits:
    return Hits(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int32))
