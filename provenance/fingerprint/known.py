"""Matching of a clip against hash lists, by the rules of PDQ and vPDQ.

A picture's hash matches if one frame of the clip is within 31 bits of it. A clip's hashes match if
80 hundredths of them, or of the clip's own, have such a partner. Hashes of a quality below 50 are
passed over on both sides. The numbers are the defaults of ThreatExchange's `pdq` and `vpdq`.
Frames within 31 bits of an entry that is allowed take no part, so a known false match (a title,
a test card) is said once and suppressed in all lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint.fingerprint import MIN_QUALITY, Fingerprint, Marks
from provenance.fingerprint.index import new_index
from provenance.fingerprint.records import KnownHash, Opinion, Signal

MATCH_DISTANCE: Final = 31
"""Bits up to which two PDQ hashes are of one picture."""
MATCH_SHARE: Final = 0.8
"""Least share of hashes with a partner, of either side, for a clip's hashes to match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMatch:
    """An entry of a hash list that a clip matches.

    Attributes:
        list_name: The list.
        entry_id: The entry.
        label: What the list says of it.
        opinion: What a reviewer said of it: confirmed, or nothing yet.
        signal: Kind of hash.
        start_ms: Time in the clip of the first frame that matches.
        end_ms: Of the last one.
        frames: How many frames of the clip match.
        distance: The smallest distance, 0..31.
        mirrored: Whether the clip shows it turned left to right.
    """

    list_name: str
    entry_id: str
    label: str
    opinion: Opinion
    signal: Signal
    start_ms: int
    end_ms: int
    frames: int
    distance: int
    mirrored: bool


class KnownHashes:
    """Entries of hash lists, ready to be matched. Immutable and thread-safe.

    Args:
        entries: Of all lists, as a `KnownStore` gives them. Denied ones are left out. Expiry is
            asked at each match.
    """

    def __init__(self, entries: Sequence[KnownHash]) -> None:
        self._entries = [each for each in entries if each.opinion is not Opinion.DENIED]
        self._index = new_index()
        owners, parts = [], []
        self._counts = np.zeros(len(self._entries), dtype=np.int64)
        for number, entry in enumerate(self._entries):
            hashes = _worth(entry)
            self._counts[number] = len(hashes)
            owners.append(np.full(len(hashes), number, dtype=np.int64))
            parts.append(hashes)
        self._owner = np.concatenate(owners) if owners else np.zeros(0, dtype=np.int64)
        if parts:
            self._index.add(np.concatenate(parts))

    def __len__(self) -> int:
        return len(self._entries)

    def match(self, clip: Fingerprint, *, now_ms: int) -> list[KnownMatch]:
        """Match a clip against all entries that count at a time.

        Args:
            clip: Its fingerprint; crops are not needed.
            now_ms: Milliseconds since the epoch.

        Returns:
            The matches by list and entry; of one entry, the nearer way round.
        """
        best: dict[int, KnownMatch] = {}
        for mirrored, marks in ((False, clip.frames), (True, clip.mirrored)):
            for number, match in self._one_way(marks, now_ms, mirrored=mirrored):
                if number not in best or match.distance < best[number].distance:
                    best[number] = match
        return sorted(best.values(), key=lambda each: (each.list_name, each.entry_id))

    def _one_way(
        self, marks: Marks, now_ms: int, *, mirrored: bool
    ) -> list[tuple[int, KnownMatch]]:
        usable = marks.at(np.flatnonzero(marks.quality >= MIN_QUALITY))
        hits = self._index.search(usable.hashes, MATCH_DISTANCE)
        owner = self._owner[hits.row]
        live = np.array([self._entries[each].live(now_ms) for each in owner], dtype=np.bool_)
        allowed = np.array([self._entries[each].allowed for each in owner], dtype=np.bool_)
        suppressed = np.unique(hits.query[live & allowed])
        counted = live & ~allowed & ~np.isin(hits.query, suppressed)
        # A frame with bars has two hashes; either will do.
        times = usable.start_ms
        total = len(np.unique(np.delete(times, suppressed)))
        found = []
        for number in np.unique(owner[counted]):
            part = counted & (owner == number)
            frames = np.unique(hits.query[part])
            partners = len(np.unique(hits.row[part]))
            if self._enough(int(number), len(np.unique(times[frames])) / total, partners):
                found.append((int(number), self._said(int(number), usable, frames,
                              int(hits.distance[part].min()), mirrored=mirrored)))  # fmt: skip
        return found

    def _enough(self, number: int, share: float, partners: int) -> bool:
        if self._entries[number].signal is Signal.PDQ:
            return True
        return max(share, partners / int(self._counts[number])) >= MATCH_SHARE

    def _said(
        self,
        number: int,
        marks: Marks,
        frames: NDArray[np.int64],
        distance: int,
        *,
        mirrored: bool,
    ) -> KnownMatch:
        entry = self._entries[number]
        return KnownMatch(
            list_name=entry.list_name,
            entry_id=entry.entry_id,
            label=entry.label,
            opinion=entry.opinion,
            signal=entry.signal,
            start_ms=int(marks.start_ms[frames].min()),
            end_ms=int(marks.end_ms[frames].max()),
            frames=len(frames),
            distance=distance,
            mirrored=mirrored,
        )


def _worth(entry: KnownHash) -> NDArray[np.uint8]:
    """The entry's hashes that can match, each once."""
    good = entry.marks.hashes[entry.marks.quality >= MIN_QUALITY]
    return np.unique(good, axis=0)
