"""All designs, by name."""

from __future__ import annotations

from . import faiths, flags, patterns, runes, signs, swastikas
from .design import Design

DESIGNS: tuple[Design, ...] = (
    *swastikas.DESIGNS,
    *runes.DESIGNS,
    *faiths.DESIGNS,
    *flags.DESIGNS,
    *patterns.DESIGNS,
    *signs.DESIGNS,
)
