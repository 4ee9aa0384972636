"""What the tests of recognition share: clips with texture, released, and stripped again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from framegate.v1 import audit_pb2, moderation_pb2
from framegate.v1 import provenance_pb2 as pb
from moderation.cli import answers
from moderation.cli.door import Door
from tests.clips import make_clip
from tests.house import header
from tests.provenance.watermark.marking import Rgb

FPS, PICTURES = 12, 36
SIZE = (640, 360)


@dataclass(frozen=True, slots=True)
class Out:
    """A clip that was released."""

    clip_id: str
    plain: Path
    path: Path


def scene(seed: int) -> list[Rgb]:
    """Three seconds of a textured landscape that drifts; no two seeds look alike."""
    width, height = SIZE
    rng = np.random.default_rng(seed)
    ground = np.full((height + 64, width + 64, 3), 120, np.float32)
    for share, strength in ((2, 6), (8, 12), (40, 40)):
        grain = rng.normal(size=(ground.shape[0] // share, ground.shape[1] // share, 3))
        ground += strength * cv2.resize(
            grain.astype(np.float32), ground.shape[1::-1], interpolation=cv2.INTER_CUBIC
        )
    picture = np.clip(ground, 0, 255).astype(np.uint8)
    return [
        np.ascontiguousarray(picture[at : at + height, at : at + width]) for at in range(PICTURES)
    ]


def drawn(folder: Path, seed: int) -> Path:
    """Write a landscape as a clip."""
    path = folder / f"plain-{seed}.mp4"
    return make_clip(path, fps=FPS, pictures=scene(seed), options={"crf": "10"})


async def released(door: Door, plain: Path, sources: tuple[moderation_pb2.Source, ...] = ()) -> Out:
    """Have a clip reviewed and released."""
    verdict = await door.review(plain, header(), lambda _: None)
    path = plain.with_name(f"out-{plain.name}")
    await door.release(verdict.clip_id, path, sources=sources)
    return Out(verdict.clip_id, plain, path)


def stripped(path: Path) -> Path:
    """Copy a clip's packets into a new file, as an upload site does; its manifest is lost."""
    target = path.with_name(f"stripped-{path.name}")
    with av.open(str(path)) as source, av.open(str(target), "w") as copy:
        stream = copy.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                copy.mux(packet)
    return target


async def released_on_record(door: Door, clip_id: str) -> dict[str, Any]:
    """What the log tells of a release."""
    page = await door.audit.ListEntries(audit_pb2.ListEntriesRequest(clip_id=clip_id))
    (entry,) = (entry for entry in page.entries if entry.event == "clip.released")
    details: dict[str, Any] = json.loads(entry.leaf)["details"]
    return details


def rests_on(found: pb.VerifyClipResponse) -> str:
    """Which layer an answer rests on."""
    return str(answers.verification("x.mp4", found)["rests_on"])
