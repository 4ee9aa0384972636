"""How fast a cancelled review stops: from the client's cancel to the worker being free again.

A 20 s clip of 1920x1080 is reviewed over a real server; the client cancels at the first progress.
The worker is free when the next review, of a short clip, shows its first progress; the time that
the same short review takes on a free worker is measured beside it. What must be under 500 ms is
the difference.

    python -m benchmarks.cancelling [--rounds 10]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from framegate.v1 import moderation_pb2
from models.sample_clips import sample_clip
from moderation import settings as settings_module
from moderation.assembly import make_keys
from moderation.cli.door import Door, opened
from moderation.logs import configure


def _long_clip(path: Path) -> Path:
    """20 s of 1080p at 24 fps and about 8 Mb/s, a keyframe every 250 pictures."""
    chance = np.random.default_rng(1)
    ground = chance.integers(0, 255, (1080 // 8, 2400 // 8, 3), dtype=np.uint8)
    ground = ground.repeat(8, axis=0).repeat(8, axis=1)
    with av.open(str(path), "w") as clip:
        stream = clip.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        stream.bit_rate = 8_000_000
        stream.options = {"preset": "veryfast", "g": "250"}
        stream.codec_context.time_base = Fraction(1, 24)
        for index in range(480):
            picture = np.ascontiguousarray(ground[:, index : index + 1920])
            clip.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        clip.mux(stream.encode())
    return path


async def _upload(path: Path) -> AsyncIterator[moderation_pb2.ReviewClipRequest]:
    data = await asyncio.to_thread(path.read_bytes)
    yield moderation_pb2.ReviewClipRequest(
        header=moderation_pb2.ClipHeader(
            size_bytes=len(data),
            generator=moderation_pb2.Generator(name="bench", version="1"),
        )
    )
    for start in range(0, len(data), 1 << 20):
        yield moderation_pb2.ReviewClipRequest(chunk=data[start : start + (1 << 20)])


async def _until_progress(door: Door, path: Path, *, cancel: bool) -> float:
    """Milliseconds from the call to its first progress; the call is cancelled there or finished."""
    began = time.perf_counter()
    first_ms = 0.0
    call = door.moderation.ReviewClip(_upload(path))
    with contextlib.suppress(asyncio.CancelledError):
        async for event in call:
            if event.HasField("progress") and not first_ms:
                first_ms = (time.perf_counter() - began) * 1000
                if cancel:
                    call.cancel()
    return first_ms


async def _run(rounds: int) -> None:
    configure("json", "error")
    cache = settings_module.load().cache_folder
    with tempfile.TemporaryDirectory() as folder:
        long = await asyncio.to_thread(_long_clip, Path(folder) / "long.mp4")
        short = sample_clip("carphone_distorted.mp4", cache)
        settings = settings_module.load(
            environ={}, home=Path(folder) / "home", cache=cache, clip_workers=1
        )
        make_keys(settings.keys_folder, "bench", datetime.now(UTC))
        async with opened(settings, "") as door:
            await _until_progress(door, short, cancel=False)
            free, after = [], []
            for _ in range(rounds):
                free.append(await _until_progress(door, short, cancel=False))
                await _until_progress(door, long, cancel=True)
                after.append(await _until_progress(door, short, cancel=False))
    waits = [late - early for late, early in zip(after, free, strict=True)]
    print(
        f"{long.name}: first progress of the next review after {statistics.median(after):.0f} ms, "
        f"on a free worker after {statistics.median(free):.0f} ms; the cancel cost "
        f"{statistics.median(waits):.0f} ms, at most {max(waits):.0f} ms, n = {rounds} (bar 500)"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    asyncio.run(_run(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
