"""Runes, crosses, wheels, skulls and numbers that extremists use, with what is used otherwise."""

from __future__ import annotations

import numpy as np

from .design import CONTEXTUAL, HATE, Design, emblems, glyphs
from .lettering import by_strokes, words
from .sheet import BLACK, RED, WHITE, Colour, Sheet, circle, turns
from .swastikas import iron_cross

_FLAG_BLACK = (14, 14, 16)


def sig_rune(sheet: Sheet, lean: float, width: float, colour: Colour | None = None) -> None:
    """Draws one bolt: two slanted strokes joined by a third, all of one width across."""
    line = np.array([(lean, -0.92), (-lean, 0.14), (lean, -0.14), (-lean, 0.92)])
    half = np.array([width / 2, 0.0])
    sheet.polygon(np.concatenate([line - half, (line + half)[::-1]]), colour)


def _bolts(sheet: Sheet, colour: Colour | None = None) -> None:
    source = sheet.source
    lean, width = float(source.uniform(0.13, 0.26)), float(source.uniform(0.16, 0.28))
    apart = width + lean + float(source.uniform(0.14, 0.3))
    drawn = source.random() < 0.3
    for x in (-apart / 2, apart / 2):
        with sheet.placed(x):
            if drawn:
                line = [(lean, -0.85), (-lean, 0.1), (lean, -0.1), (-lean, 0.85)]
                sheet.stroke(line, width * 0.8, colour)
            else:
                sig_rune(sheet, lean, width, colour)


def _bolts_flag(sheet: Sheet) -> None:
    half = float(sheet.source.uniform(0.6, 1.0))
    sheet.box(-1, -half, 1, half, _FLAG_BLACK)
    with sheet.placed(scale=half * 0.72):
        _bolts(sheet, WHITE)


def _bolts_patch(sheet: Sheet) -> None:
    sheet.polygon([(-0.7, -0.75), (0.95, -0.75), (0.7, 0.75), (-0.95, 0.75)], (176, 176, 172))
    sheet.polygon([(-0.64, -0.68), (0.86, -0.68), (0.64, 0.68), (-0.86, 0.68)], _FLAG_BLACK)
    with sheet.placed(scale=0.6):
        _bolts(sheet, (206, 206, 200))


def _black_sun(sheet: Sheet) -> None:
    source = sheet.source
    thick = float(source.uniform(0.07, 0.13))
    inner, knee = float(source.uniform(0.14, 0.3)), float(source.uniform(0.5, 0.62))
    bend = float(np.deg2rad(source.uniform(14, 22))) * source.choice((-1, 1))
    rim = 0.9
    for degrees in turns(12):
        with sheet.placed(degrees=degrees):
            end = (rim * 0.97 * np.sin(bend), -rim * 0.97 * np.cos(bend))
            kink = (knee * np.sin(bend), -knee * np.cos(bend))
            sheet.stroke([(0, -inner), (0, -knee - 0.08), kink, end], thick)
    sheet.ring(0, 0, 0.96, float(source.uniform(0.08, 0.13)))
    if source.random() < 0.7:
        sheet.ring(0, 0, inner + thick * 0.6, thick)
    else:
        sheet.disc(0, 0, inner)


def _wolfsangel(sheet: Sheet) -> None:
    source = sheet.source
    thick, hook = source.uniform(0.12, 0.24), source.uniform(0.3, 0.5)
    sheet.stroke([(hook, -0.5), (0, -0.85), (0, 0.85), (-hook, 0.5)], thick)
    sheet.bar((-source.uniform(0.3, 0.5), 0), (source.uniform(0.3, 0.5), 0), thick)


def _wolfsangel_lying(sheet: Sheet) -> None:
    thick, slant = sheet.source.uniform(0.14, 0.24), sheet.source.uniform(0.0, 0.3)
    line = [(-0.85 + slant, -0.5), (-0.85, 0.35), (0.85, -0.35), (0.85 - slant, 0.5)]
    sheet.stroke(line, thick)
    sheet.bar((0, -0.5), (0, 0.5), thick)


def _odal(sheet: Sheet, *, winged: bool = False) -> None:
    source = sheet.source
    thick, wide = float(source.uniform(0.12, 0.22)), float(source.uniform(0.45, 0.6))
    foot = 0.72 if winged else 0.88
    for side in (-1, 1):
        line = [(0, -0.85), (side * wide, -0.25), (-side * wide * 0.9, foot)]
        if winged:
            line += [(-side * (wide * 0.9 + 0.26), foot - 0.16)]
        sheet.stroke(line, thick)


def _odal_winged(sheet: Sheet) -> None:
    _odal(sheet, winged=True)


