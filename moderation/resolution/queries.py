"""What callers of the HTTP API may ask: every parameter with its form and its limit."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection
from typing import Final

import msgspec
from starlette.datastructures import Headers, QueryParams

from media.errors import InvalidInput
from moderation.clips.matches import ALL_LAYERS, MatchLayer
from moderation.tracing import AlgorithmUnknown
from provenance.actions import SoftBinding
from provenance.watermark.keys import ALGORITHM

MAX_QUERY_BYTES: Final = 4_096
"""Longest query string."""

MAX_JSON_BYTES: Final = 65_536
"""Largest JSON document."""

DEFAULT_RESULTS: Final = 10

_MAX_VALUE_CHARS = 2_048
_MAX_ALG_CHARS = 128
_RESULTS = re.compile(r"0*[1-9][0-9]{0,8}", re.ASCII)
_LENGTH = re.compile(r"[0-9]{1,15}", re.ASCII)
_MEDIA_TYPE = re.compile(r"(video|image)/[A-Za-z0-9.+*_-]{1,100}(\s*;.*)?", re.ASCII | re.DOTALL)
_MANIFEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,255}", re.ASCII)


class QueryTooLong(InvalidInput):
    """The query string is too long; the same can be asked by POST."""

    reason = "QUERY_TOO_LONG"


class BodyTooLarge(InvalidInput):
    """The JSON document is too large."""

    reason = "BODY_TOO_LARGE"


class MediaTypeRefused(InvalidInput):
    """The body is of a kind that is not taken."""

    reason = "MEDIA_TYPE_REFUSED"


class LengthMissing(InvalidInput):
    """The request does not say how many bytes will follow."""

    reason = "LENGTH_MISSING"


class BindingQuery(msgspec.Struct, frozen=True):
    """The JSON document of a query by binding.

    Attributes:
        alg: Name of the algorithm.
        value: Base64.
    """

    alg: str
    value: str

    def binding(self) -> SoftBinding:
        """Read it.

        Raises:
            AlgorithmUnknown: The algorithm is none of this service's.
            InvalidInput: The value is no base64, or too long.
        """
        if layer_of(self.alg) is not MatchLayer.WATERMARK:
            raise AlgorithmUnknown(
                f"{self.alg} is matched by content, not by its value",
                field="alg",
                limit=ALGORITHM,
            )
        return SoftBinding(ALGORITHM, unpacked(self.value))


def parameters(query_string: bytes) -> dict[str, str]:
    """Read a query string.

    Raises:
        QueryTooLong: It has more than 4,096 bytes.
        InvalidInput: It is no UTF-8, or a parameter is given twice.
    """
    if len(query_string) > MAX_QUERY_BYTES:
        raise QueryTooLong(
            f"a query has at most {MAX_QUERY_BYTES} bytes; ask by POST",
            field="query",
            limit=MAX_QUERY_BYTES,
            actual=len(query_string),
        )
    pairs = QueryParams(query_string.decode("latin-1")).multi_items()
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise InvalidInput("each parameter is given once", field="query")
    return dict(pairs)


def by_binding(given: dict[str, str]) -> SoftBinding:
    """Read `alg` and `value`; see `BindingQuery.binding`."""
    for name in ("alg", "value"):
        if not given.get(name):
            raise InvalidInput(f"{name} is required", field=name)
    return BindingQuery(given["alg"], given["value"]).binding()


def by_binding_document(body: bytes) -> SoftBinding:
    """Read a JSON document; see `BindingQuery.binding`."""
    try:
        query = msgspec.json.decode(body, type=BindingQuery)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput(
            "the body is a JSON object with the strings alg and value", field="body"
        ) from error
    return query.binding()


def unpacked(value: str) -> bytes:
    """Read base64 of either alphabet; padding may be missing.

    A `+` that was not escaped in a query string has become a space, and is read as what it was.

    Raises:
        InvalidInput: It is something else.
    """
    if len(value) > _MAX_VALUE_CHARS:
        raise InvalidInput(
            f"value has at most {_MAX_VALUE_CHARS} characters",
            field="value",
            limit=_MAX_VALUE_CHARS,
            actual=len(value),
        )
    plain = value.replace(" ", "+").replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput("value is base64", field="value") from error


def layer_of(alg: str, known: Collection[MatchLayer] = ALL_LAYERS) -> MatchLayer:
    """Tell which layer an algorithm is.

    Args:
        alg: Its name.
        known: The layers of this service.

    Raises:
        AlgorithmUnknown: It is none of this service's.
    """
    for layer in known:
        if layer.algorithm == alg:
            return layer
    raise AlgorithmUnknown(
        "this service does not know the algorithm; see /services/supportedAlgorithms",
        field="alg",
        actual=alg[:_MAX_ALG_CHARS],
    )


def layers(
    given: dict[str, str], known: frozenset[MatchLayer] = ALL_LAYERS
) -> frozenset[MatchLayer]:
    """Read which of the known layers `alg` leaves to look at; all of them without it."""
    alg = given.get("alg", "")
    return frozenset({layer_of(alg, known)}) if alg else known


def max_results(given: dict[str, str]) -> int:
    """Read `maxResults`, 1 or more.

    Raises:
        InvalidInput: It is something else.
    """
    text = given.get("maxResults", str(DEFAULT_RESULTS))
    if not _RESULTS.fullmatch(text):
        raise InvalidInput("maxResults is a number from 1 on", field="maxResults", limit=1)
    return int(text)


def active_alone(given: dict[str, str]) -> bool:
    """Read `returnActiveManifest`.

    Raises:
        InvalidInput: It is neither true nor false.
    """
    text = given.get("returnActiveManifest", "false").lower()
    if text not in ("true", "false"):
        raise InvalidInput("returnActiveManifest is true or false", field="returnActiveManifest")
    return text == "true"


def manifest_id(text: str) -> str:
    """Read the id of a manifest.

    Raises:
        InvalidInput: It cannot be one.
    """
    if not _MANIFEST_ID.fullmatch(text):
        raise InvalidInput(
            "a manifest id is at most 256 characters of [A-Za-z0-9._:+-]", field="manifestId"
        )
    return text


def clip_length(headers: Headers) -> int:
    """Read how many bytes of a clip follow.

    Raises:
        MediaTypeRefused: They are no picture or video, or are compressed once more.
        LengthMissing: There is no Content-Length that counts.
    """
    if not _MEDIA_TYPE.fullmatch(headers.get("content-type", "")):
        raise MediaTypeRefused("Content-Type is video/* or image/*", field="content-type")
    _check_plain(headers)
    length = headers.get("content-length", "")
    if "transfer-encoding" in headers or not _LENGTH.fullmatch(length):
        raise LengthMissing("Content-Length is required", field="content-length")
    return int(length)


def check_json(headers: Headers) -> None:
    """Refuse a body that is not sent as JSON.

    Raises:
        MediaTypeRefused: It is something else.
    """
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise MediaTypeRefused("Content-Type is application/json", field="content-type")
    _check_plain(headers)


def _check_plain(headers: Headers) -> None:
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise MediaTypeRefused("no Content-Encoding is taken", field="content-encoding")
