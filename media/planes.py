"""Decoded pictures as planes of numbers, and what may be done to them on their way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Canvas:
    """What all pictures of a clip have in common, as they are encoded.

    Attributes:
        width: Of the luma plane in pixels.
        height: Of the luma plane.
        bits: Of a sample: 8, 10 or 12.
        full_range: Whether luma goes from 0 to the top; otherwise from 16 to 235, times
            2 ** (bits - 8) (ITU-T H.273, VideoFullRangeFlag).
        chroma_step: Luma pixels to a chroma sample, across and along: 1 or 2 each.
        rotation: Degrees by which a player turns the picture, clockwise.
        pixel_aspect: Width of a pixel to its height, before it is turned.
        transfer: Transfer characteristics after ITU-T H.273, table 3; 2 where unknown.
    """

    width: int
    height: int
    bits: int
    full_range: bool
    chroma_step: tuple[int, int]
    rotation: int
    pixel_aspect: Fraction
    transfer: int


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """One picture, to be changed in place.

    Attributes:
        at_ms: Its time in the clip; the first picture's is 0.
        luma: (height, width), uint8 or uint16 in the lower bits.
        chroma: Cb and Cr, each smaller than luma by the canvas' `chroma_step`.
    """

    at_ms: float
    luma: Plane
    chroma: tuple[Plane, Plane]


Transform = Callable[[Planes], None]
"""Changes one picture in place. Called in order of display, once a picture."""

TransformMaker = Callable[[Canvas], Transform]
"""Makes the transform for a clip, once it is known what its pictures are."""
