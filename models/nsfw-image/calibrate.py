"""Measures `nsfw-image` on benign pictures and chooses its thresholds from them.

    python models/nsfw-image/calibrate.py

There are no sexual pictures in the data, and none were sought: so nothing is fitted, the score is
the network's own probability, and recall is not measured. Thresholds are chosen on the `train` and
`validation` pictures for a stated share of false positives, and on the everyday clips of the
training split for a stated share of clips, whichever is higher, and reported on `heldout`. The
data is found by FRAMEGATE_DATA.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from models.calibration import threshold_for_fpr, wilson_interval
from models.frame_sets import clip_frames, data_folder, everyday_clips, stills
from models.registry import Registry

#: Shares of harmless frames, and of everyday clips, that may reach review and block.
FRAMES = {"review": 0.02, "block": 0.002}
CLIPS = {"review": 0.025, "block": 0.005}


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
    highest = np.array(
        [network.score(frames)[:, 0].max() for frames in everyday_clips(folder)], dtype=np.float64
    )
    levels = {
        name: max(
            float(np.ceil(threshold_for_fpr(benign, rates[name])[0] * 1e4) / 1e4)
            for benign, rates in ((scores[~held], FRAMES), (highest, CLIPS))
        )
        for name in FRAMES
    }
    print(f"[thresholds] {levels} (n={int((~held).sum())} pictures, {len(highest)} clips)")
    for name, level in levels.items():
        show_share(f"everyday clips at {name}, chosen on", highest >= level)
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
