"""Reading of labelled sets: scope, unknown labels, odd rows, samples, what is held out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from models.evaluation.sets import LabelledSet, SetsMissing, read_sets
from models.evaluation.splits import SPLIT_SETS, held_out
from tests.models.evaluation.conftest import benign, harmful, row, write_set


def one(
    folder: Path, rows: Sequence[Any], scope: object = None, sample: int | None = None
) -> LabelledSet:
    write_set(folder, "it", rows)
    (folder / "index.json").write_text(json.dumps({"it": {"scope": scope}}))
    return read_sets(folder, sample=sample)[0]


def names(data: LabelledSet, category: str) -> tuple[set[str], set[str]]:
    yes, no = data.truth(category)
    rows = data.rows
    return (
        {r.id for r, is_it in zip(rows, yes, strict=True) if is_it},
        {r.id for r, is_it in zip(rows, no, strict=True) if is_it},
    )


ROWS = [
    row("sexual", True, "sexual"),
    row("graphic", True, "graphic_violence"),
    row("unmapped", True),
    row("harmless", False),
    row("unknown", None, "sexual"),
]


def test_a_missing_label_is_a_negative_only_in_scope(tmp_path: Path) -> None:
    data = one(tmp_path, [*ROWS], ["sexual", "violence (weak)", "what else"])
    assert data.categories() == ("sexual", "violence")
    assert names(data, "sexual") == ({"sexual"}, {"graphic", "harmless"})
    # What is labelled with a part of a category is no negative of the whole.
    assert names(data, "violence") == (set(), {"sexual", "harmless"})
    assert names(data, "hate") == (set(), set())


def test_without_a_scope_only_harmless_rows_are_negatives(tmp_path: Path) -> None:
    data = one(tmp_path, [*ROWS], None)
    assert data.categories() == ("sexual", "violence/graphic")
    assert names(data, "sexual") == ({"sexual"}, {"harmless"})
    yes, no = data.any_truth()
    assert (yes.sum(), no.sum()) == (3, 1)


def test_a_scope_of_nothing_scores_no_category(tmp_path: Path) -> None:
    assert one(tmp_path, [*ROWS], []).categories() == ()


def test_odd_rows_are_counted_and_left_out(tmp_path: Path) -> None:
    rows = ["{", "[]", {"id": 1, "text": None}, {"text": "  "}, {"text": "bare"}, "", "\ud800"[:0]]
    data = one(tmp_path, rows)
    assert [(r.text, r.unsafe, r.labels, r.lang) for r in data.rows] == [
        ("bare", None, frozenset(), "")
    ]
    assert (data.total, data.unread) == (5, 4)


def test_labels_that_are_no_list_are_none(tmp_path: Path) -> None:
    data = one(tmp_path, [{"text": "a", "unsafe": "yes", "labels": "hate", "raw": 3}])
    assert data.rows[0].labels == frozenset()
    assert data.rows[0].unsafe is None


def test_a_sample_is_the_same_rows_of_each_language(tmp_path: Path) -> None:
    rows = [row(f"{lang}{i}", False, lang=lang) for lang in ("en", "fr") for i in range(20)]
    few = one(tmp_path, [*rows], sample=3)
    assert sorted(r.lang for r in few.rows) == ["en"] * 3 + ["fr"] * 3
    again = one(tmp_path, [*reversed(rows)], sample=3)
    assert {r.id for r in few.rows} == {r.id for r in again.rows}
    assert few.sampled
    assert not one(tmp_path, [*rows], sample=0).sampled


def test_large_sets_are_sampled_unasked(tmp_path: Path) -> None:
    rows = [row(str(i), False, lang="en") for i in range(5001)]
    assert len(one(tmp_path, [*rows]).rows) == 400
    assert len(one(tmp_path, rows[:5000]).rows) == 5000


@pytest.mark.parametrize("inner", ["", "eval", "text/eval"])
def test_a_folder_with_or_without_an_eval_folder(tmp_path: Path, inner: str) -> None:
    write_set(tmp_path / inner, "new_name", harmful(2))
    (tmp_path / "plain.jsonl").write_text(json.dumps(row("x", False)) + "\n")
    found = {data.name for data in read_sets(tmp_path)}
    assert found == ({"new_name", "plain"} if not inner else {"new_name"})


def test_no_set_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SetsMissing):
        read_sets(tmp_path)
    write_set(tmp_path, "a", benign(1))
    with pytest.raises(SetsMissing):
        read_sets(tmp_path, only="b")


def test_a_fifth_is_held_out_by_the_prompt() -> None:
    for name in SPLIT_SETS:
        kept = [i for i in range(2000) if held_out(name, {"text": f"prompt {i}"})]
        assert 320 < len(kept) < 480
    assert not any(held_out("i2p", {"text": f"prompt {i}"}) for i in range(200))


def test_the_split_never_moves() -> None:
    kept = [i for i in range(40) if held_out("adversarial_nibbler_submitted", {"text": f"p{i}"})]
    assert kept == [7, 19, 25, 26, 27, 39]
