"""What a negative prompt says: a list of what to keep out, or something else under that name.

A list of unwanted things is not held against its writer: "blood, nudity, text" is written by who
wants none of it. Two things are. What is no list (a phrase as long as a sentence) is read like a
prompt, because lists have no use for sentences. And a list that takes clothing or age away asks for
what is left: see docs/decisions/0010-request-parts.md.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from moderation.documents import Section, read_document
from moderation.prompts.normalise import Normalised
from moderation.verdict import CharSpan

# The longest phrase of a list, in words, or in characters of scripts without blanks.
_MOST_WORDS = 7
_MOST_DENSE = 18
_SEPARATOR = re.compile("[,;|\n.、，；。।؛،]+")  # noqa: RUF001
_DENSE_CLASS = "\u3040-\u30ff\u3400-\u9fff"
_DENSE = re.compile(f"[{_DENSE_CLASS}]")
_WORD_CHAR = r"\w\u0300-\u036f\u0900-\u0963\u0971-\u097f\u064b-\u065f"
_BEFORE, _AFTER = f"(?<![{_WORD_CHAR}])", f"(?![{_WORD_CHAR}])"


@dataclass(frozen=True, slots=True)
class TakenAway:
    """What a negative prompt takes away that leaves something to worry about.

    Attributes:
        clothing: Where it names clothing as such, in the negative prompt as it was sent.
        age: Where it names being adult or old.
    """

    clothing: tuple[CharSpan, ...]
    age: tuple[CharSpan, ...]


def is_list(text: str) -> bool:
    """Whether a negative prompt is a list of short phrases."""
    return all(_is_short(phrase) for phrase in _SEPARATOR.split(text))


def taken_away(prompt: Normalised) -> TakenAway:
    """Where a negative prompt names clothing or age. Pure; linear in its length."""
    folded = _folded(prompt.text)
    clothing, age = _compiled()
    return TakenAway(_spans(clothing, folded, prompt), _spans(age, folded, prompt))


def _is_short(phrase: str) -> bool:
    dense = len(_DENSE.findall(phrase))
    return dense <= _MOST_DENSE and len(phrase.split()) <= _MOST_WORDS


def _spans(pattern: re.Pattern[str], text: str, prompt: Normalised) -> tuple[CharSpan, ...]:
    return tuple(prompt.origin(*match.span()) for match in pattern.finditer(text))


def _folded(text: str) -> str:
    """Lower case of the same length."""
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


@cache
def _compiled() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The words for clothing and for age of `negative.yaml`, all languages in one expression."""
    document = read_document((Path(__file__).parent / "negative.yaml").read_bytes())
    found = (_pattern(document.section("clothing")), _pattern(document.section("age")))
    document.done()
    return found


def _pattern(section: Section) -> re.Pattern[str]:
    words = {
        unicodedata.normalize("NFKC", word).lower()
        for language in section.names()
        for word in section.texts(language)
    }
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    spaced = "|".join(re.escape(word) for word in longest_first if not _DENSE.search(word))
    dense = "|".join(re.escape(word) for word in longest_first if _DENSE.search(word))
    return re.compile(f"{_BEFORE}(?:{spaced}){_AFTER}|{dense}")
