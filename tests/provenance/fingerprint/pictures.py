"""Clips of scenery that is drawn from arithmetic, and their fingerprints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from media.probe import probe
from provenance.fingerprint.fingerprint import Fingerprint, Marks, fingerprint
from provenance.fingerprint.records import Registered
from tests.clips import make_clip

Picture = NDArray[np.uint8]
FPS = 12


def scene(seed: int, size: tuple[int, int] = (320, 180)) -> Picture:
    """A picture with shapes large and small, RGB (height, width, 3), that no other seed gives."""
    width, height = size
    chance = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3), dtype=np.float32)
    for cells, weight in ((3, 90), (6, 70), (14, 60)):
        coarse = chance.uniform(0, weight, (cells, cells, 3)).astype(np.float32)
        picture += cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
    for _ in range(12):
        centre = (int(chance.integers(width)), int(chance.integers(height)))
        shade = tuple(float(each) for each in chance.uniform(0, 255, 3))
        cv2.circle(picture, centre, int(chance.integers(height // 20, height // 5)), shade, -1)
    return np.clip(picture, 0, 255).astype(np.uint8)


def scenery(
    seed: int, seconds: float = 6, size: tuple[int, int] = (320, 180), shot_seconds: float = 2
) -> list[Picture]:
    """Shots of two seconds each, over which the camera pans by a tenth of the width."""
    width, height = size
    reach = width // 10
    pictures = []
    shot = round(shot_seconds * FPS)
    for index in range(round(seconds * FPS)):
        number, at = divmod(index, shot)
        wide = scene(1000 * seed + number, (width + reach, height))
        left = at * reach // shot
        pictures.append(np.ascontiguousarray(wide[:, left : left + width]))
    return pictures


def encoded(path: Path, pictures: Sequence[Picture], crf: int = 20) -> Path:
    """Encode pictures with x264."""
    options = {"preset": "veryfast", "crf": str(crf)}
    return make_clip(path, fps=FPS, gop=250, pictures=pictures, options=options)


def taken(path: Path, **given: Any) -> Fingerprint:
    """Probe a clip and take its fingerprint."""
    return fingerprint(path, probe(path), **given)


def record(clip_id: str, made: Fingerprint, **given: Any) -> Registered:
    """What a registry keeps of a clip."""
    return Registered(
        clip_id=clip_id,
        created_ms=1_700_000_000_000,
        duration_ms=made.duration_ms,
        frames=made.frames,
        crops=made.crops,
        thumbnails=made.thumbnails,
        **given,
    )


def marks(hashes: NDArray[np.uint8], starts: Sequence[int] | None = None) -> Marks:
    """Hashes of quality 100, a second apart where no time is given."""
    times = np.arange(len(hashes)) * 1000 if starts is None else np.asarray(starts)
    quality = np.full(len(hashes), 100, dtype=np.uint8)
    return Marks(times.astype(np.int32), times.astype(np.int32), hashes, quality)


def random_hashes(count: int, seed: int = 0) -> NDArray[np.uint8]:
    """Hashes of nothing."""
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


def flipped(hashes: NDArray[np.uint8], bits: int) -> NDArray[np.uint8]:
    """The same hashes with their first so many bits turned over."""
    mask = np.zeros(256, dtype=np.uint8)
    mask[:bits] = 1
    return hashes ^ np.packbits(mask)


def fingerprint_of(frames: Marks, mirrored: Marks | None = None) -> Fingerprint:
    """A fingerprint of given hashes; its mirrored ones are unlike anything."""
    other = marks(random_hashes(len(frames), 99), list(frames.start_ms))
    end = int(frames.end_ms.max()) if len(frames) else 0
    return Fingerprint(
        duration_ms=end + 500,
        frames=frames,
        mirrored=other if mirrored is None else mirrored,
        crops=marks(random_hashes(0)),
        thumbnails=(),
        dropped=0,
    )
