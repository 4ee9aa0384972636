"""Where fingerprints and hash lists are kept: the face, and one that lives in memory."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterable, Sequence
from typing import Protocol

from provenance.fingerprint.columns import Columns, Rows, entry_digest, summary
from provenance.fingerprint.errors import FingerprintExists, HashListChanged, HashUnknown
from provenance.fingerprint.fingerprint import Marks
from provenance.fingerprint.records import (
    Coded,
    KnownHash,
    KnownList,
    Opinion,
    Registered,
    pack_marks,
)


class FingerprintStore(Protocol):
    """Fingerprints of released clips. Thread-safe."""

    def put(self, clip: Registered) -> None:
        """Keep a clip.

        Raises:
            FingerprintExists: One of this id is kept already.
        """

    def get(self, clip_id: str) -> Registered | None:
        """Return a clip, or None."""

    def remove(self, clip_id: str) -> bool:
        """Forget a clip; return whether it was there."""

    def after(self, position: int, limit: int) -> Sequence[tuple[int, str]]:
        """Return position and id of the next clips behind a position, in order; 0 for the start.

        A clip's position never changes. That of a clip that was removed may be given again.
        """

    def hashes(self, clip_ids: Sequence[str]) -> Sequence[tuple[str, Marks, Marks]]:
        """Return id, frames and crops of those of these clips that are there; at most 500 ids."""

    def coded(self, position: int, limit: int) -> Sequence[Coded]:
        """Return the watermarks of the next clips behind a position that have one, in order."""


class KnownStore(Protocol):
    """Entries of hash lists. Thread-safe."""

    def put_list(self, list_name: str, entries: Iterable[KnownHash]) -> int:
        """Make a list hold just these entries.

        An opinion that was given on an id of this list before goes before one that comes with it.

        Returns:
            How many entries the list has now; of those with one id the first counts.
        """

    def remove(self, list_name: str) -> bool:
        """Forget a list and the opinions on it; return whether it was there."""

    def decide(self, list_name: str, entry_id: str, opinion: Opinion) -> None:
        """Keep what a reviewer said of an entry.

        Raises:
            HashUnknown: There is no such entry.
        """

    def lists(self) -> Sequence[KnownList]:
        """Return what all lists hold, by name; quick, and different after every change."""

    def columns(self, known: KnownList) -> Columns:
        """Return the entries of a list, ready to be compared.

        Raises:
            HashListChanged: It is not what it was any more.
        """

    def opinions(self, list_name: str) -> dict[str, Opinion]:
        """Return the opinions on ids of a list, also of those that it has not got at present."""

    def entries(self) -> Sequence[KnownHash]:
        """Return the entries of all lists, by name of the list and id."""


class MemoryFingerprints:
    """Fingerprints that are lost with the process: for tests and trials."""

    def __init__(self) -> None:
        self._clips: dict[str, tuple[int, Registered]] = {}
        self._last = 0
        self._lock = threading.Lock()

    def put(self, clip: Registered) -> None:
        """Keep a clip."""
        with self._lock:
            if clip.clip_id in self._clips:
                raise FingerprintExists("this clip is registered already", field="clip_id")
            self._last += 1
            self._clips[clip.clip_id] = (self._last, clip)

    def get(self, clip_id: str) -> Registered | None:
        """Return a clip, or None."""
        with self._lock:
            found = self._clips.get(clip_id)
        return None if found is None else found[1]

    def remove(self, clip_id: str) -> bool:
        """Forget a clip; return whether it was there."""
        with self._lock:
            return self._clips.pop(clip_id, None) is not None

    def after(self, position: int, limit: int) -> Sequence[tuple[int, str]]:
        """Return position and id of the next clips behind a position."""
        with self._lock:
            rows = [(at, clip.clip_id) for at, clip in self._clips.values() if at > position]
        return sorted(rows)[:limit]

    def hashes(self, clip_ids: Sequence[str]) -> Sequence[tuple[str, Marks, Marks]]:
        """Return id, frames and crops of those of these clips that are there."""
        found = [(clip_id, self.get(clip_id)) for clip_id in clip_ids]
        return [(clip_id, clip.frames, clip.crops) for clip_id, clip in found if clip]

    def coded(self, position: int, limit: int) -> Sequence[Coded]:
        """Return the watermarks of the next clips behind a position that have one."""
        with self._lock:
            rows = [
                Coded(
                    position=at,
                    clip_id=clip.clip_id,
                    key_id=clip.watermark_key,
                    code=clip.watermark_code,
                )
                for at, clip in self._clips.values()
                if at > position and clip.watermark_key
            ]
        return sorted(rows, key=lambda row: row.position)[:limit]


class MemoryKnown:
    """Hash lists that are lost with the process."""

    def __init__(self) -> None:
        self._lists: dict[str, tuple[KnownList, dict[str, KnownHash]]] = {}
        self._opinions: dict[tuple[str, str], Opinion] = {}
        self._last = 0
        self._lock = threading.Lock()

    def put_list(self, list_name: str, entries: Iterable[KnownHash]) -> int:
        """Make a list hold just these entries."""
        held: dict[str, KnownHash] = {}
        for entry in entries:
            held.setdefault(entry.entry_id, entry)
        digests = {entry_id: entry_digest(entry) for entry_id, entry in held.items()}
        scopes = {(each.category, each.allowed, each.expires_ms) for each in held.values()}
        with self._lock:
            self._last += 1
            known = summary(list_name, digests, scopes, list_id=self._last, created_ms=0)
            self._lists[list_name] = known, held
            for entry_id, entry in held.items():
                if entry.opinion is not Opinion.UNREVIEWED:
                    self._opinions.setdefault((list_name, entry_id), entry.opinion)
        return len(held)

    def remove(self, list_name: str) -> bool:
        """Forget a list and the opinions on it."""
        with self._lock:
            self._opinions = {k: each for k, each in self._opinions.items() if k[0] != list_name}
            return self._lists.pop(list_name, None) is not None

    def decide(self, list_name: str, entry_id: str, opinion: Opinion) -> None:
        """Keep what a reviewer said of an entry."""
        with self._lock:
            if list_name not in self._lists or entry_id not in self._lists[list_name][1]:
                raise HashUnknown("the list has no entry of this id", field="entry_id")
            known, held = self._lists[list_name]
            changed = dataclasses.replace(known, decided=known.decided + 1)
            self._lists[list_name] = changed, held
            self._opinions[list_name, entry_id] = opinion

    def lists(self) -> Sequence[KnownList]:
        """Return what all lists hold."""
        with self._lock:
            return [self._lists[name][0] for name in sorted(self._lists)]

    def columns(self, known: KnownList) -> Columns:
        """Return the entries of a list, ready to be compared."""
        with self._lock:
            now, held = self._lists.get(known.list_name, (None, {}))
        opinions = self.opinions(known.list_name)
        if now is None or now.list_id != known.list_id:
            raise HashListChanged("the list was replaced while it was read", field="list_name")
        rows = Rows()
        rows.extend(
            [
                (
                    each.entry_id,
                    each.signal.value,
                    pack_marks(each.marks),
                    each.expires_ms,
                    each.allowed,
                    each.category,
                )
                for each in held.values()
            ]
        )
        return rows.columns(known.list_name, known.digest, opinions)

    def opinions(self, list_name: str) -> dict[str, Opinion]:
        """Return the opinions on ids of a list."""
        with self._lock:
            return {key[1]: each for key, each in self._opinions.items() if key[0] == list_name}

    def entries(self) -> Sequence[KnownHash]:
        """Return the entries of all lists."""
        with self._lock:
            return [
                dataclasses.replace(
                    held[entry_id],
                    opinion=self._opinions.get((name, entry_id), Opinion.UNREVIEWED),
                )
                for name, (_, held) in sorted(self._lists.items())
                for entry_id in sorted(held)
            ]