def _celtic(sheet: Sheet) -> None:
    source = sheet.source
    thick, radius = float(source.uniform(0.14, 0.26)), float(source.uniform(0.56, 0.74))
    sheet.ring(0, 0, radius + thick / 2, thick * float(source.uniform(0.7, 1.0)))
    for degrees in turns(2):
        with sheet.placed(degrees=degrees / 2):
            sheet.bar((0, -0.94), (0, 0.94), thick)


def _blood_drop(sheet: Sheet) -> None:
    source = sheet.source
    red = RED if source.random() < 0.8 else BLACK
    sheet.disc(0, 0, 0.96, WHITE if source.random() < 0.4 else BLACK)
    sheet.disc(0, 0, 0.9, red)
    thick = float(source.uniform(0.34, 0.46))
    flare = float(source.uniform(0.0, 0.12))
    for degrees in turns(4, 45 if source.random() < 0.3 else 0):
        with sheet.placed(degrees=degrees):
            half = thick / 2
            arm = [(-half, 0), (-half - flare, -0.88), (half + flare, -0.88), (half, 0)]
            sheet.polygon(arm, WHITE)
    sheet.polygon([(0, -0.28), (0.28, 0), (0, 0.28), (-0.28, 0)], BLACK)
    sheet.polygon([(0, -0.26), (0.26, 0), (0, 0.26), (-0.26, 0)], WHITE)
    drop = [*circle(0, 0.05, 0.12, (-20, 200)), (0.0, -0.2)]
    sheet.polygon(drop, red)


def skull(sheet: Sheet, *, jaw: bool = True) -> None:
    """Draws a skull from the front, a little turned or not, its holes in the sheet's ground."""
    source = sheet.source
    turn, eye = float(source.uniform(-0.08, 0.08)), float(source.uniform(0.13, 0.19))
    wide = float(source.uniform(0.46, 0.56))
    sheet.polygon(circle(0, -0.3, wide) * (1, 1.02), None)
    sheet.polygon(
        [(-wide * 0.7, -0.1), (wide * 0.7, -0.1), (wide * 0.5, 0.28), (-wide * 0.5, 0.28)], None
    )
    for side in (-1, 1):
        sheet.disc(side * wide * 0.42 + turn, -0.22, eye, sheet.ground)
    sheet.polygon([(turn, -0.06), (turn + 0.08, 0.1), (turn - 0.08, 0.1)], sheet.ground)
    if jaw:
        sheet.polygon(
            [(-wide * 0.55, 0.2), (wide * 0.55, 0.2), (wide * 0.4, 0.52), (-wide * 0.4, 0.52)], None
        )
        sheet.bar((-wide * 0.42, 0.3), (wide * 0.42, 0.3), 0.03, sheet.ground)
    for x in np.linspace(-0.18, 0.18, 4):
        sheet.bar((x, 0.2), (x, 0.4 if jaw else 0.28), 0.03, sheet.ground)


def bones(sheet: Sheet, y: float, thick: float) -> None:
    """Draws two crossed bones about (0, y)."""
    for side in (-1, 1):
        sheet.bar((-0.72 * side, y - 0.32), (0.72 * side, y + 0.32), thick)
        for end in (-1, 1):
            for apart in (-0.06, 0.06):
                sheet.disc(
                    end * 0.76 * side + apart * side, y + end * 0.34 - apart * end, thick * 0.6
                )


def _totenkopf(sheet: Sheet) -> None:
    # The bones lie behind the skull, unlike those of a pirate flag, which lie below it.
    thick = float(sheet.source.uniform(0.11, 0.16))
    bones(sheet, float(sheet.source.uniform(0.08, 0.2)), thick)
    skull(sheet)


def _sevens(sheet: Sheet, colour: Colour | None = None) -> None:
    thick, bend = sheet.source.uniform(0.22, 0.34), sheet.source.uniform(0.4, 0.6)
    for degrees in turns(3):
        with sheet.placed(degrees=degrees):
            half = thick / 2
            sheet.polygon(
                [
                    (-half, 0.1),
                    (-half, -0.85),
                    (bend, -0.62),
                    (bend - 0.04, -0.62 + thick),
                    (half, -0.5),
                    (half, 0.1),
                ],
                colour,
            )


def _sevens_flag(sheet: Sheet) -> None:
    half = float(sheet.source.uniform(0.58, 0.7))
    sheet.box(-1, -half, 1, half, RED)
    sheet.disc(0, 0, half * 0.86, WHITE)
    with sheet.placed(scale=half * 0.84):
        _sevens(sheet, BLACK)


