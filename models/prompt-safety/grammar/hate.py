"""Hate and harassment in thirteen languages, as pairs that differ in what is meant.

The same groups, predicates, openings and endings stand on both sides: an attack on a group, and
the same words denied, quoted and condemned, asked about, or said of a thing or a profession. So
neither the name of a group nor a rude word alone can part them.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence

from grammar.hate_ar import ARABIC  # type: ignore[import-not-found]
from grammar.hate_de import GERMAN  # type: ignore[import-not-found]
from grammar.hate_en import ENGLISH  # type: ignore[import-not-found]
from grammar.hate_es import SPANISH  # type: ignore[import-not-found]
from grammar.hate_fr import FRENCH  # type: ignore[import-not-found]
from grammar.hate_hi import HINDI  # type: ignore[import-not-found]
from grammar.hate_it import ITALIAN  # type: ignore[import-not-found]
from grammar.hate_ja import JAPANESE  # type: ignore[import-not-found]
from grammar.hate_nl import DUTCH  # type: ignore[import-not-found]
from grammar.hate_parts import Speech  # type: ignore[import-not-found]
from grammar.hate_pl import POLISH  # type: ignore[import-not-found]
from grammar.hate_pt import PORTUGUESE  # type: ignore[import-not-found]
from grammar.hate_ru import RUSSIAN  # type: ignore[import-not-found]
from grammar.hate_zh import CHINESE  # type: ignore[import-not-found]
from grammar.parts import Grammar, Rule, Written  # type: ignore[import-not-found]

SPEECHES: tuple[Speech, ...] = (
    ENGLISH,
    SPANISH,
    FRENCH,
    GERMAN,
    PORTUGUESE,
    ITALIAN,
    CHINESE,
    JAPANESE,
    HINDI,
    ARABIC,
    RUSSIAN,
    DUTCH,
    POLISH,
)

#: A sentence that ends with one of these is complete and gets no further ending.
_MARKS = tuple('.!?…。！？؟।"”»」')  # noqa: RUF001 (full-width marks are meant)


class Voiced(Grammar):  # type: ignore[misc]
    """A grammar whose texts are set in the ways people type: capitals, all capitals, no blanks.

    The choice hangs on the text alone, never on its categories.
    """

    __slots__ = ()

    def write(self, seed: int = 0) -> Iterator[Written]:
        """Writes the texts, each once; the same seed writes the same texts."""
        seen: set[str] = set()
        for item in super().write(seed):
            text = _voiced(item.text, item.kind)
            if text not in seen:
                seen.add(text)
                yield Written(text, item.lang, item.categories, item.kind, item.group)


def _voiced(text: str, kind: str) -> str:
    key = hashlib.sha256(text.encode()).digest()
    draw = random.Random(key).random()  # noqa: S311 (no secret)
    capital = text[:1].upper() + text[1:]
    if kind == "prompt":
        return capital if draw < 0.5 else text
    if draw < 0.04:
        return text.upper()
    if draw < 0.08:
        return text.replace(" ", "")
    return capital if draw < 0.7 else text


def _grammar(speech: Speech) -> Voiced:
    rules = (
        Rule("hate", _framed(speech.hate), 24, "comment"),
        Rule("hate violence", _framed(speech.threat), 20, "comment"),
        Rule("harassment", _framed(speech.abuse), 14, "comment"),
        Rule("harassment violence", _framed(speech.menace), 10, "comment"),
        Rule("", _framed(speech.fair), 24, "comment"),
        Rule("", _framed(speech.other), 18, "comment"),
        Rule("hate", speech.shown, 16, "prompt"),
        Rule("", speech.seen, 16, "prompt"),
    )
    return Voiced(f"hate-{speech.lang}", speech.lang, speech.slots, rules)


def _framed(templates: Sequence[str]) -> tuple[str, ...]:
    """The templates with an opening, and with an ending where they have none."""
    return tuple(
        "{o}" + template + ("" if template.endswith(_MARKS) else "{t}") for template in templates
    )


GRAMMARS: tuple[Grammar, ...] = tuple(_grammar(speech) for speech in SPEECHES)
