"""A transparent square on which designs are drawn with polygons and strokes."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
BLACK: Colour = (16, 16, 18)
WHITE: Colour = (244, 243, 238)
RED: Colour = (200, 22, 30)

#: Points are handed to OpenCV in sixteenths of a pixel.
_SHIFT = 4
#: Longest edge, in units, that is left straight when the hand trembles.
_EDGE = 0.12
_ROUND = 40


class Sheet:
    """Premultiplied RGBA in which every design is drawn within [-1, 1] x [-1, 1], y downwards.

    OpenCV mixes all four channels alike at a smooth edge, so a colour drawn with opacity 255 onto
    nothing leaves premultiplied values.

    Attributes:
        rgba: (pixels, pixels, 4) uint8, premultiplied.
        source: Where designs take their chances from.
        ink: Colour of designs that have one colour only.
        ground: Colour that contrasts with `ink`, for parts that lie inside a design.
    """

    def __init__(
        self,
        pixels: int,
        source: np.random.Generator,
        *,
        ink: Colour = BLACK,
        ground: Colour = WHITE,
        wobble: float = 0.0,
    ) -> None:
        self.rgba: NDArray[np.uint8] = np.zeros((pixels, pixels, 4), np.uint8)
        self.source = source
        self.ink = ink
        self.ground = ground
        self._pixels = pixels
        self._wobble = wobble
        self._frame = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
        self._waves = source.uniform(1.5, 9.0, (4, 2)) * source.choice((-1.0, 1.0), (4, 2))
        self._phases = source.uniform(0.0, 2 * np.pi, (4, 2))

    @contextmanager
    def placed(
        self, x: float = 0.0, y: float = 0.0, scale: float = 1.0, degrees: float = 0.0
    ) -> Iterator[None]:
        """Draws what follows moved to (x, y), scaled and turned clockwise, within what holds."""
        before = self._frame
        cos, sin = np.cos(np.deg2rad(degrees)) * scale, np.sin(np.deg2rad(degrees)) * scale
        inner = np.array([[cos, -sin, x], [sin, cos, y], [0.0, 0.0, 1.0]])
        self._frame = before @ inner
        try:
            yield
        finally:
            self._frame = before

    def polygon(self, points: ArrayLike, colour: Colour | None, *holes: ArrayLike) -> None:
        """Fills a polygon; `holes` in it stay as they were."""
        rings = [self._placed(ring, closed=True) for ring in (points, *holes)]
        cv2.fillPoly(self.rgba, rings, self._value(colour), cv2.LINE_AA, _SHIFT)

    def stroke(
        self, points: ArrayLike, width: float, colour: Colour | None = None, *, closed: bool = False
    ) -> None:
        """Draws a line with round ends through the points."""
        line = self._placed(points, closed=closed)
        scale = float(np.sqrt(abs(np.linalg.det(self._frame[:, :2]))))
        thickness = max(1, round(width * scale * self._pixels / 2))
        value = self._value(colour)
        cv2.polylines(self.rgba, [line], closed, value, thickness, cv2.LINE_AA, _SHIFT)

    def bar(
        self,
        start: Sequence[float],
        end: Sequence[float],
        width: float,
        colour: Colour | None = None,
    ) -> None:
        """Draws a straight line with flat ends."""
        first, last = np.asarray(start, float), np.asarray(end, float)
        along = (last - first) / max(1e-9, float(np.hypot(*(last - first))))
        side = np.array([-along[1], along[0]]) * width / 2
        self.polygon([first + side, last + side, last - side, first - side], colour)

    def box(
        self, left: float, top: float, right: float, bottom: float, colour: Colour | None = None
    ) -> None:
        """Fills a rectangle that stands upright."""
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour | None = None) -> None:
        """Fills a circle."""
        self.polygon(circle(x, y, radius), colour)

    def ring(
        self, x: float, y: float, radius: float, width: float, colour: Colour | None = None
    ) -> None:
        """Draws a circle line that lies between radius - width and radius."""
        self.polygon(circle(x, y, radius), colour, circle(x, y, max(0.0, radius - width)))

    def arc(
        self,
        x: float,
        y: float,
        radius: float,
        angles: tuple[float, float],
        width: float,
        colour: Colour | None = None,
    ) -> None:
        """Draws a part of a circle line; angles in degrees, clockwise from the right."""
        outer = circle(x, y, radius + width / 2, angles)
        inner = circle(x, y, max(0.0, radius - width / 2), angles)
        self.polygon(np.concatenate([outer, inner[::-1]]), colour)

    def text(
        self, text: str, height: float, colour: Colour | None = None, *, bold: float = 0.0
    ) -> None:
        """Sets a line of print about (0, 0); a line that is too wide is set smaller."""
        pixels = height * self._pixels / 2 * float(np.hypot(*self._frame[:, 0]))
        widest = self._pixels * 0.94 * float(np.hypot(*self._frame[:, 0]))
        size = max(6.0, pixels * 1.35)
        font = _font(round(size))
        edge = round(bold * size)
        width = font.getlength(text) + 2 * edge
        if width > widest:
            font = _font(max(6, int(size * widest / width)))
        mask = Image.new("L", (self._pixels, self._pixels))
        middle = (self._frame[:, 2] + 1) * self._pixels / 2
        ImageDraw.Draw(mask).text(
            (float(middle[0]), float(middle[1])), text, 255, font, "mm", stroke_width=edge
        )
        self.lay(np.asarray(mask), self._value(colour)[:3])

    def lay(self, mask: NDArray[np.uint8], colour: Sequence[int]) -> None:
        """Lays one colour over the sheet as strongly as `mask` (pixels, pixels) uint8 says."""
        share = mask.astype(np.float32)[..., None] / 255
        value = np.array([*colour, 255], np.float32)
        self.rgba = (self.rgba * (1 - share) + value * share + 0.5).astype(np.uint8)

    def _value(self, colour: Colour | None) -> tuple[int, int, int, int]:
        red, green, blue = self.ink if colour is None else colour
        return (int(red), int(green), int(blue), 255)

    def _placed(self, points: ArrayLike, *, closed: bool) -> NDArray[np.int32]:
        line = np.asarray(points, float) @ self._frame[:, :2].T + self._frame[:, 2]
        if self._wobble:
            line = _dense(line, closed=closed)
            # A field over the sheet, not a shake of each point: neighbours move together.
            bend = np.sin((line @ self._waves.T)[..., None] + self._phases)
            line = line + bend.mean(axis=1) * self._wobble
        pixels = (line + 1) * (self._pixels / 2) - 0.5
        return np.asarray(np.rint(pixels * (1 << _SHIFT)), dtype=np.int32)


def circle(
    x: float, y: float, radius: float, angles: tuple[float, float] = (0.0, 360.0)
) -> NDArray[np.float64]:
    """Points on a circle, clockwise from the right; a full one does not repeat its first point."""
    full = angles[1] - angles[0] >= 360
    count = max(6, int(_ROUND * (angles[1] - angles[0]) / 360) + 1)
    turn = np.deg2rad(np.linspace(*angles, count, endpoint=not full))
    return np.stack([x + radius * np.cos(turn), y + radius * np.sin(turn)], axis=1)


def turns(count: int, start: float = 0.0) -> Iterator[float]:
    """Angles in degrees that share a full turn alike."""
    return (start + 360 * step / count for step in range(count))


def _dense(line: NDArray[np.float64], *, closed: bool) -> NDArray[np.float64]:
    whole = np.concatenate([line, line[:1]]) if closed else line
    lengths = np.hypot(*np.diff(whole, axis=0).T)
    ends = np.concatenate([[0.0], np.cumsum(lengths)])
    count = min(400, int(ends[-1] / _EDGE) + 2)
    # The corners stay, so that only the edges between them bend.
    stops = np.unique(np.concatenate([ends, np.linspace(0.0, ends[-1], count)]))
    dense = np.stack([np.interp(stops, ends, whole[:, axis]) for axis in (0, 1)], axis=1)
    return dense[:-1] if closed else dense


@functools.lru_cache(maxsize=256)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
