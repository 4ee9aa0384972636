"""Undoes what is done to the letters inside words: digits for letters, doubled letters, cut words.

A word is changed only where that makes a word of it, and a text only where there is evidence: one
grave word or two ordinary ones. Each function takes a text and gives back the changed text, or None
where there is no good reason to change it. All take time in proportion to the length.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from functools import lru_cache

from moderation.prompts.normalise import Normalised
from moderation.prompts.readings import vocabulary
from moderation.prompts.readings.rewriting import Edit, rewrite
from moderation.prompts.scripts import MARK_CLASS, TOKEN

_ENOUGH = 2
_LEET = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b",
    "9": "g", "@": "a", "$": "s", "!": "il", "|": "il", "+": "t", "(": "c", "<": "c",
    "\u20ac": "e", "\u00a3": "l", "\u00a5": "y", "\u00a2": "c", "#": "h", "*": "uiaeo",
}  # fmt: skip
_CYRILLIC_LEET = {
    "0": "\u043e", "3": "\u0437", "4": "\u0447", "6": "\u0431", "8": "\u0432", "9": "\u044f",
    "@": "\u0430",
}  # fmt: skip
LEET_CLASS = "@$!|+(<\u20ac\u00a3\u00a5\u00a2#*"
_LEET_WORD = re.compile(
    rf"(?<![\w])[@$!|+(<#\u20ac\u00a3\u00a5\u00a2]?[\w{MARK_CLASS}{LEET_CLASS}]*[\w{LEET_CLASS}]"
)
_NUMBERED = re.compile(r"\d+[^\W\d]+|[^\W\d]+\d+|\d+[^\W\d]+\d+", re.ASCII)
_LEET_CHAR = re.compile(rf"[0-9{LEET_CLASS}]")
_LETTER = re.compile(r"[^\W\d_]")
_MOST_GUESSES = 128
_REPEAT = re.compile(r"([^\W\d_])\1")
_EVIDENCE = 3  # repeated letters are common in what people write to each other
_LONGEST_REPEATED = 100
_SHORT_STEM = 4  # "stabbed" doubles a letter, "prisoner" does not
_RUN = re.compile(r"([^\W\d_])\1*", re.IGNORECASE)
_CYRILLIC = re.compile("[\u0430-\u044f\u0451]")
_GAP = re.compile(r"[ \u2010\u2011_.\-\u00b7]|- |-\u00a0")
_PREFIXES = frozenset(
    (
        "anti", "auto", "bi", "co", "counter", "de", "eco", "ex", "extra", "in", "inter", "mid",
        "mini", "multi", "non", "out", "over", "post", "pre", "pro", "re", "self", "semi",
        "sub", "super", "tele", "tri", "ultra", "un", "under", "up",
    )
)  # fmt: skip
_MOST_PARTS = 4
_SHORTEST_JOIN = 4
_UNKNOWN = 12.0
_MANY_CUTS = 5  # one cut in so many parts is no accident


def unleet(text: Normalised) -> Normalised | None:
    """Letters for the digits and signs that stand in for them: "k1ll" and "b0mb$"."""
    plain = text.text
    if not _LEET_CHAR.search(plain):
        return None
    found = list(_LEET_WORD.finditer(plain))
    edits = [edit for match in found if (edit := _leet_edit(match)) is not None]
    grave = sum(vocabulary.is_grave(edit.text.lower()) for edit in edits)
    numbered = sum(_NUMBERED.fullmatch(plain[edit.start : edit.end]) is not None for edit in edits)
    if not grave and len(edits) - numbered < _ENOUGH:
        return None
    if len(edits) > _ENOUGH:  # among many such words the others are likely to be ones as well
        taken = {edit.start for edit in edits}
        rest = [edit for match in found if (edit := _likely_edit(match)) is not None]
        edits += [edit for edit in rest if not taken & set(range(edit.start, edit.end))]
    return rewrite(text, sorted(edits, key=lambda edit: edit.start))


def _leet_edit(match: re.Match[str]) -> Edit | None:
    """The word that stands there, without the punctuation round it."""
    word = match.group()
    for left, right in ((0, 0), (0, 1), (1, 0), (1, 1)):
        core = word[left : len(word) - right]
        outer = word[:left] + word[len(word) - right :]
        if not _LETTER.search(core) or any(map(str.isalnum, outer)):
            continue
        if not _LEET_CHAR.search(core):
            return None
        decoded = decode_leet(core)
        if decoded is not None and len(decoded) >= 3:  # noqa: PLR2004 - "4k", "3d", "b4"
            span = (match.start() + left, match.end() - right)
            return Edit(*span, decoded, range(*span))
    return None


def _likely_edit(match: re.Match[str]) -> Edit | None:
    """What a word would be that no list knows; short ones and bare numbers too."""
    word = match.group()
    core = word.rstrip("!+|$@#*(<") or word
    if not _LEET_CHAR.search(core) or len(core) > vocabulary.LONGEST:
        return None
    decoded = decode_leet(core)
    if decoded is None:
        if not _LETTER.search(core) or len(core.lower()) != len(core):
            return None
        decoded = "".join(_LEET.get(char, char)[0] for char in core.lower().replace("11", "ll"))
    return Edit(
        match.start(),
        match.start() + len(core),
        decoded,
        range(match.start(), match.start() + len(core)),
    )


@lru_cache(maxsize=4096)
def decode_leet(word: str) -> str | None:
    """The most likely word behind digits and signs, or None where there is none."""
    lower = word.lower()
    if len(word) > vocabulary.LONGEST or len(lower) != len(word):
        return None
    table = _CYRILLIC_LEET if _CYRILLIC.search(lower) else _LEET
    options = [table.get(char, char) for char in lower]
    if math.prod(map(len, options)) > _MOST_GUESSES:
        return None
    guesses = ("".join(letters) for letters in itertools.product(*options))
    known = [(guess, place) for guess in guesses if (place := vocabulary.rank(guess)) is not None]
    if not known:
        return None
    return min(known, key=lambda pair: (not vocabulary.is_grave(pair[0]), pair[1]))[0]


def undouble(text: Normalised) -> Normalised | None:
    """Words with letters repeated: "kiiill", "mmuurrddeerr"."""
    plain = text.text
    if not _REPEAT.search(plain):
        return None
    tokens = [match for match in TOKEN.finditer(plain) if match.group().isalpha()]
    factor = _factor(plain)
    if factor > 1:
        edits = [
            Edit(m.start(), m.end(), m.group()[::factor], range(m.start(), m.end(), factor))
            for m in tokens
        ]
        return rewrite(text, edits)
    edits = []
    points = 0
    for match in tokens:
        word = match.group().lower()
        if not _REPEAT.search(word) or vocabulary.is_word(word) or len(word) > _LONGEST_REPEATED:
            continue
        single = _single(word)
        if single is None:
            continue
        points += _weight(word, single)
        edits.append(_shortened(match.start(), word, single))
    if points < _EVIDENCE:
        return None
    if len(edits) >= _EVIDENCE:
        edits += _squeezed(tokens, {edit.start for edit in edits})
    return rewrite(text, sorted(edits, key=lambda edit: edit.start))


def _weight(word: str, single: str) -> int:
    """What a repeated word is worth as evidence; one doubled letter may be a way of spelling."""
    runs = [len(match.group()) for match in _RUN.finditer(word)]
    if max(runs) <= _ENOUGH and sum(run > 1 for run in runs) < _ENOUGH:
        return 0
    return _EVIDENCE if vocabulary.is_grave(single) else 1


def _factor(plain: str) -> int:
    """How often each letter of the whole text is repeated, if all are alike; else 1."""
    runs = [len(match.group()) for match in _RUN.finditer(plain)]
    return math.gcd(*runs) if len(runs) >= _SHORTEST_JOIN else 1


def _squeezed(tokens: list[re.Match[str]], taken: set[int]) -> list[Edit]:
    """Cuts what is repeated in the other words too, where many words are repeated."""
    edits: list[Edit] = []
    for match in tokens:
        word = match.group().lower()
        if match.start() in taken or len(word) > _LONGEST_REPEATED or not _REPEAT.search(word):
            continue
        single = _likeliest(word)
        if single != word:
            edits.append(_shortened(match.start(), word, single))
    return edits


def _likeliest(word: str) -> str:
    """The most frequent word that these letters can come from; "a" and "i" too."""
    squeezed = vocabulary.squeeze(word)
    known = [
        (place, each)
        for each in {word, squeezed, *vocabulary.unrepeated(squeezed)}
        if (place := vocabulary.rank(each)) is not None and _fits(each, word)
    ]
    return min(known)[1] if known else squeezed


def _single(word: str) -> str | None:
    """The likeliest word that becomes this one when letters are repeated."""
    squeezed = vocabulary.squeeze(word)
    candidates = (squeezed, *vocabulary.unrepeated(squeezed), *_forms(squeezed))
    known = [
        (not vocabulary.is_grave(each), place, each)
        for each in candidates
        if (place := vocabulary.rank(each)) is not None and _fits(each, word)
    ]
    return min(known, key=lambda one: one[:2])[2] if known else None


def _fits(known: str, word: str) -> bool:
    """Whether a word has no letter more often in a row than what is to come from it."""
    runs = ([len(list(run)) for _, run in itertools.groupby(each)] for each in (known, word))
    return all(few <= many for few, many in zip(*runs, strict=True))


def _forms(squeezed: str) -> Iterator[str]:
    """Forms of words that come down to these letters: "stabbed" of "stabed"."""
    for ending in ("s", "ed", "ing", "er", "ers", "ly", "es"):
        if not squeezed.endswith(ending):
            continue
        merged = squeezed[: len(squeezed) - len(ending) + 1]  # "physically" has two of that letter
        for stem in vocabulary.unrepeated(merged):
            if vocabulary.squeeze(stem + ending) == squeezed and vocabulary.is_word(stem + ending):
                yield stem + ending
        for stem in vocabulary.unrepeated(squeezed[: -len(ending)]):
            doubled, plain = stem + stem[-1] + ending, stem + ending
            for form in (doubled, plain) if len(stem) <= _SHORT_STEM else (plain, doubled):
                if vocabulary.squeeze(form) == squeezed and vocabulary.is_word(form):
                    yield form
        for stem in vocabulary.unrepeated(squeezed[: -len(ending)] + "e"):
            form = stem[:-1] + ending
            if vocabulary.squeeze(form) == squeezed and vocabulary.is_word(form):
                yield form


def _shortened(start: int, word: str, single: str) -> Edit:
    """Keeps of each run as many letters as the word has."""
    places: list[int] = []
    at = 0
    needed = [len(list(run)) for _, run in itertools.groupby(single)]
    for (_, run), few in zip(itertools.groupby(word), needed, strict=True):
        places.extend(range(start + at, start + at + few))
        at += len(list(run))
    return Edit(start, start + len(word), single, places)


def unsplit(text: Normalised) -> Normalised | None:
    """Words cut by a blank, a hyphen or a line break: "ki ll", "kil-led"."""
    tokens = [
        match for match in TOKEN.finditer(text.text) if match.group().isalpha() or _marked(match)
    ]
    edits = _joined(text.text, tokens)
    grave = sum(vocabulary.is_grave(edit.text.lower()) for edit in edits)
    if not grave and len(edits) < _ENOUGH:
        return None
    if len(edits) > _ENOUGH and _MANY_CUTS * len(edits) > len(tokens):
        edits = _cheapest(text.text, tokens)
    return rewrite(text, edits)


def _joined(plain: str, tokens: list[re.Match[str]]) -> list[Edit]:
    """Joins from left to right what makes words."""
    edits: list[Edit] = []
    at = 0
    while at < len(tokens) - 1:
        count = 1
        for count, joined in _ways(plain, tokens, at):
            parts = [token.group().lower() for token in tokens[at : at + count]]
            gap = plain[tokens[at].end() : tokens[at + 1].start()]
            if _is_cut(joined.lower(), parts) and (gap == " " or parts[0] not in _PREFIXES):
                edits.append(_join(tokens[at : at + count]))
                break
        else:
            count = 1
        at += count
    return edits


def _cheapest(plain: str, tokens: list[re.Match[str]]) -> list[Edit]:
    """The likeliest joins of a text in which most words are cut (searched as Viterbi 1967 does)."""
    costs = [0.0] + [math.inf] * len(tokens)
    cuts = [0] * (len(tokens) + 1)
    for at, token in enumerate(tokens):
        ways = [(1, token.group()), *_ways(plain, tokens, at)]
        for count, joined in ways:
            price = vocabulary.cost(joined.lower())
            if price is None:
                parts = [part.group().lower() for part in tokens[at : at + count]]
                if count > _ENOUGH or (count > 1 and any(map(vocabulary.is_word, parts))):
                    continue
                price = _UNKNOWN + 2 * len(joined)
            if costs[at] + price < costs[at + count]:
                costs[at + count], cuts[at + count] = costs[at] + price, at
    edits: list[Edit] = []
    end = len(tokens)
    while end:
        if end - cuts[end] > 1:
            edits.append(_join(tokens[cuts[end] : end]))
        end = cuts[end]
    return edits[::-1]


def _join(parts: list[re.Match[str]]) -> Edit:
    places = [place for part in parts for place in range(*part.span())]
    return Edit(parts[0].start(), parts[-1].end(), "".join(part.group() for part in parts), places)


def _ways(plain: str, tokens: list[re.Match[str]], at: int) -> list[tuple[int, str]]:
    """How many parts can be joined from one on, and what comes out, longest first."""
    joined = tokens[at].group()
    ways: list[tuple[int, str]] = []
    for before, after in itertools.pairwise(tokens[at : at + _MOST_PARTS]):
        if not _GAP.fullmatch(plain, before.end(), after.start()):
            break
        joined += after.group()
        ways.append((len(ways) + 2, joined))
    return ways[::-1]


def _marked(match: re.Match[str]) -> bool:
    return not match.group().isascii() and not any(char.isdigit() for char in match.group())


def _is_cut(joined: str, parts: list[str]) -> bool:
    """Whether a word is likelier than its parts."""
    grave = vocabulary.is_grave(joined)
    if len(joined) < _SHORTEST_JOIN and not (grave and len(joined) > len(parts)):
        return False
    if vocabulary.english_rank(joined) is not None:
        if any(vocabulary.english_rank(part) is None for part in parts):
            return grave or len(joined) > _SHORTEST_JOIN or not any(map(vocabulary.is_word, parts))
        return (
            grave
            and all(len(part) >= 3 for part in parts)  # noqa: PLR2004 - "be at" is not "beat"
            and not any(vocabulary.is_grave(part) for part in parts)
        )
    return vocabulary.is_word(joined) and not any(vocabulary.is_word(part) for part in parts)
