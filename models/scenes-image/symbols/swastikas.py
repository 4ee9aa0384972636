"""Swastikas, as they are put on walls, flags and uniforms, and the flags that bear them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .design import HATE, Design, emblems, glyphs
from .sheet import BLACK, RED, WHITE, Colour, Sheet, circle, turns


def hooked_cross(
    sheet: Sheet,
    *,
    width: float = 0.4,
    hook: float = 1.0,
    left: bool = False,
    tilt: float = 0.0,
    colour: Colour | None = None,
) -> None:
    """Draws a swastika of flat-ended arms.

    Args:
        sheet: Where to draw; the arms reach 0.92 upright, and the corners stay inside when tilted.
        width: Width of the arms for a half-height of 1.
        hook: How far the hooks reach from the middle line, at most 1.
        left: False for hooks that run clockwise, as on the flag of 1935; True for the mirror image.
        tilt: Degrees clockwise.
        colour: Colour instead of the sheet's ink.
    """
    half = width / 2
    reach = float(np.hypot(1.0, hook))
    turned = abs(np.sin(np.deg2rad(2 * tilt)))
    scale = 0.92 / (1 + (reach - 1) * turned)
    arm = [(-half, 0.0), (-half, -1.0), (hook, -1.0), (hook, -1 + width), (half, -1 + width)]
    with sheet.placed(scale=scale, degrees=tilt):
        for degrees in turns(4):
            with sheet.placed(degrees=degrees):
                points = [*arm, (half, 0.0)]
                sheet.polygon([(-x, y) for x, y in points] if left else points, colour)
        sheet.box(-half, -half, half, half, colour)


def _hooked(
    widths: tuple[float, float],
    hooks: tuple[float, float] = (0.8, 1.0),
    *,
    left: bool = False,
    tilted: bool = False,
) -> Callable[[Sheet], None]:
    def draw(sheet: Sheet) -> None:
        source = sheet.source
        tilt = 45 + source.normal(0, 3) if tilted else source.normal(0, 3)
        width, hook = float(source.uniform(*widths)), float(source.uniform(*hooks))
        hooked_cross(sheet, width=width, hook=hook, left=left, tilt=float(tilt))

    return draw


def _scrawl(*, left: bool) -> Callable[[Sheet], None]:
    def draw(sheet: Sheet) -> None:
        source = sheet.source
        thick = float(source.uniform(0.06, 0.22))
        sign = -1 if left else 1
        # A hand draws two bent lines that cross.
        for degrees in (0, 90):
            ends = source.normal(0, 0.07, (4, 2))
            hooks = source.uniform(0.4, 0.8, 2) * sign
            line = np.array([(hooks[0], -0.8), (0, -0.8), (0, 0.8), (-hooks[1], 0.8)]) + ends
            with sheet.placed(degrees=degrees + source.normal(0, 5)):
                sheet.stroke(line, thick)

    return draw


def _curved(sheet: Sheet) -> None:
    source = sheet.source
    thick, bend = source.uniform(0.14, 0.28), source.uniform(38, 62)
    for degrees in turns(4, float(source.choice((0, 45)))):
        with sheet.placed(degrees=degrees):
            sheet.bar((0, 0.05), (0, -0.8), thick)
            sheet.arc(0, 0, 0.8, (-92, -92 + bend), thick)


def _in_ring(sheet: Sheet) -> None:
    source = sheet.source
    sheet.ring(0, 0, 0.95, float(source.uniform(0.05, 0.14)))
    with sheet.placed(scale=float(source.uniform(0.62, 0.78))):
        _hooked((0.22, 0.42), tilted=bool(source.random() < 0.6))(sheet)


def _outlined(sheet: Sheet) -> None:
    source = sheet.source
    tilt, width = float(source.choice((0, 45))), float(source.uniform(0.32, 0.44))
    hooked_cross(sheet, width=width, tilt=tilt)
    # The inner one is smaller by as much at every edge.
    rim = float(source.uniform(0.08, 0.14))
    with sheet.placed(scale=1 - rim / 2):
        inner = (width - rim) / (1 - rim / 2)
        hooked_cross(sheet, width=inner, hook=1.0, tilt=tilt, colour=sheet.ground)


def _red(sheet: Sheet) -> Colour:
    shift = sheet.source.integers(-28, 29, 3)
    return tuple(int(value) for value in np.clip(np.array(RED) + shift, 0, 255))  # type: ignore[return-value]


def _badge(sheet: Sheet, radius: float, *, ring: bool = False) -> None:
    source = sheet.source
    sheet.disc(0, 0, radius, WHITE)
    if ring:
        sheet.ring(0, 0, radius * 0.94, radius * 0.06, BLACK)
    tilt = 45.0 if source.random() < 0.85 else 0.0
    with sheet.placed(scale=radius * float(source.uniform(0.66, 0.86))):
        width, hook = float(source.uniform(0.3, 0.42)), float(source.uniform(0.9, 1.0))
        hooked_cross(sheet, width=width, hook=hook, tilt=tilt, colour=BLACK)


def _flag(sheet: Sheet) -> None:
    half = float(sheet.source.uniform(0.55, 0.7))
    sheet.box(-1, -half, 1, half, _red(sheet))
    _badge(sheet, half * float(sheet.source.uniform(0.66, 0.86)))


def _banner(sheet: Sheet) -> None:
    half = float(sheet.source.uniform(0.38, 0.6))
    sheet.box(-half, -1, half, 1, _red(sheet))
    with sheet.placed(y=float(sheet.source.uniform(-0.3, 0.1))):
        _badge(sheet, half * float(sheet.source.uniform(0.72, 0.92)))


def _pennant(sheet: Sheet) -> None:
    half = float(sheet.source.uniform(0.45, 0.65))
    sheet.polygon([(-1, -half), (1, -half * 0.3), (1, half * 0.3), (-1, half)], _red(sheet))
    with sheet.placed(x=-0.35):
        _badge(sheet, half * 0.75)


def _armband(sheet: Sheet) -> None:
    half = float(sheet.source.uniform(0.4, 0.55))
    edge = float(sheet.source.uniform(0.0, 0.1))
    upper = [(x, -half - 0.12 * (1 - x * x)) for x in np.linspace(-1, 1, 12)]
    lower = [(x, half - 0.12 * (1 - x * x)) for x in np.linspace(1, -1, 12)]
    sheet.polygon([*upper, *lower], _red(sheet))
    if edge > 0.04:
        sheet.stroke([(x, y + edge) for x, y in upper], 0.04, BLACK)
        sheet.stroke([(x, y - edge) for x, y in lower], 0.04, BLACK)
    with sheet.placed(y=-0.1):
        _badge(sheet, half * 0.88)


def _round_badge(sheet: Sheet) -> None:
    gold = (190, 160, 80)
    sheet.disc(0, 0, 0.96, gold if sheet.source.random() < 0.5 else WHITE)
    sheet.disc(0, 0, 0.9, _red(sheet))
    _badge(sheet, float(sheet.source.uniform(0.5, 0.62)))


def iron_cross(sheet: Sheet, colour: Colour | None = None) -> None:
    """Draws a cross of four arms that widen in a curve to straight ends."""
    waist, end = sheet.source.uniform(0.09, 0.17), sheet.source.uniform(0.4, 0.58)
    along = np.linspace(0.0, 1.0, 8)
    side = waist + (end - waist) * along**1.7
    reach = waist + (0.93 - waist) * along
    arm = [*zip(side, -reach, strict=True), *zip(-side[::-1], -reach[::-1], strict=True)]
    for degrees in turns(4):
        with sheet.placed(degrees=degrees):
            sheet.polygon(arm, colour)
    sheet.box(-waist, -waist, waist, waist, colour)


def _ensign(sheet: Sheet) -> None:
    half = float(sheet.source.uniform(0.56, 0.68))
    x, y = -0.2, 0.0
    sheet.box(-1, -half, 1, half, _red(sheet))
    for width, colour in ((0.24, WHITE), (0.17, BLACK), (0.11, WHITE), (0.05, BLACK)):
        sheet.box(-1, y - width / 2, 1, y + width / 2, colour)
        sheet.box(x - width / 2, -half, x + width / 2, half, colour)
    with sheet.placed(x, y):
        _badge(sheet, half * 0.66, ring=True)
    with sheet.placed(-0.78, -half + 0.22, 0.17):
        iron_cross(sheet, WHITE)
        with sheet.placed(scale=0.85):
            iron_cross(sheet, BLACK)


def _eagle(sheet: Sheet) -> None:
    source = sheet.source
    lift = source.uniform(-0.1, 0.12)
    for side in (-1, 1):
        for feather in range(4):
            top = -0.62 + 0.13 * feather
            tip = 0.98 - 0.14 * feather
            wing = [(0.1, top), (tip, top + lift), (tip - 0.06, top + lift + 0.1), (0.1, top + 0.1)]
            sheet.polygon([(side * px, py) for px, py in wing], None)
    sheet.polygon([(-0.12, -0.62), (0.12, -0.62), (0.16, -0.1), (0.0, 0.16), (-0.16, -0.1)], None)
    sheet.disc(0.02, -0.74, 0.12)
    sheet.polygon([(0.08, -0.8), (0.24, -0.73), (0.08, -0.68)], None)
    with sheet.placed(y=0.5):
        sheet.ring(0, 0, 0.44, float(source.uniform(0.06, 0.1)))
        with sheet.placed(scale=0.36):
            hooked_cross(sheet, width=0.36, tilt=float(source.choice((0, 45))))


def _cut_out(sheet: Sheet) -> None:
    source = sheet.source
    tilted = source.random() < 0.6
    if source.random() < 0.6:
        sheet.polygon(circle(0, 0, 0.96), None)
    else:
        sheet.box(-0.94, -0.94, 0.94, 0.94)
    plate = sheet.rgba
    sheet.rgba = np.zeros_like(plate)
    with sheet.placed(scale=float(source.uniform(0.66, 0.76))):
        _hooked((0.28, 0.42), tilted=bool(tilted))(sheet)
    keep = 255 - sheet.rgba[..., 3:].astype(np.uint16)
    sheet.rgba = (plate * keep // 255).astype(np.uint8)


DESIGNS: tuple[Design, ...] = (
    *glyphs(
        "swastika",
        HATE,
        {
            "swastika": _hooked((0.28, 0.42)),
            "swastika_tilted": _hooked((0.28, 0.42), tilted=True),
            "swastika_left_tilted": _hooked((0.28, 0.42), left=True, tilted=True),
            "swastika_thin": _hooked((0.08, 0.2)),
            "swastika_thin_tilted": _hooked((0.08, 0.2), tilted=True),
            "swastika_fat": _hooked((0.42, 0.52), (0.95, 1.0), tilted=True),
            "swastika_short_hooks": _hooked((0.16, 0.32), (0.45, 0.7)),
            "swastika_short_hooks_tilted": _hooked((0.16, 0.32), (0.45, 0.7), tilted=True),
            "swastika_outlined": _outlined,
            "swastika_cut_out": _cut_out,
        },
    ),
    *glyphs(
        "swastika_drawn",
        HATE,
        {"swastika_scrawl": _scrawl(left=False), "swastika_scrawl_left": _scrawl(left=True)},
    ),
    *glyphs("swastika_round", HATE, {"swastika_curved": _curved, "swastika_in_ring": _in_ring}),
    *glyphs("nazi_eagle", HATE, {"nazi_eagle": _eagle}, upright=True),
    *emblems(
        "nazi_flag",
        HATE,
        {
            "nazi_flag": _flag,
            "nazi_banner": _banner,
            "nazi_pennant": _pennant,
            "nazi_war_ensign": _ensign,
        },
    ),
    *emblems("nazi_badge", HATE, {"nazi_armband": _armband, "nazi_round_badge": _round_badge}),
)
