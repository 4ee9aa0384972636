"""Turns rows into batches of about equal cost: joined, lower-cased, sorted by length, padded."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import corpus  # type: ignore[import-not-found]
import numpy as np
import torch
from numpy.typing import NDArray

from models.packed import PackedEncoder
from models.pieces import Pieces
from models.windows import windows

#: Longest text, in pieces without the marks of beginning and end; a longer one is cut.
LONGEST = 94
_BATCH_PIECES = 2048
_MOST_ROWS = 96
_JOINED_SHARE = 0.12
_LOWERED_SHARE = 0.12
#: How often a long harmless text is replaced by one of its windows: a part of it is harmless, too.
_WINDOW_SHARE = 0.35
_MISSPELT_SHARE = 0.06
_PIECES_SHARED = 60  # rows longer than this are not joined with another
_PAD_LIKE = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts of about one length.

    Attributes:
        words: Rows of the word table, float32, shape (n, tokens, hidden).
        mask: 1 for a token, shape (n, tokens).
        targets: 1 yes, 0 no, -1 unknown, shape (n, outputs).
        weights: Shape (n,).
        rows: Index of each text among the rows that were given, shape (n,).
    """

    words: torch.Tensor
    mask: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor
    rows: NDArray[np.int64]


def varied(rows: Sequence[corpus.Row], seed: int) -> list[corpus.Row]:
    """The rows, some joined to another of their language, cut, misspelt or in lower case.

    A harmful sentence next to a harmless one is harmful; what neither is known for stays unknown.
    """
    source = random.Random(seed)  # noqa: S311 (no secret)
    partners: dict[str, list[corpus.Row]] = {}
    for row in rows:
        partners.setdefault(row.lang, []).append(row)
    found: list[corpus.Row] = []
    for row in rows:
        chance = source.random()
        if chance < _JOINED_SHARE and len(row.text) < 2 * _PIECES_SHARED:
            found.append(_joined(row, source.choice(partners[row.lang]), source))
        elif chance < _JOINED_SHARE + _LOWERED_SHARE:
            found.append(replace(row, text=row.text.lower()))
        elif chance < _JOINED_SHARE + _LOWERED_SHARE + _MISSPELT_SHARE:
            found.append(replace(row, text=misspelt(row.text, source)))
        elif row.benign and source.random() < _WINDOW_SHARE:
            found.append(replace(row, text=source.choice(windows(row.text))))
        else:
            found.append(row)
    return found


def misspelt(text: str, source: random.Random) -> str:
    """The text with about every fourth word typed badly: a letter too few, swapped, or a blank."""
    words = text.split(" ")
    found: list[str] = []
    for word in words:
        at = source.randrange(len(word) - 1) if len(word) > 2 else None
        if at is None or source.random() > 0.25:
            found.append(word)
        else:
            before, one, two, after = word[:at], word[at], word[at + 1], word[at + 2 :]
            found.append(
                source.choice(
                    (
                        before + two + after,
                        before + two + one + after,
                        before + one + " " + two + after,
                        before + one + one + two + after,
                    )
                )
            )
    if len(found) > 3 and source.random() < 0.3:
        at = source.randrange(len(found) - 1)
        found[at : at + 2] = [found[at] + found[at + 1]]
    return " ".join(found)


def _joined(row: corpus.Row, other: corpus.Row, source: random.Random) -> corpus.Row:
    targets = tuple(
        corpus.YES
        if corpus.YES in pair
        else corpus.NO
        if pair == (corpus.NO, corpus.NO)
        else corpus.UNKNOWN
        for pair in zip(row.targets, other.targets, strict=True)
    )
    first, second = (row, other) if source.random() < 0.5 else (other, row)
    between = source.choice((" ", ". ", ", ", "\n"))
    text = f"{first.text.rstrip(' .')}{between}{second.text[:300]}"
    return replace(row, text=text, targets=targets, weight=min(row.weight, other.weight))


def plan(
    rows: Sequence[corpus.Row], pieces: Pieces, *, seed: int | None
) -> list[NDArray[np.int64]]:
    """Indices of the rows of each batch; in random order, or by length where no seed is given."""
    lengths = [min(len(ids), LONGEST) + 2 for ids in pieces.cut_all([row.text for row in rows])]
    return _groups(np.array(lengths), seed)


def fill(
    rows: Sequence[corpus.Row],
    group: NDArray[np.int64],
    packed: PackedEncoder,
    pieces: Pieces,
) -> Batch:
    """The batch of some rows."""
    cut = [pieces.frame(ids[:LONGEST]) for ids in pieces.cut_all([rows[i].text for i in group])]
    longest = max(len(each) for each in cut)
    ids = np.full((len(group), longest), _PAD_LIKE, dtype=np.int64)
    mask = np.zeros((len(group), longest), dtype=np.float32)
    for place, each in enumerate(cut):
        ids[place, : len(each)] = each
        mask[place, : len(each)] = 1.0
    return Batch(
        torch.from_numpy(packed.words(ids.reshape(-1)).reshape(len(group), longest, -1)),
        torch.from_numpy(mask),
        torch.tensor([rows[i].targets for i in group]),
        torch.tensor([rows[i].weight for i in group]),
        group,
    )


def _groups(lengths: NDArray[np.int64], seed: int | None) -> list[NDArray[np.int64]]:
    """Indices of each batch: neighbours in length, batches in random order."""
    random_ = np.random.default_rng(seed)
    jitter = random_.random(len(lengths)) * 3 if seed is not None else np.zeros(len(lengths))
    order = np.argsort(lengths + jitter, kind="stable")
    groups: list[NDArray[np.int64]] = []
    start = 0
    while start < len(order):
        end = start + 1
        while (
            end < len(order)
            and end - start < _MOST_ROWS
            and lengths[order[start : end + 1]].max() * (end + 1 - start) <= _BATCH_PIECES
        ):
            end += 1
        groups.append(order[start:end])
        start = end
    if seed is not None:
        random_.shuffle(groups)
    return groups
