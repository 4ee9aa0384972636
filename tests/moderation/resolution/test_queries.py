"""Queries of the HTTP API: whatever is sent is read as it is meant, or refused with a field."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from media.errors import FramegateError
from moderation.clips.matches import ALL_LAYERS, FINGERPRINT_ALGORITHM, MatchLayer
from moderation.resolution import queries
from moderation.resolution.address import Address
from moderation.resolution.problems import document, headers_of, status_of
from moderation.tracing import AlgorithmUnknown
from provenance.actions import SoftBinding
from provenance.watermark.keys import ALGORITHM
from provenance.watermark.neural import NEURAL_ALGORITHM


@given(st.binary(min_size=1, max_size=1024))
@example(b"\xfb\xff\xfe")
def test_every_spelling_of_base64_is_read(value: bytes) -> None:
    plain = base64.b64encode(value).decode()
    urlsafe = base64.urlsafe_b64encode(value).decode()
    for spelt in (plain, urlsafe, urlsafe.rstrip("="), plain.replace("+", " ")):
        assert queries.unpacked(spelt) == value


def _read_or_refused(read: Callable[[Any], Any], given_: Any) -> Any:
    """Read it; a refusal names a field and has a status below 500."""
    try:
        return read(given_)
    except FramegateError as error:
        assert 400 <= status_of(error) < 500
        assert error.field
        assert len(str(document(error, "id"))) < 1_000
        headers_of(error)
        return None


@given(st.binary(max_size=5_000))
@example(b"alg=" + ALGORITHM.encode() + b"&value=AAAAAAAAAAAAAAAAAAAAAA")
@example(b"a=%ff&b=\xff")
@example(b"x=1&x=2")
def test_any_query_string_is_read_or_refused(query: bytes) -> None:
    parameters = _read_or_refused(queries.parameters, query)
    if parameters is None:
        return
    assert len(query) <= queries.MAX_QUERY_BYTES
    for read in (
        queries.by_binding,
        queries.layers,
        queries.max_results,
        queries.active_alone,
    ):
        _read_or_refused(read, parameters)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_binding_is_read_or_refused(alg: str, value: str) -> None:
    found = _read_or_refused(queries.by_binding, {"alg": alg, "value": value})
    assert found is None or isinstance(found, SoftBinding)
    found = _read_or_refused(queries.by_binding, {"alg": ALGORITHM, "value": value})
    assert found is None or 0 < len(found.value) <= 225


@given(st.binary(max_size=2_000))
@example(b"\xff")
@example(b'{"alg": null}')
@example(b"[" * 2_000)
def test_any_document_is_read_or_refused(body: bytes) -> None:
    _read_or_refused(queries.by_binding_document, body)


@given(st.text(max_size=400))
@example("urn:c2pa:00000000-0000-4000-8000-000000000000")
@example("../../etc/passwd")
@example("a\n")
def test_an_id_has_no_way_out(text: str) -> None:
    found = _read_or_refused(queries.manifest_id, text)
    if found is not None:
        assert found == text
        assert not set(found) & set("/\\%\0\n ?#'\"")
        assert not found.startswith(".")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", 1), ("10", 10), ("007", 7), ("999999999", 999_999_999)],
)
def test_results_are_counted(text: str, expected: int) -> None:
    assert queries.max_results({"maxResults": text}) == expected


@pytest.mark.parametrize("text", ["", "0", "00", "-1", "+1", "1.0", "٣", "9" * 12, "1 "])
def test_results_that_are_no_number(text: str) -> None:
    with pytest.raises(FramegateError) as refused:
        queries.max_results({"maxResults": text})
    assert refused.value.field == "maxResults"


def test_an_algorithm_chooses_the_layer() -> None:
    assert queries.layers({}) == queries.layers({"alg": ""}) == ALL_LAYERS
    assert queries.layers({"alg": ALGORITHM}) == {MatchLayer.WATERMARK}
    assert queries.layers({"alg": FINGERPRINT_ALGORITHM}) == {MatchLayer.FINGERPRINT}
    assert queries.layers({"alg": NEURAL_ALGORITHM}) == {MatchLayer.NEURAL}
    without = ALL_LAYERS - {MatchLayer.NEURAL}
    assert queries.layers({}, without) == without
    with pytest.raises(AlgorithmUnknown):
        queries.layers({"alg": NEURAL_ALGORITHM}, without)
    for alg in (NEURAL_ALGORITHM, FINGERPRINT_ALGORITHM):
        with pytest.raises(AlgorithmUnknown, match="by content"):
            queries.by_binding({"alg": alg, "value": "AAAA"})


@pytest.mark.parametrize(
    ("kind", "good"),
    [
        ("video/mp4", True),
        ("image/gif", True),
        ('video/mp4; codecs="avc1.42E01E, mp4a"', True),
        ("video/*", True),
        ("audio/mp4", False),
        ("application/octet-stream", False),
        ("videos/mp4", False),
        ("video/mp4\n", False),
        ("video/mp4 x", False),
    ],
)
def test_kinds_of_bodies(kind: str, good: bool) -> None:
    headers = Headers({"content-type": kind, "content-length": "7"})
    assert _read_or_refused(queries.clip_length, headers) == (7 if good else None)


@pytest.mark.parametrize("length", ["", "-1", "1.5", "0x10", "9" * 16, "٣", "7, 7"])
def test_lengths_that_are_none(length: str) -> None:
    raw = [(b"content-type", b"video/mp4"), (b"content-length", length.encode())]
    with pytest.raises(queries.LengthMissing):
        queries.clip_length(Headers(raw=raw))


@pytest.mark.parametrize(
    ("text", "host", "port", "loopback"),
    [
        ("127.0.0.1:80", "127.0.0.1", 80, True),
        ("localhost:0", "localhost", 0, True),
        ("[::1]:65535", "::1", 65_535, True),
        ("[::]:8080", "::", 8_080, False),
        ("192.0.2.7:8080", "192.0.2.7", 8_080, False),
        ("c2pa.example.org:443", "c2pa.example.org", 443, False),
    ],
)
def test_addresses(text: str, host: str, port: int, loopback: bool) -> None:
    found = Address.parse(text, "listen")
    assert (found.host, found.port, found.loopback) == (host, port, loopback)


@given(st.text(max_size=40))
def test_any_address_is_read_or_refused(text: str) -> None:
    _read_or_refused(lambda given_: Address.parse(given_, "listen"), text)
