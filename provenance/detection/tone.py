"""Statistics of colour and brightness over a whole picture."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

_FLOOR: Final = 1e-3


def tone(image: NDArray[np.uint8]) -> dict[str, float]:
    """Statistics of an RGB picture, uint8 (height, width, 3)."""
    lab = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2LAB), np.float32)
    hsv = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2HSV), np.float32)
    light, chroma = lab[..., 0], lab[..., 1:] - 128
    low, middle, high = (float(np.quantile(light, share)) for share in (0.05, 0.5, 0.95))
    strength = np.hypot(chroma[..., 0], chroma[..., 1])
    detail = light - cv2.GaussianBlur(light, (0, 0), 2)
    tint = chroma - cv2.GaussianBlur(chroma, (0, 0), 2)
    return {
        "dark": low,
        "middle": middle,
        "range": high - low,
        "clipped_dark": float((light < 4).mean()),  # noqa: PLR2004
        "clipped_light": float((light > 251).mean()),  # noqa: PLR2004
        "saturation": float(hsv[..., 1].mean()),
        "saturation_spread": float(hsv[..., 1].std()),
        "colour": float(np.log(strength.mean() + 1)),
        "colour_spread": float(np.log(strength.std() + 1)),
        "tint_detail": float(
            np.log((tint**2).mean() + _FLOOR) - np.log((detail**2).mean() + _FLOOR)
        ),
        "grey_share": float((strength < 4).mean()),  # noqa: PLR2004
    }
