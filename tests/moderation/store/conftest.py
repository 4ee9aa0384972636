from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.moderation.databases import BACKENDS, Home, empty_home


@pytest.fixture(params=BACKENDS)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    with empty_home(request.param, tmp_path) as made:
        yield made
