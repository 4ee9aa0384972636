"""Labelled sets: gzipped JSON Lines files with an `index.json` that says what each annotates.

Three rules hold everywhere. Rows whose `unsafe` is null are not scored. A missing label is no
negative: a category is scored in a set only where the set's scope names it. Where a set has no
scope, its labelled rows are positives and its benign rows negatives of every category.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from media.errors import InvalidInput

Flags = NDArray[np.bool_]
#: Labels of the files and the categories that they mean.
CATEGORY_OF: Final[Mapping[str, str]] = {
    "sexual": "sexual",
    "sexual_minors": "sexual/minors",
    "violence": "violence",
    "graphic_violence": "violence/graphic",
    "self_harm": "self-harm",
    "hate": "hate",
    "harassment": "harassment",
    "illicit": "illicit",
    "extremism": "extremism",
    "public_figure": "likeness/public-figure",
    "third_party_ip": "ip/third-party",
    "political": "political",
    "misinformation": "misinformation",
    "privacy": "privacy",
}
_KNOWN: Final = frozenset(CATEGORY_OF.values())
_LARGE_SET: Final = 5_000
_A_LANGUAGE: Final = 400
# Gaps between groups need every harmless row that there is; the texts are short.
_ALL_HARMLESS: Final = frozenset({"bias_templates"})


class SetsMissing(InvalidInput):
    """A folder that holds no labelled set."""

    reason = "EVALUATION_SETS_MISSING"


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text.

    Attributes:
        id: Name of the row within its set.
        text: The text.
        lang: ISO 639-1 code, or "" where the row names none.
        unsafe: Whether it is harmful; None where nobody knows.
        labels: Categories that it was labelled with.
        kind: "prompt", "comment", "request" or "".
        raw: What its source said of it.
    """

    id: str
    text: str
    lang: str
    unsafe: bool | None
    labels: frozenset[str]
    kind: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One set, its rows in the order of the digests of their ids.

    Attributes:
        name: Name of the file without its ending.
        rows: Rows that are used.
        scope: Categories that every row was annotated for; None where the set says nothing.
        total: How many rows the file has.
        unread: How many rows could not be read (no text, or no JSON object).
    """

    name: str
    rows: tuple[Row, ...]
    scope: frozenset[str] | None
    total: int
    unread: int = 0

    @property
    def sampled(self) -> bool:
        """Whether rows were left out to save time."""
        return len(self.rows) < self.total - self.unread

    def categories(self) -> tuple[str, ...]:
        """Categories to score: those of the scope, or where there is none those of the labels."""
        if self.scope is not None:
            return tuple(sorted(self.scope))
        return tuple(sorted({label for row in self.rows for label in row.labels}))

    def truth(self, category: str) -> tuple[Flags, Flags]:
        """Which rows are known to be positive, and which negative; the others are unknown."""
        yes = np.array([row.unsafe is True and category in row.labels for row in self.rows], bool)
        no = np.array([self._negative(row, category) for row in self.rows], bool)
        return yes, no

    def any_truth(self) -> tuple[Flags, Flags]:
        """The same for harm of any kind."""
        yes = np.array([row.unsafe is True for row in self.rows], bool)
        no = np.array([row.unsafe is False for row in self.rows], bool)
        return yes, no

    def _negative(self, row: Row, category: str) -> bool:
        if self.scope is not None and category not in self.scope:
            return False
        if row.unsafe is not True:
            return row.unsafe is False and category not in row.labels
        if self.scope is None or not row.labels:
            return False  # harmful in a way that the labels do not tell
        return not any(has == category or has.startswith(f"{category}/") for has in row.labels)


def read_sets(folder: Path, *, sample: int | None = None, only: str = "") -> list[LabelledSet]:
    """Reads every `*.jsonl.gz` and `*.jsonl` of a data folder.

    Args:
        folder: The data folder: sets lie in its `eval` folder or in itself, `index.json` in it or
            beside it.
        sample: Most rows of one language of a set, chosen by the digest of their ids; 0 for all.
            None leaves sets of up to 5,000 rows whole and takes 400 a language of larger ones
            (but every harmless row of bias_templates).
        only: Reads the one set of that name.

    Raises:
        SetsMissing: There is no such file.
    """
    place = next((p for p in (folder / "eval", folder / "text" / "eval") if p.is_dir()), folder)
    files = sorted([*place.glob("*.jsonl.gz"), *place.glob("*.jsonl")])
    files = [file for file in files if only in {"", _name(file)}]
    if not files:
        raise SetsMissing("The data folder holds no *.jsonl.gz.", field="data")
    index = read_index(place)
    return [_read(file, index.get(_name(file), {}), sample) for file in files]


def read_index(place: Path) -> dict[str, Any]:
    """What is known of each set: `index.json` in a folder or the one above it, else nothing."""
    for path in (place / "index.json", place.parent / "index.json"):
        if path.is_file():
            found = json.loads(path.read_text(encoding="utf-8"))
            return found if isinstance(found, dict) else {}
    return {}


def raw_rows(path: Path) -> Iterator[dict[str, Any] | None]:
    """The objects of one file; None for a line that holds none with a text."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            if line.strip():
                yield _object(line)


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    good = isinstance(value, dict) and isinstance(value.get("text"), str) and value["text"].strip()
    return value if good else None


def _read(path: Path, about: Mapping[str, Any], sample: int | None) -> LabelledSet:
    found = list(raw_rows(path))
    name, scope = _name(path), about.get("scope")
    rows = [_row(value, number) for number, value in enumerate(found) if value is not None]
    rows.sort(key=lambda row: (hashlib.sha256(row.id.encode("utf-8", "replace")).digest(), row.id))
    most = sample
    if sample is None:
        most = _A_LANGUAGE if len(rows) > _LARGE_SET else 0
    whole = sample is None and name in _ALL_HARMLESS
    return LabelledSet(
        name=name,
        rows=tuple(_first(rows, most, harmless=whole) if most else rows),
        scope=scope_of(scope) if isinstance(scope, list) else None,
        total=len(found),
        unread=len(found) - len(rows),
    )


def scope_of(entries: list[Any]) -> frozenset[str]:
    """Categories that a scope names; remarks in brackets and what is no category fall away."""
    names = (str(entry).partition(" (")[0] for entry in entries)
    return frozenset(CATEGORY_OF.get(name, name) for name in names) & _KNOWN


def _first(rows: list[Row], most: int, *, harmless: bool) -> list[Row]:
    taken: dict[str, int] = {}
    kept = []
    for row in rows:
        if harmless and row.unsafe is False:
            kept.append(row)
            continue
        taken[row.lang] = taken.get(row.lang, 0) + 1
        if taken[row.lang] <= most:
            kept.append(row)
    return kept


def _row(value: dict[str, Any], number: int) -> Row:
    labels, unsafe, raw = value.get("labels"), value.get("unsafe"), value.get("raw")
    named = labels if isinstance(labels, list) else []
    return Row(
        id=str(value.get("id", number)),
        text=value["text"].encode("utf-8", "replace").decode(),
        lang=str(value.get("lang") or ""),
        unsafe=unsafe if isinstance(unsafe, bool) else None,
        labels=frozenset(CATEGORY_OF.get(str(label), str(label)) for label in named),
        kind=str(value.get("kind") or ""),
        raw=raw if isinstance(raw, dict) else {},
    )


def _name(path: Path) -> str:
    return path.name.partition(".jsonl")[0]
