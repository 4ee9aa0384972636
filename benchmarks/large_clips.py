"""Highest memory of a worker that signs a large clip, and that verifies it.

    python -m benchmarks.large_clips [--megabytes 500]

The clip is made in a temporary folder: one second of noise of 1280 x 720, whose packets are
repeated until the file has its size. It is signed and then verified by a worker, as the service
does it, each in a fresh process. The bar: under 600 MB resident.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import tempfile
import time
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av

from media.limits import MediaLimits
from moderation.clips.jobs import Job, Setup, SignJob, VerifyJob
from moderation.executor import LocalExecutor
from provenance.keys import credentials
from provenance.manifest import Release
from tests.clips import make_clip

BAR_MB = 600
_TIMEOUT_MS = 600_000


def make_large(path: Path, megabytes: int) -> Path:
    """Write an MP4 of about so many MB: one second of noise over and over."""
    one = make_clip(
        path.with_suffix(".one.mp4"),
        seconds=1,
        size=(1280, 720),
        pattern="noise",
        options={"crf": "20"},
    )
    with av.open(str(one)) as read, av.open(str(path), "w") as out:
        source = read.streams.video[0]
        stream = out.add_stream_from_template(source)
        data = [(bytes(each), each.is_keyframe) for each in read.demux(source) if each.size]
        turns = max(1, round(megabytes * 1e6 / sum(len(body) for body, _ in data)))
        for number in range(turns * len(data)):
            body, key = data[number % len(data)]
            packet = av.Packet(body)
            packet.pts = packet.dts = number
            packet.time_base, packet.duration = Fraction(1, len(data)), 1
            packet.is_keyframe, packet.stream = key, stream
            out.mux(packet)
    return path


async def measure(setup: Setup, job: Job) -> tuple[float, float]:
    """Do one job in a fresh worker; returns its highest resident memory in MB and wall seconds."""
    executor = LocalExecutor(setup, workers=1)
    peak = 0.0
    start = time.perf_counter()
    try:
        task = asyncio.create_task(executor.submit(job, timeout_ms=_TIMEOUT_MS))
        while not task.done():
            for pid in executor.process_ids:
                peak = max(peak, _peak_mb(pid))
            await asyncio.wait({task}, timeout=0.05)
        await task
    finally:
        await executor.close()
    return peak, time.perf_counter() - start


def _peak_mb(pid: int) -> float:
    """Highest resident memory of a process so far, by Linux (VmHWM)."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM")), 0.0)


async def run(megabytes: int) -> None:
    """Make the clip, sign it, verify it, and print what that took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = folder / "keys"
        keys.mkdir()
        credentials.init(keys, organization="Benchmark", now=datetime.now(UTC))
        clip = make_large(folder / "large.mp4", megabytes)
        with clip.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        setup = Setup(cache=str(folder), keys=str(keys), memory_bytes=6 << 30, nice=0)
        signed = folder / "signed.mp4"
        release = Release("clip-1", "Benchmark", "1", 0)
        limits = MediaLimits(max_bytes=4 << 30)
        job = SignJob(str(clip), digest, str(signed), release, limits)
        print(f"clip: {clip.stat().st_size / 1e6:.0f} MB")
        for what, each in (("sign", job), ("verify", VerifyJob(str(signed)))):
            peak, seconds = await measure(setup, each)
            held = "held" if peak < BAR_MB else "MISSED"
            print(f"{what}: {peak:.0f} MB resident at most ({held}: {BAR_MB}), {seconds:.1f} s")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=500)
    asyncio.run(run(parser.parse_args().megabytes))


if __name__ == "__main__":
    main()
