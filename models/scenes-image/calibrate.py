"""Calibrates `scenes-image`, chooses its thresholds and measures it.

    python models/scenes-image/calibrate.py            prints the tables
    python models/scenes-image/calibrate.py --views    also compares ways to see a frame

Positives are pictures of guns; negatives everything else of the data folder, clips included,
but pictures whose label names a weapon. Fitted on `train`, thresholds on `validation` (and the
negatives of `train`), reported on `heldout`. The data is found by FRAMEGATE_DATA.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec
import numpy as np

from models.calibration import (
    apply_platt,
    bootstrap_interval,
    expected_calibration_error,
    fit_platt,
    threshold_for_fpr,
    wilson_interval,
)
from models.frame_sets import Picture, clip_frames, data_folder, stills
from models.registry import Registry
from models.vision import ImageNetwork, load

BASE_RATE = 0.05
REVIEW_FPR, BLOCK_FPR = 0.02, 0.005
CATEGORY = "violence"
# Labels that show a weapon though the set is not about weapons.
WEAPON_CLASSES = (
    *("assault_rifle", "revolver", "rifle", "holster"),
    *("cannon", "missile", "projectile"),
)


def is_gun(picture: Picture) -> bool:
    """Whether a picture is one of the positives."""
    return picture.source == "weapons_guns"


def is_other_weapon(picture: Picture) -> bool:
    """Whether a picture shows a weapon and is left out."""
    return picture.source == "imagenet_sample" and any(
        f"class:{name};" in f"{picture.labels};" for name in WEAPON_CLASSES
    )


def auc(scores: np.ndarray, labels: np.ndarray) -> float:
    """Area under the ROC curve, ties counted half."""
    positive, negative = scores[labels], np.sort(scores[~labels])
    below = np.searchsorted(negative, positive, side="left")
    upto = np.searchsorted(negative, positive, side="right")
    return float((below + upto).mean() / (2 * len(negative)))


def classifier(cache: Path, **changes: object) -> ImageNetwork:
    """The classifier of the card, with changes to its preprocessing or labels."""
    registry = Registry(cache)
    card = registry.card("scenes-image")
    labels = changes.pop("labels", None)
    classes = changes.pop("classes", {})
    preprocessing = card.preprocessing | changes
    preprocessing["classes"] = preprocessing["classes"] | classes
    card = msgspec.structs.replace(
        card, preprocessing=preprocessing, labels={CATEGORY: labels or card.labels[CATEGORY]}
    )
    return load(card, {s.name: cache / card.id / s.name for s in card.sources})


def show_share(name: str, hits: np.ndarray) -> None:
    """Prints a share with its 95 % interval."""
    low, high = wilson_interval(int(hits.sum()), len(hits))
    print(f"  {name:28} {hits.mean():.4f}  [{low:.4f}, {high:.4f}]  n={len(hits)}")


def report(pictures: list[Picture], raw: np.ndarray) -> None:
    """Fits, chooses and prints what goes into the card."""
    guns = np.array([is_gun(p) for p in pictures])
    split = np.array([p.split for p in pictures])
    train, held = split == "train", split == "heldout"
    platt = fit_platt(raw[train], guns[train], base_rate=BASE_RATE)
    scores = apply_platt(raw, platt)
    chosen_on = (split == "validation") & ~guns
    review, block = (
        np.ceil(threshold_for_fpr(scores[chosen_on], rate)[0] * 1e4) / 1e4
        for rate in (REVIEW_FPR, BLOCK_FPR)
    )
    print(f"[calibration] violence = {{ a = {platt.a:.6f}, b = {platt.b:.6f} }}")
    print(f"[thresholds] review = {review:.4f}, block = {block:.4f} (n={chosen_on.sum()})")
    for name, level in (("review", review), ("block", block)):
        show_share(f"validation FPR at {name}", scores[chosen_on] >= level)
    print("held out:")
    low, high = bootstrap_interval(auc, scores[held], guns[held])
    print(f"  AUC {auc(scores[held], guns[held]):.4f} [{low:.4f}, {high:.4f}] n={held.sum()}")
    ece = expected_calibration_error(scores[held], guns[held])
    print(f"  ECE at the held-out share of positives {ece:.4f}")
    for name, level in (("review", review), ("block", block)):
        show_share(f"recall at {name}", scores[held & guns] >= level)
        show_share(f"FPR at {name}", scores[held & ~guns] >= level)
    for source in sorted({p.source for p in pictures}):
        here = np.array([p.source == source for p in pictures]) & held & ~guns
        if here.any():
            show_share(f"FPR at review, {source}", scores[here] >= review)


def compare_views(pictures: list[Picture], cache: Path) -> None:
    """Prints, on train and validation, what each way to see a frame gives."""
    used = [p for p in pictures if p.split != "heldout"]
    guns = np.array([is_gun(p) for p in used])
    more = {"cannon": 471, "missile": 657, "projectile": 744}
    three = ("assault rifle", "revolver", "rifle")
    variants: dict[str, dict[str, object]] = {
        "tiles": {},
        "squeezed": {"tiles": 1},
        "tiles, inner 7/8": {"resize": 256},
        "tiles, no holster": {"labels": three},
        "tiles, heavy weapons too": {"labels": (*three, "holster", *more), "classes": more},
    }
    for name, changes in variants.items():
        raw = classifier(cache, **changes).raw([p.image for p in used])[:, 0]
        level = threshold_for_fpr(raw[~guns] / 100 + 0.5, REVIEW_FPR)[0]
        recall = float(np.mean(raw[guns] / 100 + 0.5 >= level))
        print(f"{name:28} AUC {auc(raw, guns):.4f}  recall at {REVIEW_FPR:.0%} FPR {recall:.3f}")


def main() -> None:
    """Runs the recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--views", action="store_true", help="compare ways to see a frame")
    options = parser.parse_args()
    Registry(options.cache).fetch(["scenes-image"])
    folder = data_folder()
    pictures = [p for p in (*stills(folder), *clip_frames(folder)) if not is_other_weapon(p)]
    if options.views:
        compare_views(pictures, options.cache)
    network = classifier(options.cache)
    report(pictures, network.raw([p.image for p in pictures])[:, 0])


if __name__ == "__main__":
    main()
