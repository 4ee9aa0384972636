"""Zero-shot pictures, with tiny untrained CLIP and SigLIP models, saved to and loaded from disk."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from transformers import (
    AutoImageProcessor,
    AutoTokenizer,
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    CLIPTokenizer,
    Siglip2Tokenizer,
    SiglipConfig,
    SiglipImageProcessorPil,
    SiglipModel,
    ViTConfig,
    ViTForImageClassification,
)

from models.classifiers import FrameClassifier
from models.errors import InvalidCard
from models.hub import ScoreNotFinite
from models.registry import Registry


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Models this small gain nothing from more, and tests may run beside one another."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


HALF = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2}
HALF["num_attention_heads"] = 2
PICTURE = {**HALF, "image_size": 32, "patch_size": 8}
LABELS = {"violence": ["fight", "weapon"], "hate": ["symbol"]}
PROMPTS = """
[preprocessing.zero_shot.prompts]
fight = ["a fight", "two people fighting"]
weapon = ["a gun"]
symbol = ["a flag with a symbol of hate"]
"""
CONTRAST = '\n[preprocessing.zero_shot]\ncontrast = ["a meadow", "a cat on a sofa"]' + PROMPTS
LETTERS = sorted(set("abcdefghijklmnopqrstuvwxyz"))


def save_clip(folder: Path) -> None:
    torch.manual_seed(0)
    marks = ["<|startoftext|>", "<|endoftext|>"]
    pieces = [*LETTERS, *(f"{letter}</w>" for letter in LETTERS), *marks]
    words = CLIPTokenizer(vocab={piece: place for place, piece in enumerate(pieces)}, merges=[])
    text = {**HALF, "vocab_size": len(pieces), "max_position_embeddings": 40}
    text |= {"bos_token_id": words.bos_token_id, "eos_token_id": words.eos_token_id}
    model = CLIPModel(CLIPConfig(text_config=text, vision_config=PICTURE, projection_dim=12))
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    size = {"height": 32, "width": 32}
    CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=size).save_pretrained(folder)


def save_siglip(folder: Path) -> None:
    torch.manual_seed(0)
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "\u2581", *LETTERS]
    pieces += [f"<0x{byte:02X}>" for byte in range(256)]
    words = Siglip2Tokenizer(vocab={piece: place for place, piece in enumerate(pieces)}, merges=[])
    text = {**HALF, "vocab_size": len(pieces), "max_position_embeddings": 40}
    text |= {"projection_size": 16}
    model = SiglipModel(SiglipConfig(text_config=text, vision_config=PICTURE))
    with torch.no_grad():
        model.logit_scale.fill_(math.log(10.0))
        model.logit_bias.fill_(-2.0)
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    SiglipImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)


SAVERS = {"clip": save_clip, "siglip": save_siglip}


def registry(tmp_path: Path, kind: str, preprocessing: str, labels: Any = None) -> Registry:
    folder = tmp_path / "cache" / "tiny"
    if not folder.exists():
        SAVERS[kind](folder)
    lines = [
        'id = "tiny"\nversion = "1.0.0"\ntitle = "Tiny"\nprofile = "hub"\nlicense = "MIT"',
        'task = "image-classification"\ndescription = "Untrained."\nlimits = "Knows nothing."',
    ]
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        lines.append(
            f'[[source]]\nkind = "hub"\nrepo = "owner/tiny"\nrevision = "{"0" * 40}"\n'
            f'file = "{path.name}"\nas = "{path.name}"\nbytes = {len(content)}\n'
            f'sha256 = "{hashlib.sha256(content).hexdigest()}"'
        )
    lines.append("[labels]")
    for category, names in (labels or LABELS).items():
        lines.append(f"{json.dumps(category)} = {json.dumps(names)}")
    (tmp_path / "models" / "tiny").mkdir(parents=True, exist_ok=True)
    text = "\n".join([*lines, f"[preprocessing]\n{preprocessing}"])
    (tmp_path / "models" / "tiny" / "model.toml").write_text(text, encoding="utf-8")
    return Registry(tmp_path / "cache", tmp_path / "models")


def pictures(count: int = 5, shape: tuple[int, int] = (40, 64)) -> list[NDArray[np.uint8]]:
    random = np.random.default_rng(0)
    return [random.integers(0, 256, (*shape, 3), dtype=np.uint8) for _ in range(count)]


def similarities(folder: Path, kind: Any, image: NDArray[np.uint8], prompts: list[str]) -> Any:
    """The model's own logits for a picture and some sentences, in its own words."""
    model = kind.from_pretrained(folder).eval()
    words = AutoTokenizer.from_pretrained(folder)
    looks: Any = AutoImageProcessor.from_pretrained(folder, backend="pil")
    pixels = looks(images=Image.fromarray(image), return_tensors="pt")
    filled = {"padding": "max_length", "max_length": 40} if kind is SiglipModel else {}
    rows = []
    with torch.inference_mode():
        for prompt in prompts:
            text = words([prompt], return_tensors="pt", **filled)
            rows.append(float(model(**text, **pixels).logits_per_image[0, 0]))
    return rows


