"""The crops of a frame that are registered, so that a cropped copy meets one of them.

A PDQ hash forgives about 5 hundredths of shift or scale, so the windows step by that much: sides
of 0.95, 0.9, 0.85 and 0.8 of the picture, at every place on a grid of 0.05. A copy that was cropped
is then never further than half a step from a window in each direction.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

STEP: Final = 20
"""Windows lie on a grid of so many parts of each side."""
LEAST: Final = 16
"""Smallest side of a window in those parts."""


def _places() -> tuple[tuple[int, int, int], ...]:
    return tuple(
        (side, top, left)
        for side in range(STEP - 1, LEAST - 1, -1)
        for top in range(STEP - side + 1)
        for left in range(STEP - side + 1)
    )


PLACES: Final = _places()
"""(side, top, left) of each window in 20ths of the picture: 4 + 9 + 16 + 25 of them."""


def windows(picture: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Cut the windows out of a picture (height, width), in the order of `PLACES`."""
    height, width = picture.shape
    cut = []
    for side, top, left in PLACES:
        rows = slice(round(top * height / STEP), round((top + side) * height / STEP))
        columns = slice(round(left * width / STEP), round((left + side) * width / STEP))
        cut.append(picture[rows, columns])
    return cut
