"""One and the same random re-encoding for clips of every class.

Pages encode what they show each in their own way, and a detector that sees this learns the page.
So each clip is decoded, cut to a common length, brought down to a common number of lines,
scaled to a common size, put on a common rate and encoded by x264 in one of the containers; what is
drawn does not depend on the class. What is left of size, rate, length and codec is chance.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

from media.errors import InvalidInput

MAX_SECONDS: Final = 4.0
_UNSCALED: Final = 0.5
_RATES: Final = (6.0, 8.0, 12.0, 24.0)
_CONTAINERS: Final = ("mp4", "mkv")
Picture = NDArray[np.uint8]


class ClipNotDecoded(InvalidInput):
    """A clip of a training folder has no picture that can be decoded."""

    reason = "CLIP_NOT_DECODED"


@dataclass(frozen=True, slots=True)
class Laundering:
    """What is done to a clip.

    Attributes:
        lines: Short side in pixels that the clip is brought down to first; a smaller clip is
            scaled up to it.
        short_side: Short side that is encoded.
        fps: Pictures a second, by the nearest one.
        crf: Constant rate factor of x264.
        seconds: Length; a shorter clip keeps its own.
        start: Where in the clip the cut starts, as a share of what is left over.
        container: `mp4` or `mkv`.
        preset: Of x264.
        masked: Whether the corner where pages put their marks is blurred out of sight.
    """

    lines: int
    short_side: int
    fps: float = 24.0
    crf: int = 23
    seconds: float = MAX_SECONDS
    start: float = 0.0
    container: str = "mp4"
    preset: str = "veryfast"
    masked: bool = False


def drawn(chance: random.Random, low: int, high: int) -> Laundering:
    """Draw a laundering with a bottleneck of `low` to `high` lines, both inclusive."""
    lines = round(math.exp(chance.uniform(math.log(low), math.log(high))))
    grown = 1.0 if chance.random() < _UNSCALED else chance.uniform(1.0, 2.0)
    return Laundering(
        lines=lines,
        short_side=round(lines * grown),
        fps=chance.choice(_RATES),
        crf=chance.randint(18, 36),
        seconds=chance.uniform(1.6, MAX_SECONDS),
        start=chance.random(),
        container=chance.choice(_CONTAINERS),
        preset=chance.choice(("veryfast", "fast")),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """The pictures of a clip, RGB (height, width, 3), and the times in seconds of each."""

    pictures: tuple[Picture, ...]
    times: tuple[float, ...]


def decoded(path: Path, *, seconds: float = 10.0, max_fps: float = 24.0) -> Decoded:
    """Decode the first seconds of a clip, at most so many pictures a second, kept small.

    Raises:
        ClipNotDecoded: There is no picture in it.
    """
    try:
        found = _still_frames(path) if path.suffix == ".webp" else _stream(path, seconds, max_fps)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise ClipNotDecoded(f"{path.name} cannot be decoded", field="clip") from error
    if not found:
        raise ClipNotDecoded(f"{path.name} has no pictures", field="clip")
    return Decoded(tuple(each for _, each in found), tuple(at for at, _ in found))


def _stream(path: Path, seconds: float, max_fps: float) -> list[tuple[float, Picture]]:
    found: list[tuple[float, Picture]] = []
    with av.open(str(path)) as clip:
        stream = clip.streams.video[0]
        stream.thread_count = 1
        rate = float(stream.average_rate or 8)
        first: float | None = None
        for number, frame in enumerate(clip.decode(stream)):
            at = number / rate if frame.pts is None else float(frame.time)
            first = at if first is None else first
            if at - first > seconds:
                break
            if found and at - first < found[-1][0] + 0.999 / max_fps - 0.002:
                continue
            found.append(
                (at - first, _small(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)))
            )
    return found


def _still_frames(path: Path) -> list[tuple[float, Picture]]:
    """Animated WebP, which FFmpeg does not decode."""
    found: list[tuple[float, Picture]] = []
    at = 0.0
    with Image.open(path) as clip:
        for number in range(getattr(clip, "n_frames", 1)):
            clip.seek(number)
            found.append((at, _small(np.asarray(clip.convert("RGB"), np.uint8))))
            at += (clip.info.get("duration") or 125) / 1000
    return found


def _small(picture: Picture) -> Picture:
    """No more pixels than are ever encoded, so that a long clip fits into memory."""
    height, width = picture.shape[:2]
    share = 540 / min(height, width)
    return picture if share >= 1 else _scaled(picture, 540)


def _scaled(picture: Picture, short_side: int) -> Picture:
    """Scale to a short side; sides are even, as x264 wants them."""
    height, width = picture.shape[:2]
    share = short_side / min(height, width)
    size = tuple(max(16, round(side * share / 2) * 2) for side in (width, height))
    way = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=way), np.uint8)


def laundered(clip: Decoded, recipe: Laundering, path: Path) -> Path:
    """Write a clip as a recipe says.

    Args:
        clip: Its pictures.
        recipe: What to do.
        path: Where to write it, without the container's suffix.

    Returns:
        The file that was written.
    """
    target = path.with_name(f"{path.name}.{recipe.container}")
    pictures = [_prepared(each, recipe) for each in _cut(clip, recipe)]
    options = {"crf": str(recipe.crf), "preset": recipe.preset, "threads": "1"}
    with av.open(str(target), "w") as container:
        rate = Fraction(recipe.fps).limit_denominator(1001)
        stream = container.add_stream("libx264", rate=rate, options=options)
        assert isinstance(stream, VideoStream)  # noqa: S101 - the type that PyAV gives is wider
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for index, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = index, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target


def _cut(clip: Decoded, recipe: Laundering) -> list[Picture]:
    """The pictures of the cut, at the recipe's rate, each the last one that is shown by then."""
    times = np.asarray(clip.times)
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    whole = float(times[-1]) + step
    length = min(recipe.seconds, whole)
    start = recipe.start * (whole - length)
    wanted = start + np.arange(max(1, round(length * recipe.fps))) / recipe.fps
    places = np.clip(np.searchsorted(times, wanted + 1e-3, side="right") - 1, 0, len(times) - 1)
    return [clip.pictures[place] for place in places]


def _prepared(picture: Picture, recipe: Laundering) -> Picture:
    picture = _scaled(picture, recipe.lines)
    if recipe.masked:
        picture = _masked(picture)
    if recipe.short_side != recipe.lines:
        picture = _scaled(picture, recipe.short_side)
    return picture


def _masked(picture: Picture) -> Picture:
    """Blur the lower right corner, a fifth of the height and two fifths of the width."""
    covered = picture.copy()
    height, width = picture.shape[:2]
    corner = covered[height * 4 // 5 :, width * 3 // 5 :]
    corner[:] = cv2.blur(corner, (width // 5 | 1, height // 5 | 1))
    return covered
