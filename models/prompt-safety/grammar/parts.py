"""How a grammar writes prompts: templates with slots, filled without repeating itself.

A template is a sentence with slots in braces; a slot is a list of fills, which may hold slots
themselves. `Rule` says which categories a template's sentences belong to and how many to write.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_SLOT = re.compile(r"\{(\w+)\}")
_BLANKS = re.compile(r" {2,}")
_DEPTH = 6
#: Fills tried for each sentence wanted before a template counts as written out.
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Written:
    """One text with all its categories; every other category does not apply.

    Attributes:
        text: The text.
        lang: ISO 639-1 code.
        categories: Framegate category ids; empty for a harmless text.
        kind: "prompt" (for a video generator), "question", "request" or "comment".
        group: Name of the template; texts of one template belong in one fold.
    """

    text: str
    lang: str
    categories: frozenset[str]
    kind: str
    group: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Templates that share their categories.

    Attributes:
        categories: Category ids, parted by blanks; "" for harmless texts.
        templates: Sentences with slots, such as "{shot}a {who} cooking dinner{mood}".
        count: How many texts to write from each template, at most.
        kind: See `Written`.
    """

    categories: str
    templates: Sequence[str]
    count: int = 20
    kind: str = "prompt"


@dataclass(frozen=True, slots=True)
class Grammar:
    """The rules and slots of one subject in one language."""

    name: str
    lang: str
    slots: Mapping[str, Sequence[str]]
    rules: Sequence[Rule]

    def write(self, seed: int = 0) -> Iterator[Written]:
        """Writes the texts, each once; the same seed writes the same texts."""
        seen: set[str] = set()
        for rule in self.rules:
            categories = frozenset(rule.categories.split())
            for template in rule.templates:
                # A template's texts do not change when another one is added before it.
                key = hashlib.sha256(f"{seed}|{self.name}|{template}".encode()).digest()
                source = random.Random(key)  # noqa: S311 (no secret)
                written = 0
                for _ in range(rule.count * _TRIES):
                    text = self._fill(template, source)
                    if written < rule.count and text not in seen:
                        seen.add(text)
                        written += 1
                        group = f"{self.name}/{key.hex()[:8]}"
                        yield Written(text, self.lang, categories, rule.kind, group)

    def _fill(self, template: str, source: random.Random) -> str:
        text = template
        for _ in range(_DEPTH):
            filled = _SLOT.sub(lambda match: source.choice(self.slots[match[1]]), text)
            if filled == text:
                break
            text = filled
        if _SLOT.search(text):
            raise ValueError(f"{self.name}: slots nest too deep in {template!r}.")
        return _BLANKS.sub(" ", text).strip()