def test_clip_sets_a_label_against_the_contrast(tmp_path: Path) -> None:
    classifier: FrameClassifier = registry(tmp_path, "clip", CONTRAST).frames("tiny")
    image = pictures(1)[0]
    scores = classifier.score([image])
    assert scores.shape == (1, 2)
    assert scores.dtype == np.float32
    assert classifier.categories == ("violence", "hate")
    prompts = ["a flag with a symbol of hate", "a meadow", "a cat on a sofa"]
    logits = similarities(tmp_path / "cache" / "tiny", CLIPModel, image, prompts)
    expected = float(torch.tensor(logits).softmax(dim=0)[0])
    assert scores[0, 1] == pytest.approx(expected, abs=1e-4)


def test_labels_do_not_compete(tmp_path: Path) -> None:
    """A picture of two bad things must not score half for each."""
    image = pictures(1)
    both = registry(tmp_path, "clip", CONTRAST).frames("tiny").score(image)
    table = CONTRAST.replace('fight = ["a fight", "two people fighting"]\nweapon = ["a gun"]\n', "")
    alone = registry(tmp_path, "clip", table, {"hate": ["symbol"]}).frames("tiny").score(image)
    assert both[0, 1] == alone[0, 0]


def test_the_highest_of_its_labels_is_a_category(tmp_path: Path) -> None:
    image = pictures(1)
    both = registry(tmp_path, "clip", CONTRAST).frames("tiny").score(image)[0, 0]
    split = {"violence": ["fight"], "illicit": ["weapon"], "hate": ["symbol"]}
    each = registry(tmp_path, "clip", CONTRAST, split).frames("tiny").score(image)[0]
    assert both == max(each[:2])
    assert each[0] != each[1]


def test_prompts_are_averaged(tmp_path: Path) -> None:
    images = pictures(1)

    def score(prompts: list[str]) -> float:
        table = f"[preprocessing.zero_shot]\nprompts = {{ a = {json.dumps(prompts)} }}"
        classifier = registry(tmp_path, "siglip", table, {"hate": ["a"]}).frames("tiny")
        return float(classifier.score(images)[0, 0])

    one, two, mean = score(["a fight"]), score(["a gun"]), score(["a fight", "a gun"])
    assert len({one, two, mean}) == 3
    assert score(["a gun", "a gun"]) == pytest.approx(two, abs=1e-7)
    assert score(["a gun", "a fight"]) == mean
    # The mean of two vectors of length one is a little shorter, and is stretched again.
    assert min(one, two) - 0.01 < mean < max(one, two) + 0.05


def test_siglip_gives_each_label_its_own_probability(tmp_path: Path) -> None:
    classifier = registry(tmp_path, "siglip", PROMPTS).frames("tiny")
    image = pictures(1)[0]
    scores = classifier.score([image])
    prompts = ["a flag with a symbol of hate", "a gun"]
    logits = similarities(tmp_path / "cache" / "tiny", SiglipModel, image, prompts)
    assert scores[0, 1] == pytest.approx(1 / (1 + math.exp(-logits[0])), abs=1e-5)
    assert scores[0, 0] >= 1 / (1 + math.exp(-logits[1])) - 1e-5


def test_siglip_may_use_a_softmax(tmp_path: Path) -> None:
    table = 'activation = "softmax"' + CONTRAST
    image = pictures(1)[0]
    scores = registry(tmp_path, "siglip", table).frames("tiny").score([image])
    prompts = ["a flag with a symbol of hate", "a meadow", "a cat on a sofa"]
    logits = similarities(tmp_path / "cache" / "tiny", SiglipModel, image, prompts)
    assert scores[0, 1] == pytest.approx(float(torch.tensor(logits).softmax(0)[0]), abs=1e-5)


@pytest.mark.parametrize(("kind", "table"), [("clip", CONTRAST), ("siglip", PROMPTS)])
def test_a_score_has_the_same_bits_in_any_company(kind: str, table: str, tmp_path: Path) -> None:
    classifier = registry(tmp_path, kind, table).frames("tiny")
    images = [*pictures(), *pictures(2, (90, 30)), *pictures(1, (3, 7))]
    together = classifier.score(images)
    assert len({row.tobytes() for row in together}) == len(images)
    for row, image in enumerate(images):
        assert (classifier.score([image])[0] == together[row]).all()
    assert (classifier.score(images[::-1])[::-1] == together).all()
    with ThreadPoolExecutor(3) as pool:
        for found in pool.map(classifier.score, [images] * 3):
            assert (found == together).all()
    assert classifier.score([]).shape == (0, 2)


