"""Renders one training picture: designs put onto a background, as a camera would see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from . import camera
from .backgrounds import Image, Shape, photo, surface
from .design import BENIGN, LABELS, Design, Label
from .designs import DESIGNS
from .mounts import drawn
from .sheet import Colour
from .styles import STYLES, Layer, Patch

#: Shorter side of a frame as the classifiers read it, in pixels.
SIDE = 256
#: Name of the design of a picture without one.
NONE = "none"
#: How often each label is chosen where the caller names none.
SHARES: dict[Label, float] = {
    "hate_symbol": 0.36,
    "contextual": 0.14,
    "benign_confusable": 0.38,
    "benign": 0.12,
}
#: Families that are drawn more or less often than the count of their designs says.
WEIGHTS = {
    "manji": 4.0,
    "dotted_swastika": 4.0,
    "hooks": 3.0,
    "meander": 3.0,
    "weave": 2.0,
    "pinwheel": 2.0,
    "flag_bands": 0.4,
    "flag_cross": 0.6,
    "flag_stars": 0.6,
    "number_88": 1.5,
    "black_standard": 2.0,
    "ss_bolts": 1.5,
    "totenkopf": 1.5,
    "black_sun": 2.0,
}
#: Height and width over the shorter side, and how often.
_SHAPES: tuple[tuple[float, float, float], ...] = (
    (1.0, 1.0, 0.5),
    (1.0, 4 / 3, 0.2),
    (1.0, 16 / 9, 0.2),
    (16 / 9, 1.0, 0.1),
)
_SMALLEST, _LARGEST = 0.08, 0.8
_SEVERAL = 0.16
#: Pixels above which ink may be close to what is behind it.
_FAINT_SIZE = 48
_LEAST_SIDE = 64
#: A design that stands out less is laid on plainly: nobody could label it.
_LEAST_SEEN = 14.0
_GREY = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True, slots=True)
class Mark:
    """Where one design lies.

    Attributes:
        design: Its name.
        family: Its family.
        label: Its label.
        left: Left edge of its box as a share of the picture's width; `top` of the height.
        top: Upper edge.
        right: Right edge.
        bottom: Lower edge.
    """

    design: str
    family: str
    label: Label
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Rendered:
    """One picture and what is on it.

    Attributes:
        image: (height, width, 3) uint8 RGB; the shorter side is 256 unless asked otherwise.
        label: The gravest label of the designs on it; "benign" without any.
        design: Name of the design that gives the label; "none" without any.
        family: Its family; "none" without any.
        families: Families of all designs on the picture, so that a family can be held out.
        marks: Where each design lies, as drawn; one that came later may lie over it.
        style: How the design lies on its background; "none" without any.
        rel_size: Longer side of the design, before it is seen at an angle, as a share of the
            picture's shorter side, 0.08 to 0.8; 0 without any.
        seed: The seed it was asked with.
        index: The index it was asked with.
    """

    image: Image
    label: Label
    design: str
    family: str
    families: tuple[str, ...]
    marks: tuple[Mark, ...]
    style: str
    rel_size: float
    seed: int
    index: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a design goes: the middle, the longer side and the style."""

    x: float
    y: float
    size: float
    style: str


def render(
    seed: int,
    index: int,
    *,
    background: NDArray[np.uint8] | None = None,
    designs: Sequence[Design] = DESIGNS,
    design: Design | None = None,
    label: Label | None = None,
    style: str | None = None,
    shape: Shape | None = None,
) -> Rendered:
    """Renders a picture; the same arguments give the same picture. Thread-safe.

    Args:
        seed: Which series, 0 or more.
        index: Which picture of it, 0 or more.
        background: (height, width, 3) uint8 RGB, of which a part is taken; None makes a surface.
        designs: What to choose from; leave out the families that an evaluation holds out.
        design: The design to draw, alone, instead of choosing one.
        label: The label to choose a design of, by `SHARES` where None.
        style: A name in `STYLES`; by chance where None.
        shape: Height and width in pixels; by chance, with a shorter side of 256, where None.

    Raises:
        ValueError: No design has the label, the style is unknown, the background is no picture,
            the shape is under 64 pixels a side, or the seed or index is below 0.
    """
    if style is not None and style not in STYLES:
        raise ValueError(f"style: {style!r} is none of {', '.join(STYLES)}.")
    if shape is not None and min(shape) < _LEAST_SIDE:
        raise ValueError(f"shape: must be at least {_LEAST_SIDE} pixels a side, got {shape}.")
    source = np.random.default_rng([seed, index])
    shape = shape or _shape(source)
    picture = surface(shape, source) if background is None else photo(background, shape, source)
    chosen = (design,) if design else _chosen(designs, label, source)
    sizes = [_size(len(chosen), source) for _ in chosen]
    named = NONE
    marks: list[Mark] = []
    # The gravest comes last, so that no other lies over it.
    for one, size in zip(chosen[::-1], sizes[::-1], strict=True):
        named = style or _style(one, source)
        reach = size * min(shape)
        x, y = (_middle(side, reach, source) for side in shape[::-1])
        picture, quad = _put(picture, one, _Place(x, y, reach, named), source)
        marks.append(_mark(one, quad, shape))
        if source.random() < 0.12:
            camera.covered(picture, (x, y), reach, source)
    lead = chosen[0] if chosen else None
    return Rendered(
        image=camera.seen(picture, source),
        label=lead.label if lead else BENIGN,
        design=lead.name if lead else NONE,
        family=lead.family if lead else NONE,
        families=tuple(sorted({one.family for one in chosen})),
        marks=tuple(marks),
        style=named,
        rel_size=sizes[0] if sizes else 0.0,
        seed=seed,
        index=index,
    )


