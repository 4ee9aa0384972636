"""Names in scripts that put no blanks between words: Chinese, Japanese, Korean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
# What is written, or not, between the parts of a foreign name.
_BETWEEN = re.compile("(?<=[\u3040-\u9fff\uac00-\ud7a3])[\u00b7\u30fb\u2022\u2027=\u30a0 -]"
                      "(?=[\u3040-\u9fff\uac00-\ud7a3])")  # fmt: skip
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]")
_HANGUL = re.compile("[\uac00-\ud7a3]")

T = TypeVar("T")


def is_dense(text: str) -> bool:
    """Whether a text holds a character of these scripts."""
    return not text.isascii() and _DENSE.search(text) is not None


def bare(name: str) -> str:
    """A name without what stands between its parts."""
    return _BETWEEN.sub("", name)


def has_parts(name: str) -> bool:
    """Whether a name is written with something between its parts."""
    return _BETWEEN.search(name) is not None


@dataclass(frozen=True, slots=True)
class DenseNames(Generic[T]):
    """Names by their first two characters, the longest first."""

    by_start: Mapping[str, Sequence[tuple[str, T]]]

    @classmethod
    def of(cls, names: Mapping[str, T]) -> DenseNames[T]:
        """Takes names in their bare form; shorter than two characters there are none."""
        by_start: dict[str, list[tuple[str, T]]] = {}
        for name in sorted(names, key=lambda name: (-len(name), name)):
            by_start.setdefault(name[:2], []).append((name, names[name]))
        return cls(by_start)

    def find(self, text: str) -> Iterator[tuple[int, int, T]]:
        """Names in a text with their ranges in it; at each place the longest."""
        places = _places(text)
        plain = "".join(text[place] for place in places)
        at = 0
        while at < len(plain) - 1:
            for name, value in self.by_start.get(plain[at : at + 2], ()):
                end = at + len(name)
                if plain.startswith(name, at) and _is_whole(plain, at, end):
                    yield places[at], places[end - 1] + 1, value
                    at = end - 1
                    break
            at += 1


def _places(text: str) -> list[int]:
    """Places of the characters that are not between the parts of a name."""
    skipped = {match.start() for match in _BETWEEN.finditer(text)}
    return [place for place in range(len(text)) if place not in skipped]


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a name is no part of a longer word, where the script shows that."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if _KATAKANA.match(text[start]) and _KATAKANA.match(before or " "):
        return False
    if _KATAKANA.match(text[end - 1]) and _KATAKANA.match(after or " "):
        return False
    return not (_HANGUL.match(text[start]) and _HANGUL.match(before or " "))
