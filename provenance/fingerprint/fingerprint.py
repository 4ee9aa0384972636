"""The fingerprint of a clip: which hashes stand for which stretch of its time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from media.probe import ClipInfo
from media.sampler import plan, sample
from provenance.fingerprint.letterbox import Box, picture_box
from provenance.fingerprint.pdq import HASH_BYTES, Hashes, distances, hash_pictures, luma
from provenance.fingerprint.variants import COUNT, hash_variants
from provenance.fingerprint.windows import PLACES, windows

SAMPLES_PER_SECOND: Final = 2.0
"""Least frames a second that are hashed; starts of shots come on top."""
MIN_QUALITY: Final = 50
"""PDQ's own bound: frames below it (black, plain, blurred) say nothing and are dropped."""
MIN_QUERY_QUALITY: Final = 20
"""The same for a query: a copy of less contrast has less quality and nearly the same hash. What is
registered keeps the stricter bound, so a plain query has nothing plain to meet."""
STATIC_DISTANCE: Final = 10
"""A frame this near to the last one kept stands for nothing new; its time is added to that one."""
WINDOW_STEP_MS: Final = 2_000
"""At most one frame in so many milliseconds is registered with its crops."""
MAX_VARIED: Final = 60
"""Frames of a query whose variants are hashed: half a minute; of a longer one, so many evenly
spread."""
THUMBNAIL_SIDE: Final = 128

_THUMBNAIL_QUALITY = 70


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """n hashes with the stretches that they stand for.

    Attributes:
        start_ms: (n,) int32, time of the frame; ascending.
        end_ms: (n,) int32, time of the last frame that looks the same.
        hashes: (n, 32) uint8.
        quality: (n,) uint8, 0..100.
    """

    start_ms: NDArray[np.int32]
    end_ms: NDArray[np.int32]
    hashes: NDArray[np.uint8]
    quality: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.start_ms)

    def __post_init__(self) -> None:
        count = len(self.start_ms)
        if self.hashes.shape != (count, HASH_BYTES) or self.hashes.dtype != np.uint8:
            msg = f"hashes must be uint8 of shape ({count}, {HASH_BYTES})"
            raise ValueError(msg)
        if len(self.end_ms) != count or len(self.quality) != count:
            msg = "start_ms, end_ms, hashes and quality must have one length"
            raise ValueError(msg)

    def stretched(self, repeat: int, hashes: NDArray[np.uint8]) -> Marks:
        """Give each stretch `repeat` other hashes (n * repeat, 32)."""
        return Marks(
            np.repeat(self.start_ms, repeat),
            np.repeat(self.end_ms, repeat),
            hashes,
            np.repeat(self.quality, repeat),
        )

    def at(self, places: NDArray[np.intp]) -> Marks:
        """Return some of them."""
        return Marks(
            self.start_ms[places], self.end_ms[places], self.hashes[places], self.quality[places]
        )


