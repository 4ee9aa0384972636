"""Correlating a spectrum with the carriers of a key.

Every choice that is made here, the scale and the weight of each shell, follows from the pilot and
from magnitudes. Both stay what they are when all payload chips of a bit change their sign. So for
any picture whatever, and a key that it was not made with, the signs of the 128 sums are 128 fair
and independent coins: this is what makes the p-value exact (a test by a group of sign changes;
Lehmann and Romano, Testing Statistical Hypotheses, section 17.2.1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from provenance.watermark.carriers import Carriers

_CLIP: Final = 3.0
_MAD: Final = 0.6745
_NEIGHBOURS: Final = 9


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What one spectrum shows of one key, over the robust deviation of each shell.

    Attributes:
        pilot: (64, shells) float32, -3 to 3: coefficients of the pilot times their chips.
        payload: (128, shells) float32, -3 to 3: coefficients of the payload.
    """

    pilot: NDArray[np.float32]
    payload: NDArray[np.float32]

    @classmethod
    def of(cls, spectrum: NDArray[np.float32], carriers: Carriers) -> Sight:
        """Look at a spectrum, (65536,) float32."""
        pilot = spectrum[carriers.pilot]
        payload = spectrum[carriers.payload]
        scale = shell_scale(pilot, payload)
        return cls(
            np.clip(pilot / scale, -_CLIP, _CLIP) * carriers.pilot_chips,
            np.clip(payload / scale, -_CLIP, _CLIP),
        )


def shell_weights(pilot: NDArray[np.float32]) -> NDArray[np.float32]:
    """Tell how well the pilot is seen in each shell and its neighbours, (shells,), at least 0.

    Args:
        pilot: (64, shells), coefficients of the pilot times their chips.
    """
    seen = pilot.mean(axis=0)
    window = np.ones(_NEIGHBOURS, np.float32)
    seen = np.convolve(seen, window, "same") / np.convolve(np.ones_like(seen), window, "same")
    weights = np.maximum(seen, 0.0).astype(np.float32)
    return weights if weights.any() else np.ones_like(weights)


def shell_scale(pilot: NDArray[np.float32], payload: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the robust deviation of each shell's coefficients, (shells,) float32."""
    every = np.abs(np.concatenate([pilot, payload]))
    middle = np.partition(every, len(every) // 2, axis=0)[len(every) // 2]
    return np.asarray(middle / _MAD + 1e-6, dtype=np.float32)


def pilot_score(spectrum: NDArray[np.float32], carriers: Carriers) -> float:
    """Tell how well the pilot is seen in a spectrum, (65536,) float32.

    About normal with deviation 1 where there is no mark.
    """
    pilot = spectrum[carriers.pilot]
    middle = np.partition(np.abs(pilot), len(pilot) // 2, axis=0)[len(pilot) // 2]
    scaled = np.clip(pilot / (middle / _MAD + 1e-6), -_CLIP, _CLIP) * carriers.pilot_chips
    return float(scaled.sum()) / math.sqrt(max(float((scaled**2).sum()), 1e-9))
