"""The comparison with other packages: how they are asked, and what is kept and printed.

The packages themselves are not installed for tests. A small package of the same functions stands
in where one is needed, in a real process of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers.connection import PeerFailed, Peers
from benchmarks.peers.hashes import CHOSEN as COPIES
from benchmarks.peers.hashes import report
from benchmarks.peers.markers import Ours, Peer
from benchmarks.watermark_peers import LONG, WHOLE, Bench, kept, tables
from tests.clips import make_clip
from tests.provenance.watermark.marking import scene

_PACKAGE = """
import numpy as np
print("a package that greets whoever imports it")

class WatermarkEncoder:
    def set_watermark(self, kind, bits):
        self.bits = np.array(bits, np.uint8)
    def encode(self, picture, method):
        if picture.shape[0] < 100:
            raise RuntimeError("image too small")
        marked = picture.copy()
        # In blue, the first channel of what OpenCV calls a picture.
        columns = np.arange(picture.shape[1]) * 32 // picture.shape[1]
        marked[:16, :, 0] = 40 + 160 * self.bits[columns]
        return marked

class WatermarkDecoder:
    def __init__(self, kind, bits):
        self.count = bits
    def decode(self, picture, method):
        columns = np.arange(picture.shape[1]) * 32 // picture.shape[1]
        row = picture[2:14, :, 0].mean(axis=0)
        return [row[columns == bit].mean() > 120 for bit in range(self.count)]
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An interpreter for which invisible-watermark is installed, in a way."""
    folder = tmp_path / "site"
    (folder / "imwatermark").mkdir(parents=True)
    (folder / "imwatermark" / "__init__.py").write_text(_PACKAGE, "utf-8")
    facts = folder / "invisible_watermark-9.1.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Name: invisible-watermark\nVersion: 9.1\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return Path(sys.executable)


def test_where_nothing_is_installed_nothing_is_asked(tmp_path: Path) -> None:
    with Peers(tmp_path / "python", tmp_path / "log") as peers:
        assert peers.versions == {}
        with pytest.raises(PeerFailed, match="not installed"):
            peers.read("rivaGan", [np.zeros((100, 640, 3), np.uint8)])


def test_an_interpreter_without_the_packages_says_which_are_missing(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Peers(Path(sys.executable), log) as peers:
        assert "dwtDct" not in peers.versions
        assert "blind-watermark" not in peers.versions
    assert "dwtDct: ModuleNotFoundError" in log.read_text("utf-8")


def test_pictures_go_to_a_package_and_come_back(installed: Path, tmp_path: Path) -> None:
    picture = next(iter(scene(1, 1, (640, 360))))
    bits = [index % 3 == 0 for index in range(32)]
    with Peers(installed, tmp_path / "log") as peers:
        # The other methods of the package are made alike; rivaGan loads weights that are not there.
        assert peers.versions == {"dwtDct": "9.1", "dwtDctSvd": "9.1"}
        made, embed_ms = peers.embed("dwtDct", [picture] * 3, [int(bit) for bit in bits])
        read, _ = peers.read("dwtDct", made)
    assert len(made) == 3
    assert made[0].shape == picture.shape
    assert (made[0][..., :2] == picture[..., :2]).all()
    assert (made[0][16:] == picture[16:]).all()
    assert (read == np.array(bits)).all()
    assert embed_ms >= 0
    assert "greets" in (tmp_path / "log").read_text("utf-8")


def test_what_a_package_raises_is_told_and_the_next_request_answered(
    installed: Path, tmp_path: Path
) -> None:
    small = np.zeros((90, 640, 3), np.uint8)
    with Peers(installed, tmp_path / "log") as peers:
        with pytest.raises(PeerFailed, match="image too small"):
            peers.embed("dwtDct", [small], [0] * 32)
        with pytest.raises(PeerFailed, match="KeyError"):
            peers.embed("unheard-of", [small], [0] * 32)
        assert peers.read("dwtDct", [small])[0].shape == (1, 32)


def test_a_package_marks_a_clip_and_is_read_after_an_encoder(
    installed: Path, tmp_path: Path
) -> None:
    plain, marked = tmp_path / "plain.mp4", tmp_path / "marked.mp4"
    make_clip(plain, pictures=scene(1, 6, (640, 360)), options={"crf": "10"})
    with Peers(installed, tmp_path / "log") as peers:
        marker = Peer(peers, "dwtDct", 3, 1)
        cost = marker.mark(plain, marked, "a clip")
        right = marker.read(marked, "a clip")
        other = marker.read(marked, "another clip")
    assert marker.name == "invisible-watermark dwtDct 9.1"
    assert (right.bits, right.hit) == (1.0, True)
    assert other.bits < 0.9
    assert not other.hit
    # Blue weighs a ninth in luma, so there it costs less.
    assert cost.psnr > cost.psnr_rgb + 3


def test_framegate_marks_and_is_identified_in_the_same_way(tmp_path: Path) -> None:
    plain, marked = tmp_path / "plain.mp4", tmp_path / "marked.mp4"
    make_clip(plain, pictures=scene(1, 12, (640, 360)), options={"crf": "10"})
    marker = Ours()
    cost = marker.mark(plain, marked, "a clip")
    read = marker.read(marked, "a clip")
    assert (read.hit, read.wrong) == (True, False)
    assert read.bits > 0.95
    assert 38 < cost.psnr_rgb < cost.psnr < 48


def test_a_run_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    kept(out, {"seed": "1"}).keep({"clip": "a.mp4", "method": "m", "run": "long"})
    assert kept(out, {"seed": "1"}).records == [{"clip": "a.mp4", "method": "m", "run": "long"}]
    with pytest.raises(ValueError, match="other options"):
        kept(out, {"seed": "2"})


def test_tables_say_what_was_measured_and_what_is_missing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cost = {"psnr": 44.0, "psnr_rgb": 42.7, "ssim": 0.99, "embed_ms": 5.0, "detect_ms": 2.0}
    reads = {
        "none": {"bits": 1.0, "hit": True, "once_ms": 90.0},
        "mirrored": {"bits": 0.5, "hit": False, "once_ms": 110.0},
    }
    records = [
        {"clip": f"{i}", "method": "framegate", "run": "long", "cost": cost, "attacks": reads}
        for i in range(4)
    ]
    tables(Bench(None, records=records), [(Ours(), LONG), (Ours(), WHOLE)], ["dwtDct"])
    said = capsys.readouterr().out
    assert "| none | framegate | 4 | 1 [1, 1] | 1.000 [0.510, 1.000] |" in said
    assert "| mirrored | framegate | 4 | 0.5 [0.5, 0.5] | 0.000 [0.000, 0.490] |" in said
    assert "| all | dwtDct | 0 | not installed | |" in said
    assert "| framegate | 4 | 128 | 44 [44, 44] | 42.7 [42.7, 42.7] |" in said
    assert "| 2 [2, 2] | 100 [100, 100] | 1e-9 among a million codes" in said
    assert "framegate, 6 s" not in said


def test_hashes_are_ranked_and_held_against_the_package_s_own_threshold(
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy = COPIES[0]
    hashes = {"a": "0000", "b": "1111"}
    records = [
        {"hashes": name, "ours": {copy: True}, "theirs": {"original": [1, bits], copy: [1, came]}}
        for (name, bits), came in zip(hashes.items(), ("0001", "1010"), strict=True)
    ]
    report(records, "3.0")
    said = capsys.readouterr().out
    assert f"| {copy} | framegate fingerprint | 2 | 1.000" in said
    # One copy is near; the other is as far from both clips, which is no answer.
    assert f"| {copy} | videohash 3.0 | 2 | 0.500 [0.095, 0.905] | 0.500 [0.095, 0.905] |" in said
    assert "the least distance is 4" in said
    report([{**each, "theirs": {"original": []}} for each in records], "")
    assert f"| {copy} | videohash | 0 | not installed | |" in capsys.readouterr().out
