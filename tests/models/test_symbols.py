"""The renderer of the scenes-image recipe: what its designs are and what its pictures hold."""

from __future__ import annotations

import dataclasses
import importlib
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from types import ModuleType
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models.registry import MODELS_FOLDER

FOLDER = MODELS_FOLDER / "scenes-image"
LABELS = {"hate_symbol", "contextual", "benign_confusable", "benign"}
#: Families whose meaning hangs on context.
CONTEXTUAL = {"number_88", "odal", "celtic_cross", "iron_cross", "wolfsangel", "rune", "letters_hh"}
PIXELS = 120


@pytest.fixture(scope="module")
def symbols() -> Iterator[ModuleType]:
    """The package, imported as the scripts of the folder import it."""

    def forget() -> None:
        for name in [name for name in sys.modules if name.split(".")[0] in {"symbols", "train"}]:
            del sys.modules[name]

    forget()
    sys.path.insert(0, str(FOLDER))
    yield importlib.import_module("symbols")
    sys.path.remove(str(FOLDER))
    forget()


def design(symbols: ModuleType, name: str) -> Any:
    return next(one for one in symbols.DESIGNS if one.name == name)


def ink_of(symbols: ModuleType, name: str, seed: int = 0) -> NDArray[np.bool_]:
    """Where a design lies on an empty sheet that is drawn with a steady hand."""
    sheet = sys.modules["symbols.sheet"].Sheet(PIXELS, np.random.default_rng(seed))
    design(symbols, name).draw(sheet)
    return np.asarray(sheet.rgba[..., 3] > 127)


