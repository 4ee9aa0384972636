"""From the frames of a clip to the planes that a mark is looked for in.

Frames of a shot are added up in sections that grow from one frame to sixteen. Codecs keep most of a
mark in the picture that begins a shot, and less and less in those that follow from it; so the first
frames stay by themselves, and `combining` weighs the sections against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from media.frames import Frame
from media.probe import ClipInfo
from media.refusals import NoFrames
from media.sampler import FrameStream, plan, sample
from provenance.watermark.carriers import SIDE
from provenance.watermark.residual import canonical, residual

SHORT_SIDE: Final = 320
"""Short side of the frames that the detector reads, in pixels."""

MAX_SHOTS: Final = 96
"""Of a clip with more shots, the first ones are looked at."""

_FRAMES = 300
_MAX_FPS = 30.0
_LONGEST = 16


def frames_of(
    path: Path, info: ClipInfo, should_stop: Callable[[], bool] = lambda: False
) -> FrameStream:
    """Decode the frames of a clip that a detector needs: some 300, but at least 2 a second.

    See `media.sampler.sample` for what using it can raise.
    """
    seconds = max(info.duration_ms, 1) / 1000
    min_fps = min(_MAX_FPS, max(2.0, _FRAMES / seconds))
    return sample(
        path, info, plan(info, min_fps=min_fps), short_side=SHORT_SIDE, should_stop=should_stop
    )


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """The mean residual of each section of a clip, in order of time.

    Attributes:
        planes: (n, 256, 256) float16, n at least 1.
        lengths: (n,) int64, how many frames each is the mean of.
        shots: (n,) int64, which shot each is of, from 0.
        aspect: Width of the pictures to their height.
    """

    planes: NDArray[np.float16]
    lengths: NDArray[np.int64]
    shots: NDArray[np.int64]
    aspect: float

    @property
    def whole(self) -> NDArray[np.float32]:
        """The mean over all frames, (256, 256) float32."""
        return self._mean(np.ones(len(self.planes), dtype=bool))

    @property
    def onsets(self) -> NDArray[np.float32]:
        """The mean over the first frame of each shot, (256, 256) float32."""
        return self._mean(np.diff(self.shots, prepend=-1) > 0)

    def shot(self, index: int) -> Self:
        """One of the shots alone."""
        held = self.shots == index
        return type(self)(
            self.planes[held], self.lengths[held], np.zeros(int(held.sum()), np.int64), self.aspect
        )

    def _mean(self, held: NDArray[np.bool_]) -> NDArray[np.float32]:
        total = np.zeros((SIDE, SIDE), np.float32)
        for at in np.flatnonzero(held):
            total += self.planes[at].astype(np.float32) * np.float32(self.lengths[at])
        return total / np.float32(self.lengths[held].sum())


def pool(frames: Iterable[Frame]) -> Pooled:
    """Add the frames of a clip up, a section at a time.

    It takes one pass and keeps 128 KB a section: 4 MB for 300 frames of one shot, at most some 50
    MB where a clip is all cuts.

    Raises:
        NoFrames: There are none.
    """
    planes: list[NDArray[np.float16]] = []
    lengths: list[int] = []
    shots: list[int] = []
    shot, size, aspect = -1, 1, 1.0
    total, count = np.zeros((SIDE, SIDE), np.float32), 0

    def close() -> None:
        if count:
            planes.append((total / np.float32(count)).astype(np.float16))
            lengths.append(count)
            shots.append(shot)

    for frame in frames:
        if frame.scene_cut or shot < 0:
            close()
            if shot + 1 == MAX_SHOTS:
                count = 0
                break
            total, count, size, shot = np.zeros_like(total), 0, 1, shot + 1
        elif count == size:
            close()
            total, count, size = np.zeros_like(total), 0, min(2 * size, _LONGEST)
        height, width = frame.image.shape[:2]
        aspect = width / height
        total += residual(canonical(cv2.cvtColor(frame.image, cv2.COLOR_RGB2GRAY)))
        count += 1
    close()
    if not planes:
        raise NoFrames("there is no picture to look for a watermark in")
    return Pooled(np.stack(planes), np.array(lengths), np.array(shots), aspect)
