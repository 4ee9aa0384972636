from __future__ import annotations

import dataclasses
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import encypher_c2pa
import pytest

from media.errors import Cancelled, FramegateError
from media.limits import MediaLimits
from media.refusals import ClipTooLarge
from provenance import boxes, engine
from provenance.errors import (
    ContainerNotSupported,
    CredentialsExpired,
    SigningFailed,
    SourceManifestUnreadable,
    SourceRefused,
    TimestampUnavailable,
)
from provenance.keys.credentials import Credentials
from provenance.manifest import Release
from provenance.reading import C2paState, read
from provenance.signing import SignedClip, sign
from provenance.timestamping.timestamps import Stamper, Stamping
from provenance.trust import TrustAnchors
from tests.clips import make_clip, make_hostile
from tests.provenance.authority import Authority, pem
from tests.provenance.conftest import RELEASE
from tests.provenance.tampering import CASES, Signed


def _independent(path: Path, anchors: str) -> Any:
    """What a verifier says that shares no code with the one that signs."""
    return encypher_c2pa.verify(
        str(path), trust_pem=anchors, no_default_trust=True, telemetry=False, online=False
    )


def _only(folder: Path, *names: str) -> bool:
    return {path.name for path in folder.iterdir()} == set(names)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("faststart.mp4", {}),
        ("tail.mp4", {"faststart": False, "audio": True}),
        ("hevc.mp4", {"codec": "libx265", "options": {"x265-params": "log-level=none"}}),
        ("clip.mov", {}),
        ("clip.avi", {"codec": "mpeg4"}),
        ("clip.gif", {"codec": "gif", "fps": 10}),
    ],
)
def test_two_verifiers_trust_what_was_signed(
    tmp_path: Path, ours: Credentials, name: str, options: dict[str, Any]
) -> None:
    source = make_clip(tmp_path / "in" / name, seconds=1, **options)
    # The name says nothing of the container.
    target = tmp_path / "out" / "clip"
    target.parent.mkdir()
    done = sign(source, target, RELEASE, ours)
    assert read(target, ours.anchors).state is C2paState.TRUSTED
    other = _independent(target.rename(target.with_suffix(source.suffix)), ours.anchors.own)
    assert other["validation_state"] == "Trusted"
    assert other["validation_results"]["failure"] == []
    data = target.with_suffix(source.suffix).read_bytes()
    assert done.sha256 == hashlib.sha256(data).hexdigest()
    assert done.size_bytes == len(data)
    assert done.manifest_id.startswith("urn:c2pa:")
    assert done.manifest_id.encode() in done.manifest_bytes
    assert done.kept_ingredients == 0
    assert _only(target.parent, target.with_suffix(source.suffix).name)


def test_report_says_what_the_release_said(
    signed: tuple[Path, SignedClip], ours: Credentials
) -> None:
    found = read(signed[0], ours.anchors)
    assert found.own
    assert found.manifest_id == signed[1].manifest_id
    assert found.clip_id == RELEASE.clip_id
    assert found.provider == found.signer_organization == "Example Video"
    assert [(agent.name, agent.version) for agent in found.software_agents] == [("VideoGen", "1.2")]
    assert found.created_ms == RELEASE.created_ms
    assert found.digital_source_type.endswith("/trainedAlgorithmicMedia")
    assert found.claim_generator.startswith("Framegate ")
    assert found.signed_ms is None
    assert found.ingredients == ()


def test_pictures_are_untouched(plain: Path, signed: tuple[Path, SignedClip]) -> None:
    def media_data(path: Path) -> list[bytes]:
        data = path.read_bytes()
        return [data[box.body : box.end] for box in boxes.outermost(path) if box.kind == "mdat"]

    assert media_data(plain) == media_data(signed[0])


def test_returned_manifest_is_the_embedded_one(signed: tuple[Path, SignedClip]) -> None:
    path, done = signed
    data = path.read_bytes()
    (box,) = (box for box in boxes.outermost(path) if box.user_type == boxes.C2PA_UUID)
    assert done.manifest_bytes in data[box.body : box.end]


def test_no_thumbnail_and_no_network_address(signed: tuple[Path, SignedClip]) -> None:
    manifest = signed[1].manifest_bytes
    assert b"c2pa.thumbnail" not in manifest
    assert b"https://" not in manifest


