"""Brings a prompt into one plain form, and remembers where each character came from.

Classifiers and word lists see the plain form; findings point into the prompt as it was sent.
What happens, in this order: invisible characters go, NFKC (Unicode Standard Annex 15), stacks of
more than two marks are cut, small capitals and letters on discs become plain ones, letters that
look like Latin ones become Latin in words that mix scripts, white space becomes one blank, and on
request letters are case-folded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from media.errors import InvalidInput
from moderation.prompts.evasion import inspect
from moderation.prompts.scripts import (
    ALWAYS,
    ALWAYS_LATIN,
    INVISIBLE,
    LATIN,
    LOOKALIKE_SCRIPT,
    STACKABLE_CLASS,
    TO_LATIN,
    WORD,
    is_mixed,
)
from moderation.verdict import CharSpan

__all__ = ["MAX_CHARS", "Normalised", "check", "inspect", "normalise"]

MAX_CHARS = 8000
_MAX_MARKS = 16  # on one letter, of any kind; keeps canonical ordering from going quadratic
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_VISIBLE_SPACE = re.compile(r"[\s\u2800]+")
_SPACE_TO_MEND = re.compile(r"^[\s\u2800]|[\s\u2800]$|[\s\u2800]{2}|[^\S ]|\u2800")
# More than `_MAX_MARKS` characters that are neither letters nor white space, as marks are.
_MANY_MARKS = re.compile(rf"[^\w\s]{{{_MAX_MARKS + 1},}}")
_STACK = re.compile(f"([{STACKABLE_CLASS}]{{2}})[{STACKABLE_CLASS}]+")


class PromptTooLong(InvalidInput):
    """A prompt of more than 8,000 characters (code points)."""

    reason = "PROMPT_TOO_LONG"


class PromptEmpty(InvalidInput):
    """A prompt with nothing in it that can be seen."""

    reason = "PROMPT_EMPTY"


class PromptNotUnicode(InvalidInput):
    """A prompt with half a surrogate pair, which is no character."""

    reason = "PROMPT_NOT_UNICODE"


class PromptControlCharacters(InvalidInput):
    """A prompt with control characters other than tab, line feed and carriage return."""

    reason = "PROMPT_CONTROL_CHARACTERS"


@dataclass(frozen=True, slots=True)
class Normalised:
    """The plain form of a prompt.

    Attributes:
        text: The plain form; never empty.
        starts: For each character of `text`, where its origin begins in the prompt.
        ends: For each character of `text`, where its origin ends (half-open). Both rise
            monotonically; characters that came out of one share its range.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def origin(self, start: int, end: int) -> CharSpan:
        """The range of the prompt that `text[start:end]` came from; it must not be empty."""
        return CharSpan(self.starts[start], self.ends[end - 1])


@dataclass(slots=True)
class _Piece:
    """A letter with its marks: the smallest part that can be normalised on its own."""

    text: str
    start: int
    end: int


def check(text: str) -> None:
    """Refuses what is no prompt.

    Raises:
        PromptTooLong: More than `MAX_CHARS` characters.
        PromptNotUnicode: Half a surrogate pair.
        PromptControlCharacters: NUL and its like.
        PromptEmpty: Nothing that can be seen.
    """
    if len(text) > MAX_CHARS:
        raise PromptTooLong(
            "The prompt is too long.", field="prompt", limit=MAX_CHARS, actual=len(text)
        )
    if not text.isascii() and _SURROGATE.search(text):
        raise PromptNotUnicode("The prompt is not valid Unicode.", field="prompt")
    if _CONTROL.search(text):
        raise PromptControlCharacters("The prompt holds control characters.", field="prompt")
    if not text or text.isspace():
        raise PromptEmpty("The prompt is empty.", field="prompt")


def normalise(text: str, *, casefold: bool = False) -> Normalised:
    """Brings a prompt into its plain form; the plain form of a plain form is itself.

    Takes time in proportion to the length, whatever the text.

    Args:
        text: The prompt as it was sent.
        casefold: Whether to fold letters to one case as well.

    Raises:
        InvalidInput: The text is no prompt; see `check`.
    """
    check(text)
    plain = text.casefold() if casefold else text
    if len(plain) == len(text) and _is_plain(plain):
        if not _SPACE_TO_MEND.search(plain):
            return Normalised(plain, range(len(plain)), range(1, len(plain) + 1))
        pieces: Iterator[_Piece] = _runs(plain)
    else:
        pieces = iter(_fold_mixed(list(_pieces(text, casefold=casefold))))
    return _join(pieces)


