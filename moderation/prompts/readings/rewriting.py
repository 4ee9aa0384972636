"""Replaces stretches of a plain form, and keeps where each character came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moderation.prompts.normalise import Normalised


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands in place of `text[start:end]`.

    Attributes:
        start: Where the stretch begins in the text that is rewritten.
        end: Where it ends (half-open), after `start`.
        text: What comes in its place; may be empty.
        places: For each character of `text` the index in the old text that it came from, rising.
            Empty: each comes from the whole stretch.
    """

    start: int
    end: int
    text: str
    places: Sequence[int] = ()


def rewrite(source: Normalised, edits: Iterable[Edit]) -> Normalised | None:
    """The text with all edits made, with single blanks and none at the ends.

    Args:
        source: What to rewrite.
        edits: Stretches in order that do not overlap.

    Returns:
        The new text, or None where nothing is left or nothing changed.
    """
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def keep(text: str, starting: Iterable[int], ending: Iterable[int]) -> None:
        for char, start, end in zip(text, starting, ending, strict=True):
            if char == " " and (not chars or chars[-1] == " "):
                if chars:
                    ends[-1] = max(ends[-1], end)
                continue
            chars.append(char)
            starts.append(start)
            ends.append(end)

    at = 0
    for edit in edits:
        keep(
            source.text[at : edit.start],
            source.starts[at : edit.start],
            source.ends[at : edit.start],
        )
        if edit.places:
            places = edit.places
            keep(edit.text, (source.starts[i] for i in places), (source.ends[i] for i in places))
        else:
            size = len(edit.text)
            first, last = source.starts[edit.start], source.ends[edit.end - 1]
            keep(edit.text, [first] * size, [last] * size)
        at = edit.end
    keep(source.text[at:], source.starts[at:], source.ends[at:])
    while chars and chars[-1] == " ":
        del chars[-1], starts[-1], ends[-1]
    text = "".join(chars)
    if not text or text == source.text:
        return None
    return Normalised(text, tuple(starts), tuple(ends))
