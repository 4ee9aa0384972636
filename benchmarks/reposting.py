"""What becomes of a clip before it is seen again: codecs, crops, scales, tones, other rates.

    python -m benchmarks.reposting CLIP FOLDER

writes the clip once for each attack, to be looked at.
"""

from __future__ import annotations

import argparse
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
    return lambda rgb: _resize(rgb, rgb.shape[1] * share, rgb.shape[0] * share)


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


def reposted(rgb: Rgb) -> Rgb:
    """What a platform does: 5 % cut off, 480 lines."""
    part = cropped(0.95)(rgb)
    share = min(1.0, 480 / min(part.shape[:2]))
    return _resize(part, part.shape[1] * share, part.shape[0] * share)


def _resize(rgb: Rgb, width: float, height: float) -> Rgb:
    size = (max(2, round(width / 2) * 2), max(2, round(height / 2) * 2))
    return cast("Rgb", cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))


ATTACKS = {
    "none": Attack(options=x264(18)),
    "x264 crf 28": Attack(),
    "x264 crf 33": Attack(options=x264(33)),
    "x264 crf 40": Attack(options=x264(40)),
    "x265 crf 33": Attack("libx265", x264(33) | {"x265-params": "log-level=none"}),
    "VP9 crf 40": Attack("libvpx-vp9", {"crf": "40", "b": "0", "cpu-used": "5"}),
    "AV1 crf 45": Attack("libsvtav1", {"crf": "45", "preset": "10"}),
    "scaled to 0.71 of the side": Attack(change=scaled(0.71)),
    "scaled to 0.55 of the side": Attack(change=scaled(0.55)),
    "trimmed to 1 s": Attack(first_s=0.7, seconds=1.0),
    "15 pictures a second": Attack(rate=Fraction(15)),
    "24 pictures a second": Attack(rate=Fraction(24)),
    "brightness 0.5": Attack(change=toned(0.5, 0)),
    "brightness 1.5": Attack(change=toned(1.5, 0)),
    "contrast 0.5": Attack(change=toned(0.5, 128)),
    "contrast 1.5": Attack(change=toned(1.5, 128)),
    "cropped to 0.71 of the area": Attack(change=cropped(0.71)),
    "cropped to 0.55 of the area": Attack(change=cropped(0.55)),
    "mirrored": Attack(change=mirrored),
    "rotated by 3 degrees": Attack(change=rotated(3)),
    "reposted twice (480p, crf 30, 5 % crop)": Attack(options=x264(30), change=reposted, times=2),
}  # fmt: skip
LIGHT = ("none", "x264 crf 28", "x264 crf 33", "scaled to 0.55 of the side", "mirrored")


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


def main() -> None:
    """Writes a clip in all forms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for index, (name, attack) in enumerate(ATTACKS.items()):
        target = options.folder / f"{index:02d}.mp4"
        attack.run(options.clip, target)
        print(f"{target.name}: {name}, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
