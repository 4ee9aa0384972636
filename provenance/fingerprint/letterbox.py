"""Bars around a picture: found over a whole clip and taken off.

A row or column is a bar if it is nearly even and keeps nearly the same dark or light value in
every sampled frame. Judged over the clip and not by the frame, so that one dark scene is not
taken for bars. Blurred or moving fillings are not recognised.
"""

from __future__ import annotations

from collections.abc import Iterable
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


class Edges:
    """Tells whether the pictures of a clip may have bars, while they come. Not thread-safe.

    What once is no bar never becomes one. So from the moment on at which the outermost line on
    each side is none, `picture_box` of all pictures, also of those to come, is the whole picture.
    """

    def __init__(self) -> None:
        self._rows, self._columns = _Lines(), _Lines()

    def see(self, picture: NDArray[np.float32]) -> None:
        """Take a picture in; all of them have one shape (height, width)."""
        self._rows.see(picture[[0, -1]], axis=1)
        self._columns.see(picture[:, [0, -1]], axis=0)

    @property
    def possible(self) -> bool:
        """Whether there may be bars, as far as was seen."""
        return bool(self._rows.bars().any() or self._columns.bars().any())


class _Lines:
    """What is known of lines at the same places of several pictures."""

    def __init__(self) -> None:
        self._spread = self._middle_high = self._high = np.float64(-np.inf)
        self._middle_low = np.float64(np.inf)

    def see(self, picture: NDArray[np.float32], axis: int) -> None:
        """Take the lines of a picture in; they run along `axis`."""
        low, middle, high = np.percentile(picture, (_LOW, 50, _HIGH), axis=axis)
        self._spread = np.maximum(self._spread, high - low)
        self._high = np.maximum(self._high, high)
        self._middle_high = np.maximum(self._middle_high, middle)
        self._middle_low = np.minimum(self._middle_low, middle)

    def bars(self) -> NDArray[np.bool_]:
        """Which of them are bars."""
        even = self._spread <= _SPREAD
        kept = self._middle_high - self._middle_low <= _CHANGE
        plain = (self._high <= DARK + _SPREAD) & (self._middle_high <= DARK)
        plain |= self._middle_low >= LIGHT
        return np.asarray(even & kept & plain)


def picture_box(pictures: Iterable[NDArray[np.float32]]) -> Box:
    """Find what all pictures of a clip show beside bars.

    Args:
        pictures: Luma, float32, 0..255, all of one shape (height, width); at least one. They are
            gone through several times, one at a time.

    Returns:
        The box of the picture; the whole of it where there are no bars, or where nothing but
        bars was found.
    """
    height, width = next(iter(pictures)).shape
    top, bottom = _ends(pictures, axis=1)
    left, right = _ends((picture[top:bottom] for picture in pictures), axis=0)
    if bottom - top < LEAST_SHARE * height or right - left < LEAST_SHARE * width:
        return Box(0, height, 0, width)
    return Box(top, bottom, left, right)


def _ends(pictures: Iterable[NDArray[np.float32]], axis: int) -> tuple[int, int]:
    """First and last line that is no bar; lines run along `axis`."""
    lines = _Lines()
    for picture in pictures:
        lines.see(picture, axis)
    bars = lines.bars()
    seen = np.flatnonzero(~bars)
    return (int(seen[0]), int(seen[-1]) + 1) if len(seen) else (0, len(bars))
