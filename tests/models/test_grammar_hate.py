"""The grammar of hate: both sides in every language, over the same groups."""

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
LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "zh", "ja", "hi", "ar", "ru", "nl", "pl")
LABELS = tuple(
    frozenset(label.split())
    for label in ("hate", "hate violence", "harassment", "harassment violence", "")
)


@pytest.fixture(scope="module")
def hate() -> Iterator[ModuleType]:
    """The module, imported as the recipe imports it."""
    before = set(sys.modules)
    sys.path.insert(0, str(FOLDER))
    yield importlib.import_module("grammar.hate")
    sys.path.remove(str(FOLDER))
    for name in set(sys.modules) - before:
        if name.split(".")[0] == "grammar":
            del sys.modules[name]


@pytest.fixture(scope="module")
def written(hate: ModuleType) -> dict[str, list[Any]]:
    return {grammar.lang: list(grammar.write()) for grammar in hate.GRAMMARS}


def test_the_grammar_repeats_itself(hate: ModuleType) -> None:
    english = hate.GRAMMARS[0]
    assert list(english.write(1)) == list(english.write(1))
    assert list(english.write(1)) != list(english.write(2))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_sides_have_enough_texts(written: dict[str, list[Any]], lang: str) -> None:
    items = written[lang]
    texts = [item.text for item in items]
    assert len(texts) == len(set(texts))
    assert not any(mark in text for text in texts for mark in "{}_|")
    assert {item.lang for item in items} == {lang}
    hateful = sum("hate" in item.categories for item in items)
    harmless = sum(not item.categories for item in items)
    assert hateful >= 900
    assert 1.0 < harmless / hateful < 1.7


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_label_and_kind_is_written(written: dict[str, list[Any]], lang: str) -> None:
    counts = Counter((item.categories, item.kind) for item in written[lang])
    for categories in LABELS:
        assert counts[categories, "comment"] >= 20, categories
    assert counts[frozenset({"hate"}), "prompt"] >= 90
    assert counts[frozenset(), "prompt"] >= 90
    assert {kind for _, kind in counts} == {"comment", "prompt"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_alone_part_nothing(
    hate: ModuleType, written: dict[str, list[Any]], lang: str
) -> None:
    speech = next(speech for speech in hate.SPEECHES if speech.lang == lang)
    hateful = [_plain(item.text) for item in written[lang] if "hate" in item.categories]
    harmless = [_plain(item.text) for item in written[lang] if not item.categories]
    forms = zip(*(speech.slots[slot] for slot in speech.groups), strict=True)
    said = [(fill,) for slot in ("one", "bad", "feel") for fill in speech.slots[slot]]
    for least, wanted in ((6, forms), (1, said)):
        for fills in wanted:
            plain = [_plain(fill) for fill in fills]
            for side in (hateful, harmless):
                assert sum(any(fill in text for fill in plain) for text in side) >= least, fills


@pytest.mark.parametrize("lang", LANGUAGES)
def test_slots_and_templates_are_all_used_once(hate: ModuleType, lang: str) -> None:
    speech = next(speech for speech in hate.SPEECHES if speech.lang == lang)
    templates = [
        *speech.hate, *speech.threat, *speech.abuse, *speech.menace,
        *speech.fair, *speech.other, *speech.shown, *speech.seen,
    ]  # fmt: skip
    assert len(templates) == len(set(templates))
    for slot in set(speech.slots) - {"o", "t"}:
        assert any("{" + slot + "}" in template for template in templates), slot
    for group in speech.groups:
        assert len(speech.slots[group]) == len(set(speech.slots[group])) >= 25


def _plain(text: str) -> str:
    return text.casefold().replace(" ", "")
