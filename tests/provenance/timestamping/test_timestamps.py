"""Time stamps and expiry, with real RFC 3161 authorities (`openssl ts`) on loopback."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import encypher_c2pa
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from media.errors import InvalidInput
from provenance import verification
from provenance.errors import SigningFailed, TimestampUnavailable
from provenance.keys import credentials
from provenance.keys.credentials import Credentials
from provenance.reading import C2paState, read
from provenance.signing import sign
from provenance.timestamping.timestamps import Stamp, Stamper, Stamping, StampState
from provenance.verification import Answer
from tests.provenance.authority import Authority
from tests.provenance.conftest import RELEASE
from tests.provenance.stamping import StampAuthority, query_for, stamping

FAILING = ["http 500", "garbage", "denied", "other", "silent", "drip", "endless", "closed port"]
DEADLINE_MS = 600


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StampAuthority]:
    with stamping(tmp_path_factory.mktemp("first")) as made:
        yield made


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StampAuthority]:
    with stamping(tmp_path_factory.mktemp("second")) as made:
        yield made


@pytest.fixture(autouse=True)
def _well_behaved(first: StampAuthority, second: StampAuthority) -> Iterator[None]:
    yield
    for one in (first, second):
        one.mode = "good"
        one.released.set()  # let go of whoever still waits
        one.released.clear()


def _closed_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/"


def _failing(authority: StampAuthority, how: str) -> str:
    if how == "closed port":
        return _closed_port()
    authority.mode = how
    return authority.url


def _keys(folder: Path, authority: Authority, trusted: str, life: timedelta) -> Credentials:
    key = ec.generate_private_key(ec.SECP256R1())
    authority.store(folder, key, authority.issue(key, until_now=life))
    if trusted:
        (folder / "trusted").mkdir()
        (folder / "trusted" / "stamps.pem").write_text(trusted)
    return credentials.load(folder)


def test_stamp_tells_when_it_was_signed(
    tmp_path: Path, plain: Path, authority: Authority, first: StampAuthority
) -> None:
    keys = _keys(tmp_path / "keys", authority, first.root, timedelta(days=1))
    before = time.time() // 1 * 1000
    stamper = Stamper(Stamping((first.url,)))
    signed = sign(plain, tmp_path / "out.mp4", RELEASE, keys, stamper=stamper)
    found = read(tmp_path / "out.mp4", keys.anchors)
    assert found.state is C2paState.TRUSTED
    assert found.own
    assert found.signed_ms is not None
    assert before <= found.signed_ms <= time.time() * 1000
    assert signed.stamp == Stamp(StampState.STAMPED, first.host, found.signed_ms)


def test_without_an_authority_the_result_says_so(
    tmp_path: Path, plain: Path, ours: Credentials
) -> None:
    assert sign(plain, tmp_path / "out.mp4", RELEASE, ours).stamp == Stamp(StampState.NONE)


@pytest.mark.parametrize("how", FAILING)
def test_required_stamp_that_nobody_gives_leaves_nothing(
    tmp_path: Path, plain: Path, ours: Credentials, first: StampAuthority, how: str
) -> None:
    stamper = Stamper(Stamping((_failing(first, how),), deadline_ms=DEADLINE_MS))
    began = time.monotonic()
    with pytest.raises(TimestampUnavailable) as caught:
        sign(plain, tmp_path / "out.mp4", RELEASE, ours, stamper=stamper)
    assert time.monotonic() - began < 15  # a silent authority takes 20 s
    assert caught.value.retryable
    assert "127.0.0.1" in str(caught.value.actual)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("how", FAILING)
def test_the_second_authority_stands_in(
    tmp_path: Path,
    plain: Path,
    ours: Credentials,
    first: StampAuthority,
    second: StampAuthority,
    how: str,
) -> None:
    urls = (_failing(first, how), second.url)
    stamper = Stamper(Stamping(urls, deadline_ms=4_000))
    signed = sign(plain, tmp_path / "out.mp4", RELEASE, ours, stamper=stamper)
    assert signed.stamp.state is StampState.STAMPED
    assert signed.stamp.authority == second.host
    (failure,) = signed.stamp.failures
    assert failure.startswith(urls[0].removeprefix("http://").rstrip("/"))
    # The one that failed is asked last from now on, so it delays one clip and not every clip.
    asked = first.asked
    again = sign(plain, tmp_path / "again.mp4", RELEASE, ours, stamper=stamper)
    assert again.stamp.failures == ()
    assert first.asked == asked


@pytest.mark.parametrize("how", ["http 500", "garbage", "silent", "closed port"])
def test_best_effort_signs_without_and_says_so(
    tmp_path: Path, plain: Path, ours: Credentials, first: StampAuthority, how: str
) -> None:
    plan = Stamping((_failing(first, how),), required=False, deadline_ms=DEADLINE_MS)
    signed = sign(plain, tmp_path / "out.mp4", RELEASE, ours, stamper=Stamper(plan))
    assert signed.stamp.state is StampState.UNAVAILABLE
    assert signed.stamp.time_ms is None
    assert len(signed.stamp.failures) == 1
    found = read(tmp_path / "out.mp4", ours.anchors)
    assert found.state is C2paState.TRUSTED
    assert found.signed_ms is None
    assert found.manifest_id == signed.manifest_id
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


def test_another_failure_is_not_taken_for_a_missing_stamp(first: StampAuthority) -> None:
    def write(url: str) -> None:
        raise SigningFailed("the disk is full")

    with pytest.raises(SigningFailed, match="the disk is full"):
        Stamper(Stamping((first.url,), required=False)).stamped(write)


def _post(url: str, body: bytes) -> int:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("POST", parts.path, body)
        with connection.getresponse() as response:
            response.read()
            return response.status
    finally:
        connection.close()


def test_the_deadline_begins_with_the_asking(first: StampAuthority) -> None:
    # A large clip is hashed for longer than a stamp may take.
    hashed = time.monotonic() + 1.6

    def write(url: str) -> int:
        while time.monotonic() < hashed:
            time.sleep(0.05)
        return _post(url, query_for(first.folder, b"a claim"))

    status, stamp = Stamper(Stamping((first.url,), deadline_ms=1_500)).stamped(write)
    assert status == 200
    assert stamp.state is StampState.STAMPED


def test_the_relay_answers_nobody_else(first: StampAuthority) -> None:
    asked = first.asked

    def write(url: str) -> None:
        for other in (url[:-1], url.rpartition("/")[0] + "/", url + "x"):
            assert _post(other, query_for(first.folder, b"a claim")) == 404
        raise SigningFailed("enough")

    with pytest.raises(SigningFailed, match="enough"):
        Stamper(Stamping((first.url,))).stamped(write)
    assert first.asked == asked


def test_who_is_not_asked_gives_no_stamp(first: StampAuthority) -> None:
    with pytest.raises(TimestampUnavailable):
        Stamper(Stamping((first.url,))).stamped(lambda url: url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://tsa.example/",
        "tsa.example",
        "http://",
        "http://name:secret@tsa.example/",
        "http://tsa.example:99999/",
        "http://tsa.example/\u00e4",
        "http://tsa.example/\n",
    ],
)
def test_unfit_addresses_are_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Stamping((url,))
    assert caught.value.field == "timestamp_url"
    assert "secret" not in caught.value.message


def test_unfit_plans_are_refused() -> None:
    with pytest.raises(InvalidInput):
        Stamping(("http://tsa.example/",) * 9)
    with pytest.raises(InvalidInput):
        Stamping((), deadline_ms=0)
    assert Stamping.parse(" http://a.example/ https://b.example/x ").urls == (
        "http://a.example/",
        "https://b.example/x",
    )


def test_after_expiry_a_trusted_stamp_decides(
    tmp_path: Path, plain: Path, authority: Authority, first: StampAuthority
) -> None:
    keys = _keys(tmp_path / "keys", authority, first.root, timedelta(seconds=8))
    stamped, unstamped = tmp_path / "stamped.mp4", tmp_path / "unstamped.mp4"
    sign(plain, stamped, RELEASE, keys, stamper=Stamper(Stamping((first.url,))))
    sign(plain, unstamped, RELEASE, keys)
    assert verification.verify(unstamped, keys).answer is Answer.MADE_HERE
    # Expiry is a fact about the clock that the C2PA library reads itself.
    while datetime.now(UTC) <= keys.not_after + timedelta(seconds=1):
        time.sleep(0.1)
    found = verification.verify(unstamped, keys)
    assert found.c2pa.state is C2paState.INVALID
    assert "signingCredential.expired" in {reason.code for reason in found.c2pa.reasons}
    assert found.answer is Answer.INCONCLUSIVE
    assert verification.verify(stamped, keys).answer is Answer.MADE_HERE


@pytest.mark.parametrize("days", [0, 400])
@pytest.mark.parametrize("with_stamp", [True, False])
def test_independent_verifier_agrees_about_expiry(
    tmp_path: Path,
    plain: Path,
    authority: Authority,
    first: StampAuthority,
    days: int,
    with_stamp: bool,
) -> None:
    # Unlike ours this verifier can be told the time. Without a stamp both take the trust back
    # after expiry; this one calls that "Valid", ours "Invalid".
    keys = _keys(tmp_path / "keys", authority, first.root, timedelta(days=1))
    stamper = Stamper(Stamping((first.url,))) if with_stamp else None
    sign(plain, tmp_path / "out.mp4", RELEASE, keys, stamper=stamper)
    at = datetime.now(UTC) + timedelta(days=days)
    found = encypher_c2pa.verify(
        str(tmp_path / "out.mp4"),
        trust_pem=keys.anchors.own,
        tsa_trust_pem=first.root,
        no_default_trust=True,
        telemetry=False,
        online=False,
        validation_time=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    assert found["validation_state"] == ("Trusted" if with_stamp or not days else "Valid")
