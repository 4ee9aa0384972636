"""Trains the head of `scenes-image` that sees hate symbols; `calibrate.py` then sets its scale.

    python models/scenes-image/train.py                 # about half an hour on two cores
    python models/scenes-image/train.py --families      # how it does on shapes it never saw

The trunk, EfficientNet-Lite0, stays as it was published. The head reads its map at a stride of 16
and answers where on it a symbol lies; the picture's answer is a soft maximum over the places. It
learns from rendered pictures alone (`symbols`), on photographs of the training split and on drawn
grounds. The rendered pictures of the evaluation data are not read.
"""

from __future__ import annotations

import argparse
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from symbols.design import CONTEXTUAL, HATE, Design  # type: ignore[import-not-found]
from symbols.designs import DESIGNS  # type: ignore[import-not-found]
from symbols.rendering import SIDE, Rendered, render  # type: ignore[import-not-found]
from torch import nn

from models.efficientnet import converted
from models.frame_sets import clip_frames, data_folder, stills
from models.onnx import session
from models.registry import Registry
from models.vision import ImageNetwork

FOLDER = Path(__file__).resolve().parent
HEAD_FILE = "symbols.onnx"
#: Pictures to learn from, and to choose nothing but the number of passes on.
LEARNED, HELD = 16_000, 2_000
PASSES, BATCH, RATE = 12, 64, 2e-3
_CHANNELS, _WIDTH = 112, 96
#: Sharpness of the soft maximum over places.
_SHARPNESS = 4.0
#: Sets of stills whose pictures serve as backgrounds: photographs without symbols or texts.
_PHOTOS = {"imagenet_sample", "everyday", "fire_smoke", "violence_frames", "weapons_guns"}
_FAMILY_PERCENT = 20


class Head(nn.Module):
    """Two convolutions over the trunk's map, then one answer a place, softly the highest."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(_CHANNELS, _WIDTH, 3, padding=1, bias=False),
            nn.BatchNorm2d(_WIDTH),
            nn.ReLU(),
            nn.Conv2d(_WIDTH, _WIDTH, 3, padding=2, dilation=2, bias=False),
            nn.BatchNorm2d(_WIDTH),
            nn.ReLU(),
            nn.Dropout2d(0.1),
            nn.Conv2d(_WIDTH, 2, 1),
        )

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        """Log-odds (n, 2) of a symbol of any kind, and of one that is hateful anywhere.

        Args:
            seen: The trunk's map, shape (n, 112, 14, 14).
        """
        places: torch.Tensor = self.layers(seen).flatten(2)
        count = torch.log(torch.tensor(float(places.shape[2])))
        return (torch.logsumexp(places * _SHARPNESS, dim=2) - count) / _SHARPNESS


class _Shipped(nn.Module):
    """The first of the two answers."""

    def __init__(self, head: Head) -> None:
        super().__init__()
        self.head = head

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        """Log-odds (n, 1)."""
        answers: torch.Tensor = self.head(seen)[:, :1]
        return answers


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--families", action="store_true", help="hold whole families out")
    given = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(os.cpu_count() or 1)
    trunk = open_trunk(given.cache)
    grounds = photographs()
    print(f"{len(DESIGNS)} designs, {len(grounds)} photographs", flush=True)
    if given.families:
        away = {design.family for design in DESIGNS if _is_away(design)}
        print("held out:", ", ".join(sorted(away)))
        known = [design for design in DESIGNS if design.family not in away]
        unknown = [design for design in DESIGNS if design.family in away]
        head = fit(*seen(trunk, 0, LEARNED, known, grounds), *seen(trunk, 1, HELD, known, grounds))
        report("families never seen", head, *seen(trunk, 2, HELD, unknown, grounds))
        return
    learned, held = (seen(trunk, *each, DESIGNS, grounds) for each in ((0, LEARNED), (1, HELD)))
    write(fit(*learned, *held))


def _is_away(design: Design) -> bool:
    return hashlib.sha256(design.family.encode()).digest()[0] % 100 < _FAMILY_PERCENT


def open_trunk(cache: Path) -> ImageNetwork:
    """The trunk with the card's preprocessing and no head."""
    registry = Registry(cache)
    card = registry.card("scenes-image")
    source = card.sources[0]
    path = cache / card.id / source.name
    if not path.is_file():
        registry.fetch([card.id])
    return ImageNetwork(card, session(converted(path, source.sha256)))


