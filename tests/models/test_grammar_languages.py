"""The grammars of the ten languages besides English."""

from __future__ import annotations

import importlib
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.registry import MODELS_FOLDER

FOLDER = MODELS_FOLDER / "prompt-safety"
LANGUAGES = ("es", "fr", "de", "pt", "it", "zh", "ja", "hi", "ar", "ru")
CATEGORIES = (
    "violence",
    "violence/graphic",
    "self-harm",
    "illicit",
    "extremism",
    "political",
    "misinformation",
    "harassment",
    "privacy",
    "likeness/public-figure",
    "ip/third-party",
    "sexual",
)
#: First words of the Unicode names of the letters that a language is written in.
SCRIPTS = {
    "zh": ("CJK",),
    "ja": ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"),
    "hi": ("DEVANAGARI",),
    "ar": ("ARABIC",),
    "ru": ("CYRILLIC",),
}


@pytest.fixture(scope="module")
def languages() -> Iterator[ModuleType]:
    before = set(sys.modules)
    sys.path.insert(0, str(FOLDER))
    yield importlib.import_module("grammar.languages")
    sys.path.remove(str(FOLDER))
    for name in set(sys.modules) - before:
        if name.split(".")[0] == "grammar":
            del sys.modules[name]


@pytest.fixture(scope="module")
def texts(languages: ModuleType) -> dict[str, list[Any]]:
    return {grammar.lang: list(grammar.write()) for grammar in languages.GRAMMARS}


def letters_of(text: str, scripts: tuple[str, ...]) -> float:
    letters = [character for character in text if character.isalpha()]
    ours = [letter for letter in letters if unicodedata.name(letter).split()[0] in scripts]
    return len(ours) / len(letters)


def test_every_language_has_a_grammar(texts: dict[str, list[Any]]) -> None:
    assert tuple(texts) == LANGUAGES


def test_the_same_seed_writes_the_same_texts(languages: ModuleType) -> None:
    grammar = languages.GRAMMARS[0]
    assert list(grammar.write(3)) == list(grammar.write(3))
    assert list(grammar.write(3)) != list(grammar.write(4))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_are_whole_and_unique(texts: dict[str, list[Any]], lang: str) -> None:
    found = [written.text for written in texts[lang]]
    assert len(found) == len(set(found))
    for text in found:
        assert not re.search(r"[{}|#\n]|\s[,،]|,,|  ", text), text
        assert text == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_category_and_kind_is_there(texts: dict[str, list[Any]], lang: str) -> None:
    counts = Counter(category for written in texts[lang] for category in written.categories)
    assert set(counts) == set(CATEGORIES)
    assert min(counts.values()) >= 50
    harmless = [written for written in texts[lang] if not written.categories]
    assert len(harmless) >= 1300
    assert 0.5 < len(harmless) / len(texts[lang]) < 0.7
    assert {w.kind for w in harmless} == {"prompt", "question", "request", "comment"}
    assert {w.kind for w in texts[lang] if w.categories} >= {"prompt", "question", "request"}
    graphic = [w for w in texts[lang] if "violence/graphic" in w.categories]
    assert all("violence" in written.categories for written in graphic)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_are_in_their_script(texts: dict[str, list[Any]], lang: str) -> None:
    scripts = SCRIPTS.get(lang, ("LATIN",))
    shares = [letters_of(written.text, scripts) for written in texts[lang]]
    assert min(shares) > 0.3
    assert sum(shares) / len(shares) > 0.97


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_slot_is_used(languages: ModuleType, lang: str) -> None:
    (grammar,) = (found for found in languages.GRAMMARS if found.lang == lang)
    templates = [template for rule in grammar.rules for template in rule.templates]
    assert len(templates) == len(set(templates))
    assert set(grammar.slots) == set(re.findall(r"\{(\w+)\}", " ".join(templates)))
    assert len(grammar.slots["name"]) >= 40
    assert len(grammar.slots["hero"]) >= 40


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sexual_texts_name_nobody_and_share_no_place(languages: ModuleType, lang: str) -> None:
    """The shared places have a school among them; what is sexual has its own."""
    (grammar,) = (found for found in languages.GRAMMARS if found.lang == lang)
    rules = [rule for rule in grammar.rules if "sexual" in rule.categories.split()]
    slots = {
        slot for rule in rules for text in rule.templates for slot in re.findall(r"{(\w+)}", text)
    }
    assert slots <= {"shot", "room", "city", "mood"}


@settings(max_examples=50)
@given(st.lists(st.text("ab -", min_size=1).map(str.strip), min_size=1))
def test_fills_keep_every_fill(languages: ModuleType, items: list[str]) -> None:
    lists = importlib.import_module("grammar.languages.lists")
    found = lists.fills("\n |".join(items))
    assert found == tuple(" ".join(item.split()) for item in items)


def test_rules_are_read_from_their_headings(languages: ModuleType) -> None:
    lists = importlib.import_module("grammar.languages.lists")
    harmful, harmless = lists.rules("# violence sexual 3 prompt\na\nb\n\n# 2 question\nc")
    assert (harmful.categories, harmful.templates) == ("violence sexual", ("a", "b"))
    assert (harmless.categories, harmless.count, harmless.kind) == ("", 2, "question")
    for malformed in ("a", "# violence 3", "# violence prompt\na"):
        with pytest.raises(ValueError, match=r"heading|unpack|int"):
            lists.rules(malformed)
