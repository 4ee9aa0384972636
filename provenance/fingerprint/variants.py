"""What of a query's frame is hashed beside the whole of it: so that a hard copy meets a window.

A copy that was cropped lies up to half a step (a fortieth of the side) from the nearest registered
window, which costs most of the bits that a match may differ in. So the query is cut a little as
well, by up to 0.04 of a side at either end, along both axes: some cut then ends close to a window's
edges. A logo covers a corner and changes hashes as much; so the picture is also hashed with one of
its corners filled evenly, in fewer cuts. Hashes of a query are many then, but only clips that its
whole frames or the registered windows come near to are compared with them.
"""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint.pdq import Cut, hash_cuts, smoothed

COVERED: Final = (0.19, 0.24)
"""Share of height and width that a logo in a corner may take, with its distance to the edges."""

_SHARES: Final = (0.0, 0.02, 0.04)
CUTS: Final[tuple[Cut, ...]] = tuple(itertools.product(_SHARES, _SHARES))
"""What is cut off at either end of a side, as shares of it; the first is nothing."""
FILLED_CUTS: Final[tuple[Cut, ...]] = ((0.0, 0.0), (0.03, 0.0), (0.0, 0.03))
"""The same for pictures of which a corner is filled."""
COUNT: Final = len(CUTS) ** 2 + 4 * len(FILLED_CUTS) ** 2
"""Hashes of one frame."""

_RIM: Final = 40
"""The colour of a filled corner is the mean of a rim of so many parts of the height around it."""


def hash_variants(
    picture: NDArray[np.float32],
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Hash the variants of a picture; the first one is the whole.

    Args:
        picture: Luma, float32, (height, width), 0..255.

    Returns:
        `COUNT` hashes, and as many of the variants turned left to right.
    """
    smooth = smoothed(picture)
    parts = [hash_cuts(smooth, CUTS)]
    # The corner is larger than a logo, so that what smoothing spread of one is filled as well.
    parts += [hash_cuts(each, FILLED_CUTS) for each in _filled(smooth)]
    hashes, mirrored = zip(*parts, strict=True)
    return np.concatenate(hashes), np.concatenate(mirrored)


def _filled(picture: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """The picture with each corner filled, in turn."""
    height, width = picture.shape
    high, wide = int(COVERED[0] * height), int(COVERED[1] * width)
    rim = max(1, height // _RIM)
    filled = []
    for upper, left in itertools.product((True, False), (True, False)):
        rows = slice(0, high) if upper else slice(height - high, height)
        columns = slice(0, wide) if left else slice(width - wide, width)
        below = slice(high, high + rim) if upper else slice(height - high - rim, height - high)
        beside = slice(wide, wide + rim) if left else slice(width - wide - rim, width - wide)
        around = np.concatenate([picture[below, columns].ravel(), picture[rows, beside].ravel()])
        changed = picture.copy()
        changed[rows, columns] = around.mean() if len(around) else 0
        filled.append(changed)
    return filled
