"""The names of all entries, ready to be looked up word by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from moderation.prompts.names import words
from moderation.prompts.names.dense import DenseNames, bare, is_dense
from moderation.prompts.names.entries import Entry, Form, How, Need
from moderation.prompts.names.spelling import Spelling
from moderation.prompts.names.words import Phrases

_MIN_JOINED = 7  # letters of a name that is found with its words written as one
_SMALL_WORDS = "the of and a an la le el los les der die das il to in"
_SMALL = frozenset(_SMALL_WORDS.split())
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as the matcher needs it.

    Attributes:
        entry: The entry.
        near: Its words and phrases of `near`.
        never: Its words and phrases of `never`.
        group: Words and phrases of its kind.
    """

    entry: Entry
    near: Phrases
    never: Phrases
    group: Phrases


@dataclass(frozen=True, slots=True)
class Written:
    """One form of an entry as a sequence of words.

    Attributes:
        listed: Whose name it is.
        form: The form.
        letters: Letters in it, without blanks and articles.
        size: Words in it.
        fuzzy: Whether it may be misspelt.
    """

    listed: Listed
    form: Form
    letters: int
    size: int
    fuzzy: bool


@dataclass(slots=True)
class Node:
    """A place in the tree of names: what may follow, and which names end here."""

    next: dict[str, Node] = field(default_factory=dict)
    ends: tuple[Written, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """All names. Read only once built, so threads can share it."""

    root: Node
    dense: DenseNames[tuple[Written, ...]]
    spelling: Spelling
    groups: dict[str, Phrases]


def build(entries: Iterable[Entry], groups: dict[str, Phrases], common: frozenset[str]) -> Index:
    """Makes the index.

    Args:
        entries: The lists.
        groups: Words that speak for a kind.
        common: Ordinary words, folded.
    """
    root = Node()
    dense: dict[str, tuple[Written, ...]] = {}
    shorter: list[tuple[list[str], Written]] = []
    fuzzy: set[str] = set()
    exact: set[str] = set()
    for entry in entries:
        listed = Listed(
            entry,
            Phrases.of(entry.near),
            Phrases.of(entry.never),
            groups.get(entry.kind, Phrases(frozenset(), ())),
        )
        for form in entry.forms:
            if is_dense(form.text):
                name = bare(form.text)
                dense[name] = (*dense.get(name, ()), _written(listed, form, [name]))
                continue
            for keys in _spellings(form, swap=entry.swap):
                written = _written(listed, form, keys)
                _add(root, keys, written)
                (fuzzy if written.fuzzy else exact).update(keys)
            shorter += [(keys, _written(listed, form, keys)) for keys in _without_initial(form)]
    for keys, written in shorter:
        if not _is_taken(root, keys):
            _add(root, keys, written)
    return Index(root, DenseNames.of(dense), Spelling(fuzzy, exact - fuzzy, common), groups)


def _written(listed: Listed, form: Form, keys: Sequence[str]) -> Written:
    letters = sum(len(key) for key in keys if key not in _SMALL)
    fuzzy = (
        form.need is Need.NOTHING
        and not listed.entry.common
        and bool(listed.entry.category)
        and letters >= 8  # noqa: PLR2004 - shorter names have too many neighbours
    )
    return Written(listed, form, letters, len(keys), fuzzy)


def _add(root: Node, keys: Sequence[str], written: Written) -> None:
    node = root
    for key in keys:
        node = node.next.setdefault(key, Node())
    if all(other.listed is not written.listed for other in node.ends):
        node.ends = (*node.ends, written)


def _spellings(form: Form, *, swap: bool) -> Iterator[list[str]]:
    """Sequences of words that a form can be written as."""
    keys = words.read(form.text).keys
    yield keys
    respelt = form.text.translate(_UMLAUTS)
    if respelt != form.text:
        yield words.read(respelt).keys
    if len(keys) == 1:
        return
    if form.need is Need.NOTHING and sum(map(len, keys)) >= _MIN_JOINED:
        yield ["".join(keys)]
    if swap:
        yield [keys[-1], *keys[:-1]]


def _without_initial(form: Form) -> Iterator[list[str]]:
    """The name without the initials in its middle."""
    keys = words.read(form.text).keys
    shorter = [keys[0], *(key for key in keys[1:-1] if len(key) > 1), keys[-1]]
    whole = len(keys[0]) > 1 and len(keys[-1]) > 1
    if form.how in (How.NAME, How.ALIAS) and whole and 1 < len(shorter) < len(keys):
        yield shorter


def _is_taken(root: Node, keys: Sequence[str]) -> bool:
    """Whether these words are a name already."""
    node: Node | None = root
    for key in keys:
        node = node.next.get(key) if node else None
    return node is not None and bool(node.ends)
