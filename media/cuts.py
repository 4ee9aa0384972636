"""Scene cuts between decoded pictures, by a measure that costs microseconds.

Each picture is reduced to 64 x 36 grey values (its luma plane, averaged). The measure is the mean
absolute difference of two of them, 0..255: the luma part of the content measure that PySceneDetect
made common (ContentDetector), with its adaptive variant (AdaptiveDetector) against motion: a cut
stands out from what went before it, a pan does not.
"""

from __future__ import annotations

from typing import Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray

CUT_THRESHOLD: Final = 18.0
"""Least mean absolute difference of a cut, in grey levels of 255."""

CUT_RATIO: Final = 3.0
"""How many times the usual difference of the pictures before it a cut must reach."""

_SIZE = (64, 36)
_MEMORY = 0.9
_THIN_FROM = 288
_LUMA_FIRST = frozenset(
    {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray"}
)


def thumbnail(frame: av.VideoFrame) -> NDArray[np.float32]:
    """Return a picture's 36 x 64 grey values as float32, without scaling its colours."""
    if frame.format.name in _LUMA_FIRST:
        plane = frame.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        luma = rows[:, : plane.width]
        # Every second row and column is enough for an average and spares three quarters.
        step = 2 if min(luma.shape) >= _THIN_FROM else 1
        small = cv2.resize(luma[::step, ::step], _SIZE, interpolation=cv2.INTER_AREA)
        return small.astype(np.float32)
    grey = frame.reformat(width=_SIZE[0], height=_SIZE[1], format="gray", threads=1)
    return np.asarray(grey.to_ndarray(), dtype=np.float32)


class CutDetector:
    """Tells whether each picture starts a scene. Fed in order of display; not thread-safe."""

    def __init__(self) -> None:
        self._last: NDArray[np.float32] | None = None
        self._usual = 0.0

    def is_cut(self, small: NDArray[np.float32]) -> bool:
        """Take the next picture's thumbnail and say whether it is a cut."""
        if self._last is None:
            self._last = small
            return False
        difference = float(np.abs(small - self._last).mean())
        self._last = small
        cut = difference >= max(CUT_THRESHOLD, CUT_RATIO * self._usual)
        if not cut:
            self._usual = _MEMORY * self._usual + (1 - _MEMORY) * difference
        return cut
