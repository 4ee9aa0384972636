"""A small data folder, and a classifier and screening that read the answer off the text."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import structs
from numpy.typing import NDArray

from models.card import ModelCard, Threshold
from models.evaluation.systems import Judged
from models.registry import MODELS_FOLDER

CATEGORIES = ("sexual", "violence", "hate")


class Reader:
    """Scores what a text says of itself: "violence=0.7 ..."; counts how often it is asked."""

    digest = "sha256:test"
    categories = CATEGORIES

    def __init__(self) -> None:
        card = ModelCard.load(MODELS_FOLDER / "prompt-safety")
        limits = Threshold(review=0.5, block=0.8, review_fpr=0.01, block_fpr=0.002)
        self.card = structs.replace(card, thresholds=dict.fromkeys(CATEGORIES, limits))
        self.asked: list[str] = []

    def score(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[_said(text, name) for name in CATEGORIES] for text in texts], np.float32)

    def unread_share(self, text: str) -> float:  # noqa: ARG002
        return 0.0


class Judge:
    """Allows below 0.5 and blocks from 0.8; refuses the word "refuse"."""

    policy = "test 1.0.0"
    categories = (*CATEGORIES, "likeness/public-figure", "evasion")
    review: Mapping[str, float] = dict.fromkeys(categories, 0.5)
    block: Mapping[str, float] = dict.fromkeys(categories, 0.8)

    def read(self, text: str) -> str:
        return text.lower()

    def judge(self, text: str) -> Judged:
        if "refuse" in text:
            return Judged("refused", {})
        scores = {name: _said(text, name) for name in self.categories}
        highest = max(scores.values())
        decision = "block" if highest >= 0.8 else "review" if highest >= 0.5 else "allow"
        return Judged(decision, scores)


def _said(text: str, name: str) -> float:
    told = dict(part.split("=") for part in text.lower().split() if part.count("=") == 1)
    return float(told.get(name, 0.01))


def row(text: str, unsafe: bool | None, *labels: str, **more: Any) -> dict[str, Any]:
    return {"id": text, "text": text, "unsafe": unsafe, "labels": list(labels), "lang": "en"} | more


def write_set(folder: Path, name: str, rows: Sequence[Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
        for one in rows:
            lines.write((one if isinstance(one, str) else json.dumps(one)) + "\n")


def harmful(count: int, score: float = 0.9, **more: Any) -> list[dict[str, Any]]:
    return [row(f"bad {i} violence={score}", True, "violence", **more) for i in range(count)]


def benign(count: int, score: float = 0.1, **more: Any) -> list[dict[str, Any]]:
    return [row(f"good {i} violence={score}", False, **more) for i in range(count)]


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals here need no precision."""
    for module in ("numbers", "suites", "identity", "cost"):
        monkeypatch.setattr(f"models.evaluation.{module}.ROUNDS", 20)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Sets under names that nobody has seen, some of them odd, and the ones with suites."""
    folder, train = tmp_path / "data" / "eval", tmp_path / "data" / "train"
    write_set(folder, "never_heard_of", [*harmful(12), *harmful(3, 0.2), *benign(120)])
    write_set(folder, "only_harmful", harmful(6))
    write_set(folder, "only_benign", benign(8, kind="prompt"))
    write_set(folder, "empty", [])
    write_set(folder, "odd", ["{", "[1]", json.dumps({"text": 3}), json.dumps({"text": "x"})])
    gold = [
        *[("derog_h", "hateful", 0.9)] * 6,
        *[("threat_h", "hateful", 0.0)] * 2,
        *[("ident_neutral_nh", "non-hateful", 0.0)] * 6,
    ]
    for name, langs in (("hatecheck", ["en"]), ("multilingual_hatecheck", ["de", "fr"])):
        rows = [
            row(
                f"{lang} {i} hate={score}",
                label == "hateful",
                *(["hate"] if label == "hateful" else []),
                lang=lang,
                raw={"functionality": kind, "label_gold": label, "target_ident": "women"},
            )
            for lang in langs
            for i, (kind, label, score) in enumerate(gold)
        ]
        write_set(folder, name, rows)
    write_set(train, "adversarial_nibbler_submitted", [*harmful(60), *benign(60)])
    index = {
        "never_heard_of": {"scope": ["violence", "sexual (weak)", "nonsense"]},
        "hatecheck": {"scope": ["hate"]},
        "multilingual_hatecheck": {"scope": ["hate"]},
    }
    (tmp_path / "data" / "index.json").write_text(json.dumps(index))
    return tmp_path / "data"
