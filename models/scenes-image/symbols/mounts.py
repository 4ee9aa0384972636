"""What a design is put on: a disc, a flag, a badge, an armband; and how its outline is drawn.

Grounds and palettes are drawn from the same chances for every label. A white disc on a red field
says nothing alone, and a classifier must not learn that it does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .design import Design
from .sheet import BLACK, RED, WHITE, Colour, Sheet

#: Field, inner ground and ink.
_PALETTES: tuple[tuple[Colour, Colour, Colour], ...] = (
    (RED, WHITE, BLACK),
    (RED, WHITE, BLACK),
    (RED, WHITE, RED),
    (RED, RED, BLACK),
    (RED, RED, WHITE),
    (BLACK, BLACK, WHITE),
    (BLACK, WHITE, BLACK),
    (WHITE, WHITE, BLACK),
    (WHITE, WHITE, RED),
    (BLACK, RED, WHITE),
    ((24, 60, 140), WHITE, (24, 60, 140)),
    ((24, 60, 140), (24, 60, 140), (250, 210, 60)),
    ((30, 110, 60), WHITE, BLACK),
    ((240, 190, 40), (240, 190, 40), BLACK),
    ((90, 92, 80), (90, 92, 80), (200, 196, 180)),
)
#: Values of a channel that count as one colour.
_ALIKE = 30


@dataclass(frozen=True, slots=True)
class Drawn:
    """A design as it was drawn.

    Attributes:
        rgba: (height, width, 4) uint8, premultiplied, cropped to what is drawn.
        plain: True where it has one colour, so that its shape is its opacity.
    """

    rgba: NDArray[np.uint8]
    plain: bool


def _bare(sheet: Sheet, design: Design, _: tuple[Colour, Colour]) -> None:
    design.draw(sheet)


def _disc(sheet: Sheet, design: Design, colours: tuple[Colour, Colour]) -> None:
    sheet.disc(0, 0, 0.97, colours[0])
    if sheet.source.random() < 0.5:
        sheet.disc(0, 0, 0.88, colours[1])
    with sheet.placed(scale=0.6):
        design.draw(sheet)


def _plate(sheet: Sheet, design: Design, colours: tuple[Colour, Colour]) -> None:
    high = float(sheet.source.uniform(0.75, 1.0))
    sheet.box(-0.97, -high, 0.97, high, colours[0])
    sheet.box(-0.9, -high + 0.07, 0.9, high - 0.07, colours[1])
    with sheet.placed(scale=high * 0.78):
        design.draw(sheet)


def _field(sheet: Sheet, design: Design, colours: tuple[Colour, Colour]) -> None:
    half, wide = float(sheet.source.uniform(0.55, 0.75)), 1.0
    if sheet.source.random() < 0.35:
        half, wide = 1.0, float(sheet.source.uniform(0.4, 0.65))
    low = min(half, wide)
    sheet.box(-wide, -half, wide, half, colours[0])
    with sheet.placed(y=float(sheet.source.uniform(-0.3, 0.1)) * (half > wide)):
        sheet.disc(0, 0, low * 0.8, colours[1])
        with sheet.placed(scale=low * float(sheet.source.uniform(0.5, 0.66))):
            design.draw(sheet)


def _armband(sheet: Sheet, design: Design, colours: tuple[Colour, Colour]) -> None:
    half = float(sheet.source.uniform(0.4, 0.55))
    across = np.linspace(-1, 1, 12)
    upper = np.stack([across, -half - 0.12 * (1 - across**2)], axis=1)
    sheet.polygon(np.concatenate([upper, upper[::-1] + np.array([0, 2 * half])]), colours[0])
    with sheet.placed(y=-0.08):
        sheet.disc(0, 0, half * 0.88, colours[1])
        with sheet.placed(scale=half * 0.62):
            design.draw(sheet)


def _shield(sheet: Sheet, design: Design, colours: tuple[Colour, Colour]) -> None:
    shape = np.array([(-0.8, -0.95), (0.8, -0.95), (0.8, 0.1), (0.5, 0.65), (0, 0.97)])
    shape = np.concatenate([shape, shape[-2:1:-1] * (-1, 1)])
    sheet.polygon(shape, colours[0])
    sheet.polygon(shape * 0.9, colours[1])
    with sheet.placed(y=-0.2, scale=0.58):
        design.draw(sheet)


_Mount = Callable[[Sheet, Design, tuple[Colour, Colour]], None]
_MOUNTS: tuple[tuple[_Mount, float], ...] = (
    (_bare, 0.56),
    (_disc, 0.1),
    (_plate, 0.08),
    (_field, 0.16),
    (_armband, 0.05),
    (_shield, 0.05),
)


def drawn(
    design: Design, pixels: int, source: np.random.Generator, ink: Colour, ground: Colour
) -> Drawn:
    """Draws a design, on a mount or bare, and crops the sheet to what is drawn.

    Args:
        design: The design.
        pixels: Side of the sheet, in pixels.
        source: Where every chance is taken from.
        ink: Colour of a bare glyph.
        ground: Colour of the parts inside a bare glyph that are left open.

    Returns:
        What is drawn, never empty.

    Raises:
        ValueError: The design drew nothing.
    """
    wobble = float(source.uniform(0.02, 0.12)) if source.random() < 0.35 else 0.0
    mount: _Mount = _bare
    colours = (ground, ground)
    if design.glyph:
        mount = _MOUNTS[int(source.choice(len(_MOUNTS), p=[share for _, share in _MOUNTS]))][0]
        if mount is not _bare:
            field, ground, ink = _PALETTES[int(source.integers(len(_PALETTES)))]
            colours = (field, ground)
    sheet = Sheet(pixels, source, ink=ink, ground=ground, wobble=wobble)
    mount(sheet, design, colours)
    if design.glyph and mount is _bare and source.random() < 0.1:
        sheet.rgba = _outline(sheet.rgba, ink, float(source.uniform(0.01, 0.03)) * pixels)
    left, top, width, height = cv2.boundingRect(sheet.rgba[..., 3])
    if not width or not height:
        raise ValueError(f"{design.name}: the design drew nothing on {pixels} pixels.")
    rgba = sheet.rgba[top : top + height, left : left + width]
    part = rgba[::2, ::2].astype(np.float32)
    other = np.abs(part[..., :3] - part[..., 3:] / 255 * np.array(sheet.ink, np.float32))
    return Drawn(rgba, plain=mount is _bare and float(other.max(initial=0)) < _ALIKE)


def _outline(rgba: NDArray[np.uint8], ink: Colour, width: float) -> NDArray[np.uint8]:
    """The edge of what is drawn, as a line of the ink."""
    size = max(2, round(width))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    edge = cv2.morphologyEx(rgba[..., 3], cv2.MORPH_GRADIENT, kernel)
    layers = [cv2.convertScaleAbs(edge, alpha=value / 255) for value in (*ink, 255)]
    return np.asarray(cv2.merge(layers), dtype=np.uint8)
