"""Windows: every character is read in both sizes, and no window is longer than it may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.windows import LARGE_UNITS, MAX_LARGE, MAX_SMALL, SMALL_UNITS, windows

WORDS = st.lists(
    st.sampled_from(["a", "cat", "walks.", "slowly,", "through", "猫が歩く。", "extraordinarily"]),
    max_size=1500,
)
SENTENCE = "The last sentence of this prompt is the one that matters here."


def test_a_short_text_stays_whole() -> None:
    assert windows("  a cat walks ") == ["a cat walks"]
    assert windows("") == [""]
    assert windows("x" * SMALL_UNITS) == ["x" * SMALL_UNITS]


@given(WORDS, st.sampled_from([" ", ""]))
def test_windows_cover_the_text(words: list[str], between: str) -> None:
    text = between.join(words).strip()
    found = windows(text)
    assert 1 <= len(found) <= MAX_LARGE + MAX_SMALL
    covered = [False] * len(text)
    for window in found:
        at = text.find(window)
        assert at >= 0
        while at >= 0:
            covered[at : at + len(window)] = [True] * len(window)
            at = text.find(window, at + 1)
    assert all(covered)


@given(st.text(max_size=6000))
def test_any_text_is_cut(text: str) -> None:
    found = windows(text)
    assert 1 <= len(found) <= MAX_LARGE + MAX_SMALL
    assert text.strip().startswith(found[0])


@pytest.mark.parametrize("cut", range(0, 1200, 37))
def test_a_sentence_is_whole_in_a_window(cut: int) -> None:
    text = ("A quiet harbour in the morning. " * 40)[:-1]
    mixed = f"{text[:cut]} {SENTENCE} {text[cut:]}"
    assert any(SENTENCE in window for window in windows(mixed))


def test_a_sentence_among_others_has_a_window_of_its_own() -> None:
    calm = "The harbour is quiet, boats rock in the morning light and gulls circle above. "
    for before in range(1, 90):
        found = windows(calm * before + SENTENCE)
        assert any(SENTENCE in window and len(window) <= SMALL_UNITS for window in found)


@pytest.mark.parametrize("text", ["word " * 1600, "Short one. " * 727, "." * 8000, "a." * 4000])
def test_the_longest_prompt_needs_no_longer_windows(text: str) -> None:
    found = windows(text)
    assert len(found) <= MAX_LARGE + MAX_SMALL
    assert max(map(len, found)) <= LARGE_UNITS


NUMBERED = {
    "one word": "".join(map(str, range(60_000))),
    "words": " ".join(map(str, range(60_000))),
    "sentences": ". ".join(map(str, range(60_000))),
    "wide": "".join(chr(0x4E00 + n % 20_000) for n in range(60_000)),
    "wide sentences": "。".join(chr(0x4E00 + n % 20_000) for n in range(60_000)),
    "uneven": ". ".join(str(n) * (1 + 41 * (n % 3)) for n in range(2_000)),
}


@pytest.mark.parametrize("name", sorted(NUMBERED))
def test_a_longer_text_gets_longer_windows_not_more(name: str) -> None:
    found = windows(NUMBERED[name])
    assert len(found) <= MAX_LARGE + MAX_SMALL
    assert sum(map(len, found)) >= 2 * len(NUMBERED[name])


def test_a_wide_text_gets_more_windows() -> None:
    wide = "".join(chr(0x4E00 + n) for n in range(500))
    narrow = "".join(map(str, range(100, 300)))[:500]
    assert len(windows(wide)) > len(windows(narrow))
