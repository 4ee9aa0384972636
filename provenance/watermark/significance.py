"""How often chance alone would agree with a code: exact, by counting.

Under the null the signs of the 128 sums are fair independent coins, whatever the picture, and
their magnitudes are given. Then the count of agreeing bits is Binomial(128, 1/2); and the weighted
count, in which a bit weighs what its magnitude is worth, has a law that is found by adding one bit
after the other. The weighted one is the stronger test where a codec has spoilt some bits more than
others; both are exact.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEVELS: Final = 31
"""Weights are whole numbers from 0 to this."""


def binomial_tail(agreeing: int, bits: int) -> float:
    """Return P(X >= agreeing) for X ~ Binomial(bits, 1/2), from whole numbers.

    Raises:
        ValueError: `agreeing` is not within 0 and `bits`, or there are no bits.
    """
    if bits < 1 or not 0 <= agreeing <= bits:
        msg = "agreeing must be within 0 and bits, and bits at least 1"
        raise ValueError(msg)
    return sum(math.comb(bits, count) for count in range(agreeing, bits + 1)) / (1 << bits)


def weights_of(sums: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the whole weight of each sum's magnitude: the largest has 31, and 0 has none.

    A picture without any detail leaves all sums at 0; then nothing agrees with anything.
    """
    magnitude = np.abs(sums.astype(np.float64))
    largest = float(magnitude.max(initial=0.0))
    if largest <= 0:
        return np.zeros(len(sums), np.int64)
    return np.rint(magnitude * (LEVELS / largest)).astype(np.int64)


def weighted_tail(weights: NDArray[np.int64], score: int) -> float:
    """Return P(sum of +-weights >= score) for fair independent signs.

    The law is computed by convolution in float64; all terms are positive, so that the relative
    error stays below 1e-12 however small the result.

    Args:
        weights: (bits,) whole numbers of at least 0.
        score: Any whole number.

    Raises:
        ValueError: A weight is negative.
    """
    if (weights < 0).any():
        msg = "weights must be at least 0"
        raise ValueError(msg)
    most = int(weights.sum())
    # law[i] is the chance that the weights of the agreeing bits add up to i.
    law = np.zeros(most + 1)
    law[0], reached = 1.0, 0
    for weight in weights.tolist():
        moved = law[: reached + 1] / 2
        law[: reached + 1] = moved
        law[weight : weight + reached + 1] += moved
        reached += weight
    least = max(0, -(-(score + most) // 2))
    return float(min(1.0, law[least:].sum())) if least <= most else 0.0
