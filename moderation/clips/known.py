"""Hash lists of known media, held against what a clip looks like.

Clip workers hash the pictures; the lists are here, in the process that has the database, so that
hostile bytes and the lists never meet.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from moderation.taxonomy import categories
from moderation.verdict import (
    Decision,
    Degradation,
    KnownEntry,
    ModelRef,
    Signal,
    Stage,
    TimeSpan,
)
from provenance.fingerprint.columns import Columns
from provenance.fingerprint.errors import HashListChanged
from provenance.fingerprint.known import RULES, KnownHashes, KnownMatch
from provenance.fingerprint.records import KnownList, Opinion, Packed, unpacked
from provenance.fingerprint.store import KnownStore

_log = structlog.get_logger(__name__)

SOURCE: Final = "known-hashes"
FAMILY: Final = "known/"
"""What the ids of categories of known media begin with."""
CONFIRMED: Final = 1.0
"""Score of a match of an entry that a reviewer confirmed."""
UNREVIEWED: Final = 0.5
"""Score of a match of an entry that nobody has looked at."""
MAX_FINDINGS: Final = 16
"""Most findings of one category and score; lists hold many copies of one picture."""
CLAUSE: Final = "builtin-known-hashes"

_NONE: Final = KnownHashes([])
_TRIES: Final = 5


def known_categories() -> tuple[str, ...]:
    """Ids of the categories that hash lists are of."""
    return tuple(name for name in categories() if name.startswith(FAMILY))


@dataclass(frozen=True, slots=True)
class KnownSeen:
    """What comparing a clip with the hash lists said.

    Attributes:
        signals: One for each entry that the clip matches, and one of score 0 for each category
            that was looked for and not found.
        models: The lists, as a model whose digest is over all that decides a match; empty where
            no list is loaded.
        degraded: What could not be compared.
    """

    signals: tuple[Signal, ...] = ()
    models: tuple[ModelRef, ...] = ()
    degraded: tuple[Degradation, ...] = ()


@dataclass(frozen=True, slots=True)
class Lists:
    """The hash lists as they stood when a review began. Immutable and thread-safe.

    Attributes:
        hashes: Their entries.
        fault: Why they could not be read, or "".
        now_ms: When that was, milliseconds since the epoch; what expires later still counts.
    """

    hashes: KnownHashes = field(default=_NONE, repr=False)
    fault: str = ""
    now_ms: int = 0

    @property
    def wanted(self) -> bool:
        """Whether there is anything to compare a clip with."""
        return not self.fault and self.hashes.wanted(self.now_ms)

    def missed(self, reason: str) -> KnownSeen:
        """What there is to say of a clip that was not looked at, for instance in time."""
        if not (self.fault or self.wanted):
            return KnownSeen()
        if self.fault:
            return _unseen(self.fault, known_categories())
        return _unseen(reason, self.hashes.categories())

    def compare(self, fingerprint: Packed | None) -> KnownSeen:
        """Compare a clip with the lists; milliseconds to some tenths of a second.

        Args:
            fingerprint: Of its sampled frames; None where it could not be taken.
        """
        if fingerprint is None or not self.wanted:
            return self.missed("not_hashed")
        names = self.hashes.categories()
        try:
            # What a worker says is worth no more than the file that it read.
            found = self.hashes.match(unpacked(fingerprint), now_ms=self.now_ms)
            lists = ModelRef(SOURCE, RULES, "sha256:" + self.hashes.digest(self.now_ms))
        except Exception as error:  # noqa: BLE001 - a fault here is an entry in `degraded`
            _log.warning("known.failed", kind=type(error).__name__)
            return _unseen("match_failed", names)
        return KnownSeen(_signals(found, names), (lists,))


class KnownMedia:
    """Keeps the hash lists of a store in memory and follows what other processes change.

    `lists` is for one event loop; `read` is thread-safe.

    Args:
        store: The lists.
    """

    def __init__(self, store: KnownStore) -> None:
        self._store = store
        self._held: dict[tuple[int, int], Columns] = {}
        self._hashes = _NONE
        self._lock = threading.Lock()
        self._turn = asyncio.Lock()

    async def lists(self, now_ms: int) -> Lists:
        """Return the lists as they stand now; seconds where a large one was just imported.

        A fault is part of the answer, not an error.
        """
        # One review at a time asks, so that those who wait for a large list hold no thread.
        async with self._turn:
            return await asyncio.to_thread(self.read, now_ms)

    def read(self, now_ms: int) -> Lists:
        """Do what `lists` does, in this thread."""
        try:
            with self._lock:
                return Lists(self._current(), now_ms=now_ms)
        except Exception as error:  # noqa: BLE001 - a fault here is an entry in `degraded`
            _log.warning("known.unavailable", kind=type(error).__name__)
            return Lists(fault="lists_unavailable", now_ms=now_ms)

    def _current(self) -> KnownHashes:
        for attempt in range(_TRIES):
            listed = {_version(each): each for each in self._store.lists()}
            if listed.keys() == self._held.keys():
                return self._hashes
            try:
                held = {version: self._columns(version, each) for version, each in listed.items()}
            except HashListChanged:
                if attempt == _TRIES - 1:
                    raise
                continue
            hashes = KnownHashes(list(held.values()))
            self._held, self._hashes = held, hashes
            _log.info("known.loaded", lists=len(listed), entries=len(hashes))
        return self._hashes

    def _columns(self, version: tuple[int, int], listed: KnownList) -> Columns:
        """Read of a list what is not known of it yet: all, opinions alone, or nothing."""
        for known, columns in self._held.items():
            if known == version:
                return columns
            if known[0] == version[0]:
                return columns.with_opinions(self._store.opinions(listed.list_name))
        return self._store.columns(listed)


def _version(known: KnownList) -> tuple[int, int]:
    """What differs after every change of a list."""
    return known.list_id, known.decided


def _signals(found: Sequence[KnownMatch], names: Iterable[str]) -> tuple[Signal, ...]:
    kept: dict[tuple[str, float], int] = {}
    signals = []
    for match in sorted(found, key=lambda each: (each.distance, each.list_name, each.entry_id)):
        signal = _signal(match)
        group = signal.category, signal.score
        kept[group] = kept.get(group, 0) + 1
        if kept[group] <= MAX_FINDINGS:
            signals.append(signal)
    met = {signal.category for signal in signals}
    signals.extend(Signal(Stage.FRAMES, name, 0.0, SOURCE) for name in names if name not in met)
    return tuple(signals)


def _signal(match: KnownMatch) -> Signal:
    confirmed = match.opinion is Opinion.CONFIRMED
    return Signal(
        stage=Stage.FRAMES,
        category=match.category,
        score=CONFIRMED if confirmed else UNREVIEWED,
        source=SOURCE,
        span=TimeSpan(match.start_ms, match.end_ms, match.nearest_ms),
        frame_count=match.frames,
        known=KnownEntry(
            match.list_name, match.entry_id, match.distance, match.mirrored, confirmed
        ),
    )


def _unseen(reason: str, names: Iterable[str]) -> KnownSeen:
    # The decision goes with it, since a policy may be content without an optional category; lists
    # that are loaded are not optional.
    fault = Degradation(Stage.FRAMES, SOURCE, reason, tuple(sorted(names)), Decision.REVIEW, CLAUSE)
    return KnownSeen(degraded=(fault,))
