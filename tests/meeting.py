"""Worker processes that stop when they open a clip, until the test has done something to them.

What a test does to a worker must happen in the middle of its work. Waiting for the worker's
progress is no way to get there: on a busy machine the work may be over before it is heard of.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

# Python imports a module of this name at its start.
_HOOK_NAME = "sitecustomize.py"
_HOOK = """\
import os, socket, sys

_met = False

def _meet(event, arguments):
    global _met
    if event != "open" or _met or not str(arguments[0]).startswith(os.environ["MEETING_FOLDER"]):
        return
    _met = True
    with socket.create_connection(("127.0.0.1", int(os.environ["MEETING_PORT"]))) as meeting:
        meeting.sendall(os.getpid().to_bytes(4, "big"))
        meeting.recv(1)

if "moderation.worker" in sys.orig_argv:
    sys.addaudithook(_meet)
"""

OnArrival = Callable[[int], Awaitable[None]]


@asynccontextmanager
async def meeting(folder: Path, on_arrival: OnArrival) -> AsyncIterator[dict[str, str]]:
    """Have each worker that starts in the block wait before it first opens a file in a folder.

    Args:
        folder: Folder of the clips; whatever a worker opens in it counts.
        on_arrival: Called with the id of the worker's process; when it returns, the worker goes on.

    Returns:
        What a program that does not inherit the environment needs for its own workers to wait.
    """
    faults: list[Exception] = []

    async def arrived(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await on_arrival(int.from_bytes(await reader.readexactly(4), "big"))
        except Exception as fault:  # noqa: BLE001 - raised below
            faults.append(fault)
        finally:
            writer.close()

    server = await asyncio.start_server(arrived, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        (Path(place) / _HOOK_NAME).write_text(_HOOK)
        environ = {
            "PYTHONPATH": place,
            "MEETING_PORT": str(port),
            "MEETING_FOLDER": f"{folder}{os.sep}",
        }
        for name, value in environ.items():
            patch.setenv(name, value)
        async with server:
            yield environ
    assert not faults, faults


async def kill(pid: int) -> None:
    """Kill a process, as the kernel does when memory runs out."""
    os.kill(pid, signal.SIGKILL)
