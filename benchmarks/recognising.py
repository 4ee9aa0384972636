"""Whether released clips are recognised after what happens to them, asked through the service.

    FRAMEGATE_DATA=../shared/data python -m benchmarks.recognising [--clips 20] [--attacks light]

Clips of the data folder are reviewed and released by a real gRPC server with one worker: marked,
fingerprinted, signed. Each is then laundered by every attack of `benchmarks.reposting`, which loses
the manifest, and sent to VerifyClip. Counted is what comes back: `made_here` with the id of the
clip, `made_here` with another id, `inconclusive`, `no_evidence`, anything else; with n and Wilson's
95 % intervals, for each attack and over all.

Then clips that were never released ("strangers") are asked about, as they are and with a mark that
somebody copied from all released clips onto them, in three ways:
- `detail`: the mean of the marked pictures without what is smooth in it, added;
- `pictures`: that mean faded in, a share of each picture;
- `with the originals`: the mean of what marking changed, which is known to who has both, added.
None of it may be called `made_here`. "one clip's mark" (of one clip, twice as strong, by who has
both) is a control: there the mark itself survives, so `inconclusive` is what is wanted.

The policy of the house judges nothing, and no model is at hand: classifiers have no say in whether
a clip is recognised, and statistics cannot make an answer `made_here` (they turn `no_evidence`
into other answers; here it stays what it is). Everything else is as in a server.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import grpc
import numpy as np
import yaml

from benchmarks.averaging import CONTROL, WAYS, Averages
from benchmarks.outcomes import OUTCOMES, Tally
from benchmarks.reposting import ATTACKS, LIGHT
from framegate.v1 import moderation_pb2, verdict_pb2
from media.errors import FramegateError
from moderation.assembly import make_keys, open_gate
from moderation.cli.door import Door, opened
from moderation.logs import configure
from moderation.policy import POLICIES
from moderation.policy.document import NEVER_OFF
from moderation.service.server import serving
from moderation.settings import Settings
from provenance.watermark.training.clips import chosen
from provenance.watermark.training.reposting import Attack, Rgb, decoded, encode, scaled, x264

_LEAST_S = 0.5


@dataclass(frozen=True, slots=True)
class Released:
    """A clip that was released.

    Attributes:
        name: Of the file that it was made from.
        plain: The clip as it came in.
        signed: As it went out.
        clip_id: Its id.
        seconds: Its length.
    """

    name: str
    plain: Path
    signed: Path
    clip_id: str
    seconds: float


def judging_nothing(path: Path) -> Path:
    """Write the default policy with every clause off that may be."""
    document: dict[str, Any] = yaml.safe_load((POLICIES / "default.yaml").read_bytes())
    for stage in document["stages"].values():
        for name, clause in stage["categories"].items():
            if name not in NEVER_OFF:
                stage["categories"][name] = {
                    "clause": clause["clause"],
                    "off": "not asked",
                    "missing": "allow",
                }
            else:
                clause["required"] = False
    document |= {"id": "judging-nothing", "rules": []}
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[Door]:
    """Serve on a free port and open the door to it."""
    settings = Settings(
        home=folder / "home",
        # There is no model in it, so none is loaded.
        cache=folder / "cache",
        policy=str(judging_nothing(folder / "policy.yaml")),
        listen="127.0.0.1:0",
        clip_workers=1,
        detect_reviewed=False,
        watermark=True,
    )
    make_keys(settings.keys_folder, settings.provider, datetime.now(UTC))
    async with (
        open_gate(settings) as gate,
        serving(gate, settings) as port,
        opened(settings, f"127.0.0.1:{port}") as door,
    ):
        yield door


@dataclass(slots=True)
class Bench:
    """All that is measured.

    Attributes:
        door: The way to the service.
        folder: Where clips are written.
        seconds: How much is taken of each clip.
        short_side: Most pixels of the shorter side.
        attacks: What is done to released clips.
    """

    door: Door
    folder: Path
    seconds: float
    short_side: int
    attacks: dict[str, Attack]
    tallies: dict[str, Tally] = field(default_factory=dict)
    strangers: dict[str, Tally] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    number: int = 0

    def prepared(self, source: Path) -> tuple[Path, float]:
        """Write the first seconds of a clip as they come to the service.

        Raises:
            ValueError: There is too little of it.
        """
        self.number += 1
        plain = self.folder / f"plain-{self.number}.mp4"
        shown: list[tuple[Fraction, Rgb]] = []
        for at_s, rgb in decoded(source, self.seconds):
            part = min(1.0, self.short_side / min(rgb.shape[:2]))
            shown.append((at_s, scaled(part)(rgb) if part < 1 else rgb))
        if len(shown) < 2 or shown[-1][0] < _LEAST_S:
            msg = "too short"
            raise ValueError(msg)
        encode(plain, iter(shown), "libx264", x264(10))
        return plain, float(shown[-1][0])

    async def release(self, source: Path) -> Released:
        """Have a clip reviewed and released.

        Raises:
            ValueError: It is too short, or was not cleared.
        """
        plain, seconds = self.prepared(source)
        header = moderation_pb2.ClipHeader(
            generator=moderation_pb2.Generator(name="Measured", version="1")
        )
        verdict = await self.door.review(plain, header, lambda _: None)
        decision = verdict.judgement.decision
        if decision != verdict_pb2.DECISION_ALLOW:
            msg = f"not cleared: {verdict_pb2.Decision.Name(decision)}"
            raise ValueError(msg)
        signed = plain.with_name(f"signed-{self.number}.mp4")
        await self.door.release(verdict.clip_id, signed)
        return Released(source.name, plain, signed, verdict.clip_id, seconds)

    async def launder(self, clip: Released) -> str:
        """Attack a clip in all ways and ask about it; return a line about it."""
        missed = []
        for name, attack in self.attacks.items():
            if attack.seconds and clip.seconds < attack.first_s + attack.seconds:
                continue
            copy = self.folder / "copy.mp4"
            attack.run(clip.signed, copy)
            tally = self.tallies.setdefault(name, Tally())
            said = await self._ask(copy, tally, clip.clip_id)
            if said != "right id":
                missed.append(f"{name}: {said}")
            if said == "wrong id":
                self.notes.append(f"wrong id: {clip.name} after {name}")
        return "; ".join(missed) or "all right"

    async def ask_stranger(self, source: Path, averages: Averages) -> str:
        """Ask about a clip that was never released, as it is and with copied marks."""
        plain, _ = self.prepared(source)
        tally = self.strangers.setdefault("as it is", Tally())
        lines = [f"as it is: {await self._ask(plain, tally, '')}"]
        for way, strengths in WAYS.items():
            for strength in strengths:
                name = f"{way} x {strength:g}"
                copy = self.folder / "copy.mp4"
                pictures = (
                    (at_s, averages.onto(rgb, index, way, strength))
                    for index, (at_s, rgb) in enumerate(decoded(plain))
                )
                encode(copy, pictures, "libx264", x264(18))
                said = await self._ask(copy, self.strangers.setdefault(name, Tally()), "")
                lines.append(f"{name}: {said}")
                if said == "wrong id":
                    self.notes.append(f"made_here: {source.name}, {name}")
        if lines[0].endswith("wrong id"):
            self.notes.append(f"made_here: {source.name} as it is")
        return "; ".join(lines)

    async def _ask(self, clip: Path, tally: Tally, clip_id: str) -> str:
        began = time.perf_counter()
        found = await self.door.verify(clip)
        return tally.add(found, clip_id, (time.perf_counter() - began) * 1000)

    def report(self, averaged: int) -> None:
        """Print the tables."""
        heads = " | ".join(OUTCOMES)
        print(f"\n| attack | n | made_here, right id [95 %] | {heads} | by mark | by pictures |")
        print("|---|---|---|" + "---|" * (len(OUTCOMES) + 2))
        whole = Tally()
        for name, tally in self.tallies.items():
            print(tally.row(name))
            whole = whole.joined(tally)
        print(whole.row("**all**"))
        heads = " | ".join(OUTCOMES[2:])
        print(f"\nstrangers; marks averaged over {averaged} released clips\n")
        print(f"| clip | n | made_here [95 %] | made_here | {heads} |")
        print("|---|---|---|---|" + "---|" * len(OUTCOMES[2:]))
        copied = Tally()
        for name, tally in self.strangers.items():
            print(tally.stranger_row(name))
            if name != "as it is" and not name.startswith(CONTROL):
                copied = copied.joined(tally)
        print(copied.stranger_row("**averaged, all**"))
        if whole.millis:
            spent = np.percentile(whole.millis, [50, 95])
            print(f"\nanswer of VerifyClip: median {spent[0]:.0f} ms, p95 {spent[1]:.0f} ms")
        for note in self.notes:
            print(f"- {note}")


async def run(options: argparse.Namespace, attacks: dict[str, Attack]) -> int:
    """Release, launder, ask; return how often `made_here` was wrong."""
    wanted = options.clips + options.strangers
    drawn = chosen(Path(options.data), options.split, 4 * wanted, options.seed, options.least_side)
    sources = iter(drawn)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with house(folder) as door:
            bench = Bench(door, folder, options.seconds, options.short_side, attacks)
            clips: list[Released] = []
            averages = Averages()
            for source in sources:
                try:
                    clips.append(await bench.release(source))
                except (ValueError, FramegateError, av.FFmpegError, grpc.RpcError) as error:
                    print(f"left out: {source.name}: {_said(error)}", flush=True)
                    continue
                averages.add(clips[-1].signed, clips[-1].plain)
                print(f"released {len(clips)}/{options.clips} {source.name}", flush=True)
                if len(clips) == options.clips:
                    break
            asked = 0
            for source in sources if options.strangers else ():
                try:
                    said = await bench.ask_stranger(source, averages)
                except (ValueError, av.FFmpegError) as error:
                    print(f"left out: {source.name}: {_said(error)}", flush=True)
                    continue
                asked += 1
                print(f"stranger {asked}/{options.strangers} {source.name}: {said}", flush=True)
                if asked == options.strangers:
                    break
            for index, clip in enumerate(clips):
                said = await bench.launder(clip)
                spent = time.monotonic() - began
                print(f"{index + 1}/{len(clips)} {spent:.0f} s {clip.name}: {said}", flush=True)
            bench.report(len(clips))
    wrong = sum(tally.outcomes["wrong id"] for tally in bench.tallies.values())
    return wrong + sum(tally.made_here for tally in bench.strangers.values())


def _said(error: Exception) -> str:
    if isinstance(error, grpc.aio.AioRpcError):
        return f"{error.code().name}: {error.details()}"
    return f"{type(error).__name__}: {error}"


def named(given: str) -> dict[str, Attack]:
    """The attacks of an option: `all`, `light`, or names with semicolons between them.

    Raises:
        ValueError: There is no such attack.
    """
    names: Sequence[str] = {"all": tuple(ATTACKS), "light": LIGHT}.get(
        given, tuple(each.strip() for each in given.split(";"))
    )
    if unknown := [name for name in names if name not in ATTACKS]:
        msg = f"--attacks: {unknown[0]!r} is none of {'; '.join(ATTACKS)}"
        raise ValueError(msg)
    return {name: ATTACKS[name] for name in names}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("FRAMEGATE_DATA"))
    parser.add_argument("--split", default="eval", choices=["eval", "train"])
    parser.add_argument("--clips", type=int, default=20)
    parser.add_argument("--strangers", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--short-side", type=int, default=480, help="pixels; none is larger")
    parser.add_argument("--least-side", type=int, default=96, help="pixels; none is smaller")
    parser.add_argument("--attacks", default="all", help="all, light, or names; semicolons between")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.data is None:
        parser.error("--data or FRAMEGATE_DATA names the data folder")
    try:
        attacks = named(options.attacks)
    except ValueError as error:
        parser.error(str(error))
    cv2.setNumThreads(1)
    # The encoder of AV1 talks much.
    os.environ.setdefault("SVT_LOG", "1")
    configure("json", "critical")
    if wrong := asyncio.run(run(options, attacks)):
        parser.exit(1, f"made_here was said wrongly {wrong} times\n")


if __name__ == "__main__":
    main()
