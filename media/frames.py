"""One sampled picture of a clip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Passed:
    """A picture that was decoded on the way and not sampled; scaling it is put off.

    Attributes:
        pts_ms: Milliseconds after the first picture of the clip.
        image: Gives the picture, as `Frame.image`. Not thread-safe.
    """

    pts_ms: int
    image: Callable[[], NDArray[np.uint8]]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture as a viewer sees it: upright, square pixels, scaled down.

    Attributes:
        index: Place among the sampled frames of the clip, from 0.
        pts_ms: Milliseconds after the first picture of the clip.
        image: RGB, uint8, shape (height, width, 3); its short side is at most the one asked for.
        scene_cut: Whether the picture was taken because it differs sharply from the one before.
        passed: Pictures between the sample before and this one, where they were asked for.
    """

    index: int
    pts_ms: int
    image: NDArray[np.uint8]
    scene_cut: bool
    passed: tuple[Passed, ...] = ()
