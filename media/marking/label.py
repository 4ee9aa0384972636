"""The label of a visible mark: white text on a black plate with a white rim.

The text stands on its own ground, so that its contrast does not depend on the picture; the rim
shows where the plate is on a dark one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from media.marking.lettering import Lettering, MarkTextRefused

MIN_TEXT_PX: Final = 10
"""Smallest size of the font: below it, letters are not legible."""

_TEXT_SHARE = 0.055
_MAX_WIDTH_SHARE = 0.6
_MAX_HEIGHT_SHARE = 0.4
_MAX_LINES = 3
_SHRINK = 0.92


class PictureTooSmallForMark(MarkTextRefused):
    """The text does not fit into the clip's picture at a legible size."""

    reason = "MARK_DOES_NOT_FIT"


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """A drawn label, as a viewer sees it.

    Attributes:
        grey: (height, width) float32, 0 black to 1 white.
        opacity: (height, width) float32, 1 but for the rounded corners.
        text_px: Size of the font in pixels.
    """

    grey: NDArray[np.float32]
    opacity: NDArray[np.float32]
    text_px: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.grey.shape[1], self.grey.shape[0]

    def scaled(self, width: int, height: int) -> Label:
        """Return the label in another size, for pixels that are not square."""

        def resize(plane: NDArray[np.float32]) -> NDArray[np.float32]:
            resized = cv2.resize(plane, (width, height), interpolation=cv2.INTER_AREA)
            return np.asarray(resized, np.float32)

        return Label(resize(self.grey), resize(self.opacity), self.text_px)

    def turned(self, degrees: int) -> Label:
        """Return the label turned counter-clockwise, for pictures that a player turns back."""
        turns = degrees // 90
        return Label(np.rot90(self.grey, turns), np.rot90(self.opacity, turns), self.text_px)


def draw_label(text: str, lettering: Lettering, width: int, height: int) -> Label:
    """Draw the label for a picture.

    Args:
        text: As `Lettering.check` returned it.
        lettering: The font.
        width: Of the picture as it is shown, in pixels.
        height: Of the picture as it is shown.

    Returns:
        A label of at most 60 % of the picture's width and 40 % of its height. The font's size is
        5.5 % of the picture's shorter side, less where the text would not fit on three lines.

    Raises:
        PictureTooSmallForMark: It does not fit at `MIN_TEXT_PX`.
    """
    size_px = max(MIN_TEXT_PX, round(_TEXT_SHARE * min(width, height)))
    most_wide, most_high = width * _MAX_WIDTH_SHARE, height * _MAX_HEIGHT_SHARE
    while True:
        pad = _padding(size_px)
        lines = _wrapped(text, lettering, size_px, most_wide - 2 * pad)
        if lines:
            label = _plate([lettering.line(line, size_px) for line in lines], size_px, pad)
            if label.size[0] <= most_wide and label.size[1] <= most_high:
                return label
        if size_px == MIN_TEXT_PX:
            raise PictureTooSmallForMark(
                "the text of the mark does not fit into the picture at a legible size",
                limit=f"{width} x {height}",
                actual=len(text),
            )
        size_px = max(MIN_TEXT_PX, int(size_px * _SHRINK))


def _padding(size_px: int) -> int:
    return max(3, round(0.4 * size_px))


def _wrapped(text: str, lettering: Lettering, size_px: int, most_wide: float) -> list[str]:
    """Break a text at spaces; [] where that needs too many lines or a word is too wide."""
    lines: list[str] = []
    for word in text.split(" "):
        if not word:
            continue
        longer = f"{lines[-1]} {word}" if lines else ""
        if longer and lettering.width(longer, size_px) <= most_wide:
            lines[-1] = longer
        elif len(lines) < _MAX_LINES and lettering.width(word, size_px) <= most_wide:
            lines.append(word)
        else:
            return []
    return lines


def _plate(rows: list[NDArray[np.float32]], size_px: int, pad: int) -> Label:
    rim = max(1, round(size_px / 14))
    width = max(row.shape[1] for row in rows) + 2 * pad
    height = sum(row.shape[0] for row in rows) + 2 * (pad // 2 + rim)
    opacity = _rounded(width, height, pad, 0)
    # The rim is what of the whole plate is not the plate without its rim.
    grey = opacity - _rounded(width, height, pad, rim)
    top = pad // 2 + rim
    for row in rows:
        left = (width - row.shape[1]) // 2
        place = grey[top : top + row.shape[0], left : left + row.shape[1]]
        np.maximum(place, row, out=place)
        top += row.shape[0]
    return Label(grey, opacity, size_px)


def _rounded(width: int, height: int, radius: int, inset: int) -> NDArray[np.float32]:
    """Draw a rectangle with round corners, smooth at its edge: the distance of each pixel to it."""
    radius = max(1, radius - inset)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32) + 0.5
    across = np.maximum(np.abs(columns - width / 2) - (width / 2 - inset - radius), 0)
    along = np.maximum(np.abs(rows - height / 2) - (height / 2 - inset - radius), 0)
    inside: NDArray[np.float32] = np.clip(radius + 0.5 - np.hypot(across, along), 0, 1)
    return inside.astype(np.float32)
