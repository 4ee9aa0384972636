"""Fakes of our own: real clips through small autoencoders, coarse wavelet bands put back.

After WaveRep (Corvi et al., NeurIPS 2025): what a decoder draws of a real clip differs from it in
the finer bands alone, once the coarse band is the real clip's again; content, motion, length and
framing are the same on both sides. Two builds, trained here on real clips of the training split:
one for single frames (nearest-neighbour upsampling; the one whose fakes the shipped model learns
from) and one for four frames at once (transposed convolutions). Nothing is downloaded.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from media.errors import FramegateError
from provenance.detection.backbone import Backbone
from provenance.detection.laundering import MAX_SECONDS, Decoded, decoded, laundered
from provenance.detection.training.corpus import COMMON, SURVEILLANCE, Clip, clips, launderings
from provenance.detection.training.extraction import Tell, keep, measure_clip, open_backbone
from provenance.detection.training.table import OWN

Picture = NDArray[np.uint8]
STEPS, BATCH, CROP, RATE = 800, 8, 64, 2e-3
_FPS = 12.0
_GROUP = 4


class Frames(nn.Module):
    """Eight-fold in space, eight channels, frame by frame; nearest-neighbour upsampling."""

    group = 1

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            _down(3, 32), _down(32, 64), _down(64, 96), nn.Conv2d(96, 8, 1), nn.Tanh()
        )
        self.decoder = nn.Sequential(
            nn.Conv2d(8, 96, 3, padding=1), _up(96, 64), _up(64, 32), _up(32, 24),
            nn.Conv2d(24, 3, 3, padding=1),
        )  # fmt: skip

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Reconstructs pictures (n, 3, height, width) of -1..1; sides are multiples of 8."""
        made: torch.Tensor = self.decoder(self.encoder(pictures))
        return made


