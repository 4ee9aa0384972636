"""Signs of faith that look like hate symbols or are drawn like them: manji, wheels, crosses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .design import CONFUSABLE, Design, emblems, glyphs
from .sheet import RED, WHITE, Colour, Sheet, circle, turns
from .swastikas import hooked_cross

_SAFFRON: tuple[Colour, ...] = ((242, 148, 30), (236, 178, 40), (226, 96, 24), (250, 214, 90))
_VERMILION: tuple[Colour, ...] = ((196, 40, 28), (170, 20, 40), (220, 70, 20), (140, 30, 20))
_WOOD: tuple[Colour, ...] = ((96, 62, 38), (70, 46, 32), (124, 88, 56), (150, 140, 126))
_GOLD: tuple[Colour, ...] = ((212, 170, 60), (190, 148, 50), (236, 204, 110))
_MAP: tuple[Colour, ...] = ((242, 239, 230), (228, 236, 222), (250, 250, 246), (224, 228, 234))


def _one(sheet: Sheet, colours: tuple[Colour, ...]) -> Colour:
    return colours[int(sheet.source.integers(len(colours)))]


def _dots(sheet: Sheet, colour: Colour | None = None, radius: float = 0.11) -> None:
    for degrees in turns(4, 45):
        with sheet.placed(degrees=degrees):
            sheet.disc(0, -0.66, radius, colour)


def _dotted(sheet: Sheet) -> None:
    """The Hindu swastika: upright, thin, with a dot in each of its quarters."""
    source = sheet.source
    _bent(sheet, None)
    _dots(sheet, radius=float(source.uniform(0.07, 0.13)))


def _bent(sheet: Sheet, colour: Colour | None) -> None:
    """An upright swastika by brush, whose hooks end in a small turn outwards or do not."""
    source = sheet.source
    thick, hook = float(source.uniform(0.08, 0.2)), float(source.uniform(0.55, 0.8))
    flick = float(source.uniform(0.0, 0.2)) * (source.random() < 0.6)
    for degrees in turns(4):
        with sheet.placed(degrees=degrees):
            sheet.stroke(
                [(0, 0), (0, -0.85), (hook, -0.85), (hook + flick, -0.85 - flick * 0.5)][
                    : 4 if flick else 3
                ],
                thick,
                colour,
            )


def _door_sign(sheet: Sheet) -> None:
    """Red swastika with dots on yellow, as by a door or on a vehicle at a feast."""
    ground, paint = _one(sheet, _SAFFRON), _one(sheet, _VERMILION)
    if sheet.source.random() < 0.4:
        ground, paint = paint, ground
    if sheet.source.random() < 0.5:
        sheet.disc(0, 0, 0.97, ground)
        sheet.ring(0, 0, 0.92, 0.05, paint)
        scale = 0.62
    else:
        sheet.box(-0.95, -0.95, 0.95, 0.95, ground)
        scale = 0.78
    with sheet.placed(scale=scale):
        _bent(sheet, paint)
        _dots(sheet, paint, 0.1)


def _rangoli(sheet: Sheet) -> None:
    """Petals about a dotted swastika, of coloured powder."""
    count = int(sheet.source.choice((8, 12, 16)))
    petals = _one(sheet, ((230, 60, 130), (240, 190, 40), (90, 160, 60), (240, 130, 40)))
    for degrees in turns(count):
        with sheet.placed(degrees=degrees):
            sheet.polygon(circle(0, -2.4, 0.7) * (0.26, 0.3), petals)
    sheet.disc(0, 0, 0.62, _one(sheet, _SAFFRON))
    with sheet.placed(scale=0.46):
        _bent(sheet, _one(sheet, _VERMILION))
        _dots(sheet, WHITE, 0.12)


def _jain(sheet: Sheet) -> None:
    """Swastika below three dots and a crescent."""
    paint = _one(sheet, _VERMILION) if sheet.source.random() < 0.7 else sheet.ink
    with sheet.placed(y=0.32, scale=0.6):
        _bent(sheet, paint)
        if sheet.source.random() < 0.6:
            _dots(sheet, paint)
    for x in (-0.3, 0.0, 0.3):
        sheet.disc(x, -0.42, 0.08, paint)
    sheet.arc(0, -0.94, 0.26, (20, 160), 0.08, paint)
    sheet.disc(0, -0.84, 0.07, paint)


def _manji(sheet: Sheet, colour: Colour | None = None) -> None:
    source = sheet.source
    width = float(source.uniform(0.18, 0.4))
    hooked_cross(
        sheet, width=width, hook=float(source.uniform(0.85, 1.0)), left=True, colour=colour
    )


def _manji_map(sheet: Sheet) -> None:
    """The sign of a temple on a map, small between streets."""
    source = sheet.source
    sheet.box(-1, -1, 1, 1, _one(sheet, _MAP))
    for _ in range(int(source.integers(3, 7))):
        start, angle = source.uniform(-1, 1, 2), source.uniform(0, np.pi)
        way = np.array([np.cos(angle), np.sin(angle)]) * 3
        colour = _one(sheet, ((255, 255, 255), (250, 226, 150), (214, 214, 210)))
        sheet.stroke([start - way, start + way], float(source.uniform(0.04, 0.14)), colour)
    for _ in range(int(source.integers(2, 6))):
        x, y = source.uniform(-0.9, 0.7, 2)
        sheet.box(
            x,
            y,
            x + 0.2,
            y + 0.16,
            _one(sheet, ((214, 204, 190), (196, 224, 180), (170, 206, 228))),
        )
    x, y = source.uniform(-0.4, 0.4, 2)
    with sheet.placed(x, y, scale=float(source.uniform(0.16, 0.34))):
        _manji(sheet, _one(sheet, ((60, 60, 64), (150, 70, 30), (90, 60, 120), (40, 90, 60))))


def _manji_lantern(sheet: Sheet) -> None:
    """Manji on a paper lantern of a temple."""
    paper = _one(sheet, ((246, 236, 206), (240, 226, 180), (190, 30, 30), (250, 250, 240)))
    paint = (150, 20, 24) if paper[1] > 100 else (250, 236, 200)
    sheet.polygon(circle(0, 0, 1) * (0.72, 0.9), paper)
    for y in np.linspace(-0.7, 0.7, 9):
        reach = 0.72 * float(np.sqrt(1 - (y / 0.9) ** 2))
        sheet.bar((-reach, y), (reach, y), 0.02, tuple(int(v * 0.85) for v in paper))  # type: ignore[arg-type]
    for y in (-0.92, 0.92):
        sheet.box(-0.36, y - 0.07, 0.36, y + 0.07, (30, 26, 24))
    with sheet.placed(scale=0.44):
        _manji(sheet, paint)


def _manji_plaque(sheet: Sheet) -> None:
    """Manji in gold or stone on wood, in a round or square frame, or on the chest of a statue."""
    ground, gold = _one(sheet, _WOOD), _one(sheet, _GOLD)
    if sheet.source.random() < 0.5:
        sheet.disc(0, 0, 0.97, ground)
        sheet.ring(0, 0, 0.9, 0.06, gold)
    else:
        sheet.box(-0.95, -0.95, 0.95, 0.95, ground)
    with sheet.placed(scale=0.62):
        _manji(sheet, gold)


def _manji_lotus(sheet: Sheet) -> None:
    petals = _one(sheet, ((236, 150, 170), (240, 190, 60), (200, 70, 90), (250, 240, 230)))
    for layer, scale in ((0, 1.0), (22.5, 0.8)):
        shade: Colour = tuple(int(v * (1 - layer / 200)) for v in petals)  # type: ignore[assignment]
        for degrees in turns(8, layer):
            with sheet.placed(degrees=degrees, scale=scale):
                sheet.polygon(
                    [(0, -0.96), (0.26, -0.6), (0.2, -0.2), (-0.2, -0.2), (-0.26, -0.6)], shade
                )
    sheet.disc(0, 0, 0.42, _one(sheet, _SAFFRON))
    with sheet.placed(scale=0.28):
        _manji(sheet, _one(sheet, _VERMILION))


def _cross(
    lower: float, *, bars: tuple[tuple[float, float, float], ...] = ((-0.3, 0.55, 0.0),)
) -> Callable[[Sheet], None]:
    def draw(sheet: Sheet) -> None:
        thick = float(sheet.source.uniform(0.1, 0.3))
        sheet.bar((0, -0.92), (0, lower), thick)
        for y, reach, slant in bars:
            sheet.bar((-reach, y - slant), (reach, y + slant), thick * 0.95)

    return draw


def _plus(sheet: Sheet) -> None:
    thick = float(sheet.source.uniform(0.12, 0.7))
    for degrees in (0, 90):
        with sheet.placed(degrees=degrees):
            sheet.bar((0, -0.9), (0, 0.9), thick)


def _arms(arm: list[tuple[float, float]], start: float = 0.0) -> Callable[[Sheet], None]:
    def draw(sheet: Sheet) -> None:
        spread = float(sheet.source.uniform(0.85, 1.2))
        for degrees in turns(4, start):
            with sheet.placed(degrees=degrees):
                sheet.polygon([(x * spread, y) for x, y in arm], None)

    return draw


def _jerusalem(sheet: Sheet) -> None:
    _arms(
        [
            (-0.08, 0.1),
            (-0.08, -0.78),
            (-0.3, -0.78),
            (-0.3, -0.92),
            (0.3, -0.92),
            (0.3, -0.78),
            (0.08, -0.78),
            (0.08, 0.1),
        ]
    )(sheet)
    for x, y in ((-0.45, -0.45), (0.45, -0.45), (-0.45, 0.45), (0.45, 0.45)):
        with sheet.placed(x, y, 0.2):
            _plus(sheet)


def _high_cross(sheet: Sheet) -> None:
    """The Irish stone cross: a long shaft, and a ring smaller than the arms."""
    source = sheet.source
    thick, radius = float(source.uniform(0.16, 0.26)), float(source.uniform(0.3, 0.4))
    sheet.bar((0, -0.95), (0, 0.95), thick)
    sheet.bar((-0.58, -0.4), (0.58, -0.4), thick)
    sheet.ring(0, -0.4, radius, thick * 0.5)
    if source.random() < 0.5:
        sheet.polygon([(-0.2, 0.7), (0.2, 0.7), (0.34, 0.96), (-0.34, 0.96)], None)


def _red_cross(sheet: Sheet) -> None:
    if sheet.source.random() < 0.5:
        sheet.disc(0, 0, 0.96, WHITE)
    else:
        sheet.box(-0.94, -0.94, 0.94, 0.94, WHITE)
    with sheet.placed(scale=0.6):
        for degrees in (0, 90):
            with sheet.placed(degrees=degrees):
                sheet.bar((0, -0.9), (0, 0.9), 0.58, RED)


def _ankh(sheet: Sheet) -> None:
    thick = float(sheet.source.uniform(0.12, 0.2))
    sheet.bar((0, -0.1), (0, 0.92), thick)
    sheet.bar((-0.5, -0.02), (0.5, -0.02), thick)
    sheet.polygon(circle(0, -0.5, 0.42) * (0.75, 1.0), None, circle(0, -0.48, 0.27) * (0.7, 1.0))


def _wheel(spokes: tuple[int, ...], *, knobs: bool) -> Callable[[Sheet], None]:
    def draw(sheet: Sheet) -> None:
        source = sheet.source
        thick, rim = float(source.uniform(0.05, 0.12)), 0.74 if knobs else 0.92
        sheet.ring(0, 0, rim, thick * 1.3)
        sheet.disc(0, 0, float(source.uniform(0.1, 0.22)))
        for degrees in turns(int(source.choice(spokes))):
            with sheet.placed(degrees=degrees):
                sheet.bar((0, 0), (0, -(0.92 if knobs else rim)), thick)
                if knobs:
                    sheet.disc(0, -0.88, thick * 0.8)

    return draw


def _david(sheet: Sheet) -> None:
    thick = float(sheet.source.uniform(0.06, 0.16))
    for degrees in (0, 180):
        with sheet.placed(degrees=degrees):
            triangle = circle(0, 0, 0.9, (-90, 270))[[0, 13, 27]]
            sheet.stroke(triangle, thick, closed=True)


def star(sheet: Sheet, count: int = 5, inner: float = 0.4, colour: Colour | None = None) -> None:
    """Draws a star of `count` points that reaches 0.95."""
    turn = np.deg2rad(np.arange(2 * count) * 180 / count)
    radius = np.where(np.arange(2 * count) % 2 == 0, 0.95, 0.95 * inner)
    sheet.polygon(np.stack([radius * np.sin(turn), -radius * np.cos(turn)], axis=1), colour)


def crescent(sheet: Sheet, colour: Colour | None = None) -> None:
    """Draws a crescent that opens to the right."""
    outer = circle(0, 0, 0.9, (40, 320))
    inner = circle(0.3, 0, 0.68, (58, 302))
    sheet.polygon(np.concatenate([outer, inner[::-1]]), colour)


def _crescent_star(sheet: Sheet) -> None:
    crescent(sheet)
    with sheet.placed(0.5, 0, 0.34, -90 + float(sheet.source.normal(0, 8))):
        star(sheet)


def _yin_yang(sheet: Sheet) -> None:
    sheet.disc(0, 0, 0.95)
    sheet.polygon(circle(0, 0, 0.9, (-90, 90)), sheet.ground)
    sheet.disc(0, -0.45, 0.45, sheet.ground)
    sheet.disc(0, 0.45, 0.45)
    sheet.disc(0, -0.45, 0.14)
    sheet.disc(0, 0.45, 0.14, sheet.ground)


def _om(sheet: Sheet) -> None:
    """Strokes in the shape of an Om, not its exact letter form."""
    thick = float(sheet.source.uniform(0.12, 0.2))
    sheet.arc(-0.3, -0.3, 0.3, (-170, 90), thick)
    sheet.arc(-0.3, 0.36, 0.38, (-90, 150), thick)
    sheet.arc(0.4, 0.1, 0.34, (-200, 100), thick)
    sheet.arc(0.3, -0.76, 0.26, (10, 170), thick * 0.7)
    sheet.disc(0.3, -0.78, thick * 0.6)


DESIGNS: tuple[Design, ...] = (
    *glyphs("dotted_swastika", CONFUSABLE, {"dotted_swastika": _dotted}, upright=True),
    *emblems(
        "dotted_swastika",
        CONFUSABLE,
        {"swastika_door_sign": _door_sign, "swastika_rangoli": _rangoli, "jain_swastika": _jain},
        upright=True,
    ),
    *emblems(
        "manji",
        CONFUSABLE,
        {
            "manji_map": _manji_map,
            "manji_lantern": _manji_lantern,
            "manji_plaque": _manji_plaque,
            "manji_lotus": _manji_lotus,
        },
        upright=True,
    ),
    *glyphs(
        "cross",
        CONFUSABLE,
        {
            "latin_cross": _cross(0.92),
            "patriarchal_cross": _cross(0.92, bars=((-0.55, 0.36, 0.0), (-0.2, 0.58, 0.0))),
            "orthodox_cross": _cross(
                0.92, bars=((-0.62, 0.3, 0.0), (-0.28, 0.55, 0.0), (0.4, 0.34, 0.12))
            ),
            "inverted_t": _cross(0.0),
            "plus": _plus,
            "jerusalem_cross": _jerusalem,
            "high_cross": _high_cross,
            "ankh": _ankh,
            "maltese_cross": _arms([(0, 0.02), (-0.4, -0.92), (0, -0.7), (0.4, -0.92)]),
            "pointed_cross": _arms(
                [(-0.1, 0.1), (-0.2, -0.7), (0, -0.95), (0.2, -0.7), (0.1, 0.1)]
            ),
            "trefoil_cross": _arms(
                [
                    (-0.1, 0.1),
                    (-0.1, -0.6),
                    (-0.28, -0.66),
                    (-0.2, -0.84),
                    (0, -0.94),
                    (0.2, -0.84),
                    (0.28, -0.66),
                    (0.1, -0.6),
                    (0.1, 0.1),
                ]
            ),
            "saltire": _arms([(-0.13, 0.1), (-0.13, -0.92), (0.13, -0.92), (0.13, 0.1)], 45),
        },
    ),
    *emblems("red_cross", CONFUSABLE, {"red_cross": _red_cross}),
    *glyphs(
        "wheel",
        CONFUSABLE,
        {
            "dharma_wheel": _wheel((8, 16, 24), knobs=False),
            "ship_wheel": _wheel((6, 8, 10), knobs=True),
            "cart_wheel": _wheel((5, 6, 10, 12), knobs=False),
        },
    ),
    *glyphs("star_of_david", CONFUSABLE, {"star_of_david": _david}),
    *glyphs("crescent", CONFUSABLE, {"crescent": crescent, "crescent_star": _crescent_star}),
    *glyphs("star", CONFUSABLE, {"star": star, "thin_star": lambda sheet: star(sheet, 6, 0.3)}),
    *glyphs("yin_yang", CONFUSABLE, {"yin_yang": _yin_yang}),
    *glyphs("om", CONFUSABLE, {"om": _om}, upright=True),
)
