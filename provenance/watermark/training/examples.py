"""Examples to learn from: sections of marked and reposted clips, and the pattern in them."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import takewhile
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from media.errors import FramegateError
from media.planes import Canvas, Planes, Transform
from media.probe import probe
from media.transcoding import transcode
from provenance.watermark.carriers import SIDE
from provenance.watermark.codes import CODE_BYTES
from provenance.watermark.embedding import Embedder, Quality, embedder
from provenance.watermark.keys import SECRET_BYTES, WatermarkKey
from provenance.watermark.pooling import frames_of, sections
from provenance.watermark.training.reposting import (
    Attack,
    Change,
    Rgb,
    decoded,
    encode,
    mirrored,
    resized,
    scaled,
    toned,
    x264,
)

COPIES: Final = 3
"""How many copies are made of a marked clip."""

_SECONDS = 1.5
_LINES = (144, 180, 200, 240, 256, 256, 288, 320, 360, 480)
_FRAMES = 31


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A copy of a marked clip: the sections of its first shot, of 1 to 16 frames.

    Attributes:
        pictures: (n, 256, 256) float16, n up to 5; see `pooling.Section`.
        residuals: (n, 256, 256) float16.
        pattern: (256, 256) float16, deviation 1, where the copy shows it.
    """

    pictures: NDArray[np.float16]
    residuals: NDArray[np.float16]
    pattern: NDArray[np.float16]

    def save(self, path: Path) -> None:
        """Write it."""
        np.savez(path, luma=self.pictures, res=self.residuals, pat=self.pattern)

    @classmethod
    def read(cls, path: Path) -> Example:
        """Read what `save` wrote."""
        with np.load(path) as held:
            return cls(held["luma"], held["res"], held["pat"])


@dataclass(frozen=True, slots=True)
class Copy:
    """How a copy is made.

    Attributes:
        attack: What is done.
        box: The part that is kept: left, top, width and height as shares.
        mirrored: Whether left and right are exchanged.
    """

    attack: Attack
    box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    mirrored: bool = False

    def shown(self, pattern: NDArray[np.float32]) -> NDArray[np.float32]:
        """The pattern as the copy shows it."""
        if self.mirrored:
            return np.ascontiguousarray(pattern[:, ::-1])
        left, top, width, height = self.box
        matrix = np.array(
            [
                [width, 0, left * SIDE + width / 2 - 0.5],
                [0, height, top * SIDE + height / 2 - 0.5],
            ],
            np.float32,
        )
        way = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(pattern, matrix, (SIDE, SIDE), flags=way), np.float32)


