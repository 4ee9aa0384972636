"""Finds names in a prompt and judges each by what stands around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from moderation.prompts.names import words as words_module
from moderation.prompts.names.dense import has_parts, is_dense
from moderation.prompts.names.entries import FIGURE, How, Need
from moderation.prompts.names.index import Index, Node, Written
from moderation.prompts.names.words import Phrases, Words
from moderation.prompts.normalise import Normalised
from moderation.verdict import CharSpan

_NEAR = 12  # words on either side in which one may speak for a name
_NEVER = 5  # and in which one may speak against it
_NEVER_CHARS = 6
_MISSPELT = (1.0, 0.78, 0.72)  # factor by number of edits
_COMMON = 0.75
_BY_CAPITAL = 0.75
_BY_CAPITAL_AT_START = 0.65
_MIN_LETTERS_FOR_TWO = 14
_MAX_WORDS = 8  # of a name, from which no initial is passed over
_MAX_SMALL = 4  # letters of a word that titles write without a capital
_A_STOP_AND_A_BLANK = 2
_STOPS = frozenset('.!?:;\n"\u201c(\u2022')


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name in a prompt.

    Attributes:
        name: The name as the list has it, whatever form was found.
        kind: What it is: "music", "politics", "character", "brand" and so on.
        category: `likeness/public-figure` or `ip/third-party`.
        score: How sure it is that the prompt names this one, 0 to 1; see docs/decisions/0008.
        span: Where, in the prompt as it was sent.
    """

    name: str
    kind: str
    category: str
    score: float
    span: CharSpan


@dataclass(frozen=True, slots=True)
class _Found:
    """A form at a place of the text, judged."""

    written: Written
    start: int
    end: int
    score: float

    @property
    def rank(self) -> tuple[int, float]:
        return (self.end - self.start, self.score)


def find(index: Index, normalised: Normalised) -> tuple[NameMatch, ...]:
    """All names of the index in a prompt, in order, none inside another.

    Pure and thread-safe; takes time in proportion to the length.
    """
    words = words_module.read(normalised.text)
    found = [*_in_words(index, words)]
    if is_dense(normalised.text):
        found += _in_dense(index, normalised.text)
    return tuple(
        NameMatch(
            name=item.written.listed.entry.name,
            kind=item.written.listed.entry.kind,
            category=item.written.listed.entry.category,
            score=round(item.score, 3),
            span=normalised.origin(item.start, item.end),
        )
        for item in _longest(found)
        if item.written.listed.entry.category
    )


def _longest(found: list[_Found]) -> list[_Found]:
    """Of matches that overlap the longest, of equal ones the surest, in order."""
    kept: list[_Found] = []
    taken: set[int] = set()
    for item in sorted(found, key=lambda item: item.rank, reverse=True):
        if taken.isdisjoint(range(item.start, item.end)):
            taken.update(range(item.start, item.end))
            kept.append(item)
    return sorted(kept, key=lambda item: item.start)


def _in_dense(index: Index, text: str) -> Iterator[_Found]:
    for start, end, candidates in index.dense.find(text):
        around = text[max(0, start - _NEVER_CHARS) : end + _NEVER_CHARS]
        for written in candidates:
            entry = written.listed.entry
            if has_parts(text[start:end]) and not has_parts(written.form.text):
                continue
            if any(not word.isascii() and word in around for word in entry.never):
                continue
            if written.form.need in (Need.CONTEXT, Need.BOTH) and not any(
                not word.isascii() and word in text for word in entry.near
            ):
                continue
            yield _Found(written, start, end, min(How.NATIVE.value, entry.score, entry.bare))


def _in_words(index: Index, words: Words) -> Iterator[_Found]:
    root, spelling, keys = index.root.next, index.spelling, words.keys
    for start, key in enumerate(keys):
        node = root.get(key)
        if node is not None:
            yield from _follow(index, words, start, node, 0)
        # Two edits are looked for beside a word that is right, or in a very long one.
        deep = len(key) >= _MIN_LETTERS_FOR_TWO - 2 or (
            start + 1 < len(keys) and spelling.knows(keys[start + 1])
        )
        for other, distance in spelling.close(key, deep=deep):
            if distance and other[0] != key[0] and (start + 1 == len(keys) or not deep):
                continue
            node = root.get(other)
            if node is not None:
                yield from _follow(index, words, start, node, distance)


def _follow(index: Index, words: Words, start: int, node: Node, distance: int) -> Iterator[_Found]:
    """Names that begin with the word at `start`, which was taken for the node's."""
    keys, close = words.keys, index.spelling.close
    waiting = [(node, start + 1, distance)]
    while waiting:
        node, end, distance = waiting.pop()
        for written in node.ends:
            score = _judge(written, words, start, end, distance)
            if score > 0.0:
                yield _Found(written, words.starts[start], words.ends[end - 1], score)
        if not node.next or end >= len(keys) or not words.adjoin(end):
            continue
        key = keys[end]
        after = node.next.get(key)
        if after is not None:
            waiting.append((after, end + 1, distance))
            continue
        if len(key) == 1 and words.capitals[end] and end - start < _MAX_WORDS:
            waiting.append((Node(node.next), end + 1, distance))
        for other, more in close(key, deep=True):
            after = node.next.get(other)
            if after is not None and distance + more <= 2:  # noqa: PLR2004 - two edits
                waiting.append((after, end + 1, distance + more))


