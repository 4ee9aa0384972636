"""Revocation: a real responder is asked, if it may be, and each case has its stated result."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import c2pa  # type: ignore[import-untyped]
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp

from moderation.assembly import worker_setup
from moderation.clips.stage import ClipStage
from moderation.executor import LocalExecutor
from provenance import verification
from provenance.keys import credentials
from provenance.keys.credentials import Credentials
from provenance.keys.signers import PemKey
from provenance.reading import REVOCATION_UNKNOWN, read
from provenance.report import C2paState, Revocation
from provenance.signing import sign
from provenance.timestamping.timestamps import Stamper, Stamping
from provenance.trust import TrustAnchors
from provenance.verification import Answer, Verification
from tests.house import settings_for
from tests.moderation.origins.samples import created, definition
from tests.moderation.policies import DEFAULT
from tests.provenance.authority import Authority
from tests.provenance.conftest import RELEASE
from tests.provenance.revoking import GOOD, REVOKED, UNKNOWN, Responder, responding, stapled
from tests.provenance.stamping import stamping


@pytest.fixture(scope="module")
def responder(authority: Authority) -> Iterator[Responder]:
    with responding(authority) as made:
        yield made


@pytest.fixture(autouse=True)
def _well_behaved(responder: Responder) -> None:
    responder.status, responder.body, responder.silent = GOOD, b"", False
    responder.ago = timedelta(hours=2)


def _keys(folder: Path, responder: Responder) -> Credentials:
    key = ec.generate_private_key(ec.SECP256R1())
    return credentials.load(responder.authority.store(folder, key, responder.leaf(key)))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory, plain: Path, responder: Responder) -> Path:
    folder = tmp_path_factory.mktemp("revocable")
    target = folder / "signed.mp4"
    sign(plain, target, RELEASE, _keys(folder / "keys", responder))
    return target


@pytest.fixture
def anchors(clip: Path, responder: Responder) -> TrustAnchors:
    own = credentials.load(clip.parent / "keys").anchors.own
    return TrustAnchors(own, ocsp_hosts=(responder.host,))


def test_good_certificate_is_said_to_be_good(clip: Path, anchors: TrustAnchors) -> None:
    found = read(clip, anchors, ask_revocation=True)
    assert (found.state, found.revocation) == (C2paState.TRUSTED, Revocation.NOT_REVOKED)


def test_revoked_certificate_makes_the_manifest_invalid(
    clip: Path, anchors: TrustAnchors, responder: Responder
) -> None:
    responder.status = REVOKED
    found = read(clip, anchors, ask_revocation=True)
    assert (found.state, found.revocation) == (C2paState.INVALID, Revocation.REVOKED)
    assert found.vouched_by == ()
    assert not found.own
    failures = {reason.code for reason in found.reasons if reason.failure}
    assert "signingCredential.ocsp.revoked" in failures
    assert verification.answer(found, "Other Video") is Answer.INCONCLUSIVE


@pytest.mark.parametrize("how", ["unknown", "garbage", "empty"])
def test_answer_that_does_not_count_is_unknown(
    how: str, clip: Path, anchors: TrustAnchors, responder: Responder
) -> None:
    responder.status = UNKNOWN if how == "unknown" else REVOKED
    responder.body = {"unknown": b"", "garbage": b"out of order", "empty": b"\x30\x00"}[how]
    found = read(clip, anchors, ask_revocation=True)
    assert (found.state, found.revocation) == (C2paState.TRUSTED, Revocation.UNKNOWN)
    assert REVOCATION_UNKNOWN in {reason.code for reason in found.reasons}


def test_impostor_can_neither_clear_nor_revoke(plain: Path, tmp_path: Path) -> None:
    authority = Authority.make()
    with responding(authority, signer=Authority.make("Impostor")) as impostor:
        keys = _keys(tmp_path / "keys", impostor)
        sign(plain, tmp_path / "signed.mp4", RELEASE, keys)
        anchors = TrustAnchors(keys.anchors.own, ocsp_hosts=(impostor.host,))
        for status in (GOOD, REVOKED):
            impostor.status = status
            found = read(tmp_path / "signed.mp4", anchors, ask_revocation=True)
            assert (found.state, found.revocation) == (C2paState.TRUSTED, Revocation.UNKNOWN)
        assert impostor.asked


def test_nobody_is_asked_but_whom_the_settings_name(
    clip: Path, anchors: TrustAnchors, responder: Responder
) -> None:
    asked = responder.asked
    found = read(clip, anchors)
    assert found.revocation is Revocation.NOT_CHECKED
    for hosts in ((), ("ocsp.example",)):
        found = read(clip, dataclasses.replace(anchors, ocsp_hosts=hosts), ask_revocation=True)
        assert (found.state, found.revocation) == (C2paState.TRUSTED, Revocation.UNKNOWN)
    assert responder.asked == asked


@pytest.fixture(scope="module")
def roomy(
    tmp_path_factory: pytest.TempPathFactory, plain: Path, clip: Path, authority: Authority
) -> bytes:
    """The same credentials, signed with a callback: the library then leaves a lot of padding."""
    keys = credentials.load(clip.parent / "keys")
    assert isinstance(keys.key, PemKey)
    key = serialization.load_pem_private_key(keys.key.pem, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    made = definition("Clip", created())
    target = tmp_path_factory.mktemp("roomy") / "signed.mp4"
    chain = keys.chain_pem.decode()
    with (
        c2pa.Context.from_dict({"verify": {"verify_after_sign": False}}) as context,
        c2pa.Builder(made, context=context) as builder,
        c2pa.Signer.from_callback(
            lambda data: key.sign(data, ec.ECDSA(hashes.SHA256())),
            c2pa.C2paSigningAlg.ES256,
            chain,
            None,
        ) as signer,
        plain.open("rb") as source,
        target.open("w+b") as out,
    ):
        builder.sign(signer, "video/mp4", source, out)
    return target.read_bytes()


@pytest.mark.parametrize(
    ("status", "state", "expected"),
    [
        (GOOD, C2paState.TRUSTED, Revocation.NOT_REVOKED),
        (REVOKED, C2paState.INVALID, Revocation.REVOKED),
        (UNKNOWN, C2paState.TRUSTED, Revocation.UNKNOWN),
    ],
)
def test_stapled_answer_counts_without_the_network(
    status: ocsp.OCSPCertStatus,
    state: C2paState,
    expected: Revocation,
    roomy: bytes,
    clip: Path,
    responder: Responder,
    tmp_path: Path,
) -> None:
    keys = credentials.load(clip.parent / "keys")
    leaf = x509.load_pem_x509_certificates(keys.chain_pem)[0]
    asked, responder.status = responder.asked, status
    path = tmp_path / "stapled.mp4"
    path.write_bytes(stapled(roomy, responder.answer_about(leaf)))
    found = read(path, keys.anchors)
    assert (found.state, found.revocation) == (state, expected)
    told = REVOCATION_UNKNOWN in {reason.code for reason in found.reasons}
    assert told == (expected is Revocation.UNKNOWN)
    assert responder.asked == asked


@pytest.mark.parametrize(
    ("ago", "state"),
    [(timedelta(hours=2), C2paState.INVALID), (timedelta(minutes=-5), C2paState.TRUSTED)],
)
def test_trusted_stamp_from_before_the_revocation_keeps_the_clip(
    ago: timedelta,
    state: C2paState,
    plain: Path,
    clip: Path,
    responder: Responder,
    tmp_path: Path,
) -> None:
    keys = credentials.load(clip.parent / "keys")
    (tmp_path / "tsa").mkdir()
    with stamping(tmp_path / "tsa") as clock:
        stamper = Stamper(Stamping((clock.url,)))
        sign(plain, tmp_path / "stamped.mp4", RELEASE, keys, stamper=stamper)
    responder.status, responder.ago = REVOKED, ago
    anchors = TrustAnchors(keys.anchors.own, tsa=clock.root, ocsp_hosts=(responder.host,))
    assert read(tmp_path / "stamped.mp4", anchors, ask_revocation=True).state is state


def _verified(home: Path, path: Path, **settings: object) -> Verification:
    """Verify as the gate does, in a real worker."""
    chosen = settings_for(home, **settings)

    async def work() -> Verification:
        executor = LocalExecutor(worker_setup(chosen), workers=1)
        try:
            return await ClipStage(chosen, DEFAULT, executor).verify(path)
        finally:
            await executor.close()

    return asyncio.run(work())


@pytest.fixture
def home(tmp_path: Path, clip: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    (home / "keys").symlink_to(clip.parent / "keys")
    return home


def test_the_service_asks_about_whom_it_trusts(
    home: Path, clip: Path, responder: Responder, plain: Path
) -> None:
    responder.status = REVOKED
    found = _verified(home, clip, ocsp_hosts=responder.host)
    assert (found.answer, found.c2pa.revocation) == (Answer.INCONCLUSIVE, Revocation.REVOKED)
    asked = responder.asked
    # Of a stranger's certificate no address is followed.
    strange = home.parent / "strange"
    credentials.init(strange / "keys", organization="Us", now=datetime.now(UTC))
    found = _verified(strange, clip, ocsp_hosts=responder.host)
    assert (found.c2pa.state, found.c2pa.revocation) == (C2paState.VALID, Revocation.NOT_CHECKED)
    assert responder.asked == asked


def test_silent_responder_costs_time_and_no_answer(
    home: Path, clip: Path, responder: Responder
) -> None:
    responder.silent = True
    found = _verified(home, clip, ocsp_hosts=responder.host, ocsp_timeout_ms=3_000)
    assert responder.asked
    assert (found.answer, found.c2pa.state) == (Answer.MADE_HERE, C2paState.TRUSTED)
    assert found.c2pa.revocation is Revocation.UNKNOWN
    codes = [reason.code for reason in found.c2pa.reasons]
    assert REVOCATION_UNKNOWN in codes
    assert "signingCredential.ocsp.skipped" not in codes
