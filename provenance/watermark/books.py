"""The codes of all released clips, by key: kept in memory, caught up with their store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from provenance.watermark.codes import CODE_BYTES, CodeBook
from provenance.watermark.identification import ALARM, Detection, identify
from provenance.watermark.keys import WatermarkKey
from provenance.watermark.reading import Reading

_PAGE = 4096
# Another process may commit a lower position after a higher one was read.
_OVERLAP = 256


class Entry(Protocol):
    """A code that was given out."""

    @property
    def position(self) -> int:
        """Place in the store; never changes, and may be given again once its clip is removed."""

    @property
    def clip_id(self) -> str:
        """The clip that carries it."""

    @property
    def key_id(self) -> str:
        """The key that it was embedded with."""

    @property
    def code(self) -> bytes:
        """16 bytes."""


class CodeStore(Protocol):
    """Codes in the order in which they were given out. Thread-safe."""

    def coded(self, position: int, limit: int) -> Sequence[Entry]:
        """Return the next codes behind a position; 0 for the start."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The best match, and whose it is.

    Attributes:
        clip_id: The clip that carries the code.
        detection: How well it fits; `found` or not.
    """

    clip_id: str
    detection: Detection


class _Shelf:
    """Codes of one key and the clips that carry them, row by row."""

    def __init__(self) -> None:
        self.clips: list[str] = []
        self._codes = np.zeros((0, CODE_BYTES), np.uint8)
        self._fresh: list[bytes] = []

    def add(self, clip_id: str, code: bytes) -> None:
        self.clips.append(clip_id)
        self._fresh.append(code)

    def codes(self) -> NDArray[np.uint8]:
        """(n, 16) uint8."""
        if self._fresh:
            rows = np.frombuffer(b"".join(self._fresh), np.uint8).reshape(-1, CODE_BYTES)
            self._codes = np.concatenate([self._codes, rows])
            self._fresh = []
        return self._codes


class Books:
    """Looks codes up. Not thread-safe.

    Args:
        store: Where the codes are.
    """

    def __init__(self, store: CodeStore) -> None:
        self._store = store
        self._shelves: dict[str, _Shelf] = {}
        self._seen: dict[int, str] = {}
        self._position = 0

    def identify(
        self, readings: Sequence[Reading], keys: Sequence[WatermarkKey], *, alarm: float = ALARM
    ) -> Owner | None:
        """Look a clip's readings up among the codes that were given out.

        Args:
            readings: With any of the keys; one with a key that is not given is passed over.
            keys: All keys of the house, old and leaked ones as well.
            alarm: See `identify`.

        Returns:
            The best match, found or not; None where no code was ever given out.
        """
        known = {book.key.id: book for book in self.of(keys)}
        usable = [reading for reading in readings if reading.key_id in known]
        best = identify(usable, [known[reading.key_id] for reading in usable], alarm=alarm)
        if best is None:
            return None
        shelf = self._shelf(best.key_id)
        row = int(np.flatnonzero((shelf.codes() == np.frombuffer(best.code, np.uint8)).all(1))[0])
        return Owner(shelf.clips[row], best)

    def of(self, keys: Sequence[WatermarkKey]) -> list[CodeBook]:
        """Return all codes of each of these keys; a later book of a key begins with the earlier."""
        self._catch_up()
        return [CodeBook(key, self._shelf(key.id).codes()) for key in keys]

    def clip_of(self, code: bytes) -> str:
        """Return the id of the clip that carries a code, or ""."""
        if len(code) != CODE_BYTES:
            return ""
        self._catch_up()
        wanted = np.frombuffer(code, np.uint8)
        for shelf in self._shelves.values():
            rows = np.flatnonzero((shelf.codes() == wanted).all(axis=1))
            if len(rows):
                return shelf.clips[int(rows[0])]
        return ""

    def _shelf(self, key_id: str) -> _Shelf:
        return self._shelves.setdefault(key_id, _Shelf())

    def _catch_up(self) -> None:
        position = max(0, self._position - _OVERLAP)
        while rows := self._store.coded(position, _PAGE):
            for row in rows:
                if self._seen.get(row.position) != row.clip_id:
                    self._seen[row.position] = row.clip_id
                    self._shelf(row.key_id).add(row.clip_id, row.code)
            position = rows[-1].position
            self._position = max(self._position, position)
