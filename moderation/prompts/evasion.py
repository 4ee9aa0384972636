"""Signs that a prompt is written so as to get past a check.

`inspect` counts what hardly happens by accident: joiners between Latin letters (not those that
Hindi, Persian and emoji need), overridden direction, tag characters (but for flags), words that mix
look-alike scripts, letters spaced out, stacks of marks. `of_readings` weighs how a prompt had to be
read, `of_orders` what it says to the check. Rewording and other languages are not seen here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from moderation.prompts.scripts import (
    INVISIBLE,
    LATIN,
    LETTER_CLASS,
    LOOKALIKE_SCRIPT,
    STACKABLE_CLASS,
    WORD,
    is_mixed,
)
from moderation.verdict import CharSpan, Signal, Stage

SOURCE = "evasion-signs"
READINGS_SOURCE = "evasion-readings"
ORDERS_SOURCE = "evasion-orders"
# Nobody writes in a code by accident, but what it says may be harmless: enough for a person to look
# at it under the default policy, never more. What can be a joke, a title or a slip is worth less.
_IN_CODE = 0.85
_DISGUISED = 0.6
_CODES = frozenset(
    ("base64", "base32", "hex", "binary", "numbers", "escapes", "percent", "morse", "rot13")
)
_DISGUISES = frozenset(("lookalikes", "spaced", "leet", "doubled", "split", "glued", "reversed"))
_ORDERED = 1.0
_HIDDEN_IN_WORD = re.compile(
    f"(?<=[{LETTER_CLASS}])[\u115f\u1160\u180e\u200b-\u200f\u2060-\u2064\u3164\ufeff\uffa0]+"
    f"(?=[{LETTER_CLASS}])"
)
_DIRECTION = re.compile("[\u202d\u202e]")
_TAGS = re.compile("(?<![\U0001f3f4\U000e0000-\U000e007f])[\U000e0000-\U000e007f]+")
_SPACED = re.compile(f"(?<![\\w])[{LETTER_CLASS}](?:[ _*]{{1,2}}[{LETTER_CLASS}]){{4,}}(?![\\w])")
_STACKED = re.compile(f"[{STACKABLE_CLASS}]{{3,}}")


@dataclass(frozen=True, slots=True)
class Signs:
    """How often each sign was seen.

    Attributes:
        hidden: Places where an invisible character stands between two letters.
        direction: Characters that override the direction of writing.
        tags: Runs of tag characters outside a flag.
        mixed_words: Words of Latin and look-alike letters.
        spaced_letters: Letters in runs of single letters ("a b c d e"), five or more.
        stacked: Letters with three or more marks that may stand on any letter.
    """

    hidden: int = 0
    direction: int = 0
    tags: int = 0
    mixed_words: int = 0
    spaced_letters: int = 0
    stacked: int = 0

    @property
    def strong(self) -> bool:
        """Whether this can hardly be an accident: enough of one sign."""
        return (
            self.hidden >= 2  # noqa: PLR2004 - one may come with pasted text
            or self.direction >= 1
            or self.tags >= 1
            or self.mixed_words >= 2  # noqa: PLR2004 - one may be a unit or a name
            or self.spaced_letters >= 8  # noqa: PLR2004 - fewer may be a title
            or self.stacked >= 3  # noqa: PLR2004
        )


def inspect(text: str) -> tuple[Signal, ...]:
    """The signal that follows from strong signs, if there are any.

    Returns:
        One signal of 1.0 for `evasion` over the whole prompt, or nothing.
    """
    if signs(text).strong:
        return (Signal(Stage.PROMPT, "evasion", 1.0, SOURCE),)
    return ()


def of_readings(kinds: Iterable[str]) -> tuple[Signal, ...]:
    """The signal that follows from how a prompt had to be read.

    Args:
        kinds: The `kind` of each reading; see `readings.Reading`.

    Returns:
        One signal for `evasion` over the whole prompt: 0.85 for a code, 0.6 for a disguise. Nothing
        for emoji and wrappers alone, which many people use.
    """
    steps = {step for kind in kinds for step in kind.split("+")}
    score = _IN_CODE if steps & _CODES else _DISGUISED if steps & _DISGUISES else 0.0
    return (Signal(Stage.PROMPT, "evasion", score, READINGS_SOURCE),) if score else ()


def of_orders(spans: tuple[CharSpan, ...]) -> tuple[Signal, ...]:
    """The signal that follows from orders to the check; `spans` is what `wrappers.orders` found.

    Returns:
        One signal of 1.0 for `evasion` at those spans, or nothing.
    """
    if not spans:
        return ()
    return (Signal(Stage.PROMPT, "evasion", _ORDERED, ORDERS_SOURCE, chars=spans),)


def signs(text: str) -> Signs:
    """Counts the signs in a prompt as it was sent. Linear in its length."""
    spaced = sum(_letters(match.group()) for match in _SPACED.finditer(text))
    if text.isascii():
        return Signs(spaced_letters=spaced)
    visible = INVISIBLE.sub("", text)
    mixed = 0
    if LOOKALIKE_SCRIPT.search(visible) and LATIN.search(visible):
        mixed = sum(is_mixed(word) for word in WORD.findall(visible))
    return Signs(
        hidden=len(_HIDDEN_IN_WORD.findall(text)),
        direction=len(_DIRECTION.findall(text)),
        tags=len(_TAGS.findall(text)),
        mixed_words=mixed,
        spaced_letters=spaced,
        stacked=len(_STACKED.findall(text)),
    )


def _letters(run: str) -> int:
    return sum(char.isalpha() for char in run)
