"""Payloads: random codes of 128 bits, and the books of those that were given out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.errors import InvalidInput
from provenance.watermark.keys import WatermarkKey

CODE_BITS: Final = 128
"""Bits of a code."""

CODE_BYTES: Final = CODE_BITS // 8
"""Bytes of a code."""


def new_code() -> bytes:
    """Draw the code of a clip: 16 bytes of the operating system's generator."""
    return secrets.token_bytes(CODE_BYTES)


def check_code(code: bytes) -> None:
    """Refuse what is no code.

    Raises:
        InvalidInput: It does not have 16 bytes.
    """
    if len(code) != CODE_BYTES:
        raise InvalidInput(
            "a watermark code has 16 bytes",
            field="watermark.code",
            limit=CODE_BYTES,
            actual=len(code),
        )


def signs_of(code: bytes) -> NDArray[np.float32]:
    """Return a code's bits as (128,) float32, -1 for 0 and 1 for 1; the highest bit is first.

    Raises:
        InvalidInput: See `check_code`.
    """
    check_code(code)
    bits = np.unpackbits(np.frombuffer(code, np.uint8))
    return bits.astype(np.float32) * 2 - 1


@dataclass(frozen=True, slots=True, eq=False)
class CodeBook:
    """The codes that were embedded under one key.

    Attributes:
        key: The key.
        codes: (n, 16) uint8, one code a row; n may be 0.

    Raises:
        InvalidInput: The array has another shape or type.
    """

    key: WatermarkKey
    codes: NDArray[np.uint8]

    def __post_init__(self) -> None:
        if self.codes.dtype != np.uint8 or self.codes.shape != (len(self.codes), CODE_BYTES):
            raise InvalidInput(
                "a code book is an array of bytes with 16 columns",
                field="code_book.codes",
                limit=CODE_BYTES,
                actual=str(self.codes.shape),
            )

    @classmethod
    def of(cls, key: WatermarkKey, *codes: bytes) -> CodeBook:
        """Make a book of a few codes.

        Raises:
            InvalidInput: See `check_code`.
        """
        for code in codes:
            check_code(code)
        rows = np.frombuffer(b"".join(codes), np.uint8).reshape(len(codes), CODE_BYTES)
        return cls(key, rows)
