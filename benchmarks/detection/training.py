"""Trains the detector that ships; `models/synthetic-video/train.py` is the way to run it.

The classifier learns from random launderings of the clips of the training split and of
reconstructions of its real clips (`benchmarks.detection.reconstruction`); what its scores
are worth comes from the same clips, scored by models that left their sources out. Nothing of the
evaluation split is read.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import cv2
import numpy as np

from benchmarks.detection.extraction import extract_all
from benchmarks.detection.learning import calibration, classifier, draws, usable
from benchmarks.detection.reconstruction import reconstruct
from benchmarks.detection.table import read, read_own
from provenance.detection.calibration import Calibration

WEIGHTS, WORTH = "detector.safetensors", "calibration.toml"


def written(worth: Calibration) -> bytes:
    """A calibration as TOML, numbers in five digits."""
    lines = [
        "# What scores are worth; written by train.py and locked by model.toml.",
        f"rate = {worth.rate}",
    ]
    for each in worth.bins:
        scores = [f"{score:.5g}" for score in each.real]
        rows = [", ".join(scores[at : at + 12]) for at in range(0, len(scores), 12)]
        lines += [
            "",
            "[[bins]]",
            f'name = "{each.name}"',
            f"below = {each.below}",
            f"slope = {each.slope:.6g}",
            f"offset = {each.offset:.6g}",
            f"covariance = [{', '.join(f'{value:.6g}' for value in each.covariance)}]",
            f"synthetic = {each.synthetic}",
            f"clips = {each.clips}",
            "real = [",
            *(f"    {row}," for row in rows),
            "]",
        ]
    return ("\n".join(lines) + "\n").encode()


def measure_all(data: Path, features: Path, cache: Path) -> None:
    """Measure all clips and reconstructions that are not measured yet."""
    extract_all(data, features, cache)
    own = features / "own"
    if not any(own.glob("*.npz")):
        reconstruct(data, own, cache)


def train(data: Path, features: Path, cache: Path, folder: Path) -> None:
    """Write weights and calibration into a folder and print what the card says of them."""
    measure_all(data, features, cache)
    table = read(data, features)
    table = table.where(np.array([clip.split == "train" for clip in table.clips]))
    learned = draws(table).beside(usable(read_own(data, features / "own")))
    (folder / WEIGHTS).write_bytes(classifier(learned).write())
    raw = written(calibration(table, learned))
    Calibration.parse(raw)
    (folder / WORTH).write_bytes(raw)
    for name in (WEIGHTS, WORTH):
        made = (folder / name).read_bytes()
        print(f"{name}: bytes = {len(made)}, sha256 = {hashlib.sha256(made).hexdigest()}")


def main(folder: Path) -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--features", type=Path, default=Path(".cache/detection"))
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    given = parser.parse_args()
    cv2.setNumThreads(1)
    train(given.data, given.features, given.cache, folder)
