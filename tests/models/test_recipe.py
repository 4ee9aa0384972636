"""The training recipe of prompt-safety: its grammar, its masks and its fit."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from models.registry import MODELS_FOLDER

FOLDER = MODELS_FOLDER / "prompt-safety"


@pytest.fixture(scope="module")
def recipe() -> Iterator[dict[str, ModuleType]]:
    """The scripts of the folder, imported as they import each other."""
    sys.path.insert(0, str(FOLDER))
    names = ("grammar", "corpus", "heads", "embeddings", "card_writer")
    yield {name: importlib.import_module(name) for name in names}
    sys.path.remove(str(FOLDER))
    for name in names:
        del sys.modules[name]


def test_the_grammar_repeats_itself(recipe: dict[str, ModuleType]) -> None:
    write = recipe["grammar"].write
    assert write(1) == write(1)
    assert write(1) != write(2)
    texts = [item.text for item in write()]
    assert len(texts) == len(set(texts))
    assert not any("{" in text for text in texts)
    benign = sum(not item.categories for item in write())
    assert 0.3 < benign / len(texts) < 0.7


def test_every_source_has_one_fold(recipe: dict[str, ModuleType]) -> None:
    folds = recipe["corpus"].FOLDS
    names = [name for fold in folds for name in fold]
    assert len(names) == len(set(names))


def test_masks(recipe: dict[str, ModuleType]) -> None:
    corpus = recipe["corpus"]
    if not corpus.data_folder().is_dir():
        pytest.skip("the data folder (FRAMEGATE_DATA) is not here")
    rows = corpus.training_rows()
    column = {category: number for number, category in enumerate(corpus.CATEGORIES)}
    by_source: dict[str, list[object]] = {}
    for row in rows:
        by_source.setdefault(row.source, []).append(row)
    hate_only = np.array([row.targets for row in by_source["davidson_hate"]])  # type: ignore[attr-defined]
    assert (hate_only[:, column["sexual"]] == corpus.UNKNOWN).all()
    assert set(hate_only[:, column["hate"]]) == {corpus.YES, corpus.NO}
    captions = np.array([row.targets for row in by_source["coco30k"]])  # type: ignore[attr-defined]
    assert (captions == corpus.NO).all()
    assert {corpus.fold_of(source) for source in by_source} == set(range(len(corpus.FOLDS)))
    assert not set(by_source) & set(corpus.LEFT_OUT)


def recipe_of(heads: ModuleType) -> object:
    return heads.Recipe(hidden=16, epochs=60, rate=1e-2, dropout=0.1, positive_share=0.5)


def test_a_fit_learns_and_respects_the_mask(recipe: dict[str, ModuleType]) -> None:
    heads = recipe["heads"]
    random = np.random.default_rng(0)
    vectors = random.normal(size=(600, 8)).astype(np.float32)
    targets = np.stack([vectors[:, 0] > 0, vectors[:, 1] > 0], axis=1).astype(np.int8)
    weights = np.ones(600, dtype=np.float32)
    masked = targets.copy()
    masked[::2, 1] = -1
    fitted = heads.fit(vectors, masked, weights, recipe_of(heads))
    scores = heads.logits(fitted, vectors)
    assert ((scores > 0) == targets).mean() > 0.9
    again = heads.fit(vectors, masked, weights, recipe_of(heads))
    assert all((fitted[name] == again[name]).all() for name in fitted)
    balanced = heads.balanced(masked, weights, 0.25)
    assert (balanced[::2, 1] == 0).all()
    assert balanced[masked[:, 0] == 1, 0].sum() == pytest.approx(0.25 * 600, rel=1e-4)


def test_the_card_keeps_its_head(recipe: dict[str, ModuleType], tmp_path: Path) -> None:
    folder = tmp_path / "prompt-safety"
    folder.mkdir()
    before = (FOLDER / "model.toml").read_text(encoding="utf-8")
    (folder / "model.toml").write_text(before, encoding="utf-8")
    writer = recipe["card_writer"]
    card = writer.ModelCard.load(folder)
    writer.write_metrics(folder, card.metrics)
    assert writer.ModelCard.load(folder).metrics == card.metrics
    heads = next(source for source in card.sources if source.name == "heads.safetensors")
    writer.write_trained(folder, heads.sha256, heads.bytes, card.calibration, card.thresholds)
    after = writer.ModelCard.load(folder)
    assert after.metrics == ()
    assert after.digest() == card.digest()
    head = before.partition(writer.TRAINED)[0]
    assert (folder / "model.toml").read_text(encoding="utf-8").startswith(head.rstrip())
