"""Marks that somebody copies: averaged over marked clips, and put onto a clip without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from provenance.watermark.training.reposting import Rgb, decoded

Plane = NDArray[np.float32]

WAYS: Final = {
    "detail": (1.0, 3.0, 10.0),
    "pictures": (0.1, 0.25, 0.5),
    "with the originals": (1.0, 5.0, 20.0),
    "one clip's mark": (2.0,),
}
CONTROL: Final = "one clip's mark"
"""The way in which the mark survives, so that the other ways are known to be tried in earnest."""

_SMOOTH = 2.0
_FRAMES = 60
_SHAPE = (360, 640)


class Averages:
    """Means over marked clips, picture by picture, in one size and without colour.

    Attributes:
        marked: Mean of the marked pictures, (60, 360, 640) float32, 0..255.
        changed: Mean of what marking changed.
        single: What marking changed in the first clip.
    """

    def __init__(self) -> None:
        self.marked: NDArray[np.float32] = np.zeros((_FRAMES, *_SHAPE), np.float32)
        self.changed = np.zeros_like(self.marked)
        self.single = np.zeros_like(self.marked)
        self._clips = 0

    def add(self, signed: Path, plain: Path) -> None:
        """Take a clip in, marked and as it was; of a short one the first pictures come again."""
        both = zip(_greys(signed), _greys(plain), strict=False)
        pairs = [pair for pair, _ in zip(both, range(_FRAMES), strict=False)]
        for at in range(_FRAMES):
            marked, bare = pairs[at % len(pairs)]
            turn = self._clips + 1
            self.marked[at] += (marked - self.marked[at]) / turn
            self.changed[at] += (marked - bare - self.changed[at]) / turn
            if not self._clips:
                self.single[at] = marked - bare
        self._clips += 1

    def onto(self, rgb: Rgb, at: int, way: str, strength: float) -> Rgb:
        """Put what was averaged onto a picture of a stranger's clip."""
        number, size = at % _FRAMES, (rgb.shape[1], rgb.shape[0])
        if way == "pictures":
            mean = cv2.resize(self.marked[number], size)[..., None]
            mixed = rgb * np.float32(1 - strength) + mean * np.float32(strength)
        else:
            detail = {
                "detail": self.marked[number]
                - cv2.GaussianBlur(self.marked[number], (0, 0), _SMOOTH),
                "with the originals": self.changed[number],
                CONTROL: self.single[number],
            }[way]
            mixed = rgb + np.float32(strength) * cv2.resize(detail, size)[..., None]
        return np.asarray(np.clip(np.rint(mixed), 0, 255), np.uint8)


def _greys(path: Path) -> Iterator[Plane]:
    for _, rgb in decoded(path):
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
        yield np.asarray(cv2.resize(grey, _SHAPE[::-1]), np.float32)
