"""Where in a clip a second, closer look is worth its cost, and whose.

The first pass leaves up to half a second between two frames. What matters lies at the edges: next
to a frame that scores high and whose neighbour does not, something short may have been missed, and
where a finding begins and ends is not known well. Inside a long run of high frames nothing is to
be learnt. Only the models that see an edge look again.

Most pictures of a closer look were decoded in the first pass, and are kept where an edge is seen;
no clip has to be decoded twice for them.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from media.closeup import Stretch
from media.frames import Frame
from moderation.clips.results import FrameScores

STEP_MS: Final = 100
"""Least step between two frames of the closer look."""

MAX_FRAMES: Final = 48
"""About the most frames that a closer look may cost, however much looks suspicious."""

DOUBT_SHARE: Final = 0.5
"""A frame is looked at more closely from this share of the lowest score that has consequences."""

DENSE_MS: Final = 2 * STEP_MS
"""Pictures that were decoded on the way serve as a closer look if no step is longer than this."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A stretch between two frames of the first pass, neither of them in it.

    Attributes:
        stretch: Where it is.
        sources: Ids of the models that see an edge there.
        frames: Its pictures, where the first pass decoded enough of them; else it has to be
            decoded.
    """

    stretch: Stretch
    sources: frozenset[str]
    frames: tuple[Frame, ...] = ()


class Attention:
    """Chooses where to look more closely while the frames of the first pass come in.

    Not thread-safe. Where there are too many places, those next to the highest scores are kept.

    Args:
        floors: Least score that has consequences, by category; a category without one is left out.
    """

    def __init__(self, floors: Mapping[str, float]) -> None:
        self._floors = floors
        self._last: tuple[int, dict[str, float]] | None = None
        self._in_order = True
        #: Negative heat, time, what it costs and the place, in this order.
        self._chosen: list[tuple[float, int, int, Place]] = []

    def see(self, frames: Sequence[Frame], by_model: Sequence[FrameScores]) -> None:
        """Take the next frames of the first pass.

        Args:
            frames: In the order in which they are given out.
            by_model: What the models say of them, one row a frame.
        """
        for at, frame in enumerate(frames):
            heat = {model.source: self._heat(model, at) for model in by_model}
            if self._last is not None:
                self._compare(*self._last, frame, heat)
            self._last = frame.pts_ms, heat

    @property
    def places(self) -> tuple[Place, ...]:
        """The places chosen so far, in order of time; none where time stamps run backwards."""
        if not self._in_order:
            return ()
        return tuple(place for _, _, _, place in sorted(self._chosen, key=lambda each: each[1]))

    def _compare(
        self, last_ms: int, before: Mapping[str, float], frame: Frame, heat: Mapping[str, float]
    ) -> None:
        self._in_order = self._in_order and frame.pts_ms >= last_ms
        sources = frozenset(
            source
            for source, value in heat.items()
            if (value >= DOUBT_SHARE) != (before.get(source, 0.0) >= DOUBT_SHARE)
        )
        gap_ms = frame.pts_ms - last_ms
        if not sources or gap_ms <= STEP_MS:
            return
        hottest = max(max(heat[source], before.get(source, 0.0)) for source in sources)
        times = [last_ms, *(each.pts_ms for each in frame.passed), frame.pts_ms]
        dense = max(later - earlier for earlier, later in pairwise(times)) <= DENSE_MS
        cost = len(frame.passed) if dense else gap_ms // STEP_MS
        self._choose(-hottest, last_ms, cost, frame, sources, dense=dense)

    def _choose(
        self,
        rank: float,
        last_ms: int,
        cost: int,
        frame: Frame,
        sources: frozenset[str],
        *,
        dense: bool,
    ) -> None:
        """Keep a place if it is among the hottest, and let go of those that it pushes out."""
        hotter = sum(each for *key, each, _ in self._chosen if tuple(key) < (rank, last_ms))
        if hotter and hotter + cost > MAX_FRAMES:
            return
        frames = tuple(
            Frame(at, each.pts_ms, each.image(), scene_cut=False)
            for at, each in enumerate(frame.passed if dense else ())
        )
        place = Place(Stretch(last_ms + 1, frame.pts_ms - 1), sources, frames)
        insort(self._chosen, (rank, last_ms, cost, place), key=lambda each: each[:2])
        total = 0
        for number, (_, _, each, _) in enumerate(self._chosen):
            total += each
            if total > MAX_FRAMES and number:
                del self._chosen[number:]
                return

    def _heat(self, model: FrameScores, at: int) -> float:
        """How near a frame is to a consequence: 1 or more where something follows from it."""
        heat = 0.0
        for category, score in zip(model.categories, model.scores[at], strict=True):
            floor = self._floors.get(category)
            if floor:
                # A score that is not a number counts as high: a fault must not look harmless.
                share = score / floor
                heat = max(heat, share) if share == share else 1.0  # noqa: PLR0124
        return heat
