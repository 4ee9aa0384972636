"""Watermarks to be compared: each marks a clip and reads one, whatever package it comes from."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol, cast

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.connection import Peers, Picture
from benchmarks.watermarking import KEY, book_with, drawn, ssim
from media.frames import Frame
from media.planes import Canvas, Plane, Planes, Transform, TransformMaker
from media.probe import probe
from media.transcoding import transcode
from provenance.watermark import neural
from provenance.watermark.codes import CODE_BITS, CODE_BYTES, signs_of
from provenance.watermark.embedding import embedder
from provenance.watermark.identification import identify
from provenance.watermark.networks import Network
from provenance.watermark.pooling import frames_of, pool
from provenance.watermark.reading import read
from provenance.watermark.training.reposting import Rgb, decoded, encode

PEER_BITS = 32
# As a release is encoded, so that all packages' clips go the same way.
_RELEASE = {"preset": "fast", "crf": "17", "bf": "0"}
_TIMED_SIZE = (854, 480)
_EVERY = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """What marking a clip cost.

    Attributes:
        psnr: Of luma, mean over pictures, dB, before encoding.
        psnr_rgb: Of red, green and blue: what a mark in the colours costs is seen here alone.
        ssim: Of luma.
        embed_ms: CPU time for a picture of 854 x 480.
        detect_ms: Likewise, codec apart.
    """

    psnr: float
    psnr_rgb: float
    ssim: float
    embed_ms: float
    detect_ms: float


@dataclass(frozen=True, slots=True)
class Read:
    """What was read from a clip.

    Attributes:
        bits: Share of the payload's bits.
        hit: Whether the right clip was identified.
        wrong: Whether a wrong one was.
        once_ms: CPU time of what is done once a clip: the search for crops and turns, and the
            look-up among a million codes.
    """

    bits: float
    hit: bool
    wrong: bool = False
    once_ms: float = 0.0


class Marker(Protocol):
    """A watermark."""

    @property
    def name(self) -> str:
        """Name and version."""

    @property
    def bits(self) -> int:
        """Of the payload."""

    @property
    def alarms(self) -> str:
        """The rate of false alarms at which a clip counts as identified."""

    def mark(self, plain: Path, target: Path, seed: str) -> Cost:
        """Mark a clip with the payload of a seed."""

    def read(self, clip: Path, seed: str) -> Read:
        """Read a clip that should have the payload of a seed."""


def _timed_pictures(plain: Path, count: int) -> list[Rgb]:
    return [cast("Rgb", cv2.resize(rgb, _TIMED_SIZE)) for _, rgb in _first(plain, count)]


def _first(plain: Path, count: int) -> Iterator[tuple[Fraction, Rgb]]:
    for index, each in enumerate(decoded(plain)):
        if index == count:
            return
        yield each


def _embed_ms(maker: TransformMaker, pictures: Sequence[Rgb]) -> float:
    """CPU time of a transform for a picture of 854 x 480."""
    canvas = Canvas(*_TIMED_SIZE, 8, False, (2, 2), 0, Fraction(1), 1)  # noqa: FBT003 - a range
    transform = maker(canvas)
    planes = []
    for index, rgb in enumerate(pictures):
        luma = cast("Plane", cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))
        chroma = (np.full((240, 427), 128, np.uint8), np.full((240, 427), 128, np.uint8))
        planes.append(Planes(40.0 * index, luma, chroma))
    start = time.process_time()
    for picture in planes:
        transform(picture)
    return (time.process_time() - start) * 1000 / len(planes)


def _marked(
    plain: Path, target: Path, maker: TransformMaker, embed_ms: float, detect_ms: float
) -> Cost:
    fidelity = Fidelity()
    transcode(plain, target, probe(plain), [fidelity.watching(maker)])
    return fidelity.cost(embed_ms, detect_ms)


@dataclass(slots=True)
class Fidelity:
    """How near marked pictures are to what they were, every fifth one."""

    psnr: list[float] = field(default_factory=list)
    psnr_rgb: list[float] = field(default_factory=list)
    ssim: list[float] = field(default_factory=list)

    def watching(self, maker: TransformMaker) -> TransformMaker:
        """Wrap a maker: 8 bits, chroma halved, as the clips here are."""

        def make(canvas: Canvas) -> Transform:
            inner, count = maker(canvas), 0

            def transform(planes: Planes) -> None:
                nonlocal count
                before = _packed(planes)
                inner(planes)
                if count % _EVERY == 0:
                    after = _packed(planes)
                    rgb = [cv2.cvtColor(each, cv2.COLOR_YUV2RGB_I420) for each in (before, after)]
                    height = len(planes.luma)
                    self.see(before[:height], after[:height], rgb[0], rgb[1])
                count += 1

            return transform

        return make

    def see(
        self, before: Plane, after: Plane, rgb_before: NDArray[Any], rgb_after: NDArray[Any]
    ) -> None:
        """Compare the luma of two pictures, and their RGB."""
        luma = [each.astype(np.float32) for each in (before, after)]
        self.psnr.append(_psnr(luma[0], luma[1]))
        self.psnr_rgb.append(_psnr(rgb_before.astype(np.float32), rgb_after.astype(np.float32)))
        self.ssim.append(ssim(luma[0], luma[1], 255.0))

    def cost(self, embed_ms: float, detect_ms: float) -> Cost:
        """The means."""
        psnr, rgb, similar = (
            float(np.mean(each)) for each in (self.psnr, self.psnr_rgb, self.ssim)
        )
        return Cost(psnr, rgb, similar, embed_ms, detect_ms)


def _packed(planes: Planes) -> NDArray[np.uint8]:
    parts = [np.asarray(plane, np.uint8).ravel() for plane in (planes.luma, *planes.chroma)]
    return np.concatenate(parts).reshape(-1, planes.luma.shape[1])


def _psnr(before: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    error = float(np.mean((before - after) ** 2))
    return 10 * float(np.log10(255**2 / max(error, 1e-4)))


@dataclass(frozen=True, slots=True)
class Ours:
    """Framegate's spread spectrum, as a release embeds it; among a million registered codes."""

    name: str = "framegate"
    bits: int = CODE_BITS
    alarms: str = "1e-9 among a million codes, proved"

    def mark(self, plain: Path, target: Path, seed: str) -> Cost:
        """See `Marker`."""
        maker = embedder(KEY, drawn(seed, CODE_BYTES))
        pictures = _timed_pictures(plain, 25)
        frames = [Frame(i, 40 * i, rgb, False) for i, rgb in enumerate(pictures)]  # noqa: FBT003
        start = time.process_time()
        pool(frames)
        detect_ms = (time.process_time() - start) * 1000 / len(frames)
        return _marked(plain, target, maker, _embed_ms(maker, pictures), detect_ms)

    def read(self, clip: Path, seed: str) -> Read:
        """See `Marker`."""
        code = drawn(seed, CODE_BYTES)
        pooled, book = pool(frames_of(clip, probe(clip))), book_with(code)
        start = time.process_time()
        readings = read(pooled, [KEY])
        found = identify(readings, [book])
        once_ms = (time.process_time() - start) * 1000
        bits = float(((readings[0].sums > 0) == (signs_of(code) > 0)).mean())
        known = found is not None and found.found
        hit = known and found is not None and found.code == code
        return Read(bits, hit, known and not hit, once_ms)


