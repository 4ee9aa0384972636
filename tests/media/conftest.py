"""Clips that several modules of tests read; made once, never changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clips import make_clip


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("clips")
    return {
        "gop1s": make_clip(folder / "gop1s.mp4", seconds=3, gop=24, bframes=2),
        "gop250": make_clip(folder / "gop250.mp4", seconds=4, gop=250, bframes=3),
        "gop_half": make_clip(folder / "gop_half.mp4", seconds=3, gop=12),
        "no_b": make_clip(folder / "no_b.mp4", seconds=3, gop=250),
        "sound": make_clip(folder / "sound.mp4", audio=True, faststart=False),
        "cuts": make_clip(folder / "cuts.mp4", seconds=5, gop=250, pattern="cuts"),
        "flash": make_clip(folder / "flash.mp4", seconds=2, gop=250, pattern="flash"),
        "hevc": make_clip(
            folder / "hevc.mp4", codec="libx265", options={"x265-params": "log-level=none"}
        ),
        "vp8": make_clip(folder / "vp8.webm", codec="libvpx", audio=True),
        "vp9": make_clip(folder / "vp9.webm", codec="libvpx-vp9", options={"cpu-used": "8"}),
        "h264_mkv": make_clip(folder / "h264.mkv", bframes=2),
        "mpeg4_avi": make_clip(folder / "mpeg4.avi", codec="mpeg4", bframes=2, gop=250),
        "h264_avi": make_clip(folder / "h264.avi", bframes=3, gop=250),
        "gif": make_clip(folder / "clip.gif", codec="gif", fps=10),
    }
