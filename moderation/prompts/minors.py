"""Whether a prompt speaks of a minor.

A list of words and ages in eighteen languages (`minors.yaml`). It aims at finding too much rather
than too little, because it decides nothing alone: the policy makes it count together with a
sexual signal. Words that are as common for adults ("girl", "student") count only within some words
of a cue of childhood in the same language ("school", "little"): counted alone they would turn each
sexual prompt about a grown woman into the gravest finding, and that finding would mean less.
It does not see ages that are only hinted at otherwise, names of characters who are children, or
languages that are not in the list.
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
# How many letters may lie between a weak word and its cue: a clause or two.
_CUE_REACH = 80
_Span = tuple[int, int]
_KATAKANA = "\u30a1-\u30fa\u30fc"
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
    people: re.Pattern[str]
    weak: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]


def find(prompt: Normalised) -> tuple[CharSpan, ...]:
    """Where a prompt speaks of a minor, as ranges of the prompt as it was sent, in order.

    Pure and thread-safe; takes time in proportion to the length.
    """
    text = _lower(prompt.text)
    spans = [prompt.origin(start, end) for start, end in sorted(_matches(text))]
    return tuple(dict.fromkeys(spans))


def _matches(text: str) -> Iterator[_Span]:
    for words in _compiled():
        if not words.relevant.search(text):
            continue
        matches = [match.span() for match in words.found.finditer(text) if _is_minor(match, words)]
        if words.people.search(text):
            matches += _weak_matches(text, words, matches)
        if not matches:
            continue
        spared = [match.span() for match in words.exceptions.finditer(text)]
        for start, end in matches:
            if not any(left <= start and end <= right for left, right in spared):
                yield start, end


def _weak_matches(text: str, words: _Words, strong: list[_Span]) -> list[_Span]:
    """Words for people and cues of childhood near one another, in one language.

    What is a part of a strong word ("girl" in "little girl") is none.
    """
    found: list[_Span] = []
    for people, cues in words.weak:
        persons = _outside(people, text, strong)
        hints = _outside(cues, text, strong) if persons else []
        found += [*_near(persons, hints), *_near(hints, persons)]
    return found


def _outside(pattern: re.Pattern[str], text: str, spans: list[_Span]) -> list[_Span]:
    """Matches that do not overlap any of the spans, which rise."""
    found: list[_Span] = []
    at = 0
    for match in pattern.finditer(text):
        start, end = match.span()
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        if at == len(spans) or end <= spans[at][0]:
            found.append((start, end))
    return found


def _near(spans: list[_Span], others: list[_Span]) -> Iterator[_Span]:
    """The spans that have one of the others within reach; both rise, so one pass does."""
    at = 0
    for start, end in spans:
        while at < len(others) and others[at][1] < start - _CUE_REACH:
            at += 1
        if at < len(others) and others[at][0] <= end + _CUE_REACH:
            yield start, end


def _is_minor(match: re.Match[str], words: _Words) -> bool:
    """Whether the number of an age, if there is one, is below 18 ("twenty-five" is not)."""
    years = match.group("before") or match.group("after") or match.group("bare")
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
    other = [languages.pop(name) for name in ("ru", "uk", "hi", "ar")]
    before, after = f"(?<![{_WORD_CHAR}])", f"(?![{_WORD_CHAR}])"
    return (
        _compile(languages.values(), "", before, after),
        _compile(other, "[\u0400-\u0fff]", f"{before}{_ARABIC_PREFIX}", after),
        _compile(dense, "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]", "", ""),
    )


@dataclass(frozen=True, slots=True)
class _Language:
    """One language of the data file."""

    words: tuple[str, ...]
    numbers: tuple[str, ...]
    ages: tuple[str, ...]
    looks: tuple[str, ...]
    tens: tuple[str, ...]
    exceptions: tuple[str, ...]
    people: tuple[str, ...]
    cues: tuple[str, ...]

    @classmethod
    def take(cls, section: Section) -> _Language:
        read = cls(
            words=_plain(section.texts("words")),
            numbers=_plain(section.texts("numbers")),
            ages=_plain(section.texts("ages")),
            looks=_optional(section, "looks"),
            tens=_optional(section, "tens"),
            exceptions=_optional(section, "exceptions"),
            people=_optional(section, "people"),
            cues=_optional(section, "cues"),
        )
        section.done()
        return read


def _optional(section: Section, key: str) -> tuple[str, ...]:
    return _plain(section.texts(key)) if section.has(key) else ()


def _plain(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFKC", word).lower() for word in words)


def _compile(languages: Iterable[_Language], script: str, before: str, after: str) -> _Words:
    """One expression over the words and ages of several languages."""
    languages = list(languages)
    tens = {word for language in languages for word in language.tens}
    people = {word for language in languages for word in language.people}
    gap = "[ -]{1,2}" if before else "[ -]{0,2}"
    return _Words(
        relevant=re.compile(script),
        found=re.compile("|".join(_found_parts(languages, before, after))),
        exceptions=re.compile(_exceptions(languages, before, after)),
        tens=re.compile(f"{before}{_trie(tens)}{gap}$" if tens else "(?!)"),
        people=re.compile(f"{before}{_trie(people)}{after}" if people else "(?!)"),
        weak=tuple(
            (
                re.compile(f"{before}{_trie(language.people)}{after}"),
                re.compile(f"{before}{_trie(language.cues)}{after}"),
            )
            for language in languages
            if language.people and language.cues
        ),
    )


def _found_parts(languages: list[_Language], before: str, after: str) -> list[str]:
    """Expressions for words, for ages with the number first, last, and alone."""
    words = {word for language in languages for word in language.words}
    looks = {word for language in languages for word in language.looks}
    dense = not before
    # In "二十五岁" the number ends with the one for five.
    numeral = "\\d一二三四五六七八九十百千万零〇" if dense else "\\d"  # noqa: RUF001
    # Of a range ("12 to 20 years old") the lower end decides.
    span = r"(?: ?(?:-|\u2013|to|or|bis|oder|a|o|à|ou|do|до|или|或|到|至|から|[~〜]) ?\d{1,2})?"
    digits = rf"(?<![{numeral}])(?<!\d[.,])(?P<before>\d{{1,2}}){span}"
    numbers = _trie(number for language in languages for number in language.numbers)
    start = f"(?<![{numeral}])" if dense else before
    number = f"(?:{digits}|{start}(?P<word>{numbers}))"
    ages = {age for language in languages for age in language.ages}
    tails = {age.removeprefix("{n} ") for age in ages if age.startswith("{n}")}
    heads = {age.removesuffix(" {n}") for age in ages if age.endswith("{n}")}
    parts = [
        f"{before}{_trie(words)}{after}",
        f"{number}[ -]{{0,2}}{_trie(tails, '[ -]{0,2}')}{after}",
    ]
    # "ロリ" is a part of many longer names in katakana, and of "Florida" among them.
    if dense:
        kana = {word for word in words if re.match(f"[{_KATAKANA}]", word)}
        parts[0] = f"(?<![{_KATAKANA}]){_trie(kana)}|{_trie(words - kana)}"
    parts.append(
        f"{before}{_trie(heads)}[ -]{{1,2}}(?:(?P<after>\\d{{1,2}})(?!\\d)|{numbers}{after})"
        if heads
        else "(?P<after>(?!))"
    )
    parts.append(
        f"{before}{_trie(looks)} (?P<bare>\\d{{1,2}})(?= *(?:$|[^\\w\\s%]|and\\b|today|now))"
        if looks
        else "(?P<bare>(?!))"
    )
    return parts


def _exceptions(languages: list[_Language], before: str, after: str) -> str:
    """An expression for what is spared; a number in it may be any."""
    numbers = _trie(number for language in languages for number in language.numbers)
    whole = {word for language in languages for word in language.exceptions if "{n}" not in word}
    parts = [_trie(whole)] if whole else []
    for language in languages:
        for phrase in sorted(set(language.exceptions) - whole):
            head, _, tail = phrase.partition("{n}")
            parts.append(f"{_trie([head])}(?:\\d{{1,2}}|{numbers}){_trie([tail], '[ -]{0,2}')}")
    return f"{before}(?:{'|'.join(parts)}){after}" if parts else "(?!)"


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
