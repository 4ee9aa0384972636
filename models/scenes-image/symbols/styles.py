"""How a design lies on what is behind it: painted, sprayed, printed, sewn, engraved, lit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .backgrounds import clouds, grain

Layer = NDArray[np.floating[Any]]
_GREY = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, slots=True)
class Patch:
    """The part of a picture that a design covers.

    Attributes:
        under: (height, width, 3) float32 in 0..255; what is behind.
        over: (height, width, 4) float32 in 0..255, premultiplied; the design, in its place.
        size: Longer side of the design, in pixels.
        source: Where every chance is taken from.
        plain: True where the design has one colour.
    """

    under: Layer
    over: Layer
    size: float
    source: np.random.Generator
    plain: bool

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        return self.under.shape[0], self.under.shape[1]

    def laid(self, share: Layer | float = 1.0, over: Layer | None = None) -> Layer:
        """The design over what is behind, as strongly as `share` (0..1) says."""
        layer = self.over if over is None else over
        share = share if isinstance(share, float) else share[..., None]
        made = self.under * (1 - layer[..., 3:] * (share / 255)) + layer[..., :3] * share
        return np.asarray(made, dtype=np.float32)

    def relief(self) -> Layer:
        """One channel, 0..1, in which the parts of the design differ."""
        strength = self.over[..., 3] / 255
        if self.plain:
            return strength
        return np.asarray(strength * 0.25 + (self.over[..., :3] @ _GREY) / 340, dtype=np.float32)


def _printed(patch: Patch) -> Layer:
    return patch.laid(float(patch.source.uniform(0.85, 1.0)))


def _painted(patch: Patch) -> Layer:
    """The surface's unevenness shows through the paint."""
    grey = patch.under @ _GREY
    uneven = np.clip((grey + 12) / (cv2.blur(grey, (25, 25)) + 12), 0.5, 1.6)
    over = patch.over.copy()
    over[..., :3] *= uneven[..., None]
    return patch.laid(float(patch.source.uniform(0.75, 0.97)), over)


def _multiplied(patch: Patch) -> Layer:
    share = float(patch.source.uniform(0.8, 1.0))
    clear = 255 - patch.over[..., 3:] + patch.over[..., :3]
    return patch.under * (1 - share + share / 255 * clear)


def _overlaid(patch: Patch) -> Layer:
    """Overlay of W3C Compositing and Blending 1, section 9.1.4, mixed with the plain colour."""
    under = patch.under / 255
    share = patch.over[..., 3:] / 255
    colour = patch.over[..., :3] / 255
    soft = np.where(under < 0.5, 2 * under * colour, share - 2 * (1 - under) * (share - colour))
    mixed = 0.5 * soft + 0.5 * colour
    return np.asarray((under * (1 - share) + mixed) * 255, dtype=np.float32)


def _waved(patch: Patch, height: float, sharp: float) -> tuple[Layer, Layer]:
    """The design moved by waves of cloth, and the light on their slopes, about 0."""
    source = patch.source
    rows, columns = (np.arange(side, dtype=np.float32) for side in patch.shape)
    angle = source.uniform(-0.6, 0.6)
    across = columns[None, :] * np.float32(np.cos(angle)) + rows[:, None] * np.float32(
        np.sin(angle)
    )
    wave = across * np.float32(2 * np.pi * source.uniform(1.0, 3.5) / patch.size)
    wave = wave + np.float32(source.uniform(0, 6.28)) + clouds(patch.shape, source, (2, 4)) * 0.6
    lift = np.sin(wave)
    slope = np.cos(wave)
    light = np.sign(slope) * np.abs(slope) ** sharp
    move = np.float32(height * patch.size)
    map_x = columns[None, :] + move * 0.5 * slope
    map_y = rows[:, None] + move * lift
    return cv2.remap(patch.over, map_x, map_y, cv2.INTER_LINEAR), light  # type: ignore[return-value]


def _on_cloth(patch: Patch) -> Layer:
    over, light = _waved(patch, float(patch.source.uniform(0.005, 0.03)), 1.0)
    made = patch.laid(float(patch.source.uniform(0.8, 1.0)), over)
    return made * (1 + float(patch.source.uniform(0.05, 0.25)) * light)[..., None]


def _flag(patch: Patch) -> Layer:
    """The cloth itself waves: light falls on the design, not on what is behind."""
    over, light = _waved(patch, float(patch.source.uniform(0.015, 0.06)), 0.7)
    folds = 1 + float(patch.source.uniform(0.15, 0.4)) * light
    over[..., :3] *= folds[..., None]
    return patch.laid(1.0, over)