def scribble(sheet: Sheet, box: tuple[float, float, float, float], colour: Colour) -> None:
    """Draws marks that look like a line of flowing script from afar and say nothing."""
    left, top, right, bottom = box
    source, height = sheet.source, bottom - top
    x = right
    while x > left + 0.06:
        width = float(source.uniform(0.08, 0.22))
        steps = np.linspace(0, 1, 9)
        curl = source.uniform(0.2, 0.5) * np.sin(
            steps * source.uniform(3, 9) + source.uniform(0, 6)
        )
        y = top + height * (0.55 + curl * 0.8)
        sheet.stroke(np.stack([x - steps * width, y], axis=1), height * 0.13, colour)
        if source.random() < 0.5:
            sheet.stroke([(x, top), (x - 0.02, bottom - height * 0.2)], height * 0.12, colour)
        if source.random() < 0.6:
            sheet.disc(
                x - width / 2, top + height * source.choice((0.1, 0.95)), height * 0.07, colour
            )
        x -= width * 0.9


def _black_standard(sheet: Sheet) -> None:
    source = sheet.source
    half = float(source.uniform(0.6, 0.72))
    sheet.box(-1, -half, 1, half, _FLAG_BLACK)
    scribble(sheet, (-0.8, -half + 0.08, 0.8, -half + 0.42), WHITE)
    middle = half - 0.46
    radius = float(source.uniform(0.3, 0.42))
    sheet.disc(0, middle, radius, WHITE)
    for line in range(3):
        y = middle - radius * 0.6 + line * radius * 0.42
        reach = radius * (0.55 if line != 1 else 0.72)
        scribble(sheet, (-reach, y, reach, y + radius * 0.36), BLACK)


def _iron_cross_edged(sheet: Sheet) -> None:
    iron_cross(sheet)


def _beam_cross(sheet: Sheet) -> None:
    thick = float(sheet.source.uniform(0.26, 0.4))
    for degrees in (0, 90):
        with sheet.placed(degrees=degrees):
            sheet.bar((0, -0.93), (0, 0.93), thick * 1.5)
    for degrees in (0, 90):
        with sheet.placed(degrees=degrees):
            sheet.bar((0, -0.95), (0, 0.95), thick, sheet.ground)
    for degrees in (0, 90):
        with sheet.placed(degrees=degrees):
            sheet.bar((0, -0.93), (0, 0.93), thick * 0.7)


def _tyr(sheet: Sheet) -> None:
    thick, reach = sheet.source.uniform(0.12, 0.22), sheet.source.uniform(0.4, 0.6)
    sheet.stroke([(0, -0.85), (0, 0.88)], thick)
    sheet.stroke([(-reach, -0.3), (0, -0.85), (reach, -0.3)], thick)


def _life(sheet: Sheet, *, down: bool = False) -> None:
    thick, reach = sheet.source.uniform(0.12, 0.22), sheet.source.uniform(0.45, 0.65)
    with sheet.placed(degrees=180 if down else 0):
        sheet.stroke([(0, -0.88), (0, 0.88)], thick)
        sheet.stroke([(-reach, -0.85), (0, -0.1), (reach, -0.85)], thick)


def _death(sheet: Sheet) -> None:
    _life(sheet, down=True)


def _hagal(sheet: Sheet) -> None:
    thick = sheet.source.uniform(0.1, 0.2)
    for degrees in (0, 55, -55):
        with sheet.placed(degrees=degrees):
            sheet.stroke([(0, -0.88), (0, 0.88)], thick)


def _sig(sheet: Sheet) -> None:
    source = sheet.source
    sig_rune(sheet, float(source.uniform(0.2, 0.4)), float(source.uniform(0.2, 0.36)))


def _arrow_cross(sheet: Sheet, colour: Colour | None = None) -> None:
    thick, head = sheet.source.uniform(0.14, 0.24), sheet.source.uniform(0.28, 0.4)
    for degrees in turns(4):
        with sheet.placed(degrees=degrees):
            sheet.bar((0, 0.05), (0, -0.7), thick, colour)
            point = [(0, -0.96), (head, -0.96 + head), (-head, -0.96 + head)]
            sheet.polygon(point, colour)


def _arrow_cross_flag(sheet: Sheet) -> None:
    half = float(sheet.source.uniform(0.58, 0.72))
    sheet.box(-1, -half, 1, half, RED)
    sheet.polygon([(0, -half * 0.96), (half, 0), (0, half * 0.96), (-half, 0)], WHITE)
    with sheet.placed(scale=half * 0.72):
        _arrow_cross(sheet, (20, 110, 50))


_FLASH = ((0.42, -0.78), (-0.34, 0.14), (0.02, 0.1), (-0.36, 0.78), (0.36, -0.12), (0.0, -0.08))


