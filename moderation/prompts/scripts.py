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
# variation selectors, tag characters, strokes laid over a letter, rings and keycaps round it. The
# Arabic number signs are format characters but visible.
INVISIBLE_CLASS = (
    "\u00ad\u0332-\u0338\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u20dd-\u20e4\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
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
    "\u13a0-\u13fd\uab70-\uabbf"  # Cherokee
    "\ua4d0-\ua4f7"  # Lisu
)
LATIN = re.compile(f"[{_LATIN_CLASS}]")
LOOKALIKE_SCRIPT = re.compile(f"[{_LOOKALIKE_SCRIPTS}]")
LETTER_CLASS = _LATIN_CLASS + _LOOKALIKE_SCRIPTS
WORD = re.compile(f"[\\w{STACKABLE_CLASS}]+")
# Marks that belong to a letter: those above, the vowel signs of Devanagari and those of Arabic.
MARK_CLASS = (
    STACKABLE_CLASS + "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u064b-\u065f\u0670"
)
TOKEN = re.compile(f"[\\w{MARK_CLASS}]+")


def is_mixed(word: str) -> bool:
    """Whether a word holds both Latin letters and letters of a script that looks like it."""
    return bool(LOOKALIKE_SCRIPT.search(word) and LATIN.search(word))


def _read_lookalikes() -> dict[str, dict[int, str]]:
    document = read_document((Path(__file__).parent / "lookalikes.yaml").read_bytes())
    tables: dict[str, dict[int, str]] = {}
    for use in document.names():
        table = tables[use] = {}
        groups = document.section(use)
        for group in groups.names():
            letters = groups.section(group)
            for latin in letters.names():
                table |= {ord(letter): latin for letter in letters.text(latin)}
    return tables


def _lower_too(table: dict[int, str]) -> dict[int, str]:
    """The table with the small forms of Cherokee letters, which look like small capitals."""
    small = {
        ord(chr(letter).lower()): latin.lower()
        for letter, latin in table.items()
        if "\u13a0" <= chr(letter) <= "\u13f5"
    }
    return small | table


_TABLES = _read_lookalikes()
_SQUARES = {
    first + place: chr(ord("A") + place)
    for first in (0x1F150, 0x1F170)  # white letters on black discs, on black squares
    for place in range(26)
}
TO_LATIN: Mapping[int, str] = MappingProxyType(_lower_too(_TABLES["mixed"]))
ALWAYS_LATIN: Mapping[int, str] = MappingProxyType(_TABLES["always"] | _SQUARES)
ALWAYS = re.compile("[" + "".join(map(chr, ALWAYS_LATIN)) + "]")
VARIANTS: Mapping[int, str] = MappingProxyType(_TABLES["variants"])
