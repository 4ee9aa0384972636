"""A watcher on a folder that misses nothing (inotify), for claims about what never appears."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_MODIFY, _ATTRIB, _CLOSE_WRITE, _MOVED_TO, _CREATE = 0x2, 0x4, 0x8, 0x80, 0x100
_OVERFLOW = 0x4000
_NAMES = {_MODIFY: "modified", _CLOSE_WRITE: "written", _MOVED_TO: "moved in", _CREATE: "created"}
_HEAD = struct.Struct("iIII")


@dataclass
class Watched:
    """What happened in a folder, in order.

    Attributes:
        events: Pairs of what and the file's name.
        caught: A second name for every file that was moved in, made at that moment: what stood
            there then can be looked at later, even if it was replaced.
    """

    events: list[tuple[str, str]] = field(default_factory=list)
    caught: list[Path] = field(default_factory=list)


@contextmanager
def watched(folder: Path, aside: Path) -> Iterator[Watched]:
    """Watch a folder for the length of the block; `aside` is on the same file system."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "inotify_init1"):
        pytest.skip("no inotify on this system")
    aside.mkdir()
    descriptor = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    mask = _MODIFY | _CLOSE_WRITE | _MOVED_TO | _CREATE
    assert libc.inotify_add_watch(descriptor, os.fsencode(folder), mask) >= 0
    seen, (stop, stopper) = Watched(), os.pipe()

    def drain() -> None:
        with contextlib.suppress(BlockingIOError):
            while data := os.read(descriptor, 1 << 16):
                for what, name in _parsed(data):
                    seen.events.append((what, name))
                    if what == "moved in":
                        copy = aside / f"{len(seen.caught)}-{name}"
                        os.link(folder / name, copy)
                        seen.caught.append(copy)

    def run() -> None:
        while stop not in select.select([descriptor, stop], [], [])[0]:
            drain()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield seen
    finally:
        os.close(stopper)  # the other end becomes readable
        thread.join()
        drain()
        os.close(stop)
        os.close(descriptor)


def _parsed(data: bytes) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(data):
        _, mask, _, length = _HEAD.unpack_from(data, at)
        name = data[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0").decode()
        at += _HEAD.size + length
        assert not mask & _OVERFLOW, "the watcher missed something"
        for bit, what in _NAMES.items():
            if mask & bit:
                yield what, name
