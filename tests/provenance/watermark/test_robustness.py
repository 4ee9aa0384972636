"""Marked clips after what the internet does to them, through a real encoder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.clips import make_clip
from tests.provenance.watermark.marking import (
    CODE,
    KEY,
    SIZE,
    Rgb,
    attacked,
    found,
    marked,
    scene,
)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("watermark") / "plain.mp4"
    return make_clip(path, pictures=scene(1, 48), options={"crf": "10"})


@pytest.fixture(scope="module")
def clip(plain: Path) -> Path:
    return marked(plain)


def _scaled(pictures: list[Rgb]) -> list[Rgb]:
    size = (round(SIZE[0] * 0.55 / 2) * 2, round(SIZE[1] * 0.55 / 2) * 2)
    return [
        cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(np.uint8) for rgb in pictures
    ]


def _cropped(pictures: list[Rgb]) -> list[Rgb]:
    height, width = 304, 540  # 0.71 of the area
    return [np.ascontiguousarray(rgb[34 : 34 + height, 70 : 70 + width]) for rgb in pictures]


def _mirrored(pictures: list[Rgb]) -> list[Rgb]:
    return [np.ascontiguousarray(rgb[:, ::-1]) for rgb in pictures]


def _rotated(pictures: list[Rgb]) -> list[Rgb]:
    matrix = cv2.getRotationMatrix2D((SIZE[0] / 2, SIZE[1] / 2), 3, 1.0)
    return [cv2.warpAffine(rgb, matrix, SIZE).astype(np.uint8) for rgb in pictures]


def _toned(pictures: list[Rgb]) -> list[Rgb]:
    return [np.clip(rgb * 0.6 + 60, 0, 255).astype(np.uint8) for rgb in pictures]


ATTACKS: dict[str, tuple[Callable[[list[Rgb]], list[Rgb]], int, int, int]] = {
    # What is done, crf, pictures a second, and the least bits that are read.
    "crf28": (lambda pictures: pictures, 28, 24, 124),
    "crf36": (lambda pictures: pictures, 36, 24, 100),
    "scaled": (_scaled, 28, 24, 115),
    "trimmed": (lambda pictures: pictures[12:36], 28, 24, 120),
    "half the rate": (lambda pictures: pictures[::2], 28, 12, 120),
    "mirrored": (_mirrored, 28, 24, 120),
    "toned": (_toned, 28, 24, 120),
    "cropped": (_cropped, 28, 24, 100),
    "rotated": (_rotated, 28, 24, 100),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_marked_clip_is_identified_after(clip: Path, name: str) -> None:
    change, crf, fps, least = ATTACKS[name]
    detection = found(attacked(clip, name, change, crf=crf, fps=fps))
    assert detection.found
    assert detection.code == CODE
    assert detection.key_id == KEY.id
    assert detection.bits >= least
    assert detection.p_value <= 1e-9
    assert detection.tests == 1001
    assert detection.reading.sync.placement.mirrored == (name == "mirrored")


def test_the_geometry_is_told(clip: Path) -> None:
    placement = found(attacked(clip, "crop", _cropped)).reading.sync.placement
    assert placement.width == pytest.approx(540 / 640, abs=0.01)
    assert placement.height == pytest.approx(304 / 360, abs=0.01)
    assert placement.left == pytest.approx(70 / 640, abs=0.01)
    assert placement.top == pytest.approx(34 / 360, abs=0.01)
    turned = found(attacked(clip, "turn", _rotated)).reading.sync.placement
    assert turned.degrees == pytest.approx(3, abs=0.5)
