"""The curves of the report, as small SVG files."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from benchmarks.detection.protocol import Judged
from models.calibration import sigmoid

SHOWN = ("common/23", "common/28", "common/35 half", "low/23")


def curves(judged: Judged, folder: Path) -> None:
    """Draw ROC curves and the reliability of likelihood ratios into a folder."""
    mpl.rcParams["svg.hashsalt"] = "framegate"
    mpl.rcParams["svg.fonttype"] = "none"
    folder.mkdir(parents=True, exist_ok=True)
    _roc(judged, folder / "detection-roc.svg")
    _reliability(judged, folder / "detection-reliability.svg")


def _roc(judged: Judged, path: Path) -> None:
    figure, axes = plt.subplots(figsize=(4.2, 4.0))
    for condition in SHOWN:
        rows = judged.table.laundering == condition
        scores, fake = judged.scores[rows], judged.table.fake[rows]
        bounds = np.concatenate([[np.inf], np.sort(np.unique(scores))[::-1]])
        wrong = [(scores[~fake] >= bound).mean() for bound in bounds]
        right = [(scores[fake] >= bound).mean() for bound in bounds]
        axes.step(wrong, right, where="post", label=condition, linewidth=1)
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.5)
    axes.set(xlabel="real clips above the score", ylabel="generated clips above the score")
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    _save(figure, path)


def _reliability(judged: Judged, path: Path) -> None:
    figure, axes = plt.subplots(figsize=(4.2, 4.0))
    edges = np.linspace(0, 1, 9)
    for condition in SHOWN:
        rows = judged.table.laundering == condition
        chance, fake = sigmoid(judged.llr[rows]), judged.table.fake[rows]
        share = np.where(fake, 0.5 / fake.sum(), 0.5 / (~fake).sum())
        place = np.clip(np.digitize(chance, edges) - 1, 0, len(edges) - 2)
        filled = [each for each in range(len(edges) - 1) if (place == each).any()]
        stated = [np.average(chance[place == k], weights=share[place == k]) for k in filled]
        seen = [np.average(fake[place == k], weights=share[place == k]) for k in filled]
        axes.plot(stated, seen, marker=".", linewidth=1, label=condition)
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.5)
    axes.set(xlabel="probability that the ratio states (prior one half)", ylabel="share generated")
    axes.legend(frameon=False, fontsize=8, loc="upper left")
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)
