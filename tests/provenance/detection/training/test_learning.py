"""The recipe on made-up statistics: what is learned, what is left out, what is written."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from provenance.detection.calibration import Calibration
from provenance.detection.classifier import Classifier
from provenance.detection.training.corpus import Clip
from provenance.detection.training.folds import scores_left_out
from provenance.detection.training.learning import calibration, classifier, draws, stacked
from provenance.detection.training.measures import auc
from provenance.detection.training.table import OWN, Table
from provenance.detection.training.weighing import OWN_SHARE, row_weights
from provenance.detection.training.worth import written

SIZES = {"fine": 6, "small": 6, "motion": 4, "tone": 3, "texture": 5, "content": 20}
CLAIMS = ("fps", "duration_ms", "crf")


def made(shift: float, seed: int = 0) -> Table:
    """Eight pages of twelve clips, half of them generated; classes are `shift` apart in `fine`."""
    chance = np.random.default_rng(seed)
    clips, names, lines = [], [], []
    for page in range(8):
        label = "generated" if page % 2 else "real"
        for number in range(12):
            clip = Clip(f"{page}/{number}", "train", label, "", f"page {page}", "", 480, 3, "", "")
            for name, side in (("draw/low 0", 120.0), ("draw/high 0", 300.0), ("common/23", 256.0)):
                clips.append(clip)
                names.append(name)
                lines.append(side)
    count = len(clips)
    families = {name: chance.normal(size=(count, size)) for name, size in SIZES.items()}
    fake = np.array([clip.label == "generated" for clip in clips])
    families["fine"][fake, 0] += shift
    claims = np.stack([np.full(count, 24.0), np.full(count, 3000.0),
                       chance.integers(18, 37, count).astype(float)], axis=1)  # fmt: skip
    columns = {name: tuple(str(place) for place in range(size)) for name, size in SIZES.items()}
    return Table(tuple(clips), np.array(names), claims, CLAIMS, np.array(lines), columns, families)


def test_what_is_there_is_learned_and_what_is_not_is_not() -> None:
    for shift, low, high in ((2.0, 0.8, 1.0), (0.0, 0.3, 0.7)):
        table = made(shift)
        scores = scores_left_out(draws(table), draws(table), stacked)
        assert low <= auc(scores, draws(table).fake) <= high


def test_a_page_is_never_scored_by_a_model_that_saw_it() -> None:
    table = draws(made(1.0))
    seen: list[set[str]] = []

    def learn(rows: Table, weights: np.ndarray) -> object:
        pages = {clip.source for clip in rows.clips}
        seen.append(pages)

        def score(asked: Table) -> np.ndarray:
            assert not pages & {clip.source for clip in asked.clips}
            return np.zeros(len(asked))

        return score

    scores_left_out(table, table, learn)  # type: ignore[arg-type]
    assert len(seen) == 8


def test_what_ships_scores_as_what_was_measured() -> None:
    table = made(2.0)
    learned = draws(table)
    shipped = Classifier.read(classifier(learned).write())
    measured = stacked(learned, row_weights(learned))
    assert np.allclose(shipped.score(table.families), measured(table), atol=1e-4)


def test_a_calibration_is_written_as_it_is_read() -> None:
    table = made(2.0)
    worth = calibration(table, draws(table))
    again = Calibration.parse(written(worth))
    assert [each.name for each in again.bins] == ["fine", "coarse"]
    for one, other in zip(worth.bins, again.bins, strict=True):
        assert other.slope == pytest.approx(one.slope, rel=1e-4)
        assert other.real == pytest.approx(one.real, rel=1e-3, abs=1e-4)
        assert other.clips == one.clips
        assert other.llr(3.0)[0] > other.llr(-3.0)[0]


def test_own_reconstructions_weigh_a_fixed_share() -> None:
    table = draws(made(1.0))
    own = np.array([OWN + "frames fake" if fake else OWN + "frames real" for fake in table.fake])
    both = table.beside(replace(table, laundering=own))
    weights = row_weights(both)
    assert weights[both.own].sum() == pytest.approx(OWN_SHARE * weights[~both.own].sum())
    assert np.allclose(weights[~both.own], row_weights(table))