def _is_plain(text: str) -> bool:
    """Whether only white space may need mending."""
    if text.isascii():
        return True
    return (
        unicodedata.is_normalized("NFKC", text)
        and not INVISIBLE.search(text)
        and not ALWAYS.search(text)
        and not _STACK.search(text)
        and not (LOOKALIKE_SCRIPT.search(text) and LATIN.search(text) and _has_mixed_word(text))
        and not _MANY_MARKS.search(text)
    )


def _has_mixed_word(text: str) -> bool:
    return any(is_mixed(word) for word in WORD.findall(text))


def _runs(text: str) -> Iterator[_Piece]:
    """Stretches without white space and the white space between them, as they stand."""
    at = 0
    for match in _VISIBLE_SPACE.finditer(text):
        for index in range(at, match.start()):
            yield _Piece(text[index], index, index + 1)
        yield _Piece(" ", match.start(), match.end())
        at = match.end()
    for index in range(at, len(text)):
        yield _Piece(text[index], index, index + 1)


def _pieces(text: str, *, casefold: bool) -> Iterator[_Piece]:
    """Cuts a text at each character that the one before cannot merge with."""
    piece = _Piece("", 0, 0)
    marks = 0
    for index, char in enumerate(text):
        if INVISIBLE.match(char):
            continue
        if piece.text and _extends(char):
            piece.end = index + 1
            marks += 1
            if marks <= _MAX_MARKS:
                piece.text += char
            continue
        if piece.text:
            yield from _plain_pieces(piece, casefold=casefold)
        piece, marks = _Piece(char, index, index + 1), 0
    if piece.text:
        yield from _plain_pieces(piece, casefold=casefold)


@lru_cache(maxsize=8192)
def _extends(char: str) -> bool:
    """Whether a character may merge with the one before it: a mark, or a Hangul vowel or tail."""
    first = unicodedata.normalize("NFKC", char)[0]
    return (
        unicodedata.category(first)[0] == "M"
        or "\u1160" <= first <= "\u11ff"
        or "\ud7b0" <= first <= "\ud7fb"
    )


def _plain_pieces(piece: _Piece, *, casefold: bool) -> Iterator[_Piece]:
    """The plain form of a piece, cut again: one character can become several letters."""
    for letter in _plain(piece.text, casefold=casefold):
        yield _Piece(letter, piece.start, piece.end)


@lru_cache(maxsize=8192)
def _plain(text: str, *, casefold: bool) -> tuple[str, ...]:
    """The plain form of a letter with its marks, as letters with their marks."""
    plain = _nfkc(text)
    if casefold:
        plain = _nfkc(_nfkc(plain.casefold()).casefold())
    letters: list[str] = []
    for char in plain:
        if letters and _extends(char):
            letters[-1] += char
        else:
            letters.append(char)
    return tuple(letters)


def _nfkc(text: str) -> str:
    plain = INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(ALWAYS_LATIN)
    cut = _STACK.sub(r"\1", plain)
    if len(cut) > _MAX_MARKS:
        cut = _cap_marks(cut)
    return unicodedata.normalize("NFKC", cut)


def _cap_marks(text: str) -> str:
    """Keeps at most `_MAX_MARKS` marks in a row."""
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        if marks <= _MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def _fold_mixed(pieces: list[_Piece]) -> list[_Piece]:
    """Makes look-alike letters Latin in words that mix them with Latin ones."""
    word: list[_Piece] = []
    for piece in [*pieces, _Piece(" ", 0, 0)]:
        if piece.text and WORD.match(piece.text):
            word.append(piece)
            continue
        if word and is_mixed("".join(part.text for part in word)):
            for part in word:
                apart = unicodedata.normalize("NFD", part.text)
                part.text = _nfkc(apart.translate(TO_LATIN))
        word = []
    return pieces


def _join(pieces: Iterator[_Piece]) -> Normalised:
    """Puts the pieces together with one blank for any white space, none at the ends."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece in pieces:
        for char in piece.text:
            if char.isspace() or char == "\u2800":
                if not chars:
                    continue
                if chars[-1] == " ":
                    ends[-1] = piece.end
                    continue
                char = " "  # noqa: PLW2901 - what follows is the same for both
            chars.append(char)
            starts.append(piece.start)
            ends.append(piece.end)
    if chars and chars[-1] == " ":
        del chars[-1], starts[-1], ends[-1]
    if not chars:
        raise PromptEmpty("The prompt is empty.", field="prompt")
    return Normalised("".join(chars), tuple(starts), tuple(ends))
