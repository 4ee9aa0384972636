"""The chance of a false alarm, in words that a person can weigh."""

from __future__ import annotations

from typing import Final

_NAMES: Final = (
    (10**18, "quintillion"),
    (10**15, "quadrillion"),
    (10**12, "trillion"),
    (10**9, "billion"),
    (10**6, "million"),
    (10**3, "thousand"),
)
_LARGEST = 10**21


def odds(p_value: float) -> str:
    """Say a chance as one in so many: `one in 31 trillion`, rounded to two digits, downwards.

    Args:
        p_value: 0 to 1.
    """
    if not p_value > 1 / _LARGEST:
        return "less than one in a thousand quintillion"
    # A hair more than the quotient, which is never quite a power of ten.
    count = _two_digits(int(1 / p_value * (1 + 1e-9)))
    for size, name in _NAMES:
        if count >= size:
            return f"one in {count // size} {name}"
    return f"one in {max(1, count)}"


def _two_digits(count: int) -> int:
    """Never more than it is: the chance is not made to look smaller."""
    kept = str(count)[:2]
    return int(kept.ljust(len(str(count)), "0"))
