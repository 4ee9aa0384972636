"""The report: Markdown for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

import msgspec

from models.evaluation import headlines
from models.evaluation.evaluating import Evaluation
from models.evaluation.metrics import ECE_BINS, RANKING
from models.evaluation.numbers import ROUNDS, Number
from models.evaluation.systems import NOT_HARM

RELIABILITY_FILE: Final = "reliability.png"
PRECISION_RECALL_FILE: Final = "precision_recall.png"
_SHARES: Final = ("recall_at_review", "fpr_at_review", "fpr_at_block")
_ANY: Final = (*RANKING, "f1_at_review", *_SHARES)
_VERDICTS: Final = ("share_allow", "share_review", "share_block", "not_allowed")
_COMPARED: Final = (
    *("auprc", "auc", "best_f1", "f1_as_it_comes"),
    *("caught_as_it_comes", "false_alarms_as_it_comes"),
)
Keep = Callable[[Number], bool]


def as_json(evaluation: Evaluation) -> bytes:
    """Everything that was measured, one object."""
    found: dict[str, Any] = {
        "model": dict(zip(("id", "version", "digest"), evaluation.model, strict=True)),
        "policy": evaluation.policy,
        "sets": [
            {
                "name": data.name,
                "rows": len(data.rows),
                "total": data.total,
                "unread": data.unread,
                "scope": None if data.scope is None else sorted(data.scope),
            }
            for data in evaluation.sets
        ],
        "numbers": [asdict(number) for number in evaluation.numbers],
        "left_out": [asdict(missing) for missing in evaluation.missing],
        "published": list(evaluation.published),
    }
    return msgspec.json.format(msgspec.json.encode(found), indent=1)


def as_markdown(evaluation: Evaluation, *, plots: str = "", whole: bool = True) -> str:
    """The report.

    Args:
        evaluation: What was measured.
        plots: Folder of the plots, relative to the document and with a slash at its end.
        whole: Whether to add the long tables; a model card has the short ones.
    """
    name, version, digest = evaluation.model
    parts = [
        f"Model {name} {version}, `{digest}`; policy {evaluation.policy or 'none'}.",
        _HOW.format(rounds=ROUNDS, bins=ECE_BINS, not_harm=", ".join(sorted(NOT_HARM))),
        *_short(evaluation),
        *_plots(evaluation, plots),
    ]
    if whole:
        parts += _long(evaluation)
    parts += _ending(evaluation, whole=whole)
    return "\n\n".join(part for part in parts if part) + "\n"


_HOW: Final = (
    "Every number has its 95 % interval (Wilson's for a share, else {rounds} bootstrap draws) and "
    "n. `classifier` is the model alone, `screening` the model with lists and rules, `verdict` "
    "what the shipped policy decides. Harm of any category is the highest score over all "
    "categories (without {not_harm}). `best_f1` is an oracle's number: its threshold is chosen on "
    "the set itself. Recall at a rate of false positives takes the set's own negatives. ECE has "
    "{bins} bins of equal width, at the set's own share of positives. Nothing was chosen on these "
    "sets."
)


def _short(evaluation: Evaluation) -> list[str]:
    numbers = evaluation.numbers
    by_data = sorted(numbers, key=lambda n: n.data)
    systems = list(dict.fromkeys(n.system for n in numbers if n.measure in _COMPARED[3:]))
    return [
        "### In short",
        listing(headlines.chosen(numbers)),
        "### By category",
        pivot(
            numbers, _category, (*RANKING, "f1_at_review", *_SHARES, "ece"), ("data", "category")
        ),
        "### Beside what could be installed instead",
        pivot(
            by_data,
            lambda n: n.system in systems and n.measure in _COMPARED and n.category == "any",
            _COMPARED,
            ("data", "system"),
        ),
        _about(evaluation),
        "### Beside published figures",
        _published(evaluation),
    ]


def _category(number: Number) -> bool:
    return (
        bool(number.category)
        and not number.category.startswith("any")
        and not number.lang
        and (not number.group)
    )


def _long(evaluation: Evaluation) -> list[str]:
    numbers = evaluation.numbers
    tables: tuple[tuple[str, Keep, tuple[str, ...], tuple[str, ...]], ...] = (
        (
            "Harm of any category",
            lambda n: n.category.startswith("any") and not n.lang and n.measure in _ANY,
            _ANY,
            ("data", "system", "category"),
        ),
        (
            "Verdicts of the shipped policy",
            lambda n: n.system == "verdict" and not n.group and not n.category and not n.lang,
            _VERDICTS,
            ("data",),
        ),
        (
            "By language",
            lambda n: bool(n.lang) and not n.group and n.system != "verdict",
            (*_ANY, "ece", "macro_f1", "f1_hateful"),
            ("data", "system", "category", "lang"),
        ),
        (
            "Verdicts by language",
            lambda n: n.system == "verdict" and bool(n.lang) and not n.group,
            (*_VERDICTS, "macro_f1", "f1_hateful"),
            ("data", "category", "lang"),
        ),
        (
            "By kind of test, group or attack",
            lambda n: bool(n.group) and n.measure != "worst_functionality",
            _in_order(n.measure for n in numbers if n.group),
            ("data", "system", "lang", "group"),
        ),
        (
            "CPU",
            lambda n: n.measure.startswith("cpu_"),
            ("cpu_ms_median", "cpu_ms_p95", "cpu_ratio"),
            ("data", "system"),
        ),
    )
    parts = []
    for title, keep, measures, columns in tables:
        if table := pivot(numbers, keep, measures, columns):
            parts += [f"### {title}", table]
    return [*parts, "### Sets", _sets(evaluation)]


def pivot(
    numbers: Iterable[Number], keep: Keep, measures: Sequence[str], columns: Sequence[str]
) -> str:
    """A table with one row for each value of some fields and one column a measure; "" if empty."""
    rows: dict[tuple[str, ...], dict[str, Number]] = {}
    for number in numbers:
        if keep(number) and number.measure in measures:
            key = tuple(str(getattr(number, column)) for column in columns)
            rows.setdefault(key, {}).setdefault(number.measure, number)
    used = [
        m for m in measures if any(m in row and row[m].value is not None for row in rows.values())
    ]
    if not used:
        return ""
    lines = [_line([*columns, "n", *used]), _line(["---"] * (len(columns) + 1 + len(used)))]
    for key, row in rows.items():
        if all(number.value is None for number in row.values()):
            continue
        n = max(number.n for number in row.values())
        positives = next((x.positives for x in row.values() if x.positives is not None), None)
        told = f"{n}" if positives is None else f"{n} ({positives} harmful)"
        cells = [_cell(row[m], n) if m in row else "" for m in used]
        lines.append(_line([*key, told, *cells]))
    return "\n".join(lines)


def listing(numbers: Iterable[Number]) -> str:
    """One row a number."""
    lines = [
        _line(["data", "measured of", "category", "measure", "value", "95 %", "n"]),
        _line(["---"] * 7),
    ]
    for one in numbers:
        if one.value is not None:
            span = "" if one.low is None else f"{one.low:.3f} to {one.high:.3f}"
            what = f"{one.measure} ({one.group})" if one.group else one.measure
            value = f"{one.value:.3f}"
            lines.append(_line([one.data, one.system, one.category, what, value, span, str(one.n)]))
    return "\n".join(lines)


def _cell(number: Number, row_n: int) -> str:
    if number.value is None:
        return "n/a"
    span = "" if number.low is None else f" [{number.low:.3f}, {number.high:.3f}]"
    n = "" if number.n == row_n else f", n {number.n}"
    return f"{number.value:.3f}{span}{n}"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _about(evaluation: Evaluation) -> str:
    return "\n".join(f"- {name}: {about}" for name, about in evaluation.asked)


def _published(evaluation: Evaluation) -> str:
    lines = [_line(["data", "system", "measure", "value", "source", "what differs"])]
    lines.append(_line(["---"] * 6))
    for figure in evaluation.published:
        keys = ("data", "system", "measure", "value", "source", "differs")
        lines.append(_line([str(figure[key]) for key in keys]))
    return "\n".join(lines)


def _sets(evaluation: Evaluation) -> str:
    lines = [_line(["set", "rows used", "of", "harmful", "benign", "unknown", "scope"])]
    lines.append(_line(["---"] * 7))
    for data in evaluation.sets:
        yes, no = data.any_truth()
        known = int(yes.sum()) + int(no.sum())
        used = f"{len(data.rows)}{' (sampled by digest)' if data.sampled else ''}"
        total = f"{data.total}{f' ({data.unread} unreadable)' if data.unread else ''}"
        scope = "not stated" if data.scope is None else ", ".join(sorted(data.scope)) or "none"
        counts = (int(yes.sum()), int(no.sum()), len(data.rows) - known)
        lines.append(_line([data.name, used, total, *map(str, counts), scope]))
    return "\n".join(lines)


def _plots(evaluation: Evaluation, folder: str) -> list[str]:
    if not evaluation.drawn:
        return []
    name = evaluation.ranked_set
    return [
        f"![Reliability of each category over all sets]({folder}{RELIABILITY_FILE})",
        f"![Precision and recall on {name}]({folder}{PRECISION_RECALL_FILE})" if name else "",
    ]


def _ending(evaluation: Evaluation, *, whole: bool) -> list[str]:
    lines = [f"- {missing.name}: {missing.reason}" for missing in evaluation.missing]
    if whole:
        lines += [
            f"- {number.measure} of {number.system}, {number.data}"
            f"{f' ({number.lang})' if number.lang else ''} {number.category}: {number.note}"
            for number in evaluation.numbers
            if number.value is None
        ]
    return ["### Not measured", "\n".join(dict.fromkeys(lines))] if lines else []


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
