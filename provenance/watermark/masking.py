"""How strong a pattern may be at each place before it is seen.

Two effects of the eye: luminance adaptation (dark and very bright places hide more; Chou and Li,
IEEE Trans. Circuits and Systems for Video Technology 5(6), 1995, eq. 6) and contrast masking
(activity hides what is added to it; Legge and Foley, J. Opt. Soc. Am. 70, 1980).
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from media.planes import Plane
from provenance.watermark.carriers import SIDE

_MIDDLE: Final = 127.0
_BASE: Final = 3.0
_FLAT, _PER_LEVEL, _MOST = 0.5, 1 / 6, 2.6
_NEAR: Final = 2.0
_INSIDE: Final = np.ones((5, 5), np.uint8)


def mask(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the relative strength that each place hides.

    Args:
        luma: (256, 256) float32, levels of 0 to 255, sampled from the picture and not averaged:
            an average would lose the texture that hides a pattern.

    Returns:
        (256, 256) float32, about 0.5 on flat grey to 4 in dark texture.
    """
    mean = cv2.GaussianBlur(luma, (0, 0), _NEAR)
    power = cv2.GaussianBlur(luma * luma, (0, 0), _NEAR)
    deviation = np.sqrt(np.maximum(power - mean * mean, 0))
    # The least of the neighbourhood: the plain side of an edge hides nothing.
    deviation = cv2.GaussianBlur(cv2.erode(deviation, _INSIDE), (0, 0), 1.0)
    texture = _FLAT + np.minimum(deviation * np.float32(_PER_LEVEL), _MOST)
    return np.asarray(texture * _TABLE[np.clip(mean, 0, 255).astype(np.uint8)], dtype=np.float32)


def sampled(luma: Plane, scale: float) -> NDArray[np.float32]:
    """Take (256, 256) single pixels of a picture, in levels of 0 to 255."""
    taken = cv2.resize(luma, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
    return np.asarray(taken, dtype=np.float32) * np.float32(scale)


def _adaptation() -> NDArray[np.float32]:
    level = np.arange(256, dtype=np.float32)
    dark = 17 * (1 - np.sqrt(level / _MIDDLE)) + _BASE
    bright = _BASE / 128 * (level - _MIDDLE) + _BASE
    just_noticeable = np.where(level <= _MIDDLE, dark, bright)
    # The square root: codecs coarsen dark places, and what is put there is lost anyway.
    return np.asarray(np.minimum(np.sqrt(just_noticeable / _BASE), 1.5), dtype=np.float32)


_TABLE: Final = _adaptation()
