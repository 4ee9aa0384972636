"""The name lists: what stands in them, and the reader of their format.

One line an entry, fields parted by bars, the name first; a line in brackets begins a section and
gives the kind and the fields that hold for all its lines; `#` begins a comment line.

    [music | near: tour]
    Adele | also: Adele Adkins | alone: - | native: 阿黛尔, Адель^

Fields: `also` (other names), `alone` (surname or nickname that may stand alone), `native` (other
scripts), `near` (words or phrases that speak for the entry), `never` (words or phrases that speak
against it), `score` (at most this), `bare` (at most this while no word of the kind is near),
`flags` (`common`: many people have this name; `swap`: the family name may stand first).

A sign behind a name says what it needs: `^` a capital letter or a word that speaks for it, `?` a
word of `near` (of the kind where the entry has none), `+` both. Without a sign it needs nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from moderation.documents import DocumentInvalid

FIGURE = "likeness/public-figure"
WORK = "ip/third-party"
# File, and the category of what stands in it; names of `free` are known and nobody's.
FILES: Mapping[str, str] = {
    "figures.txt": FIGURE,
    "historical.txt": FIGURE,
    "characters.txt": WORK,
    "titles.txt": WORK,
    "brands.txt": WORK,
    "free.txt": "",
}
MAX_BYTES = 1 << 20
_FIELDS = {"also", "alone", "native", "near", "never", "score", "bare", "flags"}
_FLAGS = {"common", "swap"}
_MAX_NAME = 80


class Need(Enum):
    """What a name needs beside itself to be taken for one."""

    NOTHING = ""
    CAPITAL = "^"
    CONTEXT = "?"
    BOTH = "+"


class How(Enum):
    """Which of an entry's names this is; the value is the score of an exact match."""

    NAME = 0.97
    NATIVE = 0.95
    ALIAS = 0.9
    ALONE = 0.8


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write an entry's name."""

    text: str
    how: How
    need: Need


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list.

    Attributes:
        name: The name as it is written in the list.
        kind: What it is, as the list's section says ("music", "character", "brand").
        category: Category of a match; empty for what is free to use.
        score: Upper bound of the score, 0 to 1.
        bare: Upper bound while no word of the kind is near, 0 to 1.
        common: Whether many people have this name.
        swap: Whether the family name may stand first.
        near: Words and phrases that speak for the entry.
        never: Words and phrases that speak against it.
        forms: The name and its other forms, never empty.
    """

    name: str
    kind: str
    category: str
    score: float
    bare: float
    common: bool
    swap: bool
    near: tuple[str, ...]
    never: tuple[str, ...]
    forms: tuple[Form, ...]


@dataclass(slots=True)
class _Line:
    """The fields of one line, and where it stands."""

    place: str
    head: str
    fields: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, place: str, text: str) -> _Line:
        head, *parts = (part.strip() for part in text.split("|"))
        line = cls(place, head)
        for part in parts:
            name, colon, value = part.partition(":")
            if not colon or name.strip() not in _FIELDS:
                raise line.wrong(f"no such field: {name[:40]}")
            if name.strip() in line.fields:
                raise line.wrong(f"the field {name.strip()} stands twice")
            line.fields[name.strip()] = value.strip()
        return line

    def wrong(self, what: str) -> DocumentInvalid:
        return DocumentInvalid(f"A name list is wrong: {self.place}: {what}.", field=self.place)

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.fields.get(name, "")
        return tuple(part.strip() for part in value.split(",") if part.strip())

    def share(self, name: str, section: _Line) -> float:
        value = self.fields.get(name, section.fields.get(name, "1"))
        try:
            share = float(value)
        except ValueError:
            share = -1.0
        if not 0.0 <= share <= 1.0:
            raise self.wrong(f"{name} is no number from 0 to 1")
        return share


def read_folder(folder: Path, *, whole: bool) -> Iterator[Entry]:
    """Entries of the lists in a folder.

    Args:
        folder: Where the lists lie; files that are no list of ours by name are left alone.
        whole: Whether every list must be there.

    Raises:
        DocumentInvalid: A list is missing, too large, not UTF-8, or a line is wrong; `field`
            names the file and the line.
    """
    present = [name for name in FILES if (folder / name).is_file()]
    if not present or (whole and len(present) < len(FILES)):
        raise DocumentInvalid("The folder lacks name lists.", field=str(folder))
    for name in present:
        content = (folder / name).read_bytes()
        if len(content) > MAX_BYTES:
            raise DocumentInvalid(f"The name list {name} is too large.", field=name)
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            raise DocumentInvalid(f"The name list {name} is not UTF-8.", field=name) from error
        yield from read_list(name, text)


def read_list(file: str, text: str) -> Iterator[Entry]:
    """Entries of one list.

    Args:
        file: One of `FILES`.
        text: Its content.

    Raises:
        DocumentInvalid: A line is wrong; `field` is `file:line`.
    """
    section: _Line | None = None
    for number, raw in enumerate(unicodedata.normalize("NFKC", text).split("\n"), start=1):
        row = raw.strip()
        if not row or row.startswith("#"):
            continue
        place = f"{file}:{number}"
        if row.startswith("["):
            section = _Line.read(place, row.removeprefix("[").removesuffix("]"))
            if not row.endswith("]") or not section.head:
                raise section.wrong("a section is written as [kind | field: value]")
            continue
        if section is None:
            raise _Line(place, row).wrong("a section such as [music] must stand first")
        yield _entry(_Line.read(place, row), section, FILES[file])


def _entry(line: _Line, section: _Line, category: str) -> Entry:
    flags = {*line.fields.get("flags", section.fields.get("flags", "")).split()}
    if not flags <= _FLAGS:
        raise line.wrong(f"no such flag: {min(flags - _FLAGS)[:40]}")
    return Entry(
        name=line.head.rstrip("^?+"),
        kind=section.head,
        category=category,
        score=line.share("score", section),
        bare=line.share("bare", section),
        common="common" in flags,
        swap="swap" in flags,
        near=(*section.texts("near"), *line.texts("near")),
        never=(*section.texts("never"), *line.texts("never")),
        forms=tuple(_forms(line)),
    )


def _forms(line: _Line) -> Iterator[Form]:
    yield from _read_forms(line, [line.head], How.NAME)
    yield from _read_forms(line, line.texts("also"), How.ALIAS)
    yield from _read_forms(line, line.texts("alone"), How.ALONE)
    yield from _read_forms(line, line.texts("native"), How.NATIVE)


def _read_forms(line: _Line, texts: Iterable[str], how: How) -> Iterator[Form]:
    for text in texts:
        name = text.rstrip("^?+")
        if not any(char.isalnum() for char in name) or len(name) > _MAX_NAME:
            raise line.wrong("a name is empty or too long")
        try:
            yield Form(name, how, Need(text[len(name) :]))
        except ValueError:
            raise line.wrong(f"no such sign: {text[len(name) :]}") from None
