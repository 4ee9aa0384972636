"""The grammars of the prompt-safety recipe: what they write, how much and how it is labelled."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from models.registry import MODELS_FOLDER

FOLDER = MODELS_FOLDER / "prompt-safety"
#: The least number of English texts of each category.
LEAST = {
    "violence": 2000,
    "violence/graphic": 800,
    "self-harm": 800,
    "illicit": 1500,
    "extremism": 800,
    "political": 800,
    "misinformation": 800,
    "likeness/public-figure": 800,
    "likeness/private": 600,
    "ip/third-party": 800,
    "privacy": 600,
    "harassment": 600,
    "hate": 400,
    "sexual": 300,
}


@pytest.fixture(scope="module")
def grammar() -> Iterator[ModuleType]:
    """The package, imported as the scripts of the folder import it, with English alone."""

    def forget() -> None:
        for name in [name for name in sys.modules if name.split(".")[0] == "grammar"]:
            del sys.modules[name]

    forget()
    sys.path.insert(0, str(FOLDER))
    module = importlib.import_module("grammar")
    module.SOURCES = ("harm", "harmless", "talk")  # type: ignore[attr-defined]
    yield module
    sys.path.remove(str(FOLDER))
    forget()


@pytest.fixture(scope="module")
def written(grammar: ModuleType) -> list[Any]:
    return list(grammar.write())


def test_the_same_seed_writes_the_same_texts(grammar: ModuleType, written: list[Any]) -> None:
    assert grammar.write(0) == written
    assert grammar.write(1) != written


def test_every_text_is_written_once_whatever_its_case(written: list[Any]) -> None:
    counted = Counter(item.text.lower().rstrip(".?! ") for item in written)
    assert [text for text, times in counted.items() if times > 1] == []


def test_every_slot_is_filled(written: list[Any]) -> None:
    assert [item.text for item in written if set(item.text) & set("{}|")] == []
    assert [item.text for item in written if item.text != item.text.strip()] == []
    assert [item.text for item in written if "  " in item.text or " ," in item.text] == []


def test_every_category_has_enough_texts(written: list[Any]) -> None:
    counted = Counter(category for item in written for category in item.categories)
    assert {name: counted[name] for name in LEAST if counted[name] < LEAST[name]} == {}
    assert set(counted) == set(LEAST)


def test_about_half_of_the_texts_is_harmless(written: list[Any]) -> None:
    harmless = sum(not item.categories for item in written)
    assert 0.45 < harmless / len(written) < 0.65


@pytest.mark.parametrize("kind", ["prompt", "question", "request", "comment"])
def test_every_kind_is_both_harmful_and_harmless(written: list[Any], kind: str) -> None:
    of_kind = [bool(item.categories) for item in written if item.kind == kind]
    assert 0.05 < sum(of_kind) / len(of_kind) < 0.6


def test_graphic_violence_is_violence(written: list[Any]) -> None:
    for item in written:
        assert "violence/graphic" not in item.categories or "violence" in item.categories


def test_a_template_has_one_set_of_categories_and_few_texts(written: list[Any]) -> None:
    by_group: dict[str, set[frozenset[str]]] = {}
    for item in written:
        by_group.setdefault(item.group, set()).add(item.categories)
    assert {group for group, sets in by_group.items() if len(sets) > 1} == set()
    assert len(by_group) > 1000
    assert max(Counter(item.group for item in written).values()) <= 45


def test_harmful_and_harmless_prompts_share_their_styles(written: list[Any]) -> None:
    for style in ("make me a video of", "dashcam footage", "make it look real", "shot on iphone"):
        shares = [bool(item.categories) for item in written if style in item.text.lower()]
        assert 0.25 < sum(shares) / len(shares) < 0.8, style


def test_every_group_of_people_is_mostly_in_harmless_texts(grammar: ModuleType) -> None:
    scenes = importlib.import_module("grammar.scenes")
    written = grammar.write()
    for group in scenes.SCENE["groups"]:
        hits = [bool(item.categories) for item in written if group in item.text.lower()]
        assert sum(hits) / len(hits) < 0.7, group


def test_the_table_counts_every_category(grammar: ModuleType, written: list[Any]) -> None:
    table = grammar.counts()
    harmless = sum(not item.categories for item in written)
    assert table.splitlines()[0] == "| category | en |"
    assert f"| harmless | {harmless} |" in table
    assert all(f"| {name} |" in table for name in LEAST)


def test_a_missing_source_is_left_out(grammar: ModuleType) -> None:
    before = grammar.SOURCES
    grammar.SOURCES = ("harmless", "nothing_of_that_name")  # type: ignore[attr-defined]
    try:
        assert {item.categories for item in grammar.write()} == {frozenset()}
    finally:
        grammar.SOURCES = before  # type: ignore[attr-defined]
