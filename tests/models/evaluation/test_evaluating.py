"""A whole run over a small folder, by what comes out of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from models.evaluation import report
from models.evaluation.evaluating import Evaluation, evaluate
from models.evaluation.numbers import Number
from models.evaluation.systems import Remembering
from tests.models.evaluation.conftest import Judge, Reader, benign, harmful, row, write_set


class Shouting:
    names: Sequence[str] = ("shout", "hide")

    def attack(self, name: str, text: str, seed: int) -> str:  # noqa: ARG002
        return text.upper() if name == "shout" else text.replace("violence", "v1olence")


@pytest.fixture
def found(data: Path) -> Evaluation:
    return evaluate(Remembering(Reader()), Judge(), data, compare=False, attacks=Shouting())


def number(found: Evaluation, **wanted: Any) -> Number:
    defaults = {"lang": "", "group": ""}
    all_of_them = [
        one
        for one in found.numbers
        if all(getattr(one, name) == value for name, value in (defaults | wanted).items())
    ]
    assert len(all_of_them) == 1, (wanted, len(all_of_them))
    return all_of_them[0]


def test_an_unknown_set_gets_every_number(found: Evaluation) -> None:
    base = {"data": "never_heard_of", "system": "classifier", "category": "violence"}
    assert number(found, measure="recall_at_review", **base).value == pytest.approx(0.8)
    assert number(found, measure="fpr_at_review", **base).value == 0.0
    assert number(found, measure="recall_at_fpr_1pct", **base).value == 1.0
    best = number(found, measure="best_f1", **base)
    assert best.value == 1.0
    assert "oracle" in best.note
    assert best.n == 135
    assert best.positives == 15
    few = number(found, measure="recall_at_fpr_0.1pct", **base)
    assert few.value is None
    assert "1000 negatives" in few.note
    error = number(found, measure="ece", **base)
    assert error.value is not None
    assert error.low is not None
    assert error.low <= error.value


def test_verdicts_are_those_of_the_screening(found: Evaluation) -> None:
    base = {"data": "never_heard_of (harmful)", "system": "verdict"}
    assert number(found, measure="share_block", **base).value == pytest.approx(0.8)
    assert number(found, measure="share_allow", **base).value == pytest.approx(0.2)
    benign_prompts = {"data": "only_benign (benign)", "system": "verdict"}
    assert number(found, measure="not_allowed", **benign_prompts).value == 0.0


def test_sets_of_one_kind_have_shares_and_no_ranking(found: Evaluation) -> None:
    only = [one for one in found.numbers if one.data.startswith("only_harmful")]
    assert {one.measure for one in only if one.value is not None} == {
        "recall_at_review",
        "share_allow",
        "share_review",
        "share_block",
        "not_allowed",
    }
    assert not [one for one in found.numbers if one.data in {"empty", "odd"} and one.value]


def test_functional_tests_name_the_worst_kind(found: Evaluation) -> None:
    base = {"data": "hatecheck", "system": "classifier", "category": "hate"}
    assert number(found, measure="accuracy", **base).value == pytest.approx(12 / 14)
    worst = [one for one in found.numbers if one.measure == "worst_functionality"]
    assert {one.group for one in worst} == {"threat_h"}
    assert worst[0].value == 0.0
    languages = base | {"data": "multilingual_hatecheck"}
    mean = number(found, measure="macro_f1_mean_over_languages", **languages)
    one = number(found, measure="macro_f1", **(languages | {"lang": "de"}))
    assert mean.value == pytest.approx(one.value)
    assert mean.note == "2 languages"


def test_held_out_prompts_are_scored_at_five_percent(found: Evaluation) -> None:
    caught = [
        one
        for one in found.numbers
        if one.measure == "caught_at_fpr_5pct" and one.system == "classifier"
    ]
    assert {one.group for one in caught} == {"benign prompts", "own benign rows"}
    assert all(one.value == 1.0 and 0 < one.n < 60 for one in caught)


def test_attacks_are_measured_on_what_was_caught(data: Path) -> None:
    write_set(data / "eval", "simplesafetytests", [*harmful(7), *harmful(2, 0.1)])
    found = evaluate(Remembering(Reader()), Judge(), data, compare=False, attacks=Shouting())
    shown = {one.group: one for one in found.numbers if one.measure == "still_caught"}
    assert shown["shout"].value == 1.0
    assert shown["hide"].value == 0.0
    assert shown["hide"].n == 7
    kept = [one for one in found.numbers if one.measure == "benign_still_allowed"]
    assert [one.value for one in kept] == [1.0, 1.0]


def test_without_attacks_it_says_so(data: Path) -> None:
    found = evaluate(Remembering(Reader()), Judge(), data, compare=False)
    assert [missing.name for missing in found.missing] == ["evasions"]


def test_a_refused_text_is_no_verdict(tmp_path: Path) -> None:
    write_set(tmp_path, "a", [row("refuse me", True), row("violence=0.9", True)])
    found = evaluate(Remembering(Reader()), Judge(), tmp_path, compare=False)
    assert number(found, data="a", measure="share_refused").value == 0.5
    assert number(found, data="a (harmful)", measure="share_block").value == 0.5


def test_categories_that_only_the_screening_has_are_its_own(tmp_path: Path) -> None:
    rows = [row(f"{i} likeness/public-figure=0.9", True, "public_figure") for i in range(6)]
    write_set(tmp_path, "faces", [*rows, *benign(6)])
    found = evaluate(Remembering(Reader()), Judge(), tmp_path, compare=False)
    base = {"data": "faces", "category": "likeness/public-figure", "measure": "auprc"}
    assert number(found, system="screening", **base).value == 1.0
    missing = number(found, system="classifier", **base)
    assert missing.value is None
    assert missing.note


def test_a_text_is_scored_once_as_the_screening_reads_it(data: Path) -> None:
    reader = Reader()
    evaluate(Remembering(reader), Judge(), data, compare=False)
    assert len(reader.asked) == len(set(reader.asked))
    assert all(text == text.lower() for text in reader.asked)


def test_the_same_data_give_the_same_report(data: Path) -> None:
    runs = [evaluate(Remembering(Reader()), Judge(), data, compare=False) for _ in range(2)]
    assert report.as_json(runs[0]) == report.as_json(runs[1])
    assert report.as_markdown(runs[0]) == report.as_markdown(runs[1])


def test_every_value_has_its_n_and_its_interval(found: Evaluation) -> None:
    for one in found.numbers:
        if one.value is None:
            assert one.note, asdict(one)
        else:
            assert one.n > 0, asdict(one)
            assert one.low is not None, asdict(one)
            assert one.high is not None, asdict(one)
            assert one.low <= one.value <= one.high, asdict(one)


def test_the_json_holds_every_number(found: Evaluation) -> None:
    read = json.loads(report.as_json(found))
    assert len(read["numbers"]) == len(found.numbers)
    assert {one["name"] for one in read["sets"]} >= {"odd", "empty", "never_heard_of"}
    odd = next(one for one in read["sets"] if one["name"] == "odd")
    assert (odd["total"], odd["unread"]) == (4, 3)
    assert all(figure["source"] and figure["differs"] for figure in read["published"])
