"""Which of an operator's clips show the same, so that none is judged by its own copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from provenance.fingerprint.fingerprint import Fingerprint
from provenance.fingerprint.records import Registered
from provenance.fingerprint.registry import FingerprintRegistry
from provenance.fingerprint.store import MemoryFingerprints

_MATCHES: Final = 50


def copies(prints: Sequence[Fingerprint]) -> list[int]:
    """For each clip the place of the first one that it is a copy of, in whole or in part.

    Copies of copies are copies.
    """
    registry = FingerprintRegistry(MemoryFingerprints())
    for place, each in enumerate(prints):
        registry.register(
            Registered(
                clip_id=str(place),
                created_ms=0,
                duration_ms=each.duration_ms,
                frames=each.frames,
                crops=each.crops,
            )
        )
    pairs = [
        (place, int(match.clip_id))
        for place, each in enumerate(prints)
        for match in registry.find(each, limit=_MATCHES)
    ]
    return joined(len(prints), pairs)


def joined(count: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """For each of `count` places the least one that it is joined with, by whatever detour."""
    parent = list(range(count))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return [root(place) for place in range(count)]
