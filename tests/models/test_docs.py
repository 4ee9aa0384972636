"""The documents say what the cards say."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.card import ModelCard
from models.registry import Registry
from models.tables import DOCUMENT, fill, metrics_table, render

CARDS = Registry(Path("unused")).cards()


def test_the_tables_of_the_document_are_those_of_the_cards() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == render(text, CARDS), "run python -m models.tables"


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_every_model_has_a_readme(card: ModelCard) -> None:
    text = (card.folder / "README.md").read_text(encoding="utf-8")
    if "<!-- metrics -->" in text:
        assert text == fill(text, "metrics", metrics_table(card)), "run python -m models.tables"


def test_a_document_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="models"):
        fill("nothing here", "models", "| table |")
