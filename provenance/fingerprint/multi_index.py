"""Exact search of hashes within a small radius: a look-up of 16 tables instead of a scan.

Method: multi-index hashing (Norouzi, Punjani, Fleet: "Fast Exact Search in Hamming Space with
Multi-Index Hashing", 2014). A hash is cut into 16 chunks of 16 bits. Two hashes that differ in at
most 31 bits agree in one of the chunks but for at most one bit, since 16 chunks with two bits each
would make 32. So the rows that share a chunk with the query, as it is or with one bit turned over,
hold all that are near enough; each of them is then compared whole.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint.index import Hits
from provenance.fingerprint.pdq import HASH_BYTES

MAX_RADIUS: Final = 31
"""Largest radius for which one bit a chunk is enough."""

_CHUNKS: Final = 16
_VALUES: Final = 1 << 16
_PROBES = np.array([0, *(1 << bit for bit in range(16))], dtype=np.uint16)
_SCAN_SHARE: Final = 4
"""A query whose candidates are more than one row in so many is compared with all rows in order."""
_SCAN_ROWS: Final = 4_096
_BLOCK: Final = 1 << 16


class MultiIndex:
    """Hashes that are searched within at most 31 bits. Immutable and thread-safe.

    Takes 96 bytes a hash and 4 MiB.

    Args:
        hashes: (n, 32) uint8, n below 2 ** 31.
    """

    def __init__(self, hashes: NDArray[np.uint8]) -> None:
        self._words = _words(hashes)
        self._small = len(hashes) <= _SCAN_ROWS
        if self._small:
            return
        chunks = _chunks(self._words)
        self._rows = np.empty((_CHUNKS, len(hashes)), dtype=np.int32)
        self._starts = np.zeros((_CHUNKS, _VALUES + 1), dtype=np.int64)
        for chunk in range(_CHUNKS):
            values = np.ascontiguousarray(chunks[:, chunk])
            self._rows[chunk] = np.argsort(values, kind="stable")
            np.cumsum(np.bincount(values, minlength=_VALUES), out=self._starts[chunk, 1:])

    def __len__(self) -> int:
        return len(self._words)

    def search(self, queries: NDArray[np.uint8], radius: int) -> Hits:
        """Find every pair of a query (m, 32) and a row that differ in at most `radius` bits.

        Raises:
            ValueError: The radius is not 0 to 31.
        """
        if not 0 <= radius <= MAX_RADIUS:
            msg = f"radius must be 0 to {MAX_RADIUS}"
            raise ValueError(msg)
        wanted = _words(queries)
        near = [self._near(query, radius) for query in wanted]
        places = [np.full(len(rows), place, np.int64) for place, (rows, _) in enumerate(near)]
        return Hits(
            np.concatenate([*places, np.zeros(0, np.int64)]),
            np.concatenate([*(rows for rows, _ in near), np.zeros(0, np.int64)]),
            np.concatenate([*(distance for _, distance in near), np.zeros(0, np.int32)]),
        )

    def _near(
        self, query: NDArray[np.uint64], radius: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        if self._small:
            return self._scan(query, radius)
        probes = _chunks(query[None])[0][:, None] ^ _PROBES
        chunk = np.arange(_CHUNKS)[:, None]
        starts = self._starts[chunk, probes].ravel()
        counts = self._starts[chunk, probes.astype(np.int64) + 1].ravel() - starts
        total = int(counts.sum())
        if total * _SCAN_SHARE > len(self._words):
            return self._scan(query, radius)
        # All ranges of rows, one after the other, as places in the table of all chunks.
        ends = np.cumsum(counts)
        shift = starts + np.repeat(np.arange(_CHUNKS), len(_PROBES)) * len(self._words)
        places = np.arange(total) + np.repeat(shift - (ends - counts), counts)
        rows = self._rows.ravel().take(places)
        distance = _distance(self._words.take(rows, axis=0), query)
        near = distance <= radius
        # A row is met once for each chunk that it shares.
        unique, first = np.unique(rows[near], return_index=True)
        return unique.astype(np.int64), distance[near][first]

    def _scan(
        self, query: NDArray[np.uint64], radius: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        rows, distances = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
        for start in range(0, len(self._words), _BLOCK):
            distance = _distance(self._words[start : start + _BLOCK], query)
            near = np.flatnonzero(distance <= radius)
            rows.append(near + start)
            distances.append(distance[near])
        return np.concatenate(rows), np.concatenate(distances)


def _words(hashes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    if hashes.dtype != np.uint8 or hashes.ndim != 2 or hashes.shape[1] != HASH_BYTES:  # noqa: PLR2004
        msg = f"hashes must be uint8 of shape (n, {HASH_BYTES})"
        raise ValueError(msg)
    return np.ascontiguousarray(hashes).view(np.uint64)


def _distance(words: NDArray[np.uint64], query: NDArray[np.uint64]) -> NDArray[np.int32]:
    counts = np.bitwise_count(words ^ query)
    # By hand: adding along an axis of four takes longer than all the rest.
    first, second = counts[:, 0] + counts[:, 1], counts[:, 2] + counts[:, 3]
    distance: NDArray[np.int32] = np.add(first, second, dtype=np.int32)
    return distance


def _chunks(words: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """The (n, 16) chunks of n hashes."""
    return np.ascontiguousarray(words).view(np.uint16)
