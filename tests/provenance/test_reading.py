from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import c2pa  # type: ignore[import-untyped]
import encypher_c2pa
import pytest

from media.refusals import ClipEmpty, ClipNotVideo, ClipRefused, ClipUnreadable
from provenance import boxes, engine
from provenance.keys.credentials import Credentials
from provenance.manifest import Release, definition
from provenance.reading import C2paState, read
from provenance.signing import SignedClip, sign
from provenance.trust import TrustAnchors
from tests.clips import make_clip
from tests.provenance.authority import Authority, pem
from tests.provenance.conftest import RELEASE
from tests.provenance.tampering import CASES, Case, Signed


@pytest.fixture
def clip(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, other: Path, signed: Any
) -> Signed:
    path = tmp_path / "clip.mp4"
    path.write_bytes(signed[0].read_bytes())
    return Signed.load(path, other)


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory, ours: Credentials) -> Path:
    folder = tmp_path_factory.mktemp("another")
    source = make_clip(folder / "plain.mp4", seconds=1, audio=True, pattern="cuts")
    sign(source, folder / "signed.mp4", RELEASE, ours)
    return folder / "signed.mp4"


def _edited(case: Case, clip: Signed) -> Path:
    made = case.edit(clip)
    if isinstance(made, Path):
        return made
    path = clip.path.with_name("edited.mp4")
    path.write_bytes(made)
    return path


@pytest.mark.parametrize("name", CASES)
def test_tamper_table(name: str, clip: Signed, ours: Credentials) -> None:
    case = CASES[name]
    found = read(_edited(case, clip), ours.anchors)
    assert found.state == case.state
    codes = [reason.code for reason in found.reasons]
    if case.reason:
        assert case.reason in codes
    if case.state == "trusted" and case.reason != "org.framegate.unhashedBytes":
        assert "org.framegate.unhashedBytes" not in codes
    assert any(reason.failure for reason in found.reasons) == (found.state is C2paState.INVALID)


@pytest.mark.parametrize("name", CASES)
def test_tamper_table_with_an_independent_verifier(
    name: str, clip: Signed, ours: Credentials
) -> None:
    case = CASES[name]
    path = _edited(case, clip)
    try:
        found = encypher_c2pa.verify(
            str(path),
            trust_pem=ours.anchors.own,
            no_default_trust=True,
            telemetry=False,
            online=False,
        )
    except ValueError:
        state = "raises"
    else:
        state = f"{found['validation_state']}"
    assert state == case.independent


@pytest.mark.parametrize(
    ("name", "options"),
    [("clip.mov", {}), ("clip.avi", {"codec": "mpeg4"}), ("clip.gif", {"codec": "gif", "fps": 10})],
)
def test_other_containers_are_covered_too(
    tmp_path: Path, ours: Credentials, name: str, options: dict[str, Any]
) -> None:
    source, target = make_clip(tmp_path / name, seconds=1, **options), tmp_path / "signed"
    done = sign(source, target, RELEASE, ours)
    data = target.read_bytes()
    # The pictures lie around the middle of what is not the manifest.
    start = data.index(done.manifest_bytes[:64])
    before, after = start, len(data) - start - len(done.manifest_bytes)
    at = start // 2 if before > after else start + len(done.manifest_bytes) + after // 2
    target.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert read(target, ours.anchors).state is C2paState.INVALID
    target.write_bytes(data[:40])
    with pytest.raises(ClipUnreadable):
        read(target, ours.anchors)


def test_edited_padding_is_told(tmp_path: Path, plain: Path, ours: Credentials) -> None:
    padded, target = tmp_path / "padded.mp4", tmp_path / "signed.mp4"
    padded.write_bytes(plain.read_bytes() + struct.pack(">I", 108) + b"free" + bytes(100))
    sign(padded, target, RELEASE, ours)
    assert "org.framegate.unhashedBytes" not in {
        reason.code for reason in read(target, ours.anchors).reasons
    }
    target.write_bytes(target.read_bytes()[:-1] + b"!")
    found = read(target, ours.anchors)
    assert found.state is C2paState.TRUSTED
    assert "org.framegate.unhashedBytes" in {reason.code for reason in found.reasons}


def test_untampered_clip_has_no_warnings(
    signed: tuple[Path, SignedClip], ours: Credentials
) -> None:
    codes = {reason.code for reason in read(signed[0], ours.anchors).reasons}
    assert codes == {
        "signingCredential.ocsp.skipped",
        "assertion.bmffHash.additionalExclusionsPresent",
        "org.framegate.ftypNotCovered",
    }


def test_stranger_is_valid_and_not_trusted(
    tmp_path: Path, plain: Path, ours: Credentials, stranger: Credentials
) -> None:
    target = tmp_path / "theirs.mp4"
    sign(plain, target, RELEASE, stranger)
    found = read(target, ours.anchors)
    assert found.state is C2paState.VALID
    assert not found.own
    assert [reason.code for reason in found.reasons if reason.failure] == [
        "signingCredential.untrusted"
    ]
    assert found.signer_organization == "Other Video"


def test_operators_anchors_are_trusted_but_not_ours(
    tmp_path: Path, plain: Path, ours: Credentials, stranger: Credentials
) -> None:
    target = tmp_path / "theirs.mp4"
    sign(plain, target, RELEASE, stranger)
    both = TrustAnchors(own=ours.anchors.own, others=stranger.anchors.own)
    found = read(target, both)
    assert found.state is C2paState.TRUSTED
    assert not found.own


