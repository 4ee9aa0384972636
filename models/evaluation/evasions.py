"""What is still caught once a caught prompt is written so as to deceive.

The attacks are passed in. Harmless prompts go through the same attacks: a screening that flags
whatever looks odd would catch everything, and that must show.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import numpy as np

from models.evaluation.numbers import Number, share
from models.evaluation.sets import LabelledSet, Row
from models.evaluation.systems import ALLOW, Screening

#: Sets whose harmful rows are prompts or requests that should be caught.
SOURCES: Final = ("simplesafetytests", "harmbench", "openai_moderation", "catqa")
MOST: Final = 200
MOST_BENIGN: Final = 50
_LONGEST: Final = 400


class Attacks(Protocol):
    """Ways to write a prompt so that a filter misses it."""

    @property
    def names(self) -> Sequence[str]:
        """Name of each way."""
        ...

    def attack(self, name: str, text: str, seed: int) -> str:
        """Writes a text in one way; the same seed gives the same text."""
        ...


def evasion_numbers(
    screening: Screening, attacks: Attacks, sets: Sequence[LabelledSet]
) -> Iterator[Number]:
    """Share of caught prompts that are still caught, and of allowed harmless ones still allowed."""
    by_name = {data.name: data for data in sets}
    caught = _balanced([_harmful(by_name[name]) for name in SOURCES if name in by_name])
    caught = _until(screening, caught, MOST, allowed=False)
    prompts = [
        row
        for data in sets
        if data.name not in SOURCES
        for row in data.rows
        if row.unsafe is False and row.kind == "prompt"
    ]
    harmless = _until(screening, _by_digest(prompts), MOST_BENIGN, allowed=True)
    sources = "+".join(name for name in SOURCES if name in by_name)
    for name in attacks.names:
        for measure, rows, wanted, data in (
            ("still_caught", caught, False, f"caught prompts of {sources}"),
            ("benign_still_allowed", harmless, True, "allowed benign prompts"),
        ):
            allowed = [
                screening.judge(attacks.attack(name, row.text, _seed(row))).decision == ALLOW
                for row in rows
            ]
            base = Number(measure="", data=data, system="verdict", group=name)
            yield share(base, measure, np.array(allowed, bool) == wanted)


def _harmful(data: LabelledSet) -> list[Row]:
    return [row for row in data.rows if row.unsafe is True and len(row.text) <= _LONGEST]


def _balanced(sources: Sequence[Sequence[Row]]) -> list[Row]:
    """One row of each source in turn, so that none crowds out the others."""
    longest = max((len(rows) for rows in sources), default=0)
    return [rows[turn] for turn in range(longest) for rows in sources if turn < len(rows)]


def _until(screening: Screening, rows: Sequence[Row], most: int, *, allowed: bool) -> list[Row]:
    kept: list[Row] = []
    for row in rows:
        if len(kept) == most:
            break
        if (screening.judge(row.text).decision == ALLOW) == allowed:
            kept.append(row)
    return kept


def _by_digest(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: hashlib.sha256(row.text.encode()).digest())


def _seed(row: Row) -> int:
    return int.from_bytes(hashlib.sha256(row.text.encode()).digest()[:4])
