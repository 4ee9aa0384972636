"""Reads text that is turned round or shifted by thirteen letters.

Both are read where that makes words of what is none. Takes time in proportion to the length.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

from moderation.prompts.normalise import Normalised
from moderation.prompts.readings import vocabulary
from moderation.prompts.readings.rewriting import Edit, rewrite
from moderation.prompts.scripts import TOKEN

_WORDS_AFTER = 0.4  # share of the letters that must stand in words afterwards
_GAIN = 0.3  # and by how much that share must rise
_FEWEST_LETTERS = 7
_GRAVE_LETTERS = 4
_HAN_GAIN = 0.15
_HAN_PAIRS = 2
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    before: bool
    after: bool
    grave: bool

    @property
    def better(self) -> bool:
        return self.after and not self.before and self.end - self.start >= _SHORTEST


def unshift(text: Normalised) -> Normalised | None:
    """The text with what is written in rot13 shifted back; None where nothing is."""

    def shift(word: str) -> str:
        return codecs.encode(word, "rot13")

    tokens = _tokens(text.text, shift, lambda word: word.isascii())
    stretch = _stretch(tokens)
    if stretch is None:
        return None
    start, end = stretch
    return rewrite(text, [Edit(start, end, shift(text.text[start:end]), range(start, end))])


def unreverse(text: Normalised) -> tuple[Normalised, ...]:
    """The ways to turn a text round that make words of it: as a whole, and word by word.

    Characters of a text turned round as a whole come from all of that stretch, since where they
    come from would fall else.
    """
    if vocabulary.HAN.search(text.text):
        whole = rewrite(text, [Edit(0, len(text.text), text.text[::-1])])
        return (whole,) if whole is not None and _han_gain(text.text) else ()
    tokens = _tokens(text.text, _turned, lambda word: len(word) > 1)
    stretch = _stretch(tokens)
    if stretch is None:
        return _words_turned(text, [t for t in tokens if _is_sure(t)])
    start, end = stretch
    inside = [token for token in tokens if start <= token.start and token.end <= end]
    whole = (
        rewrite(text, [Edit(start, end, text.text[start:end][::-1])]) if len(inside) > 1 else None
    )
    return (*((whole,) if whole is not None else ()), *_words_turned(text, inside))


def _words_turned(text: Normalised, tokens: list[_Token]) -> tuple[Normalised, ...]:
    edits = [
        Edit(token.start, token.end, _turned(text.text[token.start : token.end]))
        for token in tokens
    ]
    turned = rewrite(text, edits)
    return () if turned is None else (turned,)


def _is_sure(token: _Token) -> bool:
    return token.better and token.grave and token.end - token.start >= _GRAVE_LETTERS


def _turned(word: str) -> str:
    return word[::-1]


def _tokens(text: str, change: Callable[[str], str], fits: Callable[[str], bool]) -> list[_Token]:
    found = []
    for match in TOKEN.finditer(text):
        word = match.group().lower()
        if not re.search(r"[^\W\d_]", word) or not fits(word):
            continue
        after = change(word)
        found.append(
            _Token(
                match.start(), match.end(), vocabulary.is_word(word), vocabulary.is_word(after),
                vocabulary.is_grave(after) and not vocabulary.is_word(word),
            )
        )  # fmt: skip
    return found


def _stretch(tokens: list[_Token]) -> tuple[int, int] | None:
    """From the first word that the change makes to the last, if it is better for all between."""
    better = [index for index, token in enumerate(tokens) if token.better]
    if not better:
        return None
    inside = tokens[better[0] : better[-1] + 1]
    letters = sum(token.end - token.start for token in inside)
    after = sum((token.end - token.start) * token.after for token in inside)
    before = sum((token.end - token.start) * token.before for token in inside)
    made = sum(token.end - token.start for token in inside if token.better)
    if after < _WORDS_AFTER * letters or after - before < _GAIN * letters:
        return None
    enough = len(better) > 1 and made >= _FEWEST_LETTERS
    if not enough and not any(_is_sure(token) for token in inside):
        return None
    # A text that is all in the cipher is changed as a whole, with what no list knows round it.
    first, last = tokens[0], tokens[-1]
    rest = [*tokens[: better[0]], *tokens[better[-1] + 1 :]]
    if all(
        token.after or not token.before or token.end - token.start < _SHORTEST for token in rest
    ):
        return first.start, last.end
    return inside[0].start, inside[-1].end


def _han_gain(text: str) -> bool:
    """Whether a Chinese or Japanese text has more words backwards than forwards."""
    signs = sum(vocabulary.HAN.match(char) is not None for char in text)
    pairs = range(len(text) - 1)
    forwards = sum(vocabulary.is_word(text[at : at + 2]) for at in pairs)
    backwards = sum(vocabulary.is_word(text[at : at + 2][::-1]) for at in pairs)
    return backwards >= _HAN_PAIRS and backwards - forwards >= _HAN_GAIN * signs
