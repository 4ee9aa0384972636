"""What a clip's statistics say: on the page, in lines and as JSON."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framegate.v1 import provenance_pb2 as pb
from moderation.cli import answers, verification
from moderation.cli.received import detection, doubtful
from moderation.clips.stage import detection_note
from moderation.origins import Origin, render, statistics
from moderation.service.provenance import detection_layer
from provenance.detection.detection import Detection, Moment
from provenance.detection.domain import Reason
from provenance.layers import LayerState, WatermarkLayer
from provenance.report import C2paReport, C2paState
from provenance.verification import Answer, Verification, weigh
from tests.moderation.clips.reports import Parsed

ROOT = Path(__file__).parents[3]
DETECTION_PAGE = ROOT / "docs" / "detection.md"
PROTO = ROOT / "proto" / "framegate" / "v1"
SEEN = Detection(
    answer="likely_ai",
    score=2.5,
    llr=3.0,
    llr_low=2.0,
    llr_high=3.5,
    fpr=0.004,
    quality="fine",
    quality_loss=0.2,
    reason="",
    timeline=(Moment(0, 400, 1.0), Moment(2000, 2400, -40.0), Moment(4000, 4400, 900.0)),
    model_digest="sha256:" + "a" * 64,
    calibration_digest="sha256:" + "b" * 64,
)
UNCALIBRATED = replace(
    SEEN,
    answer="inconclusive",
    llr=0.0,
    llr_low=0.0,
    llr_high=0.0,
    fpr=1.0,
    quality="",
    quality_loss=0.0,
    reason="uncalibrated",
    calibration_digest="",
)
NOTHING = Verification(Answer.NO_EVIDENCE, C2paReport(C2paState.ABSENT))


@pytest.mark.parametrize("base", list(Answer))
@pytest.mark.parametrize("said", ["likely_ai", "inconclusive", "no_evidence"])
@pytest.mark.parametrize("reason", get_args(Reason))
def test_statistics_decide_only_where_nothing_else_was_found(
    base: Answer, said: str, reason: str
) -> None:
    seen = replace(SEEN, answer=said, reason=reason)  # type: ignore[arg-type]
    found = weigh(replace(NOTHING, answer=base, clip_id="clip-1"), seen)
    expected = Answer(said) if base is Answer.NO_EVIDENCE and not reason else base
    assert found.answer is expected
    assert found.detection == seen
    assert found.clip_id == "clip-1"
    without = weigh(replace(NOTHING, answer=base), None, "WORKER_LOST")
    assert (without.answer, without.detection_fault) == (base, "WORKER_LOST")


def test_the_answer_crosses_the_wire_whole() -> None:
    layer = detection_layer(weigh(NOTHING, SEEN), 0.05)
    assert detection(layer) == SEEN
    assert [each.prior for each in layer.posteriors] == [0.05, 0.001, 0.01, 0.1]
    odds = math.exp(SEEN.llr) * 0.05 / 0.95
    assert layer.posteriors[0].probability == pytest.approx(odds / (1 + odds))
    fault = detection_layer(weigh(NOTHING, None, "JOB_TIMEOUT"), 0.05)
    assert detection(fault) is None
    assert fault.fault == "JOB_TIMEOUT"


def test_scores_that_nobody_measured_cross_the_wire_without_a_worth() -> None:
    layer = detection_layer(weigh(NOTHING, UNCALIBRATED), 0.05)
    assert detection(layer) == UNCALIBRATED
    assert not layer.posteriors
    assert not doubtful(layer)
    assert detection_note(UNCALIBRATED, "") == (
        f"inconclusive (uncalibrated) score=2.5000 {SEEN.model_digest}"
    )


def test_the_page_shows_them_and_gives_them_no_weight() -> None:
    page = Parsed(
        render(Origin("a.mp4", Answer.NO_EVIDENCE, NOTHING.c2pa, "c" * 64, 0,
                      detection=UNCALIBRATED))
    )  # fmt: skip
    text = " ".join(page.one("body").text.split())
    assert "its score counts for nothing" in text
    assert "Scores of parts of the clip" in text
    assert "score 2.500" in text
    assert "If this share of all clips is generated" not in text
    assert SEEN.model_digest in text
    assert not statistics.shown(UNCALIBRATED, Answer.MADE_HERE)
    assert not statistics.shown(None, Answer.NO_EVIDENCE)
    assert not statistics.shown(replace(SEEN, reason="still"), Answer.NO_EVIDENCE)


@pytest.mark.parametrize("reason", [each for each in get_args(Reason) if each])
def test_every_reason_has_words(reason: Reason) -> None:
    said = statistics.check(replace(SEEN, answer="inconclusive", reason=reason), "")
    assert said.short == "Abstains"
    assert f"{reason}." not in said.answer
    assert f"`{reason}`" in DETECTION_PAGE.read_text(encoding="utf-8")
    assert reason in (PROTO / "provenance.proto").read_text(encoding="utf-8")


def test_the_page_gives_base_rates_and_never_says_real() -> None:
    marked = WatermarkLayer(state=LayerState.NOT_FOUND)
    page = Parsed(
        render(
            Origin("a.mp4", Answer.LIKELY_AI, NOTHING.c2pa, "c" * 64, 0, watermark=marked,
                   detection=SEEN)
        )
    )  # fmt: skip
    text = " ".join(page.one("body").text.split())
    assert "0.4 % look as much so, or more" in text
    assert "That is a hint and no proof." in text
    for prior in statistics.worth(SEEN):
        assert statistics.percent(prior.probability) in text
    assert SEEN.calibration_digest in text
    assert "is real." not in text.replace("that a clip is real.", "")


@pytest.mark.parametrize(
    ("seen", "fault", "short"),
    [
        (None, "", "Not looked at"),
        (None, "WORKER_LOST", "Not looked at"),
        (replace(SEEN, reason="still", answer="inconclusive"), "", "Abstains"),
        (SEEN, "", "Likely"),
        (replace(SEEN, answer="inconclusive"), "", "Unclear"),
        (replace(SEEN, answer="no_evidence"), "", "No sign"),
    ],
)
def test_every_outcome_has_words(seen: Detection | None, fault: str, short: str) -> None:
    said = statistics.check(seen, fault)
    assert said.short == short
    assert said.mark == "open", "a hint is neither good nor bad"
    assert said.answer.endswith(".")


@given(
    st.lists(
        st.tuples(st.integers(0, 10**7), st.integers(0, 10**5), st.floats(-1e6, 1e6)), max_size=30
    )
)
def test_any_timeline_stays_within_the_drawing(parts: list[tuple[int, int, float]]) -> None:
    timeline = tuple(Moment(start, start + length, score) for start, length, score in parts)
    for bar in statistics.bars(replace(SEEN, timeline=timeline)):
        assert 0 <= bar.left <= 100
        assert 0 <= bar.left + bar.width <= 100.0001
        assert 0 <= bar.top <= 20
        assert bar.height == pytest.approx(20 - bar.top)


def test_lines_and_json_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    response = pb.VerifyClipResponse(
        answer=pb.ANSWER_LIKELY_AI,
        c2pa=pb.C2paLayer(
            state=pb.C2PA_STATE_ABSENT,
            revocation=pb.REVOCATION_NOT_CHECKED,
            stamp=pb.TimeStamp(state=pb.STAMP_STATE_NONE),
        ),
        detection=detection_layer(weigh(NOTHING, SEEN), 0.01),
    )
    answer = answers.verification("a.mp4", response)
    layer = answer["layers"]["detection"]
    assert (layer["answer"], layer["score"], layer["fpr"]) == ("likely_ai", 2.5, 0.004)
    assert layer["posteriors"][0]["prior"] == 0.01
    verification.show(answer)
    said = capsys.readouterr().out
    assert "likely_ai; 0.4 % of real clips score as high" in said
    assert "if 1.0 % of all clips are synthetic" in said
    for changed, words in (
        ({"fault": "JOB_TIMEOUT", "answer": ""}, "not looked at. It took longer"),
        ({"reason": "drawn"}, "the detector abstains (drawn)"),
        ({"reason": "uncalibrated", "posteriors": []}, "score 2.50, which was never calibrated"),
    ):
        layer |= changed
        verification.show(answer)
        assert words in capsys.readouterr().out
        layer |= {"fault": "", "answer": "likely_ai", "reason": ""}


@pytest.mark.parametrize("answer", [Answer.MADE_HERE, Answer.DECLARED_AI])
def test_exact_evidence_is_not_talked_down_by_statistics(
    answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = replace(SEEN, answer="no_evidence", llr=-3.0, llr_low=-3.5, llr_high=-2.0)
    page = Parsed(render(Origin("a.mp4", answer, NOTHING.c2pa, "c" * 64, 0, detection=seen)))
    text = " ".join(page.one("body").text.split())
    assert "is exact, and decides" in text
    assert "What the statistics are worth" not in text
    response = pb.VerifyClipResponse(
        answer=pb.Answer.Value(f"ANSWER_{answer.upper()}"),
        c2pa=pb.C2paLayer(
            state=pb.C2PA_STATE_ABSENT,
            revocation=pb.REVOCATION_NOT_CHECKED,
            stamp=pb.TimeStamp(state=pb.STAMP_STATE_NONE),
        ),
        detection=detection_layer(weigh(replace(NOTHING, answer=answer), seen), 0.01),
    )
    verification.show(answers.verification("a.mp4", response))
    assert "statistics" not in capsys.readouterr().out
