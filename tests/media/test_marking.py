"""The visible mark: measured in decoded pictures, after the encoder has had its way with them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from media.errors import FramegateError
from media.marking.label import MIN_TEXT_PX, PictureTooSmallForMark, draw_label
from media.marking.lettering import (
    MAX_CHARS,
    Lettering,
    MarkFontUnreadable,
    MarkTextNotInFont,
    MarkTextRefused,
    checked_text,
)
from media.marking.path import GLIDE_MS, PLACES, ROUND_MS, place_at
from media.marking.stamp import Stamp, visible_mark
from media.planes import Canvas, Planes
from media.probe import probe
from media.transcoding import transcode
from tests.clips import make_clip, picture, real_clip, rotate

LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3."""

SIZE = (640, 360)
LETTERING = Lettering()
Rgb = NDArray[np.uint8]


def luminance(rgb: Rgb) -> NDArray[np.float64]:
    """Relative luminance by WCAG 2.2."""
    share = rgb.astype(np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    weighted: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return weighted


def contrast(pixels: Rgb, ink: NDArray[np.bool_], ground: NDArray[np.bool_]) -> float:
    """Contrast of the darker ink against the brighter ground (5 % each): no mean hides a hole."""
    shown = luminance(pixels)
    dark = float(np.percentile(shown[ink], 5))
    bright = float(np.percentile(shown[ground], 95))
    return (dark + 0.05) / (bright + 0.05)


def marked(source: Path, text: str = "") -> tuple[Path, Stamp]:
    """Burn a mark in, and return how it was drawn."""
    stamps: list[Stamp] = []

    def spy(canvas: Canvas) -> Stamp:
        stamps.append(Stamp.of(LETTERING.check(text), LETTERING, canvas))
        return stamps[0]

    target = source.with_name(f"marked-{source.name}.mp4")
    transcode(source, target, probe(source), [spy])
    return target, stamps[0]


def decoded(path: Path, most: int = 1000) -> list[tuple[float, Rgb]]:
    with av.open(str(path)) as clip:
        found = []
        for frame in islice(clip.decode(video=0), most):
            assert frame.time is not None
            found.append((frame.time * 1000, frame.to_ndarray(format="rgb24")))
    return found


def least_contrast(path: Path, stamp: Stamp) -> float:
    """The least contrast of text to plate in any picture of a clip."""
    low, high = float(stamp.ink.min()), float(stamp.ink.max())
    share = (stamp.ink - low) / (high - low)
    inside = np.zeros(share.shape, np.bool_)
    rim = 6  # the rim is white as well, and no text
    inside[rim:-rim, rim:-rim] = True
    ink, ground = inside & (share > 0.9), inside & (share < 0.05) & (stamp.opacity == 1)
    assert ink.sum() > 20
    measured = []
    for at_ms, rgb in decoded(path):
        left, top, right, bottom = stamp.box(at_ms)
        measured.append(contrast(rgb[top:bottom, left:right], ink, ground))
    return min(measured)


def _flat(level: int) -> list[Rgb]:
    return [np.full((SIZE[1], SIZE[0], 3), level, np.uint8)] * 12


def _footage() -> list[Rgb]:
    frames = decoded(real_clip("bikes.mp4"), 72)[60:]
    return [rgb for _, rgb in frames]


BACKGROUNDS: dict[str, Callable[[], list[Rgb]]] = {
    "black": lambda: _flat(0),
    "grey": lambda: _flat(128),
    "white": lambda: _flat(255),
    "noise": lambda: [picture(index, SIZE, "noise") for index in range(5)],
    "footage": _footage,
}


@pytest.mark.parametrize("name", BACKGROUNDS)
@pytest.mark.parametrize("text", ["", "Made by Example Video"])
def test_contrast_holds_on_every_background(tmp_path: Path, name: str, text: str) -> None:
    source = make_clip(tmp_path / "in.mp4", pictures=BACKGROUNDS[name](), options={"crf": "10"})
    target, stamp = marked(source, text)
    assert least_contrast(target, stamp) >= LEAST_CONTRAST
    # The measure can fail: where nothing was drawn there is no such contrast.
    assert least_contrast(source, stamp) < LEAST_CONTRAST


def test_plate_is_seen_on_black(tmp_path: Path) -> None:
    target, stamp = marked(make_clip(tmp_path / "in.mp4", pictures=_flat(0)))
    at_ms, rgb = decoded(target)[0]
    left, top, right, bottom = stamp.box(at_ms)
    edge = luminance(rgb[top:bottom, left:right])[(bottom - top) // 2]
    outside = luminance(rgb)[top, left - 10]
    assert (edge[:4].max() + 0.05) / (outside + 0.05) >= 3  # WCAG 1.4.11, what is no text


def test_mark_rests_and_glides() -> None:
    times = np.arange(0, 2 * ROUND_MS, 40)
    places = np.array([place_at(float(at)) for at in times])
    assert ((places >= 0) & (places <= 1)).all()
    steps = np.abs(np.diff(places, axis=0)).max(axis=1)
    assert steps.max() <= 1.6 * 40 / GLIDE_MS, "it never jumps"
    assert (steps == 0).mean() > 0.6, "most of the time it can be read in its place"
    assert {place_at(float(at)) for at in times} >= set(PLACES)


@pytest.mark.parametrize(
    "crop", [(0, 0, 0.5, 1), (0.5, 0, 1, 1), (0, 0, 1, 0.5), (0, 0.5, 1, 1), (0.2, 0.2, 0.8, 0.8)]
)
def test_no_crop_loses_the_mark(crop: tuple[float, float, float, float]) -> None:
    stamp = Stamp.of("AI", LETTERING, _canvas())
    left, top, right, bottom = (
        share * side for share, side in zip(crop, (*SIZE, *SIZE), strict=True)
    )
    boxes = [stamp.box(at) for at in range(0, ROUND_MS, 100)]
    inside = [
        left <= box[0] and top <= box[1] and box[2] <= right and box[3] <= bottom for box in boxes
    ]
    assert any(inside)


def _canvas(**changes: object) -> Canvas:
    values: dict[str, object] = {
        "width": SIZE[0],
        "height": SIZE[1],
        "bits": 8,
        "full_range": False,
        "chroma_step": (2, 2),
        "rotation": 0,
        "pixel_aspect": Fraction(1),
        "transfer": 1,
    }
    return Canvas(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bits", "full", "transfer", "low", "high"),
    [
        (8, False, 1, 16, 235),
        (8, True, 1, 0, 255),
        (10, False, 1, 64, 940),
        (12, False, 2, 256, 3760),
        (10, False, 16, 64, 572),
        (10, False, 18, 64, 721),
    ],
)
def test_black_and_white_are_those_of_the_clip(
    bits: int, full: bool, transfer: int, low: int, high: int
) -> None:
    canvas = _canvas(bits=bits, full_range=full, transfer=transfer)
    kind = np.uint8 if bits == 8 else np.uint16
    luma = np.full((SIZE[1], SIZE[0]), 7 << (bits - 4), kind)
    colour = 1 << (bits - 2)
    chroma = [np.full((SIZE[1] // 2, SIZE[0] // 2), colour, kind) for _ in range(2)]
    stamp = Stamp.of("AI", LETTERING, canvas)
    stamp(Planes(0, luma, (chroma[0], chroma[1])))
    left, top, right, bottom = stamp.box(0)
    part = luma[top:bottom, left:right][stamp.opacity == 1]
    assert (int(part.min()), int(part.max())) == (low, high)
    middle = chroma[0][top // 2 : bottom // 2, left // 2 : right // 2]
    assert (middle[stamp.chroma_opacity == 1] == 1 << (bits - 1)).all()
    outside = np.ones(luma.shape, np.bool_)
    outside[top:bottom, left:right] = False
    assert (luma[outside] == 7 << (bits - 4)).all()


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_mark_is_upright_for_a_viewer(tmp_path: Path, degrees: int) -> None:
    plain = make_clip(tmp_path / "plain.mp4", pictures=_flat(128))
    target, stamp = marked(rotate(plain, tmp_path / "turned.mp4", degrees), "L")
    assert probe(target).rotation == degrees
    _, rgb = decoded(target)[0]
    width, height = SIZE if degrees == 180 else SIZE[::-1]
    label = draw_label("L", LETTERING, width, height)
    wide, high = label.turned(degrees).size
    left, top, _, _ = stamp.box(0)
    shown = np.rot90(rgb[top : top + high, left : left + wide, 1], -(degrees // 90))
    others = [label.turned(turn).grey for turn in (0, 180)]
    upright, fallen = (np.corrcoef(shown.ravel(), other.ravel())[0, 1] for other in others)
    assert upright > 0.9
    assert upright > fallen + 0.1


def test_mark_is_not_stretched_by_wide_pixels() -> None:
    square = Stamp.of("AI", LETTERING, _canvas())
    wide = Stamp.of("AI", LETTERING, _canvas(width=320, pixel_aspect=Fraction(2)))
    assert abs(wide.ink.shape[1] * 2 - square.ink.shape[1]) <= 4
    assert wide.ink.shape[0] == square.ink.shape[0]


@pytest.mark.parametrize(
    "text",
    [
        "x" * (MAX_CHARS + 1),
        "x" * 1_000_000,
        "a\nb",
        "a\u202eb",
        "a\u2066b",
        "a\u200bb",
        "a\ufeffb",
        "a\u00a0b",
        "\ud800",
        "\ue000",
        "\u0000",
        "   ",
        "\u200d",
        "a\u0301\u0302\u0303\u0304",
    ],
)
def test_text_that_does_not_show_is_refused(text: str) -> None:
    with pytest.raises(MarkTextRefused) as caught:
        checked_text(text)
    assert caught.value.field == "visible_mark.text"
    assert text not in caught.value.message


@pytest.mark.parametrize("text", ["Übung", "עברית", "العربية", "日本語", "Привет", "🙂", "\u3164"])
def test_bundled_font_says_what_it_lacks(text: str) -> None:
    with pytest.raises(MarkTextNotInFont) as caught:
        LETTERING.check(text)
    assert str(caught.value.actual).startswith("U+")


def test_bundled_font_has_what_the_keyboard_has() -> None:
    printable = "".join(chr(code) for code in range(33, 127))
    assert LETTERING.check(printable[:47])
    assert LETTERING.check(printable[47:])
    assert LETTERING.check("") == "AI"


@given(st.text(max_size=2 * MAX_CHARS))
def test_any_text_is_drawn_or_refused(text: str) -> None:
    try:
        label = draw_label(LETTERING.check(text), LETTERING, *SIZE)
    except FramegateError as error:
        assert isinstance(error, MarkTextRefused)
        return
    assert label.size[0] <= SIZE[0]
    assert label.size[1] <= SIZE[1]
    assert label.grey.max() > 0.9


def test_other_scripts_need_a_font_of_the_operators() -> None:
    matplotlib = pytest.importorskip("matplotlib")
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    lettering = Lettering(folder / "DejaVuSans.ttf")
    hebrew = lettering.check("נוצר על ידי AI")
    joined = lettering.check("تم إنشاؤه")
    assert draw_label(hebrew, lettering, *SIZE).grey.max() > 0.9
    # Joined letters are not as wide as the same letters each by itself.
    apart = sum(lettering.width(char, 40) for char in joined)
    assert lettering.width(joined, 40) < 0.95 * apart
    with pytest.raises(MarkTextNotInFont):
        lettering.check("日本語")


def test_font_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "font.ttf").write_bytes(b"no font")
    for name in ("font.ttf", "missing.ttf"):
        with pytest.raises(MarkFontUnreadable) as caught:
            Lettering(tmp_path / name)
        assert caught.value.field == "visible_mark_font"


def test_long_text_is_broken_and_never_illegible() -> None:
    text = LETTERING.check(" ".join(["generated"] * 8))
    label = draw_label(text, LETTERING, *SIZE)
    assert label.size[0] <= 0.6 * SIZE[0]
    assert label.size[1] > 2 * label.text_px
    assert label.text_px >= MIN_TEXT_PX
    with pytest.raises(PictureTooSmallForMark) as caught:
        draw_label(text, LETTERING, 96, 64)
    assert caught.value.limit == "96 x 64"


def test_maker_refuses_before_anything_is_decoded() -> None:
    with pytest.raises(MarkTextRefused):
        visible_mark("a\u202eb", LETTERING)
