"""Reading a clip: its sections, looked at with each key."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from provenance.watermark.carriers import Carriers
from provenance.watermark.codes import CODE_BITS
from provenance.watermark.combining import combined
from provenance.watermark.keys import WatermarkKey
from provenance.watermark.placement import Placement
from provenance.watermark.pooling import Pooled
from provenance.watermark.residual import spectrum
from provenance.watermark.synchronisation import Sync, synchronise

# Deviation of the energy of 128 sums where there is nothing to see; its mean is 128.
_DEVIATION: Final = math.sqrt(2 * CODE_BITS)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a clip says with one key.

    Attributes:
        key_id: Of the key.
        sums: (128,) float32. Their signs are the bits as read; for pictures without this key's
            mark they are fair independent coins, given the magnitudes.
        sync: The geometry that it was read under, where that is known.
    """

    key_id: str
    sums: NDArray[np.float32] = field(repr=False)
    sync: Sync | None = None


def read(pooled: Pooled, keys: Sequence[WatermarkKey], *, search: bool = True) -> list[Reading]:
    """Read a clip with each key; the same arguments give the same readings. Thread-safe.

    Args:
        pooled: The clip.
        keys: Active, retired and leaked ones alike.
        search: Whether to look for crops and turns where the pilot is not seen at once; costs
            2 to 5 s a key.
    """
    return [_read(pooled, key, search=search) for key in keys]


def _read(pooled: Pooled, key: WatermarkKey, *, search: bool) -> Reading:
    carriers = Carriers.of(key)
    best, most = None, -math.inf
    for sync in synchronise(pooled, carriers, search=search):
        sums = combined(_spectra(pooled, sync.placement), pooled.shots, carriers)
        likelihood = _likelihood(sums, sync)
        if likelihood > most:
            best, most = Reading(key.id, sums, sync), likelihood
    assert best is not None  # noqa: S101 - the untouched picture is always tried
    return best


def _spectra(pooled: Pooled, placement: Placement) -> NDArray[np.float32]:
    """The spectra of all sections under a geometry, (n, 65536) float32."""
    return np.stack(
        [
            spectrum(placement.restored(plane.astype(np.float32), pooled.aspect))
            for plane in pooled.planes
        ]
    )


def _likelihood(sums: NDArray[np.float32], sync: Sync) -> float:
    """Tell how likely a geometry is, as a logarithm, up to a constant.

    The pilot's score and the energy of the sums are about normal where there is nothing; most
    clips are neither cropped nor turned. The signs of the sums have no part in it; see
    `combining`.
    """
    energy = (float((sums**2).sum()) - CODE_BITS - _DEVIATION) / _DEVIATION
    placement = sync.placement
    usual = 6.0 if placement == Placement() else 3.0 if placement.degrees == 0 else 0.0
    return (math.copysign(energy**2, energy) + math.copysign(sync.score**2, sync.score)) / 2 + usual
