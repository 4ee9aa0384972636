"""Undoes words written in other signs: look-alike letters, letters with strokes, emoji."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from moderation.documents import read_document
from moderation.prompts.normalise import Normalised
from moderation.prompts.readings import vocabulary
from moderation.prompts.readings.rewriting import Edit, rewrite
from moderation.prompts.readings.segmenting import segment
from moderation.prompts.scripts import LOOKALIKE_SCRIPT, TO_LATIN, TOKEN, VARIANTS

_LIKELY = 0.6
_ENOUGH = 4
_PAIR = 2
_INDICATORS = re.compile("[\U0001f1e6-\U0001f1ff](?:[ _.-]{0,3}[\U0001f1e6-\U0001f1ff]){2,}")
_FIRST_INDICATOR = 0x1F1E6
_MOST_EMOJI = 200
_TABLE: Mapping[int, str] = {**TO_LATIN, **VARIANTS}


def to_latin(text: Normalised) -> Normalised | None:
    """Latin words for words all in look-alike letters, and for letters with strokes and marks.

    A Russian or Greek text is none of these: hardly any of its words make a Latin one.
    """
    if text.text.isascii():
        return None
    words: list[tuple[Edit, str]] = []
    known = english = ascii_words = 0
    for match in TOKEN.finditer(text.text):
        if not match.group().isascii():
            words.append((_latin(match), match.group().lower()))
        elif match.group().isalpha():
            ascii_words += 1
            known += vocabulary.is_word(match.group().lower())
            english += vocabulary.english_rank(match.group().lower()) is not None
    among = known * 2 > ascii_words  # foreign letters in a text in Latin ones
    if english * 2 <= ascii_words:  # other languages have accents of their own
        words = [pair for pair in words if LOOKALIKE_SCRIPT.search(pair[1])]
    points = good = bad = 0
    for edit, word in words:
        new = vocabulary.is_word(edit.text.lower())
        old = vocabulary.is_word(unicodedata.normalize("NFC", word)) and not among
        good += new and not old
        bad += old or not new
        if new and not old:
            points += _worth(edit.text.lower(), word, among=among)
    if points < _ENOUGH or good < _LIKELY * (good + bad) or known * 2 < ascii_words:
        return None
    return rewrite(text, [edit for edit, _ in words if edit.text.isascii()])


def _worth(latin: str, word: str, *, among: bool) -> int:
    """What a word is worth as evidence; `among` words in Latin letters."""
    if vocabulary.is_grave(latin):
        return _ENOUGH
    if len(word) == 1:
        return 0
    if LOOKALIKE_SCRIPT.search(word):
        return _ENOUGH if among else _ENOUGH // 2
    return 1  # "na\u00efve", "fa\u00e7ade": English keeps some accents


def _latin(match: re.Match[str]) -> Edit:
    """The word in Latin letters without marks."""
    letters: list[str] = []
    places: list[int] = []
    for at, char in enumerate(match.group(), match.start()):
        for part in unicodedata.normalize("NFD", char):
            if unicodedata.combining(part):
                continue
            latin = _TABLE.get(ord(part), part)
            letters.append(latin)
            places.extend([at] * len(latin))
    return Edit(*match.span(), "".join(letters), places)


def spell_emoji(text: Normalised) -> Normalised | None:
    """Words for emoji that stand for them, and for letters on flags; None where there are none."""
    if text.text.isascii():
        return None
    words, pattern = _emoji()
    edits = [edit for match in _INDICATORS.finditer(text.text) if (edit := _flags(match))]
    taken = [(edit.start, edit.end) for edit in edits]
    for match in pattern.finditer(text.text):
        if len(edits) == _MOST_EMOJI:
            break
        if not any(start <= match.start() < end for start, end in taken):
            edits.append(Edit(*match.span(), f" {words[match.group()]} "))
    return rewrite(text, sorted(edits, key=lambda edit: edit.start)) if edits else None


def _flags(match: re.Match[str]) -> Edit | None:
    """Letters for those of flags, with what stands between them; None where they are flags."""
    run = match.group()
    letters = "".join(
        chr(ord("a") + ord(char) - _FIRST_INDICATOR) if ord(char) >= _FIRST_INDICATOR else char
        for char in run
    )
    word = re.sub("[^a-z]", "", letters)
    if len(word) == len(run) and segment(word).known < _LIKELY:
        return None
    pairs = re.findall("[a-z]+", letters)
    if len(word) < len(run) and all(len(pair) == _PAIR for pair in pairs):
        return None
    return Edit(*match.span(), letters, range(*match.span()))


@cache
def _emoji() -> tuple[dict[str, str], re.Pattern[str]]:
    document = read_document((Path(__file__).parent / "emoji.yaml").read_bytes())
    words = {emoji: word for word in document.names() for emoji in document.texts(word)}
    return words, re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
