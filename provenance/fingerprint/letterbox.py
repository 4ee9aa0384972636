"""Bars around a picture: found over a whole clip and taken off.

A row or column is a bar if it is nearly even and keeps nearly the same dark or light value in
every sampled frame. Judged over the clip and not by the frame, so that one dark scene is not
taken for bars. Blurred or moving fillings are not recognised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

DARK: Final = 24.0
"""Luma up to which a bar is dark, of 255; codecs leave noise of a few levels in it."""
LIGHT: Final = 231.0
"""Luma from which a bar is light."""
LEAST_SHARE: Final = 0.3
"""Least share of each side that a picture keeps; with less it is taken as it is."""

_SPREAD = 20.0  # between the 2nd and 98th hundredth of a row: a small logo may lie in a bar
_CHANGE = 12.0  # of a row's median over the clip
_LOW, _HIGH = 2, 98


@dataclass(frozen=True, slots=True)
class Box:
    """The part of a picture that is no bar, in pixels; the ends are exclusive."""

    top: int
    bottom: int
    left: int
    right: int

    def of(self, picture: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the part of a picture (height, width)."""
        return picture[self.top : self.bottom, self.left : self.right]


def picture_box(pictures: Sequence[NDArray[np.float32]]) -> Box:
    """Find what all pictures of a clip show beside bars.

    Args:
        pictures: Luma, float32, 0..255, all of one shape (height, width); at least one.

    Returns:
        The box of the picture; the whole of it where there are no bars, or where nothing but
        bars was found.
    """
    height, width = pictures[0].shape
    top, bottom = _ends(pictures, axis=1)
    inner = [picture[top:bottom] for picture in pictures]
    left, right = _ends(inner, axis=0)
    if bottom - top < LEAST_SHARE * height or right - left < LEAST_SHARE * width:
        return Box(0, height, 0, width)
    return Box(top, bottom, left, right)


def _ends(pictures: Sequence[NDArray[np.float32]], axis: int) -> tuple[int, int]:
    """First and last line that is no bar; lines run along `axis`."""
    low, middle, high = (
        np.stack(values)
        for values in zip(
            *(np.percentile(picture, (_LOW, 50, _HIGH), axis=axis) for picture in pictures),
            strict=True,
        )
    )
    even = (high - low).max(axis=0) <= _SPREAD
    kept = np.ptp(middle, axis=0) <= _CHANGE
    plain = (high.max(axis=0) <= DARK + _SPREAD) & (middle.max(axis=0) <= DARK)
    plain |= middle.min(axis=0) >= LIGHT
    seen = np.flatnonzero(~(even & kept & plain))
    return (int(seen[0]), int(seen[-1]) + 1) if len(seen) else (0, len(even))
