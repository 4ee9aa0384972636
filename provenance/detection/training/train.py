"""Trains `synthetic-video`: its weights and its calibration.

    python -m provenance.detection.training.train --data FOLDER [--features FOLDER] [--out FOLDER]

Every clip of the training split is laundered and measured first (half an hour on one core; kept in
`--features`); fitting takes a minute. `python -m benchmarks.detecting` then measures what came out.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import cv2

from models.registry import MODELS_FOLDER
from provenance.detection.detection import MODEL
from provenance.detection.training.recipe import fit, measure_all


def _tell(line: str) -> None:
    """Say what is done, beside what is asked for."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main() -> None:
    """Measure, fit, and say what the card says of the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--features", type=Path, default=Path(".cache/detection"))
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--out", type=Path, default=MODELS_FOLDER / MODEL)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    measure_all(given.data, given.features, given.cache, _tell)
    for name, made in fit(given.data, given.features).items():
        (given.out / name).write_bytes(made)
        digest = hashlib.sha256(made).hexdigest()
        sys.stdout.write(f"{name}: bytes = {len(made)}, sha256 = {digest}\n")


if __name__ == "__main__":
    main()
