"""One house for a module's tests: starting a worker and its models takes seconds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from moderation.cli.door import Door
from tests.clips import make_clip
from tests.house import house, settings_for


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with house(settings_for(tmp_path_factory.mktemp("home"))) as opened:
        yield opened


@pytest.fixture(scope="session")
def everyday_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short drawn clip with sound, which nothing stands against."""
    return make_clip(tmp_path_factory.mktemp("clips") / "everyday.mp4", seconds=3, audio=True)
