"""Trains the head of `scenes-image` that sees hate symbols; `calibrate.py` then sets its scale.

    python models/scenes-image/train.py                 # about an hour on two cores
    python models/scenes-image/train.py --families      # how it does on shapes it never saw

The trunk, EfficientNet-Lite0, stays as it was published. The head reads two of its maps, at
strides of 8 and 16, and says at each of 14 x 14 places which family of designs lies there, or
none. The picture's answer is the highest of its places. It learns from rendered pictures alone
(`symbols`), on photographs of the training split and on drawn grounds; where each design lies is
known, and that is what makes so small a head learn. The rendered pictures of the evaluation data
are not read.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
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
from models.vision import ImageNetwork, Sessions

FOLDER = Path(__file__).resolve().parent
HEAD_FILE = "symbols.onnx"
#: Pictures to learn from, and to look at while it learns; nothing is chosen on these.
LEARNED, HELD = 24_000, 2_000
PASSES, BATCH, RATE = 4, 32, 2e-3
#: Outputs of the trunk that the head reads, and their shapes.
MAPS = {"fine": (40, 28, 28), "map": (112, 14, 14)}
PLACES = 14
#: Sharpness of the soft maximum over places.
_SHARPNESS = 4.0
#: Sets of stills whose pictures serve as backgrounds: photographs without symbols or texts.
_PHOTOS = {"imagenet_sample", "everyday", "fire_smoke", "violence_frames", "weapons_guns"}
_FAMILY_PERCENT = 20
#: A place beside a design's middle, where it is neither here nor away.
_UNSURE = -100

#: What can lie at a place: nothing, or a label and a family of designs.
KINDS: tuple[tuple[str, str], ...] = (
    ("benign", "none"),
    *sorted({(design.label, design.family) for design in DESIGNS}),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """Rendered pictures as the head sees them.

    Attributes:
        maps: For each of `MAPS`, float16 of shape (n, *shape).
        places: What lies where: an index into `KINDS`, or `_UNSURE`; int64 (n, 14, 14).
        labels: The gravest label of each picture.
    """

    maps: tuple[NDArray[np.float16], ...]
    places: NDArray[np.int64]
    labels: NDArray[np.str_]


class Head(nn.Module):
    """Convolutions over the trunk's maps; an answer for each place and kind."""

    def __init__(self) -> None:
        super().__init__()
        self.fine = nn.Sequential(_convolution(40, 48), _convolution(48, 64, stride=2))
        self.joined = _convolution(64 + 112, 96)
        self.first = nn.Sequential(_convolution(96, 96), _convolution(96, 96))
        self.second = _convolution(96, 96, dilation=2)
        self.last = nn.Sequential(nn.Dropout2d(0.1), nn.Conv2d(96, len(KINDS), 1))

    def forward(self, fine: torch.Tensor, coarse: torch.Tensor) -> torch.Tensor:
        """Log-odds (n, kinds, 14, 14), up to a constant at each place."""
        states = self.joined(torch.cat([self.fine(fine), coarse], dim=1))
        states = states + self.first(states)
        answers: torch.Tensor = self.last(states + self.second(states))
        return answers


class Shipped(nn.Module):
    """One answer a picture: how much likelier a hateful symbol is than all else, at its place."""

    def __init__(self, head: Head, labels: Sequence[str] = (HATE, CONTEXTUAL)) -> None:
        super().__init__()
        self.head = head
        hateful = [label in labels for label, _ in KINDS]
        self.yes = [index for index, is_hateful in enumerate(hateful) if is_hateful]
        self.no = [index for index, is_hateful in enumerate(hateful) if not is_hateful]

    def forward(self, fine: torch.Tensor, coarse: torch.Tensor) -> torch.Tensor:
        """Log-odds (n, 1)."""
        answers = self.head(fine, coarse).flatten(2)
        odds = torch.logsumexp(answers[:, self.yes], 1) - torch.logsumexp(answers[:, self.no], 1)
        return torch.logsumexp(odds * _SHARPNESS, 1, keepdim=True) / _SHARPNESS


def _convolution(given: int, wide: int, *, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(given, wide, 3, stride, padding=dilation, dilation=dilation, bias=False),
        nn.BatchNorm2d(wide),
        nn.ReLU(),
    )


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--families", action="store_true", help="hold whole families out")
    given = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(os.cpu_count() or 1)
    open_trunk(given.cache)
    grounds = photographs()
    print(f"{len(DESIGNS)} designs, {len(grounds)} photographs", flush=True)
    known, unknown = list(DESIGNS), []
    if given.families:
        known, unknown = ([d for d in DESIGNS if _is_away(d) is away] for away in (False, True))
        print("held out:", ", ".join(sorted({design.family for design in unknown})))
    with tempfile.TemporaryDirectory() as folder:
        see = partial(seen, Path(folder), given.cache, grounds)
        head = fit(see(0, LEARNED, known), see(1, HELD, known))
        if given.families:
            report("families never seen", head, see(2, HELD, unknown))
        else:
            write(head)


def _is_away(design: Design) -> bool:
    return hashlib.sha256(design.family.encode()).digest()[0] % 100 < _FAMILY_PERCENT


