"""Which frequencies carry which bit, and with which sign: all of it follows from the key.

A watermark lives in the discrete cosine transform (DCT-II) of a picture that was scaled to 256 x
256, in a ring of frequencies. The ring is cut into shells of 192 neighbouring frequencies each; the
key deals every shell out to the 128 bits (one frequency each) and to the pilot (64). A chip of +1
or -1 stands at each. So every bit has its share of every shell, no two bits share a frequency, and
a shell that a codec wipes out costs all bits alike.

There are four sets of payload chips, for the shots of a clip, and one set of pilot chips, by which
the detector finds the geometry and learns which shells have survived.

Chips and their places come out of SHAKE-256, so that they stay the same whatever happens to the
random generators of a library.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from provenance.watermark.codes import CODE_BITS
from provenance.watermark.keys import WatermarkKey

SIDE: Final = 256
"""Side of the canonical picture."""

PATTERNS: Final = 4
"""How many sets of payload chips a key has."""

PILOTS: Final = 64
"""Frequencies of the pilot in each shell."""

_INNER, _OUTER = 14, 128
_SHELL = CODE_BITS + PILOTS


@dataclass(frozen=True, slots=True, eq=False)
class Carriers:
    """The frequencies and chips of one key.

    Attributes:
        payload: (128, shells) int64, places in a flattened 256 x 256 spectrum.
        pilot: (64, shells) int64, likewise; disjoint from all of `payload`.
        chips: (4, 128, shells) float32, -1 or 1.
        pilot_chips: (64, shells) float32, -1 or 1.
    """

    payload: NDArray[np.int64]
    pilot: NDArray[np.int64]
    chips: NDArray[np.float32]
    pilot_chips: NDArray[np.float32]

    @classmethod
    def of(cls, key: WatermarkKey) -> Carriers:
        """Derive the carriers of a key (a few milliseconds)."""
        ring = _ring()
        shells = len(ring) // _SHELL
        order = np.frombuffer(_stream(key, "places", ring.size * 8), "<u8").reshape(shells, _SHELL)
        dealt = np.take_along_axis(
            ring.reshape(shells, _SHELL), np.argsort(order, axis=1, kind="stable"), axis=1
        ).T
        chips = _chips(key, "payload", PATTERNS * CODE_BITS * shells)
        pilot_chips = _chips(key, "pilot", PILOTS * shells)
        return cls(
            payload=np.ascontiguousarray(dealt[:CODE_BITS]),
            pilot=np.ascontiguousarray(dealt[CODE_BITS:]),
            chips=chips.reshape(PATTERNS, CODE_BITS, shells),
            pilot_chips=pilot_chips.reshape(PILOTS, shells),
        )

    def pattern(self, index: int, signs: NDArray[np.float32], shells: int) -> NDArray[np.float32]:
        """Draw what is added to a picture.

        Args:
            index: Which of the four sets of chips.
            signs: (128,) float32, the sign of each bit times its gain.
            shells: How many of the shells are used, from the innermost.

        Returns:
            (256, 256) float32; its standard deviation is 1.
        """
        spectrum = np.zeros(SIDE * SIDE, np.float32)
        # A little less of the short waves: pictures have little there to drown them, but codecs
        # keep the long ones, and eyes miss them.
        heights = np.array([radius_of(shell) for shell in range(shells)], np.float32) ** -0.25
        spectrum[self.payload[:, :shells]] = (
            signs[:, None] * self.chips[index, :, :shells] * heights
        )
        spectrum[self.pilot[:, :shells]] = self.pilot_chips[:, :shells] * heights
        drawn = cv2.idct(spectrum.reshape(SIDE, SIDE))
        return np.asarray(drawn / max(float(drawn.std()), 1e-9), dtype=np.float32)

    def pilot_picture(self, shells: int) -> NDArray[np.float32]:
        """Draw the pilot alone, (256, 256) float32, from the innermost `shells`."""
        spectrum = np.zeros(SIDE * SIDE, np.float32)
        spectrum[self.pilot[:, :shells]] = self.pilot_chips[:, :shells]
        return np.asarray(cv2.idct(spectrum.reshape(SIDE, SIDE)), dtype=np.float32)


def radius_of(shell: int) -> float:
    """Tell the radius at which a shell ends, in half waves over the picture."""
    ring = _ring()
    last = int(ring[min((shell + 1) * _SHELL, len(ring)) - 1])
    return float(np.hypot(*divmod(last, SIDE)))


def shells_within(radius: float) -> int:
    """Tell how many shells lie within a radius; at least 4, at most all."""
    count = len(_ring()) // _SHELL
    return max(4, sum(radius_of(shell) <= radius for shell in range(count)))


@cache
def _ring() -> NDArray[np.int64]:
    """Places of the ring's frequencies, from the middle outwards, in whole shells."""
    down, across = np.indices((SIDE, SIDE))
    radius = np.hypot(down, across).ravel()
    # The first rows and columns are the edges of walls and horizons.
    inside = (radius >= _INNER) & (radius < _OUTER) & (np.minimum(down, across).ravel() > 2)  # noqa: PLR2004 - see above
    places = np.flatnonzero(inside)
    places = places[np.argsort(radius[places], kind="stable")]
    ring = places[: len(places) // _SHELL * _SHELL].astype(np.int64)
    ring.flags.writeable = False
    return ring


def _chips(key: WatermarkKey, purpose: str, count: int) -> NDArray[np.float32]:
    drawn = np.frombuffer(_stream(key, purpose, -(-count // 8)), np.uint8)
    return np.unpackbits(drawn)[:count].astype(np.float32) * 2 - 1


def _stream(key: WatermarkKey, purpose: str, size: int) -> bytes:
    return hashlib.shake_256(key.derive(purpose)).digest(size)
