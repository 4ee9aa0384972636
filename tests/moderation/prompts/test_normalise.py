"""The plain form of a prompt, and where its characters came from."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.errors import InvalidInput
from moderation.prompts.evasion import signs
from moderation.prompts.normalise import MAX_CHARS, inspect, normalise
from moderation.prompts.scripts import INVISIBLE, TO_LATIN

# Mostly what makes normalising hard, so that a few characters already meet.
HARD = st.text(
    st.sampled_from(
        "aA ñn.-\t\n\u00a0\u2003\u2800\u0301\u0316\u0308\u0344\u200b\u200d\u202e\ufe0f\u00ad\u034f"
        "\u0430\u0435\u0439\u0456\u03b1\u03bf\u0561\u1100\u1161\u11a8\u3131\u314f\uac00\uff76\uff9e"
        "\u3099\u0915\u093c\u093e\ufb01\ufdfa\u00b4\u0345\u1fb3\u0130\u00df\U0001d4f1\U000e0041"
        "\U0001f3f4\u0f73\u0f71\u09c7\u09be"
    ),
    min_size=1,
    max_size=24,
)
ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
TEXTS = (HARD | ANY).filter(
    lambda text: bool(INVISIBLE.sub("", text.replace("\u2800", "")).strip())
)
ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1).filter(str.strip)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  a   dog\n\tand a cat ", "a dog and a cat"),
        ("\uff46\uff55\uff4c\uff4c width", "full width"),
        ("\U0001d4ee\U0001d4f6\U0001d4f9\U0001d4fd\U0001d502 room", "empty room"),
        ("gar\u200bden\u00ad \ufeffpath", "garden path"),
        ("cafe\u0301", "caf\u00e9"),
        ("g\u0430rd\u0435n", "garden"),
        ("\u0421loud", "Cloud"),
        ("h\u0301\u0316\u0308\u0301\u0301at", "h\u0316\u0301at"),
        ("\u202egarden\u202c", "garden"),
        ("a\U000e0068\U000e0069b", "ab"),
    ],
)
def test_disguise_comes_off(text: str, plain: str) -> None:
    assert normalise(text).text == plain


@pytest.mark.parametrize(
    "text",
    [
        "\u0422\u0438\u0445\u0430\u044f \u043d\u043e\u0447\u044c",
        "\u0397 \u03c0\u03cc\u03bb\u03b7 \u03c4\u03b7 \u03bd\u03cd\u03c7\u03c4\u03b1",
        "\u90fd\u5e02\u306e\u591c\u666f",
        "\u0921\u093c\u0940\u0902 \u0915\u094d\u0937\u093f",
        "\u0e04\u0e49\u0e33".replace("\u0e33", "\u0e4d\u0e32"),
        "caf\u00e9 na\u00efve",
        "Moscow \u2013 \u041c\u043e\u0441\u043a\u0432\u0430",
    ],
)
def test_real_writing_stays(text: str) -> None:
    assert normalise(text).text == text


@pytest.mark.parametrize(
    ("text", "part", "origin"),
    [
        ("a  bi\u200brd", "bird", "bi\u200brd"),
        ("x \ufb01sh y", "fish", "\ufb01sh"),
        ("one g\u0430rden", "garden", "g\u0430rden"),
        ("e\u0301t\u00e9", "\u00e9t\u00e9", "e\u0301t\u00e9"),
        ("a dog", "dog", "dog"),
        ("a   b", " ", "   "),
    ],
)
def test_a_span_points_into_the_prompt_as_sent(text: str, part: str, origin: str) -> None:
    plain = normalise(text)
    start = plain.text.index(part)
    span = plain.origin(start, start + len(part))
    assert text[span.start : span.end] == origin


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a" * (MAX_CHARS + 1), "PROMPT_TOO_LONG"),
        ("", "PROMPT_EMPTY"),
        (" \n\t", "PROMPT_EMPTY"),
        ("\u200b\u2060 \U000e0041", "PROMPT_EMPTY"),
        ("\u2800\u3164", "PROMPT_EMPTY"),
        ("a \ud800 b", "PROMPT_NOT_UNICODE"),
        ("a\x00b", "PROMPT_CONTROL_CHARACTERS"),
        ("a\x1bb", "PROMPT_CONTROL_CHARACTERS"),
        ("a\x7fb", "PROMPT_CONTROL_CHARACTERS"),
        ("\u00e9\x85b", "PROMPT_CONTROL_CHARACTERS"),
    ],
)
def test_what_is_no_prompt_is_refused_without_repeating_it(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        normalise(text)
    error = caught.value
    assert (error.code, error.reason, error.field) == ("INVALID_ARGUMENT", reason, "prompt")
    if reason == "PROMPT_TOO_LONG":
        assert (error.limit, error.actual) == (MAX_CHARS, MAX_CHARS + 1)
    assert len(error.message) < 60


@settings(deadline=None)
@given(TEXTS, st.booleans())
def test_the_plain_form_is_its_own_plain_form(text: str, casefold: bool) -> None:
    plain = normalise(text, casefold=casefold).text
    again = normalise(plain, casefold=casefold)
    assert again.text == plain
    assert unicodedata.is_normalized("NFKC", plain)
    assert not INVISIBLE.search(plain)


@settings(deadline=None)
@given(TEXTS, st.booleans())
def test_offsets_rise_and_stay_inside(text: str, casefold: bool) -> None:
    plain = normalise(text, casefold=casefold)
    starts, ends = list(plain.starts), list(plain.ends)
    assert len(plain.text) == len(starts) == len(ends)
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(starts, ends, strict=True))


@settings(deadline=None)
@given(ASCII)
def test_ascii_changes_in_white_space_and_case_only(text: str) -> None:
    assert normalise(text).text == " ".join(text.split())
    assert normalise(text, casefold=True).text == " ".join(text.lower().split())


@pytest.mark.parametrize(
    "text",
    [
        "a" + "\u0301\u0316" * 3999,
        "\u0316\u0301" * 4000,
        "\u200b" * 7999 + "a",
        "\u0430a\u0430" * 2666,
        "a " * 4000,
        "a_" * 3999 + "ab",
        "\ufdfa" * 8000,
        "\u1161" * 8000,
        "\U000e0041" * 7999 + "a",
    ],
)
def test_hostile_prompts_are_read_like_others(text: str) -> None:
    plain = normalise(text, casefold=True)
    assert len(plain.text) <= 18 * len(text)
    inspect(text)


def test_the_table_makes_latin_letters_of_others() -> None:
    assert all(latin.isascii() and latin.isalpha() for latin in TO_LATIN.values())
    assert not any(chr(letter).isascii() for letter in TO_LATIN)
    assert all(unicodedata.is_normalized("NFKC", chr(letter)) for letter in TO_LATIN)


@pytest.mark.parametrize(
    "text",
    [
        "a g\u200bar\u200bden",
        "\u202enedrag",
        "hidden \U000e0068\U000e0069 words",
        "g\u0430rden p\u0430th",
        "g a r d e n p a t h",
        "g_a_r_d_e_n_p_a_t_h",
        "h\u0301\u0301\u0301 a\u0301\u0301\u0301 t\u0301\u0301\u0301",
    ],
)
def test_disguise_is_a_signal(text: str) -> None:
    (signal,) = inspect(text)
    assert (signal.category, signal.score, signal.source) == ("evasion", 1.0, "evasion-signs")


@pytest.mark.parametrize(
    "text",
    [
        "A quiet street in the rain, 35 mm lens",
        "family \U0001f468\u200d\U0001f469\u200d\U0001f467 on a beach",
        "flag \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "a 5 \u03bcm lens",
        "\u041c\u043e\u0441\u043a\u0432\u0430 and Moscow",
        "plan A B C",
        "the S.H.I.E.L.D. team",
        "pasted\ufefftext",
    ],
)
def test_ordinary_writing_is_no_signal(text: str) -> None:
    assert inspect(text) == ()


def test_signs_are_counted() -> None:
    found = signs("g\u0430rden \u202e a b c d e")
    assert (found.mixed_words, found.direction, found.spaced_letters) == (1, 1, 5)
