"""The pictures of a report: the frames of a clip as a review samples them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from media.closeup import Stretch, look_closer
from media.frames import Frame
from media.limits import MediaLimits
from media.probe import ClipInfo, probe
from media.sampler import plan, sample
from moderation.pages.drawing import picture
from moderation.pages.picture import Picture

MAX_STRIP: Final = 48
"""Frames of a filmstrip, beside those that findings point at."""

_STRIP_SHORT_PX = 120
_PEAK_SHORT_PX = 256
# Two decodings that leave out different packets may round the same moment differently.
_ROUNDING_MS = 2


@dataclass(frozen=True, slots=True)
class Filmstrip:
    """The frames of a clip as they were sampled.

    Attributes:
        frames: Small pictures, ascending: of long clips an even choice, and all of `peaks`.
        peaks: Larger pictures by their time.
        sampled_ms: Times of all sampled frames, also of those that are not shown.
        cuts_ms: Those of them at which a scene begins.
    """

    frames: tuple[Picture, ...] = ()
    peaks: Mapping[int, Picture] = field(default_factory=dict)
    sampled_ms: tuple[int, ...] = ()
    cuts_ms: tuple[int, ...] = ()


def take(path: Path, limits: MediaLimits, min_fps: float, peaks_ms: Collection[int]) -> Filmstrip:
    """Sample a clip as a review does and keep small pictures of it.

    Args:
        path: The clip.
        limits: What it may cost.
        min_fps: Rate that the review sampled at; the same rate gives the same frames.
        peaks_ms: Moments of which a larger picture is wanted. One that is not among the samples
            is looked for between them.

    Raises:
        FramegateError: The clip cannot be decoded.
    """
    info = probe(path, limits)
    wanted = set(peaks_ms)
    small: dict[int, Picture] = {}
    peaks: dict[int, Picture] = {}
    sampled_ms: list[int] = []
    cuts_ms: list[int] = []

    def keep(frame: Frame, at_ms: int) -> None:
        small[at_ms] = picture(frame.image, at_ms, _STRIP_SHORT_PX)
        if at_ms in wanted:
            peaks[at_ms] = picture(frame.image, at_ms, _PEAK_SHORT_PX)

    with sample(path, info, plan(info, min_fps=min_fps), short_side=_PEAK_SHORT_PX) as frames:
        for frame in frames:
            keep(frame, frame.pts_ms)
            sampled_ms.append(frame.pts_ms)
            if frame.scene_cut:
                cuts_ms.append(frame.pts_ms)
    for frame, at_ms in _between_samples(path, info, sorted(wanted - peaks.keys())):
        keep(frame, at_ms)
    chosen = wanted.union(sampled_ms[index] for index in _evenly(len(sampled_ms), MAX_STRIP))
    return Filmstrip(
        frames=tuple(each for at_ms, each in sorted(small.items()) if at_ms in chosen),
        peaks=dict(sorted(peaks.items())),
        sampled_ms=tuple(sampled_ms),
        cuts_ms=tuple(cuts_ms),
    )


def _between_samples(
    path: Path, info: ClipInfo, wanted: Sequence[int]
) -> Iterator[tuple[Frame, int]]:
    """Find frames that the plan of the filmstrip passes over, with the time that was wanted."""
    missing = list(wanted)
    places = [Stretch(at_ms - _ROUNDING_MS, at_ms + _ROUNDING_MS) for at_ms in wanted]
    with closing(look_closer(path, info, places, step_ms=1, short_side=_PEAK_SHORT_PX)) as frames:
        for frame in frames:
            for at_ms in [each for each in missing if abs(each - frame.pts_ms) <= _ROUNDING_MS]:
                missing.remove(at_ms)
                yield frame, at_ms


def _evenly(count: int, at_most: int) -> set[int]:
    """Indices of an even choice that holds the first and the last."""
    if count <= at_most:
        return set(range(count))
    return {round(index * (count - 1) / (at_most - 1)) for index in range(at_most)}
