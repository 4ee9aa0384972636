"""The measurement of frame classifiers and clip review as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from models.evaluation.numbers import Number

INTRODUCTION: Final = (
    "Every number has its 95 % interval (Wilson's for a share, else 200 bootstrap draws) and n. "
    "Stills are the held-out ones, clips those of the evaluation split and those of none. A "
    "recall or a rate stands at the threshold that the shipped policy has for that model; "
    "`best_f1` chooses its threshold on the set itself."
)
_HEAD: Final = (
    "| asked | category | measured on | measure | value | 95 % | n |",
    "| --- | --- | --- | --- | --- | --- | --- |",
)


def as_markdown(numbers: Sequence[Number]) -> str:
    """A table for each set of data, in the order of the numbers."""
    lines = [INTRODUCTION]
    for data, group in groupby(numbers, key=lambda number: number.data):
        lines += ["", f"### {data[0].upper()}{data[1:]}", "", *_HEAD]
        lines += [_row(number) for number in group]
    return "\n".join(lines)


def _row(number: Number) -> str:
    if number.value is None:
        value, interval = number.note or "not measured", ""
    else:
        value = f"{number.value:.3f}"
        known = number.low is not None and number.high is not None
        interval = f"{number.low:.3f} to {number.high:.3f}" if known else ""
    count = f"{number.n}" if number.positives is None else f"{number.n} ({number.positives})"
    cells = (number.system, number.category, number.group, number.measure, value, interval, count)
    return "| " + " | ".join(cells) + " |"
