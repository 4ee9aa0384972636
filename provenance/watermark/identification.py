"""Which registered code a reading agrees with, and how surely.

The p-value is corrected for everything that was tried (Bonferroni): it is the chance that any of
the tested pairs of a key and a code agrees as well as this one, with pictures that carry no mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from media.errors import InvalidInput
from provenance.watermark.codes import CODE_BITS, CODE_BYTES, CodeBook, signs_of
from provenance.watermark.keys import KeyState
from provenance.watermark.reading import Reading
from provenance.watermark.significance import binomial_tail, weighted_tail, weights_of

ALARM: float = 1e-9
"""Corrected p-value up to which a watermark counts as found, where nothing else is asked for."""

_ROWS = 1 << 16


@dataclass(frozen=True, slots=True)
class Detection:
    """The registered code that fits best.

    Attributes:
        found: Whether `p_value` is at most the alarm level, and the key has not leaked.
        key_id: Of the key that it was found with.
        key_state: What the key may be used for; with a leaked one nothing is ever `found`.
        code: The code, 16 bytes.
        p_value: Chance of such agreement with any of the tested codes, corrected; 0 to 1.
        bits: How many of the 128 bits agree.
        bits_p_value: The same chance by the plain count of bits, Binomial(128, 1/2), corrected.
        tests: How many pairs of key and code were tested.
        reading: What was read with the key.
    """

    found: bool
    key_id: str
    key_state: KeyState
    code: bytes
    p_value: float
    bits: int
    bits_p_value: float
    tests: int
    reading: Reading


def identify(
    readings: Sequence[Reading], books: Sequence[CodeBook], *, alarm: float = ALARM
) -> Detection | None:
    """Look a clip's readings up among the registered codes; thread-safe.

    A million codes take about 0.1 s.

    Args:
        readings: One for each book, in the same order; see `reading.read`.
        books: The codes of each key.
        alarm: Corrected p-value up to which a watermark is found, above 0 and at most 0.01.

    Returns:
        The best match, found or not; None where there is no code to compare with. One that is
        found comes before any with a leaked key, which anybody may have put over it.

    Raises:
        InvalidInput: The readings are not those of the books, a key is named twice, or the alarm
            level is out of its range.
    """
    if not 0 < alarm <= 0.01:  # noqa: PLR2004 - see the docstring
        raise InvalidInput("alarm is above 0 and at most 0.01", field="alarm", limit=0.01)
    ids = [book.key.id for book in books]
    if [reading.key_id for reading in readings] != ids or len(set(ids)) != len(ids):
        raise InvalidInput("there must be one reading for each code book", field="readings")
    tests = sum(len(book.codes) for book in books)
    found = [
        _best(reading, book, tests, alarm)
        for reading, book in zip(readings, books, strict=True)
        if len(book.codes)
    ]
    return min(found, key=lambda one: (not one.found, one.p_value), default=None)


def _best(reading: Reading, book: CodeBook, tests: int, alarm: float) -> Detection:
    weights = weights_of(reading.sums)
    signed = np.where(reading.sums < 0, -weights, weights)
    row, score = best_row(signed, book.codes)
    code = book.codes[row].tobytes()
    bits = int((reading.sums * signs_of(code) > 0).sum())
    p_value = min(1.0, tests * weighted_tail(weights, score))
    return Detection(
        found=p_value <= alarm and book.key.state is not KeyState.LEAKED,
        key_id=book.key.id,
        key_state=book.key.state,
        code=code,
        p_value=p_value,
        bits=bits,
        bits_p_value=min(1.0, tests * binomial_tail(bits, CODE_BITS)),
        tests=tests,
        reading=reading,
    )


def best_row(signed: NDArray[np.int64], codes: NDArray[np.uint8]) -> tuple[int, int]:
    """Find the code with the highest weighted agreement; the first of equal ones.

    Args:
        signed: (128,) weights with the sign that was read.
        codes: (n, 16) uint8, n at least 1.

    Returns:
        Its row, and its score: the sum of the weights, each with +1 where the bit agrees.
    """
    every = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.int64) * 2 - 1
    # What each byte of a code can contribute, looked up instead of multiplied out.
    table = np.stack([every @ part for part in signed.reshape(CODE_BYTES, 8)]).astype(np.int32)
    best, at = -(1 << 31), 0
    for start in range(0, len(codes), _ROWS):
        rows = codes[start : start + _ROWS]
        scores = np.zeros(len(rows), np.int32)
        for column in range(CODE_BYTES):
            scores += table[column][rows[:, column]]
        row = int(scores.argmax())
        if int(scores[row]) > best:
            best, at = int(scores[row]), start + row
    return at, best
