"""The card of an adapted model: what it is, what it was made from, and its digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from models.card import ModelCard, Source, WheelSource
from provenance.detection.training.adapting import REAL_NEEDED
from provenance.detection.training.comparison import Comparison, Measured
from provenance.detection.training.examples import Examples

COMMAND: Final = "framegate models adapt synthetic-video --generated DIR --real DIR"
_SPLIT: Final = "own clips, each scored by a head that was moved without its group"


def folder_digest(examples: Examples, *, fake: bool) -> str:
    """SHA-256, hexadecimal, over the sorted digests of a class's files, a line each."""
    digests = sorted(clip.sha256 for clip in examples.clips if clip.fake == fake)
    return hashlib.sha256("".join(f"{each}\n" for each in digests).encode()).hexdigest()


def card_text(
    name: str,
    shipped: ModelCard,
    files: Mapping[str, bytes],
    examples: Examples,
    comparison: Comparison,
) -> bytes:
    """The `model.toml` of an adapted model.

    Args:
        name: Of the model.
        shipped: Card of the model that was moved.
        files: Weights and calibration by name.
        examples: The operator's clips.
        comparison: Before and after.
    """
    said = (
        "It can answer likely_ai."
        if comparison.decides
        else f"It never answers likely_ai: that takes {REAL_NEEDED} real clips."
    )
    parts = {
        "id": name,
        "version": "1.0.0",
        "title": f"Generated or not: {shipped.id} {shipped.version} adapted to one generator",
        "task": shipped.task,
        "profile": shipped.profile,
        "license": shipped.license,
        "description": (
            f"{shipped.id} {shipped.version} ({shipped.digest()}) with the weights of its "
            f"statistics moved towards {comparison.generated} generated and {comparison.real} real "
            "clips of the operator. Data: the operator's own, not passed on; SHA-256 over the "
            f"sorted digests of the files, generated {folder_digest(examples, fake=True)}, real "
            f"{folder_digest(examples, fake=False)}."
        ),
        "limits": (
            "Speaks of the one generator and of camera clips like those it was made from; of other "
            f"generators it knows less than {shipped.id}. {said} Never the only ground of a "
            "decision. report.md has the numbers."
        ),
    }
    lines = ["# Card and lock of the model; written by framegate models adapt."]
    lines += [f"{key} = {_quoted(value)}" for key, value in parts.items()]
    for source in shipped.sources:
        lines += ["", "[[source]]", *_source(source, files)]
    labels = "\n".join(
        f"{_quoted(category)} = {json.dumps(list(own))}" for category, own in shipped.labels.items()
    )
    lines += ["", "[labels]", labels]
    for measure, found in (
        ("auc", comparison.after.auc),
        ("auc_of_shipped_model", comparison.before.auc),
        ("tpr_at_1_percent_fpr", comparison.after.tpr),
        ("real_called_likely_ai", comparison.after.real_called),
        ("generated_called_likely_ai", comparison.after.generated_called),
    ):
        lines += ["", "[[metric]]", *_metric(measure, found)]
    return ("\n".join(lines) + "\n").encode()


def _source(source: Source, files: Mapping[str, bytes]) -> list[str]:
    raw = files.get(source.name)
    fields: dict[str, str | float] = {
        "kind": "wheel" if isinstance(source, WheelSource) else "repository",
        "file": source.file,
        "sha256": source.sha256 if raw is None else hashlib.sha256(raw).hexdigest(),
        "bytes": source.bytes if raw is None else len(raw),
        "as": source.name,
        "license": source.license,
    }
    if isinstance(source, WheelSource):
        fields |= {"package": source.package, "version": source.version, "archive": source.archive}
    return [f"{key} = {_quoted(value)}" for key, value in fields.items()]


def _metric(measure: str, found: Measured) -> list[str]:
    fields: dict[str, str | float] = {
        "name": measure,
        "category": "synthetic",
        "value": round(found.value, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
        "n": found.n,
        "split": _SPLIT,
        "command": COMMAND,
    }
    return [f"{key} = {_quoted(value)}" for key, value in fields.items()]


def _quoted(value: str | float) -> str:
    """A TOML value: what JSON says of texts and numbers, TOML says too."""
    return json.dumps(value, ensure_ascii=False)
