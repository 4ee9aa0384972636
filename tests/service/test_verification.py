"""`VerifyClip` through a real server: what it answers, that it keeps nothing, what it survives."""

from __future__ import annotations

import random
import struct
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec
from grpc import aio

from framegate.v1 import provenance_pb2 as pb
from moderation.cli.door import Door
from provenance.errors import CredentialsMissing
from provenance.keys import credentials
from provenance.keys.credentials import Credentials
from provenance.manifest import Release
from provenance.signing import sign
from tests.clips import make_clip
from tests.house import error_info, house, settings_for
from tests.moderation.origins.samples import created, definition, write
from tests.provenance.authority import Authority

pytestmark = pytest.mark.asyncio(loop_scope="module")
CANARY = "canary-of-an-author"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    credentials.init(folder / "keys", organization="Framegate tests", now=datetime.now(UTC))
    return folder


@pytest.fixture(scope="module")
def spill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spill")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(home: Path, spill: Path) -> AsyncIterator[Door]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(spill))  # of the workers, which start with the first call
        async with house(settings_for(home)) as opened:
            yield opened


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("plain") / "plain.mp4", seconds=1, title=CANARY)


@pytest.fixture(scope="module")
def signed(plain: Path, home: Path) -> Path:
    target = plain.with_name("signed.mp4")
    sign(plain, target, Release("clip-1", "VideoGen", "1", 5), credentials.load(home / "keys"))
    return target


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Credentials:
    key, authority = ec.generate_private_key(ec.SECP256R1()), Authority.make()
    folder = tmp_path_factory.mktemp("stranger")
    return credentials.load(authority.store(folder, key, authority.issue(key)))


def _free(size: int) -> bytes:
    return struct.pack(">I", 8 + size) + b"free" + bytes(size)


async def test_answer_says_who_vouches(door: Door, signed: Path) -> None:
    found = await door.verify(signed)
    assert found.answer == pb.ANSWER_MADE_HERE
    assert list(found.c2pa.vouched_by) == [pb.TRUST_LIST_OWN]
    assert found.c2pa.revocation == pb.REVOCATION_NOT_CHECKED
    assert found.c2pa.stamp.state == pb.STAMP_STATE_NONE


async def test_stranger_is_valid_and_nobody_vouches(
    door: Door, plain: Path, stranger: Credentials, tmp_path: Path
) -> None:
    made = definition("by jane@example.org", created())
    made["assertions"] += [
        {"label": "com.example.owner", "data": {"author": CANARY, "prompt": "a red kite"}}
    ]
    path = write(tmp_path / "theirs.mp4", plain, made, stranger)
    assert CANARY.encode() in path.read_bytes()
    found = await door.verify(path)
    assert found.answer == pb.ANSWER_NO_EVIDENCE
    assert found.c2pa.state == pb.C2PA_STATE_VALID
    assert list(found.c2pa.vouched_by) == []
    for word in (CANARY, "kite", "jane"):
        assert word not in str(found)


