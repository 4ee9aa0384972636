"""Measures `nsfw-image` on benign pictures and chooses its thresholds from them.

    python models/nsfw-image/calibrate.py

There are no sexual pictures in the data, and none were sought: so nothing is fitted, the score is
the network's own probability, and recall is not measured. Thresholds are chosen on the `train` and
`validation` pictures for a stated share of false positives and reported on `heldout`. The data is
found by FRAMEGATE_DATA.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from models.calibration import threshold_for_fpr, wilson_interval
from models.frame_sets import clip_frames, data_folder, stills
from models.registry import Registry

REVIEW_FPR, BLOCK_FPR = 0.02, 0.002


def show_share(name: str, hits: np.ndarray) -> None:
    """Prints a share with its 95 % interval."""
    low, high = wilson_interval(int(hits.sum()), len(hits))
    print(f"  {name:34} {hits.mean():.4f}  [{low:.4f}, {high:.4f}]  n={len(hits)}")


def main() -> None:
    """Runs the recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    options = parser.parse_args()
    registry = Registry(options.cache)
    registry.fetch(["nsfw-image"])
    network = registry.frames("nsfw-image")
    folder = data_folder()
    pictures = [*stills(folder), *clip_frames(folder)]
    scores = network.score([p.image for p in pictures])[:, 0].astype(np.float64)
    held = np.array([p.split == "heldout" for p in pictures])
    levels = {
        name: float(np.ceil(threshold_for_fpr(scores[~held], rate)[0] * 1e4) / 1e4)
        for name, rate in (("review", REVIEW_FPR), ("block", BLOCK_FPR))
    }
    print(f"[thresholds] {levels} (n={int((~held).sum())})")
    for name, level in levels.items():
        show_share(f"FPR at {name}, chosen on", scores[~held] >= level)
        show_share(f"FPR at {name}, held out", scores[held] >= level)
    sources = np.array([p.source for p in pictures])
    for source in sorted(set(sources)):
        for name, level in levels.items():
            here = held & (sources == source)
            label = "held out"
            if not here.any():
                here, label = sources == source, "chosen on"
            show_share(f"{source} ({label}), {name}", scores[here] >= level)


if __name__ == "__main__":
    main()
