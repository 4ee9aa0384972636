"""A clip beside the released one that it leads to: which pictures show the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from moderation.pages.picture import Picture
from provenance.fingerprint.alignment import TOLERANCE_MS
from provenance.fingerprint.fingerprint import Thumbnail
from provenance.fingerprint.records import Registered
from provenance.layers import FingerprintLayer, FingerprintMatch, NeuralLayer, WatermarkLayer

MAX_PAIRS: Final = 12
"""Most pairs of pictures that a page shows."""

_SLACK_MS = TOLERANCE_MS // 2


@dataclass(frozen=True, slots=True)
class Moment:
    """A picture of a released clip, and where the clip that was asked about shows the same.

    Attributes:
        original_ms: Its time in the released clip.
        upload_ms: The time in the other clip.
        jpeg: The picture.
    """

    original_ms: int
    upload_ms: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures of one moment.

    Attributes:
        original_ms: Time in the released clip.
        upload_ms: Time in the clip that was asked about.
        original: The released clip's picture.
        upload: The other one's, turned left to right where it shows the clip so.
    """

    original_ms: int
    upload_ms: int
    original: Picture
    upload: Picture


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two clips side by side.

    Attributes:
        clip_id: The released clip.
        match: The stretch that looks like it; None where a mark alone leads to it, so that the
            pairs show one time of both and not one moment.
        pairs: In order of time; empty where there are no pictures to show.
        apart: No kept picture lies within the stretch: the pairs show the nearest to it.
        missing: Why there are no pictures, or "".
    """

    clip_id: str
    match: FingerprintMatch | None = None
    pairs: tuple[Pair, ...] = ()
    apart: bool = False
    missing: str = ""


def beside(
    watermark: WatermarkLayer, fingerprint: FingerprintLayer, neural: NeuralLayer | None = None
) -> Comparison | None:
    """Choose the released clip to show; still no pictures.

    It is the watermark's, else the one that they look like, else that of a network's mark.
    """
    if watermark.clip_id:
        return Comparison(watermark.clip_id, fingerprint.of(watermark.clip_id))
    if fingerprint.matches:
        return Comparison(fingerprint.matches[0].clip_id, fingerprint.matches[0])
    return Comparison(neural.clip_id) if neural and neural.clip_id else None


def moments(
    match: FingerprintMatch | None, original: Registered
) -> tuple[tuple[Moment, ...], bool]:
    """Choose the kept pictures of a released clip that show what the other clip shows.

    A kept picture stands for all the time in which the clip hardly moved after it.

    Args:
        match: The stretch, or None where none is known.
        original: What is kept of the released clip.

    Returns:
        At most `MAX_PAIRS` moments in order of time, spread evenly; and whether none lies within
        the stretch, so that the nearest one is given.
    """
    if match is None:
        every = [Moment(each.at_ms, each.at_ms, each.jpeg) for each in original.thumbnails]
        return tuple(_spread(every)), False
    offset = match.start_ms - match.original_start_ms
    start, end = match.original_start_ms, match.original_end_ms
    inside = [
        Moment(each.at_ms, max(each.at_ms, start) + offset, each.jpeg)
        for each in original.thumbnails
        if each.at_ms <= end + _SLACK_MS and _until(each, original) >= start - _SLACK_MS
    ]
    if inside:
        return tuple(_spread(inside)), False
    nearest = min(
        original.thumbnails,
        key=lambda each: max(start - each.at_ms, each.at_ms - end),
        default=None,
    )
    if nearest is None:
        return (), False
    shown = min(max(nearest.at_ms, start), end) + offset
    return (Moment(nearest.at_ms, shown, nearest.jpeg),), True


def _until(thumbnail: Thumbnail, original: Registered) -> int:
    """Until when a clip looks as it does in a kept picture."""
    frames = original.frames
    ends = frames.end_ms[frames.start_ms == thumbnail.at_ms]
    return max(thumbnail.at_ms, int(ends.max()) if len(ends) else 0)


def _spread(every: Sequence[Moment]) -> list[Moment]:
    count = min(len(every), MAX_PAIRS)
    if count == len(every):
        return list(every)
    return [every[place * (len(every) - 1) // (count - 1)] for place in range(count)]
