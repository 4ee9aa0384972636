"""Texts for training, written by grammars: English, and by others of hate and of languages.

Public sets hold few video prompts, and hardly any that are harmless but sound harmful. The
grammars write both over the same shots, places and people. They train, and they are never used
to report a number. `python models/prompt-safety/grammar` prints how many texts there are.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import re
from collections import Counter

from grammar.parts import Grammar, Rule, Written  # type: ignore[import-not-found]

#: Modules and packages of grammars; each has `GRAMMARS`. One that is not here is left out.
SOURCES = ("harm", "harmless", "talk", "hate", "languages")

_HARMLESS = "harmless"
#: Of 100 English texts: so many are sentences, so many in lower case, so many with a slip.
_SENTENCES = 30
_LOWER = 15
_SLIPS = 6
#: What an empty fill leaves before a stop.
_BEFORE_STOP = re.compile(r" +(?=[,.?!])")
_LONG_WORD = re.compile(r"[a-z]{5,}")


def grammars() -> tuple[Grammar, ...]:
    """All grammars, in the order of `SOURCES`."""
    found: list[Grammar] = []
    for name in SOURCES:
        if importlib.util.find_spec(f"grammar.{name}") is not None:
            found.extend(importlib.import_module(f"grammar.{name}").GRAMMARS)
    return tuple(found)


def write(seed: int = 0) -> list[Written]:
    """Writes all texts, each once; the same seed writes the same texts."""
    found: dict[str, Written] = {}
    for grammar in grammars():
        for item in grammar.write(seed):
            text = _dressed(item.text, seed) if item.lang == "en" else item.text
            # A text is told apart whatever its case, so that no two labels share one.
            found.setdefault(
                text.lower().rstrip(".?! "),
                Written(text, item.lang, item.categories, item.kind, item.group),
            )
    return list(found.values())


def counts(seed: int = 0) -> str:
    """A Markdown table of texts by category and language; a text counts in all its categories."""
    table: dict[str, Counter[str]] = {}
    for item in write(seed):
        for category in item.categories or {_HARMLESS}:
            table.setdefault(category, Counter())[item.lang] += 1
    others = {lang for row in table.values() for lang in row} - {"en"}
    langs = ["en", *sorted(others)]
    lines = ["| category | " + " | ".join(langs) + " |", "|---" * (len(langs) + 1) + "|"]
    for category in sorted(table, key=lambda name: (name == _HARMLESS, name)):
        cells = " | ".join(str(table[category][lang]) for lang in langs)
        lines.append(f"| {category} | {cells} |")
    return "\n".join(lines)


def _dressed(text: str, seed: int) -> str:
    """The text as another writer would type it; which way hangs on the text alone."""
    text = _BEFORE_STOP.sub("", text)
    chance = int.from_bytes(hashlib.sha256(f"{seed}|{text}".encode()).digest()[:8], "big")
    choice = chance % 100
    if choice < _SENTENCES:
        ended = text if text[-1] in ".?!" else text + "."
        return ended[0].upper() + ended[1:]
    if choice < _SENTENCES + _LOWER:
        return text.lower().rstrip(".?!")
    words = [match.start() for match in _LONG_WORD.finditer(text)]
    if choice < _SENTENCES + _LOWER + _SLIPS and words:
        at = words[chance // 100 % len(words)] + 2
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text


__all__ = ["SOURCES", "Grammar", "Rule", "Written", "counts", "grammars", "write"]