async def test_nothing_of_an_upload_is_kept(
    door: Door, home: Path, spill: Path, signed: Path, tmp_path: Path
) -> None:
    data = signed.read_bytes()
    large = tmp_path / "large.mp4"  # above what the library keeps in memory
    large.write_bytes(data + _free(20 << 20))
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(data[: len(data) // 2])
    await door.verify(signed)
    before = _files(home, spill)
    for path in (signed, large, broken):
        assert (await door.verify(path)).c2pa.state != pb.C2PA_STATE_ABSENT
    assert _files(home, spill) == before
    for path in before - set((home / "keys").rglob("*")):
        kept = path.read_bytes()
        assert CANARY.encode() not in kept
        assert data[-400:] not in kept


def _files(*folders: Path) -> set[Path]:
    return {path for folder in folders for path in folder.rglob("*") if path.is_file()}


def _nested(data: bytes) -> bytes:
    body = b""
    for _ in range(1000):
        body = struct.pack(">I", 8 + len(body)) + b"moov" + body
    return data[:32] + body


def _webm(tmp_path: Path) -> bytes:
    return make_clip(tmp_path / "a.webm", seconds=1, codec="libvpx").read_bytes()


BAD: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "20 bytes": (lambda data: data[:20], "CLIP_UNREADABLE"),
    "random": (lambda _: random.Random(7).randbytes(9000), "CLIP_NOT_VIDEO"),
    "png": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(400), "CLIP_NOT_VIDEO"),
    "a box that lies about its size": (
        lambda data: data[:32] + b"\x7f\xff\xff\xffmoov" + bytes(64),
        "CLIP_UNREADABLE",
    ),
    "nesting without end": (_nested, "CLIP_UNREADABLE"),
    "tail cut off inside the header": (lambda data: data[:4200], "invalid"),
    "first half": (lambda data: data[: len(data) // 2], "invalid"),
}


@pytest.mark.parametrize("name", BAD)
async def test_bad_input_has_its_stated_result(
    name: str, door: Door, signed: Path, tmp_path: Path
) -> None:
    make, expected = BAD[name]
    path = tmp_path / "bad.mp4"
    path.write_bytes(make(signed.read_bytes()))
    if expected == "invalid":
        found = await door.verify(path)
        assert found.c2pa.state == pb.C2PA_STATE_INVALID
        assert found.answer == pb.ANSWER_INCONCLUSIVE
        return
    with pytest.raises(aio.AioRpcError) as failed:
        await door.verify(path)
    assert error_info(failed.value).reason == expected


async def test_webm_cannot_carry_a_record(door: Door, tmp_path: Path) -> None:
    path = tmp_path / "named.mp4"
    path.write_bytes(_webm(tmp_path))
    found = await door.verify(path)
    assert found.c2pa.state == pb.C2PA_STATE_ABSENT
    assert [one.code for one in found.c2pa.reasons] == ["org.framegate.containerCannotCarry"]


async def test_bytes_outside_the_signature_are_told(
    door: Door, signed: Path, tmp_path: Path
) -> None:
    path = tmp_path / "more.mp4"
    hidden = struct.pack(">I", 16) + b"skip" + b"payload!"
    path.write_bytes(signed.read_bytes() + hidden)
    found = await door.verify(path)
    assert found.c2pa.state == pb.C2PA_STATE_TRUSTED
    assert "org.framegate.unhashedBytes" in {one.code for one in found.c2pa.reasons}


async def test_time_limit_ends_a_verification_and_leaves_nothing(
    tmp_path: Path, signed: Path
) -> None:
    settings = settings_for(tmp_path / "home", verify_timeout_ms=1)
    async with house(settings) as door:
        with pytest.raises(aio.AioRpcError) as failed:
            await door.verify(signed)
        assert error_info(failed.value).reason == "JOB_TIMEOUT"
        assert [p for p in (settings.home / "incoming").rglob("*") if p.is_file()] == []


async def test_trust_list_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "home", c2pa_trust_list=tmp_path / "none.pem")
    with pytest.raises(CredentialsMissing, match="c2pa_trust_list"):
        async with house(settings):
            pass


async def test_official_list_vouches_in_its_own_name(
    tmp_path: Path, plain: Path, stranger: Credentials
) -> None:
    listed = tmp_path / "list.pem"
    listed.write_text(stranger.anchors.own)
    path = write(tmp_path / "theirs.mp4", plain, definition("x", created()), stranger)
    async with house(settings_for(tmp_path / "home", c2pa_trust_list=listed)) as door:
        found = await door.verify(path)
    assert found.answer == pb.ANSWER_DECLARED_AI
    assert list(found.c2pa.vouched_by) == [pb.TRUST_LIST_C2PA]
    async with house(settings_for(tmp_path / "other", tsa_trust_list=listed)) as door:
        found = await door.verify(path)
    assert found.answer == pb.ANSWER_NO_EVIDENCE
    assert found.c2pa.state == pb.C2PA_STATE_VALID
