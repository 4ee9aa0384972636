"""A whole house for a test: settings, keys, a gate and a real server on a free port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
from google.rpc import error_details_pb2
from grpc import aio
from grpc_status import rpc_status

from framegate.v1 import moderation_pb2
from moderation.assembly import make_keys, open_gate
from moderation.cli.door import Door, opened
from moderation.service.server import serving
from moderation.settings import Settings
from tests.clips import cache_folder

CACHE = cache_folder()


def settings_for(home: Path, **changes: Any) -> Settings:
    """Settings of a small house in a folder of its own."""
    chosen: dict[str, Any] = {
        "home": home,
        "cache": CACHE,
        "listen": "127.0.0.1:0",
        "clip_workers": 1,
        "drain_ms": 5_000,
        "provider": "Framegate tests",
        # Both take their time; tests of them turn them on.
        "watermark": False,
        "detect_reviewed": False,
    }
    return Settings(**(chosen | changes))


@asynccontextmanager
async def house(settings: Settings) -> AsyncIterator[Door]:
    """Serve on a free port and open the door to it."""
    make_keys(settings.keys_folder, settings.provider, datetime.now(UTC))
    async with (
        open_gate(settings) as gate,
        serving(gate, settings) as port,
        opened(settings, f"127.0.0.1:{port}") as door,
    ):
        yield door


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[aio.Channel]:
    """Serve on a free port and give the bare channel."""
    make_keys(settings.keys_folder, settings.provider, datetime.now(UTC))
    async with (
        open_gate(settings) as gate,
        serving(gate, settings) as port,
        aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        yield channel


def header(**changes: Any) -> moderation_pb2.ClipHeader:
    """The header of an upload by a generator of no importance."""
    given = {"generator": moderation_pb2.Generator(name="Test generator", version="1.2.3")}
    return moderation_pb2.ClipHeader(**(given | changes))


def error_info(error: grpc.RpcError) -> error_details_pb2.ErrorInfo:
    """The ErrorInfo that a failed call carries."""
    status = rpc_status.from_call(error)  # type: ignore[arg-type]
    assert status is not None, error
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    return info