def examples(clip: Path, seconds: float, seed: str) -> Iterator[Example]:
    """Mark a stretch of a clip with a random key and repost it; the same for the same seed.

    Raises:
        FramegateError: The clip cannot be read or marked.
        av.FFmpegError: It cannot be decoded.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    start = chance.uniform(0, max(0.0, seconds - 1.6)) if chance.random() < 0.6 else 0.0
    lines = chance.choice(_LINES)
    with tempfile.TemporaryDirectory() as name:
        plain, marked, copy = (Path(name) / f"{each}.mp4" for each in ("plain", "marked", "copy"))
        encode(plain, _stretch(clip, start, lines), "libx264", x264(10))
        info = probe(plain)
        key = WatermarkKey("training", chance.randbytes(SECRET_BYTES))
        code = chance.randbytes(CODE_BYTES)
        quality = Quality(psnr_db=chance.uniform(43.5, 46), onset_db=chance.uniform(4, 8))
        pattern = _marked(plain, marked, key, code, quality)
        for _ in range(COPIES):
            how = drawn(chance, trimmed=info.duration_ms > 1000)
            try:
                how.attack.run(marked, copy)
            except av.FFmpegError:  # codecs refuse some sizes
                continue
            yield _example(copy, how.shown(pattern))


def drawn(chance: random.Random, *, trimmed: bool) -> Copy:
    """Draw how a copy is made: by which codec at which rate, what is changed, what is cut off."""
    codec, options = _codec(chance)
    copy = _changed(chance)
    first_s = chance.uniform(0.1, 0.5) if chance.random() < 0.25 and trimmed else 0.0
    times = 2 if chance.random() < 0.1 else 1
    attack = replace(copy.attack, codec=codec, options=options, first_s=first_s, times=times)
    return replace(copy, attack=attack)


def _codec(chance: random.Random) -> tuple[str, dict[str, str]]:
    which, crf = chance.random(), chance.uniform(24, 41)
    if which < 0.72:
        preset = chance.choice(["veryfast", "veryfast", "medium", "superfast"])
        return "libx264", {"crf": f"{crf:.1f}", "preset": preset}
    if which < 0.82:
        options = {"crf": f"{crf * 0.9:.1f}", "preset": "superfast"}
        return "libx265", options | {"x265-params": "log-level=none"}
    if which < 0.90:
        return "libvpx-vp9", {"crf": str(int(crf + 8)), "b": "0", "cpu-used": "8"}
    if which < 0.95:
        return "libsvtav1", {"crf": str(int(crf + 12)), "preset": "12"}
    return "libx264", x264(18)


def _changed(chance: random.Random) -> Copy:
    which = chance.random()
    if which < 0.5:
        return Copy(Attack())
    if which < 0.7:
        return Copy(Attack(change=scaled(chance.uniform(0.5, 0.9))))
    if which < 0.85:
        side = chance.uniform(0.72, 0.98)
        left, top = chance.uniform(0, 1 - side), chance.uniform(0, 1 - side)
        return Copy(Attack(change=_part(left, top, side)), (left, top, side, side))
    if which < 0.95:
        return Copy(Attack(change=toned(chance.uniform(0.6, 1.4), chance.choice([0, 128]))))
    return Copy(Attack(change=mirrored), mirrored=True)


def _part(left: float, top: float, side: float) -> Change:
    def change(rgb: Rgb) -> Rgb:
        height, width = rgb.shape[:2]
        down, across = int(height * top), int(width * left)
        high, wide = int(height * side) // 2 * 2, int(width * side) // 2 * 2
        return np.ascontiguousarray(rgb[down : down + high, across : across + wide])

    return change


def _stretch(clip: Path, start: float, lines: int) -> Iterator[tuple[Fraction, Rgb]]:
    first: Fraction | None = None
    for at_s, rgb in decoded(clip, start + _SECONDS):
        if at_s < Fraction(start).limit_denominator(1000):
            continue
        first = at_s if first is None else first
        height, width = rgb.shape[:2]
        share = min(1.0, lines / min(height, width))
        yield at_s - first, resized(rgb, width * share, height * share) if share < 1 else rgb


def _marked(
    plain: Path, target: Path, key: WatermarkKey, code: bytes, quality: Quality
) -> NDArray[np.float32]:
    """Mark a clip; returns the pattern of its first shot."""
    patterns: list[NDArray[np.float32]] = []
    maker: Callable[[Canvas], Transform] = embedder(key, code, quality)

    def watched(canvas: Canvas) -> Transform:
        inner = maker(canvas)
        assert isinstance(inner, Embedder)  # noqa: S101 - the type of a maker is wider

        def transform(planes: Planes) -> None:
            inner(planes)
            if not patterns:
                patterns.append(inner.pattern)

        return transform

    transcode(plain, target, probe(plain), [watched])
    return patterns[0]


def _example(copy: Path, pattern: NDArray[np.float32]) -> Example:
    seen, pictures, residuals = 0, [], []
    first_shot = takewhile(lambda each: each.shot == 0, sections(frames_of(copy, probe(copy))))
    for section in first_shot:
        pictures.append(section.picture.astype(np.float16))
        residuals.append(section.residual.astype(np.float16))
        seen += section.length
        if seen >= _FRAMES:
            break
    return Example(np.stack(pictures), np.stack(residuals), pattern.astype(np.float16))


def make(rows: list[dict[str, str]], root: Path, target: Path, rounds: int) -> int:
    """Write the examples of some clips, `rounds` stretches of each; returns how many there are."""
    target.mkdir(parents=True, exist_ok=True)
    count = 0
    for turn in range(rounds):
        for row in rows:
            seed = f"{row['file']}/{turn}"
            made = examples(root / "video" / row["file"], float(row["duration_s"] or 1), seed)
            try:
                for each in made:
                    each.save(target / f"{count:06d}.npz")
                    count += 1
            except (FramegateError, av.FFmpegError, OSError):
                continue  # it cannot be decoded whole, for instance
    return count
