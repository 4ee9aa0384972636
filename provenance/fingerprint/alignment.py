"""From hits of single frames to clips that match over a stretch of time.

A copy keeps the pace of its original: query time + offset = original time. Each hit allows a range
of offsets, since a hash may stand for a stretch in which nothing moved. The offset that the most
evidence agrees upon wins. Evidence of one frame of the query falls with the distance of its best
hit as the logarithm of a normal tail does: with the square of how far it lies below the distances
of unrelated frames. One frame within 67 bits is enough; frames that are worse (crops, logos) must
be several and in step, and the nearest of them within 70 bits: neighbouring frames look alike, so
many of them that are all far say little more than one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

RADIUS: Final = 80
"""Largest distance of a hit. Unrelated frames seldom come below 100 (see the benchmark)."""
ENOUGH: Final = 5.0
"""Least evidence of a match: that of one frame at 67 bits."""
NEAREST: Final = 70
"""Largest distance of the nearest frame of a match."""
TOLERANCE_MS: Final = 600
"""How far offsets of one match may lie apart: two samples a second, with a little for the pace."""

_ZERO = 90
_BITS_PER_UNIT = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a query that shows a stretch of an original.

    Attributes:
        query_start_ms: Time of the first frame of the query that matches.
        query_end_ms: Of the last one.
        start_ms: Time of the first one in the original.
        end_ms: Of the last one.
        frames: Frames of the query that match.
        distance: Median of their distances, 0..256; of a cropped copy, of the distances of those
            frames of which crops are registered.
        evidence: Sum of their evidence; the more the better.
    """

    query_start_ms: int
    query_end_ms: int
    start_ms: int
    end_ms: int
    frames: int
    distance: int
    evidence: float

    @property
    def matched_ms(self) -> int:
        """Length of the stretch of the query."""
        return self.query_end_ms - self.query_start_ms


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Hits between a query and one original, n of them.

    Attributes:
        frame: (n,) int64, which frame of the query.
        query_start_ms: (n,) stretch of the query's hash.
        query_end_ms: (n,) its end.
        start_ms: (n,) stretch of the original's hash.
        end_ms: (n,) its end.
        distance: (n,) bits that differ.
    """

    frame: NDArray[np.int64]
    query_start_ms: NDArray[np.int64]
    query_end_ms: NDArray[np.int64]
    start_ms: NDArray[np.int64]
    end_ms: NDArray[np.int64]
    distance: NDArray[np.int64]

    def at(self, places: NDArray[np.intp] | NDArray[np.bool_]) -> Pairs:
        """Return some of them."""
        return Pairs(*(getattr(self, name)[places] for name in self.__slots__))


def evidence(distance: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the evidence of hits: 34.8 at 31 bits, 9 at 60, 1 at 80, none from 90 on."""
    return np.square(np.maximum(0.0, (_ZERO - distance) / _BITS_PER_UNIT))


def align(
    pairs: Pairs,
    *,
    enough: float = ENOUGH,
    nearest: int = NEAREST,
    telling: NDArray[np.bool_] | None = None,
) -> Span | None:
    """Find the stretch that the hits agree upon.

    Args:
        pairs: Hits between the query and one original, one way round.
        enough: Least evidence.
        nearest: Largest distance of the nearest frame.
        telling: (n,) which hits tell how far the stretches lie apart; without any among those that
            agree, all of them do.

    Returns:
        The stretch, or None where the evidence is too little.
    """
    if not len(pairs.frame):
        return None
    weight = evidence(pairs.distance)
    low = pairs.start_ms - pairs.query_end_ms - TOLERANCE_MS // 2
    high = pairs.end_ms - pairs.query_start_ms + TOLERANCE_MS // 2
    best, chosen = 0.0, np.zeros(0, dtype=np.bool_)
    # The sum changes only where a range begins.
    for offset in np.unique(low):
        agreeing = (low <= offset) & (offset <= high)
        each = np.zeros(int(pairs.frame.max()) + 1)
        np.maximum.at(each, pairs.frame[agreeing], weight[agreeing])
        if each.sum() > best:
            best, chosen = float(each.sum()), agreeing
    if best < enough or pairs.distance[chosen].min() > nearest:
        return None
    span = _span(pairs.at(chosen), best)
    if telling is None or not (chosen & telling).any():
        return span
    return replace(span, distance=_distance(pairs.at(chosen & telling)))


def _distance(pairs: Pairs) -> int:
    """Median over the frames of the query, of each its nearest hit."""
    return int(np.median(_nearest(pairs).distance))


def _nearest(pairs: Pairs) -> Pairs:
    """The nearest hit of each frame of the query."""
    order = np.lexsort((pairs.distance, pairs.frame))
    _, first = np.unique(pairs.frame[order], return_index=True)
    return pairs.at(order[first])


def _span(pairs: Pairs, total: float) -> Span:
    nearest = _nearest(pairs)
    # Middles, since a stretch without change fits anywhere in a longer one.
    doubled = nearest.start_ms + nearest.end_ms - nearest.query_start_ms - nearest.query_end_ms
    offset = float(np.median(doubled)) / 2
    query_start, query_end = int(nearest.query_start_ms.min()), int(nearest.query_end_ms.max())
    start = max(0, round(query_start + offset))
    return Span(
        query_start_ms=query_start,
        query_end_ms=query_end,
        start_ms=start,
        end_ms=start + query_end - query_start,
        frames=len(nearest.frame),
        distance=_distance(nearest),
        evidence=round(total, 2),
    )
