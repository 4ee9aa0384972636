"""What each language brings to the grammar of hate: groups, words and sentences.

Sentences are written in small letters where the language allows it and mostly without a final
mark: `grammar.hate` adds openings, endings and capitals, the same ones to both sides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Speech:
    """One language's sentences. Slots are in braces, as in `grammar.parts`.

    Attributes:
        lang: ISO 639-1 code.
        slots: The fills of all slots; "o" are openings, "t" are endings of a comment.
        groups: Names of the slots that hold the groups, one for each grammatical case.
        hate: Attacks on groups.
        threat: Threats to groups.
        abuse: Abuse of one person, on no protected ground.
        menace: Threats to one person.
        fair: Harmless sentences that name groups, or quote and reject an attack.
        other: Harmless sentences with the words of an attack and no group.
        shown: Video prompts that mock or debase a group.
        seen: Video prompts that show a group in ordinary or proud scenes.
    """

    lang: str
    slots: Mapping[str, Sequence[str]]
    groups: Sequence[str]
    hate: Sequence[str]
    threat: Sequence[str]
    abuse: Sequence[str]
    menace: Sequence[str]
    fair: Sequence[str]
    other: Sequence[str]
    shown: Sequence[str]
    seen: Sequence[str]


def lines(text: str) -> tuple[str, ...]:
    """The sentences of a block, one a line; blank lines are left out."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def words(text: str) -> tuple[str, ...]:
    """The fills of a slot, parted by "|"; blanks around a fill are cut, line ends are blanks.

    A fill "_" is an empty one; "_" at the end of a fill is a blank that stays. A fill that ends
    with a comma or a colon is an opening and keeps a blank too.
    """
    return tuple(_fill(" ".join(fill.split())) for fill in text.split("|"))


def _fill(text: str) -> str:
    if text == "_":
        return ""
    return text.replace("_", " ") + (" " if text.endswith((",", ":")) else "")
