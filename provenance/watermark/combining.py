"""Weighing the sections of a clip against each other.

A codec spends its bits on the picture that begins a shot and has the others follow from it; the
embedder puts more of the mark there. So the sections of a clip hold more or less of a mark beside
much the same scene, and taking a later one off an earlier one takes the scene off. The weights that
leave the least of everything else for a given amount of the mark are those of the beam former of
minimum variance (Capon, Proc. IEEE 57(8), 1969): the inverse of the sections' second moments, times
how much of the pilot each holds.

They follow from the pilot and from the pictures, never from the payload's chips, and which set of
chips a shot has is told by energies alone. Turning all chips of one bit turns its sum and nothing
else, so that the signs of the sums are what `correlation` says they are: fair and independent coins
for any pictures that were made without the key.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from provenance.watermark.carriers import PATTERNS, Carriers
from provenance.watermark.correlation import Sight, shell_weights

_LOADING: Final = 0.1
_MANY: Final = 32


def weights_of_sections(
    pilots: NDArray[np.float32], payloads: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Give the weights of least variance.

    Args:
        pilots: (n, 64, shells), the pilot's coefficients times their chips, for each section.
        payloads: (n, 128, shells), the payload's coefficients.

    Returns:
        (n,) float32; the weighted sum has a mean square of 1. Some may be below 0.
    """
    n = len(pilots)
    seen = pilots.reshape(n, -1).mean(axis=1, dtype=np.float64)
    every = np.concatenate([pilots.reshape(n, -1), payloads.reshape(n, -1)], axis=1)
    moments = (every @ every.T).astype(np.float64) / every.shape[1]
    # With many sections the pilot tells each one's share less surely than noise does.
    loading = _LOADING * max(1.0, n / _MANY) * float(np.trace(moments)) / n + 1e-9
    weights = np.linalg.solve(moments + loading * np.eye(n), seen)
    power = float(weights @ moments @ weights)
    return np.asarray(weights / max(power, 1e-18) ** 0.5, dtype=np.float32)


def combined(
    spectra: NDArray[np.float32], shots: NDArray[np.int64], carriers: Carriers
) -> NDArray[np.float32]:
    """Give the sums of a clip.

    Args:
        spectra: (n, 65536) float32, of the sections under one geometry.
        shots: (n,), which shot each is of.
        carriers: Of the key.

    Returns:
        (128,) float32, each with mean 0 and deviation of about 1 over random chips.
    """
    sights = [Sight.of(spectrum, carriers) for spectrum in spectra]
    pilots = np.stack([sight.pilot for sight in sights])
    payloads = np.stack([sight.payload for sight in sights])
    weights = weights_of_sections(pilots, payloads)
    shells = shell_weights(np.tensordot(weights, pilots, 1), np.tensordot(weights, payloads, 1))
    sums, square = [], np.zeros(payloads.shape[1], np.float32)
    for shot in np.unique(shots):
        held = shots == shot
        payload = np.tensordot(weights[held], payloads[held], 1)
        sums.append(np.stack([(payload * carriers.chips[k]) @ shells for k in range(PATTERNS)]))
        square += payload**2 @ shells**2
    scaled = np.stack(sums) / np.sqrt(np.maximum(square, 1e-12))
    return _of_most_energy(np.asarray(scaled, dtype=np.float32))


def _of_most_energy(sums: NDArray[np.float32]) -> NDArray[np.float32]:
    """Choose a set of chips for each shot, (shots, 4, 128), and add the shots up.

    What looks like a cut need not have been one for the embedder: one set for all is tried too.
    """
    each = np.argmax((sums**2).sum(axis=2), axis=1)
    tried = [sums[np.arange(len(sums)), each].sum(axis=0), *sums.sum(axis=0)]
    return max(tried, key=lambda joined: float((joined**2).sum()))
