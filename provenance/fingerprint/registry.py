"""The registry of released clips: register one, find the one that a clip is a copy of.

The store holds what lasts; the indexes hold the hashes of all its clips in memory (32 bytes a
hash) and catch up with the store before each search, so that several processes may share one.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint.alignment import RADIUS, Pairs, Span, align
from provenance.fingerprint.fingerprint import Fingerprint, Marks
from provenance.fingerprint.index import HashIndex, Hits, new_index
from provenance.fingerprint.records import Registered
from provenance.fingerprint.refining import MAX_COMPARED, MAX_REFINED, WIDE, Candidate, refined
from provenance.fingerprint.store import FingerprintStore

MAX_QUERY_FRAMES: Final = 240
"""Frames of a query that are searched: two minutes; of a longer one, so many evenly spread."""

MAX_CANDIDATES: Final = 200
"""Clips that are aligned with a query, those with the nearest hit first."""
SURE_DISTANCE: Final = 31
"""Median distance of a whole-frame match up to which nothing more is looked at: the bound of PDQ
for two copies of one picture."""

_PAGE = 256
# Another process may commit a lower position after a higher one was read.
_OVERLAP = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A registered clip that a query shows a part of.

    Attributes:
        clip_id: The registered clip.
        span: Which stretch of the query shows which stretch of the clip, and how well.
        mirrored: Whether the query shows it turned left to right.
        cropped: Whether crops of its frames matched better than the whole ones.
    """

    clip_id: str
    span: Span
    mirrored: bool
    cropped: bool


class _Shelf:
    """Hashes in an index, and which clip and time each belongs to."""

    def __init__(self) -> None:
        self.index: HashIndex = new_index()
        self._parts: list[NDArray[np.int64]] = []
        self._rows = np.zeros((0, 3), dtype=np.int64)

    def add(self, clip: int, marks: Marks) -> None:
        self.index.add(marks.hashes)
        rows = np.stack([np.full(len(marks), clip), marks.start_ms, marks.end_ms], axis=1)
        self._parts.append(rows.astype(np.int64))

    def rows(self) -> NDArray[np.int64]:
        """Clip, start and end of each hash, (n, 3)."""
        if self._parts:
            self._rows = np.concatenate([self._rows, *self._parts])
            self._parts = []
        return self._rows


