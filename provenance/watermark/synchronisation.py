"""Finding the geometry of a received clip by the pilot.

First the pilot is looked for where it was put, also mirrored. Where it is not seen there, pictures
that were cropped, turned or stretched are tried: for each scale and turn one correlation by FFT
gives all places at once. The best few are made exact by small steps.

Geometries are compared by the pilot, whose chips are independent of the payload's, and at the end
by the energy of the payload's sums, which has no sign: however many geometries are tried, the
p-value of the payload stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from provenance.watermark.carriers import SIDE, Carriers, shells_within
from provenance.watermark.correlation import pilot_score
from provenance.watermark.placement import Placement
from provenance.watermark.pooling import Pooled
from provenance.watermark.residual import spectrum

SEEN: Final = 9.0
"""Score of the pilot from which on no other geometry is searched for."""

_LOW_RADIUS = 72.0
_SCALES = tuple(float(scale) for scale in np.geomspace(1.0, 0.5, 36))
_TURNS = (-4.2, -3.3, -2.4, -1.6, -0.8, 0.8, 1.6, 2.4, 3.3, 4.2)
_SLACK = 12
_KEPT, _TRIED = 4, 5
_STEPS = (0.012, 0.006, 0.003, 0.0015)
_TURN_PER_STEP = 60.0
_WHITENED = (6.0, 176.0)
_GROUP = 256


@dataclass(frozen=True, slots=True)
class Sync:
    """A geometry and how well the pilot is seen under it.

    Attributes:
        placement: The geometry.
        score: Of the pilot; about normal with deviation 1 at one wrong geometry, and up to 6 for
            the best of all wrong ones.
    """

    placement: Placement
    score: float


def synchronise(pooled: Pooled, carriers: Carriers, *, search: bool = True) -> tuple[Sync, ...]:
    """Find the geometries under which the pilot is seen best.

    It is looked for in the mean of all pictures and in the mean of those that begin a shot: codecs
    keep more of it there, and average less of it away.

    Args:
        pooled: The received clip.
        carriers: Of the key.
        search: Whether to try crops and turns where the pilot is not seen at once (about 2 s).

    Returns:
        One where the pilot is clear; else the untouched picture, the mirrored one and what the
        search found, for the payload's energy to choose from.
    """
    planes = [pooled.whole] if len(pooled.planes) == 1 else [pooled.whole, pooled.onsets]
    lookings = [_Looking(plane, carriers, pooled.aspect) for plane in planes]
    plain, mirrored = (
        max((looking.at(Placement(mirrored=turned)) for looking in lookings), key=_score)
        for turned in (False, True)
    )
    best = max(plain, mirrored, key=_score)
    if best.score >= SEEN:
        return (best,)
    if not search:
        return (plain, mirrored)
    refined = [
        looking.refined(sync)
        for looking in lookings
        for sync in (best, *sorted(looking.coarse(), key=_score)[-_KEPT:])
    ]
    return (plain, mirrored, *sorted(refined, key=_score)[-_TRIED:])


@dataclass(frozen=True, slots=True, eq=False)
class _Looking:
    plane: NDArray[np.float32]
    carriers: Carriers
    aspect: float

    def at(self, placement: Placement) -> Sync:
        """Score one geometry."""
        restored = placement.restored(self.plane, self.aspect)
        return Sync(placement, pilot_score(spectrum(restored), self.carriers))

    def refined(self, sync: Sync) -> Sync:
        """Climb to the best geometry nearby, one parameter at a time."""
        best = self.at(sync.placement)
        for step in _STEPS:
            improved = True
            while improved:
                improved = False
                for near in _neighbours(best.placement, step):
                    tried = self.at(near)
                    if tried.score > best.score:
                        best, improved = tried, True
        return best

    def coarse(self) -> Iterator[Sync]:
        """Give the best place for each scale, turn and reflection."""
        white = whitened(self.plane)
        pilot = self.carriers.pilot_picture(shells_within(_LOW_RADIUS))
        wanted = np.conj(np.fft.rfft2(pilot)).astype(np.complex64)
        level = float(pilot.std())
        for mirrored, degrees, width, height in _grid():
            start = Placement(degrees=degrees, mirrored=mirrored)
            upright = start.restored(white, self.aspect)
            size = (round(width * SIDE), round(height * SIDE))
            part = cv2.resize(upright, size, interpolation=cv2.INTER_AREA)
            framed = np.zeros((SIDE, SIDE), np.float32)
            framed[: size[1], : size[0]] = part
            matched = np.fft.irfft2(np.conj(np.fft.rfft2(framed) * wanted), s=(SIDE, SIDE))
            rows = np.arange(-_SLACK, SIDE - size[1] + _SLACK + 1)
            columns = np.arange(-_SLACK, SIDE - size[0] + _SLACK + 1)
            allowed = matched[np.ix_(rows % SIDE, columns % SIDE)]
            row, column = divmod(int(allowed.argmax()), len(columns))
            norm = max(float(np.linalg.norm(part)) * level, 1e-9)
            yield Sync(
                replace(
                    start,
                    width=size[0] / SIDE,
                    height=size[1] / SIDE,
                    left=int(columns[column]) / SIDE,
                    top=int(rows[row]) / SIDE,
                ),
                float(allowed[row, column]) / norm,
            )


def whitened(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give all radii of a plane's spectrum the same robust deviation; (256, 256) float32."""
    seen = spectrum(plane)
    rings = _rings()
    taken = seen[rings]
    middle = np.median(np.abs(taken), axis=1, keepdims=True)
    flat = np.zeros_like(seen)
    flat[rings] = np.clip(taken / (middle + 1e-6), -4, 4)
    return np.asarray(cv2.idct(flat.reshape(SIDE, SIDE)), dtype=np.float32)


def _score(sync: Sync) -> float:
    return sync.score


def _neighbours(placement: Placement, step: float) -> Iterator[Placement]:
    for sign in (step, -step):
        yield replace(placement, left=placement.left + sign)
        yield replace(placement, top=placement.top + sign)
        yield replace(placement, degrees=placement.degrees + sign * _TURN_PER_STEP)
        # About the middle: a scale that moves the picture as well is no step towards the best.
        yield replace(
            placement,
            width=placement.width + sign,
            height=placement.height + sign * placement.height / placement.width,
            left=placement.left - sign / 2,
            top=placement.top - sign / 2,
        )
        yield replace(placement, width=placement.width + sign, left=placement.left - sign / 2)
        yield replace(placement, height=placement.height + sign, top=placement.top - sign / 2)


def _grid() -> Iterator[tuple[bool, float, float, float]]:
    """Mirrored, degrees, width and height of all geometries that are tried."""
    for mirrored in (False, True):
        for scale in _SCALES:
            yield mirrored, 0.0, scale, scale
        for scale in _SCALES[1::2]:
            yield mirrored, 0.0, scale, 1.0
            yield mirrored, 0.0, 1.0, scale
    for degrees in _TURNS:
        for scale in _SCALES[:8:2]:
            yield False, degrees, scale, scale


@cache
def _rings() -> NDArray[np.int64]:
    """Places of a spectrum in rings of neighbouring radii, (rings, 256)."""
    down, across = np.indices((SIDE, SIDE))
    radius = np.hypot(down, across).ravel()
    inside = np.flatnonzero((radius >= _WHITENED[0]) & (radius < _WHITENED[1]))
    inside = inside[np.argsort(radius[inside], kind="stable")]
    rings = inside[: len(inside) // _GROUP * _GROUP].reshape(-1, _GROUP).astype(np.int64)
    rings.flags.writeable = False
    return rings
