"""Whether a clip that carries a mark is told from one that the mark was put onto.

    python -m benchmarks.registering --data FOLDER [--split eval] [--clips 40] [--seed 1]

Clips of FOLDER/video are registered; each is cropped, mirrored or turned, saved as JPEG of quality
30, and compared with its own thumbnails and with those of every other clip under the geometry that
its watermark would tell (for crops with an error of 0.4 % of the side). The table has the share of
clips that agree with themselves, and of pairs of different clips that agree, with Wilson's 95 %
intervals, and the highest correlation of two different clips.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from media.errors import FramegateError
from media.frames import Frame
from media.probe import probe
from media.sampler import plan, sample
from models.calibration import wilson_interval
from provenance.fingerprint.fingerprint import Thumbnail, fingerprint
from provenance.registration import SAME_PICTURE, compare
from provenance.watermark.placement import Placement

Picture = NDArray[np.uint8]
Change = Callable[[Picture], Picture]

_FRAMES = 24
_JPEG = 30
_ERROR = 0.004


@dataclass(frozen=True, slots=True)
class Clip:
    """A registered clip and what is asked about."""

    name: str
    thumbnails: tuple[Thumbnail, ...]
    frames: list[Frame]


def load(data: Path, split: str, count: int, chance: np.random.Generator) -> list[Clip]:
    """Read clips of a split, one of each group of duplicates."""
    with (data / "video" / "manifest.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    groups = {row["dup_group"] or row["file"]: row["file"] for row in rows}
    names = sorted(groups.values())
    chance.shuffle(names)
    clips: list[Clip] = []
    for name in names:
        path = data / "video" / name
        try:
            info = probe(path)
            thumbnails = fingerprint(path, info).thumbnails
            with sample(path, info, plan(info, min_fps=4)) as stream:
                frames = [frame for frame, _ in zip(stream, range(_FRAMES), strict=False)]
        except FramegateError as error:
            print(f"left out: {name}: {error.reason}")
            continue
        if thumbnails:
            clips.append(Clip(name, thumbnails, frames))
        if len(clips) == count:
            break
    return clips


def cropped(area: float, chance: np.random.Generator) -> tuple[Change, Placement]:
    """Cut a share of the area out at a random place."""
    share = area**0.5
    left, top = chance.uniform(0, 1 - share, 2)

    def change(picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        x, y = int(left * width), int(top * height)
        return picture[y : y + int(share * height), x : x + int(share * width)]

    width, height, x, y = np.array([share, share, left, top]) + chance.normal(0, _ERROR, 4)
    return change, Placement(width, height, x, y)


def turned(picture: Picture) -> Picture:
    """Turn a picture by three degrees."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), 3.0, 1.0)
    return np.asarray(cv2.warpAffine(picture, turn, (width, height)), dtype=np.uint8)


def saved(frame: Frame, change: Change) -> Frame:
    """Change a frame and put it through a codec."""
    image = np.ascontiguousarray(change(frame.image))
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _JPEG])
    return replace(frame, image=np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8))


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="eval", choices=["train", "eval"])
    parser.add_argument("--clips", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    chance = np.random.default_rng(options.seed)
    clips = load(options.data, options.split, options.clips, chance)
    attacks: dict[str, Callable[[], tuple[Change, Placement]]] = {
        "whole": lambda: (lambda picture: picture, Placement()),
        "cropped to 0.71 of the area": lambda: cropped(0.71, chance),
        "cropped to 0.55 of the area": lambda: cropped(0.55, chance),
        "mirrored": lambda: (lambda picture: picture[:, ::-1], Placement(mirrored=True)),
        "turned by 3 degrees": lambda: (turned, Placement(degrees=3.0)),
    }
    pairs: dict[str, None] = {}
    print("| attack | own clip recognised | 95 % | n | others taken for it | 95 % | pairs | most |")
    print("|---|---|---|---|---|---|---|---|")
    for name, attack in attacks.items():
        own: list[float] = []
        others: list[float] = []
        alike: list[str] = []
        for number, clip in enumerate(clips):
            change, placement = attack()
            frames = [saved(frame, change) for frame in clip.frames]
            for other, known in enumerate(clips):
                score = compare(frames, known.thumbnails, placement).score
                (own if other == number else others).append(score)
                if other != number and score >= SAME_PICTURE:
                    alike.append(f"  {score:.2f} {clip.name} like {known.name}")
        right, wrong = (sum(score >= SAME_PICTURE for score in each) for each in (own, others))
        low, high = wilson_interval(right, len(own))
        least, most = wilson_interval(wrong, len(others))
        print(
            f"| {name} | {right / len(own):.3f} | {low:.3f} to {high:.3f} | {len(own)} | "
            f"{wrong} | {least:.4f} to {most:.4f} | {len(others)} | {max(others):.2f} |",
            flush=True,
        )
        pairs |= dict.fromkeys(alike)
    print("\nDifferent clips that agree; the data has near-copies that it does not name:")
    print("\n".join(pairs))


if __name__ == "__main__":
    main()
