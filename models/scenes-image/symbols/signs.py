"""Everyday signs: numbers, words, roads, games, clocks, warnings."""

from __future__ import annotations

import numpy as np

from .design import CONFUSABLE, CONTEXTUAL, Design, emblems, glyphs
from .lettering import line, words
from .runes import bones, skull
from .sheet import BLACK, RED, WHITE, Colour, Sheet, circle, turns

_YELLOW: Colour = (250, 204, 20)
_ROAD_BLUE: Colour = (20, 84, 170)


def _shirt(sheet: Sheet, *numbers: str) -> None:
    source = sheet.source
    cloth: Colour = tuple(int(v) for v in source.integers(20, 235, 3))  # type: ignore[assignment]
    digits = WHITE if sum(cloth) < 400 else BLACK
    outline = [
        (-0.5, -0.9),
        (-0.2, -0.84),
        (0.2, -0.84),
        (0.5, -0.9),
        (0.98, -0.5),
        (0.76, -0.2),
        (0.6, -0.36),
    ]
    outline += [(0.6, 0.95), (-0.6, 0.95), (-0.6, -0.36), (-0.76, -0.2), (-0.98, -0.5)]
    sheet.polygon(outline, cloth)
    sheet.ink, before = digits, sheet.ink
    with sheet.placed(y=0.1, scale=0.42):
        line(sheet, str(source.choice(numbers)))
    sheet.ink = before


def _jersey_plain(sheet: Sheet) -> None:
    _shirt(sheet, "8", "18", "48", "10", "7", "84", "14", "80", "68", "23", "38")


def _jersey_88(sheet: Sheet) -> None:
    _shirt(sheet, "88")


def _bus(sheet: Sheet, text: str) -> None:
    """The lit sign of a bus line."""
    source = sheet.source
    lit = ((255, 170, 40), (250, 220, 90), (240, 240, 230), (120, 240, 120))[
        int(source.integers(4))
    ]
    sheet.box(-1, -0.42, 1, 0.42, (18, 18, 20))
    sheet.ink, before = lit, sheet.ink
    with sheet.placed(-0.6, scale=0.36):
        line(sheet, text)
    sheet.ink = before
    for y in (-0.14, 0.16):
        x = -0.1
        while x < 0.85:
            wide = float(source.uniform(0.06, 0.26))
            sheet.bar((x, y), (min(0.92, x + wide), y), 0.1, lit)
            x += wide + 0.08


def _bus_88(sheet: Sheet) -> None:
    _bus(sheet, "88")


def _bus_other(sheet: Sheet) -> None:
    _bus(
        sheet,
        str(sheet.source.choice(("8", "18", "86", "68", "81", "148", "38", "N8", "14", "800"))),
    )


def _clock_digits(sheet: Sheet) -> None:
    sheet.box(-1, -0.5, 1, 0.5, (14, 14, 16))
    sheet.ink, before = (250, 60, 50), sheet.ink
    text = str(sheet.source.choice(("8:08", "18:08", "14:08", "8:18", "20:48", "08:00", "14:38")))
    with sheet.placed(scale=0.8):
        line(sheet, text)
    sheet.ink = before


def _clock(sheet: Sheet) -> None:
    source = sheet.source
    sheet.disc(0, 0, 0.95)
    sheet.disc(0, 0, 0.87, sheet.ground)
    for degrees in turns(12):
        with sheet.placed(degrees=degrees):
            sheet.bar((0, -0.82), (0, -0.66), 0.06)
    for length, thick in ((0.45, 0.09), (0.68, 0.06)):
        with sheet.placed(degrees=float(source.uniform(0, 360))):
            sheet.stroke([(0, 0.08), (0, -length)], thick)


_PIPS = {1: "c", 2: "ai", 3: "aci", 4: "agfi", 5: "agcfi", 6: "abgfhi"}
_AT = {
    "a": (-1, -1),
    "b": (-1, 0),
    "g": (-1, 1),
    "c": (0, 0),
    "f": (1, -1),
    "h": (1, 0),
    "i": (1, 1),
}


def _pips(sheet: Sheet, value: int) -> None:
    for spot in _PIPS[value]:
        x, y = _AT[spot]
        sheet.disc(x * 0.5, y * 0.5, 0.16, sheet.ground)


def _dice(sheet: Sheet) -> None:
    sheet.box(-0.85, -0.85, 0.85, 0.85)
    _pips(sheet, int(sheet.source.integers(1, 7)))


def _domino(sheet: Sheet) -> None:
    sheet.box(-0.96, -0.48, 0.96, 0.48)
    sheet.bar((0, -0.4), (0, 0.4), 0.04, sheet.ground)
    for x in (-0.48, 0.48):
        with sheet.placed(x, scale=0.42):
            _pips(sheet, int(sheet.source.integers(1, 7)))


def _lightning(sheet: Sheet) -> None:
    wide = float(sheet.source.uniform(0.8, 1.2))
    points = [
        (0.2, -0.95),
        (-0.5, 0.12),
        (-0.06, 0.08),
        (-0.24, 0.95),
        (0.5, -0.24),
        (0.06, -0.18),
        (0.42, -0.95),
    ]
    sheet.polygon([(x * wide, y) for x, y in points], None)


