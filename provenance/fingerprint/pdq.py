"""PDQ, the perceptual hash of a picture, 256 bits with a quality.

Method: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", Meta 2019: luma,
two passes of a box filter across and along, every 64th part of the sides taken, a discrete cosine
transform of 64 x 64 values to its frequencies 1..16, each compared with their median. Written anew
on OpenCV and NumPy: one full picture costs a fraction of a millisecond at 256 lines, and all the
crops of a picture share one transform. Hashes are those of the reference implementation up to a
few bits that lie at the median (a test holds this against the package `pdqhash`).

A hash is 32 bytes, its first byte the highest: `bytes.hex()` is the form that hash lists carry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

HASH_BYTES: Final = 32
HASH_BITS: Final = 256
MIN_SIDE: Final = 5
"""Pictures with a shorter side have no hash: it is all zeros, of quality 0."""

_GRID = 64
_KEPT = 16
_PASSES = 2
_QUALITY_SCALE = 90


def _cosines() -> NDArray[np.float32]:
    rows = np.arange(1, _KEPT + 1)[:, None]
    columns = 2 * np.arange(_GRID)[None, :] + 1
    matrix = np.sqrt(2 / _GRID) * np.cos(np.pi / (2 * _GRID) * rows * columns)
    return np.asarray(matrix, dtype=np.float32)


Cut = tuple[float, float]
"""Shares of a side that are cut off at its beginning and at its end."""

_DCT = _cosines()
# Turning a picture left to right changes the sign of each odd frequency across.
_MIRROR = np.where(np.arange(1, _KEPT + 1) % 2 == 1, -1.0, 1.0).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Hashes:
    """Hashes of n pictures and of the same pictures turned left to right.

    Attributes:
        hashes: (n, 32) uint8.
        mirrored: (n, 32) uint8.
        quality: (n,) uint8, 0..100: how much there is to see; below 50 a hash says little.
    """

    hashes: NDArray[np.uint8]
    mirrored: NDArray[np.uint8]
    quality: NDArray[np.uint8]


def luma(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the luma of an RGB picture (height, width, 3) as float32, 0..255 (ITU-R BT.601)."""
    weights = np.array([[0.299, 0.587, 0.114]], dtype=np.float32)
    return np.asarray(cv2.transform(image.astype(np.float32), weights), dtype=np.float32)


def hash_pictures(pictures: Sequence[NDArray[np.float32]]) -> Hashes:
    """Hash pictures, or crops of one.

    Args:
        pictures: Luma, float32, (height, width), 0..255; sizes may differ.

    Returns:
        Their hashes, in order.

    Raises:
        ValueError: A picture is not two-dimensional.
    """
    grids = np.zeros((len(pictures), _GRID, _GRID), dtype=np.float32)
    whole = np.ones(len(pictures), dtype=np.bool_)
    for place, picture in enumerate(pictures):
        if picture.ndim != 2:  # noqa: PLR2004 - height and width
            msg = "a picture has two dimensions: height and width"
            raise ValueError(msg)
        whole[place] = min(picture.shape) >= MIN_SIDE
        if whole[place]:
            grids[place] = _grid(picture)
    waves = np.asarray(_DCT @ grids @ _DCT.T, dtype=np.float32)
    quality = _quality(grids)
    hashes, mirrored = _bits(waves), _bits(np.multiply(waves, _MIRROR, dtype=np.float32))
    hashes[~whole] = mirrored[~whole] = 0
    quality[~whole] = 0
    return Hashes(hashes, mirrored, quality)


