"""The same sets, in the same run, by what could be installed instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from models.evaluation import metrics
from models.evaluation.alternatives import Alternative
from models.evaluation.metrics import Flags, Floats
from models.evaluation.numbers import Number, of_flags, rankings, share
from models.evaluation.sets import LabelledSet
from models.evaluation.systems import ALLOW, Scored

#: Sets to compare on where they are there; else all sets.
COMPARED: Final = (
    *("openai_moderation", "xstest", "simplesafetytests", "hatecheck"),
    *("partiprompts", "evalcrafter", "t2v_compbench"),
)


def compared(sets: Sequence[LabelledSet]) -> list[LabelledSet]:
    """The sets to compare on."""
    return [data for data in sets if data.name in COMPARED] or list(sets)


def ask(alternative: Alternative, data: LabelledSet) -> tuple[Floats, Flags]:
    """Scores and labels of a set's first rows, as many as the alternative has time for."""
    first = replace(data, rows=data.rows[: alternative.most_rows])
    yes, no = first.any_truth()
    known = yes | no
    texts = [row.text for row, counts in zip(first.rows, known, strict=True) if counts]
    return alternative.score(texts), yes[known]


def alternative_numbers(
    alternative: Alternative, data: LabelledSet, scores: Floats, labels: Flags
) -> Iterator[Number]:
    """Harm of any kind in one set, by what `ask` gave."""
    if labels.size:
        base = Number(measure="", data=data.name, system=alternative.name, category="any")
        yield from _one(base, scores, scores >= alternative.threshold, labels)


def our_numbers(scored: Scored, decisions: Sequence[str]) -> Iterator[Number]:
    """The same of the whole screening: the policy's decision is its threshold."""
    yes, no = scored.data.any_truth()
    known = yes | no
    base = Number(measure="", data=scored.data.name, system="Framegate", category="any")
    flags = np.array([decision != ALLOW for decision in decisions], bool)[known]
    if known.any():
        yield from _one(base, scored.any_category()[known], flags, yes[known])


def _one(base: Number, scores: Floats, flags: Flags, labels: Flags) -> Iterator[Number]:
    base = replace(base, positives=int(labels.sum()))
    if labels.any() and not labels.all():
        yield from (
            number
            for number in rankings(base, scores, labels)
            if number.measure in {"auprc", "auc", "best_f1"}
        )
        yield of_flags(base, "f1_as_it_comes", flags, labels, metrics.f1)
    if labels.any():
        yield share(base, "caught_as_it_comes", flags[labels])
    if not labels.all():
        yield share(base, "false_alarms_as_it_comes", flags[~labels])
