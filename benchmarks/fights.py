"""How well `fights-video` tells fights in clips, on clips that nothing was learned from.

    python -m benchmarks.fights                 the CCTV clips of the evaluation split
    python -m benchmarks.fights --everyday      also all its other clips, which must pass
    python -m benchmarks.fights --cost          only what it adds to a review of 10 s at 720p

Each clip is looked at as a review looks at it. Printed are the area under the ROC curve by clip,
over all clips and over those of cameras of which no clip was learned from, shares at the review
threshold, and what the look costs beside decoding. Intervals are at 95 %: over cameras for the
areas, Wilson's for shares. The data is found by FRAMEGATE_DATA.
"""

from __future__ import annotations

import argparse
import csv
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.reviewing import made
from media.errors import FramegateError
from media.motion import follow
from media.probe import probe
from media.sampler import plan, sample
from models.calibration import wilson_interval
from models.cameras import SAME_CAMERA, Background, background, grouped
from models.card import ModelCard
from models.frame_sets import data_folder
from models.motion import FightClassifier, load
from models.registry import MODELS_FOLDER, cache_file
from models.sources import fetch_files

MODEL = "fights-video"
#: As the default policy samples, and as a review keeps pictures between its samples.
SAMPLED_FPS, STEP_MS = 2.5, 100
DRAWS, ROUNDS = 2000, 3

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a look at one clip gave.

    Attributes:
        score: Highest score of its moments; 0 where none was looked at.
        background: What stands still in it.
        looks: How many moments were scored.
        follow_s: CPU time of following what moves, decoding included, in seconds.
        score_s: CPU time of scoring.
        duration_ms: Length of the clip.
    """

    score: float
    background: Background
    looks: int
    follow_s: float
    score_s: float
    duration_ms: int


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--everyday", action="store_true", help="also the clips without people")
    parser.add_argument("--cost", action="store_true", help="only what it costs")
    given = parser.parse_args()
    before = peak_mib()
    model = opened(given.cache)
    if given.cost:
        print(f"memory at its peak: {before:.0f} MiB before loading, {peak_mib():.0f} MiB after")
        show_added(model, given.cache)
        return
    review = model.card.thresholds["violence"].review
    folder = data_folder() / "video"
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    cctv = [row for row in rows if "violence:" in row["prompt"]]
    held = [row for row in cctv if row["split"] == "eval"]
    learned = [background_of(folder / row["file"]) for row in cctv if row["split"] == "train"]
    seen = [look(model, folder / row["file"]) for row in held]
    scores = np.array([each.score for each in seen])
    fights = np.array(["violence:fight" in row["prompt"] for row in held])
    backgrounds = [each.background for each in seen]
    cameras = grouped(backgrounds)
    new = np.array([all(b @ a < SAME_CAMERA for a in learned) for b in backgrounds])
    print(f"review from {review}; {len(held)} clips of {len(set(cameras))} cameras, "
          f"{new.sum()} of cameras that were not learned from")  # fmt: skip
    everywhere = np.ones(len(held), dtype=bool)
    for name, of in (("all", everywhere), ("of other cameras", new)):
        show_area(name, scores[of], fights[of], cameras[of])
        show_share(f"{name}: fights at review", scores[of & fights] >= review)
        show_share(f"{name}: no fight, at review", scores[of & ~fights] >= review)
    show_cost("CCTV", seen)
    if given.everyday:
        kinds = ("real", "generated", "animation")
        other = [
            row
            for row in rows
            if row["split"] != "train" and row["label"] in kinds and row not in cctv
        ]
        found = {kind: [] for kind in kinds}  # type: dict[str, list[Seen]]
        for row in other:
            try:
                found[row["label"]].append(look(model, folder / row["file"]))
            except FramegateError:
                continue
        for kind, of_kind in found.items():
            hits = np.array([each.score >= review for each in of_kind])
            show_share(f"everyday, {kind}, at review", hits)
        everyday = [each for of_kind in found.values() for each in of_kind]
        show_share("everyday, at review", np.array([each.score >= review for each in everyday]))
        show_cost("everyday", everyday)


def opened(cache: Path) -> FightClassifier:
    """The classifier, also while its card is not among those that reviews use."""
    folder = MODELS_FOLDER / MODEL
    card = ModelCard.parse(next(folder.glob("model.toml*")).read_bytes(), folder)
    wanted = {each.name: cache_file(card, each) for each in card.sources}
    fetch_files([file for file in wanted.values() if file is not None], cache)
    files = {
        each.name: folder / each.file if (file := wanted[each.name]) is None else cache / file.name
        for each in card.sources
    }
    return load(card, files)


def peak_mib() -> float:
    """Highest memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def look(model: FightClassifier, path: Path) -> Seen:
    """Look at one clip as a review does."""
    started = time.process_time()
    info = probe(path)
    kept = model.highlights(info.duration_ms)
    stream = sample(
        path,
        info,
        plan(info, min_fps=SAMPLED_FPS),
        short_side=model.short_side,
        passed_step_ms=STEP_MS,
    )
    with stream as frames:
        images = [frame.image for frame in follow(frames, kept)]
    followed = time.process_time()
    scores = model.score(kept.moments)
    return Seen(
        score=float(scores.max(initial=0.0)),
        background=background(images),
        looks=len(kept.moments),
        follow_s=followed - started,
        score_s=time.process_time() - followed,
        duration_ms=info.duration_ms,
    )