def _judge(written: Written, words: Words, start: int, end: int, distance: int) -> float:
    """How sure it is that these words are this name; 0 for not."""
    listed, need = written.listed, written.form.need
    entry = listed.entry
    if distance and not _may_be_misspelt(written, distance):
        return 0.0
    if listed.never and words.holds(listed.never, start, end, _NEVER):
        return 0.0
    if not entry.category:
        return 1.0 if need is Need.NOTHING or _spoken_for(written, words, start, end) else 0.0
    score = written.form.how.value * _MISSPELT[distance]
    if need is Need.NOTHING:
        if entry.common:
            score = min(score, _COMMON)
            if _is_somebody_named(words, start) and not _is_near(written, words, start, end):
                return 0.0
    else:
        score = min(score, _by_evidence(written, words, start, end))
    if entry.bare < score and not (
        words.holds(listed.group, start, end, _NEAR)
        or not listed.group.words.isdisjoint(words.keys[start:end])
    ):
        score = entry.bare
    return min(score, entry.score)


def _may_be_misspelt(written: Written, distance: int) -> bool:
    if not written.fuzzy:
        return False
    if distance == 1:
        return True
    return written.letters >= _MIN_LETTERS_FOR_TWO


def _by_evidence(written: Written, words: Words, start: int, end: int) -> float:
    """The most that a name is worth that needs a capital or a word that speaks for it."""
    need = written.form.need
    capital = all(
        words.capitals[at] or (at > start and len(words.keys[at]) <= _MAX_SMALL)
        for at in range(start, end)
    )
    if need is Need.BOTH and not capital:
        return 0.0
    if _spoken_for(written, words, start, end):
        return written.form.how.value
    if need is not Need.CAPITAL or not capital or not words.telling:
        return 0.0
    if end - start > 1:
        return _BY_CAPITAL
    is_figure = written.listed.entry.category == FIGURE
    if is_figure and (_is_somebody_named(words, start) or _is_part_of_a_name(words, start, end)):
        return 0.0
    return _BY_CAPITAL_AT_START if _is_at_start(words, start) else _BY_CAPITAL


def _spoken_for(written: Written, words: Words, start: int, end: int) -> bool:
    """Whether a word near by speaks for the name: the entry's own, or its kind's."""
    if written.form.need in (Need.CONTEXT, Need.BOTH) and written.listed.near:
        return words.holds(written.listed.near, start, end, _NEAR)
    return _is_near(written, words, start, end)


def _is_near(written: Written, words: Words, start: int, end: int) -> bool:
    listed = written.listed
    return words.holds(listed.near, start, end, _NEAR) or words.holds(
        listed.group, start, end, _NEAR
    )


_NAMED_WORDS = (
    "named, called, name is, by the name of, llamado, llamada, nommé, appelé, namens, chamado, "
    "chamada, di nome, chiamato, по имени, uncle, aunt, cousin, neighbor, neighbour, mr, mrs, ms, "
    "miss, my friend, my brother, my son, my dog, my cat"
)
_NAMED = Phrases.of(_NAMED_WORDS.split(", "))


def _is_somebody_named(words: Words, start: int) -> bool:
    """Whether the words before say that this is the name of somebody unknown."""
    before = words.keys[max(0, start - 4) : start]
    if not before:
        return False
    if before[-1] in _NAMED.words:
        return True
    stretch = f" {' '.join(before)} "
    return any(stretch.endswith(phrase) for phrase in _NAMED.phrases)


_TITLE_WORDS = (
    "president senator governor king queen prince princess pope coach captain chairman minister "
    "chancellor mayor secretary sir saint st dj lil judge justice lord lady dame ayatollah sheikh "
    "singer rapper actor actress footballer player star legend ceo the a an and or with vs"
)
_TITLES = frozenset(_TITLE_WORDS.split())


def _is_part_of_a_name(words: Words, start: int, end: int) -> bool:
    """Whether a word with a capital beside this one makes another person's name of both."""
    if (
        start > 0
        and words.capitals[start - 1]
        and words.adjoin(start)
        and words.keys[start - 1] not in _TITLES
    ):
        return True
    return (
        end < len(words.keys)
        and words.capitals[end]
        and words.text[words.ends[end - 1] : words.starts[end]] == " "
        and words.text[words.ends[end - 1] - 1] not in "s'\u2019"
    )


def _is_at_start(words: Words, start: int) -> bool:
    """Whether the word begins a sentence, where a capital tells nothing."""
    place = words.starts[start]
    before = words.text[max(0, place - _A_STOP_AND_A_BLANK) : place].strip()
    return not before or before[-1] in _STOPS
