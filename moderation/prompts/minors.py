"""Whether a prompt speaks of a minor.

A list of words and ages in eleven languages (`minors.yaml`). It aims at finding too much rather
than too little, because it decides nothing alone: the policy makes it count together with a
sexual signal. It does not see ages that are only hinted at, names of characters who are children,
or languages that are not in the list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from moderation.documents import Section, read_document
from moderation.prompts.normalise import Normalised
from moderation.verdict import CharSpan

ADULT_YEARS = 18
_LONGEST_TENS = 20
# Letters and the marks that belong to them: Python's \w has no vowel signs of Devanagari.
_WORD_CHAR = r"\w\u0300-\u036f\u0900-\u0963\u0971-\u097f\u064b-\u065f"
# Arabic writes "and", "with", "for" and the article in one with the word.
_ARABIC_PREFIX = "(?:[\u0648\u0641]?[\u0628\u0644\u0643]?(?:\u0627\u0644|\u0644)?)"


@dataclass(frozen=True, slots=True)
class _Words:
    """The compiled words of one kind of script."""

    relevant: re.Pattern[str]
    found: re.Pattern[str]
    exceptions: re.Pattern[str]
    tens: re.Pattern[str]


def find(prompt: Normalised) -> tuple[CharSpan, ...]:
    """Where a prompt speaks of a minor, as ranges of the prompt as it was sent, in order.

    Pure and thread-safe; takes time in proportion to the length.
    """
    text = _lower(prompt.text)
    spans = [prompt.origin(start, end) for start, end in sorted(_matches(text))]
    return tuple(dict.fromkeys(spans))


def _matches(text: str) -> Iterator[tuple[int, int]]:
    for words in _compiled():
        if not words.relevant.search(text):
            continue
        matches = [match for match in words.found.finditer(text) if _is_minor(match, words)]
        if not matches:
            continue
        spared = [match.span() for match in words.exceptions.finditer(text)]
        for match in matches:
            start, end = match.span()
            if not any(left <= start and end <= right for left, right in spared):
                yield start, end


def _is_minor(match: re.Match[str], words: _Words) -> bool:
    """Whether the number of an age, if there is one, is below 18 ("twenty-five" is not)."""
    years = match.group("before") or match.group("after")
    if years is not None:
        return int(years) < ADULT_YEARS
    if match.group("word") is None:
        return True
    before = match.string[max(0, match.start() - _LONGEST_TENS) : match.start()]
    return not words.tens.search(before)


def _lower(text: str) -> str:
    """Lower case of the same length."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


@cache
def _compiled() -> tuple[_Words, ...]:
    """The word lists of `minors.yaml`: Latin, other scripts with blanks, scripts without."""
    document = read_document((Path(__file__).parent / "minors.yaml").read_bytes())
    spaced, unspaced = document.section("spaced"), document.section("unspaced")
    languages = {name: _Language.take(spaced.section(name)) for name in spaced.names()}
    dense = [_Language.take(unspaced.section(name)) for name in unspaced.names()]
    document.done()
    other = [languages.pop(name) for name in ("ru", "hi", "ar")]
    before, after = f"(?<![{_WORD_CHAR}])", f"(?![{_WORD_CHAR}])"
    return (
        _compile(languages.values(), "", before, after),
        _compile(other, "[\u0400-\u0fff]", f"{before}{_ARABIC_PREFIX}", after),
        _compile(dense, "[\u3040-\u30ff\u3400-\u9fff]", "", ""),
    )


@dataclass(frozen=True, slots=True)
class _Language:
    """One language of the data file."""

    words: tuple[str, ...]
    numbers: tuple[str, ...]
    ages: tuple[str, ...]
    tens: tuple[str, ...]
    exceptions: tuple[str, ...]

    @classmethod
    def take(cls, section: Section) -> _Language:
        read = cls(
            words=_plain(section.texts("words")),
            numbers=_plain(section.texts("numbers")),
            ages=_plain(section.texts("ages")),
            tens=_plain(section.texts("tens")) if section.has("tens") else (),
            exceptions=_plain(section.texts("exceptions")) if section.has("exceptions") else (),
        )
        section.done()
        return read


def _plain(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFKC", word).lower() for word in words)


def _compile(languages: Iterable[_Language], script: str, before: str, after: str) -> _Words:
    """One expression over the words and ages of several languages."""
    languages = list(languages)
    words = {word for language in languages for word in language.words}
    exceptions = {word for language in languages for word in language.exceptions}
    tens = {word for language in languages for word in language.tens}
    dense = not before
    # In "二十五岁" the number ends with the one for five.
    numeral = "\\d一二三四五六七八九十百千" if dense else "\\d"
    digits = rf"(?<![{numeral}])(?<!\d[.,])(?P<GROUP>\d{{1,2}})"
    numbers = _trie(number for language in languages for number in language.numbers)
    start = f"(?<![{numeral}])" if dense else before
    number = f"(?:{digits}|{start}(?P<word>{numbers}))"
    ages = {age for language in languages for age in language.ages}
    tails = {age.removeprefix("{n} ") for age in ages if age.startswith("{n}")}
    heads = {age.removesuffix(" {n}") for age in ages if age.endswith("{n}")}
    parts = [
        f"{before}{_trie(words)}{after}",
        f"{number.replace('GROUP', 'before')}[ -]{{0,2}}{_trie(tails, '[ -]{0,2}')}{after}",
        f"{before}{_trie(heads)}[ -]{{1,2}}"
        rf"(?:(?P<after>\d{{1,2}})(?!\d)|{numbers}{after})"
        if heads
        else "(?P<after>(?!))",
    ]
    spared = f"{before}{_trie(exceptions)}{after}" if exceptions else "(?!)"
    return _Words(
        relevant=re.compile(script),
        found=re.compile("|".join(parts)),
        exceptions=re.compile(spared),
        tens=re.compile(f"{before}{_trie(tens)}[ -]{{1,2}}$" if tens else "(?!)"),
    )


def _trie(words: Iterable[str], blank: str = "[ -]") -> str:
    """An expression for any of the words that looks at each character once, longest first."""
    branches: dict[str, list[str]] = {}
    ends = False
    for word in words:
        if word:
            branches.setdefault(word[0], []).append(word[1:])
        else:
            ends = True
    parts = [_char(char, blank) + _trie(rest, blank) for char, rest in sorted(branches.items())]
    if not parts:
        return ""
    body = parts[0] if len(parts) == 1 and not ends else f"(?:{'|'.join(parts)})"
    return f"{body}?" if ends else body


def _char(char: str, blank: str) -> str:
    return {" ": blank, "*": rf"[{_WORD_CHAR}]*"}.get(char, re.escape(char))
