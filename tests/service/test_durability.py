"""`kill -9` of the server: every verdict that a client has received is in the log afterwards."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from grpc import aio

from framegate.v1 import audit_pb2, moderation_pb2, moderation_pb2_grpc
from moderation.assembly import make_keys
from moderation.audit import verification
from moderation.audit.checkpoint import VerifierKey
from tests.house import CACHE, header, house, settings_for
from tests.meeting import meeting

CLIENTS = 8


def _serve(home: Path, address: str, more: dict[str, str]) -> subprocess.Popen[bytes]:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "FRAMEGATE_HOME": str(home),
        "FRAMEGATE_CACHE": str(CACHE),
        "FRAMEGATE_CLIP_WORKERS": "1",
    } | more
    return subprocess.Popen(
        [sys.executable, "-m", "moderation.cli", "serve", "--listen", address],
        env=environ,
        stderr=subprocess.DEVNULL,
    )


async def _client(
    stub: moderation_pb2_grpc.ModerationServiceAsyncStub,
    number: int,
    got: list[tuple[int, str]],
    enough: asyncio.Event,
) -> None:
    take = 0
    while True:
        request = moderation_pb2.ScreenPromptRequest(prompt=f"a dog, client {number}, take {take}")
        try:
            reply = await stub.ScreenPrompt(request, wait_for_ready=take == 0)
        except aio.AioRpcError:
            return
        got.append((reply.verdict.audit.leaf_index, reply.verdict.audit.leaf_hash))
        if len(got) > CLIENTS:
            enough.set()
        take += 1


async def test_no_verdict_is_lost_when_the_server_is_killed(
    tmp_path: Path, everyday_clip: Path
) -> None:
    home = tmp_path / "home"
    settings = settings_for(home)
    make_keys(settings.keys_folder, settings.provider, datetime.now(UTC))
    address = f"unix:{tmp_path}/gate.sock"
    got: list[tuple[int, str]] = []
    enough = asyncio.Event()
    data = everyday_clip.read_bytes()
    clip_id = ""

    async def upload() -> AsyncIterator[moderation_pb2.ReviewClipRequest]:
        yield moderation_pb2.ReviewClipRequest(header=header(size_bytes=len(data)))
        yield moderation_pb2.ReviewClipRequest(chunk=data)

    async def kill_server(_: int) -> None:
        # In the middle of a review, while all clients are being answered.
        await enough.wait()
        server.kill()

    async with meeting(home, kill_server) as environ:
        server = _serve(home, address, environ)
        try:
            async with aio.insecure_channel(address) as channel:
                stub = moderation_pb2_grpc.ModerationServiceStub(channel)
                clients = [
                    asyncio.create_task(_client(stub, number, got, enough))
                    for number in range(CLIENTS)
                ]
                with pytest.raises(aio.AioRpcError):
                    async for event in stub.ReviewClip(upload(), wait_for_ready=True):
                        clip_id = clip_id or event.accepted.clip_id
                await asyncio.gather(*clients)
        finally:
            server.kill()
            server.wait()
    assert len(got) > CLIENTS
    async with house(settings) as door:
        leaves: dict[int, str] = {}
        token = ""
        while True:
            page = await door.audit.ListEntries(
                audit_pb2.ListEntriesRequest(page_size=1000, page_token=token)
            )
            leaves |= {entry.leaf_index: entry.leaf_hash for entry in page.entries}
            token = page.next_page_token
            if not token:
                break
        assert [pair for pair in got if leaves.get(pair[0]) != pair[1]] == []
        state = await door.moderation.GetClip(moderation_pb2.GetClipRequest(clip_id=clip_id))
        assert state.clip.state == moderation_pb2.CLIP_STATE_RECEIVED
        assert state.clip.reason == "INTERRUPTED"
        target = tmp_path / "bundle"
        with target.open("wb") as out:
            async for part in door.audit.ExportBundle(audit_pb2.ExportBundleRequest()):
                out.write(part.chunk)
    report = verification.verify(target, VerifierKey.load(settings.keys_folder / "log.pub"))
    assert report.ok, report.fault
