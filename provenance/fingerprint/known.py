"""Matching of a clip against hash lists, by the rules of PDQ and vPDQ.

A picture's hash matches if one frame of the clip is within 31 bits of it. A clip's hashes match if
80 hundredths of them, or of the clip's own, have such a partner. Hashes of a quality below 50 are
passed over on both sides. The numbers are the defaults of ThreatExchange's `pdq` and `vpdq`.
Frames within 31 bits of an entry that is allowed take no part, so a known false match (a title,
a test card) is said once and suppressed in all lists.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint.columns import OPINIONS, Columns
from provenance.fingerprint.fingerprint import MIN_QUALITY, Fingerprint, Marks
from provenance.fingerprint.multi_index import MultiIndex
from provenance.fingerprint.pdq import HASH_BYTES
from provenance.fingerprint.records import Opinion, Signal

RULES: Final = "1"
"""Version of the rules of matching; another one may find other matches."""
MATCH_DISTANCE: Final = 31
"""Bits up to which two PDQ hashes are of one picture."""
MATCH_SHARE: Final = 0.8
"""Least share of hashes with a partner, of either side, for a clip's hashes to match."""

T = TypeVar("T", bound=np.generic)

_DENIED = OPINIONS.index(Opinion.DENIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMatch:
    """An entry of a hash list that a clip matches.

    Attributes:
        list_name: The list.
        entry_id: The entry.
        category: What a match is a finding of.
        opinion: What a reviewer said of it: confirmed, or nothing yet.
        signal: Kind of hash.
        start_ms: Time in the clip of the first frame that matches.
        end_ms: Until when the last one stands.
        nearest_ms: Time of the frame that is nearest.
        frames: How many frames of the clip match.
        distance: The smallest distance, 0..31.
        mirrored: Whether the clip shows it turned left to right.
    """

    list_name: str
    entry_id: str
    category: str
    opinion: Opinion
    signal: Signal
    start_ms: int
    end_ms: int
    nearest_ms: int
    frames: int
    distance: int
    mirrored: bool


class KnownHashes:
    """Entries of hash lists, ready to be matched. Immutable and thread-safe.

    Args:
        lists: All lists, as a `KnownStore` gives them. Denied entries are left out. Expiry is
            asked at each match.
    """

    def __init__(self, lists: Sequence[Columns]) -> None:
        self._lists = sorted(lists, key=lambda each: each.list_name)
        sizes = [len(each) for each in self._lists]
        self._first = np.cumsum([0, *sizes])
        self._allowed = _joined([each.allowed for each in self._lists], np.bool_)
        self._expires = _joined([each.expires_ms for each in self._lists], np.int64)
        counted = _joined([each.opinion for each in self._lists], np.uint8) != _DENIED
        self._entries = int(counted.sum())
        owner = _joined(
            [each.owner + at for each, at in zip(self._lists, self._first, strict=False)], np.int64
        )
        hashes = np.concatenate(
            [np.zeros((0, HASH_BYTES), np.uint8), *(each.hashes for each in self._lists)]
        )
        keep = counted[owner]
        self._owner = owner[keep]
        self._counts = np.bincount(self._owner, minlength=len(counted))
        self._index = MultiIndex(hashes if keep.all() else hashes[keep])
        # What an entry can be found for; who only allows finds nothing.
        finding = counted & ~self._allowed
        self._until_ms = int(self._expires[finding].max(initial=0))
        self._expiries = [np.unique(each.expires_ms) for each in self._lists]

    def __len__(self) -> int:
        return self._entries

    def wanted(self, now_ms: int) -> bool:
        """Whether some entry can be found at a time, milliseconds since the epoch."""
        return now_ms < self._until_ms

    def categories(self) -> tuple[str, ...]:
        """What entries are findings of, sorted; expired ones as well."""
        return tuple(sorted({name for each in self._lists for name in each.categories if name}))

    def digest(self, now_ms: int) -> str:
        """Return the SHA-256 over all that decides what is found at a time, hex.

        The same clip has the same matches as long as it is the same. It changes when a list is
        imported or removed, when an opinion is given, and when entries expire.
        """
        digest = hashlib.sha256(f"known-hashes {RULES}\n".encode())
        for each, expiries in zip(self._lists, self._expiries, strict=True):
            expired = int((expiries <= now_ms).sum())
            if expired < len(expiries):
                digest.update(f"{each.state} {expired}\n".encode())
        return digest.hexdigest()

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
        live, allowed = self._expires[owner] > now_ms, self._allowed[owner]
        suppressed = np.unique(hits.query[live & allowed])
        counted = np.flatnonzero(live & ~allowed & ~np.isin(hits.query, suppressed))
        # A frame with bars has two hashes; either will do.
        total = len(np.unique(np.delete(usable.start_ms, suppressed)))
        order = counted[np.argsort(owner[counted], kind="stable")]
        numbers, starts = np.unique(owner[order], return_index=True)
        found = []
        for number, part in zip(numbers.tolist(), np.split(order, starts[1:]), strict=False):
            query, distance = hits.query[part], hits.distance[part]
            frames = len(np.unique(usable.start_ms[query]))
            partners = len(np.unique(hits.row[part]))
            if self._enough(number, frames / total, partners):
                said = self._said(number, usable, query, distance, mirrored=mirrored)
                found.append((number, said))
        return found

    def _enough(self, number: int, share: float, partners: int) -> bool:
        one, place = self._entry(number)
        if not one.clip[place]:
            return True
        return max(share, partners / int(self._counts[number])) >= MATCH_SHARE

    def _said(
        self,
        number: int,
        marks: Marks,
        query: NDArray[np.int64],
        distance: NDArray[np.int32],
        *,
        mirrored: bool,
    ) -> KnownMatch:
        one, place = self._entry(number)
        starts = marks.start_ms[query]
        return KnownMatch(
            list_name=one.list_name,
            entry_id=one.entry_ids[place].decode(),
            category=one.categories[one.category[place]],
            opinion=OPINIONS[one.opinion[place]],
            signal=Signal.VPDQ if one.clip[place] else Signal.PDQ,
            start_ms=int(starts.min()),
            end_ms=int(marks.end_ms[query].max()),
            nearest_ms=int(starts[distance.argmin()]),
            frames=len(np.unique(starts)),
            distance=int(distance.min()),
            mirrored=mirrored,
        )

    def _entry(self, number: int) -> tuple[Columns, int]:
        """The list that an entry stands on, and its place there."""
        at = int(np.searchsorted(self._first, number, side="right")) - 1
        return self._lists[at], number - int(self._first[at])


def _joined(parts: Sequence[NDArray[T]], kind: type[T]) -> NDArray[T]:
    return np.concatenate([np.zeros(0, dtype=kind), *parts])