def _sprayed(patch: Patch) -> Layer:
    """Soft edges, specks about them and drips below."""
    source = patch.source
    soft = float(source.uniform(0.006, 0.022)) * patch.size + 0.4
    over = np.asarray(cv2.GaussianBlur(patch.over, (0, 0), soft), dtype=np.float32)
    speck = grain(patch.shape, source)
    share = np.clip(1.15 + 0.25 * speck, 0.0, 1.0).astype(np.float32)
    over *= share[..., None]
    halo = cv2.blur(patch.over, (int(soft * 8) | 1, int(soft * 8) | 1))
    over = np.asarray(np.where((speck > 1.9)[..., None], np.maximum(over, halo * 0.8), over))
    if source.random() < 0.5:
        _drip(over, patch)
    return patch.laid(float(source.uniform(0.8, 1.0)), over)


def _drip(over: Layer, patch: Patch) -> None:
    source = patch.source
    lines = np.argwhere(patch.over[..., 3] > 200)
    if not len(lines):
        return
    for _ in range(int(source.integers(1, 7))):
        y, x = (int(value) for value in lines[int(source.integers(len(lines)))])
        end = y + int(source.uniform(0.05, 0.3) * patch.size)
        thick = max(1, round(patch.size * source.uniform(0.006, 0.02)))
        cv2.line(over, (x, y), (x, end), patch.over[y, x].tolist(), thick, cv2.LINE_AA)


def _stencilled(patch: Patch) -> Layer:
    """Narrow bridges of the stencil stay bare."""
    source = patch.source
    share = np.clip(1.1 + 0.2 * clouds(patch.shape, source, (6, 20)), 0.3, 1.0).astype(np.float32)
    width = max(1, round(patch.size * 0.025))
    for at in source.uniform(0.2, 0.8, int(source.integers(1, 3))):
        left = int(at * patch.shape[1])
        share[:, left : left + width] = 0
    return patch.laid(share)


def _chalked(patch: Patch) -> Layer:
    source = patch.source
    rough = grain(patch.shape, source) + clouds(patch.shape, source, (10, 40))
    share = np.clip(0.75 + 0.5 * rough, 0.0, 1.0).astype(np.float32)
    return patch.laid(share * np.float32(source.uniform(0.75, 1.0)))


def _tattooed(patch: Patch) -> Layer:
    """On skin, in ink that has spread a little; a patch of skin is laid below it."""
    source = patch.source
    rows, columns = (np.linspace(-1, 1, side, dtype=np.float32) for side in patch.shape)
    inside = np.clip(2.6 - 2.2 * np.hypot(rows[:, None], columns[None, :] * 1.1), 0, 1)
    tone = np.array([232, 186, 156], np.float32) * np.float32(source.uniform(0.4, 1.0))
    shade = 1 - 0.35 * np.abs(columns + np.float32(source.uniform(-0.3, 0.3)))[None, :]
    skin = tone * (shade + 0.02 * grain(patch.shape, source))[..., None]
    under = patch.under * (1 - inside[..., None]) + skin * inside[..., None]
    over = cv2.GaussianBlur(patch.over, (0, 0), 0.5 + 0.006 * patch.size)
    colours = over[..., :3]
    if patch.plain:
        colours = over[..., 3:] / 255 * np.array([34, 44, 58], np.float32)
    clear = 255 - over[..., 3:] + colours
    share = float(source.uniform(0.75, 0.95))
    return np.asarray(under * (1 - share + share / 255 * clear), dtype=np.float32)


def _stuck(patch: Patch) -> Layer:
    """A sticker: a pale edge all round and a shadow."""
    source = patch.source
    width = max(2, round(patch.size * source.uniform(0.02, 0.06)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * width + 1, 2 * width + 1))
    edge = cv2.dilate(patch.over[..., 3].astype(np.uint8), kernel).astype(np.float32)
    move = np.array([[1, 0, width * 0.6], [0, 1, width * 0.6]], np.float32)
    shadow = cv2.blur(cv2.warpAffine(edge, move, patch.shape[::-1]), (width * 2 + 1, width * 2 + 1))
    under = patch.under * (1 - 0.45 / 255 * shadow)[..., None]
    rim = edge[..., None] / 255
    # A pale design on a pale sticker would not be seen.
    grey = float(
        (patch.over[..., :3] @ _GREY).sum() / max(1.0, float(patch.over[..., 3].sum() / 255))
    )
    paper = np.float32(245 if grey < 150 else 40)
    below = under * (1 - rim) + paper * rim
    return np.asarray(below * (1 - patch.over[..., 3:] / 255) + patch.over[..., :3], np.float32)


