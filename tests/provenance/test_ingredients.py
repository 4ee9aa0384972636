"""Sources that are no sources: each is refused by name, and nothing is signed."""

from __future__ import annotations

import hashlib
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from media.errors import FramegateError
from media.limits import MediaLimits
from provenance import ingredients, signing
from provenance.errors import (
    SourceConflict,
    SourceEmpty,
    SourceManifestUnreadable,
    SourceNotSupported,
    SourceTooLarge,
    SourceUnreadable,
    TooManySources,
)
from provenance.ingredients import examine, examine_all
from provenance.keys.credentials import Credentials
from provenance.manifest import Release
from provenance.reading import read
from provenance.report import C2paState
from provenance.signing import SignedClip, sign
from provenance.sources import Relation, Source
from provenance.trust import TrustAnchors
from tests.clips import make_clip
from tests.provenance import origins
from tests.provenance.conftest import RELEASE

Make = Callable[[Path, Path], bytes]


def _picture(path: Path, kind: str) -> bytes:
    return origins.picture(path / "x", kind=kind).read_bytes()


def _grown(clip: bytes) -> bytes:
    # A sparse-looking file whose last box says that it is larger than the file.
    return clip + struct.pack(">I", 1 << 30) + b"free"


BAD: dict[str, tuple[Make, type[FramegateError]]] = {
    "empty": (lambda _path, _clip: b"", SourceEmpty),
    "text": (lambda _path, _clip: b"just a text, no picture", SourceNotSupported),
    "one byte": (lambda _path, _clip: b"\xff", SourceNotSupported),
    "sound": (lambda _path, _clip: b"RIFF\x24\0\0\0WAVEfmt " + bytes(30), SourceNotSupported),
    "document": (lambda _path, _clip: b"%PDF-1.7\n" + bytes(100), SourceNotSupported),
    "transport stream": (lambda _path, _clip: (b"\x47" + bytes(187)) * 4, SourceNotSupported),
    "half a JPEG": (lambda path, _clip: _picture(path, "JPEG")[:4000], SourceUnreadable),
    "half a PNG": (lambda path, _clip: _picture(path, "PNG")[:400], SourceUnreadable),
    "half a WebP": (lambda path, _clip: _picture(path, "WEBP")[:150], SourceUnreadable),
    "head of an AVIF": (lambda path, _clip: _picture(path, "AVIF")[:100], SourceUnreadable),
    "half a clip": (lambda _path, clip: clip.read_bytes()[:9000], SourceUnreadable),
    "clip of nothing": (lambda _path, _clip: b"\0\0\0\x08ftyp" + bytes(40), SourceUnreadable),
    "box past the end": (lambda _path, clip: _grown(clip.read_bytes()), SourceUnreadable),
    "too many pixels": (lambda _path, _clip: origins.bomb(), SourceTooLarge),
}


@pytest.fixture(scope="module")
def anchors(ours: Credentials) -> TrustAnchors:
    return ours.anchors


@pytest.mark.parametrize("name", BAD)
def test_bad_sources_are_named(tmp_path: Path, plain: Path, ours: Credentials, name: str) -> None:
    build, error = BAD[name]
    path = tmp_path / "source"
    path.write_bytes(build(tmp_path / "made", plain))
    good = origins.picture(tmp_path / "good.png")
    sources = [Source(good, Relation.INPUT), Source(path, Relation.INPUT)]
    with pytest.raises(error) as caught:
        sign(plain, tmp_path / "out.mp4", RELEASE, ours, sources=sources)
    assert caught.value.field == "sources[1]"
    assert caught.value.code == "INVALID_ARGUMENT"
    assert str(path) not in caught.value.message
    assert not (tmp_path / "out.mp4").exists()
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".out")]


def test_missing_source_is_named(tmp_path: Path, anchors: TrustAnchors) -> None:
    for path in (tmp_path / "nothing.png", tmp_path):
        with pytest.raises(SourceUnreadable):
            examine(Source(path, Relation.INPUT), anchors)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_pictures_are_told_by_their_bytes(tmp_path: Path, anchors: TrustAnchors, kind: str) -> None:
    path = origins.picture(tmp_path / "named.mp4", kind=kind)
    found = examine(Source(path, Relation.INPUT), anchors)
    assert found.report.media_type == f"image/{kind.lower()}"
    assert found.report.state is C2paState.ABSENT
    assert found.report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.title == "source picture"
    assert found.thumbnail == b""


