"""One manifest out of a store, as a store that the C2PA library reads; and damaged stores."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.clips.standalone import SignatureState, carrier, signature_of
from moderation.resolution.jumbf import ManifestStoreDamaged, active_only
from provenance import engine
from provenance.keys import credentials
from provenance.manifest import Release
from provenance.reading import read
from provenance.signing import sign
from provenance.trust import TrustAnchors
from tests.clips import make_clip


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _manifest(label: str, content: bytes) -> bytes:
    described = _box(b"jumd", bytes(16) + b"\x03" + label.encode() + b"\0")
    return _box(b"jumb", described + _box(b"cbor", content))


def _store(*manifests: bytes) -> bytes:
    described = _box(b"jumd", bytes(16) + b"\x03c2pa\0")
    return _box(b"jumb", described + b"".join(manifests))


def test_one_of_several_is_taken_as_it_is() -> None:
    first, second = _manifest("urn:c2pa:1", b"one"), _manifest("urn:c2pa:2", b"two")
    assert active_only(_store(first, second), "urn:c2pa:2") == _store(second)
    assert active_only(_store(first, second), "urn:c2pa:1") == _store(first)
    assert active_only(_store(first), "urn:c2pa:1") == _store(first)


def test_long_and_open_sizes_are_read() -> None:
    inner = _manifest("urn:c2pa:1", b"one")
    described = _box(b"jumd", bytes(16) + b"\x03c2pa\0")
    long = struct.pack(">I4sQ", 1, b"jumb", 16 + len(inner[8:])) + inner[8:]
    store = struct.pack(">I4s", 0, b"jumb") + described + long
    assert active_only(store, "urn:c2pa:1") == _box(b"jumb", described + long)


@pytest.mark.parametrize(
    "store",
    [
        b"",
        b"jumb",
        _box(b"free", b""),
        _box(b"jumb", b""),
        _box(b"jumb", _manifest("urn:c2pa:1", b"")),
        _store(),
        _store(_manifest("urn:c2pa:2", b"")),
        _store(_box(b"jumb", _box(b"jumd", bytes(16) + b"\x03urn:c2pa:1"))),
        _store(_box(b"jumb", _box(b"jumd", bytes(16) + b"\x01urn:c2pa:1\0"))),
        _store(_manifest("urn:c2pa:1", b""))[:-1],
        struct.pack(">I4sQ", 1, b"jumb", 2**63),
        struct.pack(">I4s", 7, b"jumb"),
    ],
)
def test_a_damaged_store_is_named(store: bytes) -> None:
    with pytest.raises(ManifestStoreDamaged):
        active_only(store, "urn:c2pa:1")


@given(st.binary(max_size=200), st.integers(0, 100), st.integers(0, 255))
def test_any_bytes_are_read_or_refused(data: bytes, at: int, value: int) -> None:
    store = bytearray(_store(_manifest("urn:c2pa:1", data), _manifest("urn:c2pa:2", b"two")))
    store[at % len(store)] = value
    for candidate in (data, bytes(store)):
        try:
            found = active_only(candidate, "urn:c2pa:2")
        except ManifestStoreDamaged:
            continue
        assert b"urn:c2pa:2" in found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("standalone")
    credentials.init(found / "keys", organization="Example Video", now=datetime.now(UTC))
    return found


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".avi", ".gif"])
def test_a_manifest_is_validated_for_itself(folder: Path, suffix: str) -> None:
    codec = {".gif": "gif", ".avi": "mpeg4"}.get(suffix, "libx264")
    clip = make_clip(folder / f"clip{suffix}", seconds=0.5, codec=codec)
    ours = credentials.load(folder / "keys")
    signed = sign(clip, folder / f"out{suffix}", Release("clip-1", "VideoGen", "1", 5), ours)
    store = signed.manifest_bytes
    assert _state(folder, store, ours.anchors) is SignatureState.VOUCHED_FOR
    assert _state(folder, store, TrustAnchors(own="")) is SignatureState.INTACT
    assert active_only(store, signed.manifest_id) == store
    at = store.index(b"VideoGen")
    altered = store[:at] + b"videogen" + store[at + 8 :]
    assert _state(folder, altered, ours.anchors) is SignatureState.BROKEN
    assert _state(folder, store[:-40], ours.anchors) is SignatureState.BROKEN
    assert _state(folder, b"", ours.anchors) is SignatureState.BROKEN


def _state(folder: Path, store: bytes, anchors: TrustAnchors) -> SignatureState:
    path = folder / "carrier.mp4"
    path.write_bytes(carrier(store))
    found = signature_of(read(path, anchors))
    assert "hash" not in " ".join(one.code for one in found.reasons).lower() or (
        found.state is SignatureState.BROKEN
    )
    return found.state


def test_the_manifest_alone_is_read_by_the_library(folder: Path) -> None:
    """A remix: its store has two manifests; the newest by itself is a store as well."""
    ours = credentials.load(folder / "keys")
    clip = make_clip(folder / "first.mp4", seconds=0.5)
    sign(clip, folder / "second.mp4", Release("clip-1", "VideoGen", "1", 5), ours)
    remix = sign(
        folder / "second.mp4", folder / "third.mp4", Release("clip-2", "VideoGen", "1", 5), ours
    )
    path = folder / "carrier.mp4"
    for store, count in (
        (remix.manifest_bytes, 2),
        (active_only(remix.manifest_bytes, remix.manifest_id), 1),
    ):
        path.write_bytes(carrier(store))
        found = engine.read_store(path, "video/mp4", ours.anchors)
        assert found is not None
        assert found.data["active_manifest"] == remix.manifest_id
        assert len(found.data["manifests"]) == count
