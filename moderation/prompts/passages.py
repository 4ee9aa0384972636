"""What is read at once: one part of a request, or several as one text.

A passage knows for each of its characters which part it came from and where it stood there, so
that whatever is found in it can be pointed at in the request as it was sent.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from media.errors import InvalidInput
from moderation.prompts.normalise import Normalised, normalise
from moderation.prompts.parts import Part, named
from moderation.verdict import CharSpan


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that is read at once. Immutable.

    Attributes:
        parts: Names of its parts, in the order in which they are read.
        text: Its plain form. Spans of it count through all parts as they were sent, one after the
            other with one place between them; `locate` takes them apart.
        offsets: Where each part begins in that count.
        reading: How it was read, "" as it is written.
    """

    parts: tuple[str, ...]
    text: Normalised
    offsets: tuple[int, ...] = (0,)
    reading: str = ""

    @classmethod
    def of(cls, part: Part) -> Passage:
        """The plain form of one part.

        Raises:
            InvalidInput: Nothing of it can be seen; the error names the part.
        """
        try:
            return cls((part.name,), normalise(part.text))
        except InvalidInput as error:
            raise named(error, part.name) from None

    def read_as(self, reading: str, text: Normalised) -> Passage:
        """The same parts read in another way; `text` points into them as this passage does."""
        return replace(self, reading=reading, text=text)

    def locate(self, span: CharSpan) -> tuple[CharSpan, ...]:
        """A span of `text.origin` as spans of the parts as they were sent, in order."""
        found = []
        first = bisect_right(self.offsets, span.start) - 1
        for number in range(first, len(self.parts)):
            start = self.offsets[number]
            if start >= span.end:
                break
            following = self.offsets[number + 1 :]
            last = min(span.end, following[0] - 1) if following else span.end
            begin = max(span.start, start)
            if begin < last:
                found.append(CharSpan(begin - start, last - start, self.parts[number]))
        return tuple(found)

    def origin(self, start: int, end: int) -> tuple[CharSpan, ...]:
        """Where `text.text[start:end]` stood: in each part the range that holds all of it."""
        ranges: dict[str, tuple[int, int]] = {}
        for index in range(start, end):
            # One by one, because a reading may turn the order of characters round.
            for span in self.locate(self.text.origin(index, index + 1)):
                low, high = ranges.get(span.part, (span.start, span.end))
                ranges[span.part] = min(low, span.start), max(high, span.end)
        return merge([CharSpan(low, high, part) for part, (low, high) in ranges.items()])


def together(passages: Sequence[tuple[Part, Passage]]) -> Passage:
    """Several parts as one text with a blank between them, in the order given."""
    offsets, at = [], 0
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for part, passage in passages:
        if chars:
            chars.append(" ")
            starts.append(at - 1)
            ends.append(at)
        chars.append(passage.text.text)
        starts += [at + start for start in passage.text.starts]
        ends += [at + end for end in passage.text.ends]
        offsets.append(at)
        at += len(part.text) + 1
    text = Normalised("".join(chars), tuple(starts), tuple(ends))
    return Passage(tuple(part.name for part, _ in passages), text, tuple(offsets))


def merge(spans: Iterable[CharSpan]) -> tuple[CharSpan, ...]:
    """Spans sorted by part and place, those that touch made one."""
    merged: list[CharSpan] = []
    for span in sorted(spans, key=_place):
        last = merged[-1] if merged else None
        if last and last.part == span.part and span.start <= last.end:
            merged[-1] = replace(last, end=max(last.end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _place(span: CharSpan) -> tuple[str, int, int, int]:
    name, _, number = span.part.partition("[")
    return name, int(number[:-1] or 0), span.start, span.end
