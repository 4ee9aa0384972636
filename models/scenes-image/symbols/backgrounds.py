"""What a design is put before: a part of a photograph, or a surface made by chance."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Texture = NDArray[np.floating[Any]]
Shape = tuple[int, int]

_GRAIN_SIDE = 768
_LEAST_CROP = 0.5


@functools.cache
def _grain_pool() -> Texture:
    # The same in every process, so that pictures depend on their seed and index alone.
    source = np.random.default_rng(20_011)
    return source.standard_normal((_GRAIN_SIDE, _GRAIN_SIDE), dtype=np.float32)


def grain(shape: Shape, source: np.random.Generator) -> Texture:
    """White noise of deviation 1, (height, width) float32: a part of a stored sheet of noise."""
    pool = _grain_pool()
    height, width = shape
    if height > _GRAIN_SIDE or width > _GRAIN_SIDE:
        return source.standard_normal(shape, dtype=np.float32)
    top = int(source.integers(_GRAIN_SIDE - height + 1))
    left = int(source.integers(_GRAIN_SIDE - width + 1))
    return pool[top : top + height, left : left + width]


def clouds(
    shape: Shape, source: np.random.Generator, cells: tuple[int, ...] = (3, 9, 27)
) -> Texture:
    """Noise that is smooth at several scales, (height, width) float32, about 0, within +-3."""
    height, width = shape
    total = np.zeros(shape, np.float32)
    for place, count in enumerate(cells):
        grid = source.standard_normal((count, count), dtype=np.float32)
        total += cv2.resize(grid, (width, height), interpolation=cv2.INTER_LINEAR) / (place + 1)
    return total / 1.3


def photo(picture: Image, shape: Shape, source: np.random.Generator) -> Image:
    """A part of a photograph, cut and scaled to `shape`, mirrored every other time.

    Args:
        picture: (height, width, 3) uint8 RGB.
        shape: Height and width of what is wanted.
        source: Where every chance is taken from.

    Raises:
        ValueError: `picture` is no RGB picture of bytes, or is empty.
    """
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or not picture.size:
        raise ValueError(
            f"background: must be (height, width, 3) uint8, got {picture.shape} {picture.dtype}."
        )
    height, width = picture.shape[:2]
    fit = min(height / shape[0], width / shape[1]) * float(source.uniform(_LEAST_CROP, 1.0))
    rows, columns = max(1, int(shape[0] * fit)), max(1, int(shape[1] * fit))
    top, left = int(source.integers(height - rows + 1)), int(source.integers(width - columns + 1))
    part = picture[top : top + rows, left : left + columns]
    if source.random() < 0.5:
        part = part[:, ::-1]
    how = cv2.INTER_AREA if fit > 1 else cv2.INTER_LINEAR
    part = np.ascontiguousarray(part)
    return np.asarray(cv2.resize(part, (shape[1], shape[0]), interpolation=how), dtype=np.uint8)


def surface(shape: Shape, source: np.random.Generator) -> Image:
    """A surface or scene made by chance, (height, width, 3) uint8 RGB."""
    made = _SURFACES[int(source.integers(len(_SURFACES)))](shape, source)
    return np.asarray(np.clip(made, 0, 255), dtype=np.uint8)


def _tone(source: np.random.Generator, low: int = 30, high: int = 235) -> Texture:
    grey = source.uniform(low, high)
    return np.asarray(np.clip(grey + source.normal(0, 22, 3), 5, 250), dtype=np.float32)


def _tones(count: tuple[int, int], source: np.random.Generator) -> Texture:
    """Colours about one tone, now and then of every hue."""
    if source.random() < 0.25:
        return source.uniform(10, 250, (*count, 3)).astype(np.float32)
    grey = source.normal(0, source.uniform(10, 45), (*count, 1))
    made = _tone(source) + grey + source.normal(0, source.uniform(3, 25), (*count, 3))
    return np.clip(made, 0, 255).astype(np.float32)


def _shaded(tone: Texture, texture: Texture, strength: float) -> Texture:
    return np.asarray(tone + (texture * strength)[..., None], dtype=np.float32)


def _plaster(shape: Shape, source: np.random.Generator) -> Texture:
    texture = clouds(shape, source, (2, 8, 40)) + 0.4 * grain(shape, source)
    return _shaded(_tone(source), texture, float(source.uniform(3, 16)))


def _masonry(shape: Shape, source: np.random.Generator) -> Texture:
    """Bricks in a running bond, or tiles one above another."""
    height = int(source.integers(12, 44))
    width = int(height * source.uniform(1.0, 3.0))
    rows, columns = np.arange(shape[0]), np.arange(shape[1])
    row = rows // height
    shift = (row % 2) * (width // 2) * int(source.random() < 0.7)
    at = columns[None, :] + shift[:, None]
    shades = source.normal(0, source.uniform(2, 16), 251).astype(np.float32)
    texture = shades[(row[:, None] * 31 + at // width * 17) % 251]
    joint = max(1, int(height * source.uniform(0.05, 0.14)))
    mortar = (rows % height < joint)[:, None] | (at % width < joint)
    texture = np.where(mortar, np.float32(source.uniform(-50, 50)), texture)
    brick = np.array([160, 84, 64], np.float32) + source.normal(0, 16, 3).astype(np.float32)
    tone = brick if source.random() < 0.5 else _tone(source)
    return _shaded(tone, texture + 5 * grain(shape, source), 1.0)


def _planks(shape: Shape, source: np.random.Generator) -> Texture:
    grid = source.standard_normal((5, int(source.integers(30, 90)))).astype(np.float32)
    stretched = cv2.resize(grid, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    gaps = np.arange(shape[1]) % int(source.integers(20, 70)) < 2
    texture = np.asarray(stretched * 8 - 50.0 * gaps, dtype=np.float32)
    made = _shaded(np.array([140, 100, 66], np.float32) + source.normal(0, 25, 3), texture, 1.0)
    if source.random() < 0.5:
        # Lying planks: scaled back, as pictures need not be square.
        return np.asarray(cv2.resize(made.transpose(1, 0, 2), shape[::-1]), dtype=np.float32)
    return made


def _cloth(shape: Shape, source: np.random.Generator) -> Texture:
    period = float(source.uniform(2.2, 5))
    rows, columns = np.arange(shape[0], dtype=np.float32), np.arange(shape[1], dtype=np.float32)
    weave = np.sin(rows * 6.28 / period)[:, None] + np.sin(columns * 6.28 / period)[None, :]
    folds = clouds(shape, source, (2, 4)) * float(source.uniform(4, 26))
    return _shaded(_tone(source), weave * float(source.uniform(1, 5)) + folds, 1.0)


def _gradient(shape: Shape, source: np.random.Generator) -> Texture:
    corners = _tones((2, 2), source)
    return np.asarray(cv2.resize(corners, shape[::-1], interpolation=cv2.INTER_LINEAR))


def _blobs(shape: Shape, source: np.random.Generator) -> Texture:
    size = int(source.integers(3, 14))
    spots = _tones((size, size), source)
    made = cv2.resize(spots, shape[::-1], interpolation=cv2.INTER_CUBIC)
    return _shaded(np.asarray(made), grain(shape, source), 8.0)


def _clutter(shape: Shape, source: np.random.Generator) -> Texture:
    """Things of many colours and edges, as in a room or a street seen out of focus."""
    made = _gradient(shape, source)
    colours = _tones((1, 12), source)[0]
    for _ in range(int(source.integers(8, 40))):
        middle = source.uniform(0, 1, 2) * shape[::-1]
        size = source.uniform(4, 70)
        corners = middle + source.uniform(-size, size, (int(source.integers(3, 7)), 2))
        colour = colours[int(source.integers(len(colours)))].tolist()
        if source.random() < 0.3:
            cv2.circle(made, middle.astype(int).tolist(), int(size / 2), colour, -1)
        else:
            cv2.fillConvexPoly(made, cv2.convexHull(corners.astype(np.int32)), colour)
    return np.asarray(cv2.blur(made, (3, 3)))


def _room(shape: Shape, source: np.random.Generator) -> Texture:
    """Two walls, a floor and the sky or ceiling above."""
    height, width = shape
    made = np.empty((*shape, 3), np.float32)
    made[:] = _tone(source)
    corner, floor, top = source.uniform(0.1, 0.9), source.uniform(0.6, 0.9), source.uniform(0, 0.3)
    x, low, high = corner * width, floor * height, top * height
    tilt = source.uniform(0, 0.2) * height
    shapes = (
        [(x, 0), (width, 0), (width, height), (x, height)],
        [(0, low + tilt), (x, low), (width, low + tilt), (width, height), (0, height)],
        [(0, high - tilt), (x, high), (width, high - tilt), (width, 0), (0, 0)],
    )
    for points in shapes:
        cv2.fillPoly(made, [np.array(points, np.int32)], _tone(source).tolist())
    return _shaded(made, clouds(shape, source, (2, 5)), 10.0)


def _night(shape: Shape, source: np.random.Generator) -> Texture:
    made = np.empty((*shape, 3), np.float32)
    made[:] = _tone(source, 8, 40)
    for _ in range(int(source.integers(10, 50))):
        middle = (source.uniform(0, 1, 2) * shape[::-1]).astype(int).tolist()
        cv2.circle(
            made, middle, int(source.integers(2, 12)), source.uniform(60, 255, 3).tolist(), -1
        )
    return np.asarray(cv2.blur(made, (5, 5))) + 6 * grain(shape, source)[..., None]


def _outdoors(shape: Shape, source: np.random.Generator) -> Texture:
    """Sky above land with an uneven edge between them."""
    line = clouds((1, shape[1]), source, (4, 16, 40))[0] * 12 + shape[0] * source.uniform(0.3, 0.8)
    land = np.arange(shape[0])[:, None] > line
    sky = np.array([150, 185, 225], np.float32) + source.normal(0, 25, 3)
    ground = np.array([90, 110, 60], np.float32) + source.normal(0, 30, 3)
    texture = clouds(shape, source, (3, 12, 60))
    made = np.where(land[..., None], ground, sky)
    return _shaded(made.astype(np.float32), texture * np.where(land, 18, 6).astype(np.float32), 1.0)


def _skin(shape: Shape, source: np.random.Generator) -> Texture:
    dark = source.uniform(0.3, 1.0)
    tone = np.array([235, 190, 160], np.float32) * dark + source.normal(0, 6, 3)
    texture = clouds(shape, source, (2, 3)) * 14 + grain(shape, source) * 2.5
    return _shaded(tone.astype(np.float32), texture, 1.0)


def _metal(shape: Shape, source: np.random.Generator) -> Texture:
    lines = np.repeat(source.standard_normal((shape[0], 1), dtype=np.float32), shape[1], axis=1)
    sheen = clouds(shape, source, (2, 4)) * 16
    return _shaded(_tone(source, 70, 200), lines * float(source.uniform(1, 7)) + sheen, 1.0)


_SURFACES: tuple[Callable[[Shape, np.random.Generator], Texture], ...] = (
    _plaster,
    _plaster,
    _masonry,
    _masonry,
    _planks,
    _cloth,
    _cloth,
    _gradient,
    _blobs,
    _clutter,
    _clutter,
    _room,
    _night,
    _outdoors,
    _skin,
    _metal,
)
