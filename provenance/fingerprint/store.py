"""Where fingerprints and hash lists are kept: the face, and one that lives in memory."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterable, Sequence
from typing import Protocol

from provenance.fingerprint.errors import FingerprintExists, HashUnknown
from provenance.fingerprint.records import Coded, KnownHash, Opinion, Registered


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

    def coded(self, position: int, limit: int) -> Sequence[Coded]:
        """Return the watermarks of the next clips behind a position that have one, in order."""


class KnownStore(Protocol):
    """Entries of hash lists. Thread-safe."""

    def put_list(self, list_name: str, entries: Iterable[KnownHash]) -> int:
        """Make a list hold just these entries; opinions on those that stay are kept.

        Returns:
            How many entries the list has now; those with one id count once.
        """

    def decide(self, list_name: str, entry_id: str, opinion: Opinion) -> None:
        """Keep what a reviewer said of an entry.

        Raises:
            HashUnknown: There is no such entry.
        """

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
        self._entries: dict[tuple[str, str], KnownHash] = {}
        self._lock = threading.Lock()

    def put_list(self, list_name: str, entries: Iterable[KnownHash]) -> int:
        """Make a list hold just these entries."""
        new = {(list_name, entry.entry_id): entry for entry in entries}
        with self._lock:
            for key, entry in new.items():
                old = self._entries.get(key)
                if old is not None and old.opinion is not Opinion.UNREVIEWED:
                    new[key] = dataclasses.replace(entry, opinion=old.opinion)
            others = {key: each for key, each in self._entries.items() if key[0] != list_name}
            self._entries = others | new
        return len(new)

    def decide(self, list_name: str, entry_id: str, opinion: Opinion) -> None:
        """Keep what a reviewer said of an entry."""
        with self._lock:
            entry = self._entries.get((list_name, entry_id))
            if entry is None:
                raise HashUnknown("the list has no entry of this id", field="entry_id")
            self._entries[list_name, entry_id] = dataclasses.replace(entry, opinion=opinion)

    def entries(self) -> Sequence[KnownHash]:
        """Return the entries of all lists."""
        with self._lock:
            return [self._entries[key] for key in sorted(self._entries)]
