"""Spans of what is read at once point into the parts as they were sent."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from media.errors import InvalidInput
from moderation.prompts.normalise import normalise
from moderation.prompts.parts import Part
from moderation.prompts.passages import Passage, merge, together
from moderation.verdict import CharSpan

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1)


def _seen(text: str) -> bool:
    try:
        normalise(text)
    except InvalidInput:
        return False
    return True


PARTS = st.lists(TEXT.filter(_seen), min_size=1, max_size=4).map(
    lambda texts: [Part(f"shots[{number}]", text) for number, text in enumerate(texts)]
)


@settings(deadline=None)
@given(PARTS, st.data())
def test_a_span_of_several_parts_is_found_in_each_of_them(
    parts: list[Part], data: st.DataObject
) -> None:
    alone = [(part, Passage.of(part)) for part in parts]
    passage = together(alone)
    assert passage.text.text == " ".join(read.text.text for _, read in alone)
    start = data.draw(st.integers(0, len(passage.text.text) - 1))
    end = data.draw(st.integers(start + 1, len(passage.text.text)))
    spans = passage.origin(start, end)
    texts = {part.name: part.text for part in parts}
    for span in spans:
        assert 0 <= span.start < span.end <= len(texts[span.part])
    # Each part says the same of its own share as when it is read alone.
    at = 0
    for part, read in alone:
        size = len(read.text.text)
        low, high = max(start, at) - at, min(end, at + size) - at
        expected = read.origin(low, high) if low < high else ()
        assert tuple(span for span in spans if span.part == part.name) == expected
        at += size + 1


def test_a_part_of_which_nothing_can_be_seen_is_named() -> None:
    try:
        Passage.of(Part("shots[3]", "\u200b\u200d"))
    except InvalidInput as error:
        assert (error.reason, error.field) == ("PROMPT_EMPTY", "shots[3]")
    else:
        raise AssertionError


def test_touching_spans_become_one_and_parts_stay_in_order() -> None:
    spans = [
        CharSpan(4, 6, "shots[10]"),
        CharSpan(0, 2, "shots[2]"),
        CharSpan(2, 5, "shots[2]"),
        CharSpan(7, 9, "shots[2]"),
    ]
    assert merge(spans) == (
        CharSpan(0, 5, "shots[2]"),
        CharSpan(7, 9, "shots[2]"),
        CharSpan(4, 6, "shots[10]"),
    )