@dataclass(frozen=True, slots=True)
class Neural:
    """A network of the operator's, by `provenance.watermark.neural`; among a million codes."""

    network: Network
    alarms: str = "1e-9 among a million codes, over the payloads' draw"
    _books: dict[bytes, neural.PayloadBook] = field(default_factory=dict, init=False)

    @property
    def name(self) -> str:
        """See `Marker`."""
        return self.network.id

    @property
    def bits(self) -> int:
        """See `Marker`."""
        return self.network.bits

    def mark(self, plain: Path, target: Path, seed: str) -> Cost:
        """See `Marker`."""
        maker = neural.embedder(self.network, KEY, drawn(seed, CODE_BYTES))
        pictures = _timed_pictures(plain, 5)
        frames = [Frame(i, 40 * i, rgb, False) for i, rgb in enumerate(pictures)]  # noqa: FBT003
        start = time.process_time()
        neural.read(self.network, frames)
        detect_ms = (time.process_time() - start) * 1000 / len(frames)
        return _marked(plain, target, maker, _embed_ms(maker, pictures), detect_ms)

    def read(self, clip: Path, seed: str) -> Read:
        """See `Marker`."""
        code = drawn(seed, CODE_BYTES)
        reading = neural.read(self.network, frames_of(clip, probe(clip)))
        book = self._payloads(code)
        start = time.process_time()
        found = neural.identify(reading, [book])
        once_ms = (time.process_time() - start) * 1000
        payload = neural.payload_of(self.network, KEY, code)
        known = found is not None and found.found
        hit = known and found is not None and found.code == code
        bits = float(((reading.logits > 0) == (payload > 0)).mean())
        return Read(bits, hit, known and not hit, once_ms)

    def _payloads(self, code: bytes) -> neural.PayloadBook:
        """Those of a million codes: seconds of work, and all attacks on a clip need the same."""
        if code not in self._books:
            self._books.clear()
            self._books[code] = neural.PayloadBook.of(self.network, book_with(code))
        return self._books[code]


