"""Variants of a query's frame: small cuts, and corners under which a logo may lie."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.fingerprint.pdq import HASH_BYTES, distances, hash_pictures, luma
from provenance.fingerprint.variants import COUNT, CUTS, FILLED_CUTS, hash_variants
from tests.provenance.fingerprint.pictures import scene

SIZE = (320, 180)


@pytest.mark.parametrize("seed", range(3))
def test_the_first_variant_is_the_whole(seed: int) -> None:
    picture = luma(scene(seed, SIZE))
    whole = hash_pictures([picture])
    hashes, mirrored = hash_variants(picture)
    assert hashes.shape == mirrored.shape == (COUNT, HASH_BYTES)
    assert distances(hashes[0], whole.hashes[0]) <= 2
    assert distances(mirrored[0], whole.mirrored[0]) <= 2


@pytest.mark.parametrize("seed", range(3))
def test_cuts_are_those_of_the_picture(seed: int) -> None:
    width, height = SIZE
    picture = luma(scene(seed, SIZE))
    hashes, mirrored = hash_variants(picture)
    for number, ((top, bottom), (left, right)) in enumerate(itertools.product(CUTS, CUTS)):
        part = picture[
            round(top * height) : height - round(bottom * height),
            round(left * width) : width - round(right * width),
        ]
        wanted = hash_pictures([part])
        assert distances(hashes[number], wanted.hashes[0]) <= 20
        assert distances(mirrored[number], wanted.mirrored[0]) <= 20
    # And they are no copies of the whole.
    assert distances(hashes[: len(CUTS) ** 2], hashes[0]).max() > 40


@pytest.mark.parametrize("corner", range(4))
def test_a_logo_in_a_corner_is_filled(corner: int) -> None:
    width, height = SIZE
    picture = luma(scene(7, SIZE))
    rows = slice(6, 30) if corner < 2 else slice(height - 30, height - 6)
    columns = slice(8, 70) if corner % 2 == 0 else slice(width - 70, width - 8)
    marked = picture.copy()
    marked[rows, columns] = 255 - 255 * (picture[rows, columns].mean() > 128)
    plain, covered = (hash_variants(each)[0] for each in (picture, marked))
    begin = len(CUTS) ** 2 + corner * len(FILLED_CUTS) ** 2
    assert np.array_equal(plain[begin], covered[begin])
    # In the variants of another corner it still lies.
    other = len(CUTS) ** 2 + (3 - corner) * len(FILLED_CUTS) ** 2
    assert distances(plain[other], covered[other]) > 10


@settings(max_examples=25, deadline=None)
@given(height=st.integers(1, 90), width=st.integers(1, 90), seed=st.integers(0, 99))
def test_every_size_has_variants(height: int, width: int, seed: int) -> None:
    picture = np.random.default_rng(seed).uniform(0, 255, (height, width)).astype(np.float32)
    hashes, mirrored = hash_variants(picture)
    assert hashes.shape == mirrored.shape == (COUNT, HASH_BYTES)
    assert hashes.any() == (min(height, width) >= 5)