def background_of(path: Path) -> Background:
    """The background of a clip that is only sampled."""
    info = probe(path)
    with sample(path, info, plan(info, min_fps=SAMPLED_FPS)) as frames:
        return background([frame.image for frame in frames])


def area(scores: Floats, labels: Flags) -> float:
    """Area under the ROC curve, ties counted half."""
    positive, negative = scores[labels], np.sort(scores[~labels])
    below = np.searchsorted(negative, positive, side="left")
    upto = np.searchsorted(negative, positive, side="right")
    return float((below + upto).mean() / (2 * len(negative)))


def show_area(name: str, scores: Floats, labels: Flags, cameras: NDArray[np.int64]) -> None:
    """Prints an area with its interval, drawn over cameras: clips of one hang together."""
    if labels.all() or not labels.any():
        return
    source = np.random.default_rng(0)
    places = [np.flatnonzero(cameras == camera) for camera in np.unique(cameras)]
    drawn = []
    for _ in range(DRAWS):
        rows = np.concatenate([places[at] for at in source.integers(0, len(places), len(places))])
        if labels[rows].any() and not labels[rows].all():
            drawn.append(area(scores[rows], labels[rows]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    print(f"{name}: AUC {area(scores, labels):.4f} [{low:.4f}, {high:.4f}] n={len(labels)}")


def show_share(name: str, hits: Flags) -> None:
    """Prints a share with its 95 % interval."""
    if not len(hits):
        return
    low, high = wilson_interval(int(hits.sum()), len(hits))
    print(f"  {name:40} {hits.mean():.4f} [{low:.4f}, {high:.4f}] n={len(hits)}")


def show_cost(name: str, seen: Sequence[Seen]) -> None:
    """Prints what the looks cost."""
    looks = np.array([each.looks for each in seen])
    spent = np.array([each.score_s for each in seen])
    seconds = sum(each.duration_ms for each in seen) / 1000
    print(
        f"  {name}: {looks.mean():.2f} moments a clip, {spent.mean():.2f} s CPU a clip of "
        f"{seconds / len(seen):.1f} s, {spent.sum() / max(1, looks.sum()):.2f} s a moment; "
        f"decoding and following {sum(each.follow_s for each in seen) / len(seen):.2f} s a clip"
    )


def show_added(model: FightClassifier, cache: Path) -> None:
    """Prints the CPU time of sampling alone and of what is added to it, medians of three rounds."""
    with tempfile.TemporaryDirectory() as folder:
        for name, path in made(Path(folder), cache).items():
            rounds = []
            for _ in range(ROUNDS):
                plain = time.process_time()
                info = probe(path)
                chosen = plan(info, min_fps=SAMPLED_FPS)
                with sample(path, info, chosen, passed_step_ms=STEP_MS) as frames:
                    for _frame in frames:
                        pass
                plain = time.process_time() - plain
                seen = look(model, path)
                rounds.append((plain, seen.follow_s - plain, seen.score_s, seen.looks))
            sampled, followed, scored, looks = np.median(np.array(rounds), axis=0)
            print(f"{name}: sampling {sampled:.2f} s; following what moves {followed:.2f} s, "
                  f"looks {scored:.2f} s for {looks:.0f} moments")  # fmt: skip


if __name__ == "__main__":
    main()
