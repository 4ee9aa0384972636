"""Pictures as vectors, by tiny untrained networks of real architectures, loaded from disk."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from transformers import (
    AutoImageProcessor,
    BertConfig,
    BertModel,
    CLIPModel,
    CLIPVisionModel,
    Dinov2Model,
)

from models.embedding import HubFrameEmbedder
from models.errors import InvalidCard, ModelDigestMismatch, ModelUnavailable, UnknownModel
from models.hub import ScoreNotFinite
from models.registry import Registry
from tests.models.networks import NETWORKS, WIDTH, video_card


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small gain nothing from more, and tests may run beside one another."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def pictures(count: int, side: int = 48) -> list[NDArray[np.uint8]]:
    chance = np.random.default_rng(0)
    return [chance.integers(0, 256, (side, side, 3), dtype=np.uint8) for _ in range(count)]


def opened(tmp_path: Path, kind: str = "dinov2", preprocessing: str = "") -> Registry:
    hub = tmp_path / "cache" / "tiny"
    if not hub.exists():
        NETWORKS[kind](hub)
    video_card("tiny", hub, {"head.bin": b"head"}, tmp_path / "models" / "tiny", preprocessing)
    return Registry(tmp_path / "cache", tmp_path / "models")


def embedder(tmp_path: Path, kind: str = "dinov2", preprocessing: str = "") -> HubFrameEmbedder:
    return opened(tmp_path, kind, preprocessing).embedder("tiny", others=("head.bin",))


@pytest.mark.parametrize("kind", NETWORKS)
def test_every_kind_gives_a_vector_a_picture(tmp_path: Path, kind: str) -> None:
    made = embedder(tmp_path, kind)
    images = pictures(3)
    found = made.embed(images)
    assert found.shape == (3, WIDTH)
    assert np.isfinite(found).all()
    assert not np.allclose(found[0], found[1])
    for image, row in zip(images, found, strict=True):
        assert np.array_equal(made.embed([image])[0], row), "the same bits alone and in company"


def test_the_vector_is_the_class_token_of_dinov2(tmp_path: Path) -> None:
    image = pictures(1)[0]
    found = embedder(tmp_path).embed([image])[0]
    folder = tmp_path / "cache" / "tiny"
    network = Dinov2Model.from_pretrained(folder).eval()
    processor = AutoImageProcessor.from_pretrained(folder, backend="pil")
    with torch.inference_mode():
        seen = network(**processor(images=[Image.fromarray(image)], return_tensors="pt"))
    assert found == pytest.approx(seen.last_hidden_state[0, 0].double().numpy(), abs=1e-6)


def test_of_a_whole_clip_model_the_image_half_is_kept(tmp_path: Path) -> None:
    image = pictures(1)[0]
    made = embedder(tmp_path, "clip_whole")
    assert isinstance(made._model, CLIPVisionModel)
    folder = tmp_path / "cache" / "tiny"
    network = CLIPModel.from_pretrained(folder).eval()
    processor = AutoImageProcessor.from_pretrained(folder, backend="pil")
    with torch.inference_mode():
        inputs = processor(images=[Image.fromarray(image)], return_tensors="pt")
        seen = network.vision_model(**inputs).pooler_output[0]
    assert made.embed([image])[0] == pytest.approx(seen.double().numpy(), abs=1e-6)


def test_batches_are_filled_up(tmp_path: Path) -> None:
    alone = embedder(tmp_path / "one").embed(pictures(5))
    batched = embedder(tmp_path / "four", preprocessing="batch = 4")
    assert (batched.batch, embedder(tmp_path / "two").batch) == (4, 1)
    found = batched.embed(pictures(5))
    assert found == pytest.approx(alone, abs=1e-5)
    assert np.array_equal(batched.embed(pictures(5)), found)


@pytest.mark.parametrize("bad", ["batch = 0", "batch = 257", "tiles = 2", 'batch = "many"'])
def test_wrong_keys_are_named(tmp_path: Path, bad: str) -> None:
    with pytest.raises(InvalidCard) as caught:
        embedder(tmp_path, preprocessing=bad)
    assert caught.value.field == "preprocessing"


def test_what_is_no_number_is_an_error(tmp_path: Path) -> None:
    hub = tmp_path / "cache" / "tiny"
    NETWORKS["dinov2"](hub)
    network = Dinov2Model.from_pretrained(hub)
    with torch.no_grad():
        network.layernorm.bias[0] = float("nan")
    network.save_pretrained(hub)
    with pytest.raises(ScoreNotFinite):
        embedder(tmp_path)


def test_a_network_of_texts_is_refused(tmp_path: Path) -> None:
    hub = tmp_path / "cache" / "tiny"
    BertModel(
        BertConfig(vocab_size=8, hidden_size=8, num_hidden_layers=1, num_attention_heads=1,
                   intermediate_size=8)
    ).save_pretrained(hub)  # fmt: skip
    with pytest.raises(InvalidCard, match="video-classification"):
        embedder(tmp_path)


def test_files_that_are_no_network_are_refused(tmp_path: Path) -> None:
    hub = tmp_path / "cache" / "tiny"
    hub.mkdir(parents=True)
    (hub / "config.json").write_text("{}")
    (hub / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(InvalidCard, match="not a model"):
        embedder(tmp_path)


def test_a_missing_weight_is_not_made_up(tmp_path: Path) -> None:
    hub = tmp_path / "cache" / "tiny"
    NETWORKS["dinov2"](hub)
    config = json.loads((hub / "config.json").read_text())
    (hub / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 3}))
    with pytest.raises(InvalidCard, match="lack the weight"):
        embedder(tmp_path)


def test_code_of_a_repository_is_not_run(tmp_path: Path) -> None:
    hub = tmp_path / "cache" / "tiny"
    NETWORKS["dinov2"](hub)
    config = json.loads((hub / "config.json").read_text())
    own = {"model_type": "own", "auto_map": {"AutoConfig": "own.Own", "AutoModel": "own.Own"}}
    (hub / "config.json").write_text(json.dumps(config | own))
    (hub / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Own: pass\n")
    with pytest.raises(InvalidCard, match="not a model"):
        embedder(tmp_path)
    assert not (tmp_path / "ran").exists()


def test_nothing_is_fetched_at_load(tmp_path: Path) -> None:
    registry = opened(tmp_path)
    shutil.rmtree(tmp_path / "cache")
    with pytest.raises(ModelUnavailable, match="models fetch"):
        registry.embedder("tiny")


def test_changed_weights_are_not_loaded(tmp_path: Path) -> None:
    registry = opened(tmp_path)
    weights = tmp_path / "cache" / "tiny" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\1")
    with pytest.raises(ModelDigestMismatch):
        registry.embedder("tiny")


def test_only_video_models_of_the_hub_have_one(tmp_path: Path) -> None:
    for model in ("synthetic-video", "prompt-safety", "nobody"):
        with pytest.raises(UnknownModel):
            Registry(tmp_path).embedder(model)


def test_a_registry_of_one_looks_at_nothing_else(tmp_path: Path) -> None:
    opened(tmp_path)
    (tmp_path / "models" / "broken").mkdir()
    (tmp_path / "models" / "broken" / "model.toml").write_text("no card")
    registry = Registry.of_one(tmp_path / "cache", tmp_path / "models" / "tiny")
    assert [card.id for card in registry.cards()] == ["tiny"]
    with pytest.raises(InvalidCard, match="no readable"):
        Registry.of_one(tmp_path / "cache", tmp_path / "models" / "gone")
