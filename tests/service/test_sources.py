"""What a clip was made from, through a real server: sent, named, judged, kept, told."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
import pytest_asyncio
from grpc import aio

from framegate.v1 import audit_pb2, moderation_pb2, provenance_pb2
from moderation.cli.door import Door
from provenance import engine
from provenance.keys import credentials
from tests.clips import make_clip
from tests.house import error_info, header, house, settings_for
from tests.provenance import origins
from tests.service.places import Place

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARENT = moderation_pb2.SOURCE_RELATION_PARENT
INPUT = moderation_pb2.SOURCE_RELATION_INPUT
DETECTOR = "https://example.com/check"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    settings = settings_for(
        tmp_path_factory.mktemp("home"), mining="notAllowed", detector_url=DETECTOR
    )
    async with house(settings) as door:
        yield Place(settings, door)


@pytest.fixture(scope="module")
def short_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("clips") / "short.mp4", seconds=1)


async def _cleared(door: Door, clip: Path) -> str:
    verdict = await door.review(clip, header(), lambda _: None)
    return verdict.clip_id


def _named(
    relation: moderation_pb2.SourceRelation.ValueType, **origin: str
) -> moderation_pb2.Source:
    return moderation_pb2.Source(relation=relation, **origin)


async def test_picture_and_remix_are_told_and_kept(
    place: Place, short_clip: Path, tmp_path: Path
) -> None:
    door = place.door
    photo = origins.picture(tmp_path / "photo.jpg", kind="JPEG")
    sent = await door.send_source(photo)
    assert sent.media_type == "image/jpeg"
    assert sent.state == provenance_pb2.C2PA_STATE_ABSENT
    assert sent.relation == moderation_pb2.SOURCE_RELATION_UNSPECIFIED
    assert sent.sha256 == hashlib.sha256(photo.read_bytes()).hexdigest()

    first = await _cleared(door, short_clip)
    made = await door.release(
        first, tmp_path / "first.mp4", sources=[_named(INPUT, sha256=sent.sha256)]
    )
    assert [(one.relation, one.state) for one in made.sources] == [
        (INPUT, provenance_pb2.C2PA_STATE_ABSENT)
    ]
    found = await door.verify(tmp_path / "first.mp4")
    assert found.answer == provenance_pb2.ANSWER_MADE_HERE
    assert found.c2pa.digital_source_type.endswith("/compositeWithTrainedAlgorithmicMedia")

    second = await _cleared(door, short_clip)
    remix = await door.release(
        second, tmp_path / "second.mp4", sources=[_named(PARENT, clip_id=first)]
    )
    (parent,) = remix.sources
    assert (parent.relation, parent.state) == (PARENT, provenance_pb2.C2PA_STATE_TRUSTED)
    assert parent.manifest_id == made.manifest_id
    found = await door.verify(tmp_path / "second.mp4")
    assert found.c2pa.state == provenance_pb2.C2PA_STATE_TRUSTED
    assert [one.relationship for one in found.c2pa.ingredients] == ["parentOf"]

    anchors = credentials.load(place.settings.keys_folder).anchors
    store = engine.read_store(tmp_path / "second.mp4", "video/mp4", anchors, pictures=True)
    assert store is not None
    assert set(store.data["manifests"]) == {made.manifest_id, remix.manifest_id}
    # A clip of this house is shown; the picture that was sent is not.
    assert len(store.pictures) == 1
    signed = (tmp_path / "second.mp4").read_bytes()
    assert DETECTOR.encode() in signed
    assert b"notAllowed" in signed
    assert origins.PRIVATE not in signed

    page = await door.audit.ListEntries(audit_pb2.ListEntriesRequest(clip_id=second))
    (leaf,) = (entry for entry in page.entries if entry.event == "clip.released")
    assert b"parentOf:trusted:" in leaf.leaf

    again = await door.release(second, tmp_path / "again.mp4")
    assert again.sha256 == remix.sha256
    with pytest.raises(aio.AioRpcError) as failed:
        await door.release(second, tmp_path / "other.mp4", sources=[_named(PARENT, clip_id=first)])
    assert error_info(failed.value).reason == "RELEASED_BEFORE"


async def test_tampered_source_is_told_when_sent_and_refused_when_named(
    place: Place, short_clip: Path, tmp_path: Path
) -> None:
    door = place.door
    ours = credentials.load(place.settings.keys_folder)
    plain = origins.picture(tmp_path / "plain.png")
    signed = origins.signed_picture(plain, tmp_path / "signed.png", ours)
    good = await door.send_source(signed)
    assert good.state == provenance_pb2.C2PA_STATE_TRUSTED
    bad = await door.send_source(origins.tampered(signed, tmp_path / "changed.png"))
    assert bad.state == provenance_pb2.C2PA_STATE_INVALID
    assert "assertion.dataHash.mismatch" in {one.code for one in bad.reasons if one.failure}

    clip_id = await _cleared(door, short_clip)
    sources = [_named(INPUT, sha256=good.sha256), _named(INPUT, sha256=bad.sha256)]
    with pytest.raises(aio.AioRpcError) as failed:
        await door.release(clip_id, tmp_path / "out.mp4", sources=sources)
    info = error_info(failed.value)
    assert failed.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert info.reason == "SOURCE_REFUSED"
    assert (info.metadata["field"], info.metadata["actual"]) == ("sources[1]", "invalid")
    assert not (tmp_path / "out.mp4").exists()
    released = list((place.settings.home / "released").rglob("*"))
    await door.release(clip_id, tmp_path / "out.mp4", sources=sources[:1])
    assert len(list((place.settings.home / "released").rglob("*"))) > len(released)


async def test_bad_sources_are_named(place: Place, short_clip: Path, tmp_path: Path) -> None:
    door = place.door
    clip_id = await _cleared(door, short_clip)

    async def refused(*sources: moderation_pb2.Source) -> tuple[str, str]:
        with pytest.raises(aio.AioRpcError) as failed:
            await door.release(clip_id, tmp_path / "out.mp4", sources=sources)
        info = error_info(failed.value)
        return info.reason, info.metadata["field"]

    assert await refused(_named(INPUT, sha256="a" * 64)) == ("SOURCE_UNKNOWN", "sources[0]")
    assert await refused(_named(INPUT, sha256="../x")) == ("SOURCE_UNKNOWN", "sources[0]")
    assert await refused(_named(INPUT, clip_id="clip-none")) == ("SOURCE_UNKNOWN", "sources[0]")
    assert await refused(_named(INPUT)) == ("INVALID_INPUT", "sources.origin")
    unset = moderation_pb2.Source(clip_id=clip_id)
    assert await refused(unset) == ("INVALID_INPUT", "sources.relation")
    many = [_named(INPUT, clip_id=clip_id)] * 17
    assert await refused(*many) == ("TOO_MANY_SOURCES", "sources")

    gone = await _cleared(door, short_clip)
    await door.moderation.RecallClip(moderation_pb2.RecallClipRequest(clip_id=gone, reason="test"))
    assert await refused(_named(PARENT, clip_id=gone)) == ("SOURCE_NOT_CLEARED", "sources[0]")

    for name, reason in {
        b"": "SOURCE_EMPTY",
        b"no picture": "SOURCE_NOT_SUPPORTED",
        origins.picture(tmp_path / "x.jpg", kind="JPEG").read_bytes()[:3000]: "SOURCE_UNREADABLE",
        origins.bomb(): "SOURCE_TOO_LARGE",
    }.items():
        path = tmp_path / "bad"
        path.write_bytes(name)
        with pytest.raises(aio.AioRpcError) as failed:
            await door.send_source(path)
        assert error_info(failed.value).reason == reason
    # A clip from a sparse announcement: more bytes than the house takes.
    header_only = moderation_pb2.UploadSourceHeader(size_bytes=1 << 40)
    with pytest.raises(aio.AioRpcError) as failed:
        await door.moderation.UploadSource(
            iter([moderation_pb2.UploadSourceRequest(header=header_only)])
        )
    assert error_info(failed.value).reason == "CLIP_TOO_LARGE"
    assert not (tmp_path / "out.mp4").exists()


async def test_a_clip_that_came_signed_is_its_own_parent(place: Place, tmp_path: Path) -> None:
    door = place.door
    first = await _cleared(door, make_clip(tmp_path / "first.mp4", seconds=1))
    await door.release(first, tmp_path / "signed.mp4")
    second = await _cleared(door, tmp_path / "signed.mp4")
    with pytest.raises(aio.AioRpcError) as failed:
        await door.release(second, tmp_path / "out.mp4", sources=[_named(PARENT, clip_id=first)])
    assert error_info(failed.value).reason == "SOURCE_CONFLICT"
    made = await door.release(second, tmp_path / "out.mp4")
    assert [one.carried for one in made.sources] == [True]