def hooked(symbols: ModuleType, **how: Any) -> NDArray[np.bool_]:
    sheet = sys.modules["symbols.sheet"].Sheet(PIXELS, np.random.default_rng(0))
    sys.modules["symbols.swastikas"].hooked_cross(sheet, **how)
    return np.asarray(sheet.rgba[..., 3] > 127)


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Intersection over union."""
    return float((one & other).sum() / (one | other).sum())


def crossings(shape: NDArray[np.bool_], radius: float) -> int:
    """How often a circle about the middle enters the shape."""
    turn = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    middle = (PIXELS - 1) / 2
    columns, rows = (
        np.rint(middle + radius * PIXELS / 2 * part(turn)).astype(int) for part in (np.cos, np.sin)
    )
    inside = shape[rows, columns]
    return int((inside & ~np.roll(inside, 1)).sum())


def test_names_are_taken_once_and_there_are_many(symbols: ModuleType) -> None:
    assert [
        n for n, times in Counter(one.name for one in symbols.DESIGNS).items() if times > 1
    ] == []
    of_label = Counter(one.label for one in symbols.DESIGNS)
    assert of_label["hate_symbol"] >= 25
    assert of_label["contextual"] >= 15
    assert of_label["benign_confusable"] >= 100
    assert set(of_label) | {"benign"} == LABELS == set(symbols.LABELS)


def test_a_family_can_be_held_out_of_every_label(symbols: ModuleType) -> None:
    for label in LABELS - {"benign"}:
        assert len({one.family for one in symbols.DESIGNS if one.label == label}) >= 8
    named = {one.family: one.label for one in symbols.DESIGNS}
    assert {name for name in CONTEXTUAL if named[name] != "contextual"} == set()


@pytest.mark.parametrize("tilt", [0.0, 45.0])
@pytest.mark.parametrize("left", [False, True])
def test_a_swastika_has_four_hooked_arms_that_turn_one_way(
    symbols: ModuleType, tilt: float, left: bool
) -> None:
    shape = hooked(symbols, width=0.36, left=left, tilt=tilt)
    assert overlap(shape, np.rot90(shape)) > 0.9
    assert overlap(shape, np.rot90(shape, 2)) > 0.9
    # A plain cross is its own mirror image; a hooked one is its other turning.
    assert overlap(shape, shape[:, ::-1]) < 0.7
    assert overlap(shape[:, ::-1], hooked(symbols, width=0.36, left=not left, tilt=tilt)) > 0.9
    assert crossings(shape, 0.4) == 4
    assert cv2.connectedComponents(shape.astype(np.uint8))[0] == 2
    # Between hook and arm it is open: no hole is closed in.
    _, parents = cv2.findContours(shape.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    assert (parents[0][:, 3] == -1).all()


def test_the_flag_s_swastika_turns_clockwise_and_the_temple_s_does_not(symbols: ModuleType) -> None:
    clockwise, left = hooked(symbols), hooked(symbols, left=True)
    # Beside the end of the upper arm lies its hook, or the gap before the right arm's hook.
    top = slice(int(PIXELS * 0.06), int(PIXELS * 0.14))
    right = slice(int(PIXELS * 0.62), int(PIXELS * 0.74))
    assert clockwise[top, right].all()
    assert not left[top, right].any()
    for seed in range(4):
        shape = ink_of(symbols, "swastika", seed)
        assert overlap(shape, clockwise) > overlap(shape, left) + 0.15


def test_look_alikes_are_not_what_they_look_like(symbols: ModuleType) -> None:
    for seed in range(6):
        swastika = ink_of(symbols, "swastika", seed)
        for name in ("plus", "hooks_three", "hooks_five", "pinwheel", "window_panes", "saltire"):
            assert overlap(swastika, ink_of(symbols, name, seed)) < 0.7, name
        assert crossings(ink_of(symbols, "hooks_five", seed), 0.4) == 5
        plus = ink_of(symbols, "plus", seed)
        assert overlap(plus, plus[:, ::-1]) > 0.95
        # One bolt is a sign of electricity, and two are not.
        parts = [
            cv2.connectedComponents(ink_of(symbols, name, seed).astype(np.uint8))[0] - 1
            for name in ("lightning", "ss_bolts")
        ]
        assert parts == [1, 2]


def test_a_manji_is_upright_and_never_black_on_a_white_disc(symbols: ModuleType) -> None:
    religious = [one for one in symbols.DESIGNS if one.family in {"manji", "dotted_swastika"}]
    assert len(religious) == 8
    assert all(one.upright and one.label == "benign_confusable" for one in religious)
    assert not any(one.glyph for one in religious if one.family == "manji")


def test_each_drawing_of_a_design_differs(symbols: ModuleType) -> None:
    draw = sys.modules["symbols.mounts"].drawn
    fixed = []
    for one in symbols.DESIGNS:
        first, second = (
            draw(one, 96, np.random.default_rng(seed), (0, 0, 0), (255, 255, 255)).rgba
            for seed in (1, 2)
        )
        if first.shape == second.shape and (first == second).all():
            fixed.append(one.name)
    assert fixed == []


def test_every_design_renders_in_every_style(symbols: ModuleType) -> None:
    shape = (64, 64)
    for index, one in enumerate(symbols.DESIGNS):
        for style in symbols.STYLES:
            made = symbols.render(5, index, design=one, style=style, shape=shape)
            assert made.image.shape == (*shape, 3)
            assert made.image.dtype == np.uint8
            assert (made.label, made.design, made.style) == (one.label, one.name, style)


def test_the_same_seed_and_index_give_the_same_picture(symbols: ModuleType) -> None:
    for index in range(12):
        first, second = symbols.render(3, index), symbols.render(3, index)
        assert (first.image == second.image).all()
        assert first.design == second.design
        other = symbols.render(4, index)
        assert first.image.shape != other.image.shape or (first.image != other.image).any()


def test_pictures_are_frames_of_every_label(symbols: ModuleType) -> None:
    made = [symbols.render(1, index) for index in range(120)]
    assert {min(one.image.shape[:2]) for one in made} == {256}
    counted = Counter(one.label for one in made)
    assert set(counted) == LABELS
    assert 0.25 < counted["hate_symbol"] / len(made) < 0.5
    for one in made:
        if one.label == "benign":
            assert (one.design, one.families, one.rel_size) == ("none", (), 0.0)
        else:
            assert 0.08 <= one.rel_size <= 0.8
            assert one.family in one.families
            assert one.label == design(symbols, one.design).label
    sizes = [one.rel_size for one in made if one.label != "benign"]
    assert min(sizes) < 0.15
    assert max(sizes) > 0.65
    with pytest.raises(FrozenInstanceError):
        made[0].label = "benign"


def test_the_gravest_design_gives_the_label(symbols: ModuleType) -> None:
    order = list(symbols.LABELS)
    of_family: dict[str, set[str]] = {}
    for one in symbols.DESIGNS:
        of_family.setdefault(one.family, set()).add(one.label)
    for index in range(80):
        made = symbols.render(2, index, label="benign_confusable", shape=(96, 96))
        assert all("benign_confusable" in of_family[name] for name in made.families)
        assert order.index(made.label) == 2


def test_a_design_is_seen_where_it_is_put(symbols: ModuleType) -> None:
    camera = sys.modules["symbols.camera"]
    surface = sys.modules["symbols.backgrounds"].photo
    plain = np.full((300, 300, 3), 120, np.uint8)
    unseen = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(camera, "seen", lambda picture, _: picture)
        patch.setattr(camera, "covered", lambda *_: None)
        for index, one in enumerate(symbols.DESIGNS):
            made = symbols.render(9, index, background=plain, design=one, shape=(256, 256))
            if (np.abs(made.image.astype(int) - 120).max(axis=2) > 20).sum() < 8:
                unseen.append((one.name, made.style))
    assert unseen == []
    assert (surface(plain, (64, 80), np.random.default_rng(0)) == 120).all()


def test_a_family_held_out_is_never_drawn(symbols: ModuleType) -> None:
    kept = [one for one in symbols.DESIGNS if one.family not in {"swastika", "manji"}]
    made = [symbols.render(0, index, designs=kept, shape=(64, 64)) for index in range(120)]
    assert {"swastika", "manji"} & {name for one in made for name in one.families} == set()


def test_a_photograph_is_the_background(symbols: ModuleType) -> None:
    photo = np.zeros((333, 500, 3), np.uint8)
    photo[..., 2] = 200
    means = [
        symbols.render(0, index, background=photo, label="benign", shape=(128, 128))
        .image.reshape(-1, 3)
        .mean(axis=0)
        for index in range(16)
    ]
    # The camera makes a few of them grey.
    assert sum(mean[2] > mean[0] + 50 for mean in means) > 10


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"background": np.zeros((40, 40), np.uint8)}, "background"),
        ({"background": np.zeros((40, 40, 3), np.float32)}, "background"),
        ({"style": "oil"}, "style"),
        ({"shape": (16, 200)}, "shape"),
        ({"designs": (), "label": "contextual"}, "designs"),
    ],
)
def test_what_cannot_be_rendered_is_named(
    symbols: ModuleType, arguments: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValueError, match=f"^{named}: "):
        symbols.render(0, 0, **arguments)


def test_marks_say_where_each_design_lies(symbols: ModuleType) -> None:
    grey = np.full((256, 256, 3), 128, np.uint8)
    for index in range(20):
        made = symbols.render(5, index, background=grey, design=design(symbols, "ss_bolts"))
        (mark,) = made.marks
        assert (mark.design, mark.family, mark.label) == ("ss_bolts", "ss_bolts", "hate_symbol")
        assert -0.3 < mark.left < mark.right < 1.3
        assert -0.3 < mark.top < mark.bottom < 1.3
        longer = max(mark.right - mark.left, mark.bottom - mark.top)
        assert made.rel_size * 0.4 < longer < made.rel_size * 2.2


def test_places_are_sure_in_the_middle_and_unsure_at_the_edge_of_a_mark(
    symbols: ModuleType,
) -> None:
    train = importlib.import_module("train")
    rendering = sys.modules["symbols.rendering"]
    kind = train.KINDS.index(("hate_symbol", "swastika"))
    mark = rendering.Mark("any", "swastika", "hate_symbol", 0.25, 0.25, 0.75, 0.75)
    small = rendering.Mark("any", "swastika", "hate_symbol", 0.95, 0.95, 0.97, 0.97)
    made = symbols.render(0, 0, label="benign")
    places = train.places_of(dataclasses.replace(made, marks=(mark, small)))
    assert places.shape == (14, 14)
    assert places[6, 6] == places[7, 7] == kind
    assert places[3, 7] == places[7, 10] < 0
    assert places[0, 0] == places[12, 3] == 0
    assert places[13, 13] == kind