def photographs() -> list[NDArray[np.uint8]]:
    """Backgrounds: photographs and clips of the training split."""
    folder = data_folder()
    found = [
        picture
        for picture in (*stills(folder), *clip_frames(folder))
        if picture.split == "train"
        and (picture.source in _PHOTOS or picture.source.startswith("clips/"))
    ]
    return [picture.image for picture in found]


def seen(
    trunk: ImageNetwork,
    seed: int,
    count: int,
    designs: Sequence[Design],
    grounds: Sequence[NDArray[np.uint8]],
) -> tuple[NDArray[np.float16], NDArray[np.float32]]:
    """The trunk's maps of rendered pictures, and what is on them.

    Returns:
        Maps (count, 112, 14, 14) and targets (count, 2): any symbol; one that is hateful anywhere,
        NaN where that hangs on the context.
    """
    maps = np.empty((count, _CHANNELS, 14, 14), dtype=np.float16)
    targets = np.zeros((count, 2), dtype=np.float32)
    for index in range(count):
        ground = grounds[index % len(grounds)] if index % 4 else None
        made = render(seed, index, background=ground, designs=designs, shape=(SIDE, SIDE))
        maps[index] = trunk.map(made.image)
        targets[index] = _target(made)
        if index % 2000 == 0:
            print(f"rendered {index} of {count}", flush=True)
    return maps, targets


def _target(made: Rendered) -> tuple[float, float]:
    if made.label == HATE:
        return 1.0, 1.0
    return (1.0, np.nan) if made.label == CONTEXTUAL else (0.0, 0.0)


def fit(
    maps: NDArray[np.float16],
    targets: NDArray[np.float32],
    held_maps: NDArray[np.float16],
    held_targets: NDArray[np.float32],
) -> Head:
    """Trains a head; rates fall to nothing over the passes."""
    head = Head()
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=1e-3)
    steps = PASSES * (len(maps) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    source = np.random.default_rng(0)
    for number in range(PASSES):
        head.train()
        for group in np.array_split(source.permutation(len(maps)), len(maps) // BATCH):
            answers = head(torch.from_numpy(maps[group].astype(np.float32)))
            wanted = torch.from_numpy(targets[group])
            known = ~wanted.isnan()
            error = nn.functional.binary_cross_entropy_with_logits(answers[known], wanted[known])
            optimizer.zero_grad()
            torch.autograd.backward(error)
            optimizer.step()
            if schedule.last_epoch < steps - 1:
                schedule.step()
        report(f"pass {number}", head, held_maps, held_targets)
    return head


def report(name: str, head: Head, maps: NDArray[np.float16], targets: NDArray[np.float32]) -> None:
    """Prints the areas under the ROC curve."""
    head.eval()
    with torch.inference_mode():
        parts = [
            head(torch.from_numpy(maps[at : at + 256].astype(np.float32))).numpy()
            for at in range(0, len(maps), 256)
        ]
    answers = np.concatenate(parts)
    areas = []
    for column in range(2):
        known = ~np.isnan(targets[:, column])
        areas.append(roc_auc_score(targets[known, column], answers[known, column]))
    print(f"{name}: AUC any symbol {areas[0]:.4f}, hateful anywhere {areas[1]:.4f}", flush=True)


def write(head: Head) -> None:
    """Writes the head as ONNX beside the card."""
    path = FOLDER / HEAD_FILE
    torch.onnx.export(
        _Shipped(head).eval(),
        (torch.zeros(1, _CHANNELS, 14, 14),),
        path,
        input_names=["map"],
        output_names=["odds"],
        opset_version=17,
        dynamo=False,
    )
    onnx.checker.check_model(str(path))
    written = path.read_bytes()
    print(f"{path.name}: {len(written)} bytes, sha256 {hashlib.sha256(written).hexdigest()}")


if __name__ == "__main__":
    main()
