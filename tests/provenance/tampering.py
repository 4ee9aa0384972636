"""Edits of a signed clip, and what a reader must say of each. One row a case."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer

from provenance import boxes
from provenance.boxes import Box


@dataclass(frozen=True)
class Signed:
    """A signed clip with its bytes and outermost boxes; `other` is another one of the same kind."""

    path: Path
    data: bytes
    layout: Mapping[str, Box]
    other: Path

    @classmethod
    def load(cls, path: Path, other: Path) -> Signed:
        return cls(path, path.read_bytes(), {b.kind: b for b in boxes.outermost(path)}, other)


def _flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _flip_in(text: bytes) -> Callable[[Signed], bytes]:
    return lambda clip: _flip(clip.data, clip.data.index(text))


def _flip_picture(clip: Signed) -> bytes:
    box = clip.layout["mdat"]
    return _flip(clip.data, (box.body + box.end) // 2)


def _flip_header(clip: Signed) -> bytes:
    return _flip(clip.data, clip.data.index(b"mvhd") + 20)


def _flip_certificate(clip: Signed) -> bytes:
    # The subject of the leaf stands in its certificate alone.
    return _flip(clip.data, clip.data.index(b"Framegate clip signer"))


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def _noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)


def _append(kind: bytes, body: bytes | None = None) -> Callable[[Signed], bytes]:
    return lambda clip: clip.data + _box(kind, _noise(1008) if body is None else body)


def _without_manifest(clip: Signed) -> bytes:
    box = clip.layout["uuid"]
    return clip.data[: box.start] + clip.data[box.end :]


def _manifest_as_free(clip: Signed) -> bytes:
    box = clip.layout["uuid"]
    return clip.data[: box.start + 4] + b"free" + clip.data[box.start + 8 :]


def _free_before_pictures(clip: Signed) -> bytes:
    start = clip.layout["mdat"].start
    return clip.data[:start] + _box(b"free", _noise(100)) + clip.data[start:]


def _doubled(clip: Signed) -> bytes:
    box = clip.layout["uuid"]
    return clip.data[: box.end] + clip.data[box.start :]


def _swapped(clip: Signed) -> bytes:
    box = clip.layout["uuid"]
    other = Signed.load(clip.other, clip.path)
    there = other.layout["uuid"]
    return clip.data[: box.start] + other.data[there.start : there.end] + clip.data[box.end :]


def _brand(clip: Signed) -> bytes:
    return clip.data[:8] + b"XXXX" + clip.data[12:]


def _copied(
    suffix: str, *, options: dict[str, str] | None = None, packets: int = 10**6, title: str = ""
) -> Callable[[Signed], Path]:
    """Copy the packets into a new file, as an editor or an upload site does."""

    def copy(clip: Signed) -> Path:
        target = clip.path.with_name(f"copied{suffix}")
        with (
            av.open(str(clip.path)) as source,
            av.open(str(target), "w", options=options or {}) as out,
        ):
            if title:
                out.metadata["title"] = title
            _copy_packets(source, out, packets)
        return target

    return copy


def _copy_packets(source: InputContainer, out: av.container.OutputContainer, packets: int) -> None:
    stream = source.streams.video[0]
    new = out.add_stream_from_template(stream)
    for number, packet in enumerate(source.demux(stream)):
        if packet.dts is not None and number < packets:
            packet.stream = new
            out.mux(packet)


def _encoded_again(clip: Signed) -> Path:
    target = clip.path.with_name("again.mp4")
    with av.open(str(clip.path)) as source, av.open(str(target), "w") as out:
        new = out.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        new.width, new.height = source.streams.video[0].width, source.streams.video[0].height
        for frame in source.decode(video=0):
            out.mux(new.encode(frame))
        out.mux(new.encode())
    return target


def _like_the_manifests(purpose: bytes) -> Callable[[Signed], bytes]:
    body = boxes.C2PA_UUID + bytes(4) + purpose + b"\0" + _noise(600)
    return _append(b"uuid", body)


def _within_the_manifests_box(clip: Signed) -> bytes:
    """Put bytes behind the manifest store in its box, which the hash leaves out whole.

    Everything behind moves, so that only a file whose pictures lie before it stays intact.
    """
    box = clip.layout["uuid"]
    size = struct.pack(">I", box.end - box.start + 600)
    start, end = clip.data[: box.start], clip.data[box.end :]
    return start + size + clip.data[box.start + 4 : box.end] + _noise(600) + end


@dataclass(frozen=True)
class Case:
    """An edit and its verdict.

    Attributes:
        edit: Gives the edited bytes, or the file that it wrote.
        state: What must come out; "" if reading fails with an error.
        reason: A code that must be among the reasons.
        independent: The state that another verifier must give, or "raises".
    """

    edit: Callable[[Signed], bytes | Path]
    state: str
    reason: str = ""
    independent: str = "Invalid"


MISMATCH = "assertion.bmffHash.mismatch"
UNHASHED = "org.framegate.unhashedBytes"

CASES: dict[str, Case] = {
    "one bit of a picture": Case(_flip_picture, "invalid", MISMATCH),
    "movie header": Case(_flip_header, "invalid", MISMATCH),
    "an assertion": Case(
        _flip_in(b"trainedAlgorithmicMedia"), "invalid", "assertion.hashedURI.mismatch"
    ),
    "the clip's id": Case(_flip_in(b"clip-7f3a"), "invalid", "assertion.hashedURI.mismatch"),
    "the title": Case(_flip_in(b"Clip clip-7f3a"), "invalid", "claimSignature.mismatch"),
    "the claim": Case(_flip_in(b"specVersion"), "invalid", "claimSignature.mismatch"),
    "the certificate": Case(_flip_certificate, "invalid", "claimSignature.mismatch"),
    "manifest of another clip": Case(_swapped, "invalid", MISMATCH),
    "manifest box doubled": Case(_doubled, "invalid", "org.framegate.manifestUnreadable"),
    "manifest box cut out": Case(_without_manifest, "absent", independent="None"),
    "manifest box renamed to free": Case(_manifest_as_free, "absent", independent="None"),
    "free box behind": Case(_append(b"free"), "trusted", UNHASHED, "Trusted"),
    "skip box behind": Case(_append(b"skip"), "trusted", UNHASHED, "Trusted"),
    "empty free box behind": Case(
        _append(b"free", bytes(1008)), "trusted", "org.framegate.ftypNotCovered", "Trusted"
    ),
    "brand in ftyp": Case(_brand, "trusted", "org.framegate.ftypNotCovered", "Trusted"),
    "unknown box behind": Case(_append(b"xyzw"), "invalid", MISMATCH),
    "mdat box behind": Case(_append(b"mdat"), "invalid", MISMATCH),
    "other uuid box behind": Case(_append(b"uuid"), "invalid", MISMATCH),
    "box like the manifest's behind": Case(
        _like_the_manifests(b"other"), "trusted", UNHASHED, "Trusted"
    ),
    "second manifest box behind": Case(
        _like_the_manifests(b"manifest"),
        "invalid",
        "org.framegate.manifestUnreadable",
        "Trusted",
    ),
    "bytes in the manifest's box": Case(_within_the_manifests_box, "invalid", UNHASHED),
    "free box before the pictures": Case(_free_before_pictures, "invalid", MISMATCH),
    "raw bytes behind": Case(
        lambda clip: clip.data + _noise(1000),
        "invalid",
        "org.framegate.manifestUnreadable",
        "raises",
    ),
    "tail cut off": Case(lambda clip: clip.data[:-5000], "invalid", independent="raises"),
    "copied to mp4": Case(_copied(".mp4"), "absent", independent="None"),
    "copied to faststart mp4": Case(
        _copied(".mp4", options={"movflags": "+faststart"}), "absent", independent="None"
    ),
    "copied to fragments": Case(
        _copied(".mp4", options={"movflags": "frag_keyframe+empty_moov"}),
        "absent",
        independent="None",
    ),
    "copied to mov": Case(_copied(".mov"), "absent", independent="None"),
    "copied to mkv": Case(
        _copied(".mkv"), "absent", "org.framegate.containerCannotCarry", "raises"
    ),
    "trimmed": Case(_copied(".mp4", packets=10), "absent", independent="None"),
    "copied with a new title": Case(_copied(".mp4", title="changed"), "absent", independent="None"),
    "encoded again": Case(_encoded_again, "absent", independent="None"),
}
