"""Small clips of two kinds, every one of another scene."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.clips import make_clip

SIZE = (160, 120)


def scene(seed: int, *, grain: bool, count: int = 14) -> Iterator[NDArray[np.uint8]]:
    """Pictures of a scene of its own that moves slowly; with grain as of a camera, or without."""
    chance = np.random.default_rng(seed)
    coarse = chance.integers(20, 235, (9, 12, 3), dtype=np.uint8)
    wide = cv2.resize(coarse, (SIZE[0] + 40, SIZE[1] + 40), interpolation=cv2.INTER_CUBIC)
    for index in range(count):
        shown = wide[index : index + SIZE[1], 2 * index : 2 * index + SIZE[0]].astype(np.float32)
        if grain:
            shown += chance.normal(0, 9, shown.shape).astype(np.float32)
        yield np.asarray(np.clip(shown, 0, 255), np.uint8)


def example(path: Path, seed: int, *, grain: bool) -> Path:
    """A clip of a scene, a little under two seconds."""
    return make_clip(path, fps=8, pictures=scene(seed, grain=grain))


def folders(base: Path, count: int) -> tuple[Path, Path]:
    """A folder of generated and one of real clips, so many each."""
    generated, real = base / "generated", base / "real"
    for number in range(count):
        example(generated / f"{number:02d}.mp4", number, grain=False)
        example(real / f"{number:02d}.mp4", 1000 + number, grain=True)
    return generated, real
