"""The training recipe of prompt-safety: its masks, its split, its batches and its network."""

from __future__ import annotations

import difflib
import gzip
import importlib
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

from models.classifiers import TextClassifier
from models.packed import PackedEncoder
from models.pieces import Pieces
from models.registry import MODELS_FOLDER

FOLDER = MODELS_FOLDER / "prompt-safety"
NAMES = ("overlap", "everyday", "corpus", "batches", "network", "train", "export", "card_writer")


@pytest.fixture(scope="module")
def recipe() -> Iterator[dict[str, ModuleType]]:
    """The scripts of the folder, imported as they import each other."""
    before = set(sys.modules)
    sys.path.insert(0, str(FOLDER))
    yield {name: importlib.import_module(name) for name in NAMES}
    sys.path.remove(str(FOLDER))
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {*NAMES, "grammar"}:
            del sys.modules[name]


@pytest.fixture(scope="module")
def packed(prompt_safety: TextClassifier, models_cache: Path) -> PackedEncoder:
    return PackedEncoder(models_cache / "prompt-safety" / "e5-small-q4.bin")


def row(recipe: dict[str, ModuleType], text: str, **targets: int) -> Any:
    corpus = recipe["corpus"]
    known = tuple(targets.get(name, corpus.UNKNOWN) for name in corpus.OUTPUTS)
    return corpus.Row(text, text, "en", "test", known, 1.0, benign=False, held=False)


def write_sets(
    folder: Path, sets: dict[str, tuple[list[str] | None, list[dict[str, Any]]]]
) -> None:
    (folder / "text" / "train").mkdir(parents=True)
    (folder / "text" / "eval").mkdir()
    index = {name: {"part": "train", "scope": scope} for name, (scope, _) in sets.items()}
    (folder / "text" / "index.json").write_text(json.dumps(index), encoding="utf-8")
    for name, (_, rows) in sets.items():
        with gzip.open(folder / "text" / "train" / f"{name}.jsonl.gz", "wt") as lines:
            for number, raw in enumerate(rows):
                whole = {
                    "id": f"{name}-{number}",
                    "lang": "en",
                    "kind": "comment",
                    "raw": {},
                    **raw,
                }
                lines.write(json.dumps(whole) + "\n")


