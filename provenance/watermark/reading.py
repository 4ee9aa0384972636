"""Reading a clip: its pictures added up shot by shot, and looked at with each key."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from media.frames import Frame
from media.probe import ClipInfo
from media.refusals import NoFrames
from media.sampler import FrameStream, plan, sample
from provenance.watermark.carriers import PATTERNS, SIDE, Carriers
from provenance.watermark.codes import CODE_BITS
from provenance.watermark.correlation import Sight
from provenance.watermark.keys import WatermarkKey
from provenance.watermark.placement import Placement
from provenance.watermark.residual import canonical, residual, spectrum
from provenance.watermark.synchronisation import Sync, synchronise

SHORT_SIDE: Final = 320
"""Short side of the frames that the detector reads, in pixels."""

MAX_SHOTS: Final = 96
"""Of a clip with more shots, the first ones are looked at."""

_FRAMES = 300
_MAX_FPS = 30.0
# Energy of a wrong set of chips: 128 on average, with a deviation of 16.
_DEVIATION = math.sqrt(2 * CODE_BITS)
_CHANCE_ENERGY = CODE_BITS + 2 * _DEVIATION


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
    """The mean residual of each shot of a clip.

    Attributes:
        shots: (256, 256) float32 each.
        lengths: How many frames each is the mean of.
        aspect: Width of the pictures to their height.
    """

    shots: tuple[NDArray[np.float32], ...]
    lengths: tuple[int, ...]
    aspect: float

    @property
    def whole(self) -> NDArray[np.float32]:
        """The mean over all frames."""
        total = sum(
            (shot * length for shot, length in zip(self.shots, self.lengths, strict=True)),
            np.zeros((SIDE, SIDE), np.float32),
        )
        return np.asarray(total / sum(self.lengths), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a clip says with one key.

    Attributes:
        key_id: Of the key.
        sums: (128,) float32. Their signs are the bits as read; for pictures without this key's
            mark they are fair independent coins, given the magnitudes.
        sync: The geometry that it was read under, where that is known.
    """

    key_id: str
    sums: NDArray[np.float32] = field(repr=False)
    sync: Sync | None = None


def pool(frames: Iterable[Frame]) -> Pooled:
    """Add the frames of a clip up, a shot at a time; it takes one pass and 256 KB a shot.

    Raises:
        NoFrames: There are none.
    """
    shots: list[NDArray[np.float32]] = []
    lengths: list[int] = []
    aspect = 1.0
    for frame in frames:
        if frame.scene_cut or not shots:
            if len(shots) == MAX_SHOTS:
                break
            shots.append(np.zeros((SIDE, SIDE), np.float32))
            lengths.append(0)
        height, width = frame.image.shape[:2]
        aspect = width / height
        shots[-1] += residual(canonical(cv2.cvtColor(frame.image, cv2.COLOR_RGB2GRAY)))
        lengths[-1] += 1
    if not shots:
        raise NoFrames("there is no picture to look for a watermark in")
    means = tuple(shot / np.float32(n) for shot, n in zip(shots, lengths, strict=True))
    return Pooled(means, tuple(lengths), aspect)


def read(pooled: Pooled, keys: Sequence[WatermarkKey], *, search: bool = True) -> list[Reading]:
    """Read a clip with each key; the same arguments give the same readings. Thread-safe.

    Args:
        pooled: The clip.
        keys: Active, retired and leaked ones alike.
        search: Whether to look for crops and turns where the pilot is not seen at once; costs
            1 to 3 s a key.
    """
    return [_read(pooled, key, search=search) for key in keys]


def _read(pooled: Pooled, key: WatermarkKey, *, search: bool) -> Reading:
    carriers = Carriers.of(key)
    best, most = None, -math.inf
    for sync in synchronise(pooled.whole, carriers, pooled.aspect, search=search):
        sums = np.stack(
            [
                _shot_sums(sync.placement.restored(shot, pooled.aspect), carriers)
                for shot in pooled.shots
            ]
        )
        likelihood = _likelihood(sums, sync)
        if likelihood > most:
            best, most = Reading(key.id, _joined(sums), sync), likelihood
    assert best is not None  # noqa: S101 - the untouched picture is always tried
    return best


def _likelihood(sums: NDArray[np.float32], sync: Sync) -> float:
    """Tell how likely a geometry is, as a logarithm, up to a constant.

    The pilot's score and the energy of each shot's best set of chips are about normal where there
    is nothing; most clips are neither cropped nor turned. The signs of the sums have no part in
    it; see `_joined`.
    """
    shots = len(sums)
    excess = float((sums**2).sum(axis=2).max(axis=1).sum()) - shots * (CODE_BITS + _DEVIATION)
    energy = excess / (_DEVIATION * math.sqrt(shots))
    placement = sync.placement
    usual = 6.0 if placement == Placement() else 3.0 if placement.degrees == 0 else 0.0
    return (math.copysign(energy**2, energy) + math.copysign(sync.score**2, sync.score)) / 2 + usual


def _shot_sums(restored: NDArray[np.float32], carriers: Carriers) -> NDArray[np.float32]:
    """Return the sums of a shot for each set of chips, (4, 128) float32."""
    sight = Sight.of(spectrum(restored), carriers)
    return np.stack([sight.sums(carriers.chips[index]) for index in range(PATTERNS)])


def _joined(sums: NDArray[np.float32]) -> NDArray[np.float32]:
    """Join the sums of all shots by maximal ratio (Brennan, Proc. IRE 47, 1959).

    Which set of chips a shot has, and how clearly, is told by the energy of its sums alone: their
    signs have no part in it, and the p-value stays exact.

    Args:
        sums: (shots, 4, 128) float32.
    """
    energy = (sums**2).sum(axis=2)
    amplitude = np.sqrt(np.maximum(energy - _CHANCE_ENERGY, 0) / CODE_BITS)
    if not amplitude.any():
        amplitude = (energy == energy.max(axis=1, keepdims=True)).astype(np.float32)
    joined = np.einsum("sk,skb->b", amplitude, sums)
    return np.asarray(joined / np.sqrt((amplitude**2).sum()), dtype=np.float32)
