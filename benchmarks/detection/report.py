"""The tables of the report, each as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)

from benchmarks.detection.protocol import Judged, area, under, weights_of
from models.calibration import expected_calibration_error, sigmoid, wilson_interval
from provenance.detection.logistic import fit_linear
from provenance.detection.training.folds import Learner, scores_left_out
from provenance.detection.training.learning import (
    FAMILIES,
    PENALTY,
    averaged,
    draws,
    linear,
    stacked,
    usable,
    without_own,
)
from provenance.detection.training.measures import Floats, auc, clustered, tpr_at
from provenance.detection.training.table import Table
from provenance.detection.training.weighing import row_weights

CONDITIONS: Final = (
    "common/23", "common/28", "common/35 half", "low/23", "low/35 half", "own/23",
)  # fmt: skip
_HAND: Final = ("fine", "small", "motion", "tone")
_BACKBONE: Final = ("content", "texture", "parts", "curve")
_STILL_DRAWN: Final = ("animation", "composite", "screen")
_PAIRS: Final = "lumiere-video/lumiere-video.github.io"


def trees(families: Sequence[str], kind: str) -> Learner:
    """A learner of many trees, as scikit-learn has them."""
    made = {
        "extra trees": lambda: ExtraTreesClassifier(
            150, min_samples_leaf=8, max_features=0.15, random_state=0
        ),
        "boosted trees": lambda: HistGradientBoostingClassifier(
            max_iter=60, learning_rate=0.08, max_leaf_nodes=6, min_samples_leaf=20,
            l2_regularization=5.0, random_state=0,
        ),
    }  # fmt: skip

    def learn(table: Table, weights: Floats) -> Callable[[Table], Floats]:
        model = made[kind]()
        model.fit(table.joined(families), table.fake, sample_weight=weights)
        return lambda rows: np.asarray(model.predict_proba(rows.joined(families))[:, 1])

    return learn


def learners(*, slow: bool) -> dict[str, Learner]:
    """All that are compared, by name; boosted and random trees take minutes."""
    found: dict[str, Learner] = {
        f"{family}, logistic": linear([family], PENALTY if family in _HAND else 2 * PENALTY)
        for family in (*_HAND, *_BACKBONE)
    }
    found = {name: without_own(learn) for name, learn in found.items()}
    found["hand-made, logistic"] = without_own(linear(_HAND, PENALTY))
    found["hand-made + texture (A)"] = without_own(linear(FAMILIES, PENALTY))
    found["A + parts"] = without_own(linear((*FAMILIES, "parts"), 2 * PENALTY))
    found["A, one a family, averaged"] = without_own(averaged(FAMILIES, PENALTY))
    found["A + content, stacked"] = without_own(stacked)
    found["A with own reconstructions"] = linear(FAMILIES, PENALTY)
    found["**A with own reconstructions + content, stacked (shipped)**"] = stacked
    if slow:
        found["hand-made, extra trees"] = without_own(trees(_HAND, "extra trees"))
        found["hand-made, boosted trees"] = without_own(trees(_HAND, "boosted trees"))
    return found


def compared(learned: Table, judged: Table, conditions: Sequence[str], *, slow: bool) -> str:
    """Areas of all learners, each source left out, on the rows of some launderings."""
    judged = usable(judged)
    judged = judged.where(np.isin(judged.laundering, conditions))
    lines = [
        f"| families | {' | '.join(conditions)} |", "|---|" + "---|" * len(conditions),
    ]  # fmt: skip
    for name, learn in learners(slow=slow).items():
        scores = scores_left_out(learned, judged, learn)
        cells = []
        for condition in conditions:
            rows = under(judged, condition)
            part = judged.where(rows)
            cells.append(f"{auc(scores[rows], part.fake, weights_of(part)):.3f}")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def headline(judged: Judged) -> str:
    """The measures of the whole, a line for each laundering."""
    lines = [
        (
            "| laundering | n generated, real | AUC (95 %) | TPR at 1 % FPR | balanced accuracy "
            "| ECE | generated called likely_ai | real called likely_ai (95 %) | abstained |"
        ),
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for condition in CONDITIONS:
        part = judged.at(under(judged.table, condition))
        fake, weights = part.table.fake, weights_of(part.table)
        if not fake.any() or fake.all():
            continue
        value, low, high = area(part.table, part.scores)
        said = (part.fpr <= 0.01) & part.known
        wrong = int(said[~fake].sum())
        bottom, top = wilson_interval(wrong, int((~fake).sum()))
        share = float(weights[fake].sum() / weights.sum())
        chance = sigmoid(part.llr + np.log(share / (1 - share)))
        balanced = ((part.llr[fake] > 0).mean() + (part.llr[~fake] <= 0).mean()) / 2
        lines.append(
            f"| {condition} | {fake.sum()}, {(~fake).sum()} | {value:.3f} ({low:.3f}-{high:.3f}) "
            f"| {tpr_at(part.scores, fake):.3f} | {balanced:.3f} "
            f"| {expected_calibration_error(chance, fake, bins=10):.3f} "
            f"| {said[fake].mean():.3f} | {wrong / (~fake).sum():.3f} ({bottom:.3f}-{top:.3f}) "
            f"| {(~part.known).mean():.3f} |"
        )
    return "\n".join(lines)


def by_generator(judged: Judged) -> str:
    """Areas of each generator against all real clips."""
    conditions = [each for each in CONDITIONS if under(judged.table, each).any()]
    lines = [
        f"| generator | n | {' | '.join(conditions)} |",
        "|---|---|" + "---|" * len(conditions),
    ]
    names = judged.table.column(lambda clip: clip.generator.split("(")[0])
    for name in np.unique(names[judged.table.fake]):
        cells, count = [], 0
        for condition in conditions:
            rows = under(judged.table, condition) & ((names == name) | ~judged.table.fake)
            part = judged.at(rows)
            count = int(part.table.fake.sum())
            cells.append(f"{auc(part.scores, part.table.fake, weights_of(part.table)):.2f}")
        lines.append(f"| {name} | {count} | {' | '.join(cells)} |")
    return "\n".join(lines)


def pairs(judged: Judged) -> str:
    """One page's generated clips against the same page's real ones; margins are cut off."""
    lines = ["| laundering | n | AUC | 95 % (clips drawn) |", "|---|---|---|---|"]
    sources = judged.table.column(lambda clip: clip.source)
    for condition in CONDITIONS:
        part = judged.at(under(judged.table, condition) & (sources == _PAIRS))
        fake, scores = part.table.fake, part.scores
        if not fake.any() or fake.all():
            continue
        low, high = clustered(
            lambda rows, s=scores, f=fake: auc(s[rows], f[rows]),  # type: ignore[misc]
            part.table.column(lambda clip: clip.file), fake,
        )  # fmt: skip
        lines.append(
            f"| {condition} | {fake.sum()}, {(~fake).sum()} | {auc(scores, fake):.3f} "
            f"| {low:.3f}-{high:.3f} |"
        )
    return "\n".join(lines)


def hard(judged: Judged) -> str:
    """Drawn, rendered, joined and screen clips: none of them may be called likely_ai for sure."""
    lines = ["| kind | laundering | n | median score | called likely_ai | abstained |",
             "|---|---|---|---|---|---|"]  # fmt: skip
    labels = judged.table.column(lambda clip: clip.label)
    for kind in _STILL_DRAWN:
        for condition in ("common/23", "common/35 half"):
            part = judged.at((labels == kind) & under(judged.table, condition))
            if not len(part.table):
                continue
            said = (part.fpr <= 0.01) & part.known
            lines.append(
                f"| {kind} | {condition} | {len(part.table)} | {np.median(part.scores):.2f} "
                f"| {int(said.sum())} | {int((~part.known).sum())} |"
            )
    return "\n".join(lines)


def audit(everything: Table, judged: Table, seed: int = 0) -> str:
    """What else could tell the classes apart."""
    learned, asked = everything.where(~everything.own), draws(judged)
    names = list(learned.claim_names)
    lines = ["| what is looked at | AUC | bound |", "|---|---|---|"]
    sets = {
        "rate, lines, container, crf": ["fps", "lines", "matroska", "crf"],
        "the same, shape, length, bytes": [*names, "lines"],
    }
    for label, wanted in sets.items():
        rows = [_claims(each, wanted) for each in (learned, asked)]
        forest = RandomForestClassifier(300, min_samples_leaf=5, random_state=seed)
        forest.fit(rows[0], learned.fake, sample_weight=row_weights(learned))
        value = auc(forest.predict_proba(rows[1])[:, 1], asked.fake, weights_of(asked))
        lines.append(f"| {label} (random forest, not fed to the detector) | {value:.3f} | 0.55 |")
    value = float(np.mean([_shuffled(learned, usable(judged), each) for each in range(5)]))
    lines.append(f"| the detector's statistics, labels shuffled by clip (mean of 5) "
                 f"| {value:.3f} | 0.50 |")  # fmt: skip
    whole = usable(judged)
    scores = scores_left_out(everything, whole, stacked)
    plain, masked = (
        auc(scores[rows], whole.fake[rows])
        for rows in (under(whole, "common/23"), under(whole, "common/23 masked"))
    )
    lines.append(f"| corner masked against not, all clips | {masked:.3f} against {plain:.3f} "
                 "| 0.02 apart |")  # fmt: skip
    unmarked = np.array([clip.mark != "yes" for clip in whole.clips]) & under(whole, "common/23")
    value = auc(scores[unmarked], whole.fake[unmarked], weights_of(whole.where(unmarked)))
    lines.append(f"| clips without a mark alone | {value:.3f} | |")
    return "\n".join(lines)


def _claims(table: Table, wanted: Sequence[str]) -> Floats:
    columns = {name: table.claims[:, place] for place, name in enumerate(table.claim_names)}
    columns["lines"] = table.lines
    return np.stack([columns[name] for name in wanted], axis=1)


def _shuffled(learned: Table, judged: Table, seed: int) -> float:
    """Area on true labels after learning labels that were dealt out anew, a clip at a time."""
    chance = np.random.default_rng(seed)
    clips = sorted({clip.file: clip.label == "generated" for clip in learned.clips}.items())
    dealt = dict(zip([file for file, _ in clips],
                     chance.permutation([fake for _, fake in clips]), strict=True))  # fmt: skip
    labels = np.array([bool(dealt[clip.file]) for clip in learned.clips])
    fitted = fit_linear(learned.joined(FAMILIES), labels, np.ones(len(labels)), PENALTY)
    rows = judged.where(under(judged, "common/23"))
    return auc(fitted(rows.joined(FAMILIES)), rows.fake, weights_of(rows))