def _mark(design: Design, quad: NDArray[np.float32], shape: Shape) -> Mark:
    left, top = (float(quad[:, axis].min()) / shape[1 - axis] for axis in (0, 1))
    right, bottom = (float(quad[:, axis].max()) / shape[1 - axis] for axis in (0, 1))
    return Mark(design.name, design.family, design.label, left, top, right, bottom)


def _shape(source: np.random.Generator) -> Shape:
    height, width, _ = _SHAPES[int(source.choice(len(_SHAPES), p=[row[2] for row in _SHAPES]))]
    return round(height * SIDE), round(width * SIDE)


def _chosen(
    designs: Sequence[Design], label: Label | None, source: np.random.Generator
) -> tuple[Design, ...]:
    """The designs of one picture, the gravest first; more than one has one label or less grave."""
    label = label or LABELS[int(source.choice(len(LABELS), p=[SHARES[name] for name in LABELS]))]
    if label == BENIGN:
        return ()
    lead = _weighted([one for one in designs if one.label == label], label, source)
    if source.random() >= _SEVERAL:
        return (lead,)
    count = int(source.integers(1, 4))
    if source.random() < 0.4:
        return (lead,) * (count + 1)
    others = [one for one in designs if LABELS.index(one.label) >= LABELS.index(label)]
    return (lead, *(_weighted(others, label, source) for _ in range(count)))


def _weighted(designs: Sequence[Design], label: Label, source: np.random.Generator) -> Design:
    if not designs:
        raise ValueError(f"designs: none of them has the label {label!r}.")
    weights = np.array([WEIGHTS.get(one.family, 1.0) for one in designs])
    return designs[int(source.choice(len(designs), p=weights / weights.sum()))]


def _size(count: int, source: np.random.Generator) -> float:
    largest = _LARGEST if count == 1 else _LARGEST * 0.6
    # Half of them even over the logarithm: the small ones are hard, and frames have many.
    if source.random() < 0.5:
        return float(np.exp(source.uniform(np.log(_SMALLEST), np.log(largest))))
    return float(source.uniform(_SMALLEST, largest))


def _style(design: Design, source: np.random.Generator) -> str:
    weights = np.array([glyph if design.glyph else emblem for _, glyph, emblem in STYLES.values()])
    return list(STYLES)[int(source.choice(len(STYLES), p=weights / weights.sum()))]


def _middle(side: int, reach: float, source: np.random.Generator) -> float:
    """A middle that leaves the design in the picture, but for an edge of it now and then."""
    margin = min(side / 2, reach * (0.5 if source.random() < 0.85 else 0.35))
    return float(source.uniform(margin, side - margin))


