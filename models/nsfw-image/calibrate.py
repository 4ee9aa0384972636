"""Measures `nsfw-image` on benign pictures and chooses its thresholds from them.

    python models/nsfw-image/calibrate.py

There are no sexual pictures in the data, and none were sought: so nothing is fitted, the score is
the network's own probability, and recall is not measured. Thresholds are chosen on the `train` and
`validation` pictures for a stated share of false positives, and on the everyday clips of the
training split for a stated share of clips, whichever is higher, and reported on `heldout`. The
thresholds are those of the full look; what is reported is the network's answer, in which the glance
has its part. The data is found by FRAMEGATE_DATA.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from models.calibration import threshold_for_fpr, wilson_interval
from models.evaluation.frames.glance import joined, look, show
from models.frame_sets import clip_frames, data_folder, everyday_clips, stills
from models.registry import Registry
from models.vision import ImageNetwork

#: Shares of harmless frames, and of everyday clips, that may reach review and block.
FRAMES = {"review": 0.02, "block": 0.002}
CLIPS = {"review": 0.025, "block": 0.005}


def show_share(name: str, hits: np.ndarray) -> None:
    """Prints a share with its 95 % interval."""
    low, high = wilson_interval(int(hits.sum()), len(hits))
    print(f"  {name:34} {hits.mean():.4f}  [{low:.4f}, {high:.4f}]  n={len(hits)}")


def probability(odds: np.ndarray) -> np.ndarray:
    """The network's own probability of its only category."""
    return np.asarray(1 / (1 + np.exp(-odds[:, 0])))


def main() -> None:
    """Runs the recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    options = parser.parse_args()
    registry = Registry(options.cache)
    registry.fetch(["nsfw-image"])
    network = registry.frames("nsfw-image")
    if not isinstance(network, ImageNetwork):
        raise SystemExit("nsfw-image is no network of pictures.")
    folder = data_folder()
    pictures = [*stills(folder), *clip_frames(folder)]
    looks = look(network, [p.image for p in pictures])
    clips = [look(network, frames) for frames in everyday_clips(folder)]
    full, scores = (probability(odds) for odds in (looks.full, looks.scored))
    held = np.array([p.split == "heldout" for p in pictures])
    highest = np.array([probability(clip.full).max() for clip in clips])
    levels = {
        name: max(
            float(np.ceil(threshold_for_fpr(benign, rates[name])[0] * 1e4) / 1e4)
            for benign, rates in ((full[~held], FRAMES), (highest, CLIPS))
        )
        for name in FRAMES
    }
    print(f"[thresholds] {levels} (n={int((~held).sum())} pictures, {len(highest)} clips)")
    everyday = joined(clips)
    for share in (1.0, 0.5):
        level = share * levels["review"]
        shown = np.log(level / (1 - level))
        show(f"all frames, from {share:g} of review", everyday, 0, shown, everyday)
    reached = np.array([probability(clip.scored).max() for clip in clips])
    for name, level in levels.items():
        show_share(f"everyday clips at {name}, chosen on", reached >= level)
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
