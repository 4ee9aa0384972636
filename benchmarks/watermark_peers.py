"""The watermark and the fingerprint beside the packages that could be installed instead.

    python -m venv PEERS && PEERS/bin/pip install --no-deps -r benchmarks/peers-requirements.txt
    FRAMEGATE_DATA=../shared/data python -m benchmarks.watermark_peers --peers PEERS/bin/python
        [--clips 12] [--slow-clips 4] [--hash-clips 12] [--neural CARD] [--out FILE]

The same clips, the same attacks, the same measures. Clips are scaled to at most 360 lines and cut
to their first two seconds; packages that take seconds for a picture get the first eight pictures of
fewer clips, and so does Framegate, once more, beside them. Framegate adds pictures up, so that it
reads more from longer clips, which the packages do not: it has a row for six seconds too. Every
package marks each picture of a
clip with the same 32 random bits, as it ships: nothing is tuned. All marked clips are encoded as a
release is (x264, crf 17), then attacked. The packages read single pictures: the majority of the
pictures that are read counts, and what was scaled or cropped is scaled back to the marked size
first. A clip counts as identified at the rate of false alarms that the last column names: Framegate
and a network (`--neural`, a card as in `provenance.watermark.networks`) among a million registered
codes; a package where all 32 bits are right. None of the packages but blind-watermark has a key,
and none states a rate of false alarms.

videohash, which gives a whole clip 64 bits, is asked beside the fingerprint for copies of clips, at
most 320 lines and 6 s of each, all registered: which clip comes first, and whether its distance is
within the package's own threshold.

A package that is not installed says so in its row. With `--out` the results of each clip are kept,
and a run that was stopped goes on. Intervals are 95 %: bootstrap over clips, Wilson for shares.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

import av
import cv2

from benchmarks.fingerprinting import Source
from benchmarks.peers.connection import PeerFailed, Peers
from benchmarks.peers.hashes import Hashing, report
from benchmarks.peers.markers import Marker, Neural, Ours, Peer
from benchmarks.reposting import ATTACKS
from benchmarks.watermarking import interval, share
from media.errors import FramegateError
from provenance.watermark.networks import load
from provenance.watermark.training.clips import chosen
from provenance.watermark.training.reposting import Rgb, decoded, encode, x264

CHOSEN = (
    "none", "x264 crf 28", "x264 crf 33", "x264 crf 40", "scaled to 0.55 of the side",
    "cropped to 0.71 of the area", "mirrored", "trimmed to 1 s",
)  # fmt: skip
SHORT_PICTURES = 8
_HASH_LINES, _HASH_S = 320, 6.0


@dataclass(frozen=True, slots=True)
class Run:
    """How much of a clip is marked.

    Attributes:
        name: In records.
        label: Behind a marker's name.
        seconds: At most.
        pictures: At most, or None.
    """

    name: str
    label: str = ""
    seconds: float = 2.0
    pictures: int | None = None


WHOLE = Run("whole", ", 6 s", 6.0)
LONG = Run("long")
SHORT = Run("short", pictures=SHORT_PICTURES)


@dataclass(slots=True)
class Bench:
    """Markers, clips, and what was measured.

    Attributes:
        out: Where records are kept as well, or None.
        lines: Short side of the clips, at most.
        records: One for each clip, run and marker, and for each clip that was hashed.
    """

    out: Path | None
    lines: int = 360
    records: list[dict[str, Any]] = field(default_factory=list)

    def take(self, clip: Path, index: int, markers: Iterable[Marker], run: Run) -> None:
        """Measure markers that this was not done for yet on one clip."""
        done = {each["method"] for each in self.records if each.get("clip") == clip.name
                and each["run"] == run.name}  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            plain = Path(folder, "plain.mp4")
            for marker in markers:
                if marker.name in done:
                    continue
                try:
                    if not plain.exists():
                        _cut(clip, plain, run, self.lines)
                    made = _measured(plain, marker, f"{index}", run)
                except (FramegateError, av.FFmpegError, PeerFailed) as error:
                    print(f"left out: {clip.name}, {marker.name}: {error}", flush=True)
                    continue
                self.keep({"clip": clip.name, "method": marker.name, "run": run.name} | made)
                print(f"{index + 1}: {marker.name}, {run.name}, {clip.name}", flush=True)

    def keep(self, record: dict[str, Any]) -> None:
        """Keep a record."""
        self.records.append(record)
        if self.out is not None:
            with self.out.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(record) + "\n")


def _cut(clip: Path, target: Path, run: Run, lines: int) -> None:
    """Write the beginning of a clip, its short side at most so long."""
    shown = []
    for index, (at_s, rgb) in enumerate(decoded(clip, run.seconds)):
        if index == run.pictures:
            break
        share_kept = min(1.0, lines / min(rgb.shape[:2]))
        width, height = (int(side * share_kept) // 2 * 2 for side in (rgb.shape[1], rgb.shape[0]))
        scaled = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA)
        shown.append((at_s, cast("Rgb", scaled)))
    encode(target, iter(shown), "libx264", x264(10))


def _measured(plain: Path, marker: Marker, seed: str, run: Run) -> dict[str, Any]:
    marked, attacked = (plain.with_name(f"{name}.mp4") for name in ("marked", "attacked"))
    cost = marker.mark(plain, marked, seed)
    found: dict[str, Any] = {}
    for name in CHOSEN:
        if run.pictures is not None and ATTACKS[name].seconds is not None:
            continue
        ATTACKS[name].run(marked, attacked)
        found[name] = asdict(marker.read(attacked, seed))
    return {"cost": asdict(cost), "attacks": found}


def kept(out: Path | None, options: dict[str, Any]) -> Bench:
    """Take up what an earlier run with the same options has kept in `out`.

    Raises:
        ValueError: The file is of a run with other options.
    """
    bench = Bench(out)
    if out is not None and out.exists() and out.stat().st_size:
        first, *rest = (json.loads(line) for line in out.read_text("utf-8").splitlines())
        if first != options:
            msg = f"{out} is of a run with other options; take another file"
            raise ValueError(msg)
        bench.records = rest
    elif out is not None:
        out.write_text(json.dumps(options) + "\n", "utf-8")
    return bench


def tables(bench: Bench, markers: Sequence[tuple[Marker, Run]], missing: Sequence[str]) -> None:
    """Print what was measured of markers, and which are missing."""
    rows = {
        marker.name + run.label: (marker, [
            each for each in bench.records
            if each.get("method") == marker.name and each["run"] == run.name
        ])
        for marker, run in markers
    }  # fmt: skip
    print("\n| attack | watermark | n | bits read | identified |\n|---|---|---|---|---|")
    for name in CHOSEN:
        for label, (_, records) in rows.items():
            found = [each["attacks"][name] for each in records if name in each["attacks"]]
            if found:
                bits = interval([each["bits"] for each in found])
                hits = share(sum(each["hit"] for each in found), len(found))
                print(f"| {name} | {label} | {len(found)} | {bits} | {hits} |")
    for label in missing:
        print(f"| all | {label} | 0 | not installed | |")
    print(
        "\n| watermark | n | payload, bits | PSNR-Y, dB | PSNR-RGB, dB | SSIM-Y | embed, CPU ms a "
        "picture of 854 x 480 | detect, likewise | and once a clip, CPU ms | rate of false alarms "
        "|\n|---|---|---|---|---|---|---|---|---|---|"
    )
    for label, (marker, records) in rows.items():
        if records:
            cells = " | ".join(
                interval([each["cost"][name] for each in records])
                for name in ("psnr", "psnr_rgb", "ssim", "embed_ms", "detect_ms")
            )
            once = interval([
                sum(read.get("once_ms", 0.0) for read in each["attacks"].values())
                / len(each["attacks"]) for each in records
            ])  # fmt: skip
            print(f"| {label} | {len(records)} | {marker.bits} | {cells} | {once} "
                  f"| {marker.alarms} |")  # fmt: skip


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, default=os.environ.get("FRAMEGATE_DATA"))
    parser.add_argument("--split", default="eval", choices=["eval", "train", "other"])
    parser.add_argument("--peers", type=Path, default=Path(), help="their Python interpreter")
    parser.add_argument("--clips", type=int, default=12)
    parser.add_argument("--slow-clips", type=int, default=4, help="of which for slow packages")
    parser.add_argument("--lines", type=int, default=360, help="short side of clips, at most")
    parser.add_argument("--least-side", type=int, default=240, help="pixels; none smaller")
    parser.add_argument("--hash-clips", type=int, default=12, help="for whole-video hashes")
    parser.add_argument("--neural", type=Path, help="card of a network, see provenance/watermark")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="where the results of each clip are kept")
    options = parser.parse_args()
    if options.data is None:
        parser.error("--data or FRAMEGATE_DATA names the data folder")
    cv2.setNumThreads(1)
    # A network has its digest in its name: it may be added to what an earlier run has kept.
    free = ("out", "data", "neural")
    said = {name: str(value) for name, value in vars(options).items() if name not in free}
    try:
        bench = kept(options.out, said)
    except ValueError as error:
        parser.error(str(error))
    data = Path(options.data)
    bench.lines = options.lines
    clips = chosen(data, options.split, options.clips, options.seed, options.least_side)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "peers.log")
        with Peers(options.peers, log) as peers:
            wrong = _run(options, bench, clips, peers, Path(folder))
    if wrong:
        parser.exit(1, "a wrong clip was identified\n")


def _run(
    options: argparse.Namespace, bench: Bench, clips: list[Path], peers: Peers, folder: Path
) -> bool:
    own: list[Marker] = [Ours()]
    if options.neural is not None:
        own.append(Neural(load(options.neural)))
    fast = [Peer(peers, name, 9, 3) for name in ("dwtDct", "dwtDctSvd")]
    slow = [Peer(peers, name, 3, 1) for name in ("rivaGan", "blind-watermark")]
    fast_there, slow_there = (
        [peer for peer in group if peer.method in peers.versions] for group in (fast, slow)
    )
    for index, clip in enumerate(clips):
        bench.take(clip, index, own, WHOLE)
        bench.take(clip, index, [*own, *fast_there], LONG)
        if index < options.slow_clips:
            bench.take(clip, index, [*own, *slow_there], SHORT)
    hashed = _hashes(options, bench, peers, folder)
    print(f"\n{len(clips)} clips of {options.split}, first {LONG.seconds:g} s, at most "
          f"{options.lines} lines; of each clip the packages read 9 pictures")  # fmt: skip
    shown = [*((marker, WHOLE) for marker in own), *((each, LONG) for each in [*own, *fast_there])]
    tables(bench, shown, [peer.name for peer in fast if peer not in fast_there])
    print(f"\n{min(options.slow_clips, len(clips))} of them, the first {SHORT_PICTURES} pictures; "
          "of each clip the packages read 3 pictures")  # fmt: skip
    shown = [(each, SHORT) for each in [*own, *slow_there]]
    tables(bench, shown, [peer.name for peer in slow if peer not in slow_there])
    report(hashed, peers.versions.get("videohash", ""))
    reads = [each for record in bench.records for each in record.get("attacks", {}).values()]
    wrong = sum(each["wrong"] for each in reads)
    print(f"\nwrong clips identified: {wrong} of {len(reads)}")
    return bool(wrong)


def _hashes(
    options: argparse.Namespace, bench: Bench, peers: Peers, folder: Path
) -> list[dict[str, Any]]:
    side = options.least_side
    paths = chosen(Path(options.data), options.split, options.hash_clips, options.seed, side)
    videos = Path(options.data) / "video"
    names = [path.relative_to(videos).as_posix() for path in paths]
    hashing = Hashing(Source(Path(options.data), _HASH_S, _HASH_LINES), names, peers, folder)
    hashing.register()
    done = {each["hashes"] for each in bench.records if "hashes" in each}
    for record in hashing.records(done):
        bench.keep(dict(record))
        print(f"hashed: {record['hashes']}", flush=True)
    print(f"clips found before they were registered: {hashing.strangers} of {len(hashing.ready)}")
    return [each for each in bench.records if each.get("hashes") in hashing.ready]


if __name__ == "__main__":
    main()
