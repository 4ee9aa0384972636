"""A second, closer look at the clips that a search came near to.

A search compares a query's frames with whole frames and with windows on a grid. Where it leads to
nothing sure, the frames of the query that came near to a clip are compared once more, in all their
variants, with all hashes of those frames of the clip that they came near to. So a hard crop needs
no finer grid, no larger index, and no other form of what is stored: clips that were registered
before are found as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from provenance.fingerprint.alignment import RADIUS, Pairs, Span, align
from provenance.fingerprint.fingerprint import Marks
from provenance.fingerprint.pdq import distances
from provenance.fingerprint.variants import COUNT

WIDE: Final = 95
"""Largest distance of a hit that is worth a closer look."""
NEAREST: Final = 64
"""Largest distance of the nearest frame of a match: stricter than for single hashes, because the
nearest of many variants lies nearer, also to what is unrelated."""
MAX_REFINED: Final = 200
"""Clips that get one, those with the nearest hit first."""
MAX_COMPARED: Final = 300
"""Frames of the query that are compared with a clip, over all clips: a tenth of a second."""


@dataclass(slots=True)
class Candidate:
    """A clip that a query came near to, one way round.

    Attributes:
        clip_id: The clip.
        mirrored: Whether it is the query turned left to right that came near.
        distance: Of its nearest hit.
        starts_ms: Times of the query's frames that did.
        hit_ms: Times in the clip of what they came near to.
    """

    clip_id: str
    mirrored: bool
    distance: int = 256
    starts_ms: set[int] = field(default_factory=set)
    hit_ms: set[int] = field(default_factory=set)

    def take(self, pairs: Pairs) -> None:
        """Take hits in."""
        self.distance = min(self.distance, int(pairs.distance.min()))
        self.starts_ms.update(pairs.query_start_ms.tolist())
        self.hit_ms.update(pairs.start_ms.tolist())


@dataclass(frozen=True, slots=True)
class Refined:
    """What a closer look found.

    Attributes:
        span: As in `alignment`; distances are those of the nearest variants.
        cropped: Whether a crop came nearest, and not a whole frame.
    """

    span: Span
    cropped: bool


def refined(varied: Marks, candidate: Candidate, frames: Marks, crops: Marks) -> Refined | None:
    """Compare the variants of a query's frames with the hashes of a clip.

    Args:
        varied: The variants of the query's frames, turned as the candidate is.
        candidate: Which of them to compare.
        frames: Hashes of the clip's whole frames.
        crops: Hashes of its crops.

    Returns:
        The stretch that they agree upon, or None.
    """
    starts = varied.start_ms[::COUNT]
    chosen = np.flatnonzero(np.isin(starts, list(candidate.starts_ms)))
    frames, crops = (
        each.at(np.flatnonzero(np.isin(each.start_ms, list(candidate.hit_ms))))
        for each in (frames, crops)
    )
    count = len(frames) + len(crops)
    if not len(chosen) or not count:
        return None
    hashes = np.concatenate([frames.hashes, crops.hashes])
    nearest = np.empty((len(chosen), count), dtype=np.int64)
    for at, place in enumerate(chosen):
        variants = varied.hashes[place * COUNT : (place + 1) * COUNT]
        nearest[at] = distances(variants[:, None], hashes[None]).min(axis=0)
    row, column = np.nonzero(nearest <= RADIUS)
    distance = nearest[row, column]
    ends = varied.end_ms[::COUNT]
    pairs = Pairs(
        row.astype(np.int64),
        starts[chosen][row].astype(np.int64),
        ends[chosen][row].astype(np.int64),
        np.concatenate([frames.start_ms, crops.start_ms])[column].astype(np.int64),
        np.concatenate([frames.end_ms, crops.end_ms])[column].astype(np.int64),
        distance,
    )
    if not len(distance):
        return None
    of_crops = column >= len(frames)
    cropped = bool(of_crops[int(distance.argmin())])
    # Between two frames of which crops are registered, there are whole frames to compare with
    # alone: how far these lie says how much was cut off, and not whether it is a copy.
    span = align(pairs, nearest=NEAREST, telling=of_crops if cropped else None)
    return Refined(span, cropped) if span else None
