"""The hub path, with tiny untrained models of real architectures, saved to and loaded from disk."""

from __future__ import annotations

import hashlib
import json
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
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

from models.answers import VisionGuard
from models.card import ModelCard
from models.classifiers import FrameClassifier, TextClassifier
from models.errors import InvalidCard, ModelUnavailable
from models.hub import FrameFeed, ScoreNotFinite
from models.registry import Registry
from models.tables import DOCUMENT
from models.zero_shot import ZeroShot


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


def frame_registry(tmp_path: Path, preprocessing: str = "") -> Registry:
    folder = tmp_path / "cache" / "tiny"
    if not folder.exists():
        save_frame_model(folder)
    labels = {"sexual": ["nsfw"]}
    write_card(tmp_path / "models", folder, "image-classification", labels, preprocessing)
    return Registry(tmp_path / "cache", tmp_path / "models")


def pictures(count: int, shape: tuple[int, int] = (48, 20)) -> list[NDArray[np.uint8]]:
    random = np.random.default_rng(0)
    return [random.integers(0, 256, (*shape, 3), dtype=np.uint8) for _ in range(count)]


def test_frames_in_batches(tmp_path: Path) -> None:
    images = [*pictures(5), *pictures(2, (32, 64))]
    alone: Any = frame_registry(tmp_path).frames("tiny")
    expected = alone.score(images)
    write_card(
        tmp_path / "batched",
        tmp_path / "cache" / "tiny",
        "image-classification",
        {"sexual": ["nsfw"]},
        "batch = 4",
    )
    batched: Any = Registry(tmp_path / "cache", tmp_path / "batched").frames("tiny")
    sizes: dict[int, list[int]] = {1: [], 4: []}
    for size, classifier in ((1, alone), (4, batched)):
        classifier._model.register_forward_pre_hook(
            lambda _, __, kwargs, at=size: sizes[at].append(len(kwargs["pixel_values"])),
            with_kwargs=True,
        )
    found = batched.score(images)
    alone.score(images)
    # Five of one shape and two of another: batches of one shape, filled up.
    assert sizes == {1: [1] * 7, 4: [4] * 3}
    assert found == pytest.approx(expected, abs=1e-5)
    assert (batched.score(images) == found).all()
    assert batched.digest != alone.digest


def test_the_highest_view_of_a_frame_counts(tmp_path: Path) -> None:
    wide = pictures(1, (20, 60))[0]
    whole = frame_registry(tmp_path).frames("tiny")
    views = whole.score([wide[:, :20], wide[:, 20:40], wide[:, 40:]])
    folder = tmp_path / "cache" / "tiny"
    labels = {"sexual": ["nsfw"]}
    write_card(tmp_path / "tiled", folder, "image-classification", labels, "tiles = 3")
    tiled = Registry(tmp_path / "cache", tmp_path / "tiled").frames("tiny")
    assert (tiled.score([wide])[0] == views.max(axis=0)).all()
    assert (tiled.score([wide]) != whole.score([wide])).all()


def test_a_frame_of_three_rows_is_not_taken_for_three_colours(tmp_path: Path) -> None:
    classifier = frame_registry(tmp_path).frames("tiny")
    flat = np.zeros((3, 40, 3), dtype=np.uint8)
    flat[:, :, 0] = 255
    tall = np.zeros((40, 40, 3), dtype=np.uint8)
    tall[:, :, 0] = 255
    assert (classifier.score([flat]) == classifier.score([tall])).all()


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 4), (0, 8, 3)])
def test_what_is_no_picture(shape: tuple[int, ...], tmp_path: Path) -> None:
    classifier = frame_registry(tmp_path).frames("tiny")
    with pytest.raises(ValueError, match="uint8"):
        classifier.score([np.zeros(shape, dtype=np.uint8)])


def test_a_frame_model_in_half_precision(tmp_path: Path) -> None:
    images = pictures(2)
    folder = tmp_path / "cache" / "tiny"
    expected = frame_registry(tmp_path).frames("tiny").score(images)
    ViTForImageClassification.from_pretrained(folder).bfloat16().save_pretrained(folder)
    labels = {"sexual": ["nsfw"]}
    write_card(tmp_path / "half", folder, "image-classification", labels)
    found = Registry(tmp_path / "cache", tmp_path / "half").frames("tiny").score(images)
    assert found == pytest.approx(expected, abs=0.02)


def test_no_number_is_no_score(tmp_path: Path) -> None:
    classifier: Any = frame_registry(tmp_path).frames("tiny")
    with torch.no_grad():
        classifier._model.classifier.weight.fill_(float("nan"))
    with pytest.raises(ScoreNotFinite):
        classifier.score(pictures(1))


def test_a_model_without_a_head_is_refused(tmp_path: Path) -> None:
    """Else its head would be made up, and every score with it."""
    folder = tmp_path / "cache" / "tiny"
    save_frame_model(folder)
    ViTForImageClassification.from_pretrained(folder).vit.save_pretrained(folder)
    with pytest.raises(InvalidCard, match="lack the weight 'classifier"):
        frame_registry(tmp_path).frames("tiny")


@pytest.mark.parametrize("key", ["batch = 0", "tiles = 9", "batches = 2", 'activation = "relu"'])
def test_a_frame_card_that_does_not_fit(key: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidCard, match=f"(?i){key[:5]}") as caught:
        frame_registry(tmp_path, key).frames("tiny")
    assert str(caught.value.field).startswith("preprocessing")


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


CARDS = DOCUMENT.read_text(encoding="utf-8").split("<!-- card -->\n")[1:]


@pytest.mark.parametrize("number", range(3))
def test_the_cards_of_the_document_can_be_read(number: int) -> None:
    text = textwrap.dedent(CARDS[number].partition("<!-- end card -->")[0])
    card = ModelCard.parse(text.encode(), Path(tomllib.loads(text)["id"]))
    assert (card.task, card.profile) == ("image-classification", "hub")
    tables = {"zero_shot", "guard"} & set(card.preprocessing)
    FrameFeed.of(card, "cpu", *tables)
    assert [number, *tables] in ([0], [1, "zero_shot"], [2, "guard"])
    if "zero_shot" in tables:
        assert ZeroShot.of(card).contrast
    if "guard" in tables:
        assert VisionGuard.of(card).worst == "Yes"


def test_a_cpu_gets_one_picture_at_a_time_and_a_gpu_eight(tmp_path: Path) -> None:
    frame_registry(tmp_path)
    card = ModelCard.load(tmp_path / "models" / "tiny")
    assert FrameFeed.of(card, "cpu").batch == 1
    assert FrameFeed.of(card, "cuda").batch == 8
