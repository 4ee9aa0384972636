"""Cuts a text into overlapping windows of two sizes, so that harm in any part of it is seen.

A sentence encoder averages over what it reads: one sentence among three others is already lost,
in eight thousand characters it disappears. So a text is read in large windows, which keep what
belongs together, and in small ones of a sentence or two. Each window is scored by itself, and the
highest score counts.
"""

from __future__ import annotations

import unicodedata
from typing import Final

#: Budget of a large window. A wide (East Asian) character counts twice: it carries about as much as
#: two Latin letters and costs the tokenizers about as many tokens.
LARGE_UNITS: Final = 400
#: Budget of a small window. A text within it is one window.
SMALL_UNITS: Final = 120
#: A text is never cut into more windows than this; longer texts get longer windows instead, so
#: that every character is still read in both sizes.
MAX_LARGE: Final = 40
MAX_SMALL: Final = 160

# What neighbours share where a cut falls inside a sentence, so that what stands on the border is
# whole in one of them.
_LARGE_OVERLAP: Final = 100
_SMALL_OVERLAP: Final = 30
# How far back from its end a window may be cut to end between two words, in characters.
_WORD_SEARCH: Final = 40
_SENTENCE_ENDS: Final = frozenset(".!?;\n。！？；…؟।")  # noqa: RUF001


def windows(text: str, *, whole: int = SMALL_UNITS) -> list[str]:
    """Cuts a text into windows that together cover every character of it.

    Args:
        text: Any text.
        whole: A text of at most so many units comes back whole, and no other.

    Returns:
        The large windows in reading order, then the small ones, each once; `[""]` for an empty
        text. At most `MAX_LARGE + MAX_SMALL`.
    """
    stripped = text.strip()
    ends = _unit_ends(stripped)
    total = ends[-1] if ends else 0
    if total <= whole:
        return [stripped]
    # Cuts move back to a space or a sentence's end and overlap; the shares leave room for that.
    large = max(LARGE_UNITS, _LARGE_OVERLAP + 2 * _WORD_SEARCH + -(-total // (MAX_LARGE - 1)))
    small = max(SMALL_UNITS, -(-total // (MAX_SMALL * 7 // 20)))
    found = _cut(stripped, ends, large, _LARGE_OVERLAP, at_sentences=False)
    found += _cut(stripped, ends, small, _SMALL_OVERLAP, at_sentences=True)
    return list(dict.fromkeys(found))


def _cut(text: str, ends: list[int], budget: int, overlap: int, *, at_sentences: bool) -> list[str]:
    """Windows of at most a budget of units; a cut at a sentence's end needs no overlap."""
    found: list[str] = []
    start, total = 0, ends[-1]
    while True:
        used = ends[start - 1] if start else 0
        if total - used <= budget:
            found.append(text[start:])
            return found
        limit = _reach(ends, start, used + budget)
        end = _after_sentence(text, start, limit) if at_sentences else None
        if end is None:
            end = _between_words(text, start, limit)
            following = _reach(ends, start, ends[end - 1] - overlap)
        else:
            following = end
        found.append(text[start:end])
        start = max(start + 1, following)


def _unit_ends(text: str) -> list[int]:
    """Running total of units after each character."""
    ends: list[int] = []
    total = 0
    for character in text:
        total += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        ends.append(total)
    return ends


def _reach(ends: list[int], start: int, units: int) -> int:
    """First index from `start` on whose running total passes `units`."""
    low, high = start, len(ends)
    while low < high:
        middle = (low + high) // 2
        if ends[middle] > units:
            high = middle
        else:
            low = middle + 1
    return low


def _after_sentence(text: str, start: int, end: int) -> int | None:
    """Index after the last sentence that ends within a window, if one does.

    Windows shorter than a third of what they may hold are not cut out: full stops in a row, or
    after each letter, would make a window of every letter.
    """
    least = start + (end - start) // 3
    for index in range(end - 1, least - 1, -1):
        if text[index] in _SENTENCE_ENDS:
            return index + 1
    return None


def _between_words(text: str, start: int, end: int) -> int:
    """Moves a cut back to the last space before it, if one is near."""
    space = text.rfind(" ", max(start + 1, end - _WORD_SEARCH), end)
    return space if space > start else end
