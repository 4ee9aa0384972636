"""Finds the words of names in spite of misspelling and endings.

An index of deletions (after Garbe's SymSpell): two words are within one edit if they, or they with
one letter left out, have a form in common. Looking a word up costs as many hash look-ups as it has
letters, however many names there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

_MIN_LETTERS = 3
_MIN_LETTERS_FOR_TWO = 8  # of a name's word, to be found in spite of two edits
_ALPHABETIC = re.compile("[a-z\u0430-\u044f]+")
_CYRILLIC = re.compile("[\u0430-\u044f]+")
_ARABIC = re.compile("[\u0621-\u064a]+")
_ARABIC_PREFIX = "وفبلك"
_PLURAL = re.compile("[a-z]{4,}s")


class Spelling:
    """The words of all names; immutable and thread-safe once built.

    Args:
        words: Words that may be misspelt.
        exact: Words that take endings but no misspelling.
        common: Ordinary words, which are never taken for a misspelt one.
    """

    def __init__(self, words: Iterable[str], exact: Iterable[str], common: frozenset[str]) -> None:
        self._common = common
        self._deletions: dict[str, tuple[str, ...]] = {}
        fuzzy = sorted({word for word in words if _ALPHABETIC.fullmatch(word)})
        for word in fuzzy:
            if len(word) >= _MIN_LETTERS:
                depth = 2 if _MIN_LETTERS_FOR_TWO <= len(word) <= 2 * _MIN_LETTERS_FOR_TWO else 1
                for form in _deleted(word, depth):
                    self._deletions[form] = (*self._deletions.get(form, ()), word)
        known = {*words, *exact}
        self._known = frozenset(known)
        self._inflected = {
            form: word for word in sorted(known) if _CYRILLIC.fullmatch(word)
            for form in _inflected(word)
        }  # fmt: skip
        self._longest = max(map(len, known), default=0) + 2
        self._cached = lru_cache(maxsize=32768)(self._close)

    def knows(self, word: str) -> bool:
        """Whether this is a word of a name, as it stands."""
        return word in self._known

    def close(self, word: str, *, deep: bool) -> tuple[tuple[str, int], ...]:
        """Words of names that this may stand for, with the edits between (0 for an ending).

        Args:
            word: A folded word, of any length.
            deep: Whether to look for two edits, which takes ten times as long.
        """
        # The work grows with the square of the length, so longer ones are not even tried.
        return self._cached(word, deep=deep) if len(word) <= self._longest else ()

    def _close(self, word: str, *, deep: bool) -> tuple[tuple[str, int], ...]:
        found = [(other, 0) for other in self._endings(word)]
        if len(word) < _MIN_LETTERS or word in self._common or not _ALPHABETIC.fullmatch(word):
            return tuple(found)
        two = _MIN_LETTERS_FOR_TWO - 2 <= len(word) <= 2 * _MIN_LETTERS_FOR_TWO + 2
        depth = 2 if deep and two else 1
        others = {
            other for form in _deleted(word, depth) for other in self._deletions.get(form, ())
        }
        for other in sorted(others - {word}):
            distance = edits(word, other)
            same_start = word[0] == other[0]
            if distance == 1 or (distance == 2 and same_start):  # noqa: PLR2004 - two edits
                found.append((other, distance))
        return tuple(found)

    def _endings(self, word: str) -> Iterator[str]:
        base = self._inflected.get(word)
        if base is not None:
            yield base
        if _PLURAL.fullmatch(word) and word[:-1] in self._known and word not in self._common:
            yield word[:-1]
        if word[0] in _ARABIC_PREFIX and _ARABIC.fullmatch(word) and word[1:] in self._known:
            yield word[1:]


def _deleted(word: str, depth: int) -> set[str]:
    """The word, and it with up to `depth` letters left out."""
    forms = {word}
    level = {word}
    for _ in range(depth):
        level = {form[:at] + form[at + 1 :] for form in level for at in range(len(form))}
        forms |= level
    return forms


def edits(left: str, right: str) -> int:
    """Letters added, dropped, changed or swapped with the next (optimal string alignment)."""
    size = min(len(left), len(right))
    first = next((at for at in range(size) if left[at] != right[at]), size)
    left, right = left[first:], right[first:]
    size -= first
    last = next((at for at in range(size) if left[-1 - at] != right[-1 - at]), size)
    left, right = left[: len(left) - last], right[: len(right) - last]
    if len(left) <= 1 and len(right) <= 1:
        return max(len(left), len(right))
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


# Endings of Russian cases, folded, by the last letter of the nominative.
_HARD = "а у ом ым е ы ов и ам ами ах".split()  # noqa: RUF001, SIM905
_SOFT = "я ю ем ом е и".split()  # noqa: RUF001, SIM905
_FEMININE = "ы и е у ои ою еи ю".split()  # noqa: RUF001, SIM905
_ADJECTIVE = "ого ому им ым ом ие их".split()  # noqa: RUF001, SIM905


def _inflected(word: str) -> Iterator[str]:
    """Russian case forms of a name's word; a few do not exist, which does no harm."""
    if len(word) < _MIN_LETTERS:
        return
    if word.endswith(("ии", "ыи")):  # folding takes the breve off the last letter
        yield from (word[:-2] + ending for ending in _ADJECTIVE)
    if word[-1] in "иь":
        yield from (word[:-1] + ending for ending in _SOFT)
    elif word.endswith("ая"):
        yield from (word[:-2] + ending for ending in ("ои", "ую"))
    elif word[-1] in "ая":
        yield from (word[:-1] + ending for ending in _FEMININE)
    elif word[-1] not in "оеуыэю":
        yield from (word + ending for ending in _HARD)
