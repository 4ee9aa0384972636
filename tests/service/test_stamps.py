"""Time stamps by way of a real server: failures have names, and the record says what became."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from grpc import aio
from prometheus_client import REGISTRY

from framegate.v1 import audit_pb2, moderation_pb2
from moderation.cli.door import Door
from tests.house import error_info, header, house, settings_for
from tests.provenance.stamping import stamping


async def _release_entry(door: Door, clip_id: str) -> dict[str, str]:
    page = await door.audit.ListEntries(audit_pb2.ListEntriesRequest(clip_id=clip_id))
    (entry,) = [entry for entry in page.entries if entry.event == "clip.released"]
    details: dict[str, str] = json.loads(entry.leaf)["details"]
    return details


def _count(state: str) -> float:
    return REGISTRY.get_sample_value("framegate_timestamps_total", {"state": state}) or 0.0


async def _cleared(door: Door, clip: Path) -> str:
    verdict = await door.review(clip, header(), lambda _: None)
    return verdict.clip_id


async def test_a_required_stamp_can_be_had_later(tmp_path: Path, everyday_clip: Path) -> None:
    with stamping(tmp_path / "tsa") as authority:
        settings = settings_for(
            tmp_path / "home", timestamp_url=authority.url, timestamp_deadline_ms=2_000
        )
        async with house(settings) as door:
            clip_id = await _cleared(door, everyday_clip)
            authority.mode = "http 500"
            with pytest.raises(aio.AioRpcError) as failed:
                await door.release(clip_id, tmp_path / "out.mp4")
            info = error_info(failed.value)
            assert info.reason == "TIMESTAMP_UNAVAILABLE"
            assert info.metadata["retryable"] == "true"
            assert not (tmp_path / "out.mp4").exists()
            assert not list((settings.home / "released").rglob("*.mp4"))
            request = moderation_pb2.GetClipRequest(clip_id=clip_id)
            state = (await door.moderation.GetClip(request)).clip.state
            assert state == moderation_pb2.CLIP_STATE_CLEARED

            authority.mode, before = "good", _count("stamped")
            await door.release(clip_id, tmp_path / "out.mp4")
            assert _count("stamped") == before + 1
            details = await _release_entry(door, clip_id)
            assert details["timestamp"] == "stamped"
            assert details["timestamp_authority"] == authority.host


async def test_best_effort_is_on_record(tmp_path: Path, everyday_clip: Path) -> None:
    settings = settings_for(
        tmp_path / "home",
        timestamp_url="http://127.0.0.1:9/",
        timestamp_required=False,
        timestamp_deadline_ms=2_000,
    )
    async with house(settings) as door:
        clip_id, before = await _cleared(door, everyday_clip), _count("unavailable")
        await door.release(clip_id, tmp_path / "out.mp4")
        assert _count("unavailable") == before + 1
        details = await _release_entry(door, clip_id)
        assert details["timestamp"] == "unavailable"
        assert "timestamp_authority" not in details
