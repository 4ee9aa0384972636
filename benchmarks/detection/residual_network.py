"""A small convolutional network over residuals of crops, beside the shipped statistics.

    python -m benchmarks.detection.residual_network --data FOLDER [--features FOLDER]
        [--cache FOLDER] [--crops FOLDER] [--steps N]

Crops are cut without scaling from the laundered clips that `benchmarks.detecting` keeps in
`--features` (made first where they are missing), where the picture has much texture, and kept in
`--crops`. Learned from: random launderings of the training split and own reconstructions, weighed
as for the other families. Pages are dealt to three folds; each fold is scored by a network that saw
no page of it. How long to train is chosen on the training split. Then, as Markdown:

1. The training split: area under the ROC curve of the network after each stretch of steps, and of
   the network, the shipped classifier (learned in the same folds) and their stack.
2. One look at the evaluation split, whose pages are dealt to the same folds: the network saw no
   clip of a page that it scores. The shipped classifier's scores leave one page out at a time, as
   in `benchmarks.detecting`.

The stack is the mean of both log-odds, each standardised by its mean and deviation on the training
split: nothing is fitted on the evaluation split. Intervals draw whole pages (95 %, 400 draws).
One thread; the same seed gives the same figures on one machine.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from benchmarks.detecting import of_split
from benchmarks.detection.protocol import area, under, weights_of
from media.probe import probe
from provenance.detection.residuals import high_pass, luma
from provenance.detection.sampling import bursts
from provenance.detection.training.extraction import Tell
from provenance.detection.training.folds import folds, scores_left_out
from provenance.detection.training.learning import draws, stacked, usable
from provenance.detection.training.measures import Floats, auc, clustered, tpr_at
from provenance.detection.training.recipe import measure_all
from provenance.detection.training.table import OWN, Table, read, read_own
from provenance.detection.training.weighing import row_weights

Crops = NDArray[np.uint8]
"""Luma of one row's crops (crops, 2, SIDE, SIDE): a picture, and the one half a second later."""

SIDE, CROPS, FOLDS = 64, 6, 3
CONDITIONS: Final = ("common/23", "common/35 half")
BATCH, RATE, DECAY, AVERAGE = 32, 1e-3, 1e-2, 0.98
#: Steps of training, and at how many even stretches of them the network is looked at.
STEPS, STRETCHES = 1200, 3
_STRIDE: Final = 8
#: Where a residual says no more: a hard edge is no trace of how a picture was made.
_CLIPPED: Final = 8.0


class ResidualNetwork(nn.Module):
    """Fixed high-pass filters, then five learned convolutions and a mean over the crop.

    The filters are five of the rich models' (second differences in three directions, the 3 x 3
    square and its edge: Fridrich and Kodovsky, TIFS 2012), over the picture and over what changed
    in half a second; their answers are clipped, as there.
    """

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("filters", _filters(), persistent=False)
        self.learned = nn.Sequential(
            _convolution(10, 32, 2), _convolution(32, 48, 2), _Beside(48),
            _convolution(48, 96, 2), _Beside(96), nn.AdaptiveAvgPool2d(1),
            nn.Flatten(), nn.Dropout(0.3), nn.Linear(96, 1),
        )  # fmt: skip

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        """Log-odds (n,) of crops (n, 2, height, width), uint8 or float of 0..255."""
        planes = crops.to(torch.float32)
        planes = torch.stack([planes[:, 0], planes[:, 1] - planes[:, 0]], dim=1)
        answers = nn.functional.conv2d(planes, self.get_buffer("filters"), groups=2)
        rest = torch.clamp(answers, -_CLIPPED, _CLIPPED) / _CLIPPED * 2
        found: torch.Tensor = self.learned(rest.contiguous(memory_format=torch.channels_last))
        return found[:, 0]


class _Beside(nn.Module):
    """A convolution whose answer is added to what it was given."""

    def __init__(self, wide: int) -> None:
        super().__init__()
        self.inner = _convolution(wide, wide)

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = given + self.inner(given)
        return found


def _convolution(given: int, wide: int, step: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(given, wide, 3, step, padding=1, bias=False), nn.BatchNorm2d(wide), nn.ReLU()
    )


