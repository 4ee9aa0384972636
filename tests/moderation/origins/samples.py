"""Clips whose record has a history: sources of every kind, thumbnails, hostile titles."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import c2pa  # type: ignore[import-untyped]
import cv2
import numpy as np

from provenance.actions import TRAINED_ALGORITHMIC_MEDIA
from provenance.keys.credentials import Credentials
from provenance.keys.signers import PemKey

HOSTILE = 'a"><script>alert(1)</script><img src=x onerror=alert(2)>\u202e4pm'


def jpeg(red: int, green: int, blue: int) -> bytes:
    """A picture in one colour, with a stripe."""
    image = np.full((90, 160, 3), (blue, green, red), np.uint8)
    image[:, 60:80] = 255 - image[:, 60:80]
    return cv2.imencode(".jpg", image)[1].tobytes()


def action(name: str, **more: Any) -> dict[str, Any]:
    return {"action": name, "when": "2026-11-20T10:00:00Z", **more}


def created(agent: str = "VideoGen", version: str = "1.2", **more: Any) -> dict[str, Any]:
    return action(
        "c2pa.created",
        digitalSourceType=TRAINED_ALGORITHMIC_MEDIA,
        softwareAgent={"name": agent, "version": version},
        **more,
    )


def definition(title: str, *actions: dict[str, Any]) -> dict[str, Any]:
    return {
        "claim_generator_info": [{"name": "Maker", "version": "3", "specVersion": "2.4.0"}],
        "title": title,
        "format": "video/mp4",
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "created": True,
                "data": {"allActionsIncluded": True, "actions": list(actions)},
            }
        ],
    }


def write(
    target: Path,
    source: Path,
    made: dict[str, Any],
    by: Credentials,
    *,
    sources: tuple[tuple[Path, str, dict[str, Any]], ...] = (),
    thumbnails: dict[str, bytes] | None = None,
) -> Path:
    """Sign with any definition, sources (path, media type, ingredient) and thumbnails."""
    trust = {"anchors": [anchor(by)], "trust_config": "1.3.6.1.4.1.62558.2.1"}
    assert isinstance(by.key, PemKey)
    info = c2pa.C2paSignerInfo(b"es256", by.chain_pem, by.key.pem, None)
    with (
        c2pa.Context.from_dict(
            {
                "trust": trust,
                "verify": {"verify_after_sign": False},
                "builder": {"thumbnail": {"enabled": False}},
            }
        ) as context,
        c2pa.Builder(made, context=context) as builder,
        c2pa.Signer.from_info(info) as signer,
        source.open("rb") as clip,
        target.open("w+b") as out,
    ):
        for name, data in (thumbnails or {}).items():
            builder.add_resource(name, io.BytesIO(data))
        for path, media_type, ingredient in sources:
            with path.open("rb") as stream:
                builder.add_ingredient(ingredient, media_type, stream)
        builder.sign(signer, "video/mp4", clip, out)
    return target


def anchor(by: Credentials) -> dict[str, str]:
    return {"trust_anchors": by.anchors.own, "trust_kind": "manifest", "trust_uri": "urn:test"}


def history(folder: Path, plain: Path, ours: Credentials, stranger: Credentials) -> Path:
    """A clip of ours: a remix of our own first clip, with sources that hold and that do not."""
    first = write(folder / "first.mp4", plain, definition("First take", created()), ours)
    theirs = write(
        folder / "theirs.mp4",
        plain,
        definition(HOSTILE, created("OtherGen", "9")),
        stranger,
    )
    tampered = folder / "tampered.mp4"
    data = bytearray(first.read_bytes())
    data[-5000] ^= 1
    tampered.write_bytes(data)
    still = folder / "still.jpg"
    still.write_bytes(jpeg(200, 120, 20))
    second = write(
        folder / "second.mp4",
        first,
        definition(
            "Second take",
            action("c2pa.opened", parameters={"ingredientIds": ["first"]}),
            action(
                "c2pa.edited",
                digitalSourceType=TRAINED_ALGORITHMIC_MEDIA,
                softwareAgent={"name": "VideoGen", "version": "1.3"},
            ),
        ),
        ours,
        sources=(
            (
                first,
                "video/mp4",
                {
                    "title": "First take",
                    "relationship": "parentOf",
                    "label": "first",
                    "thumbnail": {"format": "image/jpeg", "identifier": "first.jpg"},
                },
            ),
        ),
        thumbnails={"first.jpg": jpeg(20, 160, 60)},
    )
    made = definition(
        "Third take",
        created(parameters={"ingredientIds": ["second", "theirs", "tampered", "still"]}),
        action("c2pa.watermarked.unbound", softwareAgent={"name": "Mark", "version": "1"}),
    )
    made["thumbnail"] = {"format": "image/jpeg", "identifier": "third.jpg"}
    pictures = {
        "third.jpg": jpeg(40, 80, 220),
        "second.jpg": jpeg(220, 30, 60),
        "still.jpg": jpeg(200, 120, 20),
        "theirs.jpg": b"\xff\xd8\xff no picture",
    }

    def taken(path: Path, name: str, title: str, media_type: str = "video/mp4") -> Any:
        ingredient = {"title": title, "relationship": "inputTo", "label": name}
        if f"{name}.jpg" in pictures:
            ingredient["thumbnail"] = {  # type: ignore[assignment]
                "format": "image/jpeg",
                "identifier": f"{name}.jpg",
            }
        return path, media_type, ingredient

    return write(
        folder / "third.mp4",
        plain,
        made,
        ours,
        sources=(
            taken(second, "second", "Second take"),
            taken(theirs, "theirs", HOSTILE),
            taken(tampered, "tampered", "A clip that was changed"),
            taken(still, "still", "A photograph", "image/jpeg"),
        ),
        thumbnails=pictures,
    )
