from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from media.errors import FramegateError
from media.limits import MediaLimits
from media.probe import probe
from media.refusals import ClipRefused
from media.sampler import plan, sample
from media.whole import check_whole
from tests.clips import HOSTILE, make_clip, make_hostile

SMALL = MediaLimits(max_duration_ms=60_000, max_width=512, max_height=512, max_frames=2_000)


def review(path: Path, limits: MediaLimits | None = None) -> int:
    info = probe(path, limits)
    return sum(1 for _ in sample(path, info, plan(info)))


def outcome(path: Path) -> str:
    """Return "FRAMES" for a clip that can be looked at, else the reason that it is refused."""
    try:
        assert review(path, SMALL) >= 1
        check_whole(path, probe(path, SMALL))
    except FramegateError as error:
        return error.reason
    return "FRAMES"


@pytest.mark.parametrize("name", HOSTILE)
def test_each_hostile_clip_is_refused_for_its_own_reason(tmp_path: Path, name: str) -> None:
    path = make_hostile(name, tmp_path)
    with pytest.raises(ClipRefused) as caught:
        review(path)
    assert caught.value.reason == HOSTILE[name]
    assert caught.value.code == "INVALID_ARGUMENT"
    assert not caught.value.retryable
    assert str(tmp_path) not in caught.value.message


def test_nothing_is_said_on_stderr(tmp_path: Path) -> None:
    names = ("damaged", "truncated", "wide_gif", "random")
    paths = [str(make_hostile(name, tmp_path)) for name in names]
    script = (
        "import sys; from pathlib import Path; from media.errors import FramegateError\n"
        "from media.probe import probe; from media.sampler import plan, sample\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        info = probe(Path(name)); list(sample(Path(name), info, plan(info)))\n"
        "    except FramegateError: pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *paths],
        check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout == ""


_SOURCES: dict[str, bytes] = {}


def _source(kind: str, folder: Path) -> bytes:
    if kind not in _SOURCES:
        codec = {"mp4": "libx264", "webm": "libvpx", "avi": "mpeg4", "gif": "gif", "mkv": "libx264"}
        path = make_clip(
            folder / f"source.{kind}", codec=codec[kind], size=(64, 48), seconds=1, fps=12,
            bframes=2 if kind in {"mp4", "mkv"} else 0, audio=kind in {"mp4", "webm"},
        )  # fmt: skip
        _SOURCES[kind] = path.read_bytes()
    return _SOURCES[kind]


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kind=st.sampled_from(["mp4", "webm", "avi", "gif", "mkv"]),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12),
    header_flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
    cut=st.floats(0, 1),
    whole=st.booleans(),
)
@example(kind="mp4", flips=[], header_flips=[], cut=1.0, whole=True)
def test_flipped_bytes_give_frames_or_a_named_error(
    tmp_path: Path,
    kind: str,
    flips: list[tuple[float, int]],
    header_flips: list[tuple[float, int]],
    cut: float,
    whole: bool,
) -> None:
    data = bytearray(_source(kind, tmp_path))
    # For MP4 with faststart the header is the first part of the file; so it is for the others.
    for place, value in header_flips:
        data[int(place * min(1500, len(data) - 1))] = value
    for place, value in flips:
        data[int(place * (len(data) - 1))] = value
    path = tmp_path / f"fuzzed.{kind}"
    path.write_bytes(data if whole else data[: int(cut * len(data))])
    assert outcome(path).isupper()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    head=st.sampled_from([b"\0\0\0\x18ftypisom", b"\x1aE\xdf\xa3", b"RIFF\0\0\0\0AVI ", b"GIF89a"]),
    body=st.binary(max_size=400),
)
def test_any_bytes_after_a_known_beginning(tmp_path: Path, head: bytes, body: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(head + body)
    assert outcome(path) != "FRAMES"
