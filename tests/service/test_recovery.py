"""Manifests found again: a released clip, stripped and re-encoded, by every way there is."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from click.testing import CliRunner, Result
from grpc import aio

from framegate.v1 import audit_pb2
from framegate.v1 import provenance_pb2 as pb
from moderation.cli.main import root
from provenance.watermark.identification import ALARM
from tests.house import error_info, header, settings_for
from tests.service.resolution import (
    FINGERPRINT,
    WATERMARK,
    Site,
    encoded,
    scenic,
    site,
    stripped,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True, slots=True)
class Out:
    """A released clip and what became of it."""

    place: Site
    clip_id: str
    manifest_id: str
    signed: Path
    bare: Path
    again: Path
    stranger: Path

    @property
    def store(self) -> bytes:
        """Its manifest store, as it stands in the signed file."""
        data = self.signed.read_bytes()
        start = data.index(b"jumbf"[:4]) - 4
        return data[start : start + int.from_bytes(data[start : start + 4], "big")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def out(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Out]:
    folder = tmp_path_factory.mktemp("recovery")
    settings = settings_for(
        folder / "home", watermark=True, resolution_listen="127.0.0.1:0", upload_idle_ms=20_000
    )
    async with site(settings) as place:
        clip = scenic(folder / "clip.mp4", seed=11)
        verdict = await place.door.review(clip, header(), lambda _: None)
        signed = folder / "signed.mp4"
        released = await place.door.release(verdict.clip_id, signed)
        bare = stripped(signed, folder / "bare.mp4")
        yield Out(
            place=place,
            clip_id=verdict.clip_id,
            manifest_id=released.manifest_id,
            signed=signed,
            bare=bare,
            again=encoded(bare, folder / "again.mp4"),
            stranger=scenic(folder / "stranger.mp4", seed=12, seconds=1.5),
        )


async def test_what_is_asked_about_carries_no_manifest(out: Out) -> None:
    assert b"c2pa" in out.signed.read_bytes()
    for path in (out.bare, out.again):
        data = path.read_bytes()
        assert b"c2pa" not in data
        assert out.clip_id.encode() not in data


@pytest.mark.parametrize("what", ["bare", "again"])
async def test_by_content_over_grpc(out: Out, what: str) -> None:
    found = await out.place.match(getattr(out, what))
    (match,) = found.matches
    assert (match.clip_id, match.manifest_id) == (out.clip_id, out.manifest_id)
    assert not match.recalled
    assert match.watermark.p_value <= ALARM
    assert 100 < match.watermark.bits <= 128
    assert match.fingerprint.clip_id == out.clip_id
    assert match.fingerprint.distance <= 31
    matched_ms = match.fingerprint.end_pts_ms - match.fingerprint.start_pts_ms
    assert 2_500 <= matched_ms <= 3_100
    assert match.score >= 90
    assert match.statement.startswith("matched by watermark with p = ")
    assert "trusted" not in str(found).lower()
    assert out.place.left() == []
    page = await out.place.door.audit.ListEntries(audit_pb2.ListEntriesRequest(clip_id=out.clip_id))
    (entry,) = (each for each in page.entries if each.leaf_index == found.audit.leaf_index)
    assert entry.event == "clip.matched"


@pytest.mark.parametrize("what", ["bare", "again"])
async def test_by_content_over_http(out: Out, what: str) -> None:
    reply = await out.place.by_content(getattr(out, what))
    assert reply.status == 200
    (match,) = reply.json["matches"]
    assert match["manifestId"] == out.manifest_id
    assert 90 <= match["similarityScore"] <= 100
    assert set(match) == {"manifestId", "similarityScore"}
    fetched = await out.place.ask("GET", f"/manifests/{match['manifestId']}")
    assert fetched.headers["content-type"] == "application/c2pa"
    assert fetched.body == out.store


async def test_one_layer_alone(out: Out) -> None:
    by_mark = await out.place.by_content(out.again, f"?alg={WATERMARK}")
    by_looks = await out.place.by_content(out.again, f"?alg={FINGERPRINT}&maxResults=1")
    for reply in (by_mark, by_looks):
        assert [one["manifestId"] for one in reply.json["matches"]] == [out.manifest_id]


async def test_a_stranger_leads_nowhere(out: Out) -> None:
    assert (await out.place.by_content(out.stranger)).json == {"matches": []}
    found = await out.place.match(out.stranger)
    assert (list(found.matches), found.comparable) == ([], True)


async def _binding(out: Out) -> str:
    """The value of the soft binding as anybody reads it in the manifest: base64."""
    found = await out.place.door.provenance.LookupManifest(
        pb.LookupManifestRequest(clip_id=out.clip_id)
    )
    at = found.manifest.index(b"c2pa.soft-binding\0")
    block = found.manifest[at : at + 400]
    assert WATERMARK.encode() in block
    start = block.index(b"value") + len(b"value") + 2
    return block[start : start + 24].decode("ascii")


async def test_by_the_value_that_the_manifest_states(out: Out) -> None:
    value = await _binding(out)
    code = base64.b64decode(value, validate=True)
    assert len(code) == 16
    expected = {"matches": [{"manifestId": out.manifest_id, "similarityScore": 100}]}
    urlsafe = base64.urlsafe_b64encode(code).decode().rstrip("=")
    for spelt in (quote(value, safe=""), quote(value, safe="+"), urlsafe):
        reply = await out.place.ask("GET", f"/matches/byBinding?alg={WATERMARK}&value={spelt}")
        assert (reply.status, reply.json) == (200, expected)
    document = json.dumps({"alg": WATERMARK, "value": value})
    json_kind = {"content-type": "application/json; charset=utf-8"}
    reply = await out.place.ask("POST", "/matches/byBinding?maxResults=3", document, json_kind)
    assert (reply.status, reply.json) == (200, expected)
    found = await out.place.door.provenance.LookupManifest(
        pb.LookupManifestRequest(soft_binding=pb.SoftBinding(algorithm=WATERMARK, value=code))
    )
    assert (found.clip_id, found.manifest) == (out.clip_id, out.store)


async def test_a_code_of_nobody(out: Out) -> None:
    value = base64.b64encode(bytes(16)).decode()
    reply = await out.place.ask(
        "GET", f"/matches/byBinding?alg={WATERMARK}&value={quote(value, safe='')}"
    )
    assert (reply.status, reply.json) == (200, {"matches": []})
    lookup = out.place.door.provenance.LookupManifest
    for algorithm, code, reason in [
        (WATERMARK, bytes(16), "CLIP_UNKNOWN"),
        (WATERMARK, bytes(15), "INVALID_INPUT"),
        ("com.example.other.1", bytes(16), "ALGORITHM_UNKNOWN"),
        ("x" * 5_000, bytes(16), "INVALID_INPUT"),
        (WATERMARK, bytes(100_000), "INVALID_INPUT"),
    ]:
        binding = pb.SoftBinding(algorithm=algorithm, value=code)
        with pytest.raises(aio.AioRpcError) as failed:
            await lookup(pb.LookupManifestRequest(soft_binding=binding))
        assert error_info(failed.value).reason == reason


async def test_the_active_manifest_alone_is_a_store_as_well(out: Out) -> None:
    path = f"/manifests/{out.manifest_id}?returnActiveManifest="
    whole, alone = [await out.place.ask("GET", path + each) for each in ("false", "true")]
    assert whole.body == out.store
    assert alone.body == out.store  # this one was made from nothing else
    assert (await out.place.ask("HEAD", path + "true")).body == b""


async def test_the_manifests_own_signature_is_told_apart(out: Out) -> None:
    lookup = out.place.door.provenance.LookupManifest
    plain = await lookup(pb.LookupManifestRequest(manifest_id=out.manifest_id))
    assert plain.signature.state == pb.SIGNATURE_STATE_NOT_CHECKED
    found = await lookup(
        pb.LookupManifestRequest(manifest_id=out.manifest_id, check_signature=True)
    )
    assert found.signature.state == pb.SIGNATURE_STATE_VOUCHED_FOR
    assert found.signature.signer == "Framegate tests"
    assert not [one for one in found.signature.reasons if one.failure]
    assert out.place.left() == []


async def test_the_command_writes_the_store(out: Out, tmp_path: Path) -> None:
    value = await _binding(out)
    recover = ["--server", out.place.grpc, "recover"]
    target = tmp_path / "found.c2pa"
    for key in (
        ["--clip", str(out.again)],
        ["--watermark", value],
        ["--manifest-id", out.manifest_id],
        ["--clip-id", out.clip_id],
    ):
        done = await _command(*recover, *key, "-o", str(target), "--json")
        assert done.exit_code == 0, done.output
        said = json.loads(done.output)
        assert (said["clip_id"], said["manifest_id"]) == (out.clip_id, out.manifest_id)
        assert said["signature"]["state"] == "vouched_for"
        assert bool(said["matches"]) == (key[0] == "--clip")
        assert target.read_bytes() == out.store
        target.unlink()
    done = await _command(*recover, "--clip", str(out.again), "-o", str(target))
    assert "matched by watermark with p = " in done.output
    assert "trusted" not in done.output.lower()
    for key, status in (
        (["--clip", str(out.stranger)], 1),
        (["--watermark", "?"], 1),
        (["--manifest-id", "urn:c2pa:none"], 1),
        ([], 2),
        (["--clip-id", "a", "--manifest-id", "b"], 2),
    ):
        missing = tmp_path / "none.c2pa"
        done = await _command(*recover, *key, "-o", str(missing), "--json")
        assert done.exit_code == status, done.output
        assert not missing.exists()


async def _command(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, root, arguments)
