"""Whether a prompt speaks of a minor. Every text here is about everyday scenes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.prompts.minors import find
from moderation.prompts.normalise import normalise


def _found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find(normalise(text))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A child flies a kite", ["child"]),
        ("Two KIDS and a dog", ["KIDS"]),
        ("twenty children sing", ["children"]),
        ("a 17-year-old chess player", ["17-year-old"]),
        ("a 7 year old and her bike", ["7 year old"]),
        ("a seven-year-old with a kite", ["seven-year-old"]),
        ("a 9yo painter", ["9yo"]),
        ("a girl of fifteen reads", ["girl of fifteen"]),
        ("a pianist aged 12", ["aged 12"]),
        ("a 3 month old sleeps", ["3 month old"]),
        ("a high school library", ["high school"]),
        ("a schoolgirl on a bus", ["schoolgirl"]),
        ("photo of a minor with a guardian", ["minor"]),
        ("un niño de 5 años", ["niño", "5 años"]),
        ("une fillette de six ans", ["fillette", "six ans"]),
        ("ein Kind, zwölfjährig", ["ein Kind", "zwölfjährig"]),
        ("uma criança de 8 anos", ["criança", "8 anos"]),
        ("una bambina di dieci anni", ["bambina", "dieci anni"]),
        ("一个五岁的小男孩", ["五岁", "小男孩"]),
        ("15歳の少年", ["15歳", "少年"]),
        ("12 साल का बच्चा", ["12 साल", "बच्चा"]),
        ("والأطفال في الحديقة", ["والأطفال"]),
        ("عمرها ١٢", ["عمرها ١٢"]),
        ("детский сад", ["детский"]),
        ("16-летний шахматист", ["16-летний"]),
    ],
)
def test_a_minor_is_found_in_eleven_languages(text: str, words: list[str]) -> None:
    assert _found(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "an 18-year-old athlete",
        "a 25 years old oak",
        "a twenty-five year old baker",
        "a man aged 90",
        "a woman of thirty five years of age",
        "vingt-cinq ans",
        "treinta y cinco años",
        "мужчина двадцать пять лет",
        "мужчина 25 лет",
        "二十五岁的男人",
        "45歳の女性",
        "boots of kid leather",
        "a baby blue car by a baby grand piano",
        "a symphony in D minor",
        "a kind old man",
        "kidney beans and a childless throne",
        "カロリーの少ない料理",
        "सरकार की बैठक",
    ],
)
def test_adults_and_things_are_not(text: str) -> None:
    assert _found(text) == []


def test_an_exception_spares_only_itself() -> None:
    assert _found("a kid in kid leather boots") == ["kid"]


@pytest.mark.parametrize(
    "text", ["a ch\u200bild", "a \uff43\uff48\uff49\uff4c\uff44", "a ch\u0456ld", "a CHILD"]
)
def test_disguise_does_not_hide_a_word(text: str) -> None:
    assert _found(text) == [text[2:]]


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_spans_lie_in_the_prompt_and_rise(text: str) -> None:
    spans = find(normalise(f"{text} child"))
    assert spans
    assert [span.start for span in spans] == sorted(span.start for span in spans)
    assert all(0 <= span.start < span.end <= len(text) + 6 for span in spans)


@settings(deadline=None)
@given(st.integers(0, 99))
def test_the_age_decides(years: int) -> None:
    assert bool(_found(f"a {years}-year-old gardener")) == (years < 18)


@pytest.mark.parametrize(
    "part", ["1 ", "aged ", "ребен", "1-", "十", "little ", "\u0661", "وب", "five "]
)
def test_long_prompts_are_read_like_others(part: str) -> None:
    find(normalise(part * (8000 // len(part))))
