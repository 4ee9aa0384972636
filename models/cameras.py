"""Which clips are of one fixed camera, by what stands still in them.

Clips of one camera are no independent examples: a model that was fitted to some of them knows the
others. Where names do not tell cameras apart, backgrounds do. In the labelled CCTV clips of the
training split no two clips of different cameras are more alike than 0.50, and no two of one view
less than 0.59.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Background = NDArray[np.float64]
"""What stands still in a clip: grey values as a vector of length 1 whose mean is 0."""

SAME_CAMERA: Final = 0.55
"""Product of two backgrounds from which on they are of one camera."""

_SIZE: Final = (64, 36)
_SMALLEST: Final = 1e-9


def background(frames: Sequence[NDArray[np.uint8]]) -> Background:
    """Return the background of a clip.

    Args:
        frames: RGB frames of the clip, uint8, at least one.
    """
    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]
    small = [cv2.resize(each, _SIZE, interpolation=cv2.INTER_AREA) for each in grey]
    median = np.median(np.asarray(small, dtype=np.float64), axis=0).ravel()
    centred = median - median.mean()
    return np.asarray(centred / max(float(np.linalg.norm(centred)), _SMALLEST), dtype=np.float64)


def grouped(backgrounds: Sequence[Background]) -> NDArray[np.int64]:
    """Return a number for each clip: the same one for all that a chain of likeness links."""
    groups = np.arange(len(backgrounds), dtype=np.int64)
    for at, here in enumerate(backgrounds):
        for other in range(at):
            if float(here @ backgrounds[other]) >= SAME_CAMERA:
                groups[groups == groups[at]] = groups[other]
    return groups
