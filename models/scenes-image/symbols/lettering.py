"""Letters and digits: drawn by hand with strokes, cut with straight ones, or printed."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .sheet import Sheet

#: Strokes on a grid four wide and six high: pairs of x and y, strokes parted by a bar.
_STROKES = {
    "0": "10 30 41 45 36 16 05 01 10",
    "1": "02 20 26",
    "2": "01 10 30 41 42 06 46",
    "3": "01 10 30 41 42 33 13|33 44 45 36 16 05",
    "4": "36 30 04 44",
    "5": "40 00 03 33 44 45 36 16 05",
    "6": "41 30 10 01 05 16 36 45 44 33 13 04",
    "7": "00 40 16",
    "8": "13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33",
    "9": "05 16 36 45 41 30 10 01 02 13 33 42",
    "A": "06 20 46|14 34",
    "B": "06 00 30 41 42 33 03|33 44 45 36 06",
    "C": "41 30 10 01 05 16 36 45",
    "D": "00 06 26 44 42 20 00",
    "E": "40 00 06 46|03 33",
    "F": "40 00 06|03 33",
    "G": "41 30 10 01 05 16 36 45 43 23",
    "H": "00 06|40 46|03 43",
    "I": "20 26",
    "J": "40 45 36 16 05",
    "K": "00 06|40 03 46",
    "L": "00 06 46",
    "M": "06 00 23 40 46",
    "N": "06 00 46 40",
    "O": "10 30 41 45 36 16 05 01 10",
    "P": "06 00 30 41 42 33 03",
    "Q": "10 30 41 45 36 16 05 01 10|24 46",
    "R": "06 00 30 41 42 33 03|23 46",
    "S": "41 30 10 01 02 13 33 44 45 36 16 05",
    "T": "00 40|20 26",
    "U": "00 05 16 36 45 40",
    "V": "00 26 40",
    "W": "00 16 23 36 40",
    "X": "00 46|40 06",
    "Y": "00 23 40|23 26",
    "Z": "00 40 06 46",
    "/": "40 06",
    ":": "21 22|24 25",
    "-": "13 33",
    " ": "",
}
_SQUARE = 0.25


def line(sheet: Sheet, text: str) -> None:
    """Writes a line that fills the sheet's width or height, in a manner chosen by chance."""
    source = sheet.source
    manner = source.random()
    if manner < 0.45:
        sheet.text(text, float(source.uniform(0.8, 1.3)), bold=float(source.uniform(0.0, 0.05)))
        return
    by_strokes(sheet, text, rounded=manner < 0.75)


def by_strokes(sheet: Sheet, text: str, *, rounded: bool = True) -> None:
    """Writes with a brush (rounded) or with straight strokes, spread over the sheet's width."""
    source = sheet.source
    aspect = source.uniform(0.5, 0.85)
    gap = source.uniform(0.3, 0.5)
    advances = [0.5 if letter in " :-" else 1.0 for letter in text]
    total = sum(advances) + gap * (len(text) - 1)
    height = min(1.7, 1.8 / (total * aspect))
    width, thick = height * aspect, height * source.uniform(0.09, 0.24)
    slant, left = source.uniform(-0.05, 0.25) * (source.random() < 0.4), -total * width / 2
    for letter, advance in zip(text, advances, strict=True):
        rise = source.normal(0, 0.03) * rounded
        for points in _paths(letter, rounded=rounded):
            x = left + (points[:, 0] / 4 - 0.5) * width + advance * width / 2
            y = (points[:, 1] / 6 - 0.5) * height + rise
            sheet.stroke(np.stack([x - slant * y, y], axis=1), thick)
        left += (advance + gap) * width


def words(*texts: str) -> Callable[[Sheet], None]:
    """A design of one of the texts."""

    def draw(sheet: Sheet) -> None:
        line(sheet, texts[int(sheet.source.integers(len(texts)))])

    return draw


@functools.lru_cache(maxsize=128)
def _paths(letter: str, *, rounded: bool) -> tuple[NDArray[np.float64], ...]:
    paths = []
    for stroke in filter(None, _STROKES[letter].split("|")):
        points = np.array([(int(pair[0]), int(pair[1])) for pair in stroke.split()], float)
        paths.append(_smooth(_smooth(points)) if rounded and len(points) > 2 else points)
    return tuple(paths)


def _smooth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cuts the corners (G. Chaikin, An algorithm for high-speed curve generation, 1974)."""
    early = points[:-1] * (1 - _SQUARE) + points[1:] * _SQUARE
    late = points[:-1] * _SQUARE + points[1:] * (1 - _SQUARE)
    inner = np.stack([early, late], axis=1).reshape(-1, 2)
    return np.concatenate([points[:1], inner, points[-1:]])