@pytest.mark.parametrize(("kind", "table"), [("clip", CONTRAST), ("siglip", PROMPTS)])
def test_batches(kind: str, table: str, tmp_path: Path) -> None:
    images = [*pictures(), *pictures(2, (90, 30))]
    alone = registry(tmp_path, kind, table).frames("tiny").score(images)
    classifier: Any = registry(tmp_path, kind, f"batch = 3{table}").frames("tiny")
    sizes: list[int] = []
    look = classifier._model.get_image_features

    def counted(**inputs: torch.Tensor) -> Any:
        sizes.append(len(inputs["pixel_values"]))
        return look(**inputs)

    classifier._model.get_image_features = counted
    found = classifier.score(images)
    # Five of one shape and two of another; each batch is filled up.
    assert sizes == [3, 3, 3]
    assert found == pytest.approx(alone, abs=1e-5)
    assert (classifier.score(images) == found).all()


def test_tiles_see_what_the_middle_hides(tmp_path: Path) -> None:
    wide = np.zeros((40, 160, 3), dtype=np.uint8)
    marked = wide.copy()
    marked[:, :40] = pictures(1, (40, 40))[0]
    middle = registry(tmp_path, "clip", CONTRAST).frames("tiny")
    assert (middle.score([wide]) == middle.score([marked])).all()
    tiled = registry(tmp_path, "clip", f"tiles = 4{CONTRAST}").frames("tiny")
    views = [marked[:, start : start + 40] for start in (0, 40, 80, 120)]
    assert (tiled.score([marked])[0] == middle.score(views).max(axis=0)).all()
    assert (tiled.score([wide]) != tiled.score([marked])).any()


def test_sentences_are_embedded_at_load_only(tmp_path: Path) -> None:
    classifier: Any = registry(tmp_path, "clip", CONTRAST).frames("tiny")
    before = classifier.score(pictures(1))
    del classifier._model.text_model
    assert (classifier.score(pictures(1)) == before).all()


def test_prompts_decide_the_digest(tmp_path: Path) -> None:
    first = registry(tmp_path, "clip", CONTRAST).frames("tiny").digest
    second = registry(tmp_path, "clip", CONTRAST.replace("meadow", "field")).frames("tiny").digest
    assert first != second


@pytest.mark.parametrize(
    ("kind", "table", "message"),
    [
        ("clip", PROMPTS, "softmax needs contrast"),
        ("siglip", CONTRAST, "sigmoid takes no contrast"),
        ("clip", CONTRAST.replace("weapon =", "knife ="), "'knife'"),
        ("clip", CONTRAST.replace('["a gun"]', "[]"), "weapon"),
        ("clip", CONTRAST.replace('"a gun"', '" "'), "weapon"),
        ("clip", CONTRAST.replace('"a meadow"', '""'), "lack a sentence"),
        ("clip", CONTRAST.replace("contrast", "contrasts"), "contrasts"),
        ("clip", CONTRAST.replace('"a gun"', f'"{"gun " * 30}"'), r"92 tokens.* 40"),
        ("clip", 'activation = "relu"' + CONTRAST, "sigmoid or softmax"),
        ("clip", "batch = 0" + CONTRAST, "batch"),
        ("clip", "tiles = 9" + CONTRAST, "tiles"),
        ("clip", "tile = 2" + CONTRAST, "tile"),
    ],
)
def test_a_card_that_does_not_fit(kind: str, table: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidCard, match=message) as caught:
        registry(tmp_path, kind, table).frames("tiny")
    assert str(caught.value.field).startswith("preprocessing")


def test_a_model_without_text_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "tiny"
    ViTForImageClassification(ViTConfig(**PICTURE)).save_pretrained(folder)
    with pytest.raises(InvalidCard, match="not a model"):
        registry(tmp_path, "clip", CONTRAST).frames("tiny")


def test_no_number_is_no_score(tmp_path: Path) -> None:
    classifier: Any = registry(tmp_path, "siglip", PROMPTS).frames("tiny")
    with torch.no_grad():
        classifier._model.vision_model.post_layernorm.weight.fill_(math.nan)
    with pytest.raises(ScoreNotFinite):
        classifier.score(pictures(1))


def test_a_picture_of_another_kind(tmp_path: Path) -> None:
    classifier = registry(tmp_path, "siglip", PROMPTS).frames("tiny")
    with pytest.raises(ValueError, match="uint8"):
        classifier.score([np.zeros((8, 8), dtype=np.uint8)])
