"""The numbers that the detector is judged by, against known ones; and who is left out with whom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from provenance.detection.training.corpus import SURVEILLANCE, Clip
from provenance.detection.training.folds import folds
from provenance.detection.training.measures import auc, clustered, tpr_at
from provenance.detection.training.table import Table
from provenance.detection.training.weighing import row_weights

CLIP = Clip("a", "train", "real", "", "page", "", 256, 3.0, "", "")


def table(clips: list[Clip], lines: list[float]) -> Table:
    count = len(clips)
    return Table(tuple(clips), np.array(["draw/low 0"] * count), np.zeros((count, 1)), ("width",),
                 np.array(lines), {}, {})  # fmt: skip


def test_areas_are_those_of_scikit_learn() -> None:
    chance = np.random.default_rng(0)
    scores, fake = chance.integers(0, 20, 300).astype(float), chance.random(300) < 0.4
    weights = chance.random(300)
    assert auc(scores, fake) == pytest.approx(roc_auc_score(fake, scores))
    assert auc(scores, fake, weights) == pytest.approx(
        roc_auc_score(fake, scores, sample_weight=weights)
    )
    assert np.isnan(auc(scores, np.ones(300, bool)))


def test_recall_is_taken_above_the_bound_of_real_clips() -> None:
    scores = np.array([0.0] * 98 + [5.0, 9.0] + [4.0, 6.0, 8.0, 10.0])
    fake = np.array([False] * 100 + [True] * 4)
    assert tpr_at(scores, fake, 0.01) == 0.75
    assert tpr_at(scores, fake, 0.0) == 0.25


def test_pages_that_share_a_copy_are_left_out_together() -> None:
    clips = [
        replace(CLIP, source="one", group="7"),
        replace(CLIP, source="two", group="7"),
        replace(CLIP, source="three"),
    ]
    names = folds(clips)
    assert names[0] == names[1] != names[2]


def test_both_classes_weigh_the_same_at_high_and_low_lines() -> None:
    clips = [CLIP] * 6 + [replace(CLIP, label="generated", source="maker")] * 2
    lines = [120.0, 120, 120, 300, 300, 300, 120, 300]
    weights = row_weights(table(clips, lines))
    fake = np.array([clip.label == "generated" for clip in clips])
    for high in (False, True):
        there = (np.array(lines) > 200) == high
        assert weights[there & fake].sum() == pytest.approx(weights[there & ~fake].sum())


def test_surveillance_is_a_quarter_of_the_real_class_at_most() -> None:
    watched = [replace(CLIP, source=SURVEILLANCE, file=f"s{n}") for n in range(40)]
    others = [replace(CLIP, source=f"p{n}", file=f"o{n}") for n in range(3)]
    fakes = [replace(CLIP, label="generated", source="maker")] * 3
    weights = row_weights(table([*watched, *others, *fakes], [120.0] * 46))
    assert weights[:40].sum() <= 0.2501 * weights[:43].sum()


def test_intervals_widen_where_clips_come_in_groups() -> None:
    chance = np.random.default_rng(0)
    shift = np.repeat(chance.normal(0, 1, 20), 20)
    scores = shift + chance.normal(0, 0.3, 400)
    fake = np.repeat(np.arange(20) % 2 == 0, 20)

    def area(rows: np.ndarray) -> float:
        return auc(scores[rows], fake[rows])

    grouped = clustered(area, np.repeat(np.arange(20), 20).astype(str), fake)
    single = clustered(area, np.arange(400).astype(str), fake)
    assert grouped[1] - grouped[0] > 2 * (single[1] - single[0])