def _put(
    picture: Image, design: Design, place: _Place, source: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The picture with the design on it, and the corners of the design."""
    ink, ground = _colours(picture, place, source)
    made = drawn(design, int(np.clip(place.size * 1.25, 72, 300)), source, ink, ground)
    over = made.rgba
    longer = max(over.shape[:2])
    if longer > place.size * 1.5:
        # The warp below looks at four pixels only: what is made much smaller is averaged first.
        share = place.size * 1.15 / longer
        inner = (max(1, round(over.shape[1] * share)), max(1, round(over.shape[0] * share)))
        over = np.asarray(cv2.resize(over, inner, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    quad = _quad(over.shape[1] / over.shape[0], design, place, source)
    pad = 4 + 0.1 * place.size
    left, top = (max(0, int(quad[:, axis].min() - pad)) for axis in (0, 1))
    right = min(picture.shape[1], int(quad[:, 0].max() + pad) + 1)
    bottom = min(picture.shape[0], int(quad[:, 1].max() + pad) + 1)
    height, width = over.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32) - 0.5
    warp = cv2.getPerspectiveTransform(corners, quad - np.array([left, top], np.float32))
    warped = cv2.warpPerspective(over, warp, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
    if source.random() < 0.2:
        warped = camera.worn(np.asarray(warped, dtype=np.uint8), source)
    under = picture[top:bottom, left:right].astype(np.float32)
    patch = Patch(under, warped.astype(np.float32), place.size, source, made.plain)
    laid = np.clip(STYLES[place.style][0](patch), 0, 255)
    if _difference(laid, patch) < _LEAST_SEEN:
        laid = np.clip(patch.laid(), 0, 255)
    if _difference(laid, patch) < _LEAST_SEEN:
        # The colours themselves are those behind: the design takes the opposite ones.
        flipped = patch.over.copy()
        flipped[..., :3] = flipped[..., 3:] - flipped[..., :3]
        laid = np.clip(patch.laid(1.0, flipped), 0, 255)
    whole = picture.copy()
    whole[top:bottom, left:right] = laid.astype(np.uint8)
    return whole, quad


def _difference(laid: Layer, patch: Patch) -> float:
    """How far the design stands out from what is behind it, 0 to 255."""
    weight = patch.over[..., 3]
    moved = np.abs(laid - patch.under).mean(axis=2)
    return float((moved * weight).sum() / max(1.0, float(weight.sum())))


def _quad(
    aspect: float, design: Design, place: _Place, source: np.random.Generator
) -> NDArray[np.float32]:
    """Corners of the design in the picture: turned, and seen at an angle."""
    half = np.array([min(1.0, aspect), min(1.0, 1 / aspect)]) * place.size / 2
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half
    degrees = source.normal(0, 8)
    if not design.upright and source.random() < 0.06:
        degrees = source.uniform(-180, 180)
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    corners = corners @ np.array([(cos, sin), (-sin, cos)])
    if source.random() < 0.3:
        corners *= (source.uniform(0.6, 1.0), 1.0)
    corners += source.uniform(-1, 1, (4, 2)) * place.size * abs(source.normal(0, 0.05))
    return np.asarray(corners + np.array([place.x, place.y]), dtype=np.float32)


def _colours(picture: Image, place: _Place, source: np.random.Generator) -> tuple[Colour, Colour]:
    """Ink that can be told from what is behind it, now and then barely; and its counterpart."""
    half = place.size / 2
    top, left = max(0, int(place.y - half)), max(0, int(place.x - half))
    part = picture[top : int(place.y + half) + 1 : 4, left : int(place.x + half) + 1 : 4]
    behind = part.reshape(-1, 3).mean(axis=0)
    # Small and faint at once could not be told from noise.
    least = 35.0 if source.random() < 0.18 and place.size > _FAINT_SIZE else 75.0
    ink = behind
    for _ in range(8):
        ink = _ink(behind, least, source)
        if abs(float((ink - behind) @ _GREY)) >= least:
            break
    else:
        ink = np.full(3, 20.0 if float(behind @ _GREY) > 128 else 240.0)
    ground = (
        255 - ink if source.random() < 0.3 else np.full(3, 245.0 if ink @ _GREY < 128 else 20.0)
    )
    return _colour(ink), _colour(ground)


def _ink(
    behind: NDArray[np.float64], least: float, source: np.random.Generator
) -> NDArray[np.float64]:
    if least < 50:
        sign = source.choice((-1.0, 1.0))
        shifted = behind + sign * source.uniform(least, 60) + source.normal(0, 6, 3)
        return np.asarray(np.clip(shifted, 0, 255))
    kind = source.random()
    if kind < 0.35:
        return np.asarray(source.uniform(5, 40) + source.normal(0, 4, 3).clip(-4, 8))
    if kind < 0.6:
        return np.asarray(source.uniform(215, 250) + source.normal(0, 4, 3).clip(-8, 4))
    if kind < 0.72:
        return np.array([source.uniform(150, 230), *source.uniform(0, 50, 2)])
    return source.uniform(0, 255, 3)


def _colour(values: NDArray[np.float64]) -> Colour:
    red, green, blue = (int(value) for value in np.clip(values, 0, 255))
    return red, green, blue