def smoothed(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Smooth a picture, float32, (height, width), as its hash has it."""
    height, width = picture.shape
    smooth = np.ascontiguousarray(picture, dtype=np.float32)
    across, along = _window(width), _window(height)
    for _ in range(_PASSES):
        smooth = _box(smooth, across, along)
    return smooth


def hash_cuts(
    smooth: NDArray[np.float32], ends: Sequence[Cut]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Hash parts of a picture that are nearly as large as it, with a hundredth of the work.

    The picture was smoothed once for all of them, so that a hash differs from that of the part by
    itself in the few bits that the edges and the size of the filter make.

    Args:
        smooth: What `smoothed` made of the picture.
        ends: What is cut off, less than a tenth of a side: each of them at top and bottom with each
            of them at left and right.

    Returns:
        The n x n hashes, those of the first cut at top and bottom first, (n * n, 32); and the
        same of the parts turned left to right. Zeros where the picture is too small.
    """
    height, width = smooth.shape
    if min(height, width) < MIN_SIDE:
        empty = np.zeros((len(ends) ** 2, HASH_BYTES), dtype=np.uint8)
        return empty, empty.copy()
    columns = _within(width, ends)
    down = _DCT @ smooth[_within(height, ends)]
    waves = np.concatenate([each[:, columns].transpose(1, 0, 2) @ _DCT.T for each in down])
    return _bits(waves), _bits(np.multiply(waves, _MIRROR, dtype=np.float32))


def distances(one: NDArray[np.uint8], many: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the bits that differ, for arrays of hashes that broadcast to (..., 32)."""
    words = (np.ascontiguousarray(each).view(np.uint64) for each in (one, many))
    counts = np.bitwise_count(np.bitwise_xor(*words))
    # By hand: adding along an axis of four takes longer than all the rest.
    first, second = counts[..., 0] + counts[..., 1], counts[..., 2] + counts[..., 3]
    return np.asarray(np.add(first, second, dtype=np.int64))


def _grid(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Smooth a picture and take 64 x 64 of its values."""
    height, width = picture.shape
    if (height, width) == (_GRID, _GRID):
        return picture
    smooth = smoothed(picture)
    rows = ((np.arange(_GRID) + 0.5) * height / _GRID).astype(np.intp)
    columns = ((np.arange(_GRID) + 0.5) * width / _GRID).astype(np.intp)
    return smooth[np.ix_(rows, columns)]


def _within(side: int, ends: Sequence[Cut]) -> NDArray[np.intp]:
    """The 64 places along a side that each of the cuts leaves, (n, 64)."""
    first, last = np.asarray(ends, dtype=np.float64).T[:, :, None]
    places = first + (np.arange(_GRID) + 0.5) / _GRID * (1 - first - last)
    return np.asarray(places * side, dtype=np.intp)


def _window(side: int) -> int:
    return (side + 2 * _GRID - 1) // (2 * _GRID)


def _box(picture: NDArray[np.float32], across: int, along: int) -> NDArray[np.float32]:
    """Average over a box that is cut off at the edges, as the paper has it."""
    size = (across, along)
    # An even box reaches one further to the right and down.
    anchor = ((across - 1) // 2, (along - 1) // 2)
    summed = cv2.boxFilter(
        picture, cv2.CV_32F, size, anchor=anchor, normalize=False, borderType=cv2.BORDER_CONSTANT
    )
    height, width = picture.shape
    counts = np.outer(_reach(height, along, anchor[1]), _reach(width, across, anchor[0]))
    return np.asarray(summed / counts, dtype=np.float32)


def _reach(side: int, size: int, before: int) -> NDArray[np.float32]:
    """How many values the box around each place holds."""
    places = np.arange(side)
    first = np.maximum(places - before, 0)
    last = np.minimum(places - before + size, side)
    return (last - first).astype(np.float32)


def _quality(grids: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Sum of the steps between neighbours, in hundredths of the range, cut to whole numbers."""
    steps = sum(
        np.abs(np.trunc(np.diff(grids, axis=axis) * (100 / 255))).sum(axis=(1, 2))
        for axis in (1, 2)
    )
    return np.minimum(np.asarray(steps, dtype=np.int64) // _QUALITY_SCALE, 100).astype(np.uint8)


def _bits(waves: NDArray[np.float32]) -> NDArray[np.uint8]:
    flat = waves.reshape(len(waves), HASH_BITS)
    if not len(flat):
        return np.zeros((0, HASH_BYTES), dtype=np.uint8)
    median = np.partition(flat, HASH_BITS // 2 - 1, axis=1)[:, HASH_BITS // 2 - 1]
    return np.packbits((flat > median[:, None])[:, ::-1], axis=1)
