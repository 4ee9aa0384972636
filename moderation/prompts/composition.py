"""How the parts of a request are read: each by itself, and together.

Harm can be spread over shots, so captions, prompt and shots are also read as one text. A negative
prompt is not asked for; docs/decisions/0010-request-parts.md says what of it counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from moderation.prompts import negative
from moderation.prompts.normalise import Normalised
from moderation.prompts.parts import NEGATIVE_PROMPT, Part, PromptRequest
from moderation.prompts.passages import Passage, together
from moderation.prompts.readings import readings
from moderation.verdict import CharSpan

_EVERYTHING: frozenset[str] = frozenset()
# What counts of a list of what is to be kept out: that it is disguised, or speaks to the filter.
_OF_A_LIST = frozenset({"evasion"})
# How it is read when clothing is to be kept out, in words that the classifier knows.
_UNCLOTHED = " naked, without clothes"
_OF_UNCLOTHED = frozenset({"sexual"})


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that are read at once, in each way in which they can be read.

    Attributes:
        readings: As they are written, then other readings.
        only: The categories that count; empty for all.
        adds: Whether only what goes beyond the groups before counts.
    """

    readings: tuple[Passage, ...]
    only: frozenset[str] = _EVERYTHING
    adds: bool = False

    @property
    def plain(self) -> Passage:
        """The parts as they are written."""
        return self.readings[0]


@dataclass(frozen=True, slots=True)
class Composition:
    """All that is read of a request.

    Attributes:
        parts: The groups of one part each, as they are sent.
        asked: All that is asked for as one text.
        groups: `parts`, then those of several parts.
        no_adults: Where the negative prompt keeps adults out, which asks for others.
    """

    parts: tuple[Group, ...]
    asked: Passage
    groups: tuple[Group, ...]
    no_adults: tuple[CharSpan, ...]

    @property
    def passages(self) -> Iterator[Passage]:
        """Every text that is read."""
        for group in self.groups:
            yield from group.readings


def compose(request: PromptRequest) -> Composition:
    """Bring a request into the texts that are read.

    Raises:
        InvalidInput: Nothing of a part can be seen; the error names the part.
    """
    pairs = [(part, Passage.of(part)) for part in request.asked]
    parts = [Group(tuple(_read(passage))) for _, passage in pairs]
    asked = together(pairs) if len(pairs) > 1 else pairs[0][1]
    wider = [Group((asked,), adds=True)] if len(pairs) > 1 else []
    no_adults: tuple[CharSpan, ...] = ()
    if request.negative is not None:
        passage = Passage.of(request.negative)
        is_list = negative.is_list(request.negative.text)
        parts.append(Group(tuple(_read(passage)), only=_OF_A_LIST if is_list else _EVERYTHING))
        taken = negative.taken_away(passage.text)
        no_adults = tuple(found for span in taken.age for found in passage.locate(span))
        if taken.clothing:
            bare = _unclothed(request, asked, taken.clothing)
            wider.append(Group((bare,), only=_OF_UNCLOTHED, adds=True))
    return Composition(tuple(parts), asked, (*parts, *wider), no_adults)


def _read(passage: Passage) -> Iterator[Passage]:
    yield passage
    for reading in readings(passage.text):
        yield passage.read_as(reading.kind, reading.text)


def _unclothed(request: PromptRequest, asked: Passage, clothing: tuple[CharSpan, ...]) -> Passage:
    """What is asked for without the clothing that the negative prompt takes away."""
    at = sum(len(part.text) + 1 for part in request.asked)
    begin, end = at + clothing[0].start, at + clothing[-1].end
    size = len(_UNCLOTHED)
    text = Normalised(
        asked.text.text + _UNCLOTHED,
        (*asked.text.starts, *[begin] * size),
        (*asked.text.ends, *[end] * size),
    )
    offsets = (*_offsets(request.asked), at)
    return Passage((*asked.parts, NEGATIVE_PROMPT), text, offsets, "without")


def _offsets(parts: tuple[Part, ...]) -> Iterator[int]:
    at = 0
    for part in parts:
        yield at
        at += len(part.text) + 1
