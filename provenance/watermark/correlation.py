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
_NEIGHBOURS: Final = 17


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What one spectrum shows of one key.

    Shells are not brought to one level: the spectrum is that of an estimate (`estimation`), which
    is small where little is seen, so that what is worth most counts most.

    Attributes:
        pilot: (64, shells) float32: coefficients of the pilot times their chips, none beyond three
            robust deviations of its shell.
        payload: (128, shells) float32: coefficients of the payload, likewise.
    """

    pilot: NDArray[np.float32]
    payload: NDArray[np.float32]

    @classmethod
    def of(cls, spectrum: NDArray[np.float32], carriers: Carriers) -> Sight:
        """Look at a spectrum, (65536,) float32."""
        pilot = spectrum[carriers.pilot]
        payload = spectrum[carriers.payload]
        most = _CLIP * shell_scale(pilot, payload)
        return cls(
            np.clip(pilot, -most, most) * carriers.pilot_chips,
            np.clip(payload, -most, most),
        )


def shell_weights(pilot: NDArray[np.float32], payload: NDArray[np.float32]) -> NDArray[np.float32]:
    """Tell what each shell is worth: how well the pilot is seen there, over the shell's deviation.

    Args:
        pilot: (64, shells), coefficients of the pilot times their chips.
        payload: (128, shells), coefficients of the payload.

    Returns:
        (shells,) float32, at least 0. Shells beside each other are averaged.
    """
    square = (pilot**2).sum(axis=0) + (payload**2).sum(axis=0)
    deviation = np.sqrt(square / (len(pilot) + len(payload))) + np.float32(1e-9)
    seen = (pilot / deviation).mean(axis=0)
    window = np.ones(_NEIGHBOURS, np.float32)
    seen = np.convolve(seen, window, "same") / np.convolve(np.ones_like(seen), window, "same")
    weights = np.maximum(seen, 0.0)
    weights = weights if weights.any() else np.ones_like(weights)
    return np.asarray(weights / deviation, dtype=np.float32)


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
    most = middle * np.float32(_CLIP / _MAD)
    seen = np.clip(pilot, -most, most) * carriers.pilot_chips
    return float(seen.sum()) / math.sqrt(max(float((seen**2).sum()), 1e-9))
