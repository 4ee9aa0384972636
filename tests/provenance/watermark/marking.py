"""Clips that carry a watermark, and what is done to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from media.planes import Canvas
from media.probe import probe
from media.transcoding import transcode
from provenance.watermark.codes import CodeBook
from provenance.watermark.detection import detect
from provenance.watermark.embedding import Quality, embedder
from provenance.watermark.identification import Detection
from provenance.watermark.keys import WatermarkKey
from provenance.watermark.pooling import frames_of
from tests.clips import make_clip

KEY = WatermarkKey("first", bytes(range(32)))
CODE = bytes(range(100, 116))
Rgb = NDArray[np.uint8]
SIZE = (640, 360)


def book(strangers: int = 1000, code: bytes = CODE, key: WatermarkKey = KEY) -> CodeBook:
    """Codes of other clips, and this clip's as the last one."""
    rows = np.random.default_rng(9).integers(0, 256, (strangers + 1, 16), dtype=np.uint8)
    rows[-1] = np.frombuffer(code, np.uint8)
    return CodeBook(key, rows)


def scene(seed: int, count: int, size: tuple[int, int] = SIZE) -> Iterator[Rgb]:
    """A textured landscape that drifts, as colour pictures; no two seeds look alike."""
    width, height = size
    rng = np.random.default_rng(seed)
    ground = np.zeros((height + 64, width + 64, 3), np.float32)
    for sigma, strength in ((2, 6), (8, 12), (40, 50)):
        grain = rng.normal(size=ground.shape).astype(np.float32)
        smooth = cv2.GaussianBlur(grain, (0, 0), sigma)
        ground += smooth / smooth.std() * strength
    picture = np.clip(ground + 120, 0, 255).astype(np.uint8)
    for index in range(count):
        left, top = index % 48, (index // 2) % 48
        yield np.ascontiguousarray(picture[top : top + height, left : left + width])


def marked(
    source: Path,
    *,
    key: WatermarkKey = KEY,
    code: bytes = CODE,
    quality: Quality | None = None,
) -> Path:
    """Mark a clip in the pass that a release takes."""
    target = source.with_name(f"marked-{source.stem}.mp4")
    transcode(source, target, probe(source), [embedder(key, code, quality)])
    return target


def found(clip: Path, *books: CodeBook) -> Detection:
    """Look a clip up."""
    detection = detect(frames_of(clip, probe(clip)), books or (book(),))
    assert detection is not None
    return detection


def decoded(path: Path) -> list[Rgb]:
    """All pictures of a clip."""
    with av.open(str(path)) as clip:
        return [
            np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in clip.decode(video=0)
        ]


def attacked(
    clip: Path,
    name: str,
    change: Callable[[list[Rgb]], list[Rgb]],
    *,
    crf: int = 28,
    fps: int = 24,
) -> Path:
    """Decode a clip, change it, and encode it with x264 as a platform does."""
    target = clip.with_name(f"{name}.mp4")
    return make_clip(
        target,
        fps=fps,
        gop=48,
        pictures=change(decoded(clip)),
        options={"crf": str(crf), "preset": "veryfast", "x264-params": "keyint=48"},
    )


def canvas(width: int, height: int, bits: int = 8, rotation: int = 0) -> Canvas:
    """What the embedder is told of a clip."""
    return Canvas(width, height, bits, False, (2, 2), rotation, Fraction(1), 1)
