"""Time stamps and expiry, with a real RFC 3161 authority (`openssl ts`) on loopback."""

from __future__ import annotations

import http.server
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import encypher_c2pa
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from provenance import credentials, verification
from provenance.credentials import Credentials
from provenance.errors import TimestampUnavailable
from provenance.reading import C2paState, read
from provenance.signing import sign
from provenance.verification import Answer
from tests.provenance.authority import Authority, key_pem, pem
from tests.provenance.conftest import RELEASE

_CONFIG = """\
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/leaf.pem
certs = {folder}/issuing.pem
signer_key = {folder}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


@dataclass
class Stamper:
    """A running time-stamping authority."""

    url: str
    root: str
    broken: bool = False


@pytest.fixture(scope="module")
def stamper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stamper]:
    openssl = shutil.which("openssl") or ""
    if not openssl:
        pytest.skip("no openssl to run a time-stamping authority with")
    folder = tmp_path_factory.mktemp("tsa")
    authority, key = Authority.make("Stamps"), rsa.generate_private_key(65537, 2048)
    leaf = authority.issue(
        key, purposes=(ExtendedKeyUsageOID.TIME_STAMPING,), critical_purposes=True
    )
    (folder / "leaf.pem").write_bytes(pem(leaf))
    (folder / "issuing.pem").write_bytes(pem(authority.issuing))
    (folder / "key.pem").write_bytes(key_pem(key))
    (folder / "serial").write_text("01")
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["content-length"]))
            (folder / "query").write_bytes(query)
            command = [openssl, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query"]
            subprocess.run([*command, "-out", "reply"], cwd=folder, check=True, capture_output=True)
            reply = b"out of order" if made.broken else (folder / "reply").read_bytes()
            self.send_response(500 if made.broken else 200)
            self.send_header("content-type", "application/timestamp-reply")
            self.send_header("content-length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        made = Stamper(f"http://127.0.0.1:{server.server_port}/", pem(authority.root).decode())
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def _short_lived(folder: Path, authority: Authority, trusted: str, life: timedelta) -> Credentials:
    key = ec.generate_private_key(ec.SECP256R1())
    authority.store(folder, key, authority.issue(key, until_now=life))
    if trusted:
        (folder / "trusted").mkdir()
        (folder / "trusted" / "stamps.pem").write_text(trusted)
    return credentials.load(folder)


def test_stamp_tells_when_it_was_signed(
    tmp_path: Path, plain: Path, authority: Authority, stamper: Stamper
) -> None:
    keys = _short_lived(tmp_path / "keys", authority, stamper.root, timedelta(days=1))
    before = time.time() // 1 * 1000
    sign(plain, tmp_path / "out.mp4", RELEASE, keys, timestamp_url=stamper.url)
    found = read(tmp_path / "out.mp4", keys.anchors)
    assert found.state is C2paState.TRUSTED
    assert found.own
    assert found.signed_ms is not None
    assert before <= found.signed_ms <= time.time() * 1000


def test_broken_authority_leaves_nothing(
    tmp_path: Path, plain: Path, authority: Authority, stamper: Stamper
) -> None:
    keys = _short_lived(tmp_path / "keys", authority, stamper.root, timedelta(days=1))
    stamper.broken = True
    try:
        with pytest.raises(TimestampUnavailable):
            sign(plain, tmp_path / "out.mp4", RELEASE, keys, timestamp_url=stamper.url)
    finally:
        stamper.broken = False
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_after_expiry_a_trusted_stamp_decides(
    tmp_path: Path, plain: Path, authority: Authority, stamper: Stamper
) -> None:
    keys = _short_lived(tmp_path / "keys", authority, stamper.root, timedelta(seconds=4))
    stamped, unstamped = tmp_path / "stamped.mp4", tmp_path / "unstamped.mp4"
    sign(plain, stamped, RELEASE, keys, timestamp_url=stamper.url)
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


@pytest.mark.parametrize(("days", "state"), [(0, "Trusted"), (400, "Valid")])
def test_independent_verifier_does_not_trust_after_expiry(
    tmp_path: Path, plain: Path, ours: Credentials, days: int, state: str
) -> None:
    # Both verifiers take the trust back; this one calls that "Valid", ours "Invalid".
    sign(plain, tmp_path / "out.mp4", RELEASE, ours)
    at = datetime.now(UTC) + timedelta(days=days)
    found = encypher_c2pa.verify(
        str(tmp_path / "out.mp4"),
        trust_pem=ours.anchors.own,
        no_default_trust=True,
        telemetry=False,
        online=False,
        validation_time=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    assert found["validation_state"] == state