def test_anchors_in_both_lists_are_ours_every_time(
    tmp_path: Path,
    plain: Path,
    ours: Credentials,
    stranger: Credentials,
    authority: Authority,
) -> None:
    target = tmp_path / "theirs.mp4"
    sign(plain, target, RELEASE, stranger)
    both = pem(authority.issuing, authority.root).decode() + ours.anchors.own
    anchors = TrustAnchors(stranger.anchors.own, both)
    assert anchors.others == ours.anchors.own
    # The library picks a list by the order of a hash table, which differs from run to run.
    assert all(read(target, anchors).own for _ in range(8))


def test_unsigned_clip_is_absent(plain: Path, ours: Credentials) -> None:
    assert read(plain, ours.anchors).state is C2paState.ABSENT


def _nested() -> bytes:
    body = b""
    for _ in range(2000):
        body = struct.pack(">I", 8 + len(body)) + b"moov" + body
    return struct.pack(">I", 16) + b"ftypisom\0\0\0\0" + body


NOT_CLIPS: dict[str, tuple[bytes, type[ClipRefused]]] = {
    "nothing": (b"", ClipEmpty),
    "one byte": (b"x", ClipNotVideo),
    "text": (b"hello " * 40, ClipNotVideo),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(100), ClipNotVideo),
    "still picture in boxes": (b"\0\0\0\x10ftypheic\0\0\0\0", ClipNotVideo),
    "half a header": (b"\0\0\0\x10ftypisom", ClipUnreadable),
    "box longer than the file": (b"\0\0\0\x10ftypisom\0\0\0\0\0\0\xff\xffmoov", ClipUnreadable),
    "nesting without end": (_nested(), ClipUnreadable),
}


@pytest.mark.parametrize("name", NOT_CLIPS)
def test_files_that_are_no_clips_are_errors(name: str, tmp_path: Path, ours: Credentials) -> None:
    data, kind = NOT_CLIPS[name]
    path = tmp_path / "file.mp4"
    path.write_bytes(data)
    with pytest.raises(kind):
        read(path, ours.anchors)


def test_broken_file_with_a_manifest_box_is_invalid(
    clip: Signed, tmp_path: Path, ours: Credentials
) -> None:
    path = tmp_path / "broken.mp4"
    box = clip.layout["uuid"]
    path.write_bytes(clip.data[: box.body + 40] + bytes(box.end - box.body - 40) + b"\0\0\xff\xff")
    found = read(path, ours.anchors)
    assert found.state is C2paState.INVALID
    assert any(reason.failure for reason in found.reasons)


def test_link_to_a_manifest_elsewhere_is_not_followed(
    tmp_path: Path, plain: Path, ours: Credentials
) -> None:
    path = tmp_path / "linked.mp4"
    made = definition(RELEASE, provider="P", media_type="video/mp4")
    with (
        c2pa.Context.from_dict({"verify": {"verify_after_sign": False}}) as context,
        c2pa.Builder(made, context=context) as builder,
        c2pa.Signer.from_info(
            c2pa.C2paSignerInfo(b"es256", ours.chain_pem, ours.key.pem, None)
        ) as signer,
        plain.open("rb") as source,
        path.open("w+b") as target,
    ):
        builder.set_no_embed()
        builder.set_remote_url("http://127.0.0.1:9/manifest")
        builder.sign(signer, "video/mp4", source, target)
    found = read(path, ours.anchors)
    assert found.state is C2paState.ABSENT
    assert [reason.code for reason in found.reasons] == ["org.framegate.remoteManifestNotFetched"]


def test_personal_data_of_strangers_stays_out(
    tmp_path: Path, plain: Path, stranger: Credentials
) -> None:
    made = definition(
        Release("clip-1", "Maker jane@example.org", "1", 5),
        provider="P",
        media_type="video/mp4",
    )
    made["title"] = "by jane@example.org"
    made["assertions"] += [
        {
            "label": "c2pa.metadata",
            "data": {
                "@context": {"dc": "http://purl.org/dc/elements/1.1/"},
                "dc:creator": ["Jane Roe"],
            },
        },
        {"label": "com.example.owner", "data": {"author": "Jane Roe", "prompt": "a red kite"}},
    ]
    path = tmp_path / "theirs.mp4"
    with plain.open("rb") as source, path.open("w+b") as target:
        engine.write_signed(
            source,
            target,
            "video/mp4",
            made,
            ingredients=(),
            chain_pem=stranger.chain_pem,
            key=stranger.key,
            anchors=stranger.anchors,
        )
    assert b"Jane Roe" in path.read_bytes()
    found = read(path, stranger.anchors)
    assert found.state is C2paState.TRUSTED
    for word in ("Jane", "jane@", "kite"):
        assert word not in repr(found)


def test_folder_is_no_clip(tmp_path: Path, ours: Credentials) -> None:
    with pytest.raises(ClipUnreadable):
        read(tmp_path, ours.anchors)


def test_manifest_box_is_found(signed: tuple[Path, SignedClip], plain: Path) -> None:
    assert boxes.has_manifest_box(signed[0])
    assert not boxes.has_manifest_box(plain)