def _flash_and_circle(sheet: Sheet) -> None:
    sheet.ring(0, 0, 0.95, float(sheet.source.uniform(0.12, 0.2)))
    sheet.polygon(_FLASH, None)


def _flash_flag(sheet: Sheet) -> None:
    half = float(sheet.source.uniform(0.58, 0.72))
    sheet.box(-1, -half, 1, half, RED)
    with sheet.placed(scale=half * 0.88):
        sheet.disc(0, 0, 0.95, WHITE)
        sheet.disc(0, 0, 0.8, (24, 40, 110))
        sheet.polygon(np.array(_FLASH) * 1.02, WHITE)


def _stacked(sheet: Sheet) -> None:
    upper, lower = ("14", "88") if sheet.source.random() < 0.8 else ("88", "14")
    for y, text in ((-0.48, upper), (0.48, lower)):
        with sheet.placed(y=y, scale=0.52):
            by_strokes(sheet, text, rounded=bool(sheet.source.random() < 0.6))


def _battle_flag(sheet: Sheet) -> None:
    half = float(sheet.source.uniform(0.6, 1.0))
    sheet.box(-1, -half, 1, half, RED)
    for width, colour in ((0.34, WHITE), (0.24, (24, 36, 96))):
        for side in (-1, 1):
            sheet.bar((-0.93, -side * half * 0.92), (0.93, side * half * 0.92), width, colour)
    for share in np.linspace(-0.85, 0.85, 7):
        for side in (-1, 1):
            with sheet.placed(share, side * share * half, 0.09):
                sheet.polygon([p for d in turns(5) for p in _spike(d)], WHITE)


def _spike(degrees: float) -> list[tuple[float, float]]:
    turn = np.deg2rad([degrees, degrees + 36])
    return [(np.sin(turn[0]), -np.cos(turn[0])), (0.4 * np.sin(turn[1]), -0.4 * np.cos(turn[1]))]


DESIGNS: tuple[Design, ...] = (
    *glyphs("ss_bolts", HATE, {"ss_bolts": _bolts}, upright=True),
    *emblems(
        "ss_bolts",
        HATE,
        {"ss_bolts_flag": _bolts_flag, "ss_bolts_patch": _bolts_patch},
        upright=True,
    ),
    *glyphs("black_sun", HATE, {"black_sun": _black_sun}),
    *emblems("blood_drop_cross", HATE, {"blood_drop_cross": _blood_drop}),
    *glyphs("totenkopf", HATE, {"totenkopf": _totenkopf}, upright=True),
    *glyphs("three_sevens", HATE, {"three_sevens": _sevens}),
    *emblems("three_sevens", HATE, {"three_sevens_flag": _sevens_flag}),
    *emblems("black_standard", HATE, {"black_standard": _black_standard}, upright=True),
    *glyphs("arrow_cross", CONTEXTUAL, {"arrow_cross": _arrow_cross}),
    *emblems("arrow_cross", HATE, {"arrow_cross_flag": _arrow_cross_flag}),
    *glyphs("flash_and_circle", CONTEXTUAL, {"flash_and_circle": _flash_and_circle}, upright=True),
    *emblems("flash_and_circle", HATE, {"flash_flag": _flash_flag}, upright=True),
    *glyphs(
        "number_1488",
        HATE,
        {"number_1488": words("1488", "14 88", "14/88", "14-88", "8814"), "number_14_88": _stacked},
        upright=True,
    ),
    *glyphs("number_88", CONTEXTUAL, {"number_88": words("88")}, upright=True),
    *glyphs("letters_hh", CONTEXTUAL, {"letters_hh": words("HH")}, upright=True),
    *glyphs(
        "wolfsangel", CONTEXTUAL, {"wolfsangel": _wolfsangel, "wolfsangel_lying": _wolfsangel_lying}
    ),
    *glyphs("odal", CONTEXTUAL, {"odal": _odal, "odal_winged": _odal_winged}, upright=True),
    *glyphs("celtic_cross", CONTEXTUAL, {"celtic_cross": _celtic}),
    *glyphs("iron_cross", CONTEXTUAL, {"iron_cross": _iron_cross_edged, "beam_cross": _beam_cross}),
    *glyphs(
        "rune",
        CONTEXTUAL,
        {
            "tyr_rune": _tyr,
            "life_rune": _life,
            "death_rune": _death,
            "hagal_rune": _hagal,
            "sig_rune": _sig,
        },
        upright=True,
    ),
    *emblems("battle_flag", CONTEXTUAL, {"battle_flag": _battle_flag}),
)
