"""What a picture shows of a watermark: its detail, with each place given the same weight."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from provenance.watermark.carriers import SIDE

_SMOOTH, _AROUND = 2.5, 3.0
_LEAST_DEVIATION: Final = 1.0
_MOST = 2.5


def canonical(luma: NDArray[Any]) -> NDArray[np.float32]:
    """Scale a picture of any size to (256, 256) float32, by the mean of areas."""
    scaled = cv2.resize(luma.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(scaled, dtype=np.float32)


def residual(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take the smooth part from a canonical picture and divide by the deviation around each pixel.

    Args:
        small: (256, 256) float32, levels of 0 to 255.

    Returns:
        (256, 256) float32, -2.5 to 2.5: strong edges must not speak for the rest.
    """
    detail = small - cv2.GaussianBlur(small, (0, 0), _SMOOTH)
    power = cv2.GaussianBlur(detail * detail, (0, 0), _AROUND)
    scaled = detail / (np.sqrt(power) + np.float32(_LEAST_DEVIATION))
    return np.asarray(np.clip(scaled, -_MOST, _MOST), dtype=np.float32)


def spectrum(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the DCT-II of a (256, 256) plane, flattened to (65536,) float32."""
    return np.asarray(cv2.dct(plane), dtype=np.float32).ravel()
