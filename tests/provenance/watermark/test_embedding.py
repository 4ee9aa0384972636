"""What embedding does to pictures, before any codec."""

from __future__ import annotations

import itertools
import math

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from media.frames import Frame
from media.planes import Planes
from provenance.watermark.detection import detect
from provenance.watermark.embedding import MIN_SIDE, Quality, embedder, share_of
from provenance.watermark.errors import PictureTooSmallForWatermark
from tests.clips import real_clip
from tests.provenance.watermark.marking import CODE, KEY, SIZE, book, canvas, decoded, scene

_CHROMA = np.zeros((2, 2), np.uint8)


def _luma(count: int = 6, size: tuple[int, int] = SIZE, seed: int = 3) -> list[NDArray[np.uint8]]:
    return [
        cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.uint8) for rgb in scene(seed, count, size)
    ]


def _embedded(
    pictures: list[NDArray[np.uint8]],
    *,
    quality: Quality | None = None,
    rotation: int = 0,
    code: bytes = CODE,
    step_ms: float = 40,
) -> list[NDArray[np.uint8]]:
    height, width = pictures[0].shape
    transform = embedder(KEY, code, quality)(canvas(width, height, rotation=rotation))
    out = []
    for index, picture in enumerate(pictures):
        planes = Planes(index * step_ms, picture.copy(), (_CHROMA.copy(), _CHROMA.copy()))
        transform(planes)
        assert (planes.chroma[0] == _CHROMA).all()
        assert planes.luma.dtype == np.uint8
        out.append(np.asarray(planes.luma, np.uint8))
    return out


