"""The report of an adaptation, for people and for programs; it names no file and no folder."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from provenance.detection.training.adapted_card import COMMAND, folder_digest
from provenance.detection.training.adapting import FOLDS, REAL_NEEDED
from provenance.detection.training.comparison import Comparison, Measured, Side
from provenance.detection.training.examples import Examples


def summary(name: str, examples: Examples, comparison: Comparison) -> dict[str, Any]:
    """What the report says, as plain values."""
    return {
        "model": name,
        "clips": {"generated": comparison.generated, "real": comparison.real},
        "groups": {"generated": comparison.groups[0], "real": comparison.groups[1]},
        "data": {
            "generated": "sha256:" + folder_digest(examples, fake=True),
            "real": "sha256:" + folder_digest(examples, fake=False),
        },
        "left_out": _reasons(examples),
        "before": asdict(comparison.before),
        "after": asdict(comparison.after),
        "auc_gain": asdict(comparison.gain),
        "abstained": comparison.abstained,
        "helps": comparison.helps,
        "likely_ai_possible": comparison.decides,
        "real_clips_needed": REAL_NEEDED,
        "command": COMMAND,
    }


def as_json(
    name: str, examples: Examples, comparison: Comparison, digests: Mapping[str, str]
) -> bytes:
    """The report for programs."""
    told = summary(name, examples, comparison) | {"sha256": dict(digests)}
    return (json.dumps(told, indent=2, sort_keys=True) + "\n").encode()


def conclusions(comparison: Comparison) -> list[str]:
    """What follows from the numbers, a sentence or two each."""
    gain = comparison.gain
    shown = f"{gain.value:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})"
    if comparison.helps:
        first = f"The adapted head tells your clips apart better: the area moves by {shown}."
    else:
        first = (
            f"It is **not shown to help**: the area moves by {shown}, which chance can do. Give "
            "more clips, or stay with the shipped detector."
        )
    if comparison.decides:
        second = (
            f"With {comparison.real} real clips `likely_ai` can be answered: at most 1 % of real "
            "clips like yours score as high."
        )
    else:
        second = (
            f"**It never answers `likely_ai`.** To show that at most 1 % of real clips score as "
            f"high takes {REAL_NEEDED} real clips, copies counted once; there are "
            f"{comparison.real}. The smallest rate that they can show is "
            f"{1 / (1 + comparison.real):.1%}. Scores and likelihood ratios are given all the same."
        )
    third = (
        "These numbers speak of clips like yours alone: this generator, these cameras, these "
        "topics. If the two folders differ in what they show or how they were graded, that is "
        "learned too, and no number here can tell. Other generators are found less well than "
        "before: keep the shipped detector for them."
    )
    fourth = (
        "What the head does to the real clips that the shipped calibration rests on is not "
        "measured here, for they are not shipped; `docs/detection.md` says what was seen of that."
    )
    return [first, second, third, fourth]


def as_markdown(
    name: str, examples: Examples, comparison: Comparison, digests: Mapping[str, str]
) -> bytes:
    """The report for people."""
    before, after = comparison.before, comparison.after
    made = (
        f"Made by `{COMMAND}` from {comparison.generated} generated and {comparison.real} real "
        "clips, copies counted once."
    )
    way = (
        f"Of each clip the adapted score comes from a head that was moved without it, without its "
        f"copies and without its folder where a class has three or more ({comparison.groups[0]} "
        f"groups of generated and {comparison.groups[1]} of real clips, {FOLDS} folds). Every clip "
        "is judged in two to four random launderings. Intervals draw groups anew. By the "
        f"adapted head a clip is called `likely_ai` by the bound of the other groups' real clips: "
        f"where these are fewer than {REAL_NEEDED}, never. The shipped head and the adapted one "
        f"abstain from {comparison.abstained:.1%} of the launderings."
    )
    lines = [
        f"# {name}",
        "",
        made,
        "",
        *(f"{each}\n" for each in conclusions(comparison)),
        "| measure | n | shipped (95 %) | adapted (95 %) |",
        "|---|---|---|---|",
        *_rows(before, after),
        "",
        way,
        "",
        "## Data",
        "",
        "SHA-256 over the sorted SHA-256 of the files, a line each:",
        "",
        f"- generated: {folder_digest(examples, fake=True)}",
        f"- real: {folder_digest(examples, fake=False)}",
        *(f"- `{file}`: {digest}" for file, digest in digests.items()),
        "",
        *_left_out(examples),
    ]
    return ("\n".join(lines).rstrip() + "\n").encode()


def _rows(before: Side, after: Side) -> list[str]:
    named = (
        ("area under the ROC curve", before.auc, after.auc),
        ("generated above the score that 1 % of real reach", before.tpr, after.tpr),
        ("real clips called `likely_ai`, in any laundering", before.real_called, after.real_called),
        ("generated clips called `likely_ai`", before.generated_called, after.generated_called),
    )
    return [f"| {label} | {one.n} | {told(one)} | {told(two)} |" for label, one, two in named]


def told(found: Measured) -> str:
    """A number with its interval."""
    return f"{found.value:.3f} ({found.low:.3f}-{found.high:.3f})"


def _reasons(examples: Examples) -> dict[str, int]:
    """How often files were left out for what, without their names."""
    counts = Counter(each.reason.partition(" as ")[0] for each in examples.left_out)
    return dict(sorted(counts.items()))


def _left_out(examples: Examples) -> list[str]:
    if not examples.left_out:
        return []
    reasons = _reasons(examples)
    return ["## Left out", "", *(f"- {count}: {reason}" for reason, count in reasons.items())]
