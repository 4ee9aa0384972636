"""Clips and pictures to make clips from: unsigned, signed, tampered, signed by a stranger."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from provenance import engine, manifest
from provenance.keys.credentials import Credentials
from provenance.manifest import Release
from provenance.signing import sign

KINDS = ("unsigned", "signed", "tampered", "stranger")
PRIVATE = b"Jane Doe, 1 Main Street"
"""What a photographer's program may have written into a picture."""


def picture(path: Path, *, kind: str = "PNG", seed: int = 1, turned: bool = False) -> Path:
    """Write a picture of 400 by 300 pixels with a person's name and a place in its EXIF."""
    rows = np.linspace(0, 255, 300, dtype=np.uint8)[:, None, None]
    image = np.broadcast_to(rows, (300, 400, 3)).copy()
    image[:100, :100] = (250, 10 * seed, 10)
    exif = Image.Exif()
    exif[0x013B] = PRIVATE.decode()  # artist
    exif[0x0112] = 6 if turned else 1  # orientation
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path, kind, exif=exif, comment=PRIVATE)
    return path


def signed_picture(source: Path, target: Path, credentials: Credentials) -> Path:
    """Sign a PNG as some other program would."""
    definition = manifest.definition(
        Release("picture-1", "PictureGen", "9", 1000), provider="P", media_type="image/png"
    )
    with source.open("rb") as stream, target.open("w+b") as out:
        engine.write_signed(
            stream,
            out,
            "image/png",
            definition,
            ingredients=(),
            chain_pem=credentials.chain_pem,
            key=credentials.key,
            anchors=credentials.anchors,
        )
    return target


def tampered(source: Path, target: Path) -> Path:
    """Change a signed file so that it still decodes: a text in a PNG, a box behind an MP4."""
    data = source.read_bytes()
    if data[:4] == b"\x89PNG":
        body = b"tEXtComment\0changed"
        chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        target.write_bytes(data[:-12] + chunk + data[-12:])
    else:
        target.write_bytes(data + b"\0\0\0\x10xyzw\1\2\3\4\5\6\7\x08")
    return target


def make(folder: Path, suffix: str, kind: str, clip: Path, who: dict[str, Credentials]) -> Path:
    """Make a source.

    Args:
        folder: Where to.
        suffix: `.mp4` or `.png`.
        kind: One of `KINDS`.
        clip: An unsigned clip.
        who: `ours` and `stranger`.
    """
    plain = clip if suffix == ".mp4" else picture(folder / "plain.png")
    if kind == "unsigned":
        return plain
    by = who["stranger" if kind == "stranger" else "ours"]
    target = folder / f"by-somebody{suffix}"
    if suffix == ".mp4":
        sign(plain, target, Release("clip-source", "VideoGen", "1", 1000), by)
    else:
        signed_picture(plain, target, by)
    return tampered(target, folder / f"changed{suffix}") if kind == "tampered" else target


def bomb() -> bytes:
    """A PNG that says that it has 20,000 by 20,000 pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    whole = io.BytesIO()
    Image.new("RGB", (1, 1)).save(whole, "PNG")
    rest = whole.getvalue()[33:]
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    ) + rest


def trusting(credentials: Credentials, others: str) -> Credentials:
    """The same credentials, of a house that believes others as well."""
    return replace(credentials, anchors=replace(credentials.anchors, others=others))