def open_trunk(cache: Path) -> ImageNetwork:
    """The trunk with the card's preprocessing and no head."""
    registry = Registry(cache)
    card = registry.card("scenes-image")
    labels = {name: each for name, each in card.labels.items() if name != "hate"}
    card = msgspec.structs.replace(card, labels=labels)
    source = card.sources[0]
    path = cache / card.id / source.name
    if not path.is_file():
        registry.fetch([card.id])
    card = msgspec.structs.replace(card, preprocessing=card.preprocessing | {"glance": None})
    return ImageNetwork(card, Sessions(session(converted(path, source.sha256)), {}))


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
    folder: Path,
    cache: Path,
    grounds: Sequence[NDArray[np.uint8]],
    seed: int,
    count: int,
    designs: Sequence[Design],
) -> Shown:
    """The trunk's maps of rendered pictures, and what lies where on them; kept in `folder`."""
    paths = [folder / f"{seed}-{name}.npy" for name in MAPS]
    for path, shape in zip(paths, MAPS.values(), strict=True):
        np.lib.format.open_memmap(path, "w+", np.float16, (count, *shape)).flush()
    workers = os.cpu_count() or 1
    names = {design.name for design in designs}
    jobs = [(paths, cache, grounds, names, seed, count, start, workers) for start in range(workers)]
    places = np.empty((count, PLACES, PLACES), np.int64)
    labels = np.empty(count, "<U32")
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        for start, (there, named) in enumerate(pool.starmap(_see, jobs)):
            places[start::workers], labels[start::workers] = there, named
    return Shown(tuple(np.load(path, mmap_mode="r") for path in paths), places, labels)


def _see(
    paths: Sequence[Path],
    cache: Path,
    grounds: Sequence[NDArray[np.uint8]],
    names: set[str],
    seed: int,
    count: int,
    start: int,
    step: int,
) -> tuple[list[NDArray[np.int64]], list[str]]:
    """Every `step`-th picture, in a process of its own."""
    trunk = open_trunk(cache)
    designs = [design for design in DESIGNS if design.name in names]
    files = [np.load(path, mmap_mode="r+") for path in paths]
    places, labels = [], []
    for index in range(start, count, step):
        ground = grounds[index % len(grounds)] if index % 4 else None
        made = render(seed, index, background=ground, designs=designs, shape=(SIDE, SIDE))
        for file, found in zip(files, trunk.maps(made.image, tuple(MAPS)), strict=True):
            file[index] = found
        places.append(places_of(made))
        labels.append(made.label)
        if index % 2000 == 0:
            print(f"rendered {index} of {count}", flush=True)
    return places, labels


def places_of(made: Rendered) -> NDArray[np.int64]:
    """What lies at each place: designs in the inner half of their boxes, unsure in the rest."""
    places = np.zeros((PLACES, PLACES), np.int64)
    for inner in (False, True):
        for mark in made.marks:
            kind = KINDS.index((mark.label, mark.family))
            rows, columns = (
                _reach(*edges, share=0.5 if inner else 1.0)
                for edges in ((mark.top, mark.bottom), (mark.left, mark.right))
            )
            places[rows, columns] = kind if inner else _UNSURE
    return places


def _reach(low: float, high: float, *, share: float) -> slice:
    """The places whose middles lie in a part of an interval of [0, 1]; at least one."""
    middle, half = (low + high) / 2, (high - low) / 2 * share
    first = int(np.ceil((middle - half) * PLACES - 0.5))
    last = int(np.floor((middle + half) * PLACES - 0.5))
    if first > last:
        first = last = int(np.clip(middle * PLACES, 0, PLACES - 1))
    return slice(max(0, first), max(0, last + 1))


def fit(learned: Shown, held: Shown) -> Head:
    """Trains a head; rates rise at first and then fall to nothing over the passes."""
    head = Head()
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=1e-3)
    rounds = len(learned.places) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=PASSES * rounds)
    source = np.random.default_rng(0)
    for number in range(PASSES):
        head.train()
        for group in np.array_split(source.permutation(len(learned.places)), rounds):
            answers = head(*_batch(learned, np.sort(group)))
            error = loss(answers, torch.from_numpy(learned.places[np.sort(group)]))
            optimizer.zero_grad()
            torch.autograd.backward(error)
            optimizer.step()
            schedule.step()
        report(f"pass {number}", head, held)
    return head


def _batch(shown: Shown, rows: NDArray[np.intp]) -> list[torch.Tensor]:
    return [torch.from_numpy(each[rows].astype(np.float32)) for each in shown.maps]


def loss(answers: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Cross entropy; places with a design and places without weigh the same together."""
    each = nn.functional.cross_entropy(answers, places, ignore_index=_UNSURE, reduction="none")
    here, away = places > 0, places == 0
    return (each[here].sum() / here.sum().clamp(min=1) + each[away].mean()) / 2


def report(name: str, head: Head, shown: Shown) -> None:
    """Prints the areas under the ROC curve: of any symbol, and of those hateful anywhere."""
    head.eval()
    areas = []
    for labels in ((HATE, CONTEXTUAL), (HATE,)):
        shipped = Shipped(head, labels)
        with torch.inference_mode():
            parts = [
                shipped(*_batch(shown, np.arange(at, min(at + 250, len(shown.places)))))
                for at in range(0, len(shown.places), 250)
            ]
        known = np.isin(shown.labels, labels) | ~np.isin(shown.labels, (HATE, CONTEXTUAL))
        answers = torch.cat(parts).numpy()[known, 0]
        areas.append(roc_auc_score(np.isin(shown.labels[known], labels), answers))
    print(f"{name}: AUC any symbol {areas[0]:.4f}, hateful anywhere {areas[1]:.4f}", flush=True)


def write(head: Head) -> None:
    """Writes the head as ONNX beside the card."""
    path = FOLDER / HEAD_FILE
    torch.onnx.export(
        Shipped(head).eval(),
        tuple(torch.zeros(1, *shape) for shape in MAPS.values()),
        path,
        input_names=list(MAPS),
        output_names=["odds"],
        opset_version=17,
        dynamo=False,
    )
    onnx.checker.check_model(str(path))
    written = path.read_bytes()
    print(f"{path.name}: {len(written)} bytes, sha256 {hashlib.sha256(written).hexdigest()}")


if __name__ == "__main__":
    main()
