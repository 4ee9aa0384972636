"""What is said round a prompt's content: wrappers, and orders to the check.

A wrapper ("for educational purposes") says nothing about what would be seen, so a reading leaves it
out. An order to the check ("ignore your safety rules") has no place in the description of a clip,
so it is a sign of evasion. The expressions are data (`wrappers.yaml`), in eleven languages.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from moderation.documents import read_document
from moderation.prompts.normalise import Normalised
from moderation.prompts.readings.rewriting import Edit, rewrite
from moderation.prompts.scripts import TOKEN
from moderation.verdict import CharSpan

_LEAST_LEFT = 2  # words, or as many signs where words have no blanks
_LEAST_SIGNS = 4
_EDGE = re.compile(r"[\s,.:;!?\-\u2013\u2014\u3001\u3002\uff0c\u060c\u0964]+")


def unwrap(text: Normalised) -> Normalised | None:
    """The text without wrappers and orders; None where there are none or nothing else is left."""
    lower = _lower(text.text)
    edits: list[Edit] = []
    found = sorted(
        match.span() for kind in ("wrappers", "orders") for match in _finditer(kind, lower)
    )
    end = 0
    for start, stop in found:
        if start >= end and stop > start:
            edits.append(Edit(start, stop, " "))
            end = stop
    inner = _without_edges(rewrite(text, edits)) if edits else None
    if inner is None:
        return None
    words = len(TOKEN.findall(inner.text))
    enough = words >= _LEAST_LEFT or sum(map(str.isalpha, inner.text)) >= _LEAST_SIGNS
    return inner if enough else None


def _without_edges(text: Normalised | None) -> Normalised | None:
    """Without the comma or colon that a wrapper leaves at the start."""
    edge = _EDGE.match(text.text) if text is not None else None
    if text is None or edge is None:
        return text
    return rewrite(text, [Edit(0, edge.end(), " ")])


def orders(text: Normalised) -> tuple[CharSpan, ...]:
    """Where a prompt gives orders to the check, as ranges of the prompt as sent, in order."""
    lower = _lower(text.text)
    return tuple(
        text.origin(*match.span()) for match in _finditer("orders", lower) if match.group()
    )


def _finditer(kind: str, lower: str) -> list[re.Match[str]]:
    return list(_patterns()[kind].finditer(lower))


def _lower(text: str) -> str:
    """Small letters, of the same length as the text."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(char.lower()[0] for char in text)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    document = read_document((Path(__file__).parent / "wrappers.yaml").read_bytes())
    patterns: dict[str, re.Pattern[str]] = {}
    for kind in document.names():
        languages = document.section(kind)
        parts = [part for language in languages.names() for part in languages.texts(language)]
        patterns[kind] = re.compile("|".join(f"(?:{part})" for part in parts))
    return patterns
