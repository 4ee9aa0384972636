"""Launders every clip in every way and keeps what was measured, so that training is quick.

One file a clip and laundering; what is there already is not done again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from media.errors import FramegateError
from media.probe import probe
from models.registry import Registry
from provenance.detection.backbone import Backbone
from provenance.detection.features import ClipFeatures, measure
from provenance.detection.laundering import Decoded, decoded, laundered
from provenance.detection.sampling import bursts
from provenance.detection.training.corpus import Clip, clips, launderings, wanted

#: The model whose weights the backbone is.
BACKBONE = "scenes-image"
#: Called with a line for each step.
Tell = Callable[[str], None]


def open_backbone(cache: Path) -> Backbone:
    """The frozen network, fetched where it is not in the cache."""
    registry = Registry(cache)
    source = registry.card(BACKBONE).sources[0]
    path = cache / BACKBONE / source.name
    if not path.is_file():
        registry.fetch([BACKBONE])
    return Backbone(path, source.sha256)


def measure_clip(path: Path, backbone: Backbone) -> tuple[dict[str, float], ClipFeatures]:
    """What the file says about itself (for the audit alone), and what its pictures say."""
    info = probe(path)
    claims = {
        "width": info.width,
        "height": info.height,
        "fps": info.fps,
        "duration_ms": info.duration_ms,
        "bytes_per_frame": path.stat().st_size / max(1, info.frame_count),
        "bitrate": path.stat().st_size / max(1, info.duration_ms),
        "matroska": float(info.container == "matroska"),
    }
    return claims, measure(bursts(path, info), backbone)


def keep(path: Path, meta: dict[str, Any], found: ClipFeatures) -> None:
    """Write what was measured of one clip."""
    packed = np.frombuffer(msgspec.json.encode(meta), np.uint8)
    columns: dict[str, Any] = {"meta": packed, **found.rows}
    np.savez(path, **columns)


def extract(clip: Clip, data: Path, out: Path, backbone: Backbone) -> int:
    """Measure one clip in every laundering that is missing; returns how many were done."""
    whole: Decoded | None = None
    done = 0
    for name, recipe in launderings(clip).items():
        stem = f"{clip.key}-{name.replace('/', '_').replace(' ', '_')}"
        target = out / f"{stem}.npz"
        if target.is_file():
            continue
        whole = whole or decoded(data / "video" / clip.file)
        video = laundered(whole, recipe, out / "clips" / stem)
        claims, found = measure_clip(video, backbone)
        meta = {"file": clip.file, "laundering": name, "recipe": msgspec.to_builtins(recipe),
                "claims": claims, "names": found.names, "starts_ms": found.starts_ms}  # fmt: skip
        part = target.with_suffix(".part.npz")
        keep(part, meta, found)
        part.replace(target)
        done += 1
    return done


def extract_all(data: Path, out: Path, cache: Path, tell: Tell) -> None:
    """Measure all clips in all launderings; what is there already is not done again."""
    (out / "clips").mkdir(parents=True, exist_ok=True)
    backbone = open_backbone(cache)
    began = time.monotonic()
    for number, clip in enumerate(filter(wanted, clips(data))):
        try:
            done = extract(clip, data, out, backbone)
        except FramegateError as error:
            tell(f"left out: {clip.file}: {type(error).__name__}: {error}")
            continue
        if done:
            spent = time.monotonic() - began
            tell(f"{number} {spent:.0f} s {done} {clip.file}")
