"""How many everyday clips the default policy holds back: the price of the frame models.

Reviews clips of the evaluation data (camera and generated alike, none of them harmful by its
label; CCTV clips of fights are left out) over a real server and prints the share that is not
allowed, with a 95 % Wilson interval, and which category held them. Nothing is chosen here.

    FRAMEGATE_DATA=../shared/data python -m benchmarks.everyday [--clips 120]
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import grpc

from framegate.v1 import moderation_pb2
from models.calibration import wilson_interval
from moderation import settings as settings_module
from moderation.assembly import make_keys
from moderation.cli import answers
from moderation.cli.door import Door, opened
from moderation.logs import configure


def _clips(data: Path, wanted: int) -> list[tuple[str, Path]]:
    """Every n-th clip of the evaluation split, so that all sources take part."""
    with (data / "video" / "manifest.csv").open(newline="") as table:
        rows = [
            row
            for row in csv.DictReader(table)
            if row["split"] == "eval"
            and row["label"] in ("real", "generated")
            and "surv_fight" not in row["file"]
        ]
    step = max(1, len(rows) // wanted)
    return [(row["label"], data / "video" / row["file"]) for row in rows[::step]]


async def _judge(door: Door, path: Path) -> answers.Answer:
    header = moderation_pb2.ClipHeader(
        generator=moderation_pb2.Generator(name="evaluation", version="0")
    )
    try:
        return answers.review("", await door.review(path, header, lambda _: None))
    except grpc.RpcError as error:
        return {"error": answers.failure(error)}


async def _run(clips: list[tuple[str, Path]]) -> None:
    configure("json", "error")
    judged: dict[str, list[answers.Answer]] = {}
    refused: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        cache = settings_module.load().cache_folder
        settings = settings_module.load(environ={}, home=Path(folder), cache=cache)
        make_keys(settings.keys_folder, "evaluation", datetime.now(UTC))
        async with opened(settings, "") as door:
            for label, path in clips:
                answer = await _judge(door, path)
                if "error" in answer:
                    refused[answer["error"]["reason"]] += 1
                else:
                    judged.setdefault(label, []).append(answer)
    for label, found in sorted(judged.items()):
        for decision in ("review", "block"):
            count = sum(answer["decision"] == decision for answer in found)
            low, high = wilson_interval(count, len(found))
            print(
                f"{label}: {decision} {count} of {len(found)} = {count / len(found):.1%} "
                f"(95 % {low:.1%} to {high:.1%})"
            )
        held = Counter(item["category"] for answer in found for item in answer["findings"])
        print(f"  findings by category: {dict(held)}")
    print(f"refused as no clip: {dict(refused)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=120)
    data = Path(os.environ.get("FRAMEGATE_DATA", "../shared/data"))
    if not data.is_dir():
        print(f"skipped: there is no data in {data}; set FRAMEGATE_DATA")
        return
    asyncio.run(_run(_clips(data, parser.parse_args().clips)))


if __name__ == "__main__":
    main()
