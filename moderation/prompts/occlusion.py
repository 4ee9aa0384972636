"""Which words a score stands on, found by leaving words out and reading the rest again.

All words are taken away; then groups of them, the least suspicious first, are put back for as long
as the score stays below a target. What cannot be put back is what the score stands on. Unlike
leaving out one word at a time this also works where several words would each do. What is found is
faithful by construction: the text without these words was read, and its score is given.

Deterministic. The number of readings is bounded; where it runs out, a word too many may be named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

# How many readings one search may take, and into how many groups of words it looks first.
PASSES = 24
_GROUPS = 8
# Scripts without blanks between words are cut into pairs of characters.
_DENSE = "\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_DENSE}]{{1,2}}|[^\\s{_DENSE}]+")
_EDGES = ".,;:!?\"'()[]{}<>*_-–—…“”„‘’«»、。，；：！？「」『』（）।؟،"  # noqa: RUF001

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a text.

    Attributes:
        ranges: Half-open ranges of the text, in order; neighbours are one range.
        score_without: Score of the text without them.
    """

    ranges: tuple[Range, ...]
    score_without: float


def without(text: str, ranges: Collection[Range]) -> str:
    """The text without some ranges, with single blanks between what is left."""
    kept, at = [], 0
    for start, end in sorted(ranges):
        # What a range had between its words still parts what is left on either side.
        kept += [text[at:start], " " if any(map(str.isspace, text[start:end])) else ""]
        at = max(at, end)
    kept.append(text[at:])
    return " ".join("".join(kept).split())


def words(text: str) -> Iterator[Range]:
    """The words of a text without the punctuation around them."""
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match.group()
        start += len(word) - len(word.lstrip(_EDGES))
        end -= len(word) - len(word.rstrip(_EDGES))
        if start < end:
            yield start, end


def find(
    text: str,
    score: Callable[[str], float],
    target: float,
    *,
    fixed: Collection[Range] = (),
    passes: int = PASSES,
) -> Words | None:
    """Words without which a text scores below a target.

    Args:
        text: A text that scores `target` or more.
        score: Reads a text.
        target: What the score has to fall below.
        fixed: Words that are left out from the first and always belong to the answer.
        passes: How many readings it may take, at least 1.

    Returns:
        As few words as the readings allow, or None where the score does not fall below the target
        even without any word.
    """
    search = _Search(text, score, target, passes)
    search.removed = set(words(text)) | set(fixed)
    if not search.removed or not search.holds(search.removed):
        return None
    search.put_back(search.by_suspicion(fixed), known=True)
    return Words(joined(text, search.removed), search.score_without)


def joined(text: str, ranges: Collection[Range]) -> tuple[Range, ...]:
    """Ranges in order, those with nothing but white space between them made one."""
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


@dataclass(slots=True)
class _Search:
    """One search: what is left out so far, and how many readings are left."""

    text: str
    score: Callable[[str], float]
    target: float
    passes: int
    removed: set[Range] = field(default_factory=set)
    score_without: float = 1.0

    def holds(self, removed: Collection[Range]) -> bool:
        """Whether the text without these words scores below the target, if it may still be read."""
        if self.passes < 1:
            return False
        self.passes -= 1
        score = self.score(without(self.text, removed))
        if score >= self.target:
            return False
        self.score_without = score
        return True

    def by_suspicion(self, fixed: Collection[Range]) -> list[Range]:
        """All words that may be put back: those whose absence matters least come first."""
        free = sorted(self.removed - set(fixed))
        size = -(-len(free) // _GROUPS) or 1
        groups = [free[at : at + size] for at in range(0, len(free), size)]
        if len(groups) > 1 and self.passes > 2 * len(groups):
            self.passes -= len(groups)
            found = [self.score(without(self.text, [*fixed, *group])) for group in groups]
            order = sorted(range(len(groups)), key=lambda at: (-found[at], at))
            groups = [groups[at] for at in order]
        return [word for group in groups for word in group]

    def put_back(self, candidates: Sequence[Range], *, known: bool) -> None:
        """Put back as many of these words as the target allows.

        Args:
            candidates: Words that are left out.
            known: Whether it is known that they cannot all be put back.
        """
        if not known and self.holds(self.removed - set(candidates)):
            self.removed -= set(candidates)
            return
        if len(candidates) < 2 or self.passes < 1:  # noqa: PLR2004 - cannot be halved
            return
        half = len(candidates) // 2
        self.put_back(candidates[:half], known=False)
        all_back = self.removed.isdisjoint(candidates[:half])
        self.put_back(candidates[half:], known=all_back)