def test_manifest_holds_only_what_the_release_says(
    signed: tuple[Path, SignedClip], ours: Credentials
) -> None:
    store = engine.read_store(signed[0], "video/mp4", ours.anchors)
    assert store is not None
    active = store.data["manifests"][store.data["active_manifest"]]
    labels = {assertion["label"] for assertion in active["assertions"]}
    assert labels == {"c2pa.actions.v2", "org.framegate.clip", "c2pa.hash.bmff.v3"}
    (clip,) = (one for one in active["assertions"] if one["label"] == "org.framegate.clip")
    assert set(clip["data"]) == {
        "clipId",
        "provider",
        "generatorName",
        "generatorVersion",
        "created",
    }
    for word in (b"prompt", b"user_id", b"userId", b"author", b"CreativeWork"):
        assert word not in signed[1].manifest_bytes


def test_old_manifest_is_kept_as_parent(
    tmp_path: Path, signed: tuple[Path, SignedClip], ours: Credentials
) -> None:
    target = tmp_path / "twice.mp4"
    done = sign(signed[0], target, Release("clip-2", "Remixer", "3", 1000), ours)
    assert done.kept_ingredients == 1
    found = read(target, ours.anchors)
    assert found.clip_id == "clip-2"
    (parent,) = found.ingredients
    assert parent.relationship == "parentOf"
    assert parent.state is C2paState.TRUSTED
    store = engine.read_store(target, "video/mp4", ours.anchors)
    assert store is not None
    assert set(store.data["manifests"]) == {signed[1].manifest_id, done.manifest_id}
    other = _independent(target, ours.anchors.own)
    assert other["validation_state"] == "Trusted"
    assert other["validation_results"]["failure"] == []


def test_changed_source_is_refused_or_kept_and_told(
    tmp_path: Path, signed: tuple[Path, SignedClip], ours: Credentials
) -> None:
    # A change that still decodes: an inserted box moves the pictures that the old hash is over.
    source = tmp_path / "changed.mp4"
    data = signed[0].read_bytes()
    source.write_bytes(data + b"\0\0\0\x10xyzw\1\2\3\4\5\6\7\x08")
    target = tmp_path / "signed.mp4"
    with pytest.raises(SourceRefused) as caught:
        sign(source, target, RELEASE, ours)
    assert (caught.value.field, caught.value.actual) == ("clip", "invalid")
    assert not target.exists()
    sign(source, target, RELEASE, ours, accepted=set(C2paState))
    found = read(target, ours.anchors)
    assert found.state is C2paState.TRUSTED
    (parent,) = found.ingredients
    assert parent.state is C2paState.INVALID
    assert "assertion.bmffHash.mismatch" in {reason.code for reason in parent.reasons}
    assert _independent(target, ours.anchors.own)["validation_state"] == "Trusted"


def test_strangers_manifest_is_kept_as_what_it_is(
    tmp_path: Path, plain: Path, ours: Credentials, stranger: Credentials
) -> None:
    source, target = tmp_path / "theirs.mp4", tmp_path / "ours.mp4"
    sign(plain, source, RELEASE, stranger)
    sign(source, target, RELEASE, ours)
    found = read(target, ours.anchors)
    assert found.state is C2paState.TRUSTED
    assert [parent.state for parent in found.ingredients] == [C2paState.VALID]


@pytest.mark.parametrize(("name", "codec"), [("clip.webm", "libvpx-vp9"), ("clip.mkv", "libx264")])
def test_containers_without_a_place_for_manifests_are_refused(
    tmp_path: Path, ours: Credentials, name: str, codec: str
) -> None:
    options = {"cpu-used": "8"} if codec == "libvpx-vp9" else {}
    source = make_clip(tmp_path / "in" / name, seconds=0.5, codec=codec, options=options)
    disguised = source.rename(source.with_suffix(".mp4"))
    with pytest.raises(ContainerNotSupported):
        sign(disguised, tmp_path / "out.mp4", RELEASE, ours)
    assert _only(tmp_path, "in")


def test_transport_stream_is_refused(tmp_path: Path, ours: Credentials) -> None:
    source = tmp_path / "clip.ts"
    source.write_bytes((b"\x47" + bytes(187)) * 4)
    with pytest.raises(ContainerNotSupported):
        sign(source, tmp_path / "out.mp4", RELEASE, ours)


