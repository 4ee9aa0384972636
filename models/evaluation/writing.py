"""Writes an evaluation: into a folder, and into the card and README of a model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from models.card import CARD_FILE, Metric, ModelCard
from models.evaluation import headlines, plots, report
from models.evaluation.evaluating import Evaluation
from models.tables import fill, metrics_table

MARKDOWN_FILE: Final = "report.md"
JSON_FILE: Final = "report.json"
#: Name of the place in a model's README: `<!-- evaluation -->` to `<!-- end evaluation -->`.
PLACE: Final = "evaluation"
MEASURED: Final = "# --- Below this line: written by framegate models evaluate. ---\n"
_PLOTS: Final = "plots"


def write_report(evaluation: Evaluation, folder: Path) -> Evaluation:
    """Writes report.md, report.json and the plots into a folder; it is made where it is not.

    Returns:
        The evaluation, which now says whether there are plots.
    """
    folder.mkdir(parents=True, exist_ok=True)
    evaluation = replace(evaluation, drawn=plots.draw(evaluation, folder))
    name, version, _ = evaluation.model
    title = f"# Evaluation of {name} {version}\n\n"
    (folder / MARKDOWN_FILE).write_text(title + report.as_markdown(evaluation), encoding="utf-8")
    (folder / JSON_FILE).write_bytes(report.as_json(evaluation))
    return evaluation


def write_card(evaluation: Evaluation, folder: Path) -> None:
    """Replaces the metrics of a model's card, and the measured parts of its README.

    Args:
        evaluation: What was measured of this model.
        folder: The model's folder, writable.

    Raises:
        ValueError: The README has no place for it.
        InvalidCard: The card would come out invalid; it is left as it was.
    """
    readme = folder / "README.md"
    text = fill(readme.read_text(encoding="utf-8"), PLACE, "")
    drawings = folder / _PLOTS
    drawings.mkdir(exist_ok=True)
    evaluation = replace(evaluation, drawn=plots.draw(evaluation, drawings))
    short = report.as_markdown(evaluation, plots=f"{_PLOTS}/", whole=False)
    text = fill(text, PLACE, short.rstrip("\n"))
    card = write_metrics(folder, headlines.metrics(evaluation.numbers))
    if "<!-- metrics -->" in text:
        text = fill(text, "metrics", metrics_table(card))
    readme.write_text(text, encoding="utf-8")


def write_metrics(folder: Path, metrics: Sequence[Metric]) -> ModelCard:
    """Replaces the `[[metric]]` rows of a card; what stands above them stays as it is.

    Raises:
        InvalidCard: The card would come out invalid; it is left as it was.
    """
    path = folder / CARD_FILE
    head = path.read_text(encoding="utf-8").partition(MEASURED)[0]
    blocks = "\n\n".join("\n".join(_metric(metric)) for metric in metrics)
    text = f"{head.rstrip()}\n\n{MEASURED}{blocks}\n"
    card = ModelCard.parse(text.encode(), folder)
    path.write_text(text, encoding="utf-8")
    return card


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
