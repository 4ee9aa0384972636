"""Hooked, turning and chequered shapes: meanders, weaves, pinwheels, logos, snow, gears, blocks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .design import CONFUSABLE, Design, emblems, glyphs
from .sheet import Colour, Sheet, circle, turns
from .swastikas import hooked_cross

Drawing = Callable[[Sheet], None]


def _meander(sheet: Sheet) -> None:
    """A Greek key: one line that hooks into itself again and again."""
    source = sheet.source
    unit = np.array([(0, 1), (0, 0), (0.8, 0), (0.8, 0.75), (0.35, 0.75), (0.35, 0.4), (0.55, 0.4)])
    if source.random() < 0.5:
        unit = np.array([(0, 1), (0, 0), (0.75, 0), (0.75, 0.65), (0.3, 0.65), (0.3, 0.35)])
    count, rows = int(source.integers(3, 7)), int(source.integers(1, 4))
    size = 1.8 / count
    thick = size * float(source.uniform(0.1, 0.18))
    for row in range(rows):
        top = (row - rows / 2) * size * 1.5
        for place in range(count):
            x = -0.9 + place * size
            sheet.stroke(unit * size * 0.95 + (x, top), thick)
            sheet.stroke([(x, top + size * 0.95), (x + size, top + size * 0.95)], thick)
        for y in (top - size * 0.2, top + size * 1.15):
            sheet.bar((-0.92, y), (0.92, y), thick)


def _key_corner(sheet: Sheet) -> None:
    """A square spiral on its own."""
    steps, thick = int(sheet.source.integers(5, 10)), float(sheet.source.uniform(0.08, 0.14))
    reach, line = 0.85, [np.array([-0.85, 0.85])]
    ways = [(0, -1), (1, 0), (0, 1), (-1, 0)]
    for step in range(steps):
        length = 2 * reach * (1 - max(0, step - 1) // 2 * 0.22) - (0.2 if step > 1 else 0)
        line.append(line[-1] + np.array(ways[step % 4]) * max(0.12, length))
    points = np.clip(np.array(line), -0.9, 0.9)
    sheet.stroke(points, thick)


def _fret(sheet: Sheet) -> None:
    """Linked manji with lines between them, as woven into silk."""
    source = sheet.source
    count = int(source.integers(3, 6))
    size, tilt = 2 / count, float(source.choice((0, 45)))
    width = float(source.uniform(0.16, 0.3))
    for row in range(count):
        for column in range(count):
            x, y = -1 + (column + 0.5) * size, -1 + (row + 0.5) * size
            with sheet.placed(x, y, size * 0.5):
                hooked_cross(sheet, width=width, left=(row + column) % 2 == 0, tilt=tilt)
    step = width * size * 0.35
    for place in range(count + 1):
        at = -1 + place * size
        sheet.bar((-1, at), (1, at), step)
        sheet.bar((at, -1), (at, 1), step)


def _weave(sheet: Sheet) -> None:
    """Over and under: short bars whose ends form hooks."""
    source = sheet.source
    count = int(source.integers(4, 8))
    size, thick = 2 / count, float(source.uniform(0.2, 0.4))
    for row in range(count):
        for column in range(count):
            flat = (row + column) % 2 == 0
            with sheet.placed(
                -1 + (column + 0.5) * size, -1 + (row + 0.5) * size, size / 2, 0 if flat else 90
            ):
                for y in (-0.45, 0.45):
                    sheet.bar((-1.2, y), (1.2, y), thick)


def _pinwheel(counts: tuple[int, ...]) -> Drawing:
    def draw(sheet: Sheet) -> None:
        source = sheet.source
        count, bend = int(source.choice(counts)), float(source.uniform(0.25, 0.6))
        side = float(source.choice((-1, 1)))
        tip = float(source.uniform(-0.2, 0.2))
        for degrees in turns(count, float(source.uniform(0, 90))):
            with sheet.placed(degrees=degrees):
                sheet.polygon(
                    [(0, 0), (0, -0.92), (side * bend, -0.6 + tip), (side * bend * 0.5, -0.3)], None
                )

    return draw


def _blades(count: int, *, round_: bool) -> Drawing:
    def draw(sheet: Sheet) -> None:
        source = sheet.source
        wide = float(source.uniform(0.16, 0.3))
        for degrees in turns(count, float(source.uniform(0, 120))):
            with sheet.placed(degrees=degrees):
                if round_:
                    sheet.polygon(circle(0, 0, 1) * (wide, 0.4) + (wide * 0.5, -0.52), None)
                else:
                    sheet.polygon(
                        [(0, 0.03), (-0.06, -0.92), (wide, -0.86), (wide * 0.8, -0.1)], None
                    )
        sheet.disc(0, 0, float(source.uniform(0.08, 0.16)))
        if round_ and source.random() < 0.4:
            sheet.ring(0, 0, 0.97, 0.05)

    return draw


def _hooks(count: int) -> Drawing:
    """Hooked arms, as of a swastika, but three, five or six of them."""

    def draw(sheet: Sheet) -> None:
        source = sheet.source
        thick, hook = float(source.uniform(0.12, 0.26)), float(source.uniform(0.3, 0.55))
        side = float(source.choice((-1, 1)))
        for degrees in turns(count, float(source.uniform(0, 90))):
            with sheet.placed(degrees=degrees):
                sheet.stroke([(0, 0), (0, -0.75), (side * hook, -0.75)], thick)

    return draw


def _spirals(count: int) -> Drawing:
    def draw(sheet: Sheet) -> None:
        source = sheet.source
        thick, side = float(source.uniform(0.08, 0.15)), float(source.choice((-1, 1)))
        along = np.linspace(0, 1, 30)
        angle, radius = along * source.uniform(6, 9), 0.42 * (1 - along * 0.85)
        for degrees in turns(count):
            with sheet.placed(degrees=degrees):
                x, y = side * radius * np.sin(angle), -0.5 + radius * np.cos(angle)
                sheet.stroke([(0, 0), *np.stack([x, y], axis=1)], thick)

    return draw


def _lauburu(sheet: Sheet) -> None:
    """Four comma-shaped heads that turn."""
    side, size = float(sheet.source.choice((-1, 1))), float(sheet.source.uniform(0.4, 0.46))
    back = circle(0, -size, size, (-90, 90))
    hollow = circle(0, -size / 2, size / 2, (-90, 90))[::-1]
    crown = circle(0, -size * 1.5, size / 2, (90, 270))
    for degrees in turns(4):
        with sheet.placed(degrees=degrees):
            sheet.polygon(np.concatenate([back, hollow, crown]) * (side, 1), None)


def _winged_badge(sheet: Sheet) -> None:
    """Spread wings about a ring or a shield, as of pilots and cars."""
    source = sheet.source
    feathers, lift = int(source.integers(3, 6)), float(source.uniform(-0.2, 0.1))
    for side in (-1, 1):
        for feather in range(feathers):
            top, tip = -0.3 + 0.13 * feather, 0.96 - 0.16 * feather
            wing = [(0.2, top), (tip, top + lift), (tip - 0.08, top + lift + 0.1), (0.2, top + 0.1)]
            sheet.polygon([(side * x, y) for x, y in wing], None)
    sheet.disc(0, 0, 0.36)
    sheet.disc(0, 0, 0.28, sheet.ground)
    with sheet.placed(scale=0.24):
        (_pinwheel((3, 4, 5)), _hash, _logo)[int(source.integers(3))](sheet)


def _tetromino(sheet: Sheet) -> None:
    source = sheet.source
    shapes = (
        ((0, 0), (1, 0), (1, 1), (2, 1)),
        ((1, 0), (2, 0), (0, 1), (1, 1)),
        ((0, 0), (1, 0), (2, 0), (1, 1)),
        ((0, 0), (0, 1), (0, 2), (1, 2)),
        ((1, 0), (1, 1), (1, 2), (0, 2)),
        ((0, 0), (1, 0), (1, 1), (1, 2), (2, 2)),
        ((1, 0), (0, 1), (1, 1), (2, 1), (1, 2)),
    )
    cells = np.array(shapes[int(source.integers(len(shapes)))], float)
    size, gap = 0.58, float(source.uniform(0.0, 0.05))
    middle = (cells.min(axis=0) + cells.max(axis=0) + 1) / 2
    with sheet.placed(degrees=float(source.choice((0, 90, 180, 270)))):
        for x, y in (cells - middle) * size:
            sheet.box(x, y, x + size - gap, y + size - gap)


def _tiles(sheet: Sheet) -> None:
    """Stacked blocks of a falling-block game."""
    source = sheet.source
    for x in range(8):
        for y in range(int(source.integers(0, 8)), 8):
            colour: Colour = tuple(int(v) for v in source.integers(40, 250, 3))  # type: ignore[assignment]
            sheet.box(-1 + x / 4, -1 + y / 4, -0.77 + x / 4, -0.77 + y / 4, colour)


def _hash(sheet: Sheet) -> None:
    thick, slant = float(sheet.source.uniform(0.1, 0.22)), float(sheet.source.uniform(0, 0.2))
    for at in (-0.32, 0.32):
        sheet.bar((at + slant, -0.88), (at - slant, 0.88), thick)
        sheet.bar((-0.88, at), (0.88, at), thick)


def _windows(sheet: Sheet) -> None:
    """Four panes; or four L shapes around a middle."""
    source = sheet.source
    gap = float(source.uniform(0.04, 0.14))
    hollow = source.random() < 0.5
    for degrees in turns(4):
        with sheet.placed(degrees=degrees):
            if hollow:
                sheet.stroke([(gap + 0.1, -0.85), (0.85, -0.85), (0.85, -gap - 0.1)], 0.16)
            else:
                sheet.box(gap, -0.9, 0.9, -gap)


def _logo(sheet: Sheet) -> None:
    """A mark of no company: one piece of chance, turned two to six times."""
    source = sheet.source
    count = int(source.choice((2, 3, 5, 6)))
    if source.random() < 0.5:
        piece = source.uniform(-0.5, 0.5, (int(source.integers(3, 6)), 2)) * (0.8, 0.7) + (
            0.1,
            -0.48,
        )
        order = np.argsort(np.arctan2(*(piece - piece.mean(axis=0)).T))
        for degrees in turns(count):
            with sheet.placed(degrees=degrees):
                sheet.polygon(piece[order], None)
    else:
        start, sweep = source.uniform(-180, 0), source.uniform(60, 200)
        for degrees in turns(count):
            with sheet.placed(degrees=degrees):
                sheet.arc(0, -0.42, 0.36, (start, start + sweep), float(source.uniform(0.08, 0.2)))


def _concentric(sheet: Sheet) -> None:
    count = int(sheet.source.integers(2, 6))
    for radius in np.linspace(0.94, 0.94 / count, count):
        sheet.ring(0, 0, float(radius), 0.4 / count)


def _circles_in_corn(sheet: Sheet) -> None:
    count = int(sheet.source.choice((3, 4, 6, 8)))
    sheet.ring(0, 0, 0.4, 0.1)
    for degrees in turns(count):
        with sheet.placed(degrees=degrees):
            sheet.bar((0, -0.35), (0, -0.5), 0.06)
            sheet.ring(0, -0.62, 0.18, 0.08)
            sheet.disc(0.0, -0.9, 0.06)


def _snowflake(sheet: Sheet) -> None:
    source = sheet.source
    thick, sprouts = float(source.uniform(0.04, 0.09)), np.sort(source.uniform(0.3, 0.85, 2))
    length = float(source.uniform(0.14, 0.3))
    for degrees in turns(6):
        with sheet.placed(degrees=degrees):
            sheet.stroke([(0, 0), (0, -0.92)], thick)
            for at in sprouts:
                sheet.stroke([(-length, -at - length), (0, -at), (length, -at - length)], thick)


def _gear(sheet: Sheet) -> None:
    source = sheet.source
    teeth, deep = int(source.integers(6, 16)), float(source.uniform(0.72, 0.84))
    for degrees in turns(teeth):
        with sheet.placed(degrees=degrees):
            half = 1.5 / teeth
            sheet.polygon(
                [
                    (-half, -deep + 0.05),
                    (-half * 0.7, -0.95),
                    (half * 0.7, -0.95),
                    (half, -deep + 0.05),
                ],
                None,
            )
    sheet.ring(0, 0, deep, deep - float(source.uniform(0.2, 0.5)))


def _chess(sheet: Sheet) -> None:
    count = int(sheet.source.integers(3, 9))
    size = 1.9 / count
    for row in range(count):
        for column in range(count):
            if (row + column) % 2:
                x, y = -0.95 + column * size, -0.95 + row * size
                sheet.box(x, y, x + size, y + size)


def _code(sheet: Sheet) -> None:
    """Square blocks by chance with three finder marks, as in matrix codes."""
    source = sheet.source
    count = int(source.integers(15, 26))
    size = 1.8 / count
    sheet.box(-1, -1, 1, 1, (250, 250, 250))
    for row, column in np.argwhere(source.random((count, count)) < 0.48):
        x, y = -0.9 + column * size, -0.9 + row * size
        sheet.box(x, y, x + size, y + size, (10, 10, 12))
    for x, y in ((-0.9, -0.9), (0.9 - 7 * size, -0.9), (-0.9, 0.9 - 7 * size)):
        for rim, colour in ((0, (10, 10, 12)), (1, (250, 250, 250)), (2, (10, 10, 12))):
            sheet.box(
                x + rim * size, y + rim * size, x + (7 - rim) * size, y + (7 - rim) * size, colour
            )


def _sun(sheet: Sheet) -> None:
    source = sheet.source
    count, body = int(source.integers(8, 20)), float(source.uniform(0.3, 0.5))
    wavy = float(source.uniform(-0.16, 0.16)) * (source.random() < 0.5)
    for degrees in turns(count):
        with sheet.placed(degrees=degrees):
            half = 1.6 / count * 0.6
            sheet.polygon([(-half, -body - 0.06), (wavy, -0.95), (half, -body - 0.06)], None)
    sheet.disc(0, 0, body)


def _rosette(sheet: Sheet) -> None:
    count = int(sheet.source.choice((5, 6, 8, 12)))
    for degrees in turns(count):
        with sheet.placed(degrees=degrees):
            sheet.polygon(circle(0, 0, 1) * (1.5 / count, 0.44) + (0, -0.5), None)


def _strokes(sheet: Sheet) -> None:
    """Straight strokes that cross, like a written sign of some language."""
    source = sheet.source
    thick = float(source.uniform(0.08, 0.16))
    for y in np.linspace(-0.7, 0.7, int(source.integers(1, 4))):
        reach = source.uniform(0.5, 0.85)
        sheet.stroke([(-reach, y), (reach, y)], thick)
    for x in source.choice((-0.5, 0.0, 0.5), int(source.integers(1, 3)), replace=False):
        sheet.stroke([(x, -source.uniform(0.5, 0.9)), (x, source.uniform(0.5, 0.9))], thick)


DESIGNS: tuple[Design, ...] = (
    *glyphs("meander", CONFUSABLE, {"meander": _meander, "square_spiral": _key_corner}),
    *glyphs("weave", CONFUSABLE, {"silk_fret": _fret, "weave": _weave}),
    *glyphs(
        "pinwheel",
        CONFUSABLE,
        {
            "pinwheel": _pinwheel((4,)),
            "pinwheel_many": _pinwheel((3, 5, 6, 8)),
            "fan": _blades(3, round_=True),
            "fan_four": _blades(4, round_=True),
            "propeller": _blades(3, round_=False),
            "windmill": _blades(4, round_=False),
        },
    ),
    *glyphs(
        "hooks",
        CONFUSABLE,
        {"hooks_three": _hooks(3), "hooks_five": _hooks(5), "hooks_six": _hooks(6)},
    ),
    *glyphs(
        "spirals",
        CONFUSABLE,
        {"triskelion": _spirals(3), "spirals_four": _spirals(4), "lauburu": _lauburu},
    ),
    *glyphs("blocks", CONFUSABLE, {"tetromino": _tetromino, "chess_board": _chess, "hash": _hash}),
    *emblems("blocks", CONFUSABLE, {"block_game": _tiles, "matrix_code": _code}),
    *glyphs(
        "logo",
        CONFUSABLE,
        {
            "logo": _logo,
            "window_panes": _windows,
            "concentric": _concentric,
            "winged_badge": _winged_badge,
        },
    ),
    *glyphs(
        "radial",
        CONFUSABLE,
        {
            "crop_circle": _circles_in_corn,
            "snowflake": _snowflake,
            "gear": _gear,
            "sun": _sun,
            "rosette": _rosette,
        },
    ),
    *glyphs("written_strokes", CONFUSABLE, {"written_strokes": _strokes}),
)
