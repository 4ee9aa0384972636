"""What the detector was not made for, and abstains from."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from media.probe import ClipInfo
from provenance.detection.classifier import Rows
from provenance.detection.features import ClipFeatures
from provenance.detection.sampling import FRAMES, STEP_MS

Reason = Literal["", "too_short", "too_small", "still", "drawn", "unfamiliar", "uncalibrated"]
"""Why an answer abstains: the clip is shorter than one burst; it has too few lines; nothing in it
moves; it looks drawn or recorded from a screen; its statistics lie outside of those that the model
has learned from; or nobody has measured what the model's scores are worth."""

MIN_LINES: Final = 96
MIN_MS: Final = STEP_MS * (FRAMES - 1)
# Log of the mean change between frames of 72 x 72, in levels of 255: half a level, codec noise.
_STILL: Final = -0.7
_FLOOR: Final = 1e-3
# Log residual energy that a fifth of the pixels stay below; share of pixels near white.
_PLAIN: Final = -6.0
_LIGHT: Final = 0.25


def stated_reason(info: ClipInfo, least_ms: int = MIN_MS) -> Reason:
    """Why a clip is out of the domain by what its packets say; "" where it is not.

    Args:
        info: What was found out about the clip.
        least_ms: Time at which its last frame must at least be.
    """
    if min(info.width, info.height) < MIN_LINES:
        return "too_small"
    if int(info.packets.pts_ms.max()) < least_ms:
        return "too_short"
    return ""


def is_still(features: ClipFeatures) -> bool:
    """Whether no burst shows any movement."""
    column = features.names["motion"].index("step_72")
    return bool(np.all(features.rows["motion"][:, column] < _STILL))


def stands_still(planes: Sequence[NDArray[np.floating]]) -> bool:
    """Whether the steps from one picture to the next show no movement on average.

    Args:
        planes: Luma, 0..255, all 72 x 72, by time; two at least.
    """
    steps = [
        np.sqrt(((np.asarray(b, np.float64) - a) ** 2).mean())
        for a, b in itertools.pairwise(planes)
    ]
    return bool(np.log(np.mean(steps) + _FLOOR) < _STILL)


def looks_drawn(names: Mapping[str, Sequence[str]], rows: Rows) -> NDArray[np.bool_]:
    """Which clips (n,) have large areas that no camera gives: exactly plain, or blown out.

    The bounds lie beyond 99.8 % of the camera clips that the model learned from. Only drawn clips
    with such areas are recognised; rendered and shaded ones are not.

    Args:
        names: Names of the statistics of each family.
        rows: For each family the mean over a clip's bursts, (n, d).
    """
    plain = rows["fine"][:, names["fine"].index("noise")] < _PLAIN
    light = rows["tone"][:, names["tone"].index("clipped_light")] > _LIGHT
    return np.asarray(plain | light)
