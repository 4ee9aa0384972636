"""One sampled picture of a clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture as a viewer sees it: upright, square pixels, scaled down.

    Attributes:
        index: Place among the sampled frames of the clip, from 0.
        pts_ms: Milliseconds after the first picture of the clip.
        image: RGB, uint8, shape (height, width, 3); its short side is at most the one asked for.
        scene_cut: Whether the picture was taken because it differs sharply from the one before.
    """

    index: int
    pts_ms: int
    image: NDArray[np.uint8]
    scene_cut: bool
