"""The categories that Framegate judges by, and how other schemes map onto them.

Both are data (`taxonomy.yaml`, `crosswalk.yaml`), read once. An id never changes its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from media.errors import InvalidInput
from moderation.documents import Section, read_document
from moderation.verdict import Stage

_FOLDER = Path(__file__).parent


class UnknownCategory(InvalidInput):
    """An id that is not in the taxonomy."""

    reason = "UNKNOWN_CATEGORY"


class UnknownForeignValue(InvalidInput):
    """A scheme that has no crosswalk, or a value that its crosswalk does not have."""

    reason = "UNKNOWN_FOREIGN_VALUE"


@dataclass(frozen=True, slots=True)
class Category:
    """One category.

    Attributes:
        id: Stable id, for instance `violence/graphic`.
        title: A few words for tables and forms.
        definition: What belongs to it and what does not.
        stages: Where it can show itself.
        user_text: What a user may be told.
    """

    id: str
    title: str
    definition: str
    stages: frozenset[Stage]
    user_text: str


@dataclass(frozen=True, slots=True)
class ForeignValue:
    """A value of another scheme and what it is here.

    Attributes:
        name: The value as the scheme writes it; a level below another is `parent / child`.
        categories: Ids of ours; empty when it has no counterpart.
        none: Why there is no counterpart, or "".
    """

    name: str
    categories: tuple[str, ...]
    none: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """The crosswalk between one other scheme and our categories.

    Attributes:
        id: Short id, for instance `openai`.
        title: Name and version.
        source: Where its values are published.
        values: Every value of the scheme, by name.
        unmapped: Our ids that no value of the scheme maps to, and why.
    """

    id: str
    title: str
    source: str
    values: Mapping[str, ForeignValue]
    unmapped: Mapping[str, str]

    def to_ours(self, name: str) -> tuple[str, ...]:
        """Our category ids for a value; empty when it has no counterpart.

        Raises:
            UnknownForeignValue: The scheme has no such value.
        """
        value = self.values.get(name)
        if value is None:
            raise UnknownForeignValue(f"{self.title} has no such value.", field="value")
        return value.categories

    def from_ours(self, category_id: str) -> tuple[str, ...]:
        """The scheme's values that map to one of our ids; empty when none does."""
        category(category_id)
        return tuple(
            value.name for value in self.values.values() if category_id in value.categories
        )


def category(category_id: str) -> Category:
    """Looks a category up.

    Raises:
        UnknownCategory: There is none of this id.
    """
    found = categories().get(category_id)
    if found is None:
        raise UnknownCategory("No such category.", field="category")
    return found


@cache
def categories() -> Mapping[str, Category]:
    """All categories by id, in the order of the document."""
    section = read_document((_FOLDER / "taxonomy.yaml").read_bytes()).section("categories")
    return MappingProxyType({key: _read_category(section, key) for key in section.names()})


@cache
def schemes() -> Mapping[str, Scheme]:
    """All crosswalks by the id of the scheme."""
    document = read_document((_FOLDER / "crosswalk.yaml").read_bytes()).section("schemes")
    return MappingProxyType({key: _read_scheme(document, key) for key in document.names()})


def _read_category(parent: Section, category_id: str) -> Category:
    section = parent.section(category_id)
    read = Category(
        id=category_id,
        title=section.text("title"),
        definition=section.text("definition"),
        stages=frozenset(Stage(name) for name in section.texts("stages")),
        user_text=section.text("user_text"),
    )
    section.done()
    return read


def _read_scheme(parent: Section, scheme_id: str) -> Scheme:
    section = parent.section(scheme_id)
    values = section.section("values")
    unmapped = section.section("unmapped")
    read = Scheme(
        id=scheme_id,
        title=section.text("title"),
        source=section.text("source"),
        values=MappingProxyType({name: _read_value(values, name) for name in values.names()}),
        unmapped=MappingProxyType(
            {category(name).id: unmapped.text(name) for name in unmapped.names()}
        ),
    )
    section.done()
    return read


def _read_value(values: Section, name: str) -> ForeignValue:
    if values.is_section(name):
        reason = values.section(name)
        read = ForeignValue(name, (), reason.text("none"))
        reason.done()
        return read
    return ForeignValue(name, tuple(category(ours).id for ours in values.texts(name)))


def render() -> str:
    """The taxonomy and its crosswalks as Markdown; `docs/taxonomy.md` holds the result."""
    lines = [
        "# Taxonomy",
        "",
        "Rendered from `moderation/taxonomy.yaml` and `moderation/crosswalk.yaml` by",
        "`python -m moderation.taxonomy`; edit those. An id never changes its meaning.",
        "What is really checked, and by what, is in [coverage.md](coverage.md).",
        "",
    ]
    for entry in categories().values():
        stages = ", ".join(stage.value for stage in Stage if stage in entry.stages)
        lines += [f"## `{entry.id}`", "", f"**{entry.title}.** {entry.definition}", ""]
        lines += [f"Can show itself in: {stages}. Users read: \u201c{entry.user_text}\u201d", ""]
    lines += ["# Crosswalks", ""]
    lines += ["`-` means that the value has no counterpart here; the reason follows.", ""]
    for scheme in schemes().values():
        lines += [f"## {scheme.title}", "", f"Source: {scheme.source}", ""]
        lines += ["| value | ours |", "|---|---|"]
        lines += [_row(value) for value in scheme.values.values()]
        if scheme.unmapped:
            lines += ["", "Ours without a counterpart there:", ""]
            lines += [f"- `{ours}`: {reason}" for ours, reason in scheme.unmapped.items()]
        lines.append("")
    return "\n".join(lines)


def _row(value: ForeignValue) -> str:
    ours = ", ".join(f"`{name}`" for name in value.categories) or f"- ({value.none})"
    return f"| {value.name} | {ours} |"


if __name__ == "__main__":
    (_FOLDER.parent / "docs" / "taxonomy.md").write_text(render(), encoding="utf-8")