NO_MARKS: Final = Marks(
    np.zeros(0, np.int32),
    np.zeros(0, np.int32),
    np.zeros((0, HASH_BYTES), np.uint8),
    np.zeros(0, np.uint8),
)


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small grey picture, kept to lay a copy over the original and to show it to a person.

    Attributes:
        at_ms: Its time in the clip.
        jpeg: Grey JPEG; its longer side is 128 pixels. Bars are taken off.
    """

    at_ms: int
    jpeg: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """What a clip looks like.

    Attributes:
        duration_ms: Length of the clip.
        frames: Hashes of frames without their bars; where there are bars, with them as well.
        mirrored: Hashes of the same frames turned left to right: what a query needs.
        crops: Hashes of crops of some of the frames: what a registered clip needs.
        thumbnails: Pictures of the frames that `crops` come from.
        dropped: Frames that were left out for their quality.
        varied: Hashes of the variants of the frames, `variants.COUNT` each: what a query needs.
        varied_mirrored: Of the same turned left to right.
    """

    duration_ms: int
    frames: Marks
    mirrored: Marks
    crops: Marks
    thumbnails: tuple[Thumbnail, ...]
    dropped: int
    varied: Marks = NO_MARKS
    varied_mirrored: Marks = NO_MARKS


def fingerprint(
    path: Path,
    info: ClipInfo,
    *,
    crops: bool = True,
    samples_per_second: float = SAMPLES_PER_SECOND,
    should_stop: Callable[[], bool] = lambda: False,
) -> Fingerprint:
    """Take the fingerprint of a clip.

    Args:
        path: The clip that `info` was probed from.
        info: What was found out about it.
        crops: Whether to hash crops and draw thumbnails, as for a clip to be registered; without
            them it is a query, which keeps frames of less quality, and their variants.
        samples_per_second: Frames a second, at least 2.
        should_stop: Asked once a packet.

    Returns:
        The fingerprint. Its marks are empty where no frame has anything to be known by.

    Raises:
        FramegateError: What sampling raises: `ClipNotWhole`, `NoFrames`, `Cancelled`.
    """
    sampling = plan(info, min_fps=samples_per_second)
    pictures: list[NDArray[np.float32]] = []
    times: list[int] = []
    with sample(path, info, sampling, should_stop=should_stop) as stream:
        for frame in stream:
            pictures.append(luma(frame.image))
            times.append(frame.pts_ms)
    return of_pictures(pictures, times, info.duration_ms, crops=crops, variants=not crops)


def of_pictures(
    pictures: Sequence[NDArray[np.float32]],
    times: Sequence[int],
    duration_ms: int,
    *,
    crops: bool = True,
    variants: bool = False,
) -> Fingerprint:
    """Take the fingerprint of sampled pictures.

    Args:
        pictures: Luma, float32, (height, width), 0..255, in order of time.
        times: Their times in milliseconds, ascending.
        duration_ms: Length of the clip.
        crops: As for `fingerprint`.
        variants: Whether to hash variants, as for a query to the registry.
    """
    boxed = _without_bars(pictures)
    hashed = joined([hash_pictures([picture]) for picture in boxed])
    whole = None
    if any(one.shape != other.shape for one, other in zip(boxed, pictures, strict=True)):
        whole = joined([hash_pictures([picture]) for picture in pictures])
    least = MIN_QUALITY if crops else MIN_QUERY_QUALITY
    kept, ends = _changes(hashed, times, least)
    bare, _ = _marks(hashed, kept, ends, times)
    frames, mirrored = marks_of(hashed, whole, times, least)
    starts = bare.start_ms
    varied = _varied(bare, [boxed[place] for place in kept]) if variants else (NO_MARKS, NO_MARKS)
    chosen = _spaced(starts) if crops else []
    chosen_pictures = [boxed[kept[place]] for place in chosen]
    return Fingerprint(
        duration_ms=duration_ms,
        frames=frames,
        mirrored=mirrored,
        crops=bare.at(np.array(chosen, dtype=np.intp)).stretched(
            len(PLACES),
            joined([hash_pictures(windows(picture)) for picture in chosen_pictures]).hashes,
        ),
        thumbnails=tuple(
            Thumbnail(int(starts[place]), _jpeg(picture))
            for place, picture in zip(chosen, chosen_pictures, strict=True)
        ),
        dropped=int((hashed.quality < least).sum()),
        varied=varied[0],
        varied_mirrored=varied[1],
    )


def marks_of(
    hashed: Hashes, whole: Hashes | None, times: Sequence[int], least: int = MIN_QUERY_QUALITY
) -> tuple[Marks, Marks]:
    """Tell which hashes of sampled pictures stand for which stretch.

    Args:
        hashed: Of the pictures without their bars, in order of time.
        whole: Of the pictures with them, where some picture has bars; else None.
        times: Times of the pictures in milliseconds.
        least: Least quality.

    Returns:
        The hashes that are kept, as they are and turned left to right.
    """
    frames, mirrored = _marks(hashed, *_changes(hashed, times, least), times)
    if whole is None:
        return frames, mirrored
    # Bars may not be seen in a copy (brightened, or with a logo over them), and hash lists
    # are made with them; so the whole picture stands beside.
    others = _marks(whole, *_changes(whole, times, least), times)
    return _in_order(frames, others[0]), _in_order(mirrored, others[1])


def _varied(frames: Marks, pictures: Sequence[NDArray[np.float32]]) -> tuple[Marks, Marks]:
    """The variants of the frames that are kept, as they are and turned left to right."""
    places = np.unique(
        np.linspace(0, len(frames) - 1, min(len(frames), MAX_VARIED)).astype(np.intp)
    )
    some = frames.at(places)
    if not len(some):
        return NO_MARKS, NO_MARKS
    hashes, mirrored = zip(*(hash_variants(pictures[place]) for place in places), strict=True)
    return (
        some.stretched(COUNT, np.concatenate(hashes)),
        some.stretched(COUNT, np.concatenate(mirrored)),
    )


def _without_bars(pictures: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """Take bars off; pictures that change their size in mid-clip are judged by their size."""
    shapes = {picture.shape for picture in pictures}
    boxes: dict[tuple[int, ...], Box] = {
        shape: picture_box([picture for picture in pictures if picture.shape == shape])
        for shape in shapes
    }
    return [boxes[picture.shape].of(picture) for picture in pictures]


def joined(parts: Sequence[Hashes]) -> Hashes:
    """Return the hashes of several calls as one."""
    if not parts:
        return hash_pictures([])
    return Hashes(
        np.concatenate([part.hashes for part in parts]),
        np.concatenate([part.mirrored for part in parts]),
        np.concatenate([part.quality for part in parts]),
    )


def _marks(
    hashed: Hashes, kept: Sequence[int], ends: NDArray[np.int32], times: Sequence[int]
) -> tuple[Marks, Marks]:
    """The hashes that are kept, as they are and turned left to right."""
    places = np.array(kept, dtype=np.intp)
    starts = np.array([times[place] for place in kept], dtype=np.int32)
    quality = hashed.quality[places]
    return (
        Marks(starts, ends, hashed.hashes[places], quality),
        Marks(starts, ends, hashed.mirrored[places], quality),
    )


def _in_order(one: Marks, other: Marks) -> Marks:
    """Both together, in order of time."""
    order = np.argsort(np.concatenate([one.start_ms, other.start_ms]), kind="stable")
    return Marks(
        np.concatenate([one.start_ms, other.start_ms])[order],
        np.concatenate([one.end_ms, other.end_ms])[order],
        np.concatenate([one.hashes, other.hashes])[order],
        np.concatenate([one.quality, other.quality])[order],
    )


def _changes(
    hashed: Hashes, times: Sequence[int], least: int
) -> tuple[list[int], NDArray[np.int32]]:
    """Which pictures are worth a hash, and until when each one stands."""
    kept: list[int] = []
    ends: list[int] = []
    for place, quality in enumerate(hashed.quality):
        if quality < least:
            continue
        if kept:
            distance = distances(hashed.hashes[kept[-1]], hashed.hashes[place])
            if int(distance) <= STATIC_DISTANCE:
                ends[-1] = times[place]
                continue
        kept.append(place)
        ends.append(times[place])
    return kept, np.array(ends, dtype=np.int32)


def _spaced(starts: NDArray[np.int32]) -> list[int]:
    """The first mark, and each next one that is far enough from the one before."""
    chosen: list[int] = []
    for place, at_ms in enumerate(starts):
        if not chosen or at_ms - starts[chosen[-1]] >= WINDOW_STEP_MS:
            chosen.append(place)
    return chosen


def _jpeg(picture: NDArray[np.float32]) -> bytes:
    height, width = picture.shape
    share = min(1.0, THUMBNAIL_SIDE / max(height, width))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    grey = np.clip(np.rint(small), 0, 255).astype(np.uint8)
    done, data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, _THUMBNAIL_QUALITY])
    if not done:
        msg = "the thumbnail could not be encoded"
        raise RuntimeError(msg)
    return bytes(data)
