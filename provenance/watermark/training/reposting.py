"""What becomes of a clip before it is seen again: decoded, changed, encoded anew.

For training and measuring: clips are written as others would write them, without the care of
`media.transcoding`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
Change = Callable[[Rgb], Rgb]


@dataclass(frozen=True, slots=True)
class Attack:
    """What is done to a marked clip.

    Attributes:
        codec: FFmpeg's name of an encoder.
        options: Of the encoder.
        change: What is done to each picture, or None.
        rate: Pictures a second, where they are thinned out, or None.
        first_s: What is cut off at the beginning.
        seconds: How much is kept, or None.
        times: How often all of it is done.
    """

    codec: str = "libx264"
    options: dict[str, str] = field(default_factory=lambda: {"crf": "28", "preset": "veryfast"})
    change: Change | None = None
    rate: Fraction | None = None
    first_s: float = 0.0
    seconds: float | None = None
    times: int = 1

    def run(self, source: Path, target: Path) -> None:
        """Write the attacked clip."""
        for turn in range(self.times):
            before = source if turn == 0 else target.with_suffix(f".{turn - 1}.mp4")
            after = target if turn == self.times - 1 else target.with_suffix(f".{turn}.mp4")
            encode(after, self._pictures(before), self.codec, self.options)

    def _pictures(self, source: Path) -> Iterator[tuple[Fraction, Rgb]]:
        due = Fraction(0)
        start = Fraction(self.first_s).limit_denominator(1000)
        for shown_s, rgb in decoded(source):
            at_s = shown_s - start
            if at_s < 0:
                continue
            if self.seconds is not None and at_s >= self.seconds:
                return
            if self.rate is not None:
                if at_s < due:
                    continue
                due += 1 / self.rate
            yield at_s, rgb if self.change is None else self.change(rgb)


def x264(crf: int) -> dict[str, str]:
    """Options of x264."""
    return {"crf": str(crf), "preset": "veryfast"}


def scaled(share: float) -> Change:
    """Scales both sides."""
    return lambda rgb: resized(rgb, rgb.shape[1] * share, rgb.shape[0] * share)


def cropped(area: float) -> Change:
    """Cuts a part out, off the middle, that has a share of the area."""
    side = area**0.5

    def change(rgb: Rgb) -> Rgb:
        height, width = rgb.shape[:2]
        high, wide = int(height * side) // 2 * 2, int(width * side) // 2 * 2
        top, left = int((height - high) * 0.3), int((width - wide) * 0.6)
        return np.ascontiguousarray(rgb[top : top + high, left : left + wide])

    return change


def mirrored(rgb: Rgb) -> Rgb:
    """Exchanges left and right."""
    return np.ascontiguousarray(rgb[:, ::-1])


def rotated(degrees: float) -> Change:
    """Turns about the middle; corners become black."""

    def change(rgb: Rgb) -> Rgb:
        height, width = rgb.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        return cast("Rgb", cv2.warpAffine(rgb, matrix, (width, height), flags=cv2.INTER_LINEAR))

    return change


def toned(gain: float, around: float) -> Change:
    """Multiplies levels, about 0 (brightness) or 128 (contrast)."""
    levels = np.clip((np.arange(256) - around) * gain + around, 0, 255).astype(np.uint8)
    return lambda rgb: levels[rgb]


def resized(rgb: Rgb, width: float, height: float) -> Rgb:
    """Scales to even sides."""
    size = (max(2, round(width / 2) * 2), max(2, round(height / 2) * 2))
    return cast("Rgb", cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))


def decoded(path: Path, most_s: float = 1e9) -> Iterator[tuple[Fraction, Rgb]]:
    """The pictures of a clip as RGB with their times in seconds, the first at 0."""
    with av.open(str(path)) as clip:
        clip.streams.video[0].codec_context.thread_count = 1
        first: Fraction | None = None
        for frame in clip.decode(video=0):
            at_s = Fraction(frame.pts or 0) * (frame.time_base or Fraction(1))
            first = at_s if first is None else first
            if at_s - first >= most_s:
                return
            yield at_s - first, cast("Rgb", frame.to_ndarray(format="rgb24"))


def encode(
    path: Path, pictures: Iterator[tuple[Fraction, Rgb]], codec: str, options: dict[str, str]
) -> None:
    """Writes an MP4 with even sides, at the pictures' own times."""
    base = Fraction(1, 90_000)
    with av.open(str(path), "w") as out:
        stream: VideoStream | None = None
        for at_s, rgb in pictures:
            even = np.ascontiguousarray(rgb[: rgb.shape[0] // 2 * 2, : rgb.shape[1] // 2 * 2])
            if stream is None:
                stream = cast("VideoStream", out.add_stream(codec, rate=30, options=options))
                stream.height, stream.width = even.shape[:2]
                stream.pix_fmt, stream.codec_context.time_base = "yuv420p", base
                stream.codec_context.thread_count = 1
            frame = av.VideoFrame.from_ndarray(even, format="rgb24")
            frame.pts, frame.time_base = round(at_s / base), base
            out.mux(stream.encode(frame))
        if stream is not None:
            out.mux(stream.encode(None))