@dataclass(slots=True)
class Peer:
    """A package's watermark, as it ships.

    Its bits are read from some pictures, and the majority counts. Pictures that were scaled or
    cropped are scaled back to the size that was marked: a user who knows that size could do so.

    Attributes:
        peers: The packages.
        method: Which one.
        read_pictures: From how many pictures of a clip bits are read; odd.
        timed: How many pictures are timed.
    """

    peers: Peers
    method: str
    read_pictures: int
    timed: int
    bits: int = PEER_BITS
    alarms: str = "2.3e-10 a payload (32 coins), 2.3e-4 among a million; stated by none"
    _size: tuple[int, int] = field(default=(0, 0), init=False)

    @property
    def name(self) -> str:
        """See `Marker`."""
        version = self.peers.versions.get(self.method)
        package = "" if self.method == "blind-watermark" else "invisible-watermark "
        return f"{package}{self.method}" + (f" {version}" if version else "")

    def mark(self, plain: Path, target: Path, seed: str) -> Cost:
        """See `Marker`."""
        shown = list(decoded(plain))
        pictures = [rgb for _, rgb in shown]
        payload = _payload(seed)
        made, _ = self.peers.embed(self.method, pictures, payload)
        height, width = pictures[0].shape[:2]
        self._size = (width, height)
        times = (at_s for at_s, _ in shown)
        encode(target, zip(times, made, strict=True), "libx264", _RELEASE)
        fidelity = Fidelity()
        for before, after in zip(pictures[::_EVERY], made[::_EVERY], strict=True):
            fidelity.see(_luma(before), _luma(after), before, after)
        timed = _timed_pictures(plain, self.timed)
        timed_made, embed_ms = self.peers.embed(self.method, timed, payload)
        _, detect_ms = self.peers.read(self.method, timed_made)
        return fidelity.cost(embed_ms, detect_ms)

    def read(self, clip: Path, seed: str) -> Read:
        """See `Marker`."""
        pictures = [cast("Picture", cv2.resize(rgb, self._size)) for _, rgb in decoded(clip)]
        count = min(self.read_pictures, len(pictures) - 1 + len(pictures) % 2)
        places = np.linspace(0, len(pictures) - 1, count).round().astype(int)
        votes, _ = self.peers.read(self.method, [pictures[place] for place in places])
        agree = (votes.mean(axis=0) > 0.5) == np.array(_payload(seed), bool)
        return Read(float(agree.mean()), bool(agree.all()))


def _payload(seed: str) -> list[int]:
    return [random.Random(f"{seed} {bit}").randrange(2) for bit in range(PEER_BITS)]  # noqa: S311


def _luma(rgb: Rgb) -> NDArray[np.uint8]:
    """The luma that an encoder gets of a picture, 16 to 235."""
    even = np.ascontiguousarray(rgb[: rgb.shape[0] // 2 * 2, : rgb.shape[1] // 2 * 2])
    planes = av.VideoFrame.from_ndarray(even, format="rgb24").to_ndarray(format="yuv420p")
    return np.asarray(planes[: even.shape[0]], np.uint8)
