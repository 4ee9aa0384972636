"""The hub path, with tiny untrained models of real architectures, saved to and loaded from disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    DebertaV2Config,
    DebertaV2ForSequenceClassification,
    ModernBertConfig,
    ModernBertForSequenceClassification,
    PreTrainedTokenizerFast,
    ViTConfig,
    ViTForImageClassification,
    ViTImageProcessorPil,
    XLMRobertaConfig,
    XLMRobertaForSequenceClassification,
)

from models.classifiers import FrameClassifier, TextClassifier
from models.errors import InvalidCard, ModelUnavailable
from models.registry import Registry


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Models this small gain nothing from more, and tests may run beside one another."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "cat", "dog", "walks", "fights", "slowly"]


def save_text_model(folder: Path, problem: str) -> None:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        id2label={0: "toxic", 1: "threat", 2: "fine"},
        label2id={"toxic": 0, "threat": 1, "fine": 2},
        problem_type=problem,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    save_tokenizer(folder)


def save_tokenizer(folder: Path) -> None:
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    marks = {"pad_token": "[PAD]", "unk_token": "[UNK]"}
    raw = Tokenizer(WordLevel(vocabulary, unk_token=marks["unk_token"]))
    raw.pre_tokenizer = Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=raw, **marks).save_pretrained(folder)


def save_frame_model(folder: Path) -> None:
    torch.manual_seed(0)
    config = ViTConfig(
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        image_size=32,
        patch_size=8,
        id2label={0: "normal", 1: "nsfw"},
        label2id={"normal": 0, "nsfw": 1},
    )
    ViTForImageClassification(config).save_pretrained(folder)
    ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)


def write_card(
    models: Path, cache: Path, task: str, labels: dict[str, list[str]], preprocessing: str = ""
) -> None:
    """A card whose hub files are those that already lie in the cache."""
    lines = [
        'id = "tiny"\nversion = "1.0.0"\ntitle = "Tiny"\nprofile = "hub"\nlicense = "MIT"',
        f'task = "{task}"\ndescription = "Untrained."\nlimits = "Knows nothing."',
    ]
    for path in sorted(cache.iterdir()):
        content = path.read_bytes()
        lines.append(
            f'[[source]]\nkind = "hub"\nrepo = "owner/tiny"\nrevision = "{"0" * 40}"\n'
            f'file = "{path.name}"\nas = "{path.name}"\nbytes = {len(content)}\n'
            f'sha256 = "{hashlib.sha256(content).hexdigest()}"'
        )
    lines.append("[labels]")
    lines += [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in labels.items()]
    first = next(iter(labels))
    lines.append(f"[preprocessing]\n{preprocessing}")
    lines.append(f"[calibration]\n{json.dumps(first)} = {{ a = 2.0, b = -1.0 }}")
    (models / "tiny").mkdir(parents=True)
    (models / "tiny" / "model.toml").write_text("\n".join(lines), encoding="utf-8")


def text_registry(tmp_path: Path, problem: str, labels: dict[str, list[str]]) -> Registry:
    save_text_model(tmp_path / "cache" / "tiny", problem)
    write_card(tmp_path / "models", tmp_path / "cache" / "tiny", "text-classification", labels)
    return Registry(tmp_path / "cache", tmp_path / "models")


LABELS = {"violence": ["threat"], "harassment": ["toxic", "threat"]}


@pytest.mark.parametrize("problem", ["multi_label_classification", "single_label_classification"])
def test_a_text_model(problem: str, tmp_path: Path) -> None:
    classifier: TextClassifier = text_registry(tmp_path, problem, LABELS).text("tiny")
    texts = ["a cat walks", "a dog fights slowly", ""]
    scores = classifier.score(texts)
    assert scores.shape == (3, 2)
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()
    assert classifier.categories == ("violence", "harassment")
    assert classifier.digest.startswith("sha256:")
    for row, text in enumerate(texts):
        assert (classifier.score([text])[0] == scores[row]).all()


def test_scores_are_those_of_the_model(tmp_path: Path) -> None:
    registry = text_registry(tmp_path, "multi_label_classification", LABELS)
    scores = registry.text("tiny").score(["a cat walks"])[0]
    model = BertForSequenceClassification.from_pretrained(tmp_path / "cache" / "tiny").eval()
    with torch.inference_mode():
        logits = model(input_ids=torch.tensor([[4, 5, 7]])).logits[0].double()
    assert scores[0] == pytest.approx(torch.sigmoid(2.0 * logits[1] - 1.0).item(), abs=1e-6)
    assert scores[1] == pytest.approx(torch.sigmoid(logits[:2].max()).item(), abs=1e-6)


def test_a_long_text_counts_its_worst_window(tmp_path: Path) -> None:
    classifier = text_registry(tmp_path, "multi_label_classification", LABELS).text("tiny")
    long = "a cat walks slowly " * 60 + "a dog fights"
    assert classifier.score([long]).shape == (1, 2)


def test_a_label_that_the_model_lacks(tmp_path: Path) -> None:
    labels = {"violence": ["weapon"]}
    registry = text_registry(tmp_path, "multi_label_classification", labels)
    with pytest.raises(InvalidCard, match="weapon") as caught:
        registry.text("tiny")
    assert caught.value.field == "labels.violence"


def test_a_frame_model(tmp_path: Path) -> None:
    save_frame_model(tmp_path / "cache" / "tiny")
    labels = {"sexual": ["nsfw"]}
    write_card(tmp_path / "models", tmp_path / "cache" / "tiny", "image-classification", labels)
    registry = Registry(tmp_path / "cache", tmp_path / "models")
    classifier: FrameClassifier = registry.frames("tiny")
    random = np.random.default_rng(0)
    images = [
        random.integers(0, 256, (height, width, 3), dtype=np.uint8)
        for height, width in ((32, 32), (48, 20), (720, 1280))
    ]
    scores = classifier.score(images)
    assert scores.shape == (3, 1)
    assert ((scores >= 0) & (scores <= 1)).all()
    assert (classifier.score(images[1:2])[0] == scores[1]).all()
    assert registry.frames("tiny") is classifier


def test_files_that_are_no_model(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "tiny"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    write_card(tmp_path / "models", folder, "text-classification", LABELS)
    with pytest.raises(InvalidCard, match="not a model"):
        Registry(tmp_path / "cache", tmp_path / "models").text("tiny")


def test_an_absent_file_is_no_download(tmp_path: Path) -> None:
    registry = text_registry(tmp_path, "multi_label_classification", LABELS)
    (tmp_path / "cache" / "tiny" / "model.safetensors").unlink()
    with pytest.raises(ModelUnavailable, match="framegate models fetch"):
        registry.text("tiny")


SHAPE = {
    "vocab_size": len(WORDS),
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "pad_token_id": 0,
    "problem_type": "multi_label_classification",
    "id2label": {0: "toxic", 1: "threat", 2: "fine"},
    "label2id": {"toxic": 0, "threat": 1, "fine": 2},
}
MARKS = {"bos_token_id": 2, "eos_token_id": 3, "cls_token_id": 2, "sep_token_id": 3}


def registry_of(
    tmp_path: Path, model: Any, labels: dict[str, list[str]], preprocessing: str = ""
) -> Registry:
    folder = tmp_path / "cache" / "tiny"
    model.save_pretrained(folder)
    save_tokenizer(folder)
    write_card(tmp_path / "models", folder, "text-classification", labels, preprocessing)
    return Registry(tmp_path / "cache", tmp_path / "models")


@pytest.mark.parametrize("kind", ["deberta-v2", "xlm-roberta", "modernbert"])
def test_real_architectures(kind: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    model: Any
    if kind == "deberta-v2":
        relative = {
            "relative_attention": True,
            "position_buckets": 8,
            "pos_att_type": ["p2c", "c2p"],
        }
        config: Any = DebertaV2Config(**SHAPE, **relative, max_position_embeddings=40)
        model = DebertaV2ForSequenceClassification(config)
    elif kind == "xlm-roberta":
        config = XLMRobertaConfig(**SHAPE, max_position_embeddings=40)
        model = XLMRobertaForSequenceClassification(config)
    else:
        config = ModernBertConfig(**SHAPE, **MARKS, max_position_embeddings=40)
        model = ModernBertForSequenceClassification(config)
    classifier = registry_of(tmp_path, model, LABELS).text("tiny")
    # The third is longer than the model has places for.
    texts = ["a cat walks", "a dog fights slowly", "a dog " * 60]
    scores = classifier.score(texts)
    assert scores.shape == (3, 2)
    assert ((scores > 0) & (scores < 1)).all()
    for row, text in enumerate(texts):
        assert (classifier.score([text])[0] == scores[row]).all()
    with torch.inference_mode():
        logits = model.eval()(input_ids=torch.tensor([[4, 5, 7]])).logits[0].double()
    assert scores[0, 1] == pytest.approx(torch.sigmoid(logits[:2].max()).item(), abs=1e-5)


def test_a_model_with_one_label_has_a_probability_of_its_own(tmp_path: Path) -> None:
    torch.manual_seed(0)
    shape = {**SHAPE, "id2label": {0: "toxic"}, "label2id": {"toxic": 0}, "problem_type": None}
    model = BertForSequenceClassification(BertConfig(**shape))
    labels = {"violence": ["toxic"], "harassment": ["toxic"]}
    scores = registry_of(tmp_path, model, labels).text("tiny").score(["a cat walks"])
    with torch.inference_mode():
        logits = model.eval()(input_ids=torch.tensor([[4, 5, 7]])).logits[0].double()
    assert scores[0, 1] == pytest.approx(torch.sigmoid(logits[0]).item(), abs=1e-5)


def test_the_card_can_say_how_scores_are_made(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = BertForSequenceClassification(BertConfig(**{**SHAPE, "problem_type": None}))
    registry = registry_of(tmp_path, model, LABELS, 'activation = "sigmoid"')
    scores = registry.text("tiny").score(["a cat walks"])
    with torch.inference_mode():
        logits = model.eval()(input_ids=torch.tensor([[4, 5, 7]])).logits[0].double()
    assert scores[0, 1] == pytest.approx(torch.sigmoid(logits[:2].max()).item(), abs=1e-5)


def test_an_unknown_activation(tmp_path: Path) -> None:
    model = BertForSequenceClassification(BertConfig(**SHAPE))
    with pytest.raises(InvalidCard, match="sigmoid or softmax"):
        registry_of(tmp_path, model, LABELS, 'activation = "relu"').text("tiny")


def test_letters_that_the_model_cannot_read(tmp_path: Path) -> None:
    model = BertForSequenceClassification(BertConfig(**SHAPE))
    classifier = registry_of(tmp_path, model, LABELS, 'scripts = ["LATIN"]').text("tiny")
    assert classifier.unread_share("a cat") == 0.0
    assert classifier.unread_share("кот") == 1.0


def test_a_card_without_scripts_reads_all(tmp_path: Path) -> None:
    classifier = text_registry(tmp_path, "multi_label_classification", LABELS).text("tiny")
    assert classifier.unread_share("кот") == 0.0
