"""Finds the words in letters that stand without blanks.

The cheapest way to cut a stretch into words, by how frequent each word is (a unigram model,
searched as Viterbi 1967 does). Letters that belong to no word are kept together.
"""

from __future__ import annotations

from dataclasses import dataclass

from moderation.prompts.readings import vocabulary

_UNKNOWN = 11.0  # cost of a letter outside any word; a whole word costs 5 to 13
MAX_LETTERS = 2000  # of a longer stretch only so much is cut


@dataclass(frozen=True, slots=True)
class Segmented:
    """A stretch cut into words.

    Attributes:
        parts: The parts in order; together they are the stretch.
        known: Share of the letters that stand in words, in [0, 1].
    """

    parts: tuple[str, ...]
    known: float


def segment(letters: str) -> Segmented:
    """Cuts a stretch without blanks into words. Linear in its length; case does not matter."""
    lower = letters.lower()
    if len(lower) != len(letters):
        lower = letters
    head = lower[:MAX_LETTERS]
    costs, cuts, words = [0.0], [0], [False]
    for end in range(1, len(head) + 1):
        best, cut, word = costs[end - 1] + _UNKNOWN, end - 1, False
        for start in range(max(0, end - vocabulary.LONGEST), end):
            price = vocabulary.cost(head[start:end])
            if price is not None and costs[start] + price < best:
                best, cut, word = costs[start] + price, start, True
        costs.append(best)
        cuts.append(cut)
        words.append(word)
    return _parts(letters, cuts, words)


def _parts(letters: str, cuts: list[int], words: list[bool]) -> Segmented:
    """Walks back over the cuts, and joins letters that belong to no word."""
    found: list[tuple[int, int, bool]] = []
    end = len(cuts) - 1
    known = 0
    while end:
        start, word = cuts[end], words[end]
        known += (end - start) * word
        if not word and found and not found[-1][2] and found[-1][0] == end:
            found[-1] = (start, found[-1][1], False)
        else:
            found.append((start, end, word))
        end = start
    parts = [letters[start:end] for start, end, _ in reversed(found)]
    if len(letters) >= len(cuts):
        parts.append(letters[len(cuts) - 1 :])
    return Segmented(tuple(parts), known / max(1, len(letters)))
