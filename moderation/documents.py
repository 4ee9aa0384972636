"""Strict reading of YAML documents: every key is asked for, every error names its place.

YAML can do more than a document of ours needs, and much of it is a trap: aliases that unfold to
gigabytes, tags that construct objects, keys that silently replace one another. This reader takes
mappings, lists, strings, numbers, booleans and null, and nothing else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import yaml

from media.errors import FramegateError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 16
_MERGE_OR_TIMESTAMP = {"tag:yaml.org,2002:merge", "tag:yaml.org,2002:timestamp"}

T = TypeVar("T")


class DocumentInvalid(FramegateError):
    """A document that does not say what its schema asks for; `field` is the place."""

    code = "FAILED_PRECONDITION"
    reason = "DOCUMENT_INVALID"


class _Loader(yaml.SafeLoader):
    """SafeLoader without aliases, tags, merge keys, timestamps, double keys or deep nesting."""

    depth = 0
    yaml_implicit_resolvers = {  # noqa: RUF012 - replaces the attribute of the base class
        first: [pair for pair in pairs if pair[0] not in _MERGE_OR_TIMESTAMP]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise yaml.MarkedYAMLError(None, None, "anchors are not allowed", event.start_mark)
        if getattr(event, "tag", None) is not None:
            raise yaml.MarkedYAMLError(None, None, "tags are not allowed", event.start_mark)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise yaml.MarkedYAMLError(None, None, "nested too deeply", event.start_mark)
        node: yaml.Node | None = super().compose_node(parent, index)  # type: ignore[arg-type]
        self.depth -= 1
        return node

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002 - base class
    ) -> dict[object, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                raise yaml.MarkedYAMLError(None, None, "a key must be a string", key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(None, None, "a key is given twice", key.start_mark)
            seen.add(key.value)
        return dict(super().construct_mapping(node, deep=deep))


def read_document(raw: bytes, error: type[DocumentInvalid] = DocumentInvalid) -> Section:
    """Parses a YAML document of at most 256 KiB whose top is a mapping.

    Args:
        raw: The document's bytes, UTF-8.
        error: Class of the error to raise for anything that is wrong with the document.

    Raises:
        DocumentInvalid: (of the class `error`) for anything else than such a document.
    """
    if len(raw) > MAX_BYTES:
        raise error("The document is too large.", limit=MAX_BYTES, actual=len(raw))
    try:
        text = raw.decode("utf-8")
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of SafeLoader
    except UnicodeDecodeError as cause:
        raise error("The document is not UTF-8.", actual=f"byte {cause.start}") from cause
    except yaml.MarkedYAMLError as cause:
        mark = cause.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise error(f"The document is not readable YAML: {cause.problem}.", field=place) from cause
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as cause:
        raise error("The document is not readable YAML.") from cause
    if not isinstance(value, dict):
        raise error("The document's top must be a mapping.")
    return Section(value, "", error)


class Section:
    """One mapping of a document; keys are taken one by one and what is left over fails.

    Not thread-safe; lives only while a document is read.
    """

    def __init__(
        self, values: Mapping[str, object], place: str, error: type[DocumentInvalid]
    ) -> None:
        self._values = dict(values)
        self._place = place
        self._error = error

    def place(self, key: str = "") -> str:
        """Path of this section, or of one of its keys, for instance `stages.prompt.texts`."""
        return ".".join(part for part in (self._place, key) if part)

    def fail(self, key: str, message: str) -> DocumentInvalid:
        """Makes the error for a key; the caller raises it."""
        place = self.place(key)
        return self._error(f"{place or 'document'}: {message}", field=place)

    def has(self, key: str) -> bool:
        """Whether the key is there and not yet taken."""
        return key in self._values

    def names(self) -> tuple[str, ...]:
        """Keys that have not been taken yet, in the order of the document."""
        return tuple(self._values)

    def done(self) -> None:
        """Fails when a key was never asked for, so that a misspelt key cannot be lost."""
        for key in self._values:
            raise self.fail(key, "unknown key")

    def text(self, key: str, *, pattern: str = "", max_chars: int = 4000) -> str:
        """Takes a string that is not blank; `pattern` must match all of it."""
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(key, "must be a string that is not empty (quote a number)")
        if len(value) > max_chars:
            raise self.fail(key, f"must have at most {max_chars} characters")
        if pattern and not re.fullmatch(pattern, value):
            raise self.fail(key, f"must look like {pattern}")
        return " ".join(value.split())

    def number(self, key: str, low: float, high: float) -> float:
        """Takes a finite number between `low` and `high`, both allowed."""
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fail(key, "must be a number")
        if not math.isfinite(value) or not low <= value <= high:
            raise self.fail(key, f"must be between {low:g} and {high:g}")
        return float(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """Takes true or false."""
        value = self._values.pop(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, "must be true or false")
        return value

    def choice(self, key: str, allowed: Callable[[str], T], names: tuple[str, ...]) -> T:
        """Takes one of the `names` and turns it into a value."""
        value = self._take(key)
        if not isinstance(value, str) or value not in names:
            raise self.fail(key, f"must be one of {', '.join(names)}")
        return allowed(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Takes a list of different strings that is not empty."""
        value = self._take(key)
        if not isinstance(value, list) or not value:
            raise self.fail(key, "must be a list that is not empty")
        if not all(isinstance(item, str) and item for item in value):
            raise self.fail(key, "must hold strings only")
        if len(set(value)) != len(value):
            raise self.fail(key, "names something twice")
        return tuple(value)

    def section(self, key: str) -> Section:
        """Takes a mapping."""
        return self._as_section(self._take(key), self.place(key))

    def sections(self, key: str) -> Iterator[Section]:
        """Takes a list of mappings, which may be empty."""
        value = self._take(key)
        if not isinstance(value, list):
            raise self.fail(key, "must be a list")
        for index, item in enumerate(value):
            yield self._as_section(item, f"{self.place(key)}[{index}]")

    def is_section(self, key: str) -> bool:
        """Whether the key holds a mapping (rather than a plain value)."""
        return isinstance(self._values.get(key), dict)

    def _as_section(self, value: object, place: str) -> Section:
        if not isinstance(value, dict):
            raise self._error(f"{place}: must be a mapping", field=place)
        return Section(value, place, self._error)

    def _take(self, key: str) -> object:
        if key not in self._values:
            raise self.fail(key, "is missing")
        return self._values.pop(key)
