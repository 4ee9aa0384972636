"""A server in a process of its own, for as long as a block lasts: for the demo and benchmarks."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from grpc import aio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from moderation.assembly import make_keys
from moderation.cli.door import Door, opened
from moderation.settings import Settings

_START_TIMEOUT_S = 60
_STOP_TIMEOUT_S = 30


def free_address() -> str:
    """A loopback address whose port nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@contextmanager
def server_process(settings: Settings, log: Path) -> Iterator[int]:
    """Run `framegate serve` with development keys; yield its process id, and stop it at the end.

    Args:
        settings: Home, cache and address of the server; the rest is at its defaults.
        log: File for what it logs.
    """
    make_keys(settings.keys_folder, settings.provider, datetime.now(UTC))
    environ = os.environ | {
        "FRAMEGATE_HOME": str(settings.home),
        "FRAMEGATE_CACHE": str(settings.cache_folder),
        "FRAMEGATE_LISTEN": settings.listen,
    }
    program = [sys.executable, "-m", "moderation.cli", "serve"]
    with log.open("wb") as stderr:
        process = subprocess.Popen(program, env=environ, stderr=stderr)  # noqa: S603 - our own
    try:
        yield process.pid
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_STOP_TIMEOUT_S)
        process.kill()


@asynccontextmanager
async def ready(settings: Settings) -> AsyncIterator[Door]:
    """Open the door to a server once its health check says that it serves."""
    async with aio.insecure_channel(settings.listen) as channel:
        await health_pb2_grpc.HealthStub(channel).Check(  # type: ignore[attr-defined]
            health_pb2.HealthCheckRequest(), wait_for_ready=True, timeout=_START_TIMEOUT_S
        )
    async with opened(settings, settings.listen) as door:
        yield door
