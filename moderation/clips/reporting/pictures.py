"""The pictures of a report: each once so blurred that nothing is to be made out, and once clear.

The blurred one is a file of its own, averaged down to a handful of patches before it is enlarged
again. It is no filter over the clear one, so print, preview, reading mode and a browser without
style sheets show no more than that.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from media.closeup import Stretch, look_closer
from media.frames import Frame
from media.limits import MediaLimits
from media.probe import ClipInfo, probe
from media.sampler import plan, sample

PATCHES: Final = 10
"""Patches along the long side of a blurred picture."""

MAX_STRIP: Final = 48
"""Frames of a filmstrip, beside those that findings point at."""

_STRIP_SHORT_PX = 120
_PEAK_SHORT_PX = 256
# A banner of a picture is no wider than this many times the short side that is asked for.
_LONGEST = 4
_CLEAR_QUALITY, _BLURRED_QUALITY = 78, 40
# Two decodings that leave out different packets may round the same moment differently.
_ROUNDING_MS = 2


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame twice, as `data:` URIs of JPEG files of the same size.

    Attributes:
        at_ms: Milliseconds after the first frame.
        width: Pixels across.
        height: Pixels down.
        blurred: What may be shown unasked.
        clear: What is shown to who asks for it.
    """

    at_ms: int
    width: int
    height: int
    blurred: str = field(repr=False)
    clear: str = field(repr=False)


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


def picture(image: NDArray[np.uint8], at_ms: int, short_px: int) -> Picture:
    """Make both files of a frame.

    Args:
        image: RGB, uint8, shape (height, width, 3).
        at_ms: Its time.
        short_px: Short side of both files in pixels; a smaller frame keeps its size.
    """
    height, width = image.shape[:2]
    share = min(1.0, short_px / min(width, height), _LONGEST * short_px / max(width, height))
    size = max(1, round(width * share)), max(1, round(height * share))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    share = min(1.0, PATCHES / max(size))
    patches = max(1, round(size[0] * share)), max(1, round(size[1] * share))
    blurred = cv2.resize(
        cv2.resize(small, patches, interpolation=cv2.INTER_AREA),
        size,
        interpolation=cv2.INTER_LINEAR,
    )
    return Picture(
        at_ms=at_ms,
        width=size[0],
        height=size[1],
        blurred=_data_uri(blurred, _BLURRED_QUALITY),
        clear=_data_uri(small, _CLEAR_QUALITY),
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


def _data_uri(image: NDArray[np.uint8] | cv2.typing.MatLike, quality: int) -> str:
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    encoded, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not encoded:
        raise RuntimeError("the frame could not be written as a JPEG file")
    return "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode("ascii")
