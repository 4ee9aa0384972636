"""All statistics of a clip, by family, one row a burst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from provenance.detection.backbone import Backbone, Seen
from provenance.detection.motion import movement, path_shape
from provenance.detection.residuals import detail, luma
from provenance.detection.sampling import Burst
from provenance.detection.tone import tone

SMALL_SIDE: Final = 72
"""Side of the common small square; a clip of 96 lines has as many after its margins are off."""
PATCH_SIDE: Final = 192
"""Largest middle square that is looked at without scaling."""
_LEAST_SIDE: Final = 32
FAMILIES: Final = ("fine", "small", "motion", "tone", "curve", "content", "texture", "parts")


@dataclass(frozen=True, slots=True, eq=False)
class ClipFeatures:
    """What was measured of a clip.

    Attributes:
        starts_ms: Time of each burst.
        names: Names of the statistics of each family.
        rows: For each family float32 of shape (bursts, statistics).
    """

    starts_ms: tuple[int, ...]
    names: dict[str, tuple[str, ...]]
    rows: dict[str, NDArray[np.float32]]

    def mean(self, family: str) -> NDArray[np.float32]:
        """Mean of a family over all bursts."""
        return np.asarray(self.rows[family].mean(axis=0), np.float32)


def measure(bursts: Sequence[Burst], backbone: Backbone) -> ClipFeatures:
    """Measure every burst; see the modules of the families for what is measured."""
    seen: dict[int, Seen] = {}
    measured = [_burst(burst, backbone, seen) for burst in bursts]
    names = {family: tuple(measured[0][family]) for family in FAMILIES}
    rows = {
        family: np.array([list(each[family].values()) for each in measured], np.float32)
        for family in FAMILIES
    }
    return ClipFeatures(tuple(burst.start_ms for burst in bursts), names, rows)


def _burst(burst: Burst, backbone: Backbone, seen: dict[int, Seen]) -> dict[str, dict[str, float]]:
    planes = [luma(image) for image in burst.images]
    small = [small_square(plane) for plane in planes]
    for image in burst.images:
        if id(image) not in seen:  # bursts can share pictures
            seen[id(image)] = backbone.see(image)
    views = [seen[id(image)] for image in burst.images]
    curve: dict[str, float] = {}
    for name in ("content", "texture", "parts"):
        shape = path_shape([getattr(view, name) for view in views])
        curve |= {f"{key}_{name}": value for key, value in shape.items()}
    ends = (0, 2)
    found = {
        "fine": _mean([detail(middle_patch(planes[place])) for place in ends]),
        "small": _mean([detail(small[place]) for place in ends]),
        "motion": movement(small),
        "tone": tone(burst.images[1]),
        "curve": curve,
    }
    for name in ("content", "texture", "parts"):
        mean = np.mean([getattr(view, name) for view in views], axis=0)
        found[name] = {str(place): float(value) for place, value in enumerate(mean)}
    return found


def small_square(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """A square plane at the common small size."""
    way = cv2.INTER_AREA if plane.shape[0] > SMALL_SIDE else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(plane, (SMALL_SIDE, SMALL_SIDE), interpolation=way), np.float32)


def middle_patch(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """The middle of a square plane without scaling; a tiny one is scaled up."""
    if plane.shape[0] < _LEAST_SIDE:
        size = (_LEAST_SIDE, _LEAST_SIDE)
        return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR), np.float32)
    side = min(PATCH_SIDE, plane.shape[0])
    start = (plane.shape[0] - side) // 2 // 8 * 8
    return plane[start : start + side, start : start + side]


def _mean(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