def test_a_missing_label_is_no_negative(
    recipe: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = recipe["corpus"]
    write_sets(
        tmp_path,
        {
            "hatemoji_build": (
                ["hate", "violence (threat type)"],
                [
                    {"text": "one", "labels": ["hate"], "unsafe": True},
                    {"text": "two", "labels": [], "unsafe": False},
                    {"text": "three", "labels": [], "unsafe": None},
                ],
            ),
            "coco30k": (None, [{"text": "a bowl of fruit", "labels": [], "unsafe": False}]),
            "advbench_tdc_malicious": (None, [{"text": "four", "labels": [], "unsafe": True}]),
        },
    )
    monkeypatch.setenv("FRAMEGATE_DATA", str(tmp_path))
    monkeypatch.setattr(recipe["everyday"], "read", lambda _cache: [])
    monkeypatch.setattr(sys.modules["grammar"], "write", list)
    rows = {found.text: dict(zip(corpus.OUTPUTS, found.targets, strict=True)) for found in
            corpus.rows(tmp_path)}  # fmt: skip
    assert set(rows) == {"one", "two", "a bowl of fruit", "four"}
    assert rows["one"]["hate"] == corpus.YES
    assert rows["one"]["violence"] == corpus.NO
    assert rows["one"]["sexual"] == corpus.UNKNOWN
    assert rows["one"]["harmful"] == corpus.YES
    assert rows["two"]["hate"] == corpus.NO
    assert rows["two"]["political"] == corpus.UNKNOWN
    assert set(rows["a bowl of fruit"].values()) == {corpus.NO}
    assert rows["four"]["illicit"] == corpus.YES
    assert rows["four"]["hate"] == corpus.UNKNOWN


def test_evaluation_texts_are_not_learned(recipe: dict[str, ModuleType], tmp_path: Path) -> None:
    overlap = recipe["overlap"]
    with gzip.open(tmp_path / "a.jsonl.gz", "wt") as lines:
        lines.write(json.dumps({"text": "One, two three four five six seven eight NINE ten."}))
    whole, runs = overlap.evaluation_texts(tmp_path)
    assert overlap.known("one two three four five six seven eight nine TEN", whole, runs)
    assert overlap.known("and two three four five six seven eight nine ten more", whole, runs)
    assert not overlap.known("two three four five six seven eight nine", whole, runs)


def test_a_joined_row_knows_what_its_parts_know(recipe: dict[str, ModuleType]) -> None:
    batches, corpus = recipe["batches"], recipe["corpus"]
    harmful = row(recipe, "first", violence=corpus.YES, sexual=corpus.NO)
    harmless = replace(row(recipe, "second"), targets=(corpus.NO,) * len(corpus.OUTPUTS))
    rows = [harmful, harmless] * 200
    varied = batches.varied(rows, seed=0)
    joined = [each for each in varied if "first" in each.text and "second" in each.text]
    assert joined
    assert len(varied) == len(rows)
    for each in joined:
        known = dict(zip(corpus.OUTPUTS, each.targets, strict=True))
        assert known["violence"] == corpus.YES
        assert known["sexual"] == corpus.NO
        assert known["hate"] == corpus.UNKNOWN
    assert batches.varied(rows, seed=0) == varied


def test_only_harmless_texts_are_cut_into_parts(recipe: dict[str, ModuleType]) -> None:
    batches = recipe["batches"]
    text = "The boat leaves the harbour at dawn. " * 12
    harmful = [row(recipe, text)] * 200
    harmless = [replace(each, benign=True) for each in harmful]
    assert not [each for each in batches.varied(harmful, seed=1) if len(each.text) < 300]
    parts = [each.text for each in batches.varied(harmless, seed=1) if len(each.text) < 300]
    assert parts
    assert all(part in text for part in parts)


def test_a_misspelt_text_keeps_most_of_its_letters(recipe: dict[str, ModuleType]) -> None:
    text = "a woman walks along the beach with her dog at sunset"
    changed = [recipe["batches"].misspelt(text, random.Random(seed)) for seed in range(40)]
    assert len(set(changed)) > 20
    for each in changed:
        plain, other = text.replace(" ", ""), each.replace(" ", "")
        assert abs(len(plain) - len(other)) <= 8
        assert difflib.SequenceMatcher(None, plain, other).ratio() > 0.8
    assert recipe["batches"].misspelt("", random.Random(0)) == ""


def test_the_joint_output_counts_only_where_it_is_harm(recipe: dict[str, ModuleType]) -> None:
    corpus, export = recipe["corpus"], recipe["export"]
    source = np.random.default_rng(0)
    rows, outputs = [], []
    for number in range(400):
        harmful = number % 2 == 0
        targets = [corpus.YES if harmful else corpus.NO] * len(corpus.OUTPUTS)
        text = f"row {number}"
        kind = "prompt" if number % 4 < 2 else "comment"
        rows.append(
            replace(row(recipe, text), targets=tuple(targets), benign=not harmful, kind=kind)
        )
        noisy = source.normal(0.5 * harmful, 1.0, len(corpus.CATEGORIES))
        outputs.append([*noisy, source.normal(2.0 * harmful, 1.0)])
    found = export.mixtures(rows, np.array(outputs, dtype=np.float32))
    for category, part in zip(corpus.CATEGORIES, found, strict=True):
        assert part == 0 if category in corpus.NO_HARM else part > 0.3


def test_batches_hold_every_row_once(recipe: dict[str, ModuleType], packed: PackedEncoder) -> None:
    batches, pieces = recipe["batches"], Pieces(packed)
    rows = [row(recipe, "word " * (1 + number % 130), hate=1) for number in range(300)]
    plan = batches.plan(rows, pieces, seed=0)
    assert sorted(index for group in plan for index in group) == list(range(300))
    for group in plan:
        batch = batches.fill(rows, group, packed, pieces)
        assert batch.words.shape[:2] == batch.mask.shape
        assert batch.mask.shape[0] * batch.mask.shape[1] <= 2048
        assert batch.mask.shape[1] <= batches.LONGEST + 2


def test_the_error_leaves_out_what_is_not_known(recipe: dict[str, ModuleType]) -> None:
    train, batches, corpus = recipe["train"], recipe["batches"], recipe["corpus"]
    outputs = len(corpus.OUTPUTS)
    targets = torch.full((2, outputs), corpus.UNKNOWN)
    targets[0, 0] = corpus.YES
    empty = torch.zeros(2, 1)
    batch = batches.Batch(empty, empty, targets, torch.ones(2), np.arange(2))
    logits = torch.zeros(2, outputs, requires_grad=True)
    train.error(logits, batch, torch.ones(outputs)).backward()
    assert logits.grad is not None
    assert logits.grad[0, 0] < 0
    assert int((logits.grad != 0).sum()) == 1


def test_the_network_is_the_packed_encoder(
    recipe: dict[str, ModuleType], packed: PackedEncoder
) -> None:
    """Both halves as they are exported answer what the network answers, whatever the padding."""
    network, export = recipe["network"], recipe["export"]
    built = network.Network(packed, len(recipe["corpus"].OUTPUTS)).eval()
    ids = Pieces(packed).frame(Pieces(packed).cut("a quiet harbour at dawn"))
    words = torch.from_numpy(packed.words(ids))[None]
    padded = torch.cat([words, torch.randn(1, 3, words.shape[2])], dim=1)
    mask = torch.tensor([[1.0] * len(ids) + [0.0] * 3])
    with torch.inference_mode():
        part = np.linspace(0, 1, len(recipe["corpus"].CATEGORIES), dtype=np.float32)
        expected = [export.mixed(each, torch.from_numpy(part)) for each in built(padded, mask)]
        states, early = export._Early(built, part)(words)
        late = export._Late(built, part)(states)
    torch.testing.assert_close(early, expected[0], rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(late, expected[1], rtol=1e-4, atol=1e-4)


def test_the_card_keeps_its_head(recipe: dict[str, ModuleType], tmp_path: Path) -> None:
    folder = tmp_path / "prompt-safety"
    folder.mkdir()
    before = (FOLDER / "model.toml").read_text(encoding="utf-8")
    (folder / "model.toml").write_text(before, encoding="utf-8")
    writer = recipe["card_writer"]
    card = writer.ModelCard.load(folder)
    parts = [
        (source.name, source.sha256, source.bytes)
        for source in card.sources
        if source.name in recipe["export"].PARTS
    ]
    early = card.preprocessing["early"]
    writer.write_trained(folder, parts, card.calibration, card.thresholds, early)
    after = writer.ModelCard.load(folder)
    assert after.metrics == ()
    assert after.digest() == card.digest()
    head = before.partition(writer.TRAINED)[0]
    assert (folder / "model.toml").read_text(encoding="utf-8").startswith(head.rstrip())
