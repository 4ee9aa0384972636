"""Groups by the words of a text, and the gap between them."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.evaluation.evaluating import evaluate
from models.evaluation.identity import groups_of
from models.evaluation.sets import Row
from models.evaluation.systems import Remembering
from tests.models.evaluation.conftest import Judge, Reader, row, write_set


def of(text: str, lang: str, **raw: str) -> frozenset[str]:
    return groups_of(Row("1", text, lang, unsafe=False, labels=frozenset(), raw=raw))


def test_words_are_whole() -> None:
    assert of("You are a kind Muslim person.", "en") == {"muslim"}
    assert of("A womanly manor", "en") == frozenset()
    assert of("Je bent een blinde vrouw", "nl") == {"women"}
    assert of("你是一位可爱的残障人士", "zh") == {"disabled"}
    assert of("Eine jüdische Nachbarin und ein Christ", "de") == {"jewish", "christian"}
    assert of("A muslim", "xx") == frozenset()


def test_a_field_of_the_set_goes_first() -> None:
    neutral = {"target_ident": "Women", "functionality": "ident_neutral_nh"}
    assert of("muslim", "en", **neutral) == {"women"}
    assert of("muslim", "en", target_ident="women", functionality="target_obj_nh") == frozenset()


def test_the_gap_is_that_of_the_groups(tmp_path: Path) -> None:
    rows = [
        row(f"{i} a {who} violence={0.9 if i < flagged else 0.0}", False)
        for who, flagged in (("muslim", 10), ("jewish", 4), ("christian", 0))
        for i in range(40)
    ]
    write_set(tmp_path, "templates", [*rows, row("harmful muslim violence=0.9", True)])
    found = evaluate(Remembering(Reader()), Judge(), tmp_path, compare=False)
    gaps = [one for one in found.numbers if one.measure == "gap_not_allowed" and not one.lang]
    assert [one.group for one in gaps] == ["muslim less christian"]
    assert gaps[0].value == pytest.approx(0.25)
    assert gaps[0].n == 120
    assert gaps[0].low is not None
    assert 0 < gaps[0].low < 0.25


def test_small_groups_have_no_gap(tmp_path: Path) -> None:
    rows = [row(f"{i} a {who}", False) for who in ("muslim", "jewish") for i in range(5)]
    write_set(tmp_path, "templates", rows)
    found = evaluate(Remembering(Reader()), Judge(), tmp_path, compare=False)
    gaps = [one for one in found.numbers if one.measure.startswith("gap_")]
    assert gaps
    assert all(one.value is None and "fewer than two" in one.note for one in gaps)
