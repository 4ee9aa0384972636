"""What the benchmark of recognition counts, and the policy of its house."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.averaging import CONTROL, Averages
from benchmarks.outcomes import OUTCOMES, Tally, outcome
from benchmarks.recognising import judging_nothing, named
from benchmarks.reposting import ATTACKS
from framegate.v1 import provenance_pb2 as pb
from moderation.policy import Policy, evaluate
from moderation.verdict import Context, Decision, Degradation, Signal, Stage
from tests.moderation.policies import MODELS, SAMPLING


def answered(answer: pb.Answer.ValueType, clip_id: str = "") -> pb.VerifyClipResponse:
    return pb.VerifyClipResponse(answer=answer, clip_id=clip_id)


def test_outcomes() -> None:
    made = answered(pb.ANSWER_MADE_HERE, "a")
    assert outcome(made, "a") == "right id"
    assert outcome(made, "b") == outcome(made, "") == "wrong id"
    assert outcome(answered(pb.ANSWER_MADE_HERE), "") == "wrong id"
    assert outcome(answered(pb.ANSWER_INCONCLUSIVE), "a") == "inconclusive"
    assert outcome(answered(pb.ANSWER_NO_EVIDENCE), "a") == "no_evidence"
    assert outcome(answered(pb.ANSWER_LIKELY_AI), "a") == "other"
    assert set(map(outcome, [made, made], ["a", "b"])) < set(OUTCOMES)


def test_layers_are_counted_by_the_clip_that_they_lead_to() -> None:
    tally = Tally()
    found = answered(pb.ANSWER_MADE_HERE, "a")
    found.watermark.clip_id = "a"
    found.fingerprint.matches.add(clip_id="b")
    tally.add(found, "a", 10)
    tally.add(found, "", 10)
    assert (tally.marked, tally.alike, tally.made_here) == (1, 0, 2)
    assert tally.joined(tally).outcomes == {"right id": 2, "wrong id": 2}


def test_its_policy_clears_what_no_model_looked_at(tmp_path: Path) -> None:
    policy = Policy.load(judging_nothing(tmp_path / "policy.yaml"))
    judged = evaluate(
        policy,
        [Signal(Stage.FRAMES, "violence", 0.99, "x")],
        [Degradation(Stage.FRAMES, "x", "model_unavailable", ("violence", "sexual"))],
        Context(Stage.FRAMES),
        covered=frozenset(),
        content_sha256="ab" * 32,
        models=MODELS,
        sampling=SAMPLING,
    )
    assert judged.decision is Decision.ALLOW


def test_attacks_by_name() -> None:
    assert named("all") == ATTACKS
    assert list(named("mirrored; none")) == ["mirrored", "none"]
    with pytest.raises(ValueError, match="'upside down' is none of"):
        named("none; upside down")


def test_what_was_averaged_is_put_onto_a_picture() -> None:
    averages = Averages()
    averages.marked[3, 100:120, 200:220] = 255
    averages.changed[:] = 2
    averages.single[:] = -3
    grey = np.full((90, 160, 3), 100, np.uint8)
    assert np.unique(averages.onto(grey, 0, "with the originals", 5)).tolist() == [110]
    assert np.unique(averages.onto(grey, 60, CONTROL, 2)).tolist() == [94]
    assert np.unique(averages.onto(grey, 1, "pictures", 0.5)).tolist() == [50]
    assert averages.onto(grey, 3, "detail", 10).max() > 100