def _voltage(sheet: Sheet) -> None:
    sheet.polygon([(0, -0.92), (0.98, 0.82), (-0.98, 0.82)], BLACK)
    sheet.polygon([(0, -0.74), (0.82, 0.72), (-0.82, 0.72)], _YELLOW)
    sheet.ink, before = BLACK, sheet.ink
    with sheet.placed(y=0.22, scale=0.44):
        _lightning(sheet)
    sheet.ink = before


def _peace(sheet: Sheet) -> None:
    thick = float(sheet.source.uniform(0.08, 0.18))
    sheet.ring(0, 0, 0.94, thick)
    sheet.bar((0, -0.9), (0, 0.9), thick)
    for degrees in (135, 225):
        with sheet.placed(degrees=degrees):
            sheet.bar((0, 0), (0, -0.9), thick)


def _crosshair(sheet: Sheet) -> None:
    source = sheet.source
    thick = float(source.uniform(0.03, 0.08))
    sheet.ring(0, 0, 0.7, thick)
    if source.random() < 0.5:
        sheet.ring(0, 0, 0.36, thick)
    for degrees in turns(4):
        with sheet.placed(degrees=degrees):
            sheet.bar((0, -0.95), (0, -float(source.uniform(0.1, 0.5))), thick)


def _plus_button(sheet: Sheet) -> None:
    """A plus inside a ring or disc, which it does not touch."""
    thick, reach = float(sheet.source.uniform(0.1, 0.22)), float(sheet.source.uniform(0.4, 0.55))
    sheet.ring(0, 0, 0.95, thick)
    for degrees in (0, 90):
        with sheet.placed(degrees=degrees):
            sheet.bar((0, -reach), (0, reach), thick)


def _recycling(sheet: Sheet) -> None:
    thick = float(sheet.source.uniform(0.16, 0.26))
    for degrees in turns(3):
        with sheet.placed(degrees=degrees):
            sheet.stroke([(-0.42, -0.16), (-0.08, -0.66), (0.16, -0.66)], thick)
            sheet.polygon([(0.14, -0.94), (0.14, -0.4), (0.5, -0.64)], None)


def _circling(sheet: Sheet, count: int) -> None:
    thick, sweep = float(sheet.source.uniform(0.12, 0.22)), 360 / count
    for degrees in turns(count):
        with sheet.placed(degrees=degrees):
            sheet.arc(0, 0, 0.62, (0, sweep * 0.55), thick)
            end = np.deg2rad(sweep * 0.55)
            with sheet.placed(0.62 * np.cos(end), 0.62 * np.sin(end), 0.3, sweep * 0.55):
                sheet.polygon([(-0.9, 0), (0.9, 0), (0, 1.1)], None)


def _roundabout(sheet: Sheet) -> None:
    sheet.disc(0, 0, 0.96, _ROAD_BLUE)
    sheet.ink, before = WHITE, sheet.ink
    with sheet.placed(scale=0.85):
        _circling(sheet, 3)
    sheet.ink = before


def _refresh(sheet: Sheet) -> None:
    _circling(sheet, int(sheet.source.choice((2, 4))))


def _arrow(sheet: Sheet) -> None:
    thick, ways = float(sheet.source.uniform(0.14, 0.3)), int(sheet.source.choice((1, 1, 2, 4)))
    for degrees in turns(ways):
        with sheet.placed(degrees=degrees):
            sheet.bar((0, 0.9 if ways == 1 else 0.05), (0, -0.5), thick)
            head = thick * 1.1 if ways == 4 else thick * 1.7
            sheet.stroke([(-head, -0.5), (0, -0.86), (head, -0.5)], thick * 0.8)


def _bent_arrow(sheet: Sheet) -> None:
    thick = float(sheet.source.uniform(0.16, 0.26))
    sheet.stroke([(-0.4, 0.85), (-0.4, -0.3), (0.4, -0.3)], thick)
    sheet.polygon([(0.3, -0.7), (0.3, 0.1), (0.92, -0.3)], None)


def _stop(sheet: Sheet) -> None:
    corners = circle(0, 0, 1.0)[::5]
    with sheet.placed(degrees=22.5):
        sheet.polygon(corners * 0.97, WHITE)
        sheet.polygon(corners * 0.9, RED)
    sheet.text("STOP", 0.5, WHITE, bold=0.02)


def _no_entry(sheet: Sheet) -> None:
    sheet.disc(0, 0, 0.96, RED)
    sheet.bar((-0.66, 0), (0.66, 0), 0.3, WHITE)


def _limit(sheet: Sheet) -> None:
    sheet.disc(0, 0, 0.96, RED)
    sheet.disc(0, 0, 0.76, WHITE)
    sheet.ink, before = BLACK, sheet.ink
    with sheet.placed(scale=0.55):
        line(sheet, str(sheet.source.choice(("80", "30", "50", "8", "18", "60", "100"))))
    sheet.ink = before


