"""Whether a picture looks the same as one that was looked at before.

Two frames of a still scene need not be classified twice. The comparison is made on a coarse grid
of colours, cell by cell and not on average, so that a small thing that comes into the picture
makes it another picture.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

SAME_MEAN: Final = 1.0
"""Most that two alike pictures differ by on average, in levels of 255."""

SAME_CELL: Final = 8.0
"""Most that any cell of the grid differs by in any colour, in levels of 255."""

_SIDE: Final = 64


class Repeats:
    """Compares each picture with the last one that was no repeat. Not thread-safe.

    Comparing with the last classified picture, and not with the one before, keeps a slow change
    from going on for ever unseen.
    """

    def __init__(self) -> None:
        self._last: NDArray[np.float32] | None = None

    def is_repeat(self, image: NDArray[np.uint8]) -> bool:
        """Say whether a picture, RGB uint8 (height, width, 3), looks like the last new one."""
        grid = cv2.resize(image, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
        if self._last is not None:
            difference = np.abs(grid - self._last)
            if difference.max() <= SAME_CELL and difference.mean() <= SAME_MEAN:
                return True
        self._last = grid
        return False
