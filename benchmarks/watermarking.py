"""What the invisible watermark costs and survives, on the clips of a data folder.

    FRAMEGATE_DATA=../shared/data python -m benchmarks.watermarking [--clips 40] [--attacks light]

Each clip (its first seconds) is marked as a release is: in one pass of decoding and encoding. Then
it is attacked, and looked up among a million registered codes of which one is its own. The table
has, for each attack, the mean share of the 128 bits that were read and the share of the clips that
were identified at a corrected p-value of 1e-9, with n and 95 % intervals (bootstrap over clips;
Wilson), also of those of 256 lines and more. A wrong code that is identified ends the command with
an error. Then come the quality of the marked pictures before encoding, the bytes at equal crf, CPU
time for a picture scaled to 854 x 480, and the null: random keys against unmarked clips.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.reposting import ATTACKS, LIGHT
from media.errors import FramegateError
from media.frames import Frame
from media.planes import Canvas, Plane, Planes, Transform, TransformMaker
from media.probe import probe
from media.transcoding import transcode
from models.calibration import wilson_interval
from provenance.watermark.codes import CODE_BITS, CODE_BYTES, CodeBook, signs_of
from provenance.watermark.embedding import MIN_SIDE, Quality, embedder
from provenance.watermark.identification import ALARM, identify
from provenance.watermark.keys import SECRET_BYTES, WatermarkKey
from provenance.watermark.pooling import frames_of, pool
from provenance.watermark.reading import read
from provenance.watermark.significance import binomial_tail
from provenance.watermark.training.clips import chosen
from provenance.watermark.training.reposting import Attack, Rgb, decoded, encode, x264

REGISTERED = 1_000_000
LARGER = 256
KEY = WatermarkKey("benchmark", bytes(range(32)))


@dataclass(slots=True)
class Costs:
    """What marking does to pictures, collected while it is done."""

    psnr: list[float] = field(default_factory=list)
    ssim: list[float] = field(default_factory=list)

    def watching(self, maker: TransformMaker) -> TransformMaker:
        """Wraps a maker: every picture is compared before and after."""

        def make(canvas: Canvas) -> Transform:
            inner = maker(canvas)

            def transform(planes: Planes) -> None:
                before = planes.luma.astype(np.float32)
                inner(planes)
                after = planes.luma.astype(np.float32)
                top = float((1 << canvas.bits) - 1)
                error = float(np.mean((after - before) ** 2))
                self.psnr.append(10 * float(np.log10(top * top / max(error, 1e-4))))
                self.ssim.append(ssim(before, after, top))

            return transform

        return make


def ssim(left: NDArray[np.float32], right: NDArray[np.float32], top: float) -> float:
    """Mean structural similarity (Wang et al., IEEE Trans. Image Processing 13(4), 2004)."""

    def mean(plane: NDArray[Any]) -> NDArray[Any]:
        return cast("NDArray[Any]", cv2.GaussianBlur(plane, (11, 11), 1.5))

    c1, c2 = (0.01 * top) ** 2, (0.03 * top) ** 2
    m1, m2 = mean(left), mean(right)
    v1, v2 = mean(left * left) - m1 * m1, mean(right * right) - m2 * m2
    both = mean(left * right) - m1 * m2
    found = (2 * m1 * m2 + c1) * (2 * both + c2) / ((m1 * m1 + m2 * m2 + c1) * (v1 + v2 + c2))
    return float(found.mean())


def drawn(seed: str, size: int) -> bytes:
    """Bytes that look random, the same for the same seed."""
    return random.Random(seed).randbytes(size)  # noqa: S311 - no secret


def book_with(code: bytes) -> CodeBook:
    """A million registered codes, of which the middle one is the clip's."""
    rows = np.random.default_rng(1).integers(0, 256, (REGISTERED, CODE_BYTES), dtype=np.uint8)
    rows[REGISTERED // 2] = np.frombuffer(code, np.uint8)
    return CodeBook(KEY, rows)


def interval(values: Sequence[float]) -> str:
    """Mean and 95 % percentile bootstrap over clips."""
    means = np.random.default_rng(3).choice(values, (2000, len(values))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return f"{np.mean(values):.4g} [{low:.4g}, {high:.4g}]"


def share(hits: int, n: int) -> str:
    """A share with its 95 % Wilson interval."""
    low, high = wilson_interval(hits, n)
    return f"{hits / n:.3f} [{low:.3f}, {high:.3f}]"


@dataclass(slots=True)
class Bench:
    """All that is measured."""

    quality: Quality
    attacks: dict[str, Attack]
    keys: int
    lines: list[int] = field(default_factory=list)
    bits: dict[str, list[float]] = field(default_factory=dict)
    hits: dict[str, list[bool]] = field(default_factory=dict)
    psnr: list[float] = field(default_factory=list)
    worst: list[float] = field(default_factory=list)
    ssim: list[float] = field(default_factory=list)
    bytes_more: list[float] = field(default_factory=list)
    embed_ms: list[float] = field(default_factory=list)
    detect_ms: list[float] = field(default_factory=list)
    null: list[int] = field(default_factory=list)
    wrong: int = 0

    def take(self, source: Path, folder: Path, seed: int, seconds: float) -> None:
        """Marks, attacks and reads one clip."""
        plain, marked, target = (folder / f"{name}.mp4" for name in ("plain", "marked", "attacked"))
        encode(plain, decoded(source, seconds), "libx264", x264(10))
        info = probe(plain)
        code = drawn(str(seed), CODE_BYTES)
        book, costs = book_with(code), Costs()
        transcode(plain, marked, info, [costs.watching(embedder(KEY, code, self.quality))])
        self.psnr.append(float(np.mean(costs.psnr)))
        self.worst.append(min(costs.psnr))
        self.ssim.append(float(np.mean(costs.ssim)))
        sizes = []
        for clip in (self._untouched(plain, folder), marked):
            Attack(options=x264(23)).run(clip, target)
            sizes.append(target.stat().st_size)
        self.bytes_more.append(sizes[1] / sizes[0] - 1)
        self._time(plain, code)
        self.lines.append(min(info.width, info.height))
        for name, attack in self.attacks.items():
            attack.run(marked, target)
            self._look(name, target, code, book)
        pooled = pool(frames_of(plain, info))
        for index in range(self.keys):
            key = WatermarkKey("null", drawn(f"{seed}/{index}", SECRET_BYTES))
            sums = read(pooled, [key], search=False)[0].sums
            self.null.append(int((sums > 0).sum()))

    def _untouched(self, plain: Path, folder: Path) -> Path:
        again = folder / "again.mp4"
        transcode(plain, again, probe(plain), [])
        return again

    def _look(self, name: str, clip: Path, code: bytes, book: CodeBook) -> None:
        readings = read(pool(frames_of(clip, probe(clip))), [KEY])
        found = identify(readings, [book])
        agreeing = float(((readings[0].sums > 0) == (signs_of(code) > 0)).mean())
        hit = found is not None and found.found and found.code == code
        self.wrong += found is not None and found.found and not hit
        self.bits.setdefault(name, []).append(agreeing)
        self.hits.setdefault(name, []).append(hit)

    def _time(self, plain: Path, code: bytes) -> None:
        pictures = [cast("Rgb", cv2.resize(rgb, (854, 480))) for _, rgb in decoded(plain, 4.0)]
        canvas = Canvas(854, 480, 8, False, (2, 2), 0, Fraction(1), 1)  # noqa: FBT003 - a range
        transform = embedder(KEY, code, self.quality)(canvas)
        planes = [
            Planes(40.0 * index, cast("Plane", cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)), _NO_CHROMA)
            for index, rgb in enumerate(pictures)
        ]
        start = time.process_time()
        for picture in planes:
            transform(picture)
        self.embed_ms.append((time.process_time() - start) * 1000 / len(planes))
        frames = [Frame(i, 40 * i, rgb, False) for i, rgb in enumerate(pictures)]  # noqa: FBT003
        start = time.process_time()
        pool(frames)
        self.detect_ms.append((time.process_time() - start) * 1000 / len(frames))

    def report(self) -> None:
        """Prints the tables."""
        n = len(self.psnr)
        print(f"\n{n} clips, quality {self.quality.psnr_db:g} dB, {REGISTERED:,} codes\n")
        larger = [at for at, lines in enumerate(self.lines) if lines >= LARGER]
        columns = f"bits read | identified at 1e-9 | {LARGER} lines and more: n | identified"
        print(f"| attack | n | {columns} |")
        print("|---|---|---|---|---|---|")
        for name, bits in self.bits.items():
            hits = self.hits[name]
            of_larger = share(sum(hits[at] for at in larger), len(larger)) if larger else "none"
            print(
                f"| {name} | {len(bits)} | {interval(bits)} | {share(sum(hits), len(hits))} "
                f"| {len(larger)} | {of_larger} |"
            )
        print("\n| measure | n | mean, 95 % interval |\n|---|---|---|")
        for label, values in (
            ("PSNR-Y, dB", self.psnr),
            ("PSNR-Y of a clip's worst picture, dB", self.worst),
            ("SSIM-Y", self.ssim),
            ("bytes at crf 23, share more", self.bytes_more),
            ("embed, CPU ms a picture of 854 x 480", self.embed_ms),
            ("detect, CPU ms a picture of 854 x 480", self.detect_ms),
        ):
            print(f"| {label} | {len(values)} | {interval(values)} |")
        if self.null:
            print(
                f"\nnull: {len(self.null)} random keys on unmarked clips, mean bits agreeing "
                f"{np.mean(self.null):.3f} (expected 64), deviation {np.std(self.null):.3f} "
                f"(expected {CODE_BITS**0.5 / 2:.3f}), most {max(self.null)} (its chance "
                f"{binomial_tail(max(self.null), CODE_BITS):.1e}), "
                f"Kolmogorov-Smirnov p {uniformity(self.null):.3f}"
            )
        print(f"wrong clips identified: {self.wrong} of {sum(map(len, self.hits.values()))}")


_NO_CHROMA = (np.zeros((1, 1), np.uint8), np.zeros((1, 1), np.uint8))


def uniformity(counts: Sequence[int]) -> float:
    """P-value of Kolmogorov and Smirnov for counts against Binomial(128, 1/2).

    Ties are broken by a draw, which makes the probability transform exactly uniform.
    """
    draw = np.random.default_rng(5).random(len(counts))
    tails = [binomial_tail(bits, CODE_BITS) for bits in counts]
    above = [binomial_tail(bits + 1, CODE_BITS) if bits < CODE_BITS else 0.0 for bits in counts]
    spread = np.sort(np.array(above) + draw * (np.array(tails) - np.array(above)))
    n = len(spread)
    steps = np.arange(1, n + 1) / n
    distance = float(max((steps - spread).max(), (spread - steps + 1 / n).max()))
    t = (n**0.5 + 0.12 + 0.11 / n**0.5) * distance
    total = sum((-1.0) ** (j - 1) * float(np.exp(-2 * (j * t) ** 2)) for j in range(1, 101))
    return min(1.0, max(0.0, 2 * total))


def main() -> None:
    """Marks, attacks, reads, and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("FRAMEGATE_DATA"))
    parser.add_argument("--split", default="eval", choices=["eval", "train", "other"])
    parser.add_argument("--clips", type=int, default=40)
    parser.add_argument("--least-side", type=int, default=MIN_SIDE, help="pixels; none smaller")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--attacks", default="all", choices=["all", "light"])
    parser.add_argument("--psnr", type=float, default=Quality().psnr_db)
    parser.add_argument("--keys", type=int, default=75, help="random keys a clip, for the null")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.data is None:
        parser.error("--data or FRAMEGATE_DATA names the data folder")
    cv2.setNumThreads(1)
    names = LIGHT if options.attacks == "light" else tuple(ATTACKS)
    bench = Bench(
        Quality(psnr_db=options.psnr), {name: ATTACKS[name] for name in names}, options.keys
    )
    clips = chosen(
        Path(options.data), options.split, options.clips, options.seed, options.least_side
    )
    for index, clip in enumerate(clips):
        with tempfile.TemporaryDirectory() as folder:
            try:
                bench.take(clip, Path(folder), index, options.seconds)
            except (FramegateError, av.FFmpegError) as error:
                # It cannot be decoded whole, for instance; it is named, and not counted.
                print(f"left out: {clip.name}: {error}", flush=True)
                continue
        print(f"{index + 1}/{len(clips)} {clip.name}", flush=True)
    bench.report()
    if bench.wrong:
        parser.exit(1, "a wrong clip was identified\n")


if __name__ == "__main__":
    assert ALARM == 1e-9  # noqa: S101 - the column's name says so
    main()
