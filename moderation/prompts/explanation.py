"""Adds to the findings of the prompt classifier the words that they stand on.

Only what the classifier itself says counts: a finding names words when the same text without them
scores lower, and it keeps that score. For reviewers; a user never reads words or scores.

Long texts are looked at in stretches, so that what an explanation costs hardly grows with length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from models.classifiers import TextClassifier
from moderation.prompts import occlusion
from moderation.prompts.occlusion import Range
from moderation.prompts.passages import Passage, merge
from moderation.verdict import Finding

Passages = Mapping[tuple[tuple[str, ...], str], Passage]

# Readings of one stretch or less that all findings of one judgement share.
MAX_PASSES = 40
# Characters of whole long texts that may be read again for one judgement.
MAX_CHARS = 32_000
_STRETCH_CHARS = 400
_MOST_STRETCHES = 4
_FEWEST_PASSES = 6
_STRETCH = re.compile(rf".{{1,{_STRETCH_CHARS}}}(?:\s|$)|.{{1,{_STRETCH_CHARS}}}", re.DOTALL)


def explain(
    findings: Sequence[Finding],
    targets: Sequence[float],
    passages: Passages,
    classifier: TextClassifier,
) -> tuple[Finding, ...]:
    """Name the words behind findings, strictest first for as long as the readings last.

    Args:
        findings: Sorted by severity; those of other sources stay as they are.
        targets: For each the score below which nothing would follow from it.
        passages: What was read, by parts and category.
        classifier: What read it.

    Returns:
        The findings in the same order; deterministic.
    """
    rows = _Rows(classifier)
    explained = []
    for finding, target in zip(findings, targets, strict=True):
        signal = finding.signal
        passage = passages.get((signal.parts, signal.category))
        if passage is not None and signal.source == classifier.card.id:
            explained.append(_explain(finding, target, passage, rows))
        else:
            explained.append(finding)
    return tuple(explained)


def _explain(finding: Finding, target: float, passage: Passage, rows: _Rows) -> Finding:
    signal, text = finding.signal, passage.text.text
    fixed = _words_at(passage, finding)
    ranges = _ranges(passage, finding, target, fixed, rows)
    if not ranges:
        return finding
    score = rows.whole(occlusion.without(text, ranges), signal.category)
    if score is None or score >= signal.score:
        return finding
    rows.found.append((passage, ranges))
    spans = [span for start, end in ranges for span in passage.origin(start, end)]
    chars = merge([*signal.chars, *spans])
    return replace(finding, signal=replace(signal, chars=chars), score_without=score)


def _ranges(
    passage: Passage, finding: Finding, target: float, fixed: Sequence[Range], rows: _Rows
) -> tuple[Range, ...]:
    """Words without which the finding's category falls below the target, or as far as it goes."""
    text, category = passage.text.text, finding.signal.category
    for known, ranges in rows.found:
        # What explains a graver finding on the same text often explains this one as well.
        if known == passage and all(word in ranges for word in occlusion.joined(text, fixed)):
            score = rows.whole(occlusion.without(text, ranges), category)
            if score is not None and score < target:
                return ranges
    if len(text) <= _STRETCH_CHARS:
        return _words(text, (0, len(text)), category, target, fixed, rows)
    found: list[Range] = list(fixed)
    for stretch in _suspicious(text, category, target, rows):
        inside = [word for word in fixed if stretch[0] <= word[0] and word[1] <= stretch[1]]
        found += _words(text, stretch, category, target, inside, rows) or [stretch]
    return occlusion.joined(text, found)


def _words(
    text: str,
    stretch: Range,
    category: str,
    target: float,
    fixed: Sequence[Range],
    rows: _Rows,
) -> tuple[Range, ...]:
    """Words of one stretch without which it scores below the target."""
    passes = min(occlusion.PASSES, rows.passes)
    if passes < _FEWEST_PASSES:
        return ()
    start, end = stretch
    found = occlusion.find(
        text[start:end],
        lambda shorter: rows.short(shorter, category),
        target,
        fixed=[(low - start, high - start) for low, high in fixed],
        passes=passes,
    )
    return tuple((low + start, high + start) for low, high in found.ranges) if found else ()


def _suspicious(text: str, category: str, target: float, rows: _Rows) -> list[Range]:
    """The stretches of a long text that score highest: all over the target, but at least one."""
    if rows.chars < 2 * len(text):
        # Without room for the last reading of the whole, nothing could be said.
        return []
    rows.chars -= len(text)
    stretches = list(_stretches(text))
    scores = [rows.score(text[start:end], category) for start, end in stretches]
    order = sorted(range(len(stretches)), key=lambda at: (-scores[at], at))
    over = [at for at in order if scores[at] >= target]
    return [stretches[at] for at in (over or order[:1])[:_MOST_STRETCHES]]


def _stretches(text: str) -> Iterator[Range]:
    """A text cut between words into ranges of at most `_STRETCH_CHARS`."""
    for match in _STRETCH.finditer(text):
        yield match.span()


def _words_at(passage: Passage, finding: Finding) -> list[Range]:
    """The words of the passage that the finding's own spans lie on."""
    if not finding.signal.chars:
        return []
    at = []
    for start, end in occlusion.words(passage.text.text):
        for word in passage.origin(start, end):
            if any(
                word.part == span.part and word.start < span.end and span.start < word.end
                for span in finding.signal.chars
            ):
                at.append((start, end))
                break
    return at


@dataclass(slots=True)
class _Rows:
    """Scores of texts, each read once, and how much may still be read.

    Attributes:
        passes: Readings of short texts that are left.
        chars: Characters of long texts that are left.
        found: What was named so far.
    """

    classifier: TextClassifier
    passes: int = MAX_PASSES
    chars: int = MAX_CHARS
    found: list[tuple[Passage, tuple[Range, ...]]] = field(default_factory=list)
    _read: dict[str, dict[str, float]] = field(default_factory=dict)

    def short(self, text: str, category: str) -> float:
        """Score of a stretch or less; counts as a pass unless it was read before."""
        if text not in self._read:
            self.passes -= 1
        return self.score(text, category)

    def whole(self, text: str, category: str) -> float | None:
        """Score of a whole text, or None where it is too long to be read once more."""
        if text not in self._read:
            if len(text) <= _STRETCH_CHARS:
                self.passes -= 1
            elif self.chars < len(text):
                return None
            else:
                self.chars -= len(text)
        return self.score(text, category)

    def score(self, text: str, category: str) -> float:
        """Score of a text, from memory where it was read before."""
        row = self._read.get(text)
        if row is None:
            scores = self.classifier.score([text])[0]
            row = dict(zip(self.classifier.categories, map(float, scores), strict=True))
            self._read[text] = row
        return row[category]
