"""Taking one manifest out of a manifest store (JUMBF, ISO/IEC 19566-5; C2PA 2.2, section 11.1).

A store is a superbox: a description box with the label `c2pa`, then one superbox a manifest, each
with a description box that holds its label.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from media.errors import FramegateError

_HEADER = struct.Struct(">I4s")
_LONG = struct.Struct(">Q")
_SUPERBOX, _DESCRIPTION = b"jumb", b"jumd"
_TYPE_BYTES = 16
_HAS_LABEL = 0x02


class ManifestStoreDamaged(FramegateError):
    """A stored manifest store is not laid out as one."""

    code = "DATA_LOSS"
    reason = "MANIFEST_STORE_DAMAGED"


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    whole: memoryview
    body: memoryview


def active_only(store: bytes, manifest_id: str) -> bytes:
    """Return a store with one manifest of another store, as it is, byte for byte.

    What the manifest says of ingredients then points to manifests that are not there.

    Args:
        store: A manifest store.
        manifest_id: Label of the manifest.

    Raises:
        ManifestStoreDamaged: The store is none, or has no such manifest.
    """
    outer = next(_boxes(memoryview(store)), None)
    if outer is None or outer.kind != _SUPERBOX:
        raise ManifestStoreDamaged("the stored manifests are no JUMBF superbox")
    inner = list(_boxes(outer.body))
    if not inner or inner[0].kind != _DESCRIPTION:
        raise ManifestStoreDamaged("the stored manifests have no description box")
    for box in inner[1:]:
        if box.kind == _SUPERBOX and _label(box) == manifest_id:
            body = bytes(inner[0].whole) + bytes(box.whole)
            return _HEADER.pack(_HEADER.size + len(body), _SUPERBOX) + body
    raise ManifestStoreDamaged("the stored manifests have none of this id", field="manifest_id")


def _label(superbox: _Box) -> str:
    """Label of a superbox, or ""."""
    described = next(_boxes(superbox.body), None)
    if described is None or described.kind != _DESCRIPTION or len(described.body) <= _TYPE_BYTES:
        return ""
    if not described.body[_TYPE_BYTES] & _HAS_LABEL:
        return ""
    label, ended, _ = bytes(described.body[_TYPE_BYTES + 1 :]).partition(b"\0")
    return label.decode("utf-8", "replace") if ended else ""


def _boxes(data: memoryview) -> Iterator[_Box]:
    """Yield boxes one after the other.

    Raises:
        ManifestStoreDamaged: One does not end within the bytes.
    """
    at = 0
    while at < len(data):
        if len(data) - at < _HEADER.size:
            raise ManifestStoreDamaged("a box of the stored manifests is cut off")
        size, kind = _HEADER.unpack_from(data, at)
        header = _HEADER.size
        if size == 1:
            if len(data) - at < header + _LONG.size:
                raise ManifestStoreDamaged("a box of the stored manifests is cut off")
            (size,) = _LONG.unpack_from(data, at + header)
            header += _LONG.size
        elif size == 0:
            size = len(data) - at
        if not header <= size <= len(data) - at:
            raise ManifestStoreDamaged("a box of the stored manifests lies about its size")
        whole = data[at : at + size]
        yield _Box(kind, whole, whole[header:])
        at += size
