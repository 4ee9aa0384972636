"""The grammars of the languages besides English, one module a language.

Each is written in its own language and not translated: its names, characters, idioms and manner
of asking are those that are common there. What is sexual in them names adults, in mild words.
"""

from __future__ import annotations

from grammar.languages import ar, de, es, fr, hi, it, ja, pt, ru, zh  # type: ignore[import-not-found]
from grammar.parts import Grammar  # type: ignore[import-not-found]

GRAMMARS: tuple[Grammar, ...] = tuple(
    module.GRAMMAR for module in (es, fr, de, pt, it, zh, ja, hi, ar, ru)
)
