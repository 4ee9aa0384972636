"""Trains `watermark-pattern`, the network that sees patterns.

    python -m provenance.watermark.training.train --data FOLDER [--examples FOLDER] [--steps 6000]

Some 200 clips of the training split are marked with random keys and reposted first (15 minutes on
one core, 3,500 examples of 1.2 MB, kept in `--examples`); learning takes 0.4 s a step on two cores.
`python -m benchmarks.watermarking` then measures what came out.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import cv2
import torch

from models.registry import MODELS_FOLDER
from provenance.watermark.estimation import FILE, MODEL
from provenance.watermark.training.clips import learned_from
from provenance.watermark.training.examples import Example, make
from provenance.watermark.training.learning import exported, learn


def _tell(line: str) -> None:
    """Say what is done, beside what is asked for."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main() -> None:
    """Make examples, learn, and say what the card says of the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--examples", type=Path, default=Path(".cache/watermark"))
    parser.add_argument("--rounds", type=int, default=6, help="stretches of each clip")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--out", type=Path, default=MODELS_FOLDER / MODEL)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(2)
    if not given.examples.is_dir():
        count = make(learned_from(given.data), given.data, given.examples, given.rounds)
        _tell(f"{count} examples")
    examples = [Example.read(path) for path in sorted(given.examples.glob("*.npz"))]
    made = exported(learn(examples, given.steps, tell=_tell))
    (given.out / FILE).write_bytes(made)
    digest = hashlib.sha256(made).hexdigest()
    sys.stdout.write(f"{FILE}: bytes = {len(made)}, sha256 = {digest}\n")


if __name__ == "__main__":
    main()
