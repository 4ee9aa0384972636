"""Puts words together whose letters stand apart, and cuts words that stand without blanks.

"k i l l", "k-i-l-l" and "k.i.l.l" become one word, "killthemall" becomes three.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from moderation.prompts.normalise import Normalised
from moderation.prompts.readings import vocabulary
from moderation.prompts.readings.letters import decode_leet
from moderation.prompts.readings.rewriting import Edit, rewrite
from moderation.prompts.readings.segmenting import MAX_LETTERS, segment
from moderation.prompts.scripts import MARK_CLASS

_STANDS_IN = "@$!\u20ac"  # signs that can be letters; they never count as what stands between
_UNIT = f"(?:[^\\W_]|[{_STANDS_IN}])[{MARK_CLASS}]*"
_BETWEEN = f"(?:[^\\w{_STANDS_IN}{MARK_CLASS}]|_){{1,5}}"
_RUN = re.compile(
    f"(?<![\\w{_STANDS_IN}]){_UNIT}(?:{_BETWEEN}{_UNIT}){{2,}}(?![\\w@$\u20ac])(?!!\\w)"
)
_INITIALS = re.compile(r"[A-Z](?:\.[A-Z])+")
_STEP = re.compile(f"({_UNIT})({_BETWEEN})?")
_LISTING = re.compile("[,;\u3001\uff0c\u3002\u060c]")
_LIKELY = 0.6  # share of letters in words from which a run of letters is believed
_SHORT_RUN, _LONG_RUN, _HAN_RUN = 5, 10, 4
_LONG_CHUNK = 15
_GLUED = re.compile(r"[^\W\d_]{12,}")
_PLAIN_WORD = re.compile(r"(?<!\w)[^\W\d_]{1,11}(?!\w)")
_GLUED_KNOWN = 0.95
_GLUED_PARTS = 3
_GLUED_LETTERS, _GLUED_GRAVE = 3.3, 2.8  # a part, on average: endings cut off by chance are shorter


@dataclass(frozen=True, slots=True)
class _Word:
    letters: str
    places: tuple[int, ...]


def unspace(text: Normalised) -> Normalised | None:
    """Joins letters that stand apart, and finds the words in them; None where there are none."""
    edits: list[Edit] = []
    runs = list(_RUN.finditer(text.text))
    for sure in (False, True):  # beside one such word a short one is believed as well
        edits = [edit for run in runs if (edit := _joined(text, run, sure=sure)) is not None]
        if not edits:
            return None
    return rewrite(text, edits)


def _joined(text: Normalised, run: re.Match[str], *, sure: bool) -> Edit | None:
    chunks = list(_chunks(text, run))
    letters = "".join(chunk.letters for chunk in chunks)
    if not re.search(r"[^\W\d_]", letters):
        return None
    if vocabulary.HAN.search(letters):
        return None if len(letters) < _HAN_RUN or _is_list(run) else _edit(run, chunks)
    words: list[_Word] = []
    known = 0.0
    whole = _are_whole(chunks)
    for chunk in chunks:
        parts, share = _cut(chunk.letters, whole=whole)
        known += share * len(chunk.letters)
        at = 0
        for part in parts:
            words.append(_Word(part, chunk.places[at : at + len(part)]))
            at += len(part)
    if any(vocabulary.is_grave(word.letters.lower()) for word in words):
        return _edit(run, words)
    likely = known >= _LIKELY * len(letters) and any(len(word.letters) > 2 for word in words)  # noqa: PLR2004
    if _INITIALS.fullmatch(run.group()):
        return None
    if likely and (sure or len(letters) >= _SHORT_RUN):
        return _edit(run, words)
    row = letters.lower() in "abcdefghijklmnopqrstuvwxyz0123456789"
    digits = sum(map(str.isdigit, letters)) * 2 > len(letters)
    return None if len(letters) < _LONG_RUN or row or digits else _edit(run, words)


def _are_whole(chunks: list[_Word]) -> bool:
    """Whether the gaps in a run are those between words."""
    found = sum(vocabulary.is_word(chunk.letters.lower()) for chunk in chunks)
    longest = max(len(chunk.letters) for chunk in chunks)
    return len(chunks) > 1 and (longest < _LONG_CHUNK or found * 2 > len(chunks))


def _is_list(run: re.Match[str]) -> bool:
    """Whether it is a list of single signs, with a comma after each."""
    return len(_LISTING.findall(run.group())) * 3 > len(run.group())


def _cut(letters: str, *, whole: bool) -> tuple[tuple[str, ...], float]:
    """The words in letters that were joined, and the share of the letters that they cover.

    Args:
        letters: What was joined.
        whole: Whether it is likely to be one word, because others stood apart from it.
    """
    if vocabulary.is_word(letters.lower()):
        return (letters,), 1.0
    if not letters.isalpha():
        decoded = decode_leet(letters)
        if decoded is not None:
            return (decoded,), 1.0
    found = segment(letters)
    if whole:
        return (letters,), found.known if len(letters) >= _SHORT_RUN else 0.0
    return found.parts, found.known


def _edit(run: re.Match[str], words: list[_Word]) -> Edit:
    chars: list[str] = []
    places: list[int] = []
    for word in words:
        if chars:
            chars.append(" ")
            places.append(places[-1])
        chars += word.letters
        places += word.places
    return Edit(*run.span(), "".join(chars), places)


def _chunks(text: Normalised, run: re.Match[str]) -> Iterator[_Word]:
    """Cuts a run where what stands between two letters is not what mostly does."""
    steps = list(_STEP.finditer(run.group()))
    offset = run.start()
    gaps = [_gap(text, offset + step.start(2), offset + step.end(2)) for step in steps[:-1]]
    usual = Counter(gaps).most_common(1)[0][0]
    if len(set(gaps)) > 1 and Counter(gaps)[usual] * 2 < len(gaps):
        usual = min(set(gaps), key=lambda gap: (gap[1], gap[0]))
    letters: list[str] = []
    places: list[int] = []
    for step, gap in zip(steps, [*gaps, usual], strict=True):
        letters.append(step.group(1))
        places.extend(range(offset + step.start(1), offset + step.end(1)))
        if gap != usual:
            yield _Word("".join(letters), tuple(places))
            letters, places = [], []
    if letters:
        yield _Word("".join(letters), tuple(places))


def _gap(text: Normalised, start: int, end: int) -> tuple[str, int]:
    """What stands between two letters, and how wide it was in the prompt as it was sent."""
    width = sum(text.ends[at] - text.starts[at] for at in range(start, end))
    return text.text[start:end], width


def unglue(text: Normalised) -> Normalised | None:
    """Cuts words that stand without blanks, "killthemall"; None where there are none."""
    edits: list[Edit] = []
    if not _is_english(text.text):
        return None
    budget = MAX_LETTERS
    for match in _GLUED.finditer(text.text):
        word = match.group()
        budget -= len(word)
        if budget < 0 or not word.isascii() or vocabulary.is_word(word.lower()):
            continue
        found = segment(word)
        if found.known < _GLUED_KNOWN or not _are_words(found.parts):
            continue
        at, places = match.start(), []
        for part in found.parts:
            places += [*range(at, at + len(part)), at + len(part) - 1]
            at += len(part)
        edits.append(Edit(*match.span(), " ".join(found.parts), places[:-1]))
    return rewrite(text, edits) if edits else None


def _are_words(parts: tuple[str, ...]) -> bool:
    """Whether parts are so many, or so grave, that they are no word made of others by chance."""
    graves = any(vocabulary.is_grave(part.lower()) for part in parts)
    long = sum(map(len, parts)) >= (_GLUED_GRAVE if graves else _GLUED_LETTERS) * len(parts)
    return long and len(parts) >= (_GLUED_PARTS if graves else _GLUED_PARTS + 1)


def _is_english(plain: str) -> bool:
    """Whether most other words are English ones; German, for one, writes long words."""
    others = [word.lower() for word in _PLAIN_WORD.findall(plain)]
    return 2 * sum(vocabulary.english_rank(word) is not None for word in others) >= len(others)
