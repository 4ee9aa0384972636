"""Visible marks and containers through a real server."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from grpc import aio

from framegate.v1 import audit_pb2, moderation_pb2, provenance_pb2
from media.probe import probe
from media.transcoding import same_times
from moderation.cli.door import Door
from moderation.settings import SettingsInvalid
from tests.clips import make_clip
from tests.house import error_info, header, house, settings_for

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _cleared(door: Door, path: Path) -> str:
    """Upload a clip that nothing stands against; returns its id."""

    async def upload() -> AsyncIterator[moderation_pb2.ReviewClipRequest]:
        data = path.read_bytes()
        yield moderation_pb2.ReviewClipRequest(header=header(size_bytes=len(data)))
        yield moderation_pb2.ReviewClipRequest(chunk=data)

    async for event in door.moderation.ReviewClip(upload()):
        clip_id = event.accepted.clip_id or event.verdict.clip_id
    return clip_id


async def _mark_on_record(door: Door, clip_id: str) -> str:
    page = await door.audit.ListEntries(audit_pb2.ListEntriesRequest(clip_id=clip_id))
    (entry,) = (entry for entry in page.entries if entry.event == "clip.released")
    return str(json.loads(entry.leaf)["details"]["visible_mark"])


async def test_a_marked_clip_says_so_and_is_trusted(
    door: Door, everyday_clip: Path, tmp_path: Path
) -> None:
    clip_id = await _cleared(door, everyday_clip)
    released = await door.release(clip_id, tmp_path / "out.mp4", "Example Video")
    assert released.media_type == "video/mp4"
    assert same_times(probe(everyday_clip), probe(tmp_path / "out.mp4"))
    found = await door.verify(tmp_path / "out.mp4")
    assert found.answer == provenance_pb2.ANSWER_MADE_HERE
    assert b"c2pa.addedText" in (tmp_path / "out.mp4").read_bytes()
    assert b"Example Video" not in (tmp_path / "out.mp4").read_bytes()
    assert await _mark_on_record(door, clip_id) == hashlib.sha256(b"Example Video").hexdigest()

    again = await door.release(clip_id, tmp_path / "again.mp4", "Example Video")
    unasked = await door.release(clip_id, tmp_path / "unasked.mp4")
    assert again.sha256 == unasked.sha256 == released.sha256
    with pytest.raises(aio.AioRpcError) as refused:
        await door.release(clip_id, tmp_path / "other.mp4", "Another text")
    assert error_info(refused.value).reason == "MARKED_OTHERWISE"
    assert not (tmp_path / "other.mp4").exists()


async def test_an_unfit_text_leaves_the_clip_as_it_was(
    door: Door, everyday_clip: Path, tmp_path: Path
) -> None:
    clip_id = await _cleared(door, everyday_clip)
    for text, reason in [
        ("a\u202eb", "MARK_TEXT_REFUSED"),
        ("x" * 81, "MARK_TEXT_REFUSED"),
        ("日本語", "MARK_TEXT_NOT_IN_FONT"),
    ]:
        with pytest.raises(aio.AioRpcError) as refused:
            await door.release(clip_id, tmp_path / "out.mp4", text)
        assert error_info(refused.value).reason == reason
        assert text not in (refused.value.details() or "")
    clip = await door.moderation.GetClip(moderation_pb2.GetClipRequest(clip_id=clip_id))
    assert clip.clip.state == moderation_pb2.CLIP_STATE_CLEARED
    await door.release(clip_id, tmp_path / "out.mp4", "")
    assert b"c2pa.addedText" in (tmp_path / "out.mp4").read_bytes()


async def test_webm_leaves_as_mp4_or_is_named(door: Door, tmp_path: Path) -> None:
    quick = {"cpu-used": "8", "deadline": "realtime"}
    vp9 = make_clip(tmp_path / "a.webm", codec="libvpx-vp9", options=quick, audio=True)
    clip_id = await _cleared(door, vp9)
    released = await door.release(clip_id, tmp_path / "a.mp4")
    assert released.media_type == "video/mp4"
    assert same_times(probe(vp9), probe(tmp_path / "a.mp4"))
    vp8 = make_clip(tmp_path / "b.webm", codec="libvpx", options=quick)
    clip_id = await _cleared(door, vp8)
    with pytest.raises(aio.AioRpcError) as refused:
        await door.release(clip_id, tmp_path / "b.mp4")
    assert error_info(refused.value).reason == "CODEC_NOT_IN_MP4"
    marked = await door.release(clip_id, tmp_path / "b.mp4", "")
    assert marked.media_type == "video/mp4"


async def test_the_setting_marks_every_clip(everyday_clip: Path, tmp_path: Path) -> None:
    async with house(settings_for(tmp_path / "home", visible_mark="AI")) as door:
        for asked, told in ((None, "AI"), ("By Jane", "AI - By Jane")):
            clip_id = await _cleared(door, everyday_clip)
            await door.release(clip_id, tmp_path / "out.mp4", asked)
            recorded = await _mark_on_record(door, clip_id)
            assert recorded == hashlib.sha256(told.encode()).hexdigest()
        left = list((tmp_path / "home" / "incoming").iterdir())
        assert left == []


async def test_an_unfit_setting_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        settings_for(tmp_path, visible_mark="a\nb")
    assert "visible_mark" in refused.value.field