def test_large_sources_are_refused(
    tmp_path: Path, plain: Path, anchors: TrustAnchors, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = [Source(plain, Relation.PARENT)]
    with pytest.raises(SourceTooLarge) as caught:
        examine_all(clip, anchors, limits=MediaLimits(max_bytes=1000))
    assert (caught.value.field, caught.value.limit) == ("sources[0]", 1000)
    picture = origins.picture(tmp_path / "x.png")
    monkeypatch.setattr(ingredients, "MAX_PICTURE_BYTES", 100)
    with pytest.raises(SourceTooLarge) as caught:
        examine_all([Source(picture, Relation.INPUT)], anchors)
    assert caught.value.limit == 100


def test_manifests_that_grow_too_large_are_refused(
    tmp_path: Path,
    plain: Path,
    signed: tuple[Path, SignedClip],
    ours: Credentials,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signing, "MAX_MANIFEST_BYTES", len(signed[1].manifest_bytes))
    with pytest.raises(SourceTooLarge) as caught:
        sign(
            plain,
            tmp_path / "out.mp4",
            RELEASE,
            ours,
            sources=[Source(signed[0], Relation.PARENT)],
        )
    assert caught.value.field == "sources"
    assert not (tmp_path / "out.mp4").exists()


def test_too_many_sources(tmp_path: Path, anchors: TrustAnchors) -> None:
    many = [
        Source(origins.picture(tmp_path / f"{seed}.png", seed=seed), Relation.INPUT)
        for seed in range(ingredients.MAX_SOURCES + 1)
    ]
    assert len(examine_all(many[:-1], anchors)) == ingredients.MAX_SOURCES
    with pytest.raises(TooManySources) as caught:
        examine_all(many, anchors)
    assert (caught.value.limit, caught.value.actual) == (16, 17)


def test_sources_that_cannot_stand_side_by_side(
    tmp_path: Path, plain: Path, anchors: TrustAnchors
) -> None:
    other = make_clip(tmp_path / "other.mp4", seconds=0.5)
    with pytest.raises(SourceConflict):
        examine_all([Source(plain, Relation.PARENT), Source(other, Relation.PARENT)], anchors)
    with pytest.raises(SourceConflict) as caught:
        examine_all([Source(plain, Relation.PARENT), Source(plain, Relation.INPUT)], anchors)
    assert caught.value.field == "sources[1]"


def test_exchanged_source_is_noticed(tmp_path: Path, anchors: TrustAnchors) -> None:
    path = origins.picture(tmp_path / "x.png")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    examine(Source(path, Relation.INPUT, sha256=digest), anchors)
    origins.picture(path, seed=2)
    with pytest.raises(SourceUnreadable):
        examine(Source(path, Relation.INPUT, sha256=digest), anchors)


def test_source_whose_manifest_cannot_be_kept(
    tmp_path: Path, signed: tuple[Path, SignedClip], anchors: TrustAnchors
) -> None:
    broken = tmp_path / "doubled.mp4"
    data = signed[0].read_bytes()
    at = data.index(b"uuid") - 4
    size = struct.unpack(">I", data[at : at + 4])[0]
    broken.write_bytes(data + data[at : at + size])
    with pytest.raises(SourceManifestUnreadable) as caught:
        examine_all([Source(broken, Relation.PARENT)], anchors, accepted=set(C2paState))
    assert caught.value.field == "sources[0]"


def test_signed_source_of_ours_is_trusted(
    tmp_path: Path, ours: Credentials, anchors: TrustAnchors
) -> None:
    plain = origins.picture(tmp_path / "plain.png")
    path = origins.signed_picture(plain, tmp_path / "signed.png", ours)
    report = examine(Source(path, Relation.INPUT), anchors).report
    assert report.state is C2paState.TRUSTED
    assert report.manifest_id.startswith("urn:c2pa:")
    assert report.source_type.endswith("/trainedAlgorithmicMedia")


def test_signature_by_somebody_else_says_nothing_of_us(
    tmp_path: Path,
    plain: Path,
    signed: tuple[Path, SignedClip],
    ours: Credentials,
    stranger: Credentials,
) -> None:
    """A clip that others signed is not ours because a source of it is."""
    target = tmp_path / "theirs.mp4"
    friendly = origins.trusting(stranger, ours.anchors.own)
    release = Release("clip-x", "VideoGen", "1", 1)
    sign(plain, target, release, friendly, sources=[Source(signed[0], Relation.PARENT)])
    found = read(target, TrustAnchors(own=ours.anchors.own, others=stranger.anchors.own))
    assert found.state is C2paState.TRUSTED
    assert not found.own
    assert [one.state for one in found.ingredients] == [C2paState.TRUSTED]


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]))
def test_no_bytes_raise_anything_but_named_errors(data: bytes, head: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(head + data)
        with pytest.raises(FramegateError):
            examine(Source(Path(file.name), Relation.INPUT), TrustAnchors(own=""))


def test_animated_picture_counts_by_its_first_frame(tmp_path: Path, anchors: TrustAnchors) -> None:
    frames = [Image.new("RGB", (64, 48), (shade, 0, 0)) for shade in (10, 250)]
    path = tmp_path / "moving.webp"
    frames[0].save(path, "WEBP", save_all=True, append_images=frames[1:])
    found = examine(Source(path, Relation.INPUT, thumbnail=True), anchors)
    assert found.report.media_type == "image/webp"
    assert found.thumbnail[:2] == b"\xff\xd8"
