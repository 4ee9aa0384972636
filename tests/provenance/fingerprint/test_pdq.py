"""PDQ: the reference implementation's hashes, and what a hash must not care about."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from provenance.fingerprint.pdq import distances, hash_pictures, luma
from tests.provenance.fingerprint.pictures import scene

SIZES = [(320, 180), (321, 181), (640, 480), (129, 64), (64, 64), (1000, 130)]

# Of `ramps(width, height)`, as the package pdqhash 0.2.8 gives them.
KNOWN = {
    (320, 180): "752a507bc07fc077caddc8d5cad5b78cc6d59b859e84878085899f82bf88952a",
    (641, 361): "d694c0cd917384ffd15ccc8296d389cd915795df97388d2a87c791558555952a",
    (100, 200): "5291ea53da937ad67a9656d63a9646969bb4429478a4deb468a45a1ce6b4daa4",
}


def ramps(width: int, height: int) -> NDArray[np.uint8]:
    """A picture of whole numbers only, so that every machine draws the same."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.int64)
    red = columns * 255 // width
    green = (rows * rows // 7 + columns * 3) % 256
    blue = ((columns // 17) * (rows // 13) * 29) % 256
    return np.stack([red, green, blue], axis=2).astype(np.uint8)


@pytest.mark.parametrize(("size", "expected"), KNOWN.items())
def test_known_hashes(size: tuple[int, int], expected: str) -> None:
    made = hash_pictures([luma(ramps(*size))])
    known = np.frombuffer(bytes.fromhex(expected), dtype=np.uint8)
    assert distances(made.hashes[0], known) <= 4
    assert made.quality[0] == 100


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", range(3))
def test_hashes_are_those_of_the_reference(size: tuple[int, int], seed: int) -> None:
    pdqhash = pytest.importorskip("pdqhash", reason="the package pdqhash is not installed")
    picture = scene(seed, size)
    made = hash_pictures([luma(picture)])
    for mine, turned in ((made.hashes, picture), (made.mirrored, picture[:, ::-1])):
        bits, quality = pdqhash.compute(np.ascontiguousarray(turned))
        # Frequencies that lie at the median fall either way by the order of a sum. A mirrored
        # picture is decimated at other places, which matters the more the smaller it is; the
        # reference allows itself 40 bits for it.
        allowed = 2 if turned is picture else 16 if min(size) >= 180 else 40
        assert distances(mine[0], np.packbits(bits.astype(np.uint8))) <= allowed
        assert abs(int(made.quality[0]) - quality) <= 1


def test_one_hash_for_many_sizes_and_encodings() -> None:
    picture = scene(5, (640, 360))
    small = cv2.resize(picture, (320, 180), interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 30])
    coded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    darker = (picture * 0.7).astype(np.uint8)
    made = hash_pictures([luma(np.asarray(each)) for each in (picture, small, coded, darker)])
    assert distances(made.hashes[0], made.hashes).max() <= 20
    other = hash_pictures([luma(scene(6, (640, 360)))])
    assert distances(made.hashes[0], other.hashes[0]) > 80


def test_half_of_the_bits_are_set() -> None:
    made = hash_pictures([luma(scene(seed)) for seed in range(8)])
    assert np.bitwise_count(made.hashes).sum(axis=1).tolist() == [128] * 8


@pytest.mark.parametrize("shape", [(4, 100), (100, 4), (1, 1)])
def test_a_tiny_picture_has_no_hash(shape: tuple[int, int]) -> None:
    made = hash_pictures([np.full(shape, 7, np.float32)])
    assert not made.hashes.any()
    assert not made.mirrored.any()
    assert made.quality[0] == 0


def test_a_plain_picture_has_no_quality() -> None:
    assert hash_pictures([np.full((90, 160), 128, np.float32)]).quality[0] == 0


def test_nothing_gives_nothing() -> None:
    assert hash_pictures([]).hashes.shape == (0, 32)


def test_a_picture_has_two_dimensions() -> None:
    with pytest.raises(ValueError, match="two dimensions"):
        hash_pictures([np.zeros((9, 9, 3), np.float32)])


@settings(max_examples=25, deadline=None)
@given(st.integers(5, 200), st.integers(5, 200), st.integers(0, 2**32 - 1))
def test_every_size_has_a_hash(height: int, width: int, seed: int) -> None:
    """Any size goes through."""
    picture = np.random.default_rng(seed).uniform(0, 255, (height, width)).astype(np.float32)
    made = hash_pictures([picture])
    assert distances(made.hashes[0], made.mirrored[0]) > 0
    assert made.quality[0] <= 100
