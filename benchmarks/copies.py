"""What becomes of a clip on its way through the internet: cut, scaled, toned, encoded again."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Clip:
    """A decoded clip: RGB pictures of even sides, and pictures a second."""

    name: str
    pictures: list[Picture]
    fps: float


@dataclass(frozen=True, slots=True)
class Attack:
    """What is done to a clip on its way through the internet."""

    name: str
    row: str
    change: Callable[[Clip, random.Random], Clip] = lambda clip, _: clip
    codec: str = "libx264"
    crf: int = 28


def _each(change: Callable[[Picture], Picture]) -> Callable[[Clip, random.Random], Clip]:
    return lambda clip, _: Clip(clip.name, [change(each) for each in clip.pictures], clip.fps)


def _scaled(share: float) -> Callable[[Clip, random.Random], Clip]:
    def change(picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        size = (max(16, int(width * share) // 2 * 2), max(16, int(height * share) // 2 * 2))
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)

    return _each(change)


def _cropped(share: float) -> Callable[[Clip, random.Random], Clip]:
    def change(clip: Clip, chance: random.Random) -> Clip:
        height, width = clip.pictures[0].shape[:2]
        rows, columns = (int(side * share) // 2 * 2 for side in (height, width))
        top, left = chance.randint(0, height - rows), chance.randint(0, width - columns)
        cut = [each[top : top + rows, left : left + columns] for each in clip.pictures]
        return Clip(clip.name, cut, clip.fps)

    return change


def _toned(gain: float, shift: float) -> Callable[[Clip, random.Random], Clip]:
    return _each(
        lambda picture: np.clip((picture.astype(np.float32) - 128) * gain + 128 + shift, 0, 255)
        .astype(np.uint8)
    )  # fmt: skip


def _barred(picture: Picture) -> Picture:
    bar = picture.shape[0] // 8 // 2 * 2
    return np.pad(picture, ((bar, bar), (0, 0), (0, 0)))


def _logo(picture: Picture) -> Picture:
    """Write a name on a plate at the top right, an eighth of the height."""
    marked = np.ascontiguousarray(picture).copy()
    height, width = marked.shape[:2]
    side, edge = height // 8, height // 24
    corner = (width - edge - min(width // 3, 3 * side), edge)
    cv2.rectangle(marked, corner, (width - edge, edge + side), (245, 245, 245), -1)
    cv2.putText(marked, "LOGO", (corner[0] + edge // 2, edge + side * 3 // 4),
                cv2.FONT_HERSHEY_SIMPLEX, side / 34, (200, 30, 30), max(1, side // 12))  # fmt: skip
    return marked


def _mirrored(picture: Picture) -> Picture:
    return np.ascontiguousarray(picture[:, ::-1])


def _hard(clip: Clip, chance: random.Random) -> Clip:
    cut = _cropped(0.8)(clip, chance)
    return _each(lambda picture: _barred(_logo(_mirrored(picture))))(cut, chance)


def piece(clip: Clip, chance: random.Random) -> Clip:
    """Take two seconds from anywhere."""
    count = round(2 * clip.fps)
    first = chance.randint(0, max(0, len(clip.pictures) - count))
    return Clip(clip.name, clip.pictures[first : first + count], clip.fps)


def _paced(fps: float) -> Callable[[Clip, random.Random], Clip]:
    def change(clip: Clip, _: random.Random) -> Clip:
        if clip.fps <= fps:
            return clip
        count = int(len(clip.pictures) * fps / clip.fps)
        taken = [clip.pictures[int(place * clip.fps / fps)] for place in range(count)]
        return Clip(clip.name, taken, fps)

    return change


def _doubled(clip: Clip, chance: random.Random) -> Clip:
    return _scaled(0.71)(_cropped(0.95)(clip, chance), chance)


GRID = "transcode grid"
ATTACKS = (
    *(Attack(f"x264 crf {crf}", GRID, crf=crf) for crf in (23, 28, 33, 40)),
    Attack("x265 crf 33", GRID, codec="libx265", crf=33),
    Attack("VP9 crf 40", GRID, codec="libvpx-vp9", crf=40),
    Attack("side x 0.5, crf 28", GRID, _scaled(0.5)),
    Attack("side x 0.71, crf 28", GRID, _scaled(0.71)),
    Attack("15 frames a second, crf 28", GRID, _paced(15)),
    Attack("contrast 1.5, brightness +20, crf 28", GRID, _toned(1.5, 20)),
    Attack("contrast 0.5, brightness -20, crf 28", GRID, _toned(0.5, -20)),
    Attack("mirrored, crf 28", "", _each(_mirrored)),
    Attack("bars above and below, crf 28", "", _each(_barred)),
    Attack("logo, crf 28", "", _each(_logo)),
    Attack("cropped 5 %, side x 0.71, crf 33", "", _doubled, crf=33),
    Attack("cropped to 0.9 of the sides, crf 28", "crop 10 %", _cropped(0.9)),
    Attack("cropped to 0.8 of the sides, crf 28", "", _cropped(0.8)),
    Attack("cropped to 0.8 + logo + bars + mirrored, crf 28", "crop 20 % and more", _hard),
    Attack("piece of 2 s, crf 28", "piece of 2 s", piece),
)


def encoded(clip: Clip, path: Path, *, codec: str = "libx264", crf: int = 18) -> Path:
    """Encode a clip as MP4."""
    options = {"crf": str(crf), "preset": "veryfast"}
    if codec == "libvpx-vp9":
        options = {"crf": str(crf), "b": "0", "deadline": "realtime", "cpu-used": "8"}
    if codec == "libx265":
        options["x265-params"] = "log-level=none"
    with av.open(str(path), "w") as container:
        rate = Fraction(clip.fps).limit_denominator(1001)
        stream = container.add_stream(codec, rate=rate, options=options)
        assert isinstance(stream, VideoStream)  # noqa: S101 - the type that PyAV gives is wider
        stream.height, stream.width = clip.pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for index, picture in enumerate(clip.pictures):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = index, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
