"""The measures, by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from models.evaluation import metrics

SCORES = np.array([0.9, 0.8, 0.7, 0.7, 0.1])
LABELS = np.array([True, False, True, False, False])


def test_by_hand() -> None:
    found = metrics.ranking(SCORES, LABELS)
    # Thresholds 0.9: 1 of 1 right; 0.8: 1 of 2; 0.7: 2 of 4; 0.1: 2 of 5.
    assert found["auprc"] == pytest.approx(0.5 * 1.0 + 0.5 * 2 / 4)
    assert found["auc"] == pytest.approx((3 + 1 + 0.5) / 6)
    assert found["best_f1"] == pytest.approx(2 / 3)
    assert found["recall_at_fpr_1pct"] == 0.5


def test_a_tie_is_never_parted() -> None:
    scores, labels = np.array([0.5] * 4), np.array([True, True, False, False])
    found = metrics.ranking(scores, labels)
    assert found["auprc"] == 0.5
    assert found["auc"] == 0.5
    assert found["recall_at_fpr_1pct"] == 0.0


def test_recall_at_a_rate_uses_the_lowest_threshold_that_keeps_it() -> None:
    scores = np.concatenate([np.linspace(0, 0.5, 199), [0.9], [0.95, 0.8, 0.7, 0.4]])
    labels = np.arange(scores.size) >= 200
    # One of 200 negatives may be flagged at 1 % (two may), so all above 0.4975 count.
    assert metrics.ranking(scores, labels)["recall_at_fpr_1pct"] == 0.75
    assert metrics.ranking(scores, labels)["recall_at_fpr_0.1pct"] == 0.25


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=2, max_size=60))
def test_as_scikit_learn(pairs: list[tuple[int, bool]]) -> None:
    scores = np.array([score / 8 for score, _ in pairs])
    labels = np.array([label for _, label in pairs])
    if labels.all() or not labels.any():
        with pytest.raises(ValueError, match="both kinds"):
            metrics.ranking(scores, labels)
        return
    found = metrics.ranking(scores, labels)
    assert found["auprc"] == pytest.approx(average_precision_score(labels, scores))
    assert found["auc"] == pytest.approx(roc_auc_score(labels, scores))
    at = [f1_score(labels, scores >= limit, zero_division=0.0) for limit in set(scores)]
    assert found["best_f1"] == pytest.approx(max(at))
    flags = scores >= 0.5
    assert metrics.f1(flags, labels) == pytest.approx(f1_score(labels, flags, zero_division=0.0))
    macro = f1_score(labels, flags, average="macro", labels=[False, True], zero_division=0.0)
    assert metrics.macro_f1(flags, labels) == pytest.approx(macro)


def test_harm_of_any_category() -> None:
    scores = np.array([[0.5, 0.5], [0.0, 0.2]])
    assert metrics.highest(scores).tolist() == [0.5, 0.2]
    assert metrics.noisy_or(scores) == pytest.approx([0.75, 0.2])
    assert metrics.highest(np.zeros((2, 0))).tolist() == [0.0, 0.0]


def test_reliability_bins_hold_everything() -> None:
    stated, seen, size = metrics.reliability(np.array([0.0, 0.02, 1.0]), np.array([0, 1, 1]) > 0)
    assert stated == pytest.approx([0.01, 1.0])
    assert seen == pytest.approx([0.5, 1.0])
    assert size.tolist() == [2, 1]


def test_the_bootstrap_repeats_itself_and_holds_the_value() -> None:
    random = np.random.default_rng(3)
    labels = random.random(300) < 0.3
    scores = labels * 0.3 + random.random(300) * 0.7
    spans = metrics.bootstrap(metrics.ranking, scores, labels)
    assert spans == metrics.bootstrap(metrics.ranking, scores, labels)
    assert spans != metrics.bootstrap(metrics.ranking, scores, labels, seed=1)
    for name, value in metrics.ranking(scores, labels).items():
        assert spans[name][0] <= value <= spans[name][1]


def test_an_interval_of_a_distance_holds_its_value() -> None:
    low, high = metrics.centred([0.3, 0.4, 0.5], 0.1)
    assert low == pytest.approx(0.005)
    assert high == pytest.approx(0.195)
    assert metrics.centred([0.3, 0.4, 0.5], 0.02)[0] == 0.0
