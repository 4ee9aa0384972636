"""From the frames of a clip to the planes that a mark is looked for in.

Frames of a shot are added up in sections that grow from one frame to sixteen. Codecs keep most of a
mark in the picture that begins a shot, and less and less in those that follow from it; so the first
frames stay by themselves, and `combining` weighs the sections against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
from provenance.watermark.estimation import estimator
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
    """What each section of a clip shows of a pattern, in order of time.

    Attributes:
        planes: (n, 256, 256) float16, n at least 1; see `estimation`.
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


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """Frames of one shot that follow each other, added up.

    Attributes:
        picture: Their mean, canonical, (256, 256) float32, levels of 0 to 255.
        residual: The mean of their residuals, (256, 256) float32.
        length: How many they are.
        shot: Which shot they are of, from 0.
        aspect: Width of the pictures to their height.
    """

    picture: NDArray[np.float32]
    residual: NDArray[np.float32]
    length: int
    shot: int
    aspect: float


def sections(frames: Iterable[Frame]) -> Iterator[Section]:
    """Add the frames of a clip up, a section at a time, in one pass; there may be none."""
    shot, size, aspect = -1, 1, 1.0
    picture, detail, count = _nothing(), _nothing(), 0

    def section() -> Section:
        share = np.float32(1 / count)
        return Section(picture * share, detail * share, count, shot, aspect)

    for frame in frames:
        begins = frame.scene_cut or shot < 0
        if count and (begins or count == size):
            yield section()
            picture, detail, count = _nothing(), _nothing(), 0
            size = min(2 * size, _LONGEST)
        if begins:
            if shot + 1 == MAX_SHOTS:
                return
            shot, size = shot + 1, 1
        height, width = frame.image.shape[:2]
        aspect = width / height
        small = canonical(cv2.cvtColor(frame.image, cv2.COLOR_RGB2GRAY))
        picture += small
        detail += residual(small)
        count += 1
    if count:
        yield section()


def pool(frames: Iterable[Frame]) -> Pooled:
    """Add the frames of a clip up and estimate what each section shows of a pattern.

    It takes one pass and keeps 128 KB a section: 4 MB for 300 frames of one shot, at most some 50
    MB where a clip is all cuts.

    Raises:
        NoFrames: There are none.
    """
    estimate = estimator()
    planes: list[NDArray[np.float16]] = []
    lengths: list[int] = []
    shots: list[int] = []
    aspect = 1.0
    for section in sections(frames):
        planes.append(estimate(section.picture, section.residual).astype(np.float16))
        lengths.append(section.length)
        shots.append(section.shot)
        aspect = section.aspect
    if not planes:
        raise NoFrames("there is no picture to look for a watermark in")
    return Pooled(np.stack(planes), np.array(lengths), np.array(shots), aspect)


def _nothing() -> NDArray[np.float32]:
    return np.zeros((SIDE, SIDE), np.float32)
