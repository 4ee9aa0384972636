"""What a screening call costs beside the bare model call, and what a clip backlog does to it.

Prints two ratios, each within one run on this machine:

* CPU of the server's process for one ScreenPrompt call over CPU of one bare call of the model on
  the same prompts (bar: 1.15). Rounds of both alternate.
* p99 of ScreenPrompt while clips are uploaded and reviewed without a pause, over the median of an
  idle server (bar: 5).

    python -m benchmarks.screening [--rounds 6] [--calls 200] [--seconds 20]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from grpc_health.v1 import health_pb2, health_pb2_grpc

from framegate.v1 import moderation_pb2
from models.registry import Registry
from models.sample_clips import sample_clip
from moderation import settings as settings_module
from moderation.cli.background import free_address, ready, server_process
from moderation.cli.door import Door
from moderation.prompts.normalise import normalise
from moderation.settings import Settings

_SCENES = ("a lighthouse", "two dancers", "a red kite", "an old tram", "a bowl of ramen")
_PLACES = ("at dawn", "in heavy rain", "on a crowded square", "beside a frozen lake")
_STYLES = ("handheld, 35 mm film", "slow motion, golden hour", "drone shot, wide angle")


def _prompts(count: int) -> list[str]:
    chance = random.Random(7)  # noqa: S311 - a fixed list of prompts, not a secret
    return [
        f"{chance.choice(_SCENES)} {chance.choice(_PLACES)}, {chance.choice(_STYLES)}, "
        f"the camera moves slowly towards the subject, take {number}"
        for number in range(count)
    ]


def _cpu_s(pid: int) -> float:
    """User and system time of one process, its children not counted."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _screen(door: Door, prompt: str) -> float:
    began = time.perf_counter()
    await door.moderation.ScreenPrompt(moderation_pb2.ScreenPromptRequest(prompt=prompt))
    return (time.perf_counter() - began) * 1000


async def _cost(door: Door, pid: int, rounds: int, calls: int, in_flight: int) -> list[float]:
    classifier = Registry(settings_module.load().cache_folder).text("prompt-safety")
    prompts = _prompts(calls)
    texts = [normalise(prompt).text for prompt in prompts]
    ratios = []
    for number in range(rounds + 1):
        before = time.process_time()
        for text in texts:
            classifier.score([text])
        bare_s = time.process_time() - before
        before = _cpu_s(pid)
        slots = asyncio.Semaphore(in_flight)

        async def one(prompt: str, slots: asyncio.Semaphore = slots) -> None:
            async with slots:
                await _screen(door, prompt)

        await asyncio.gather(*(one(prompt) for prompt in prompts))
        served_s = _cpu_s(pid) - before
        if number:  # the first round warms both
            ratios.append(served_s / bare_s)
            print(
                f"  {in_flight} in flight, round {number}: bare {bare_s / calls * 1000:.2f} ms, "
                f"served {served_s / calls * 1000:.2f} ms of CPU a call, ratio {ratios[-1]:.3f}"
            )
    return ratios


async def _floor(door: Door, pid: int, calls: int) -> float:
    """CPU milliseconds that a call costs which does nothing: grpc.aio alone, on this machine."""
    stub = health_pb2_grpc.HealthStub(door.channel)
    before = _cpu_s(pid)
    for _ in range(calls):
        await stub.Check(health_pb2.HealthCheckRequest())
    return (_cpu_s(pid) - before) / calls * 1000


async def _pace(door: Door, seconds: float, rate: float) -> list[float]:
    """Call at a fixed rate, whatever the answers take, and return each call's milliseconds."""
    prompts = _prompts(64)
    tasks = []
    began = time.perf_counter()
    for number in range(int(seconds * rate)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(_screen(door, prompts[number % len(prompts)])))
    return list(await asyncio.gather(*tasks))


async def _backlog(door: Door, clip: Path) -> None:
    while True:
        header = moderation_pb2.ClipHeader(
            generator=moderation_pb2.Generator(name="bench", version="1")
        )
        await door.review(clip, header, lambda _: None)


async def _run(settings: Settings, pid: int, options: argparse.Namespace) -> None:
    clip = sample_clip("bikes.mp4", settings.cache_folder)
    async with ready(settings) as door:
        print(f"CPU of a screening call over the bare model call, n = {options.calls} a round")
        for in_flight in (1, 8):
            ratios = await _cost(door, pid, options.rounds, options.calls, in_flight)
            print(
                f"{in_flight} in flight: median {statistics.median(ratios):.3f}, "
                f"{min(ratios):.3f} to {max(ratios):.3f} over {len(ratios)} rounds (bar 1.15)"
            )
        floor_ms = await _floor(door, pid, 1000)
        print(f"a health check, which does nothing: {floor_ms:.2f} ms of CPU a call, n = 1000")
        idle = await _pace(door, options.seconds, 15)
        load = [asyncio.create_task(_backlog(door, clip)) for _ in range(3)]
        await asyncio.sleep(2)
        busy = await _pace(door, options.seconds, 15)
        for task in load:
            task.cancel()
        for task in load:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        median = statistics.median(idle)
        p99 = float(np.percentile(busy, 99))
        print(
            f"15 prompts a second: idle median {median:.1f} ms (p99 "
            f"{np.percentile(idle, 99):.1f}), under a clip backlog median "
            f"{statistics.median(busy):.1f} ms, p99 {p99:.1f} ms, n = {len(busy)}: "
            f"ratio {p99 / median:.2f} (bar 5)"
        )


def main() -> None:
    """Run both measurements against a server process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_module.load(
            environ={},
            home=Path(folder),
            cache=settings_module.load().cache_folder,
            listen=free_address(),
        )
        with server_process(settings, Path(folder) / "server.log") as pid:
            asyncio.run(_run(settings, pid, options))


if __name__ == "__main__":
    main()
