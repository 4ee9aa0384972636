"""Flags of countries in simple geometry, most of all those with discs, crosses and red fields."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .design import CONFUSABLE, Design, emblems
from .faiths import crescent, star
from .runes import scribble
from .sheet import BLACK, RED, WHITE, Colour, Sheet, turns

_BLUE: Colour = (20, 50, 130)
_SKY: Colour = (90, 160, 220)
_GREEN: Colour = (16, 120, 60)
_GOLD: Colour = (248, 204, 30)
_ORANGE: Colour = (240, 130, 30)

Drawing = Callable[[Sheet], None]


def _half(sheet: Sheet, square: float = 0.0) -> float:
    return square or float(sheet.source.uniform(0.55, 0.72))


def _bands(*colours: Colour, upright: bool = False) -> Drawing:
    def draw(sheet: Sheet) -> None:
        half = _half(sheet)
        for place, colour in enumerate(colours):
            early, late = (2 * (place + step) / len(colours) - 1 for step in (0, 1))
            if upright:
                sheet.box(early, -half, late, half, colour)
            else:
                sheet.box(-1, early * half, 1, late * half, colour)

    return draw


def _nordic(field: Colour, cross: Colour, inner: Colour | None = None) -> Drawing:
    def draw(sheet: Sheet) -> None:
        half = _half(sheet)
        sheet.box(-1, -half, 1, half, field)
        for width, colour in ((0.26, cross), (0.13, inner)):
            if colour is not None:
                sheet.box(-0.3 - width / 2, -half, -0.3 + width / 2, half, colour)
                sheet.box(-1, -width / 2, 1, width / 2, colour)

    return draw


def _disc(field: Colour, disc: Colour, x: float = 0.0) -> Drawing:
    def draw(sheet: Sheet) -> None:
        half = _half(sheet)
        sheet.box(-1, -half, 1, half, field)
        sheet.disc(x, 0, half * float(sheet.source.uniform(0.5, 0.66)), disc)

    return draw


def _moon_disc(sheet: Sheet) -> None:
    """White disc on red with a red crescent and star."""
    half = _half(sheet)
    sheet.box(-1, -half, 1, half, RED)
    if sheet.source.random() < 0.6:
        sheet.disc(0, 0, half * 0.62, WHITE)
        colour = RED
    else:
        colour = WHITE
    with sheet.placed(-0.04, 0, half * 0.42):
        crescent(sheet, colour)
    with sheet.placed(half * 0.16, 0, half * 0.2, -90):
        star(sheet, colour=colour)


def _square_cross(sheet: Sheet) -> None:
    half = _half(sheet, float(sheet.source.choice((0.66, 0.95))))
    sheet.box(-half if half > 0.9 else -1, -half, half if half > 0.9 else 1, half, RED)
    for degrees in (0, 90):
        with sheet.placed(degrees=degrees):
            sheet.bar((0, -half * 0.64), (0, half * 0.64), half * 0.4, WHITE)


def _through_cross(field: Colour, cross: Colour, *, corners: bool = False) -> Drawing:
    def draw(sheet: Sheet) -> None:
        half = _half(sheet)
        sheet.box(-1, -half, 1, half, field)
        sheet.box(-0.11, -half, 0.11, half, cross)
        sheet.box(-1, -0.11, 1, 0.11, cross)
        for x, y in ((-0.55, -0.38), (0.55, -0.38), (-0.55, 0.38), (0.55, 0.38)):
            for degrees in (0, 90) if corners else ():
                with sheet.placed(x, y, 0.14, degrees):
                    sheet.bar((0, -0.9), (0, 0.9), 0.5, cross)

    return draw


def _saltire(field: Colour, cross: Colour) -> Drawing:
    def draw(sheet: Sheet) -> None:
        half = _half(sheet)
        sheet.box(-1, -half, 1, half, field)
        for side in (-1, 1):
            sheet.bar((-0.96, -side * half * 0.94), (0.96, side * half * 0.94), 0.2, cross)

    return draw


def _union(sheet: Sheet) -> None:
    half = _half(sheet)
    sheet.box(-1, -half, 1, half, _BLUE)
    for width, colour in ((0.24, WHITE), (0.09, RED)):
        for side in (-1, 1):
            sheet.bar((-0.95, -side * half * 0.93), (0.95, side * half * 0.93), width, colour)
    for width, colour in ((0.36, WHITE), (0.22, RED)):
        sheet.box(-width / 2, -half, width / 2, half, colour)
        sheet.box(-1, -width / 2, 1, width / 2, colour)


def _stars(
    field: Colour, colour: Colour, places: tuple[tuple[float, float, float], ...]
) -> Drawing:
    def draw(sheet: Sheet) -> None:
        half = _half(sheet)
        sheet.box(-1, -half, 1, half, field)
        for x, y, size in places:
            with sheet.placed(x, y * half, size):
                star(sheet, colour=colour)

    return draw


def _stripes(sheet: Sheet) -> None:
    half = _half(sheet)
    for line in range(13):
        top = -half + line * half * 2 / 13
        sheet.box(-1, top, 1, top + half * 2 / 13, RED if line % 2 == 0 else WHITE)
    sheet.box(-1, -half, -0.2, half * 0.08, _BLUE)
    for x in np.linspace(-0.92, -0.28, 6):
        for y in np.linspace(-half * 0.9, -half * 0.06, 5):
            sheet.disc(x, y, 0.03, WHITE)


def _pinwheel_flower(sheet: Sheet) -> None:
    """Five white petals that turn on red."""
    half = _half(sheet)
    sheet.box(-1, -half, 1, half, RED)
    for degrees in turns(5):
        with sheet.placed(scale=half * 0.75, degrees=degrees):
            sheet.polygon([(0, 0), (-0.3, -0.5), (-0.1, -0.92), (0.28, -0.85), (0.1, -0.5)], WHITE)


def _wheel_band(sheet: Sheet) -> None:
    _bands(_ORANGE, WHITE, _GREEN)(sheet)
    sheet.ring(0, 0, 0.17, 0.03, _BLUE)
    for degrees in turns(12):
        with sheet.placed(degrees=degrees):
            sheet.bar((0, 0), (0, -0.16), 0.015, _BLUE)


def _star_band(sheet: Sheet) -> None:
    half = _half(sheet)
    sheet.box(-1, -half, 1, half, WHITE)
    for y in (-half * 0.72, half * 0.72):
        sheet.box(-1, y - half * 0.14, 1, y + half * 0.14, _BLUE)
    for degrees in (0, 180):
        with sheet.placed(scale=half * 0.42, degrees=degrees):
            sheet.stroke([(0, -0.9), (0.78, 0.45), (-0.78, 0.45)], 0.12, _BLUE, closed=True)


def _round_halves(sheet: Sheet) -> None:
    half = _half(sheet)
    sheet.box(-1, -half, 1, half, WHITE)
    with sheet.placed(scale=half * 0.52, degrees=30):
        sheet.arc(0, 0, 0.45, (180, 360), 0.9, RED)
        sheet.arc(0, 0, 0.45, (0, 180), 0.9, _BLUE)
        sheet.disc(-0.45, 0, 0.45, RED)
        sheet.disc(0.45, 0, 0.45, _BLUE)
    for x, y, degrees in ((-0.7, -0.6, -34), (0.7, 0.6, -34), (0.7, -0.6, 34), (-0.7, 0.6, 34)):
        with sheet.placed(x, y * half, 0.14, degrees):
            for line in (-0.6, 0.0, 0.6):
                sheet.bar((line, -0.9), (line, 0.9), 0.32, BLACK)


def _triangle(upper: Colour, lower: Colour, side: Colour) -> Drawing:
    def draw(sheet: Sheet) -> None:
        half = _half(sheet)
        sheet.box(-1, -half, 1, 0, upper)
        sheet.box(-1, 0, 1, half, lower)
        sheet.polygon([(-1, -half), (0, 0), (-1, half)], side)

    return draw


def _sun_on_red(sheet: Sheet) -> None:
    half = _half(sheet)
    sheet.box(-1, -half, 1, half, RED)
    for degrees in turns(int(sheet.source.choice((8, 16, 20)))):
        with sheet.placed(scale=half * 0.7, degrees=degrees):
            sheet.polygon([(-0.1, -0.4), (0, -0.95), (0.1, -0.4)], _GOLD)
    sheet.disc(0, 0, half * 0.32, _GOLD)


def _script(sheet: Sheet) -> None:
    """A line of script on green, with a bar below it."""
    half = _half(sheet)
    sheet.box(-1, -half, 1, half, _GREEN)
    scribble(sheet, (-0.6, -half * 0.6, 0.6, half * 0.1), WHITE)
    sheet.stroke([(-0.5, half * 0.45), (0.5, half * 0.45)], 0.05, WHITE)


def _black_flag(sheet: Sheet) -> None:
    """A black flag with a plain device: a ring, a chequered corner, letters of no meaning."""
    half = _half(sheet)
    source = sheet.source
    sheet.box(-1, -half, 1, half, BLACK)
    kind = int(source.integers(3))
    if kind == 0:
        sheet.ring(0, 0, half * 0.6, 0.12, WHITE)
    elif kind == 1:
        for x in range(8):
            for y in range(4):
                if (x + y) % 2:
                    sheet.box(
                        -1 + x / 4, half * (y / 2 - 1), -0.75 + x / 4, half * (y / 2 - 0.5), WHITE
                    )
    else:
        sheet.text(str(source.choice(("CAFE", "SALE", "ROCK", "OPEN", "POW MIA"))), half, WHITE)


def _diamond(sheet: Sheet) -> None:
    half = _half(sheet)
    sheet.box(-1, -half, 1, half, _GREEN)
    sheet.polygon([(-0.85, 0), (0, -half * 0.86), (0.85, 0), (0, half * 0.86)], _GOLD)
    sheet.disc(0, 0, half * 0.45, _BLUE)
    sheet.stroke([(-half * 0.42, -0.03), (0, -0.06), (half * 0.42, 0.05)], 0.05, WHITE)


_DRAWINGS: dict[str, dict[str, Drawing]] = {
    "flag_bands": {
        "flag_black_red_gold": _bands(BLACK, RED, _GOLD),
        "flag_red_white_black": _bands(RED, WHITE, BLACK),
        "flag_blue_white_red": _bands(_BLUE, WHITE, RED, upright=True),
        "flag_green_white_red": _bands(_GREEN, WHITE, RED, upright=True),
        "flag_white_blue_red": _bands(WHITE, _BLUE, RED),
        "flag_red_white_red": _bands(RED, WHITE, RED),
        "flag_two_bands": _bands(WHITE, RED),
        "flag_blue_gold": _bands(_SKY, _GOLD),
        "flag_triangle": _triangle(WHITE, RED, _BLUE),
        "flag_triangle_green": _triangle(BLACK, _GREEN, RED),
        "flag_stripes": _stripes,
    },
    "flag_cross": {
        "flag_nordic_red": _nordic(RED, WHITE),
        "flag_nordic_red_blue": _nordic(RED, WHITE, _BLUE),
        "flag_nordic_blue": _nordic(_BLUE, _GOLD),
        "flag_nordic_white": _nordic(WHITE, _BLUE),
        "flag_square_cross": _square_cross,
        "flag_through_cross": _through_cross(WHITE, RED),
        "flag_five_crosses": _through_cross(WHITE, RED, corners=True),
        "flag_saltire": _saltire(_BLUE, WHITE),
        "flag_saltire_red": _saltire(WHITE, RED),
        "flag_union": _union,
    },
    "flag_disc": {
        "flag_disc_red": _disc(WHITE, RED),
        "flag_disc_green": _disc(_GREEN, RED, -0.1),
        "flag_disc_gold": _disc(_SKY, _GOLD, -0.1),
        "flag_disc_white": _disc(RED, WHITE),
        "flag_moon_disc": _moon_disc,
        "flag_round_halves": _round_halves,
        "flag_sun_on_red": _sun_on_red,
        "flag_pinwheel_flower": _pinwheel_flower,
        "flag_wheel_band": _wheel_band,
        "flag_diamond": _diamond,
    },
    "flag_stars": {
        "flag_star_red": _stars(RED, _GOLD, ((0, 0, 0.34),)),
        "flag_stars_corner": _stars(
            RED,
            _GOLD,
            ((-0.66, -0.5, 0.2), (-0.3, -0.8, 0.07), (-0.2, -0.5, 0.07), (-0.3, -0.2, 0.07)),
        ),
        "flag_star_green": _stars(RED, _GREEN, ((0, 0, 0.36),)),
        "flag_stars_ring": _stars(
            _BLUE,
            _GOLD,
            tuple(
                (0.36 * float(np.sin(turn)), 0.6 * float(np.cos(turn)), 0.07)
                for turn in np.arange(12) * np.pi / 6
            ),
        ),
        "flag_star_band": _star_band,
    },
    "flag_script": {"flag_script": _script, "flag_black": _black_flag},
}

DESIGNS: tuple[Design, ...] = tuple(
    design
    for family, drawings in _DRAWINGS.items()
    for design in emblems(family, CONFUSABLE, drawings)
)
