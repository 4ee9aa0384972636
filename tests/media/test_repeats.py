"""What counts as the same picture, and what does not."""

from __future__ import annotations

import numpy as np

from media.repeats import Repeats
from tests.clips import picture


def test_the_same_picture_is_a_repeat_and_the_first_is_none() -> None:
    repeats = Repeats()
    image = picture(0, (320, 180))
    assert not repeats.is_repeat(image)
    assert repeats.is_repeat(image.copy())


def test_noise_of_a_codec_is_no_new_picture() -> None:
    repeats = Repeats()
    image = np.clip(picture(0, (320, 180)), 10, 240)
    noise = np.random.default_rng(0).integers(-4, 5, image.shape)
    assert not repeats.is_repeat(image)
    assert repeats.is_repeat((image + noise).astype(np.uint8))


def test_a_small_thing_makes_it_another_picture() -> None:
    repeats = Repeats()
    image = picture(0, (320, 180), "still")
    assert not repeats.is_repeat(image)
    changed = image.copy()
    changed[80:90, 100:112] = 255
    assert not repeats.is_repeat(changed)


def test_a_change_of_colour_alone_makes_it_another_picture() -> None:
    repeats = Repeats()
    image = np.full((180, 320, 3), 100, dtype=np.uint8)
    assert not repeats.is_repeat(image)
    image[60:100, 60:100] = (140, 76, 100)
    assert not repeats.is_repeat(image)


def test_a_slow_change_does_not_go_on_unseen() -> None:
    repeats = Repeats()
    seen = [
        repeats.is_repeat(np.full((90, 160, 3), level, dtype=np.uint8)) for level in range(40, 60)
    ]
    assert seen.count(False) >= 10
