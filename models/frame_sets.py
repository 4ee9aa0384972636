"""Pictures for calibrating and measuring frame classifiers, from the evaluation data folder.

Stills with labels, and two frames of each clip, each in one of three splits: `train` (calibration
is fitted on it), `validation` (thresholds and choices are made on it) and `heldout` (reported
on, nothing else). What belongs together stays together: pictures that were drawn or cut by one
hand go by source, a clip's frames by the folder of the clip. The `eval` clips are all held out; so
are the rendered symbols: what is learned of symbols comes from another renderer.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from media.errors import FramegateError
from media.probe import probe
from media.sampler import plan, sample

Split = Literal["train", "validation", "heldout"]

# Sets whose pictures have nothing to do with each other but the set; the others go as a whole.
_SINGLE_PICTURES: Final = frozenset(
    {"weapons_guns", "imagenet_sample", "fire_smoke", "violence_frames"}
)
_REPORTED_ONLY: Final = frozenset({"symbols_rendered"})
# As the default policy samples.
_REVIEWED_FPS: Final = 2.5
_FIGHT: Final = "[violence:fight]"


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One labelled picture.

    Attributes:
        name: Its file, and for a clip the number of the frame.
        source: The set it is from, such as "everyday" or "clips/generated".
        labels: The manifest's labels; for a clip "real" or "generated".
        split: Which split it is in.
        image: RGB, uint8, shape (height, width, 3).
    """

    name: str
    source: str
    labels: str
    split: Split
    image: NDArray[np.uint8]


def data_folder() -> Path:
    """The data folder: FRAMEGATE_DATA, or ../shared/data of the working directory."""
    return Path(os.environ.get("FRAMEGATE_DATA") or "../shared/data")


def stills(folder: Path) -> Iterator[Picture]:
    """Give the stills of `folder/image`."""
    for row in _rows(folder / "image" / "manifest.csv"):
        read = cv2.imread(str(folder / "image" / row["file"]), cv2.IMREAD_COLOR)
        if read is None:
            continue
        source = row["file"].split("/", maxsplit=1)[0]
        key = row["file"] if source in _SINGLE_PICTURES else source
        image = np.asarray(cv2.cvtColor(read, cv2.COLOR_BGR2RGB), dtype=np.uint8)
        split: Split = "heldout" if source in _REPORTED_ONLY else split_of(key)
        yield Picture(row["file"], source, row["labels"], split, image)


def clip_frames(folder: Path) -> Iterator[Picture]:
    """Give the middle and the last sampled frame of each real and generated clip."""
    for row in _rows(folder / "video" / "manifest.csv"):
        if row["label"] not in {"real", "generated"}:
            continue
        path = folder / "video" / row["file"]
        try:
            info = probe(path)
            frames = list(sample(path, info, plan(info)))
        except FramegateError:
            continue
        held = row["split"] != "train"
        split: Split = "heldout" if held else split_of(str(Path(row["file"]).parent), kinds=2)
        for frame in dict.fromkeys((frames[len(frames) // 2], frames[-1])):
            name = f"{row['file']}#{frame.pts_ms}"
            yield Picture(name, f"clips/{row['label']}", row["label"], split, frame.image)


def everyday_clips(folder: Path) -> Iterator[list[NDArray[np.uint8]]]:
    """Give all sampled frames of each clip of the training split that shows nothing of note.

    One model's share of false alarms among frames says little of clips: a clip of twenty frames
    has twenty chances, and they hang together.
    """
    for row in _rows(folder / "video" / "manifest.csv"):
        if row["split"] != "train" or _FIGHT in row["prompt"]:
            continue
        path = folder / "video" / row["file"]
        try:
            info = probe(path)
            chosen = plan(info, min_fps=_REVIEWED_FPS)
            yield [frame.image for frame in sample(path, info, chosen)]
        except FramegateError:
            continue


def split_of(key: str, *, kinds: int = 3) -> Split:
    """Return the split of a key by its digest: half train, the rest shared out."""
    number = hashlib.sha256(key.encode()).digest()[0] % 4
    if number < 2:  # noqa: PLR2004 -- the first half of four
        return "train"
    return "validation" if number == 2 or kinds == 2 else "heldout"  # noqa: PLR2004


def _rows(manifest: Path) -> list[dict[str, str]]:
    with manifest.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