def _no_thing(sheet: Sheet) -> None:
    """A ban: a ring with a stroke across some black thing."""
    sheet.disc(0, 0, 0.96, WHITE)
    with sheet.placed(scale=0.5, degrees=float(sheet.source.uniform(0, 90))):
        sheet.box(-0.7, -0.3, 0.7, 0.3, BLACK)
        sheet.disc(0.4, -0.4, 0.24, BLACK)
    sheet.ring(0, 0, 0.96, 0.16, RED)
    sheet.bar((-0.62, -0.62), (0.62, 0.62), 0.14, RED)


def _yield_sign(sheet: Sheet) -> None:
    sheet.polygon([(-0.96, -0.8), (0.96, -0.8), (0, 0.92)], RED)
    sheet.polygon([(-0.66, -0.62), (0.66, -0.62), (0, 0.54)], WHITE)


def _trefoil(sheet: Sheet) -> None:
    sheet.disc(0, 0, 0.96, _YELLOW)
    for degrees in turns(3):
        with sheet.placed(degrees=degrees):
            sheet.arc(0, 0, 0.5, (-120, -60), 0.6, BLACK)
    sheet.disc(0, 0, 0.14, BLACK)


def _pirate(sheet: Sheet) -> None:
    """Skull above crossed bones."""
    with sheet.placed(y=-0.16, scale=0.78):
        skull(sheet, jaw=bool(sheet.source.random() < 0.5))
    bones(sheet, 0.56, float(sheet.source.uniform(0.09, 0.14)))


def _pirate_flag(sheet: Sheet) -> None:
    sheet.ink, before = WHITE, sheet.ink
    sheet.ground, ground = BLACK, sheet.ground
    sheet.box(-1, -0.7, 1, 0.7, BLACK)
    with sheet.placed(scale=0.66):
        _pirate(sheet)
    sheet.ink, sheet.ground = before, ground


def _sugar_skull(sheet: Sheet) -> None:
    """A skull with flowers about its eyes."""
    skull(sheet)
    for x in (-0.22, 0.22):
        for degrees in turns(8):
            with sheet.placed(x, -0.22, 0.24, degrees):
                sheet.disc(0, -0.9, 0.3, (220, 60, 120) if x < 0 else (40, 150, 180))


DESIGNS: tuple[Design, ...] = (
    *emblems("number_88", CONTEXTUAL, {"jersey_88": _jersey_88, "bus_88": _bus_88}, upright=True),
    *glyphs(
        "numbers",
        CONFUSABLE,
        {
            "number_short": words("8", "18", "48", "80", "68", "86", "89", "38", "83", "98", "14"),
            "number_long": words(
                "888", "1998", "1480", "1448", "1988", "2088", "148", "8808", "1418"
            ),
            "number_time": words("8:08", "14:08", "8:18", "18:48", "14/7", "8/18", "24/7"),
        },
        upright=True,
    ),
    *emblems(
        "numbers",
        CONFUSABLE,
        {"jersey": _jersey_plain, "bus_line": _bus_other, "clock_digits": _clock_digits},
        upright=True,
    ),
    *glyphs(
        "words",
        CONFUSABLE,
        {
            "word_double_s": words(
                "BOSS", "CLASS", "PASS", "GLASS", "MISS", "CROSS", "PRESS", "SWISS"
            ),
            "word_h": words("HOTEL", "OH", "HA HA", "HOPE", "HH2O", "SHH", "H", "HI", "BEACH"),
            "word_any": words("OPEN", "SALE", "EXIT", "TAXI", "BAKERY", "MUSIC", "LOVE", "PIZZA"),
            "letters": words("S", "Z", "X", "N", "ZZ", "XX", "NZ", "SOS", "US", "KX", "AS"),
        },
        upright=True,
    ),
    *glyphs("clock", CONFUSABLE, {"clock": _clock}),
    *glyphs("dice", CONFUSABLE, {"dice": _dice, "domino": _domino}),
    *glyphs("lightning", CONFUSABLE, {"lightning": _lightning}),
    *emblems("lightning", CONFUSABLE, {"voltage_sign": _voltage}),
    *glyphs(
        "ringed",
        CONFUSABLE,
        {"peace": _peace, "crosshair": _crosshair, "plus_button": _plus_button},
    ),
    *glyphs(
        "arrows",
        CONFUSABLE,
        {"recycling": _recycling, "refresh": _refresh, "arrow": _arrow, "bent_arrow": _bent_arrow},
    ),
    *emblems(
        "road_sign",
        CONFUSABLE,
        {
            "roundabout": _roundabout,
            "stop_sign": _stop,
            "no_entry": _no_entry,
            "speed_limit": _limit,
            "ban": _no_thing,
            "give_way": _yield_sign,
            "radiation": _trefoil,
        },
    ),
    *glyphs(
        "skull", CONFUSABLE, {"pirate_skull": _pirate, "sugar_skull": _sugar_skull}, upright=True
    ),
    *emblems("skull", CONFUSABLE, {"pirate_flag": _pirate_flag}, upright=True),
)