class FingerprintRegistry:
    """Finds registered clips. Thread-safe.

    Args:
        store: Where the clips are kept; what it holds already can be found at once.
    """

    def __init__(self, store: FingerprintStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._frames, self._crops = _Shelf(), _Shelf()
        self._clips: list[str] = []
        self._seen: dict[str, tuple[int, int]] = {}
        self._position = 0

    def register(self, clip: Registered) -> None:
        """Keep a clip and make it findable.

        Raises:
            FingerprintExists: A clip of this id is registered.
        """
        self._store.put(clip)

    def remove(self, clip_id: str) -> bool:
        """Forget a clip; it is never given as a match again. Return whether it was there."""
        return self._store.remove(clip_id)

    def get(self, clip_id: str) -> Registered | None:
        """Return what is kept of a clip, with its thumbnails, or None."""
        return self._store.get(clip_id)

    def catch_up(self) -> None:
        """Take in what the store holds, so that the first search need not wait for it."""
        with self._lock:
            self._catch_up()

    def find(self, query: Fingerprint, *, limit: int = 5) -> list[Match]:
        """Find the clips that a clip is a copy of, in whole or in part.

        Crops are searched, and clips that are near looked at closer (`refining`), only where whole
        frames lead to no match, or to a poor one.

        Args:
            query: Fingerprint of the clip; its crops are not needed. Without variants nothing is
                looked at closer.
            limit: Most matches to give.

        Returns:
            The matches with the most evidence first; of one clip, the better way round.
        """
        with self._lock:
            self._catch_up()
            near: dict[tuple[str, bool], Candidate] = {}
            found = self._search(self._frames, query, near, cropped=False)
            sure = any(match.span.distance <= SURE_DISTANCE for match in found)
            if not sure:
                found += self._search(self._crops, query, near, cropped=True)
        if not sure:
            found = _merged([*found, *self._closer(query, list(near.values()))])
        return self._held(found, limit)

    def _held(self, matches: list[Match], limit: int) -> list[Match]:
        """The first matches whose clips have not been removed since."""
        held = (each for each in matches if self._store.get(each.clip_id) is not None)
        return list(itertools.islice(held, limit))

    def _catch_up(self) -> None:
        position = max(0, self._position - _OVERLAP)
        while rows := self._store.after(position, _PAGE):
            places = {
                clip_id: at
                for at, clip_id in rows
                if clip_id not in self._seen or self._seen[clip_id][0] != at
            }
            for clip_id, frames, crops in self._store.hashes(list(places)) if places else ():
                known = self._seen.get(clip_id)
                if known is not None:
                    # Removed and registered again: what its old hashes say holds no more.
                    self._clips[known[1]] = ""
                number = len(self._clips)
                self._seen[clip_id] = (places[clip_id], number)
                self._clips.append(clip_id)
                self._frames.add(number, frames)
                self._crops.add(number, crops)
            position = rows[-1][0]
            self._position = max(self._position, position)

    def _search(
        self,
        shelf: _Shelf,
        query: Fingerprint,
        near: dict[tuple[str, bool], Candidate],
        *,
        cropped: bool,
    ) -> list[Match]:
        """The matches of one shelf; what is worth a closer look is added to `near`."""
        found: list[Match] = []
        for mirrored, marks in ((False, query.frames), (True, query.mirrored)):
            marks = _thinned(marks)  # noqa: PLW2901
            hits = shelf.index.search(marks.hashes, WIDE if len(query.varied) else RADIUS)
            candidates = _by_clip(hits, marks, shelf.rows())
            candidates.sort(key=lambda each: int(each[1].distance.min()))
            for number, pairs in candidates[:MAX_CANDIDATES]:
                clip_id = self._clips[number]
                if not clip_id:
                    continue
                near.setdefault((clip_id, mirrored), Candidate(clip_id, mirrored)).take(pairs)
                span = align(pairs.at(pairs.distance <= RADIUS))
                if span is not None:
                    found.append(
                        Match(clip_id=clip_id, span=span, mirrored=mirrored, cropped=cropped)
                    )
        return _merged(found)

    def _closer(self, query: Fingerprint, near: list[Candidate]) -> Iterator[Match]:
        """The matches that a closer look finds."""
        if not len(query.varied):
            return
        chosen = sorted(near, key=lambda each: each.distance)[:MAX_REFINED]
        ids = sorted({each.clip_id for each in chosen})
        held = {clip_id: marks for clip_id, *marks in self._store.hashes(ids)}
        left = MAX_COMPARED
        for each in chosen:
            left -= len(each.starts_ms)
            if left < 0:
                return
            varied = query.varied_mirrored if each.mirrored else query.varied
            if each.clip_id in held and (seen := refined(varied, each, *held[each.clip_id])):
                yield Match(
                    clip_id=each.clip_id,
                    span=seen.span,
                    mirrored=each.mirrored,
                    cropped=seen.cropped,
                )


def _merged(matches: list[Match]) -> list[Match]:
    """The best match of each clip, the one with the most evidence first."""
    best: dict[str, Match] = {}
    for match in sorted(matches, key=lambda each: (-each.span.evidence, each.clip_id)):
        best.setdefault(match.clip_id, match)
    return list(best.values())


def _thinned(marks: Marks) -> Marks:
    if len(marks) <= MAX_QUERY_FRAMES:
        return marks
    return marks.at(np.linspace(0, len(marks) - 1, MAX_QUERY_FRAMES).astype(np.intp))


def _by_clip(hits: Hits, query: Marks, rows: NDArray[np.int64]) -> list[tuple[int, Pairs]]:
    """Sort hits by the clip that they lead to; of one frame and stretch only the nearest."""
    if not len(hits):
        return []
    clip, start, end = rows[hits.row].T
    order = np.lexsort((hits.distance, start, hits.query, clip))
    key = np.stack([clip, hits.query, start], axis=1)[order]
    order = order[np.r_[True, (key[1:] != key[:-1]).any(axis=1)]]
    number, first = np.unique(clip[order], return_index=True)
    return [
        (
            int(each),
            Pairs(
                hits.query[part],
                query.start_ms[hits.query[part]].astype(np.int64),
                query.end_ms[hits.query[part]].astype(np.int64),
                start[part],
                end[part],
                hits.distance[part].astype(np.int64),
            ),
        )
        for each, part in zip(number, np.split(order, first[1:]), strict=True)
    ]
