"""Which writing systems a text uses, so that a model can say what it cannot read.

A sentence encoder gives a vector for every text, also for one in a language that it never saw;
the score is then noise that looks like a low score. The caller must know.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from functools import lru_cache

# First words of Unicode character names that are not names of scripts.
_ALIASES = {
    "FULLWIDTH": "LATIN",
    "HALFWIDTH": "KATAKANA",
    "IDEOGRAPHIC": "CJK",
    "KANGXI": "CJK",
    "MODIFIER": "",
    "FEMININE": "LATIN",
    "MASCULINE": "LATIN",
    "KATAKANA-HIRAGANA": "KATAKANA",
}


def unread_share(text: str, scripts: Collection[str]) -> float:
    """Share of a text's letters that belong to none of some writing systems.

    Args:
        text: Any text.
        scripts: Names as Unicode character names begin with them, such as "LATIN" or "CJK".

    Returns:
        A share in [0, 1]; 0 for a text without letters.
    """
    letters = [character for character in text if character.isalpha()]
    if not letters:
        return 0.0
    known = {"", *scripts}
    return sum(_script(letter) not in known for letter in letters) / len(letters)


@lru_cache(maxsize=65536)
def _script(letter: str) -> str:
    first = unicodedata.name(letter, "UNNAMED").partition(" ")[0]
    return _ALIASES.get(first, first)