def _psnr(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> float:
    error = float(np.mean((left.astype(np.float64) - right) ** 2))
    return 10 * float(np.log10(255**2 / max(error, 1e-9)))


def _ssim(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> float:
    """Wang et al. 2004, with their window."""

    def mean(plane: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(cv2.GaussianBlur(plane, (11, 11), 1.5), np.float64)

    a, b = left.astype(np.float64), right.astype(np.float64)
    ma, mb = mean(a), mean(b)
    va, vb, vab = mean(a * a) - ma**2, mean(b * b) - mb**2, mean(a * b) - ma * mb
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    found = (2 * ma * mb + c1) * (2 * vab + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2))
    return float(found.mean())


def _frames(pictures: list[NDArray[np.uint8]]) -> list[Frame]:
    return [
        Frame(index, 40 * index, np.repeat(picture[..., None], 3, axis=2), False)
        for index, picture in enumerate(pictures)
    ]


@pytest.mark.parametrize("wanted", [40.0, 44.0, 48.0])
def test_quality_is_what_was_asked_for(wanted: float) -> None:
    plain = _luma(10)
    out = _embedded(plain, quality=Quality(psnr_db=wanted, onset_db=0, flat_levels=3))
    asked, wanted = wanted, wanted - 20 * math.log10(share_of(min(plain[0].shape)))
    for before, after in zip(plain, out, strict=True):
        assert wanted - 0.1 <= _psnr(before, after) <= wanted + 0.8
    out = _embedded(plain, quality=Quality(psnr_db=asked, onset_db=6, flat_levels=3))
    found = [_psnr(before, after) for before, after in zip(plain, out, strict=True)]
    assert wanted - 6.1 <= found[0] <= wanted - 5.2, "the first picture carries more"
    assert found == sorted(found), "and each one less than the one before"
    assert found[-1] >= wanted - 0.2


def test_larger_pictures_carry_less_and_smaller_ones_more() -> None:
    assert share_of(256) == 1
    assert share_of(2160) == share_of(480) == 0.6
    assert share_of(96) == share_of(144) == 1.4
    shares = [share_of(lines) for lines in range(96, 1200, 8)]
    assert shares == sorted(shares, reverse=True)


def test_structure_is_kept_at_the_default_quality() -> None:
    footage = decoded(real_clip("bikes.mp4"))[:12]
    for plain, least in (
        ([cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.uint8) for rgb in footage], 0.985),
        (_luma(12), 0.984),  # smoother than footage is: a harder case
    ):
        pairs = list(zip(plain, _embedded(plain), strict=True))
        similar = [_ssim(before, after) for before, after in pairs]
        assert min(similar[6:]) >= least
        assert min(similar) >= least - 0.05
        assert min(_psnr(before, after) for before, after in pairs[6:]) >= 44.8
        assert min(_psnr(before, after) for before, after in pairs) >= 37.8


def test_flat_places_are_spared() -> None:
    picture = _luma(1)[0]
    picture[: picture.shape[0] // 2] = 128
    out = _embedded([picture])[0]
    change = out.astype(np.float64) - picture
    rows = picture.shape[0]
    sky, ground = change[: rows // 2 - 24], change[rows // 2 + 24 :]
    assert sky.std() < 1.3
    assert ground.std() > 1.3 * sky.std()
    assert np.abs(_embedded([np.full(SIZE[::-1], 128, np.uint8)])[0].astype(int) - 128).max() <= 5


def test_the_pattern_does_not_flicker() -> None:
    plain = _luma(20)
    out = _embedded(plain)
    changes = [a.astype(np.float64) - b for a, b in zip(out, plain, strict=True)]
    for before, after in itertools.pairwise(changes):
        assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.75


def test_same_arguments_same_bytes() -> None:
    plain = _luma(5)
    once, again = _embedded(plain), _embedded(plain)
    assert all((a == b).all() for a, b in zip(once, again, strict=True))
    other = _embedded(plain, code=bytes(16))
    assert any((a != b).any() for a, b in zip(once, other, strict=True))


def test_black_and_white_stay_within_range() -> None:
    rng = np.random.default_rng(1)
    picture = rng.choice([0, 255], SIZE[::-1]).astype(np.uint8)
    out = _embedded([picture])[0]
    assert np.abs(out.astype(int) - picture).max() < 30


@pytest.mark.parametrize("bits", [10, 12])
def test_more_bits_carry_the_same_mark(bits: int) -> None:
    plain = _luma(4)
    transform = embedder(KEY, CODE)(canvas(*SIZE, bits=bits))
    out = []
    for index, picture in enumerate(plain):
        wide = picture.astype(np.uint16) * np.uint16(1 << (bits - 8))
        wide[0, 0] = (1 << bits) - 1
        planes = Planes(index * 40.0, wide, (_CHROMA, _CHROMA))
        transform(planes)
        assert planes.luma.max() < 1 << bits
        out.append((planes.luma >> (bits - 8)).astype(np.uint8))
    detection = detect(_frames(out), [book()])
    assert detection is not None
    assert detection.found
    assert detection.code == CODE


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_turned_clip_is_read_as_it_is_seen(rotation: int) -> None:
    stored = _luma(5, SIZE[::-1] if rotation % 180 else SIZE)
    out = _embedded(stored, rotation=rotation)
    shown = [np.ascontiguousarray(np.rot90(picture, -rotation // 90)) for picture in out]
    detection = detect(_frames(shown), [book()], search=False)
    assert detection is not None
    assert detection.found
    assert not detection.reading.sync.placement.mirrored


def test_small_pictures_are_refused() -> None:
    make = embedder(KEY, CODE)
    make(canvas(MIN_SIDE, MIN_SIDE))
    with pytest.raises(PictureTooSmallForWatermark) as caught:
        make(canvas(640, MIN_SIDE - 2))
    assert (caught.value.limit, caught.value.actual) == (MIN_SIDE, MIN_SIDE - 2)


def test_shots_have_patterns_of_their_own() -> None:
    first, second = _luma(12, seed=3), _luma(12, seed=4)
    # Brightness makes the cut: two scenes of the same mean differ too little everywhere.
    plain = [np.clip(p * 0.5, 0, 255).astype(np.uint8) for p in first] + second
    out = _embedded(plain, step_ms=250)
    changes = [a.astype(np.float64) - b for a, b in zip(out, plain, strict=True)]
    within = np.corrcoef(changes[10].ravel(), changes[11].ravel())[0, 1]
    across = np.corrcoef(changes[11].ravel(), changes[12].ravel())[0, 1]
    assert within > 0.75
    assert across < 0.5
    early = _embedded(plain, step_ms=40)
    change = [a.astype(np.float64) - b for a, b in zip(early, plain, strict=True)]
    kept = np.corrcoef(change[11].ravel(), change[12].ravel())[0, 1]
    assert kept > across + 0.1, "chips are not changed within two seconds"