def _on_screen(patch: Patch) -> Layer:
    """A lit panel with lines, and light that spreads about it."""
    source = patch.source
    weight = max(1.0, float(patch.over[..., 3].sum() / 255))
    bright = float((patch.over[..., :3] @ _GREY).sum()) / weight
    panel = np.full_like(patch.under, 18 if bright > 95 else 225)
    pad = max(1, int(min(patch.shape) * 0.03))
    inner = patch.under * 0.5
    inner[pad:-pad, pad:-pad] = panel[pad:-pad, pad:-pad]
    made = inner * (1 - patch.over[..., 3:] / 255) + patch.over[..., :3]
    size = int(patch.size * 0.12) | 1
    made += cv2.blur(made, (size, size)) * float(source.uniform(0.05, 0.25))
    period = float(source.uniform(2, 4))
    lines = 0.9 + 0.1 * np.sin(np.arange(patch.shape[0], dtype=np.float32) * 6.28 / period)
    return np.asarray(made * lines[:, None, None], dtype=np.float32)


def _neon(patch: Patch) -> Layer:
    """Tubes of light along the edges."""
    source = patch.source
    width = max(2, round(patch.size * 0.02))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    edge = cv2.morphologyEx(patch.relief(), cv2.MORPH_GRADIENT, kernel)
    if not patch.plain:
        edge = np.clip(edge * 2, 0, 1)
    size = int(patch.size * 0.08) | 1
    glow = cv2.blur(edge, (size, size))
    hue = np.array([[[int(source.integers(180)), int(source.integers(120, 256)), 255]]], np.uint8)
    colour = cv2.cvtColor(hue, cv2.COLOR_HSV2RGB)[0, 0].astype(np.float32)
    dark = patch.under * float(source.uniform(0.15, 0.5))
    lit = (edge + 0.8 * glow)[..., None] * (colour * 0.8 + 50)
    return np.asarray(dark * (1 - edge[..., None]) + lit, dtype=np.float32)


def _engraved(patch: Patch) -> Layer:
    """Cut into the surface: one side of each edge is lit, the other dark."""
    source = patch.source
    relief = cv2.GaussianBlur(patch.relief(), (0, 0), 0.7 + 0.006 * patch.size)
    angle = source.uniform(0, 2 * np.pi)
    light = cv2.Scharr(relief, cv2.CV_32F, 1, 0) * np.float32(np.cos(angle))
    light = light + cv2.Scharr(relief, cv2.CV_32F, 0, 1) * np.float32(np.sin(angle))
    light = light / max(1e-3, float(np.abs(light).max())) * float(source.uniform(70, 130))
    deep = 1 - float(source.uniform(0.1, 0.35)) * relief
    return np.asarray(patch.under * deep[..., None] + light[..., None], dtype=np.float32)


def _sewn(patch: Patch) -> Layer:
    source = patch.source
    rows, columns = (np.arange(side, dtype=np.float32) for side in patch.shape)
    period = float(source.uniform(2.5, 5))
    across = columns[None, :] + rows[:, None] * np.float32(source.uniform(-1.5, 1.5))
    thread = 0.85 + 0.2 * np.sin(across * 6.28 / period)
    over = patch.over.copy()
    over[..., :3] *= thread[..., None]
    return patch.laid(1.0, over)


def _faint(patch: Patch) -> Layer:
    return patch.laid(float(patch.source.uniform(0.25, 0.5)))


#: Name -> how it is laid, and its chance for glyphs and for emblems.
STYLES: dict[str, tuple[Callable[[Patch], Layer], float, float]] = {
    "printed": (_printed, 3, 4),
    "painted": (_painted, 4, 3),
    "multiplied": (_multiplied, 2, 2),
    "overlaid": (_overlaid, 2, 1),
    "cloth": (_on_cloth, 3, 4),
    "flag": (_flag, 2, 7),
    "sprayed": (_sprayed, 4, 0.7),
    "stencilled": (_stencilled, 1, 0.5),
    "chalked": (_chalked, 2, 0.7),
    "tattooed": (_tattooed, 2, 0.7),
    "sticker": (_stuck, 2, 2),
    "screen": (_on_screen, 1.5, 1.5),
    "neon": (_neon, 1, 0.3),
    "engraved": (_engraved, 1, 0.5),
    "sewn": (_sewn, 1, 1.5),
    "faint": (_faint, 1, 0.8),
}
