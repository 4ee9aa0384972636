"""Drawing a label into the planes of a clip's pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.marking.label import Label, draw_label
from media.marking.lettering import Lettering
from media.marking.path import place_at
from media.planes import Canvas, Plane, Planes, Transform, TransformMaker

# HDR reference white (ITU-R BT.2408-7, table 1): full code is for highlights and would dazzle.
_WHITE: Final = {16: 0.58, 18: 0.75}
_MARGIN_SHARE = 0.03


def visible_mark(text: str, lettering: Lettering) -> TransformMaker:
    """Give the transform that draws a moving label into every picture.

    Args:
        text: What it says; "AI" where "".
        lettering: The font.

    Returns:
        A maker for `media.transcoding`. It raises PictureTooSmallForMark for a picture that the
        text does not fit into.

    Raises:
        MarkTextRefused: The text cannot be written; see `Lettering.check`.
    """
    text = lettering.check(text)

    def make(canvas: Canvas) -> Transform:
        return Stamp.of(text, lettering, canvas)

    return make


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """A label as numbers of the planes it is drawn into; a `Transform`.

    Attributes:
        canvas: What it is drawn into.
        ink: (height, width) float32, luma codes.
        opacity: The same shape, 0 to 1.
        chroma_opacity: That of the chroma planes.
        margin: Pixels that are kept free at each side.
    """

    canvas: Canvas
    ink: NDArray[np.float32]
    opacity: NDArray[np.float32]
    chroma_opacity: NDArray[np.float32]
    margin: int

    @classmethod
    def of(cls, text: str, lettering: Lettering, canvas: Canvas) -> Stamp:
        """Draw the label for a canvas."""
        label = _for_pixels(text, lettering, canvas)
        across, along = canvas.chroma_step
        grey, opacity = _whole(label.grey, across, along), _whole(label.opacity, across, along)
        scale = 1 << (canvas.bits - 8)
        low, high = (0, 256 * scale - 1) if canvas.full_range else (16 * scale, 235 * scale)
        ink = low + grey * ((high - low) * _WHITE.get(canvas.transfer, 1.0))
        height, width = opacity.shape
        blocks = opacity.reshape(height // along, along, width // across, across)
        # The plate is grey to its last pixel: the most opaque one of a block counts.
        chroma = blocks.max(axis=(1, 3))
        margin = round(_MARGIN_SHARE * min(canvas.width, canvas.height))
        return cls(canvas, ink.astype(np.float32), opacity, chroma, margin)

    def __call__(self, planes: Planes) -> None:
        """Draw the label where it is at the picture's time."""
        left, top, right, bottom = self.box(planes.at_ms)
        across, along = self.canvas.chroma_step
        _blend(planes.luma[top:bottom, left:right], self.ink, self.opacity)
        middle = np.float32(1 << (self.canvas.bits - 1))
        for plane in planes.chroma:
            part = plane[top // along : bottom // along, left // across : right // across]
            _blend(part, middle, self.chroma_opacity)

    def box(self, at_ms: float) -> tuple[int, int, int, int]:
        """Tell where the label is: left, top, right and bottom in pixels of the luma plane."""
        height, width = self.ink.shape
        across, along = place_at(at_ms)
        left = self._start(across, self.canvas.width - width, self.canvas.chroma_step[0])
        top = self._start(along, self.canvas.height - height, self.canvas.chroma_step[1])
        return left, top, left + width, top + height

    def _start(self, share: float, free: int, step: int) -> int:
        margin = min(self.margin, free // 2)
        return round(margin + share * (free - 2 * margin)) // step * step


def _for_pixels(text: str, lettering: Lettering, canvas: Canvas) -> Label:
    """Draw the label as a viewer is to see it, then undo what a player does to the picture."""
    stretch = float(canvas.pixel_aspect)
    width, height = canvas.width * max(stretch, 1.0), canvas.height / min(stretch, 1.0)
    if canvas.rotation % 180:
        width, height = height, width
    label = draw_label(text, lettering, int(width), int(height)).turned(canvas.rotation)
    if canvas.pixel_aspect != 1:
        wide, high = label.size
        label = label.scaled(
            max(1, round(wide / max(stretch, 1.0))), max(1, round(high * min(stretch, 1.0)))
        )
    return label


def _whole(plane: NDArray[np.float32], across: int, along: int) -> NDArray[np.float32]:
    """Pad a label with nothing to whole blocks of chroma."""
    height, width = plane.shape
    return np.pad(plane, ((0, -height % along), (0, -width % across)))


def _blend(
    part: Plane, ink: NDArray[np.float32] | np.float32, opacity: NDArray[np.float32]
) -> None:
    blended = part + opacity * (ink - part.astype(np.float32))
    part[...] = np.rint(blended).astype(part.dtype)
