"""Holding a clip against the thumbnails of one that it is said to be a part of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from media.frames import Frame
from media.probe import probe
from media.sampler import plan, sample
from provenance.fingerprint.fingerprint import Thumbnail, fingerprint
from provenance.registration import compare
from provenance.watermark.placement import Placement
from tests.clips import make_clip

Picture = NDArray[np.uint8]


def _frames(path: Path) -> list[Frame]:
    info = probe(path)
    with sample(path, info, plan(info, min_fps=4)) as stream:
        return list(stream)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Frame], tuple[Thumbnail, ...]]:
    path = make_clip(tmp_path_factory.mktemp("known") / "a.mp4", seconds=3)
    return _frames(path), fingerprint(path, probe(path)).thumbnails


def _changed(frames: list[Frame], change: object) -> list[Frame]:
    return [
        replace(frame, image=np.ascontiguousarray(change(frame.image)))  # type: ignore[operator]
        for frame in frames
    ]


def _cropped(image: Picture) -> Picture:
    height, width = image.shape[:2]
    return image[height // 8 : height // 8 + height * 3 // 4, width // 4 :]


def _turned(image: Picture) -> Picture:
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), 3.0, 1.0)
    return np.asarray(cv2.warpAffine(image, turn, (width, height)), dtype=np.uint8)


@pytest.mark.parametrize(
    ("change", "placement"),
    [
        (lambda image: image, Placement()),
        (_cropped, Placement(width=0.75, height=0.75, left=0.25, top=0.125)),
        (lambda image: image[:, ::-1], Placement(mirrored=True)),
        (_turned, Placement(degrees=3.0)),
        (lambda image: image // 2 + 40, Placement()),
    ],
    ids=["whole", "cropped", "mirrored", "turned", "pale"],
)
def test_a_part_is_recognised_where_it_is_said_to_lie(
    known: tuple[list[Frame], tuple[Thumbnail, ...]], change: object, placement: Placement
) -> None:
    frames, thumbnails = known
    found = compare(_changed(frames, change), thumbnails, placement)
    assert found.same, found
    assert found.pairs > 0
    assert abs(found.at_ms - found.original_ms) <= 500
    if placement != Placement():
        elsewhere = compare(_changed(frames, change), thumbnails, Placement())
        assert elsewhere.score < found.score


def test_other_pictures_are_not(
    known: tuple[list[Frame], tuple[Thumbnail, ...]], tmp_path: Path
) -> None:
    _, thumbnails = known
    chance = np.random.default_rng(7)
    for frames in (
        _changed(known[0], lambda image: chance.integers(0, 256, image.shape, dtype=np.uint8)),
        _changed(known[0], lambda image: np.full_like(image, 90)),
        _changed(known[0], lambda image: image[::-1]),
    ):
        assert not compare(frames, thumbnails, Placement()).same


def test_nothing_to_compare_with_is_no_agreement(
    known: tuple[list[Frame], tuple[Thumbnail, ...]],
) -> None:
    frames, thumbnails = known
    assert compare(frames, (), Placement()).score == 0
    assert compare([], thumbnails, Placement()).score == 0
    assert compare(frames, (Thumbnail(0, b""), Thumbnail(0, b"\xff\xd8no")), Placement()).score == 0
    # A sliver of the picture says too little.
    sliver = Placement(width=0.1, height=0.1, left=0.4, top=0.4)
    assert compare(frames, thumbnails, sliver).score == 0
