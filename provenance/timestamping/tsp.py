"""Messages of the time-stamp protocol (RFC 3161): just what is needed to tell a good answer.

An authority's answer is handed to the C2PA library only if it was granted, belongs to the request
and names a believable time. The signature over it is the library's to check. Only DER is read,
which RFC 3161 asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

MAX_REPLY_BYTES: Final = 64 << 10
"""Largest answer that is read; usual ones have 1 to 8 KB."""

_INTEGER, _OCTETS, _OID, _TIME, _SEQUENCE, _CONTEXT_0 = 0x02, 0x04, 0x06, 0x18, 0x30, 0xA0
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")  # 1.2.840.113549.1.7.2
_TST_INFO = bytes.fromhex("2a864886f70d0109100104")  # 1.2.840.113549.1.9.16.1.4
_GRANTED = (0, 1)  # granted, grantedWithMods
_LONG_FORM = 0x80
_MAX_LENGTH_BYTES = 4
_MULTIPLE_BYTES = 0x1F


class Malformed(ValueError):
    """The bytes are no message of the protocol, or an answer that says no."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a granted answer says.

    Attributes:
        imprint: Algorithm and hash of what was stamped, DER.
        nonce: The request's number that comes back, DER; b"" without one.
        time: When, by the authority's clock; UTC, whole seconds.
    """

    imprint: bytes
    nonce: bytes
    time: datetime


def parse_query(data: bytes) -> tuple[bytes, bytes]:
    """Return imprint and nonce of a request, both DER, the nonce b"" without one.

    Raises:
        Malformed: It is no TimeStampReq.
    """
    parts = list(_children(_only(data, _SEQUENCE)))
    if [tag for tag, _ in parts[:2]] != [_INTEGER, _SEQUENCE]:
        raise Malformed("no TimeStampReq")
    return parts[1][1], next((body for tag, body in parts[2:] if tag == _INTEGER), b"")


def parse_reply(data: bytes) -> Stamped:
    """Read an authority's answer.

    Raises:
        Malformed: It is no TimeStampResp, or the stamp was not granted.
    """
    parts = list(_children(_only(data, _SEQUENCE)))
    if not parts or parts[0][0] != _SEQUENCE:
        raise Malformed("no TimeStampResp")
    status = next(_children(parts[0][1]), (0, b""))
    if status[0] != _INTEGER:
        raise Malformed("no status")
    if int.from_bytes(status[1], "big", signed=True) not in _GRANTED or len(parts) == 1:
        raise Malformed("not granted")
    return _token(parts[1][1])


def _token(content_info: bytes) -> Stamped:
    signed = _content(content_info, _SIGNED_DATA)
    fields = list(_children(_only(signed, _SEQUENCE)))
    encapsulated = next((body for tag, body in fields if tag == _SEQUENCE), b"")
    info = _only(_content(encapsulated, _TST_INFO), _OCTETS)
    parts = list(_children(_only(info, _SEQUENCE)))
    tags = [tag for tag, _ in parts[:5]]
    if tags != [_INTEGER, _OID, _SEQUENCE, _INTEGER, _TIME]:
        raise Malformed("no TSTInfo")
    nonce = next((body for tag, body in parts[5:] if tag == _INTEGER), b"")
    return Stamped(parts[2][1], nonce, _time(parts[4][1]))


def _content(content_info: bytes, kind: bytes) -> bytes:
    """Return what a ContentInfo of this kind holds."""
    parts = list(_children(content_info))
    if [tag for tag, _ in parts[:2]] != [_OID, _CONTEXT_0] or parts[0][1] != kind:
        raise Malformed("another content")
    return parts[1][1]


def _time(text: bytes) -> datetime:
    """Read a GeneralizedTime; fractions of a second are cut off."""
    try:
        shown = text.decode("ascii")
        if not shown.endswith("Z"):
            raise Malformed("a time that is not UTC")
        return datetime.strptime(shown[:-1].partition(".")[0], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise Malformed("no time") from error


def _only(data: bytes, tag: int) -> bytes:
    """Return the body of the one element that the bytes are."""
    parts = list(_children(data))
    if len(parts) != 1 or parts[0][0] != tag:
        raise Malformed("another shape")
    return parts[0][1]


def _children(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and body of each element (X.690, section 8.1, definite lengths)."""
    at = 0
    while at < len(data):
        if at + 2 > len(data) or data[at] & _MULTIPLE_BYTES == _MULTIPLE_BYTES:
            raise Malformed("cut off, or a long tag")
        tag, length, start = data[at], data[at + 1], at + 2
        if length & _LONG_FORM:
            count = length & ~_LONG_FORM
            if not 0 < count <= _MAX_LENGTH_BYTES or start + count > len(data):
                raise Malformed("a length that is not definite")
            length = int.from_bytes(data[start : start + count], "big")
            start += count
        if start + length > len(data):
            raise Malformed("cut off")
        yield tag, data[start : start + length]
        at = start + length