def _filters() -> torch.Tensor:
    """Five filters for each of two planes (10, 1, 3, 3)."""
    kernels = [
        [[0, 0, 0], [0.5, -1, 0.5], [0, 0, 0]],
        [[0, 0.5, 0], [0, -1, 0], [0, 0.5, 0]],
        [[0.5, 0, 0], [0, -1, 0], [0, 0, 0.5]],
        [[-0.25, 0.5, -0.25], [0.5, -1, 0.5], [-0.25, 0.5, -0.25]],
        [[-0.25, 0.5, -0.25], [0.5, -1, 0.5], [0, 0, 0]],
    ]
    return torch.tensor(kernels * 2)[:, None]


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A network as it was after each number of steps.

    Attributes:
        states: Parameters, averaged over the last steps, by number of steps.
    """

    states: dict[int, dict[str, torch.Tensor]]

    @torch.inference_mode()
    def score(self, rows: Sequence[Crops], steps: int) -> Floats:
        """Mean log-odds (n,) over each row's crops."""
        with torch.random.fork_rng(devices=[]):  # what it starts from is drawn, and replaced
            network = ResidualNetwork().eval()
        network.load_state_dict(self.states[steps], strict=False)
        means = [network(torch.from_numpy(crops)).mean().item() for crops in rows]
        return np.array(means, np.float64)


def train(
    rows: Sequence[Crops],
    fake: NDArray[np.bool_],
    weights: Floats,
    *,
    stops: Sequence[int],
    seed: int = 0,
    tell: Tell | None = None,
) -> Trained:
    """Train a network by logistic loss.

    Args:
        rows: The crops of each row.
        fake: Which rows are synthetic (n,).
        weights: How often each row is drawn (n,), against the others.
        stops: Numbers of steps after which to keep the parameters, ascending.
        seed: Of all that is drawn.
        tell: Called with a line now and then.
    """
    chance = np.random.default_rng(seed)
    odds = weights / weights.sum()
    states: dict[int, dict[str, torch.Tensor]] = {}
    began, total = time.monotonic(), 0.0
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = ResidualNetwork().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
        mean = {name: value.clone() for name, value in network.state_dict().items()
                if value.is_floating_point()}  # fmt: skip
        for step in range(1, stops[-1] + 1):
            drawn = chance.choice(len(rows), BATCH, p=odds)
            batch = np.stack([_flipped(rows[row], chance) for row in drawn])
            target = torch.from_numpy(fake[drawn].astype(np.float32))
            answers = network(torch.from_numpy(batch))
            error = nn.functional.binary_cross_entropy_with_logits(answers, target)
            optimizer.zero_grad()
            torch.autograd.backward(error)
            optimizer.step()
            now = network.state_dict()
            for name, value in mean.items():
                value.lerp_(now[name], max(1 - AVERAGE, 1 / step))
            total += error.item()
            if step in stops:
                states[step] = {name: value.clone() for name, value in mean.items()}
                if tell:
                    tell(f"step {step}: {time.monotonic() - began:.0f} s, loss {total / step:.3f}")
    return Trained(states)


def _flipped(crops: Crops, chance: np.random.Generator) -> Crops:
    """One of a row's crops, mirrored or not."""
    crop: Crops = crops[chance.integers(len(crops))]
    across, down = (1 - 2 * int(each) for each in chance.integers(2, size=2))
    return crop[:, ::down, ::across]


