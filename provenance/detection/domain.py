"""What the detector was not made for, and abstains from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from media.probe import ClipInfo
from provenance.detection.classifier import Rows
from provenance.detection.features import ClipFeatures
from provenance.detection.sampling import FRAMES, STEP_MS

Reason = Literal["", "too_short", "too_small", "still", "drawn", "unfamiliar"]
"""Why an answer abstains: the clip is shorter than one burst; it has too few lines; nothing in it
moves; it looks drawn or recorded from a screen; or its statistics lie outside of those that the
model has learned from."""

MIN_LINES: Final = 96
MIN_MS: Final = STEP_MS * (FRAMES - 1)
# Log of the mean change between frames of 72 x 72, in levels of 255: half a level, codec noise.
_STILL: Final = -0.7
# Log residual energy that a fifth of the pixels stay below; share of pixels near white.
_PLAIN: Final = -6.0
_LIGHT: Final = 0.25


def stated_reason(info: ClipInfo) -> Reason:
    """Why a clip is out of the domain by what its packets say; "" where it is not."""
    if min(info.width, info.height) < MIN_LINES:
        return "too_small"
    if int(info.packets.pts_ms.max()) < MIN_MS:
        return "too_short"
    return ""


def is_still(features: ClipFeatures) -> bool:
    """Whether no burst shows any movement."""
    column = features.names["motion"].index("step_72")
    return bool(np.all(features.rows["motion"][:, column] < _STILL))


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
