"""Cards: what a good one says, and that a bad one is refused by the name of its fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.card import HubSource, ModelCard, Platt, RepositorySource, WheelSource
from models.errors import InvalidCard

CARD = """
id = "example"
version = "1.2.3"
title = "An example"
task = "text-classification"
profile = "embedded"
license = "MIT"
description = "Scores things."
limits = "Knows nothing."

[[source]]
kind = "repository"
file = "heads.bin"
sha256 = "{digest}"
bytes = 4
as = "heads.bin"

[labels]
violence = ["violent", "fight"]
"self-harm" = ["self-harm"]

[preprocessing]
size = 224

[calibration]
violence = {{ a = 1.5, b = -2 }}

[thresholds]
violence = {{ review = 0.4, block = 0.8, review_fpr = 0.01, block_fpr = 0.002 }}

[[metric]]
name = "auc"
category = "violence"
value = 0.9
low = 0.8
high = 0.95
n = 120
split = "eval/some"
command = "python evaluate.py"
""".format(digest="a" * 64)


def parse(text: str, tmp_path: Path) -> ModelCard:
    folder = tmp_path / "example"
    folder.mkdir()
    (folder / "model.toml").write_text(text, encoding="utf-8")
    return ModelCard.load(folder)


def test_a_card_says_what_it_says(tmp_path: Path) -> None:
    card = parse(CARD, tmp_path)
    assert card.id == "example"
    assert card.categories == ("violence", "self-harm")
    assert card.labels["violence"] == ("violent", "fight")
    assert card.calibration["violence"] == Platt(1.5, -2)
    assert card.thresholds["violence"].block == 0.8
    assert card.metrics[0].n == 120
    assert isinstance(card.sources[0], RepositorySource)
    assert card.folder == tmp_path / "example"


def test_every_kind_of_source(tmp_path: Path) -> None:
    more = f"""
[[source]]
kind = "wheel"
package = "some-package"
version = "1.0"
file = "some/weights.bin"
sha256 = "{"b" * 64}"
bytes = 1
as = "weights.bin"

[[source]]
kind = "hub"
repo = "owner/name"
revision = "{"c" * 40}"
file = "model.safetensors"
sha256 = "{"d" * 64}"
bytes = 1
as = "model.safetensors"
"""
    card = parse(CARD + more, tmp_path)
    wheel, hub = card.sources[1], card.sources[2]
    assert isinstance(wheel, WheelSource)
    assert wheel.archive == "wheel"
    assert isinstance(hub, HubSource)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('version = "1.2.3"', 'version = "latest"', "version"),
        ('task = "text-classification"', 'task = "chat"', "task"),
        ('title = "An example"', 'titel = "An example"', ""),
        ("a" * 64, "A" * 64, "source[0].sha256"),
        ("bytes = 4", "bytes = 0", "source[0].bytes"),
        ('kind = "repository"', 'kind = "carrier-pigeon"', "source[0]"),
        ('file = "heads.bin"', 'file = "../heads.bin"', "source[0].file"),
        ('file = "heads.bin"', 'file = "a/../../heads.bin"', "source[0].file"),
        ('as = "heads.bin"', 'as = "../heads.bin"', "source[0].as"),
        ('violence = ["violent", "fight"]', "violence = []", "labels"),
        ('task = "text-classification"', 'task = "image-to-image"', "labels"),
        ("violence = { a", "hate = { a", "calibration.hate"),
        ("violence = { review", "hate = { review", "thresholds.hate"),
        ("block = 0.8", "block = 0.3", "thresholds.violence.block"),
        ("review = 0.4", "review = 1.4", "thresholds"),
        ('id = "example"', 'id = "another"', "id"),
        ("n = 120", "n = 0", "metric[0].n"),
        ('id = "example"', 'id = "example"\nfolder = "/tmp"', "folder"),
    ],
)
def test_a_fault_is_named(old: str, new: str, field: str, tmp_path: Path) -> None:
    assert old in CARD
    with pytest.raises(InvalidCard) as caught:
        parse(CARD.replace(old, new, 1), tmp_path)
    assert caught.value.field.startswith(field)
    assert caught.value.code == "FAILED_PRECONDITION"
    assert "example" in caught.value.message
    assert str(tmp_path) not in caught.value.message


def test_a_name_twice_is_refused(tmp_path: Path) -> None:
    block = CARD[CARD.index("[[source]]") : CARD.index("[labels]")]
    with pytest.raises(InvalidCard, match="repeats"):
        parse(CARD.replace("[labels]", block + "[labels]"), tmp_path)


def test_no_toml_and_no_card(tmp_path: Path) -> None:
    with pytest.raises(InvalidCard, match="not TOML"):
        parse("this is = not = toml", tmp_path)
    with pytest.raises(InvalidCard, match=r"model\.toml"):
        ModelCard.load(tmp_path / "absent")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a" * 64, "e" * 64),
        ("a = 1.5", "a = 1.6"),
        ("size = 224", "size = 256"),
        ('["violent", "fight"]', '["violent"]'),
        ('version = "1.2.3"', 'version = "1.2.4"'),
    ],
)
def test_the_digest_follows_what_decides_a_score(old: str, new: str, tmp_path: Path) -> None:
    before = parse(CARD, tmp_path)
    after = ModelCard.parse(CARD.replace(old, new).encode(), tmp_path / "example")
    assert before.digest() != after.digest()
    assert before.digest().startswith("sha256:")
    assert before.digest("code/1") != before.digest("code/2")


def test_the_digest_leaves_out_what_decides_nothing(tmp_path: Path) -> None:
    before = parse(CARD, tmp_path)
    text = CARD.replace("An example", "Another title").replace("value = 0.9", "value = 0.85")
    text = text.replace("review = 0.4", "review = 0.5")
    assert ModelCard.parse(text.encode(), tmp_path / "example").digest() == before.digest()