def cut(first: NDArray[np.uint8], later: NDArray[np.uint8], count: int) -> Crops:
    """Crops (count, 2, SIDE, SIDE) of two planes, where the first has the most fine texture.

    They overlap by half a side at most, as long as there is room. Planes smaller than a crop are
    mirrored outwards.
    """
    planes = np.stack([first, later], axis=-1)
    down, across = (max(0, SIDE - side) for side in first.shape)
    planes = np.asarray(
        cv2.copyMakeBorder(planes, 0, down, 0, across, cv2.BORDER_REFLECT), np.uint8
    )
    rest = np.minimum(np.abs(high_pass(planes[..., 0].astype(np.float32))), _CLIPPED)
    sums = cv2.integral(rest)
    rows = sums[SIDE:] - sums[:-SIDE]
    energy = (rows[:, SIDE:] - rows[:, :-SIDE])[::_STRIDE, ::_STRIDE]
    order = np.argsort(-energy, axis=None, kind="stable")
    corners = [(int(place) // energy.shape[1] * _STRIDE, int(place) % energy.shape[1] * _STRIDE)
               for place in order]  # fmt: skip
    chosen: list[tuple[int, int]] = []
    for top, left in corners:
        if all(max(abs(top - up), abs(left - aside)) >= SIDE // 2 for up, aside in chosen):
            chosen.append((top, left))
    # Where there is no room for so many apart from each other, the next best ones, then again.
    chosen += [corner for corner in corners if corner not in chosen]
    places = (chosen * count)[:count]
    crops = [planes[top : top + SIDE, left : left + SIDE] for top, left in places]
    return np.stack(crops).transpose(0, 3, 1, 2)


def crops_of(path: Path) -> Crops:
    """Crops of a clip: of its first, middle and last burst, `CROPS` in all."""
    found = bursts(path, probe(path))
    places = sorted({0, (len(found) - 1) // 2, len(found) - 1})
    counts = [len(part) for part in np.array_split(np.arange(CROPS), len(places))]
    parts = []
    for place, count in zip(places, counts, strict=True):
        first, later = (luma(image).astype(np.uint8) for image in found[place].images[:2])
        parts.append(cut(first, later, count))
    return np.concatenate(parts)


def laundered_clip(features: Path, key: str, laundering: str) -> Path:
    """The clip that a row was measured on, as extraction or reconstruction kept it.

    Raises:
        FileNotFoundError: It is gone.
    """
    if laundering.startswith(OWN):
        pattern = f"own/clips/{key}-{laundering.removeprefix(OWN).replace(' ', '-')}*"
    else:
        pattern = f"clips/{key}-{laundering.replace('/', '_').replace(' ', '_')}.*"
    if found := sorted(features.glob(pattern)):
        return found[0]
    raise FileNotFoundError(f"{features}/{pattern} is gone; measure again with empty --features")


def all_crops(table: Table, features: Path, kept: Path, tell: Tell) -> list[Crops]:
    """The crops of each row; what was cut before is read from a folder."""
    kept.mkdir(parents=True, exist_ok=True)
    found = []
    began = time.monotonic()
    for number, (clip, laundering) in enumerate(zip(table.clips, table.laundering, strict=True)):
        source = laundered_clip(features, clip.key, str(laundering))
        target = kept / f"{source.stem}.npy"
        if not target.is_file():
            part = target.with_suffix(".part.npy")
            np.save(part, crops_of(source))
            part.replace(target)
        found.append(np.asarray(np.load(target), np.uint8))
        if number % 200 == 0:
            tell(f"crops: {number} of {len(table)} rows, {time.monotonic() - began:.0f} s")
    return found


def dealt(*tables: Table) -> dict[str, int]:
    """The fold of each clip: that of its page and of the pages that share copies with it.

    Large pages come first. A page goes where its class has the fewest clips so far, so that every
    fold has both classes.
    """
    clips = list({clip.file: clip for table in tables for clip in table.clips}.values())
    names = folds(clips)
    fake = np.array([clip.label == "generated" for clip in clips])
    sizes = {str(name): [int((fake & (names == name)).sum()), int((~fake & (names == name)).sum())]
             for name in np.unique(names)}  # fmt: skip
    held = np.zeros((FOLDS, 2))
    chosen: dict[str, int] = {}
    for name in sorted(sizes, key=lambda each: (-max(sizes[each]), each)):
        kind = int(np.argmax(sizes[name]))
        fold = min(range(FOLDS), key=lambda each: (held[each, kind], held[each].sum()))
        held[fold] += sizes[name]
        chosen[name] = fold
    return {clip.file: chosen[str(name)] for clip, name in zip(clips, names, strict=True)}


def standard(scores: Floats, basis: Floats) -> Floats:
    """Scores by the mean and deviation of other scores."""
    return np.asarray((scores - basis.mean()) / basis.std())


def lines_of(table: Table, scores: dict[str, Floats]) -> str:
    """Area, recall and the gain over the first column, a line for each laundering and score."""
    first = next(iter(scores))
    names = ["laundering", "n generated, real", "score", "AUC (95 %)", "TPR at 1 % FPR (95 %)"]
    names.append(f"AUC less that of {first} (95 %)")
    lines = [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    for condition in CONDITIONS:
        part = table.where(rows := under(table, condition))
        counts = f"{part.fake.sum()}, {(~part.fake).sum()}"
        for name, whole in scores.items():
            cells = _cells(part, whole[rows], None if name == first else scores[first][rows])
            lines.append(f"| {condition} | {counts} | {name} | {cells} |")
    return "\n".join(lines)


def _cells(part: Table, scores: Floats, other: Floats | None) -> str:
    fake, groups, weights = part.fake, folds(part.clips), weights_of(part)
    value, low, high = area(part, scores)
    bottom, top = clustered(lambda rows: tpr_at(scores[rows], fake[rows]), groups, fake)
    cells = f"{value:.3f} ({low:.3f}-{high:.3f}) | {tpr_at(scores, fake):.3f} "
    cells += f"({bottom:.3f}-{top:.3f}) |"
    if other is None:
        return cells

    def gain(rows: NDArray[np.intp]) -> float:
        areas = [auc(each[rows], fake[rows], weights[rows]) for each in (scores, other)]
        return areas[0] - areas[1]

    worst, best = clustered(gain, groups, fake)
    return f"{cells} {gain(np.arange(len(fake))):+.3f} ({worst:+.3f} to {best:+.3f})"


def main() -> None:
    """Cuts, trains and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--features", type=Path, default=Path(".cache/detection"))
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--crops", type=Path, default=Path(".cache/detection/crops"))
    parser.add_argument("--steps", type=int, default=STEPS)
    given = parser.parse_args()
    stops = [given.steps * part // STRETCHES for part in range(1, STRETCHES + 1)]
    cv2.setNumThreads(1)
    torch.set_num_threads(1)

    tell = partial(print, file=sys.stderr, flush=True)
    measure_all(given.data, given.features, given.cache, tell)
    table = read(given.data, given.features)
    asked = usable(table.where(np.isin(table.laundering, CONDITIONS)))
    judged, held = of_split(asked, "train"), of_split(asked, "eval")
    learned = draws(of_split(table, "train"))
    learned = learned.beside(usable(read_own(given.data, given.features / "own")))
    crops, judged_crops = (
        all_crops(each, given.features, given.crops, tell) for each in (learned, judged)
    )
    dealing = dealt(learned, judged, held)
    mine, theirs, last = (
        np.array([dealing[clip.file] for clip in each.clips]) for each in (learned, judged, held)
    )
    networks, scores = [], {stop: np.full(len(judged), np.nan) for stop in stops}
    statistics = np.full(len(judged), np.nan)
    for fold in range(FOLDS):
        seen, rows = mine != fold, theirs == fold
        rest = learned.where(seen)
        tell(f"fold {fold}: {seen.sum()} rows, {rest.fake.sum()} synthetic; {rows.sum()} held out")
        kept = [crops[row] for row in np.flatnonzero(seen)]
        networks.append(train(kept, rest.fake, row_weights(rest), stops=stops, tell=tell))
        left = [judged_crops[row] for row in np.flatnonzero(rows)]
        for stop, found in scores.items():
            found[rows] = networks[-1].score(left, stop)
        statistics[rows] = stacked(rest, row_weights(rest))(judged.where(rows))
    chosen, means = _chosen(judged, scores)
    print(f"parameters: {sum(each.numel() for each in ResidualNetwork().parameters())}")
    print(f"mean area by steps: {means}; chosen: {chosen}")
    both = standard(scores[chosen], scores[chosen]) + standard(statistics, statistics)
    shown = {"shipped, same folds": statistics, "network": scores[chosen], "stack": both / 2}
    print(f"\n## Training split\n\n{lines_of(judged, shown)}", flush=True)

    held_crops = all_crops(held, given.features, given.crops, tell)
    network = np.full(len(held), np.nan)
    for fold, trained in enumerate(networks):
        rows = last == fold
        network[rows] = trained.score([held_crops[row] for row in np.flatnonzero(rows)], chosen)
    shipped = scores_left_out(learned, held, stacked)
    both = standard(network, scores[chosen]) + standard(shipped, statistics)
    shown = {"shipped": shipped, "network": network, "stack": both / 2}
    print(f"\n## Evaluation split\n\n{lines_of(held, shown)}")


def _chosen(judged: Table, scores: dict[int, Floats]) -> tuple[int, dict[int, float]]:
    """The number of steps with the largest mean area over the launderings, and all of them."""
    means = {}
    for stop, found in scores.items():
        parts = [(judged.where(rows), found[rows]) for rows in
                 (under(judged, condition) for condition in CONDITIONS)]  # fmt: skip
        areas = [auc(mine, part.fake, weights_of(part)) for part, mine in parts]
        means[stop] = round(float(np.mean(areas)), 3)
    return max(means, key=lambda stop: means[stop]), means


if __name__ == "__main__":
    main()
