"""Letters that look like Latin ones, and characters that cannot be seen.

The table is our own and short: the letters that people really use to write an English word with
foreign letters. It follows the idea of Unicode Technical Standard 39 (confusable detection), not
its data. It applies to words of mixed scripts only, so that Russian or Greek stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from moderation.documents import read_document

# Invisible or only steering how others are drawn: soft hyphen, joiners, direction marks, fillers,
# variation selectors, tag characters. The Arabic number signs are format characters but visible.
INVISIBLE_CLASS = (
    "\u00ad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
INVISIBLE = re.compile(f"[{INVISIBLE_CLASS}]")
# Marks that may stand on any letter; stacks of these make text unreadable ("zalgo"). Marks of one
# script (Devanagari, Hebrew, Thai) are not among them: real words stack three and more.
STACKABLE_CLASS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"

_LATIN_CLASS = "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_LOOKALIKE_SCRIPTS = (
    "\u0370-\u0373\u0376-\u037d\u037f-\u03ff\u1f00-\u1fff"  # Greek
    "\u0400-\u052f\u1c80-\u1c8f\ua640-\ua69f"  # Cyrillic
    "\u0531-\u0556\u0561-\u0587"  # Armenian
)
LATIN = re.compile(f"[{_LATIN_CLASS}]")
LOOKALIKE_SCRIPT = re.compile(f"[{_LOOKALIKE_SCRIPTS}]")
LETTER_CLASS = _LATIN_CLASS + _LOOKALIKE_SCRIPTS
WORD = re.compile(f"[\\w{STACKABLE_CLASS}]+")


def is_mixed(word: str) -> bool:
    """Whether a word holds both Latin letters and letters of a script that looks like it."""
    return bool(LOOKALIKE_SCRIPT.search(word) and LATIN.search(word))


def _read_lookalikes() -> dict[int, str]:
    document = read_document((Path(__file__).parent / "lookalikes.yaml").read_bytes())
    table: dict[int, str] = {}
    for script in document.names():
        letters = document.section(script)
        for latin in letters.names():
            table |= {ord(letter): latin for letter in letters.text(latin)}
    return table


TO_LATIN: Mapping[int, str] = MappingProxyType(_read_lookalikes())