class Groups(nn.Module):
    """Eight-fold in space and four-fold in time; transposed convolutions."""

    group = _GROUP

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            _down(3 * _GROUP, 48), _down(48, 64), _down(64, 96), nn.Conv2d(96, 24, 1), nn.Tanh()
        )
        self.decoder = nn.Sequential(
            nn.Conv2d(24, 96, 3, padding=1), nn.SiLU(),
            nn.ConvTranspose2d(96, 64, 4, 2, 1), nn.SiLU(),
            nn.ConvTranspose2d(64, 48, 4, 2, 1), nn.SiLU(),
            nn.ConvTranspose2d(48, 3 * _GROUP, 4, 2, 1),
        )  # fmt: skip

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Reconstructs groups of four pictures (n, 12, height, width)."""
        made: torch.Tensor = self.decoder(self.encoder(pictures))
        return made


BUILDS: dict[str, type[Frames] | type[Groups]] = {"frames": Frames, "groups": Groups}


def _down(given: int, wide: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(given, wide, 3, 2, 1), nn.SiLU(), nn.Conv2d(wide, wide, 3, 1, 1), nn.SiLU()
    )


def _up(given: int, wide: int) -> nn.Sequential:
    return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(given, wide, 3, 1, 1), nn.SiLU())


def real_clips(data: Path) -> list[Clip]:
    """Real clips of the training split; of the surveillance set, a quarter as many as others."""
    real = [clip for clip in clips(data) if clip.split == "train" and clip.label == "real"]
    others = [clip for clip in real if clip.source != SURVEILLANCE]
    watched = [clip for clip in real if clip.source == SURVEILLANCE]
    return others + watched[: len(others) // 3]


def shrunk(clip: Decoded) -> Decoded:
    """A clip at no more than the common lines, sides multiples of 16, and at most 4 seconds."""
    kept = [at <= MAX_SECONDS for at in clip.times]
    pictures = [each for each, keep in zip(clip.pictures, kept, strict=True) if keep]
    height, width = pictures[0].shape[:2]
    share = min(1.0, COMMON / min(height, width))
    size = tuple(max(16, round(side * share / 16) * 16) for side in (width, height))
    small = [
        np.asarray(cv2.resize(each, size, interpolation=cv2.INTER_AREA), np.uint8)
        for each in pictures
    ]
    times = [at for at, keep in zip(clip.times, kept, strict=True) if keep]
    return Decoded(tuple(small), tuple(times))


def fit(network: nn.Module, group: int, whole: Sequence[Decoded], steps: int, tell: Tell) -> None:
    """Trains a build by mean absolute error of the pictures and of their differences."""
    chance = np.random.default_rng(0)
    usable = [clip for clip in whole if len(clip.pictures) >= group]
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    began = time.monotonic()
    for step in range(steps):
        batch = torch.stack([_crop(usable[chance.integers(len(usable))], group, chance)
                             for _ in range(BATCH)])  # fmt: skip
        made = network(batch)
        error = (made - batch).abs().mean()
        for axis in (2, 3):
            error = error + (made.diff(dim=axis) - batch.diff(dim=axis)).abs().mean()
        optimizer.zero_grad()
        torch.autograd.backward(error)
        optimizer.step()
        schedule.step()
        if step % 100 == 0:
            tell(f"step {step} error {error.item():.4f} {time.monotonic() - began:.0f} s")


def _crop(clip: Decoded, group: int, chance: np.random.Generator) -> torch.Tensor:
    first = int(chance.integers(len(clip.pictures) - group + 1))
    height, width = clip.pictures[0].shape[:2]
    top, left = (int(chance.integers(max(1, side - CROP + 1))) for side in (height, width))
    parts = [_tensor(each[top : top + CROP, left : left + CROP])
             for each in clip.pictures[first : first + group]]  # fmt: skip
    crop = torch.cat(parts)
    down, across = CROP - crop.shape[1], CROP - crop.shape[2]
    return nn.functional.pad(crop[None], (0, across, 0, down), mode="replicate")[0]


def _tensor(picture: Picture) -> torch.Tensor:
    return torch.from_numpy(picture.astype(np.float32).transpose(2, 0, 1) / 127.5 - 1)


@torch.inference_mode()
def reconstructed(network: nn.Module, group: int, clip: Decoded) -> Decoded:
    """A clip as the network draws it, with the coarse band of the real one."""
    made: list[Picture] = []
    count = len(clip.pictures)
    for start in range(0, count, group):
        places = [min(start + step, count - 1) for step in range(group)]
        given = torch.cat([_tensor(clip.pictures[place]) for place in places])[None]
        drawn = network(given)[0].reshape(group, 3, *given.shape[2:])
        for place, each in zip(places, drawn, strict=True):
            if len(made) < count:
                fake = (each.numpy().transpose(1, 2, 0) + 1) * 127.5
                made.append(_banded(fake, clip.pictures[place]))
    return Decoded(tuple(made), clip.times)


def _banded(fake: NDArray[np.float32], real: Picture) -> Picture:
    """The real picture's coarse Haar band (two levels), the fake one's finer ones."""
    size = (real.shape[1] // 4, real.shape[0] // 4)
    coarse = [cv2.resize(each, size, interpolation=cv2.INTER_AREA)
              for each in (np.asarray(real, np.float32), fake)]  # fmt: skip
    change = cv2.resize(
        coarse[0] - coarse[1], (real.shape[1], real.shape[0]), interpolation=cv2.INTER_NEAREST
    )
    return np.asarray(np.clip(np.rint(fake + change), 0, 255), np.uint8)


def reconstruct(
    data: Path, out: Path, cache: Path, tell: Tell, builds: Sequence[str] = ("frames",)
) -> None:
    """Train builds, and measure reconstructions and originals of all real training clips."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    (out / "clips").mkdir(parents=True, exist_ok=True)
    whole: dict[str, tuple[Clip, Decoded]] = {}
    for clip in real_clips(data):
        try:
            source = decoded(data / "video" / clip.file, seconds=MAX_SECONDS, max_fps=_FPS)
        except FramegateError as error:
            tell(f"left out: {clip.file}: {error}")
            continue
        whole[clip.key] = (clip, shrunk(source))
    backbone = open_backbone(cache)
    for place, name in enumerate(builds):
        network = BUILDS[name]()
        fit(network, network.group, [each for _, each in whole.values()], STEPS, tell)
        network.eval()
        for clip, source in whole.values():
            fake = reconstructed(network, network.group, source)
            _keep(out, clip, f"{name} fake", fake, backbone)
            if not place:
                _keep(out, clip, f"{name} real", source, backbone)


def _keep(out: Path, clip: Clip, name: str, pictures: Decoded, backbone: Backbone) -> None:
    """Launder and measure with one of the clip's own training draws, the highest it has."""
    recipe = [each for key, each in launderings(clip).items() if key.startswith("draw/")][-1]
    stem = f"{clip.key}-{name.replace(' ', '-')}"
    claims, found = measure_clip(laundered(pictures, recipe, out / "clips" / stem), backbone)
    meta = {"file": clip.file, "laundering": OWN + name, "recipe": msgspec.to_builtins(recipe),
            "claims": claims, "names": found.names, "starts_ms": found.starts_ms}  # fmt: skip
    keep(out / f"{stem}.npz", meta, found)
