"""Other ways in which a prompt can be read, where it was written so as to be misread.

What is always right to undo is undone by `normalise`. What is right only now and then ("g00d",
"k i l l", base64, rot13, text turned round, "in a movie scene ...") is a reading: the classifier
reads the prompt as it stands and each reading, and the highest score counts. An ordinary prompt has
none. A reading that is needless costs time only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from moderation.prompts.normalise import Normalised
from moderation.prompts.readings.ciphers import unreverse, unshift
from moderation.prompts.readings.decoding import decode
from moderation.prompts.readings.disguises import spell_emoji, to_latin
from moderation.prompts.readings.letters import undouble, unleet, unsplit
from moderation.prompts.readings.spacing import unglue, unspace
from moderation.prompts.readings.wrappers import unwrap

MOST = 4
_DEPTH = 3  # codes within codes
_BUDGET = 2  # characters of all readings together, as a multiple of the prompt's
_LEAST_BUDGET = 400
# One after the other, each on what the one before left.
_LETTER_STEPS: tuple[tuple[str, Callable[[Normalised], Normalised | None]], ...] = (
    ("emoji", spell_emoji),
    ("lookalikes", to_latin),
    ("spaced", unspace),
    ("leet", unleet),
    ("doubled", undouble),
    ("split", unsplit),
    ("glued", unglue),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One other way to read a prompt.

    Attributes:
        kind: What was undone to get there, in order, joined by "+": `emoji`, `lookalikes`,
            `spaced`, `leet`, `doubled`, `split`, `glued`, `base64`, `base32`, `hex`, `binary`,
            `numbers`, `escapes`, `percent`, `morse`, `rot13`, `reversed`, `wrapped`.
        text: The plain form of that reading; its ranges point into the prompt as it was sent.
    """

    kind: str
    text: Normalised


def readings(normalised: Normalised) -> tuple[Reading, ...]:
    """The other readings of a prompt, the likeliest first; none for an ordinary one.

    Pure and thread-safe; takes time in proportion to the length. At most `MOST` readings, together
    at most twice as long as the prompt (400 characters for a short one).
    """
    kept: list[Reading] = []
    seen = {normalised.text}
    left = max(_LEAST_BUDGET, _BUDGET * len(normalised.text))
    for kind, text in _candidates(normalised):
        if text.text in seen or len(text.text) > left:
            continue
        seen.add(text.text)
        left -= len(text.text)
        kept.append(Reading(kind, text))
        if len(kept) == MOST:
            break
    return tuple(kept)


def _candidates(prompt: Normalised) -> Iterator[tuple[str, Normalised]]:
    """All readings, most telling first, the wrapper taken off the last one of each chain."""
    steps, plain = _decoded(prompt)
    letters, plain = _letters(plain)
    steps += letters
    turned: list[tuple[str, Normalised]] = []
    shifted = unshift(plain)
    if shifted is not None:
        turned.append(("rot13", shifted))
    turned += [("reversed", text) for text in unreverse(shifted or plain)]
    for kind, text in turned:
        more, text = _decoded(text)  # noqa: PLW2901 - what is inside goes on
        rest, text = _letters(text)  # noqa: PLW2901
        yield _named([*steps, kind, *more, *rest]), text
    if steps:
        yield _named(steps), plain
    inner = unwrap(turned[0][1] if turned else plain)
    if inner is not None:
        kinds = [*steps, *([turned[0][0]] if turned else ()), "wrapped"]
        yield _named(kinds), inner


def _decoded(text: Normalised) -> tuple[list[str], Normalised]:
    steps: list[str] = []
    for _ in range(_DEPTH):
        found = decode(text)
        if found is None:
            break
        name, text = found
        steps.append(name)
    return steps, text


def _letters(text: Normalised) -> tuple[list[str], Normalised]:
    steps: list[str] = []
    for name, step in _LETTER_STEPS:
        changed = step(text)
        if changed is not None:
            text = changed
            steps.append(name)
    return steps, text


def _named(steps: list[str]) -> str:
    return "+".join(dict.fromkeys(steps))
