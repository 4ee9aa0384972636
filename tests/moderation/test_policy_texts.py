"""What users read: in their language, with the category, and with nothing to get around it by."""

from __future__ import annotations

import re
from typing import Any

import pytest

from moderation.policy import PolicyInvalid
from moderation.taxonomy import categories
from moderation.verdict import Context, Decision, Stage
from tests.moderation.policies import DEFAULT, document, judge, parse, prompt

LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "zh", "ja", "hi", "ar", "ru")
TEXTS = DEFAULT.document.texts


def _with(**changes: Any) -> Any:
    changed = document()
    for key, value in changes.items():
        changed[key] = value
    return parse(changed).document.texts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("category", categories())
def test_every_category_has_a_text_in_every_language(category: str, language: str) -> None:
    review = TEXTS.tell(Decision.REVIEW, category, language)
    block = TEXTS.tell(Decision.BLOCK, category, language)
    degraded = TEXTS.tell(Decision.REVIEW, "", language)
    assert len({review, block, degraded}) == 3
    for text in (review, block, degraded):
        assert "{" not in text
        assert not re.search(r"\d", text)
    if language != "en":
        english = (Decision.REVIEW, Decision.BLOCK)
        assert {review, block}.isdisjoint(TEXTS.tell(each, category, "en") for each in english)
    assert TEXTS.names[category][language] in review


def test_another_language_or_none_falls_back_to_english() -> None:
    for decision in (Decision.REVIEW, Decision.BLOCK):
        for category in ("hate", ""):
            english = TEXTS.tell(decision, category, "en")
            assert TEXTS.tell(decision, category, "sw") == english
            assert TEXTS.tell(decision, category, "") == english
    assert TEXTS.tell(Decision.BLOCK, "hate", "en") == categories()["hate"].user_text
    assert TEXTS.tell(Decision.ALLOW, "hate", "en") == ""


def test_the_verdict_speaks_the_prompts_language() -> None:
    german = judge([prompt("hate", 0.9)], Context(Stage.PROMPT, language="de"))
    assert german.user_text == TEXTS.tell(Decision.REVIEW, "hate", "de")
    assert german.language == "de"
    frames = judge([], Context(Stage.FRAMES, language="de"))
    assert frames.language == ""


def test_a_plain_text_stands_for_every_language() -> None:
    texts = _with(
        texts={"review": "Please wait.", "degraded": "Later."}, user_texts={"political": "No ads."}
    )
    for language in (*LANGUAGES, "sw", ""):
        assert texts.tell(Decision.REVIEW, "hate", language) == "Please wait."
        assert texts.tell(Decision.REVIEW, "", language) == "Later."
        assert texts.tell(Decision.BLOCK, "political", language) == "No ads."
        assert texts.tell(Decision.BLOCK, "hate", language) == categories()["hate"].user_text


def test_a_name_that_is_missing_is_the_taxonomys_in_english() -> None:
    texts = _with(
        category_names={"hate": {"de": "Hass"}},
        texts={
            "review": {"en": "Wait: {category}.", "de": "Warten: {category}."},
            "degraded": "Later.",
        },
    )
    assert texts.tell(Decision.REVIEW, "hate", "de") == "Warten: Hass."
    assert texts.tell(Decision.REVIEW, "hate", "en") == "Wait: hate."
    assert texts.tell(Decision.REVIEW, "violence", "de") == "Wait: violence."


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"texts": {"review": {"de": "Warten."}, "degraded": "x"}}, "texts.review.en"),
        ({"texts": {"review": {"en": "x", "DE": "y"}, "degraded": "x"}}, "texts.review.DE"),
        ({"texts": {"review": {"en": "x" * 501}, "degraded": "x"}}, "texts.review.en"),
        ({"texts": {"review": "x", "degraded": "x", "allow": "x"}}, "texts.allow"),
        ({"category_names": {"weather": {"en": "rain"}}}, "category_names.weather"),
        ({"user_texts": {"hate": {"en": ""}}}, "user_texts.hate.en"),
    ],
)
def test_an_error_names_its_place(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(PolicyInvalid) as caught:
        _with(**changes)
    assert caught.value.field == field
