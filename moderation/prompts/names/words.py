"""Cuts a text into words as names are compared: folded, without possessives, initials joined."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from moderation.prompts.scripts import STACKABLE_CLASS

# Marks of scripts that write vowels as marks belong to the word.
_LETTER = f"(?:[^\\W_]|[{STACKABLE_CLASS}\u0900-\u0963\u064b-\u065f\u0670\u0640])"
_WORD = re.compile(f"{_LETTER}+(?:['\u2019\u02bc]{_LETTER}+)*")
_APOSTROPHE = re.compile("['\u2019\u02bc]")
_ELISION = re.compile("(?i)(?:[ldjcsnmt]|qu|dell|all|nell|dall|sull|un)$")
_MARK = re.compile("[\u0300-\u036f\u093c\u064b-\u065f\u0670\u0640]")
# Latin letters that have no accent to lose; Cyrillic, Arabic and Hindi letters with two ways.
_LETTERS = str.maketrans(
    {"\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u00f0": "d", "\u00fe": "th", "\u00e6": "ae",
     "\u0153": "oe", "\u0131": "i", "\u0451": "\u0435", "\u0623": "\u0627", "\u0625": "\u0627",
     "\u0622": "\u0627", "\u0629": "\u0647", "\u0649": "\u064a", "\u06cc": "\u064a",
     "\u06a9": "\u0643", "\u0901": "\u0902"}
)  # fmt: skip
_LONGEST_ENDING = 3  # letters behind an apostrophe that are a case or a plural, not the name
_SHORTEST_ELIDED = 3
_TITLE_CASE = 0.6  # share of words with a capital from which capitals tell nothing
_LONGEST_CACHED = 40  # characters of a word whose folded form is kept
# A blank, a hyphen, "&", a stop, a comma or colon, quotation marks, an elided article.
_GAP = re.compile("[ _/\u00b7-]| - | ?& ?|[.,:] ?| ?[\"'\u2018-\u201d] ?| [dlnDLN]['\u2019]")
_MAX_ABBREVIATION = 3


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text.

    Attributes:
        text: The text.
        keys: Each word, folded.
        starts: Where each word begins in the text.
        ends: Where it ends (half-open), possessives included.
        capitals: Whether it begins with a capital letter or a digit.
        telling: Whether capitals tell names from words in this text.
    """

    text: str
    keys: list[str]
    starts: list[int]
    ends: list[int]
    capitals: list[bool]
    telling: bool

    def adjoin(self, index: int) -> bool:
        """Whether the words at `index - 1` and `index` can belong to one name."""
        gap = self.text[self.ends[index - 1] : self.starts[index]]
        if gap in (" ", "-"):
            return True
        if gap == ". " and len(self.keys[index - 1]) > _MAX_ABBREVIATION:
            return False
        return _GAP.fullmatch(gap) is not None

    def holds(self, sought: Phrases, start: int, end: int, reach: int) -> bool:
        """Whether a word or phrase stands within `reach` words of the name at `start` to `end`."""
        if not sought:
            return False
        keys = self.keys
        first, last = max(0, start - reach), end + reach
        around = {*keys[first:start], *keys[end:last]}
        if not sought.words.isdisjoint(around):
            return True
        if any(key[-1:] == "s" and key[:-1] in sought.words for key in around):
            return True
        if not sought.phrases:
            return False
        stretch = f" {' '.join(keys[first:last])} "
        return any(phrase in stretch for phrase in sought.phrases)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words and phrases, folded, ready to be looked for."""

    words: frozenset[str]
    phrases: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Phrases:
        """Takes words and phrases as they are written."""
        parts = [read(text).keys for text in texts]
        return cls(
            frozenset(keys[0] for keys in parts if len(keys) == 1),
            tuple(f" {' '.join(keys)} " for keys in parts if len(keys) > 1),
        )

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)


def read(text: str) -> Words:
    """Cuts a text into words. Linear in its length; never raises."""
    keys: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    capitals: list[bool] = []
    for match in _WORD.finditer(text):
        word = match.group()
        start, end = match.span()
        if word.isascii() and "'" not in word:
            key = word.lower()
        else:
            cut, key = _cut(word)
            start += cut
        if len(key) == 1 and keys and _is_next_initial(text, keys[-1], ends[-1], start):
            keys[-1] += key
            ends[-1] = end
            continue
        keys.append(key)
        starts.append(start)
        ends.append(end)
        capitals.append(text[start].isupper() or text[start].isdigit())
    big = sum(capitals)
    telling = big > 0 and (big <= _TITLE_CASE * len(keys) or len(keys) == 1)
    return Words(text, keys, starts, ends, capitals, telling)


def _is_next_initial(text: str, before: str, end: int, start: int) -> bool:
    """Whether a letter goes on with initials: "J.K.", "J. K.", "J K"."""
    if len(before) > _MAX_ABBREVIATION or not text[end - 1].isupper() or not text[start].isupper():
        return False
    if len(before) > 1 and text[end - len(before) : end].isupper() and text[end : end + 1] != ".":
        return False
    gap = text[end:start]
    return gap in (".", ". ") or (gap == " " and before not in ("a", "i"))


def _cut(word: str) -> tuple[int, str]:
    """Where the word itself begins behind an elided article, and its folded form."""
    return _cut_cached(word) if len(word) <= _LONGEST_CACHED else _cut_now(word)


def _cut_now(word: str) -> tuple[int, str]:
    cut = 0
    parts = _APOSTROPHE.split(word)
    if len(parts) > 1 and len(parts[1]) >= _SHORTEST_ELIDED and _ELISION.match(parts[0]):
        cut = len(parts[0]) + 1
        parts = parts[1:]
    if len(parts) > 1 and len(parts[-1]) <= _LONGEST_ENDING:
        parts = parts[:-1]
    return cut, fold("".join(parts))


_cut_cached = lru_cache(maxsize=16384)(_cut_now)


def fold(word: str) -> str:
    """A word without case, accents, and the ways that one letter can be written."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFD", word.casefold())
    plain = unicodedata.normalize("NFC", _MARK.sub("", apart)).translate(_LETTERS)
    return plain or word
