"""The HTTP API under bad input, and with a clip that has no watermark and was recalled."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from grpc import aio
from prometheus_client import REGISTRY

from framegate.v1 import moderation_pb2
from framegate.v1 import provenance_pb2 as pb
from tests.clips import make_hostile
from tests.house import error_info, header, settings_for
from tests.service.resolution import FINGERPRINT, WATERMARK, Site, scenic, site, stripped

pytestmark = pytest.mark.asyncio(loop_scope="module")
MAX_BYTES = 4 << 20


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scenic(tmp_path_factory.mktemp("clips") / "clouds.mp4", seed=5, seconds=1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    settings = settings_for(
        tmp_path_factory.mktemp("resolution") / "home",
        resolution_listen="127.0.0.1:0",
        max_clip_bytes=MAX_BYTES,
        upload_idle_ms=1_000,
    )
    async with site(settings) as opened:
        yield opened


def _waiting_ms(place: Site) -> float:
    return place.gate._clip_lane.waiting_ms


async def test_by_fingerprint_alone_and_recalled(
    place: Site, everyday_clip: Path, tmp_path: Path
) -> None:
    verdict = await place.door.review(everyday_clip, header(), lambda _: None)
    released = await place.door.release(verdict.clip_id, tmp_path / "out.mp4")
    bare = stripped(tmp_path / "out.mp4", tmp_path / "bare.mp4")
    await place.door.moderation.RecallClip(
        moderation_pb2.RecallClipRequest(clip_id=verdict.clip_id, reason="rights")
    )
    (match,) = (await place.match(bare)).matches
    assert (match.clip_id, match.recalled) == (verdict.clip_id, True)
    assert not match.HasField("watermark")
    assert match.score == 89
    assert match.statement.startswith("matched by fingerprint over ")
    reply = await place.by_content(bare)
    expected = {"manifestId": released.manifest_id, "similarityScore": 89, "recalled": True}
    assert reply.json == {"matches": [expected]}
    assert (await place.by_content(bare, f"?alg={WATERMARK}")).json == {"matches": []}
    fetched = await place.ask("GET", f"/manifests/{released.manifest_id}")
    assert fetched.body in (tmp_path / "out.mp4").read_bytes()


async def test_algorithms_are_listed(place: Site) -> None:
    reply = await place.ask("GET", "/services/supportedAlgorithms")
    assert reply.json == {
        "watermarks": [{"alg": WATERMARK}],
        "fingerprints": [{"alg": FINGERPRINT}],
    }


BAD_QUERIES = {
    "": "INVALID_INPUT",
    "?alg=": "INVALID_INPUT",
    f"?alg={WATERMARK}": "INVALID_INPUT",
    f"?alg={WATERMARK}&value=": "INVALID_INPUT",
    f"?alg={WATERMARK}&value=*": "INVALID_INPUT",
    f"?alg={WATERMARK}&value=AAAA": "INVALID_INPUT",
    f"?alg={WATERMARK}&value=" + "A" * 3_000: "INVALID_INPUT",
    f"?alg={WATERMARK}&alg={WATERMARK}&value=AAAA": "INVALID_INPUT",
    f"?alg={WATERMARK}&value=%ff%fe%00": "INVALID_INPUT",
    f"?alg={WATERMARK}&value={'A' * 22}&maxResults=0": "INVALID_INPUT",
    f"?alg={WATERMARK}&value={'A' * 22}&maxResults=1e3": "INVALID_INPUT",
    f"?alg={WATERMARK}&value={'A' * 22}&maxResults=-1": "INVALID_INPUT",
    f"?alg={FINGERPRINT}&value=AAAA": "ALGORITHM_UNKNOWN",
    "?alg=com.example.other.1&value=AAAA": "ALGORITHM_UNKNOWN",
    f"?alg={'x' * 3_000}&value=AAAA": "ALGORITHM_UNKNOWN",
}


@pytest.mark.parametrize("query", BAD_QUERIES)
async def test_bad_bindings_are_named(place: Site, query: str) -> None:
    reply = await place.ask("GET", f"/matches/byBinding{query}")
    assert (reply.status, reply.reason) == (400, BAD_QUERIES[query])
    assert len(reply.body) < 600
    assert reply.json["error"]["field"]


async def test_a_query_that_is_too_long(place: Site) -> None:
    reply = await place.ask("GET", f"/matches/byBinding?alg={'x' * 5_000}&value=AAAA")
    assert (reply.status, reply.reason) == (414, "QUERY_TOO_LONG")
    # What is longer than any header is cut off; whether the answer is seen is the network's matter.
    head = f"GET /matches/byBinding?alg={'x' * 400_000}&value=AAAA HTTP/1.1\r\nhost: a\r\n\r\n"
    answer = await place.raw(head.encode())
    assert answer == b"" or answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 414 "))


JSON = "application/json"
BAD_DOCUMENTS: dict[str, tuple[Any, str, int, str]] = {
    "form": ("alg=a&value=b", "application/x-www-form-urlencoded", 415, "MEDIA_TYPE_REFUSED"),
    "no kind": ("{}", "", 415, "MEDIA_TYPE_REFUSED"),
    "empty": ("", JSON, 400, "INVALID_INPUT"),
    "no json": ("{", JSON, 400, "INVALID_INPUT"),
    "a list": ("[]", JSON, 400, "INVALID_INPUT"),
    "nested": ("[" * 60_000, JSON, 400, "INVALID_INPUT"),
    "a number": (json.dumps({"alg": 7, "value": "AAAA"}), JSON, 400, "INVALID_INPUT"),
    "no utf-8": (b'{"alg": "\xff", "value": "AAAA"}', JSON, 400, "INVALID_INPUT"),
    "a surrogate": (r'{"alg": "\ud800", "value": "AAAA"}', JSON, 400, "INVALID_INPUT"),
    "large": (" " * 70_000, JSON, 413, "BODY_TOO_LARGE"),
    "other": (json.dumps({"alg": "a.b", "value": ""}), JSON, 400, "ALGORITHM_UNKNOWN"),
    "no value": (json.dumps({"alg": WATERMARK, "value": ""}), JSON, 400, "INVALID_INPUT"),
}


@pytest.mark.parametrize("name", BAD_DOCUMENTS)
async def test_bad_documents_are_named(place: Site, name: str) -> None:
    body, kind, status, reason = BAD_DOCUMENTS[name]
    reply = await place.ask("POST", "/matches/byBinding", body, {"content-type": kind})
    assert (reply.status, reply.reason) == (status, reason)


@pytest.mark.parametrize(
    ("headers", "status", "reason"),
    [
        ({}, 415, "MEDIA_TYPE_REFUSED"),
        ({"content-type": "text/plain"}, 415, "MEDIA_TYPE_REFUSED"),
        ({"content-type": "video/"}, 415, "MEDIA_TYPE_REFUSED"),
        ({"content-type": "video/mp4", "content-encoding": "gzip"}, 415, "MEDIA_TYPE_REFUSED"),
        ({"content-type": "video/mp4", "transfer-encoding": "chunked"}, 411, "LENGTH_MISSING"),
    ],
)
async def test_bodies_of_another_kind(
    place: Site, headers: dict[str, str], status: int, reason: str
) -> None:
    body = b"0\r\n\r\n" if "transfer-encoding" in headers else b"abc"
    reply = await place.ask("POST", "/matches/byContent", body, headers)
    assert (reply.status, reply.reason) == (status, reason)


async def test_two_lengths_are_no_way_in(place: Site) -> None:
    head = b"POST /matches/byContent HTTP/1.1\r\nhost: a\r\ncontent-type: video/mp4\r\n"
    both = head + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"
    assert (await place.raw(both)).startswith(b"HTTP/1.1 411 ")
    two = head + b"content-length: 5\r\ncontent-length: 6\r\n\r\nabcde"
    assert (await place.raw(two)).startswith(b"HTTP/1.1 400 ")


async def test_a_clip_that_is_too_large_is_refused_before_it_is_sent(place: Site) -> None:
    head = (
        "POST /matches/byContent HTTP/1.1\r\nhost: a\r\ncontent-type: video/mp4\r\n"
        f"content-length: {MAX_BYTES + 1}\r\nexpect: 100-continue\r\n\r\n"
    )
    answer = await place.raw(head.encode())
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"CLIP_TOO_LARGE" in answer
    reply = await place.ask(
        "POST", "/matches/byContent", bytes(MAX_BYTES + 1), {"content-type": "video/mp4"}
    )
    assert (reply.status, reply.reason) == (413, "CLIP_TOO_LARGE")


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("empty", 400, "CLIP_EMPTY"),
        ("random", 415, "CLIP_NOT_VIDEO"),
        ("png", 415, "CLIP_NOT_VIDEO"),
        ("hls", 415, "CLIP_NOT_VIDEO"),
        ("audio_only", 415, "NO_VIDEO_TRACK"),
        ("truncated_faststart", 400, "CLIP_TRUNCATED"),
        ("huge_box", 400, "CLIP_TRUNCATED"),
        ("many_samples", 400, "CLIP_TOO_MANY_FRAMES"),
    ],
)
async def test_what_is_no_clip_is_named(
    place: Site, tmp_path: Path, name: str, status: int, reason: str
) -> None:
    reply = await place.by_content(make_hostile(name, tmp_path), kind="image/png")
    assert (reply.status, reply.reason) == (status, reason)
    assert place.left() == []


async def test_a_body_that_breaks_off_leaves_nothing(place: Site, clip: Path) -> None:
    data = clip.read_bytes()
    head = (
        "POST /matches/byContent HTTP/1.1\r\nhost: a\r\ncontent-type: video/mp4\r\n"
        f"content-length: {len(data)}\r\n\r\n"
    )
    for half in (True, False):  # it goes away; it falls silent
        answer = await place.raw(head.encode() + data[:-1], half=half)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")
    assert b"UPLOAD_STALLED" in answer
    # A later request sees that the earlier ones have given back what they held.
    assert (await place.by_content(clip)).status == 200
    assert place.left() == []
    assert _waiting_ms(place) == 0


async def test_a_length_that_is_too_short_cuts_the_clip(place: Site, clip: Path) -> None:
    data = clip.read_bytes()
    head = (
        "POST /matches/byContent HTTP/1.1\r\nhost: a\r\ncontent-type: video/mp4\r\n"
        f"content-length: {len(data) // 2}\r\n\r\n"
    )
    answer = await place.raw(head.encode() + data)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"CLIP_TRUNCATED" in answer
    assert b"HTTP/1.1 200" not in answer
    assert place.left() == []


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("/manifests/", 400, "INVALID_INPUT"),
        ("/manifests/../../etc/passwd", 400, "INVALID_INPUT"),
        ("/manifests/..%2f..%2fkeys%2fkey.pem", 400, "INVALID_INPUT"),
        ("/manifests/%2e%2e", 400, "INVALID_INPUT"),
        ("/manifests/a%00b", 400, "INVALID_INPUT"),
        ("/manifests/%ff", 400, "INVALID_INPUT"),
        ("/manifests/a'%20or%201=1", 400, "INVALID_INPUT"),
        ("/manifests/" + "a" * 300, 400, "INVALID_INPUT"),
        ("/manifests/urn:c2pa:x?returnActiveManifest=maybe", 400, "INVALID_INPUT"),
        ("/manifests/urn:c2pa:00000000-0000-4000-8000-000000000000", 404, "CLIP_UNKNOWN"),
        ("/manifest", 404, "PATH_UNKNOWN"),
        ("/", 404, "PATH_UNKNOWN"),
        ("/matches/byBinding/x", 404, "PATH_UNKNOWN"),
    ],
)
async def test_odd_paths(place: Site, path: str, status: int, reason: str) -> None:
    reply = await place.ask("GET", path)
    assert (reply.status, reply.reason) == (status, reason)


async def test_another_method(place: Site) -> None:
    reply = await place.ask("DELETE", "/matches/byContent")
    assert (reply.status, reply.reason) == (405, "METHOD_REFUSED")
    assert reply.headers["allow"] == "POST"


async def test_no_http_and_no_request_at_all(place: Site) -> None:
    assert (await place.raw(b"\x16\x03\x01\x02\x00garbage\r\n\r\n")).startswith(b"HTTP/1.1 400 ")
    # Neither is waited for longer than an upload's silence.
    assert await place.raw(b"") == b""
    assert await place.raw(b"GET /services/supp") == b""


async def test_a_full_house_says_when_to_come_back(place: Site, clip: Path) -> None:
    with place.gate._clip_lane.hold(1e9):
        reply = await place.by_content(clip)
    assert (reply.status, reply.reason) == (429, "OVERLOADED")
    assert int(reply.headers["retry-after"]) > 0


async def test_a_database_that_is_gone_is_no_match(
    place: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_code: bytes) -> str:
        raise RuntimeError("secret text of a driver")

    monkeypatch.setattr(place.gate.tracing.recovery, "of_code", broken)
    path = f"/matches/byBinding?alg={WATERMARK}&value={'A' * 22}"
    reply = await place.ask("GET", path, headers={"x-request-id": "asked-7"})
    assert (reply.status, reply.reason) == (500, "INTERNAL")
    assert b"secret" not in reply.body
    assert reply.json["error"]["request_id"] == reply.headers["x-request-id"] == "asked-7"


async def test_a_caller_who_goes_away_is_not_worked_for(place: Site, clip: Path) -> None:
    labels = {"route": "by_content", "status": "499"}

    def gone() -> float:
        return REGISTRY.get_sample_value("framegate_resolution_requests_total", labels) or 0.0

    before, data = gone(), clip.read_bytes()
    head = (
        "POST /matches/byContent HTTP/1.1\r\nhost: a\r\ncontent-type: video/mp4\r\n"
        f"content-length: {len(data)}\r\n\r\n"
    )
    assert await place.raw(head.encode() + data, half=True) == b""
    # There is one worker: by the time that it has looked at this one, the other one is done with.
    assert (await place.by_content(clip)).status == 200
    assert gone() == before + 1
    assert place.left() == []


async def _match(place: Site, *requests: pb.MatchClipRequest) -> pb.MatchClipResponse:
    assert place.door is not None
    return await place.door.provenance.MatchClip(iter(requests))


async def test_bad_uploads_over_grpc_are_named(place: Site, clip: Path) -> None:
    data = clip.read_bytes()

    def header_of(size: int) -> pb.MatchClipRequest:
        return pb.MatchClipRequest(header=pb.MatchHeader(size_bytes=size))

    chunk = pb.MatchClipRequest(chunk=data)
    for requests, reason in [
        ((), "UPLOAD_MALFORMED"),
        ((chunk,), "UPLOAD_MALFORMED"),
        ((header_of(len(data)), header_of(len(data))), "UPLOAD_MALFORMED"),
        ((header_of(len(data) + 1), chunk), "CLIP_SIZE_MISMATCH"),
        ((header_of(len(data) - 1), chunk), "CLIP_TOO_LARGE"),
        ((header_of(MAX_BYTES + 1), chunk), "CLIP_TOO_LARGE"),
        ((header_of(2**64 - 1), chunk), "CLIP_TOO_LARGE"),
        ((header_of(0),), "CLIP_EMPTY"),
        ((header_of(4), pb.MatchClipRequest(chunk=b"abcd")), "CLIP_NOT_VIDEO"),
    ]:
        with pytest.raises(aio.AioRpcError) as failed:
            await _match(place, *requests)
        assert error_info(failed.value).reason == reason
    assert place.left() == []
    assert _waiting_ms(place) == 0


async def test_a_clip_that_was_never_released_has_no_manifest(place: Site, clip: Path) -> None:
    assert place.door is not None
    verdict = await place.door.review(clip, header(), lambda _: None)
    lookup = place.door.provenance.LookupManifest
    for request, reason in [
        (pb.LookupManifestRequest(clip_id=verdict.clip_id), "NOT_CLEARED"),
        (pb.LookupManifestRequest(clip_id="clip-none"), "CLIP_UNKNOWN"),
        (pb.LookupManifestRequest(), "INVALID_INPUT"),
        (pb.LookupManifestRequest(soft_binding=pb.SoftBinding()), "INVALID_INPUT"),
    ]:
        with pytest.raises(aio.AioRpcError) as failed:
            await lookup(request)
        assert error_info(failed.value).reason == reason
    # Its pictures are not among those of released clips.
    assert (await place.by_content(clip)).json == {"matches": []}
