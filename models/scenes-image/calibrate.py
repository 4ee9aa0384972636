"""Calibrates `scenes-image`, chooses its thresholds and measures it.

    python models/scenes-image/calibrate.py            prints the tables
    python models/scenes-image/calibrate.py --views    also compares ways to see a frame with a gun

Guns: positives are pictures of guns; negatives everything else of the data folder, clips included,
but pictures whose label names a weapon. Fitted on `train`, thresholds on `validation`, reported on
`heldout`. Symbols: positives and look-alikes are rendered anew (not those that the head learned
from), other negatives are the photographs and clips; reported on renderings of a third seed and on
the held-out photographs. Both thresholds are raised where too many everyday clips of the training
split would reach them. Scales and thresholds are those of the full look; what is reported is the
network's answer, in which the glance has its part. The data is found by FRAMEGATE_DATA.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec
import numpy as np
from symbols.design import CONTEXTUAL, HATE  # type: ignore[import-not-found]
from symbols.rendering import render  # type: ignore[import-not-found]

from models.calibration import (
    apply_platt,
    bootstrap_interval,
    expected_calibration_error,
    fit_platt,
    threshold_for_fpr,
    wilson_interval,
)
from models.card import Platt
from models.evaluation.frames.glance import Looks, joined, look
from models.evaluation.frames.glance import show as show_glance
from models.frame_sets import Picture, clip_frames, data_folder, everyday_clips, stills
from models.registry import Registry
from models.vision import ImageNetwork, load

BASE_RATE = 0.05
#: Shares of harmless frames, and of everyday clips, that may reach review and block.
FRAMES = {"review": 0.02, "block": 0.005}
CLIPS = {"review": 0.015, "block": 0.005}
#: Rendered pictures for each of fitting and reporting; seeds 0 to 2 are those of `train.py`.
RENDERED, SEEDS = 1_000, {"train": 3, "heldout": 4}
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
    preprocessing = card.preprocessing | changes | {"heads": {}, "glance": None}
    preprocessing["classes"] = preprocessing["classes"] | classes
    card = msgspec.structs.replace(
        card, preprocessing=preprocessing, labels={"violence": labels or card.labels["violence"]}
    )
    return load(card, {s.name: cache / card.id / s.name for s in card.sources})


def show_share(name: str, hits: np.ndarray) -> None:
    """Prints a share with its 95 % interval."""
    low, high = wilson_interval(int(hits.sum()), len(hits))
    print(f"  {name:28} {hits.mean():.4f}  [{low:.4f}, {high:.4f}]  n={len(hits)}")


def symbols(split: str, grounds: list[Picture]) -> list[Picture]:
    """Rendered pictures with symbols and look-alikes, on photographs of their split."""
    photographs = [picture.image for picture in grounds if picture.split == split]
    pictures = []
    for index in range(RENDERED):
        ground = photographs[index % len(photographs)] if index % 4 else None
        made = render(SEEDS[split], index, background=ground)
        name = f"{split} {index}"
        pictures.append(Picture(name, "rendered", made.label, split, made.image))  # type: ignore[arg-type]
    return pictures


def is_symbol(picture: Picture) -> bool:
    """Whether a rendered picture shows a hateful symbol, or one that hangs on the context."""
    return picture.labels in (HATE, CONTEXTUAL)


def thresholds(benign: np.ndarray, highest: np.ndarray, platt: Platt) -> dict[str, float]:
    """The higher of what harmless frames and everyday clips ask for, by log-odds of both."""
    return {
        name: max(
            float(np.ceil(threshold_for_fpr(apply_platt(odds, platt), rates[name])[0] * 1e4) / 1e4)
            for odds, rates in ((benign, FRAMES), (highest, CLIPS))
        )
        for name in FRAMES
    }


def show(
    category: str,
    platt: Platt,
    levels: dict[str, float],
    groups: dict[str, tuple[np.ndarray, np.ndarray]],
    clips: np.ndarray,
) -> None:
    """Prints what goes into the card; `groups` are log-odds and labels by name."""
    print(f"[calibration] {category} = {{ a = {platt.a:.6f}, b = {platt.b:.6f} }}")
    print(f"[thresholds] {category} = {levels}")
    for name, level in levels.items():
        show_share(
            f"{category}: everyday clips at {name}, chosen on", clips_at(clips, platt, level)
        )
    for group, (odds, labels) in groups.items():
        scores = apply_platt(odds, platt)
        print(f" {category}, {group}:")
        if labels.any() and not labels.all():
            low, high = bootstrap_interval(auc, scores, labels)
            print(f"  AUC {auc(scores, labels):.4f} [{low:.4f}, {high:.4f}] n={len(labels)}")
            ece = expected_calibration_error(scores, labels)
            print(f"  ECE at this share of positives {ece:.4f}")
        for name, level in levels.items():
            if labels.any():
                show_share(f"recall at {name}", scores[labels] >= level)
            if not labels.all():
                show_share(f"FPR at {name}", scores[~labels] >= level)


def clips_at(clips: np.ndarray, platt: Platt, level: float) -> np.ndarray:
    """Which clips reach a level by their highest frame."""
    return np.asarray(apply_platt(clips, platt) >= level)


def at_review(platt: Platt, levels: dict[str, float], share: float) -> float:
    """Log-odds before calibration at which a share of the score for review is reached."""
    level = share * levels["review"]
    return float((np.log(level / (1 - level)) - platt.b) / platt.a)


def guns_of(pictures: list[Picture], looks: Looks, clips: list[Looks], column: int) -> None:
    """Fits, chooses and prints what the card says of guns."""
    guns = np.array([is_gun(p) for p in pictures])
    split = np.array([p.split for p in pictures])
    train, held = split == "train", split == "heldout"
    full, odds = looks.full[:, column], looks.scored[:, column]
    platt = fit_platt(full[train], guns[train], base_rate=BASE_RATE)
    highest = np.array([clip.full[:, column].max() for clip in clips])
    levels = thresholds(full[(split == "validation") & ~guns], highest, platt)
    groups = {"held out": (odds[held], guns[held])}
    for source in sorted({p.source for p in pictures}):
        here = np.array([p.source == source for p in pictures]) & held & ~guns
        if here.any():
            groups[source] = odds[here], guns[here]
    reached = np.array([clip.scored[:, column].max() for clip in clips])
    show("violence", platt, levels, groups, reached)
    shown = Looks(looks.glance[guns & ~held], looks.full[guns & ~held], looks.doubt)
    for share in (1.0, 0.5):
        name = f"guns, not held out, from {share:g} of review"
        show_glance(name, shown, column, at_review(platt, levels, share), joined(clips))


def symbols_of(
    pictures: list[Picture],
    looks: Looks,
    clips: list[Looks],
    network: ImageNetwork,
) -> None:
    """Fits, chooses and prints what the card says of hate symbols."""
    column = network.categories.index("hate")
    plain = np.array([p.source != "symbols_rendered" for p in pictures])
    split = np.array([p.split for p in pictures])
    grounds = [p for p, is_plain in zip(pictures, plain, strict=True) if is_plain]
    drawn = {name: symbols(name, grounds) for name in SEEDS}
    found = {name: look(network, [p.image for p in each]) for name, each in drawn.items()}
    labels = {name: np.array([is_symbol(p) for p in each]) for name, each in drawn.items()}
    full, odds = looks.full[:, column], looks.scored[:, column]
    harmless = full[plain & (split == "train")]
    platt = fit_platt(
        np.concatenate([found["train"].full[:, column], harmless]),
        np.concatenate([labels["train"], np.zeros(len(harmless), bool)]),
        base_rate=BASE_RATE,
    )
    highest = np.array([clip.full[:, column].max() for clip in clips])
    levels = thresholds(full[plain & (split == "validation")], highest, platt)
    held = odds[plain & (split == "heldout")]
    groups = {
        "rendered, a third seed": (found["heldout"].scored[:, column], labels["heldout"]),
        "held-out pictures and clips": (held, np.zeros(len(held), bool)),
    }
    reached = np.array([clip.scored[:, column].max() for clip in clips])
    show("hate", platt, levels, groups, reached)
    for name, each in found.items():
        shown = Looks(each.glance[labels[name]], each.full[labels[name]], each.doubt)
        for share in (1.0, 0.5):
            group = f"rendered, {name}, from {share:g} of review"
            show_glance(group, shown, column, at_review(platt, levels, share), joined(clips))


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
        level = threshold_for_fpr(raw[~guns] / 100 + 0.5, FRAMES["review"])[0]
        recall = float(np.mean(raw[guns] / 100 + 0.5 >= level))
        print(
            f"{name:28} AUC {auc(raw, guns):.4f}  recall at {FRAMES['review']:.0%} FPR {recall:.3f}"
        )


def main() -> None:
    """Runs the recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--views", action="store_true", help="compare ways to see a frame")
    options = parser.parse_args()
    registry = Registry(options.cache)
    registry.fetch(["scenes-image"])
    folder = data_folder()
    pictures = [p for p in (*stills(folder), *clip_frames(folder)) if not is_other_weapon(p)]
    if options.views:
        compare_views(pictures, options.cache)
    network = registry.frames("scenes-image")
    if not isinstance(network, ImageNetwork):
        raise SystemExit("scenes-image is no network of pictures.")
    looks = look(network, [p.image for p in pictures])
    clips = [look(network, frames) for frames in everyday_clips(folder)]
    guns_of(pictures, looks, clips, network.categories.index("violence"))
    symbols_of(pictures, looks, clips, network)


if __name__ == "__main__":
    main()
