"""The two plots of a report: reliability, and precision against recall. Needs matplotlib.

Drawn without a display and without the date, so the same numbers give the same file.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from models.calibration import wilson_interval
from models.evaluation import metrics
from models.evaluation.evaluating import Curve, Evaluation
from models.evaluation.report import PRECISION_RECALL_FILE, RELIABILITY_FILE

_DPI: Final = 110
_COLUMNS: Final = 4
_LEAST_POSITIVES: Final = 5
_GREY: Final = "#888888"


def draw(evaluation: Evaluation, folder: Path) -> bool:
    """Writes both plots into a folder.

    Returns:
        False where matplotlib is not installed; nothing is written then.
    """
    try:
        figures: Any = importlib.import_module("matplotlib.figure")
    except ImportError:
        return False
    _reliability(figures.Figure, evaluation, folder / RELIABILITY_FILE)
    if evaluation.ranked_set:
        _precision_recall(figures.Figure, evaluation, folder / PRECISION_RECALL_FILE)
    return True


def _reliability(figure_of: Any, evaluation: Evaluation, path: Path) -> None:  # noqa: ANN401
    """One small plot a category; the size of a point tells how many texts are in its bin."""
    shown = [
        curve
        for curve in evaluation.reliability
        if int(curve.labels.sum()) >= _LEAST_POSITIVES and not curve.labels.all()
    ]
    rows = max(1, -(-len(shown) // _COLUMNS))
    figure = figure_of(figsize=(3.1 * _COLUMNS, 3.0 * rows + 0.5), dpi=_DPI, layout="constrained")
    name, version, _ = evaluation.model
    figure.suptitle(
        f"{name} {version}: stated probability (across) and observed share (up, with 95 %), all "
        "sets together; larger points, more texts",
        fontsize=11,
    )
    for number, curve in enumerate(shown):
        axes = figure.add_subplot(rows, _COLUMNS, number + 1)
        stated, seen, size = metrics.reliability(curve.scores, curve.labels)
        error = np.abs(stated - seen) @ size / size.sum()
        axes.plot([0, 1], [0, 1], color=_GREY, linewidth=0.8, linestyle="--")
        area = 12 + 180 * np.sqrt(size / size.max())
        ends = [wilson_interval(round(s * k), int(k)) for s, k in zip(seen, size, strict=True)]
        axes.vlines(stated, *zip(*ends, strict=True), color="C0", linewidth=0.8, alpha=0.6)
        axes.scatter(stated, seen, s=area, color="C0", alpha=0.55, linewidths=0)
        n, positives = curve.labels.size, int(curve.labels.sum())
        axes.set_title(f"{curve.name}\nECE {error:.3f}, n {n}, harmful {positives}", fontsize=9)
        axes.set_xlim(-0.03, 1.03)
        axes.set_ylim(-0.03, 1.03)
        axes.tick_params(labelsize=7)
        axes.set_aspect("equal")
    _save(figure, path)


def _precision_recall(figure_of: Any, evaluation: Evaluation, path: Path) -> None:  # noqa: ANN401
    figure = figure_of(figsize=(12.4, 6.4), dpi=_DPI, layout="constrained")
    whole = {"classifier, any category", "screening, any category"}
    whole |= {name for name, _ in evaluation.asked}
    left = [curve for curve in evaluation.ranked if curve.name in whole]
    right = [curve for curve in evaluation.ranked if curve.name not in whole]
    parts = [(left, "harm of any category"), (right, "by category, classifier")]
    parts = [(curves, title) for curves, title in parts if curves]
    for number, (curves, title) in enumerate(parts):
        axes = figure.add_subplot(1, len(parts), number + 1)
        _lines(axes, curves)
        axes.set_title(f"{evaluation.ranked_set}: {title}", fontsize=10)
    _save(figure, path)


def _lines(axes: Any, curves: Sequence[Curve]) -> None:  # noqa: ANN401
    for curve in curves:
        if not curve.labels.any() or curve.labels.all():
            continue
        recall, precision = metrics.precision_recall(curve.scores, curve.labels)
        area = metrics.ranking(curve.scores, curve.labels)["auprc"]
        label = f"{curve.name}: {area:.3f} (n {curve.labels.size})"
        marker = "o" if recall.size <= 2 else None  # yes-or-no systems have a single point
        axes.plot(recall, precision, label=label, linewidth=1.4, marker=marker, markersize=4)
    axes.set_xlabel("recall")
    axes.set_ylabel("precision")
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.05)
    axes.grid(visible=True, linewidth=0.3, color=_GREY)
    axes.legend(
        fontsize=8,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.12),
        ncols=2,
        title="AUPRC",
        title_fontsize=8,
    )


def _save(figure: Any, path: Path) -> None:  # noqa: ANN401
    figure.savefig(path, metadata={"Software": None})
