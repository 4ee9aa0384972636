"""Reads a language's grammar from blocks of text, which keep its lists short to read."""

from __future__ import annotations

from grammar.parts import Rule  # type: ignore[import-not-found]

_KINDS = frozenset({"prompt", "question", "request", "comment"})


def fills(block: str) -> tuple[str, ...]:
    """The fills of a slot, parted by "|"; blanks and line breaks around a fill are dropped.

    An empty fill is kept: a slot with empty fills is left out of some of the sentences.
    """
    return tuple(" ".join(fill.split()) for fill in block.split("|"))


def rules(block: str) -> tuple[Rule, ...]:
    """The rules of a block: each has a heading line, and below it one template a line.

    A heading is "# CATEGORY ... COUNT KIND", such as "# violence 18 prompt"; without a category
    the texts are harmless. See `Rule` for the count and the kind.

    Raises:
        ValueError: A template stands above the first heading, or a heading is malformed.
    """
    found: list[Rule] = []
    for line in filter(None, map(str.strip, block.splitlines())):
        if line.startswith("# "):
            found.append(_heading(line))
        elif found:
            last = found[-1]
            templates = (*last.templates, line)
            found[-1] = Rule(last.categories, templates, last.count, last.kind)
        else:
            raise ValueError(f"No heading above {line!r}.")
    return tuple(found)


def _heading(line: str) -> Rule:
    *categories, count, kind = line.removeprefix("# ").split()
    if kind not in _KINDS:
        raise ValueError(f"The heading {line!r} does not end in a kind of text.")
    return Rule(" ".join(categories), (), int(count), kind)
