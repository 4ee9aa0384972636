"""Writes the measured parts of the card; what people wrote above them stays as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.card import CARD_FILE, ModelCard, Platt, Threshold

TRAINED = "# --- Below this line: written by export.py. ---\n"


def write_trained(
    folder: Path,
    parts: Sequence[tuple[str, str, int]],
    calibration: Mapping[str, Platt],
    thresholds: Mapping[str, Threshold],
    early: Mapping[str, Mapping[str, float]],
) -> None:
    """Replaces the trained part; the measured part is dropped, it speaks of another network.

    Args:
        folder: The model's folder.
        parts: Name, digest and size in bytes of each file of the network.
        calibration: Of each category, for the last head.
        thresholds: Of each category.
        early: Of each category: calibration of the early head, and when it is sure.
    """
    head = (folder / CARD_FILE).read_text(encoding="utf-8").partition(TRAINED)[0]
    lines = ["[preprocessing.early]"]
    for category, values in early.items():
        shown = ", ".join(f"{name} = {value}" for name, value in values.items())
        lines.append(f"{json.dumps(category)} = {{ {shown} }}")
    for name, digest, size_bytes in parts:
        lines += [
            "",
            "[[source]]",
            'kind = "repository"',
            f'file = "{name}"',
            f'sha256 = "{digest}"',
            f"bytes = {size_bytes}",
            f'as = "{name}"',
            'license = "Apache-2.0"',
        ]
    lines += [
        "",
        "[calibration]",
        *(f"{json.dumps(c)} = {{ a = {p.a}, b = {p.b} }}" for c, p in calibration.items()),
        "",
        "[thresholds]",
        *(f"{json.dumps(c)} = {_threshold(t)}" for c, t in thresholds.items()),
        "",
    ]
    _write(folder, head.rstrip() + "\n\n" + TRAINED + "\n".join(lines))


def _threshold(t: Threshold) -> str:
    return (
        f"{{ review = {t.review}, block = {t.block}, "
        f"review_fpr = {t.review_fpr}, block_fpr = {t.block_fpr} }}"
    )


def _write(folder: Path, text: str) -> None:
    ModelCard.parse(text.encode(), folder)
    (folder / CARD_FILE).write_text(text, encoding="utf-8")
