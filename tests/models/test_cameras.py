from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.cameras import SAME_CAMERA, background, grouped


def place(seed: int) -> NDArray[np.uint8]:
    small = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(small, (320, 240), interpolation=cv2.INTER_CUBIC), np.uint8)


def visited(seed: int, visitor: int) -> list[NDArray[np.uint8]]:
    """Frames of one place in which something walks by."""
    frames = []
    for number in range(7):
        frame = place(seed).copy()
        left = (visitor * 40 + number * 30) % 280
        frame[100:200, left : left + 40] = visitor * 60
        frames.append(frame)
    return frames


def test_clips_of_one_camera_are_one_group_whoever_walks_by() -> None:
    clips = [visited(1, 1), visited(2, 1), visited(1, 3), visited(3, 2), visited(2, 4)]
    groups = grouped([background(frames) for frames in clips]).tolist()
    assert groups[0] == groups[2]
    assert groups[1] == groups[4]
    assert len(set(groups)) == 3


def test_brightness_makes_no_other_camera() -> None:
    dark = [(frame * 0.5 + 20).astype(np.uint8) for frame in visited(1, 1)]
    assert background(dark) @ background(visited(1, 2)) > SAME_CAMERA


def test_a_chain_of_likeness_links_and_an_empty_picture_is_like_nothing() -> None:
    angles = np.deg2rad([0, 50, 100])
    chain = [np.array([np.cos(angle), np.sin(angle)]) for angle in angles]
    assert chain[0] @ chain[2] < SAME_CAMERA
    assert len(set(grouped(chain).tolist())) == 1
    flat = background([np.full((20, 20, 3), 9, np.uint8)])
    assert len(set(grouped([flat, flat]).tolist())) == 2
    assert grouped([]).shape == (0,)
