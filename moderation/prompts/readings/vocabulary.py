"""Whether something is a word, in the languages that prompts are written in.

It decides nothing about a prompt; it only tells a plausible way to read one from noise. English
words come by falling frequency (`words.yaml`, then `words_rare.yaml`), other languages as one pool
(`words_foreign.yaml`), and grave words, those that matter for safety, by hand (`grave.yaml`).
Coarse words are known by digest, so that nobody has to read them. All functions are pure,
thread-safe and take lower case.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from moderation.documents import read_document

LONGEST = 20  # letters; nothing longer is looked up
_FOLDER = Path(__file__).parent
_LIST_CHARS = 120_000
_DIGEST_CHARS = 11
_ENDINGS = ("'s", "ings", "ing", "ies", "ied", "ers", "er", "es", "ed", "ly", "s", "d")
_SHORTEST_STEM = 3
# Ranks of words whose frequency is not known: such a word is likely to be meant.
_SHORT_STEP, _GRAVE_RANK, _FOREIGN_RANK = 4, 1500, 20000
_ZIPF = 2.4  # the log of the sum of 1 / rank over all ranks (Zipf's law)
_FORM_RANK = 300  # a form is rarer than its base
_LONGEST_ENDING, _STEM = 3, 4
_ARABIC_JOINED = re.compile(
    "^[\u0648\u0641]?(?:[\u0628\u0643]?\u0627\u0644|\u0644\u0644|[\u0628\u0644\u0648\u0641])"
)
HAN = re.compile("[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class _Tables:
    english: dict[str, int]
    foreign: dict[str, int]
    grave: frozenset[str]
    coarse: frozenset[str]
    squeezed: dict[str, tuple[str, ...]]


def is_word(text: str) -> bool:
    """Whether it is a word of any language in the lists, or a form of one."""
    return len(text) <= LONGEST and (english_rank(text) is not None or _is_foreign(text))


@lru_cache(maxsize=16384)
def _is_foreign(text: str) -> bool:
    """Whether it is a foreign word: as it is, without an ending or without Arabic's article."""
    foreign = _tables().foreign
    if text in foreign:
        return True
    if text.isascii():
        return False
    bare = _ARABIC_JOINED.sub("", text)
    return any(
        stem in foreign
        for cut in range(_LONGEST_ENDING + 1)
        if len(stem := bare[: len(bare) - cut]) >= (_SHORTEST_STEM if bare != text else _STEM)
    )


def is_grave(text: str) -> bool:
    """Whether it is a word that matters for safety, or an English form of one."""
    return len(text) <= LONGEST and _is_grave(text)


@lru_cache(maxsize=16384)
def _is_grave(text: str) -> bool:
    tables = _tables()
    return any(
        word in tables.grave or (word.isascii() and coarse_digest(word) in tables.coarse)
        for word in (text, *base_forms(text))
        if len(word) >= _SHORTEST_STEM
    )


def english_rank(text: str) -> int | None:
    """How rare an English word is, from 0 for the most frequent one; None for no word."""
    return _english_rank(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=16384)
def _english_rank(text: str) -> int | None:
    tables = _tables()
    if text in tables.english:
        return tables.english[text]
    if not text.isascii() or len(text) < _SHORTEST_STEM:
        return None
    ranks = [
        tables.english[base] + _FORM_RANK for base in base_forms(text) if base in tables.english
    ]
    return min(ranks, default=_GRAVE_RANK if _is_grave(text) else None)


def rank(text: str) -> int | None:
    """How rare a word is in whatever language knows it; None for no word."""
    if len(text) > LONGEST:
        return None
    known = english_rank(text)
    return _tables().foreign.get(text) if known is None else known


def cost(text: str) -> float | None:
    """What it costs to read a stretch of letters as this word, as minus the log of its share."""
    place = rank(text)
    return None if place is None else math.log(place + 10.0) + _ZIPF


def unrepeated(word: str) -> tuple[str, ...]:
    """Words that are the same but for how often each letter is repeated, grave ones first."""
    return _tables().squeezed.get(squeeze(word), ())


def squeeze(word: str) -> str:
    """The word with every run of one letter cut to one."""
    return re.sub(r"(.)\1+", r"\1", word)


def base_forms(word: str) -> Iterator[str]:
    """What an English word may be a form of: "robbed" of "robb", "robbe" and "rob"."""
    for ending in _ENDINGS:
        stem = word[: -len(ending)]
        if len(stem) < _SHORTEST_STEM or not word.endswith(ending):
            continue
        if not _can_end(stem, ending):
            continue
        yield stem
        if ending in ("ies", "ied"):
            yield stem + "y"
        elif ending in ("ed", "ing", "ings", "er", "ers"):
            yield stem + "e"
            if stem[-1] == stem[-2] != stem[-3]:
                yield stem[:-1]


def _can_end(stem: str, ending: str) -> bool:
    """Whether English puts this ending on such a stem."""
    if ending == "es":
        return stem[-1] in "sxzho"
    if ending in ("er", "ers"):
        return stem[-1] != "e" and len(stem) > _SHORTEST_STEM
    return (ending == "d") == (stem[-1] == "e") or ending not in ("d", "ed")


def coarse_digest(word: str) -> str:
    """The digest under which a coarse word is listed."""
    return hashlib.sha256(f"coarse {word}".encode()).hexdigest()[:_DIGEST_CHARS]


@cache
def _tables() -> _Tables:
    lists = read_document((_FOLDER / "words.yaml").read_bytes())
    rare = read_document((_FOLDER / "words_rare.yaml").read_bytes())
    words = [
        *lists.text("english", max_chars=_LIST_CHARS).split(),
        *rare.text("english", max_chars=_LIST_CHARS).split(),
    ]
    english = {word: place for place, word in enumerate(words)}
    coarse = frozenset(lists.text("coarse", max_chars=_LIST_CHARS).split())
    own = read_document((_FOLDER / "grave.yaml").read_bytes())
    english |= {word: _SHORT_STEP * at for at, word in enumerate(own.text("short").split(), 1)}
    foreign = dict.fromkeys(own.text("common", max_chars=_LIST_CHARS).split(), _FOREIGN_RANK)
    grave: set[str] = set()
    languages = own.section("grave")
    for language in languages.names():
        table = english if language == "en" else foreign
        for word in languages.text(language, max_chars=_LIST_CHARS).split():
            grave.add(word)
            table[word] = min(table.get(word, _GRAVE_RANK), _GRAVE_RANK)
    pool = read_document((_FOLDER / "words_foreign.yaml").read_bytes())
    for script in pool.names():
        for word in pool.text(script, max_chars=_LIST_CHARS).split():
            foreign.setdefault(word, _FOREIGN_RANK)
    return _Tables(english, foreign, frozenset(grave), coarse, _squeezed(english, foreign, grave))


def _squeezed(
    english: dict[str, int], foreign: dict[str, int], grave: set[str]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    order = [*sorted(grave), *english, *foreign]
    for word in dict.fromkeys(order):
        if len(word) >= _SHORTEST_STEM:
            found.setdefault(squeeze(word), []).append(word)
    return {key: tuple(words) for key, words in found.items()}
