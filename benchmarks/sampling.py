"""What looking at a clip costs, against decoding all of it.

    python -m benchmarks.sampling [--rounds 3] [--cache .cache]

CPU time of one process, arms interleaved, medians; the ratio to "decode all" is what counts. The
clips are made here from Big Buck Bunny (a sample clip of the registry): 1280 x 720, 24 frames a
second, 11 s, x264 veryfast at 4 Mb/s with B-frames, with a keyframe every 250 frames, every second
and every half second.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from media.probe import probe
from media.sampler import plan, sample
from models.sample_clips import sample_clip
from tests.clips import make_clip

FPS = 24


def scenery(source: Path) -> Iterator[NDArray[np.uint8]]:
    """The pictures of a clip, forward and then backward."""
    with av.open(str(source)) as container:
        seen = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    yield from seen
    yield from reversed(seen)


def decode_all(path: Path) -> int:
    """Decodes every frame and scales two a second: what a plain loop over a clip does."""
    count = 0
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type, stream.codec_context.thread_count = "NONE", 1
        for index, frame in enumerate(container.decode(stream)):
            if index % (FPS // 2) == 0:
                frame.to_ndarray(format="rgb24", width=455, height=256)
                count += 1
    return count


def look(path: Path, *, min_fps: float = 2.0, every_frame: bool = False) -> int:
    """Probes and samples."""
    info = probe(path)
    chosen = plan(info, min_fps=min_fps, every_frame=every_frame)
    return sum(1 for _ in sample(path, info, chosen))


def arms() -> dict[str, Callable[[Path], int]]:
    """What is compared, by name."""
    return {
        "decode all, pick 2 a second": decode_all,
        "probe alone": lambda path: probe(path).frame_count,
        "sample, every frame for cuts": lambda path: look(path, every_frame=True),
        "sample, 2 a second": look,
        "sample, 4 a second": lambda path: look(path, min_fps=4),
    }


def main() -> None:
    """Makes the clips, runs the arms in turn and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    source = sample_clip("bigbuckbunny.mp4", options.cache)
    with tempfile.TemporaryDirectory() as folder:
        for gop in (250, FPS, FPS // 2):
            clip = make_clip(
                Path(folder) / f"gop{gop}.mp4", fps=FPS, gop=gop, bframes=3,
                options={"preset": "veryfast", "b": "4000000"}, pictures=scenery(source),
            )  # fmt: skip
            table(clip, gop, options.rounds)


def table(clip: Path, gop: int, rounds: int) -> None:
    """Prints the arms' CPU time on one clip."""
    spent: dict[str, list[float]] = {name: [] for name in arms()}
    frames = dict.fromkeys(spent, 0)
    for _ in range(rounds):
        for name, arm in arms().items():
            start = time.process_time()
            frames[name] = arm(clip)
            spent[name].append((time.process_time() - start) * 1000)
    info = probe(clip)
    whole = statistics.median(spent["decode all, pick 2 a second"])
    megabits = clip.stat().st_size * 8 / info.duration_ms / 1000
    print(f"\nkeyframe every {gop} frames, {megabits:.1f} Mb/s, plan {plan(info).strategy}, "
          f"{plan(info).decoded_packets} of {info.frame_count} packets decoded")  # fmt: skip
    print(f"{'arm':32} {'frames':>6} {'CPU ms':>8} {'ratio':>6}")
    for name, values in spent.items():
        middle = statistics.median(values)
        print(f"{name:32} {frames[name]:6} {middle:8.0f} {middle / whole:6.2f}")


if __name__ == "__main__":
    main()
