"""Where in a clip a second, closer look is worth its cost. Pure.

The first pass leaves up to half a second between two frames. What matters lies at the edges: next
to a frame that scores high and whose neighbour does not, something short may have been missed, and
where a finding begins and ends is not known well. Inside a long run of high frames nothing is to
be learnt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from media.closeup import Stretch
from moderation.clips.jobs import FrameScores

STEP_MS: Final = 100
"""Least step between two frames of the closer look."""

MAX_FRAMES: Final = 48
"""About the most frames that a closer look may cost, however much looks suspicious."""

DOUBT_SHARE: Final = 0.5
"""A frame is looked at more closely from this share of the lowest score that has consequences."""


def stretches(
    pts_ms: Sequence[int], by_model: Sequence[FrameScores], floors: Mapping[str, float]
) -> tuple[Stretch, ...]:
    """Choose where to look more closely.

    Args:
        pts_ms: Times of the frames of the first pass, ascending.
        by_model: Their scores.
        floors: Least score that has consequences, by category; a category without one is left out.

    Returns:
        Stretches between two frames of the first pass, neither of them in it, in order of time;
        those next to the highest scores where there are too many.
    """
    heat = _heat(len(pts_ms), by_model, floors)
    edges = [
        (max(heat[at], heat[at + 1]), at)
        for at in range(len(pts_ms) - 1)
        if (heat[at] >= DOUBT_SHARE) != (heat[at + 1] >= DOUBT_SHARE)
        and pts_ms[at + 1] - pts_ms[at] > STEP_MS
    ]
    chosen: list[int] = []
    frames = 0
    for _, at in sorted(edges, key=lambda edge: (-edge[0], edge[1])):
        frames += (pts_ms[at + 1] - pts_ms[at]) // STEP_MS
        if frames > MAX_FRAMES and chosen:
            break
        chosen.append(at)
    return tuple(Stretch(pts_ms[at] + 1, pts_ms[at + 1] - 1) for at in sorted(chosen))


def _heat(count: int, by_model: Sequence[FrameScores], floors: Mapping[str, float]) -> list[float]:
    """How near each frame is to a consequence: 1 or more where something follows from it."""
    heat = [0.0] * count
    for model in by_model:
        for column, category in enumerate(model.categories):
            floor = floors.get(category)
            if not floor:
                continue
            for at, row in enumerate(model.scores):
                # A score that is not a number counts as high: a fault must not look harmless.
                share = row[column] / floor
                heat[at] = max(heat[at], share) if share == share else 1.0  # noqa: PLR0124
    return heat
