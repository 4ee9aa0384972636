"""Short spans of flagged content planted into harmless clips: are they found, and when?

A still is shown for 0.4 s at a random place of a harmless clip, and the whole is encoded anew
(H.264, constant rate factor 28). A finding of the still's category that overlaps the span counts
as found; how far its ends are from the true ones is measured.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from models.evaluation.frames.clips import Judge, JudgedClip, Span
from models.evaluation.numbers import Number, share
from models.frame_sets import Picture

SPAN_S: Final = 0.4
RATE_FACTOR: Final = 28
_LONGEST_S: Final = 12.0
_SHORTEST_S: Final = 2.0
_EVEN: Final = 2
#: Most that an end of a finding may be off, in milliseconds.
TOLERANCE_MS: Final = 250


@dataclass(frozen=True, slots=True)
class Planted:
    """A clip with a span planted into it."""

    path: Path
    category: str
    still: str
    start_ms: int
    end_ms: int


def plant(clip: Path, still: Picture, category: str, target: Path, seed: int) -> Planted | None:
    """Writes a clip with a still shown for `SPAN_S` at a random place.

    Returns:
        The clip, or None where the given one is too short for it.
    """
    pictures, fps = _read(clip)
    shown = max(1, round(SPAN_S * fps))
    if len(pictures) < _SHORTEST_S * fps or len(pictures) <= shown:
        return None
    first = random.Random(seed).randrange(len(pictures) - shown)  # noqa: S311 (no secret)
    height, width = pictures[0].shape[:2]
    pictures[first : first + shown] = [_fitted(still.image, width, height)] * shown
    _write(target, pictures, fps)
    step_ms = 1000 / fps
    return Planted(
        target, category, still.name, round(first * step_ms), round((first + shown) * step_ms)
    )


def measure(planted: Sequence[Planted], judge: Judge, base: Number) -> list[Number]:
    """Judges planted clips: how many spans are found, and how many of those at the right time."""
    found: list[bool] = []
    on_time: list[bool] = []
    for each in planted:
        span = _nearest(each, judge(each.path))
        found.append(span is not None)
        if span is not None:
            off = max(abs(span.start_ms - each.start_ms), abs(span.end_ms - each.end_ms))
            on_time.append(off <= TOLERANCE_MS)
    return [
        share(base, "spans of 0.4 s found", np.array(found, dtype=bool)),
        share(base, f"found ones within {TOLERANCE_MS} ms", np.array(on_time, dtype=bool)),
    ]


def _nearest(planted: Planted, judged: JudgedClip) -> Span | None:
    """The finding of the right category that overlaps the span and fits it best."""
    fitting = [
        span
        for span in judged.spans
        if span.category == planted.category
        and span.start_ms < planted.end_ms
        and span.end_ms > planted.start_ms
    ]

    def off(span: Span) -> int:
        return abs(span.start_ms - planted.start_ms) + abs(span.end_ms - planted.end_ms)

    return min(fitting, key=off, default=None)


def _read(path: Path) -> tuple[list[NDArray[np.uint8]], float]:
    """Pictures of a clip with even sides, and how many there are in a second."""
    pictures: list[NDArray[np.uint8]] = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        fps = min(60.0, float(stream.average_rate or 24))
        for frame in container.decode(stream):
            image = frame.to_ndarray(format="rgb24")
            height, width = (side - side % _EVEN for side in image.shape[:2])
            pictures.append(np.asarray(image[:height, :width], dtype=np.uint8))
            if len(pictures) >= _LONGEST_S * fps:
                break
    return pictures, fps


def _fitted(image: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """A still in the middle of a frame, as large as fits, on grey."""
    share_ = min(width / image.shape[1], height / image.shape[0])
    size = (max(1, int(image.shape[1] * share_)), max(1, int(image.shape[0] * share_)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    frame = np.full((height, width, 3), 64, dtype=np.uint8)
    top, left = (height - size[1]) // 2, (width - size[0]) // 2
    frame[top : top + size[1], left : left + size[0]] = small
    return frame


def _write(path: Path, pictures: Sequence[NDArray[np.uint8]], fps: float) -> None:
    height, width = pictures[0].shape[:2]
    with av.open(str(path), "w") as container:
        rate = Fraction(fps).limit_denominator(1001)
        stream = container.add_stream(
            "libx264", rate=rate, options={"crf": str(RATE_FACTOR), "preset": "veryfast"}
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for image in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))
