"""The taxonomy and its crosswalks: complete both ways, and rendered as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from moderation.taxonomy import (
    UnknownCategory,
    UnknownForeignValue,
    categories,
    category,
    render,
    schemes,
)
from moderation.verdict import Stage

IDS = [
    "sexual", "sexual/minors", "violence", "violence/graphic", "self-harm", "hate", "harassment",
    "illicit", "extremism", "likeness/public-figure", "likeness/private", "ip/third-party",
    "political", "misinformation", "privacy", "evasion", "known/child-abuse",
    "known/intimate-image", "known/terrorism", "known/other",
]  # fmt: skip


def test_the_ids_are_those_of_the_contract() -> None:
    assert list(categories()) == IDS


def test_each_category_says_what_it_is_and_where_it_shows() -> None:
    for entry in categories().values():
        assert (Stage.PROMPT in entry.stages) != entry.id.startswith("known/")
        assert len(entry.definition) > 40
        assert entry.user_text.endswith(".")
    assert category("evasion").stages == {Stage.PROMPT}


def test_an_unknown_id_is_an_error() -> None:
    with pytest.raises(UnknownCategory) as caught:
        category("weather")
    assert caught.value.reason == "UNKNOWN_CATEGORY"
    assert caught.value.field == "category"


@pytest.mark.parametrize(
    ("scheme", "count"),
    [("openai", 13), ("rekognition", 30), ("azure", 4), ("ailuminate", 12), ("dsa", 86)],
)
def test_a_scheme_has_all_its_values(scheme: str, count: int) -> None:
    assert len(schemes()[scheme].values) == count


@pytest.mark.parametrize("scheme", ["openai", "rekognition", "azure", "ailuminate", "dsa"])
def test_a_crosswalk_is_complete_both_ways(scheme: str) -> None:
    crosswalk = schemes()[scheme]
    for value in crosswalk.values.values():
        assert bool(value.categories) != bool(value.none), value.name
    for ours in categories():
        assert bool(crosswalk.from_ours(ours)) != (ours in crosswalk.unmapped), ours


def test_dsa_has_sixteen_categories_and_the_keywords() -> None:
    names = schemes()["dsa"].values
    assert sum(name.startswith("STATEMENT_CATEGORY_") for name in names) == 16
    assert sum(name.startswith("KEYWORD_") for name in names) == 70


def test_rekognition_children_have_their_parent() -> None:
    names = schemes()["rekognition"].values
    parents = {name for name in names if " / " not in name}
    assert len(parents) == 10
    assert {name.split(" / ")[0] for name in names} == parents


def test_lookups_go_both_ways() -> None:
    assert schemes()["openai"].to_ours("hate/threatening") == ("hate", "violence")
    assert schemes()["azure"].from_ours("self-harm") == ("SelfHarm",)
    assert schemes()["rekognition"].to_ours("Gambling") == ()
    with pytest.raises(UnknownForeignValue):
        schemes()["azure"].to_ours("Weather")
    with pytest.raises(UnknownCategory):
        schemes()["azure"].from_ours("weather")


def test_the_documentation_is_current() -> None:
    page = Path(__file__).parents[2] / "docs" / "taxonomy.md"
    assert page.read_text(encoding="utf-8") == render(), "run: python -m moderation.taxonomy"