@pytest.mark.parametrize(
    "name", ["damaged", "empty", "png", "random", "truncated", "two_tracks", "lying_all"]
)
def test_clips_that_are_not_whole_are_not_signed(
    tmp_path: Path, ours: Credentials, name: str
) -> None:
    source = make_hostile(name, tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(FramegateError) as caught:
        sign(source, tmp_path / "out.mp4", RELEASE, ours)
    assert caught.value.code == "INVALID_ARGUMENT"
    assert _only(tmp_path, *before)


def test_half_a_clip_is_not_signed(tmp_path: Path, plain: Path, ours: Credentials) -> None:
    source = tmp_path / "half.mp4"
    data = plain.read_bytes()
    source.write_bytes(data[: len(data) // 2])
    with pytest.raises(FramegateError) as caught:
        sign(source, tmp_path / "out.mp4", RELEASE, ours)
    assert caught.value.code == "INVALID_ARGUMENT"
    assert _only(tmp_path, "half.mp4")


def test_limits_hold(tmp_path: Path, plain: Path, ours: Credentials) -> None:
    with pytest.raises(ClipTooLarge):
        sign(plain, tmp_path / "out.mp4", RELEASE, ours, limits=MediaLimits(max_bytes=1000))


def test_unreadable_manifest_of_the_source_is_told(
    tmp_path: Path, signed: tuple[Path, SignedClip], ours: Credentials
) -> None:
    source = tmp_path / "doubled.mp4"
    data = signed[0].read_bytes()
    (box,) = (box for box in boxes.outermost(signed[0]) if box.user_type == boxes.C2PA_UUID)
    # The second box goes to the end, where it moves no pictures.
    source.write_bytes(data + data[box.start : box.end])
    with pytest.raises(SourceManifestUnreadable):
        sign(source, tmp_path / "out.mp4", RELEASE, ours)
    assert _only(tmp_path, "doubled.mp4")


def test_nothing_is_left_when_the_result_does_not_verify(
    tmp_path: Path, plain: Path, ours: Credentials, authority: Authority
) -> None:
    strange = dataclasses.replace(ours, anchors=TrustAnchors(own=pem(authority.root).decode()))
    target = tmp_path / "out.mp4"
    with pytest.raises(SigningFailed) as caught:
        sign(plain, target, RELEASE, strange)
    assert caught.value.actual == "signingCredential.untrusted"
    assert _only(tmp_path)
    target.write_bytes(b"what was there before")
    with pytest.raises(SigningFailed):
        sign(plain, target, RELEASE, strange)
    assert target.read_bytes() == b"what was there before"
    assert _only(tmp_path, "out.mp4")


def test_nothing_is_left_when_the_key_is_of_another(
    tmp_path: Path, plain: Path, ours: Credentials, stranger: Credentials
) -> None:
    with pytest.raises(SigningFailed):
        sign(
            plain,
            tmp_path / "out.mp4",
            RELEASE,
            dataclasses.replace(ours, key=stranger.key),
        )
    assert _only(tmp_path)


def test_expired_credentials_do_not_sign(tmp_path: Path, plain: Path, ours: Credentials) -> None:
    for now in (
        ours.not_after + timedelta(seconds=1),
        ours.not_before - timedelta(seconds=1),
    ):
        with pytest.raises(CredentialsExpired):
            sign(plain, tmp_path / "out.mp4", RELEASE, ours, now=now)
    assert _only(tmp_path)


@pytest.mark.parametrize("patience", [0, 3, 10_000])
def test_stopping_leaves_nothing(
    tmp_path: Path, plain: Path, ours: Credentials, patience: int
) -> None:
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > patience

    if patience == 10_000:
        sign(plain, tmp_path / "count.mp4", RELEASE, ours, should_stop=should_stop)
        (tmp_path / "count.mp4").unlink()
        # Now stop at the very last question, after the clip was written.
        patience, asked = asked - 1, 0
    with pytest.raises(Cancelled):
        sign(plain, tmp_path / "out.mp4", RELEASE, ours, should_stop=should_stop)
    assert _only(tmp_path)


def test_dead_time_stamping_authority_fails_the_signature(
    tmp_path: Path, plain: Path, ours: Credentials
) -> None:
    stamper = Stamper(Stamping(("http://127.0.0.1:9/",)))
    with pytest.raises(TimestampUnavailable) as caught:
        sign(plain, tmp_path / "out.mp4", RELEASE, ours, stamper=stamper)
    assert caught.value.retryable
    assert _only(tmp_path)


def test_fragmented_clip_is_signed(
    tmp_path: Path, signed: tuple[Path, SignedClip], ours: Credentials
) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(signed[0].read_bytes())
    source = CASES["copied to fragments"].edit(Signed.load(clip, clip))
    assert isinstance(source, Path)
    target = tmp_path / "signed.mp4"
    sign(source, target, RELEASE, ours)
    found = read(target, ours.anchors)
    assert found.state is C2paState.TRUSTED
    # The index at the end (mfra) is not covered either, but it is no padding.
    assert "org.framegate.unhashedBytes" not in {reason.code for reason in found.reasons}
    assert _independent(target, ours.anchors.own)["validation_state"] == "Trusted"
