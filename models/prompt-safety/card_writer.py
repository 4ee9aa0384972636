"""Writes the measured parts of the card; what people wrote above them stays as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.card import CARD_FILE, Metric, ModelCard, Platt, Threshold

TRAINED = "# --- Below this line: written by train.py. ---\n"
MEASURED = "# --- Below this line: written by evaluate.py. ---\n"


def write_trained(
    folder: Path,
    digest: str,
    size_bytes: int,
    calibration: Mapping[str, Platt],
    thresholds: Mapping[str, Threshold],
) -> None:
    """Replaces the trained part; the measured part is dropped, it speaks of other heads."""
    head = (folder / CARD_FILE).read_text(encoding="utf-8").partition(TRAINED)[0]
    lines = [
        "[[source]]",
        'kind = "repository"',
        'file = "heads.safetensors"',
        f'sha256 = "{digest}"',
        f"bytes = {size_bytes}",
        'as = "heads.safetensors"',
        'license = "Apache-2.0"',
        "",
        "[calibration]",
        *(f"{json.dumps(c)} = {{ a = {p.a}, b = {p.b} }}" for c, p in calibration.items()),
        "",
        "[thresholds]",
        *(f"{json.dumps(c)} = {_threshold(t)}" for c, t in thresholds.items()),
        "",
    ]
    _write(folder, head.rstrip() + "\n\n" + TRAINED + "\n".join(lines))


def write_metrics(folder: Path, metrics: Sequence[Metric]) -> None:
    """Replaces the measured part."""
    head = (folder / CARD_FILE).read_text(encoding="utf-8").partition(MEASURED)[0]
    blocks = ["\n".join(_metric(metric)) for metric in metrics]
    _write(folder, head.rstrip() + "\n\n" + MEASURED + "\n\n".join(blocks) + "\n")


def _threshold(t: Threshold) -> str:
    return (
        f"{{ review = {t.review}, block = {t.block}, "
        f"review_fpr = {t.review_fpr}, block_fpr = {t.block_fpr} }}"
    )


def _metric(metric: Metric) -> list[str]:
    lines = ["[[metric]]", f"name = {json.dumps(metric.name)}"]
    if metric.category:
        lines.append(f"category = {json.dumps(metric.category)}")
    lines.append(f"value = {round(metric.value, 4)}")
    if metric.low is not None and metric.high is not None:
        lines += [f"low = {round(metric.low, 4)}", f"high = {round(metric.high, 4)}"]
    lines += [
        f"n = {metric.n}",
        f"split = {json.dumps(metric.split)}",
        f"command = {json.dumps(metric.command)}",
    ]
    return lines


def _write(folder: Path, text: str) -> None:
    ModelCard.parse(text.encode(), folder)
    (folder / CARD_FILE).write_text(text, encoding="utf-8")
