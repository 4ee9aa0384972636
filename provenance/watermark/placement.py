"""Where in the marked picture the received one lies: a scale, a place, a turn, perhaps mirrored."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from provenance.watermark.carriers import SIDE


@dataclass(frozen=True, slots=True)
class Placement:
    """The received picture as a part of the marked one.

    Attributes:
        width: Share of the marked picture's width that is received; 1 where nothing was cut off.
        height: Share of its height.
        left: Share of its width that was cut off at the left.
        top: Share of its height that was cut off at the top.
        degrees: By which the received picture was turned, counter-clockwise.
        mirrored: Whether left and right were exchanged.
    """

    width: float = 1.0
    height: float = 1.0
    left: float = 0.0
    top: float = 0.0
    degrees: float = 0.0
    mirrored: bool = False

    def restored(self, received: NDArray[np.float32], aspect: float) -> NDArray[np.float32]:
        """Put a received plane where it was in the marked picture; 0 where nothing is known.

        Args:
            received: (256, 256) float32.
            aspect: Width of the received picture to its height, in pixels.
        """
        if self == Placement():
            return received
        restored = cv2.warpAffine(
            received,
            self.matrix(aspect),
            (SIDE, SIDE),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=0,
        )
        return np.asarray(restored, dtype=np.float32)

    def matrix(self, aspect: float) -> NDArray[np.float64]:
        """Return the (2, 3) map from a pixel of the marked plane to one of the received plane."""
        middle = (SIDE - 1) / 2
        half = SIDE / 2
        # Centres of pixels: a plane's pixel i stands at i + 0.5.
        unscale = np.array(
            [
                [1 / self.width, 0, (0.5 - self.left * SIDE) / self.width - half],
                [0, 1 / self.height, (0.5 - self.top * SIDE) / self.height - half],
            ]
        )
        turn = math.radians(self.degrees)
        cos, sin = math.cos(turn), math.sin(turn)
        turned = np.array([[cos, sin / aspect], [-sin * aspect, cos]]) @ unscale
        if self.mirrored:
            turned[0] = -turned[0]
        turned[:, 2] += middle
        return np.asarray(turned, dtype=np.float64)
