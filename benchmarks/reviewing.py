"""What the review of a clip costs, against the ordinary pipeline on the same number of frames.

    make bench-clips            # installs the two packages beside and runs this
    python -m benchmarks.reviewing [--rounds 3] [--parts]

The ordinary pipeline is openmoderate's sampler (it decodes everything and gives as many frames a
second) with nudenet on each frame, both as their packages come. Ours is the review as a worker does
it: probe, sample, classify with all embedded models, closer look. CPU time of one process, arms
interleaved, medians and the range over the rounds.

The clips are made here from Big Buck Bunny and another sample clip of the registry: 10 s, 1280 x
720, 24 frames a second, x264 veryfast at 4 Mb/s, a keyframe every 250 frames and every second.

Also: two clips at once on two workers over one clip on one, wall time; and the highest memory of a
worker that reviews a clip of 100 MB. With `--parts` only where the CPU of the first look goes.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from media.limits import MediaLimits
from media.probe import probe
from media.repeats import Repeats
from media.sampler import plan, sample
from models.evaluation.frames.glance import look
from models.registry import Registry
from models.sample_clips import sample_clip
from models.vision import ImageNetwork
from moderation import settings as settings_module
from moderation.assembly import load_policy
from moderation.clips.attention import STEP_MS
from moderation.clips.jobs import ReviewJob, Setup
from moderation.clips.reviewer import ClipReviewer
from moderation.executor import LocalExecutor
from moderation.verdict import Context, Stage
from tests.clips import make_clip

FPS, SECONDS = 24, 10
FRAMES_A_SECOND = 2.5
CLIPS = ("bigbuckbunny.mp4", "bikes.mp4")


def scenery(source: Path) -> Iterator[NDArray[np.uint8]]:
    """Ten seconds of a clip at 1280 x 720, forward and backward in turns."""
    with av.open(str(source)) as container:
        seen = [
            frame.reformat(width=1280, height=720, format="rgb24").to_ndarray()
            for frame in islice(container.decode(video=0), FPS * SECONDS)
        ]
    turns = [*seen, *reversed(seen)]
    for index in range(FPS * SECONDS):
        yield np.asarray(turns[index % len(turns)], dtype=np.uint8)


def made(folder: Path, cache: Path) -> dict[str, Path]:
    """The clips that are reviewed."""
    options = {"preset": "veryfast", "b": "4000000"}
    return {
        f"{name.partition('.')[0]}, a keyframe every {gop}": make_clip(
            folder / f"{gop}-{name}",
            fps=FPS,
            gop=gop,
            bframes=3,
            options=options,
            pictures=scenery(sample_clip(name, cache)),
        )
        for name in CLIPS
        for gop in (250, FPS)
    }


def ordinary() -> Callable[[Path], int]:
    """The sampler of openmoderate with nudenet on each frame.

    Raises:
        ImportError: The packages are not installed.
    """
    from nudenet import NudeDetector  # noqa: PLC0415
    from openmoderate.video import iter_frames  # noqa: PLC0415

    detector = NudeDetector()

    def run(path: Path) -> int:
        count = 0
        for _, picture in iter_frames(str(path), fps=FRAMES_A_SECOND):
            detector.detect(np.asarray(picture)[:, :, ::-1].copy())
            count += 1
        return count

    return run


def ours() -> Callable[[Path], int]:
    """The review of a clip as a worker does it."""
    settings = settings_module.load()
    policy = load_policy(settings)
    reviewer = ClipReviewer(Registry(settings.cache_folder))
    floors = policy.floors(Stage.FRAMES, Context(Stage.FRAMES))

    def run(path: Path) -> int:
        job = ReviewJob(str(path), MediaLimits(), FRAMES_A_SECOND, floors)
        reviewed = reviewer.review(job, lambda _: None, lambda: False)
        return reviewed.sampling.frame_count - reviewed.sampling.repeated_frames

    return run


def compare(clips: dict[str, Path], rounds: int) -> None:
    """Prints the CPU seconds of both, and their ratio."""
    arms = {"ordinary": ordinary(), "ours": ours()}
    for arm in arms.values():
        arm(next(iter(clips.values())))
    for name, path in clips.items():
        spent: dict[str, list[float]] = {arm: [] for arm in arms}
        frames: dict[str, int] = {}
        for _ in range(rounds):
            for arm, run in arms.items():
                began = time.process_time()
                frames[arm] = run(path)
                spent[arm].append(time.process_time() - began)
        ratios = [
            mine / theirs for mine, theirs in zip(spent["ours"], spent["ordinary"], strict=True)
        ]
        middle = {arm: statistics.median(times) for arm, times in spent.items()}
        print(
            f"{name}: ordinary {middle['ordinary']:.2f} s ({frames['ordinary']} frames), ours "
            f"{middle['ours']:.2f} s ({frames['ours']} classified), ratio "
            f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        )


def parts(clips: dict[str, Path]) -> None:
    """Prints where the CPU time of the first look at each clip goes."""
    settings = settings_module.load()
    registry = Registry(settings.cache_folder)
    networks = [
        network
        for card in registry.cards()
        if card.task == "image-classification" and card.profile == "embedded"
        and isinstance(network := registry.frames(card.id), ImageNetwork)
    ]  # fmt: skip
    for network in networks:
        network.score([np.zeros((256, 455, 3), np.uint8)])
    for name, path in clips.items():
        clock = _Clock()
        info = probe(path, settings.media_limits)
        spent = [f"probe {clock.ms():.0f} ms"]
        chosen = plan(info, min_fps=FRAMES_A_SECOND)
        frames = list(sample(path, info, chosen, passed_step_ms=STEP_MS))
        spent.append(f"decode {chosen.decoded_packets} and scale {len(frames)} {clock.ms():.0f} ms")
        repeats = Repeats()
        images = [frame.image for frame in frames if not repeats.is_repeat(frame.image)]
        spent.append(f"compare {clock.ms():.0f} ms")
        for network in networks:
            network.score(images)
            looks = f"{network.card.id} {clock.ms():.0f} ms"
            doubtful = int(look(network, images).in_doubt.any(axis=1).sum())
            spent.append(f"{looks} ({doubtful} of {len(images)} in doubt)")
            clock.ms()
        print(f"{name}: {', '.join(spent)}")


class _Clock:
    """CPU time of this process between two questions."""

    def __init__(self) -> None:
        self._at = time.process_time()

    def ms(self) -> float:
        """Milliseconds since the last question."""
        before, self._at = self._at, time.process_time()
        return 1000 * (self._at - before)


async def _reviews(clip: Path, count: int) -> float:
    """Wall seconds for so many reviews at once, on as many workers."""
    settings = settings_module.load()
    policy = load_policy(settings)
    floors = policy.floors(Stage.FRAMES, Context(Stage.FRAMES))
    job = ReviewJob(str(clip), MediaLimits(), FRAMES_A_SECOND, floors)
    setup = Setup(
        cache=str(settings.cache_folder.resolve()),
        keys=str(settings.keys_folder),
        memory_bytes=settings.worker_memory_bytes,
        nice=0,
    )
    executor = LocalExecutor(setup, workers=count, jobs_per_worker=100)
    try:

        async def one() -> None:
            await executor.submit(job, timeout_ms=120_000)

        await asyncio.gather(*(one() for _ in range(count)))
        began = time.monotonic()
        for _ in range(3):
            await asyncio.gather(*(one() for _ in range(count)))
        return (time.monotonic() - began) / 3
    finally:
        await executor.close()


def together(clip: Path) -> None:
    """Prints how much longer two reviews at once take than one."""
    one, two = (asyncio.run(_reviews(clip, count)) for count in (1, 2))
    print(f"one clip {one:.2f} s, two at once on two workers {two:.2f} s: {two / one:.2f} times")


def large(folder: Path) -> None:
    """Prints the highest memory of a worker that reviews a clip of about 100 MB."""
    noise = np.random.default_rng(0)
    pictures = (noise.integers(0, 255, (720, 1280, 3), dtype=np.uint8) for _ in range(8 * FPS))
    clip = make_clip(
        folder / "large.mp4",
        fps=FPS,
        options={"preset": "ultrafast", "qp": "18"},
        pictures=pictures,
    )
    seconds = asyncio.run(_reviews(clip, 1))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"a clip of {clip.stat().st_size / 1e6:.0f} MB: {seconds:.1f} s, highest memory of any "
        f"worker so far {peak:.0f} MiB"
    )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parts", action="store_true", help="only where the time goes")
    given = parser.parse_args()
    cache = settings_module.load().cache_folder
    with tempfile.TemporaryDirectory() as name:
        clips = made(Path(name), cache)
        if given.parts:
            parts(clips)
            return
        try:
            compare(clips, given.rounds)
        except ImportError as error:
            print(f"not compared: {error}; see make bench-clips")
        together(next(iter(clips.values())))
        large(Path(name))


if __name__ == "__main__":
    main()
