"""That laundering leaves nothing of how a clip was made into a file."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from media.probe import probe
from provenance.detection.laundering import (
    MAX_SECONDS,
    ClipNotDecoded,
    Laundering,
    decoded,
    drawn,
    laundered,
)
from tests.clips import make_clip, picture


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laundering")


@pytest.fixture(scope="module")
def sources(folder: Path) -> list[Path]:
    return [
        make_clip(folder / "wide.mp4", seconds=5, fps=30, size=(640, 360)),
        make_clip(folder / "slow.gif", seconds=5, fps=8, size=(192, 144), codec="gif"),
        make_clip(folder / "tall.avi", seconds=5, fps=25, size=(240, 320), codec="mpeg4"),
    ]


def test_what_a_file_says_is_the_same_for_every_source(folder: Path, sources: list[Path]) -> None:
    recipe = Laundering(144, 180, fps=12, crf=28)
    found = [
        probe(laundered(decoded(source), recipe, folder / f"out-{source.stem}"))
        for source in sources
    ]
    assert {(each.container, each.codec, round(each.fps)) for each in found} == {
        ("mp4", "h264", 12)
    }
    assert {min(each.width, each.height) for each in found} == {180}
    assert {each.duration_ms for each in found} == {round(MAX_SECONDS * 1000)}


def test_lines_beyond_the_bottleneck_are_gone(folder: Path) -> None:
    stripes = np.zeros((288, 288, 3), np.uint8)
    stripes[::2] = 255
    path = make_clip(folder / "stripes.mp4", fps=8, pictures=[stripes] * 16, options={"crf": "1"})
    kept = decoded(laundered(decoded(path), Laundering(288, 288, crf=18), folder / "kept"))
    lost = decoded(laundered(decoded(path), Laundering(100, 288, crf=18), folder / "lost"))
    assert kept.pictures[4].std() > 60
    assert lost.pictures[4].std() < 25


def test_a_masked_corner_is_blurred_and_the_rest_is_not(folder: Path) -> None:
    marked = picture(0, (320, 180), "still").copy()
    marked[150:170:2, 220:310] = 255
    path = make_clip(folder / "marked.mp4", fps=8, pictures=[marked] * 16, options={"crf": "10"})
    plain, masked = (
        decoded(
            laundered(decoded(path), Laundering(180, 180, crf=18, masked=yes), folder / f"m{yes}")
        ).pictures[3]
        for yes in (False, True)
    )
    stripes = [np.abs(np.diff(each[150:170, 220:310].astype(int), axis=0)).mean()
               for each in (plain, masked)]  # fmt: skip
    assert stripes[0] > 5 * stripes[1]
    assert np.abs(plain[:140].astype(int) - masked[:140]).mean() < 2


def test_draws_follow_the_seed_and_keep_their_bounds() -> None:
    draws = [drawn(random.Random(seed), 100, 144) for seed in range(200)]
    assert draws[7] == drawn(random.Random(7), 100, 144)
    assert {each.container for each in draws} == {"mp4", "mkv"}
    for each in draws:
        assert 100 <= each.lines <= 144
        assert each.lines <= each.short_side <= 2 * each.lines
        assert 18 <= each.crf <= 36
        assert 1.6 <= each.seconds <= MAX_SECONDS


def test_animated_webp_is_decoded(folder: Path) -> None:
    frames = [Image.fromarray(picture(index, (64, 48))) for index in range(5)]
    path = folder / "a.webp"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    found = decoded(path)
    assert len(found.pictures) == 5
    assert found.times == pytest.approx((0, 0.1, 0.2, 0.3, 0.4))


@pytest.mark.parametrize("name", ["a.mp4", "a.webp"])
def test_what_is_no_clip_is_named(folder: Path, name: str) -> None:
    path = folder / f"no-{name}"
    path.write_bytes(b"no clip at all")
    with pytest.raises(ClipNotDecoded, match="cannot be decoded"):
        decoded(path)
