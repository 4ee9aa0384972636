"""Containers and marks on the way to a signature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import encypher_c2pa
import numpy as np
import pytest
from numpy.typing import NDArray

from media.errors import Cancelled
from media.marking.lettering import MarkFontUnreadable, MarkTextRefused
from media.probe import probe
from media.refusals import ClipNotWhole, ClipRefused
from media.remuxing import CodecNotInMp4
from media.transcoding import same_times
from provenance import engine
from provenance.actions import WATERMARKED
from provenance.keys.credentials import Credentials
from provenance.preparation import MARKED, NeuralMark, VisibleMark, Watermark, prepared
from provenance.reading import C2paState, read
from provenance.signing import SignedClip, sign
from provenance.watermark.codes import CodeBook
from provenance.watermark.detection import detect
from provenance.watermark.keys import ALGORITHM, WatermarkKey
from provenance.watermark.neural import binding_of, payload_of
from provenance.watermark.pooling import frames_of
from tests.clips import make_clip, make_hostile
from tests.odd_makers import small
from tests.provenance.conftest import RELEASE

Make = Callable[[Path], Path]
FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}


def release_of(
    source: Path, target: Path, ours: Credentials, mark: VisibleMark | None = None
) -> SignedClip:
    """Prepare a clip and sign what came of it, as a worker does."""
    with prepared(source, target.with_suffix(".scratch"), mark=mark) as ready:
        told = replace(RELEASE, actions=ready.actions)
        done = sign(ready.path, target, told, ours, original=source)
    assert not target.with_suffix(".scratch").exists()
    return done


def actions_of(path: Path, media_type: str, ours: Credentials) -> list[str]:
    store = engine.read_store(path, media_type, ours.anchors)
    assert store is not None
    active = store.data["manifests"][store.data["active_manifest"]]
    (found,) = (one for one in active["assertions"] if one["label"].startswith("c2pa.actions"))
    return [action["action"] for action in found["data"]["actions"]]


AS_IT_IS: dict[str, tuple[str, Make]] = {
    "mp4-h264": ("video/mp4", lambda p: make_clip(p / "a.mp4", seconds=1, audio=True)),
    "mp4-hevc": ("video/mp4", lambda p: small(p / "a.mp4", "libx265")),
    "mp4-av1": ("video/mp4", lambda p: small(p / "a.mp4", "libsvtav1")),
    "mp4-vp9": ("video/mp4", lambda p: small(p / "a.mp4", "libvpx-vp9")),
    "mp4-mpeg4": ("video/mp4", lambda p: small(p / "a.mp4", "mpeg4")),
    "fragmented": ("video/mp4", lambda p: make_clip(p / "a.mp4", seconds=1, muxing=FRAGMENTED)),
    "mov": ("video/quicktime", lambda p: make_clip(p / "a.mov", seconds=1, audio=True)),
    "mov-mjpeg": ("video/quicktime", lambda p: small(p / "a.mov", "mjpeg")),
    "gif": ("image/gif", lambda p: make_clip(p / "a.gif", seconds=1, fps=10, codec="gif")),
    "avi": ("video/x-msvideo", lambda p: make_clip(p / "a.avi", seconds=1, codec="mpeg4")),
    "avi-mjpeg": ("video/x-msvideo", lambda p: small(p / "a.avi", "mjpeg")),
}
MOVED: dict[str, Make] = {
    "mkv-h264": lambda p: make_clip(p / "a.mkv", seconds=1, audio=True, bframes=2),
    "mkv-hevc": lambda p: small(p / "a.mkv", "libx265"),
    "mkv-av1": lambda p: small(p / "a.mkv", "libsvtav1"),
    "webm-vp9": lambda p: small(p / "a.webm", "libvpx-vp9"),
}
ENCODED: dict[str, Make] = {
    "webm-vp8": lambda p: make_clip(p / "a.webm", seconds=1, codec="libvpx", audio=True),
    "mkv-mpeg4": lambda p: small(p / "a.mkv", "mpeg4"),
}
ALL: dict[str, Make] = {name: make for name, (_, make) in AS_IT_IS.items()} | MOVED | ENCODED


def trusted_by_two(path: Path, ours: Credentials, suffix: str = ".mp4") -> None:
    assert read(path, ours.anchors).state is C2paState.TRUSTED
    other = encypher_c2pa.verify(
        str(path.rename(path.with_suffix(suffix))),
        trust_pem=ours.anchors.own,
        no_default_trust=True,
        telemetry=False,
        online=False,
    )
    assert other["validation_state"] == "Trusted"


@pytest.mark.parametrize("name", AS_IT_IS)
def test_containers_that_carry_are_signed_as_they_are(
    tmp_path: Path, ours: Credentials, name: str
) -> None:
    media_type, make = AS_IT_IS[name]
    source = make(tmp_path)
    done = release_of(source, tmp_path / "signed", ours)
    assert done.media_type == media_type
    assert actions_of(tmp_path / "signed", media_type, ours) == ["c2pa.created"]
    trusted_by_two(tmp_path / "signed", ours, source.suffix)


@pytest.mark.parametrize("name", MOVED)
def test_matroska_is_moved_into_mp4_and_says_so(
    tmp_path: Path, ours: Credentials, name: str
) -> None:
    source = MOVED[name](tmp_path)
    done = release_of(source, tmp_path / "signed", ours)
    assert done.media_type == "video/mp4"
    assert same_times(probe(source), probe(tmp_path / "signed"))
    told = actions_of(tmp_path / "signed", "video/mp4", ours)
    assert told == ["c2pa.created", "c2pa.repackaged"]
    trusted_by_two(tmp_path / "signed", ours)


@pytest.mark.parametrize("name", ENCODED)
def test_codec_that_mp4_has_not_is_named(tmp_path: Path, ours: Credentials, name: str) -> None:
    source = ENCODED[name](tmp_path)
    with pytest.raises(CodecNotInMp4) as caught:
        release_of(source, tmp_path / "signed", ours)
    assert caught.value.reason == "CODEC_NOT_IN_MP4"
    assert {path.name for path in tmp_path.iterdir()} == {source.name}


@pytest.mark.parametrize("name", ALL)
def test_every_clip_can_be_marked(tmp_path: Path, ours: Credentials, name: str) -> None:
    source = ALL[name](tmp_path)
    done = release_of(source, tmp_path / "signed", ours, VisibleMark())
    assert done.media_type == "video/mp4"
    assert same_times(probe(source), probe(tmp_path / "signed"))
    told = actions_of(tmp_path / "signed", "video/mp4", ours)
    assert told == ["c2pa.created", MARKED, "c2pa.transcoded"]
    trusted_by_two(tmp_path / "signed", ours)


@pytest.mark.parametrize("mark", [VisibleMark(), None])
def test_manifest_that_the_clip_came_with_is_kept(
    tmp_path: Path, ours: Credentials, signed: tuple[Path, SignedClip], mark: VisibleMark | None
) -> None:
    path, first = signed
    second = release_of(path, tmp_path / "signed.mp4", ours, mark)
    assert second.kept_ingredients == 1
    assert second.sources[0].manifest_id == first.manifest_id
    found = read(tmp_path / "signed.mp4", ours.anchors)
    assert found.state is C2paState.TRUSTED
    assert [one.state for one in found.ingredients] == [C2paState.TRUSTED]


def test_manifest_does_not_repeat_the_text(tmp_path: Path, ours: Credentials, plain: Path) -> None:
    done = release_of(plain, tmp_path / "signed.mp4", ours, VisibleMark("Jane at home"))
    assert b"Jane" not in done.manifest_bytes
    assert b"Jane" not in (tmp_path / "signed.mp4").read_bytes()


@pytest.mark.parametrize("mark", [None, VisibleMark()])
def test_a_watermark_goes_through_the_same_pass(tmp_path: Path, mark: VisibleMark | None) -> None:
    clip = make_clip(tmp_path / "a.mp4", seconds=3)
    key = WatermarkKey("wm", bytes(32))
    code = bytes(range(16))
    watermark = Watermark(key, code)
    with prepared(clip, tmp_path / "s", mark=mark, watermark=watermark) as ready:
        assert ready.watermarked
        assert [each.value for each in ready.soft_bindings] == [code]
        names = [action.name for action in ready.actions]
        assert names == [*(["c2pa.addedText"] if mark else []), WATERMARKED, "c2pa.transcoded"]
        info = probe(ready.path)
        with frames_of(ready.path, info) as frames:
            found = detect(frames, [CodeBook.of(key, bytes(16), code)])
    assert found is not None
    assert found.found
    assert found.code == code


class Onlooker:
    """A network that notes what it is shown and changes nothing."""

    id = "videoseal-20-000000000000"
    bits = 20

    def __init__(self) -> None:
        self.shown: list[NDArray[np.float32]] = []

    def marked(
        self, picture: NDArray[np.float32], payload: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        assert set(np.unique(payload)) == {0, 1}
        self.shown.append(picture)
        return picture

    def logits(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        raise NotImplementedError


def test_a_network_writes_before_the_watermark_and_is_declared(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", seconds=0.2, size=(128, 96))
    shown = []
    for secret in (bytes(32), bytes(range(32))):
        network, key, code = Onlooker(), WatermarkKey("wm", secret), bytes(range(16))
        watermark = Watermark(key, code, neural=NeuralMark(network))
        with prepared(clip, tmp_path / "s", watermark=watermark) as ready:
            names = [action.name for action in ready.actions]
            assert names == [WATERMARKED, WATERMARKED, "c2pa.transcoded"]
            first, second = ready.soft_bindings
            assert (first.algorithm, first.value) == (ALGORITHM, code)
            assert second.algorithm == "org.framegate.watermark.neural.1"
            assert second.value == binding_of(network, key, code)
            bits = np.unpackbits(np.frombuffer(second.value, np.uint8)).astype(np.float32) * 2 - 1
            assert (bits[:20] == payload_of(network, key, code)).all()
            assert (bits[20:] == -1).all()
        shown.append(network.shown[0])
    # Nothing of a key is in the pictures yet.
    assert np.array_equal(*shown)


def test_small_pictures_go_without_a_watermark(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", size=(94, 94))
    watermark = Watermark(WatermarkKey("wm", bytes(32)), bytes(16))
    with prepared(clip, tmp_path / "s", watermark=watermark) as ready:
        assert ready.path == clip
        assert not ready.watermarked
        assert ready.actions == ()


def test_stopping_and_failing_leave_nothing(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mkv", size=(64, 48))
    for mark in (None, VisibleMark()):
        with (
            pytest.raises(Cancelled),
            prepared(clip, tmp_path / "s", mark=mark, should_stop=lambda: True),
        ):
            pass
    clip.unlink()
    damaged = make_hostile("damaged", tmp_path)
    with pytest.raises(ClipNotWhole), prepared(damaged, tmp_path / "s", mark=VisibleMark()):
        pass
    with (
        pytest.raises(MarkFontUnreadable),
        prepared(damaged, tmp_path / "s", mark=VisibleMark(font="/no/font")),
    ):
        pass
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize("name", ["truncated_webm", "random", "audio_only"])
def test_hostile_clips_are_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    clip = make_hostile(name, tmp_path)
    for mark in (None, VisibleMark()):
        if mark is None and name == "audio_only":
            continue  # an MP4 is not looked into here; signing does
        with pytest.raises(ClipRefused), prepared(clip, tmp_path / "s", mark=mark):
            pass
    assert not (tmp_path / "s").exists()


def test_mark_is_checked_when_it_is_asked_for() -> None:
    with pytest.raises(MarkTextRefused):
        VisibleMark("a\u202eb")
    assert VisibleMark() == VisibleMark("AI")
    assert VisibleMark("x").digest != VisibleMark().digest
