"""A real OCSP responder (RFC 6960) on loopback, and leaves whose certificates name it."""

from __future__ import annotations

import base64
import contextlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from tests.provenance.authority import GOOD_PURPOSES, Authority, name

GOOD, REVOKED, UNKNOWN = (
    ocsp.OCSPCertStatus.GOOD,
    ocsp.OCSPCertStatus.REVOKED,
    ocsp.OCSPCertStatus.UNKNOWN,
)


@dataclass
class Responder:
    """Answers for every certificate of its authority.

    Attributes:
        authority: Whose certificates it answers for.
        signer: Who issued the responder's own certificate; the same unless it is an impostor.
        status: What it answers.
        body: Sent instead of an answer.
        ago: How long ago the certificate was revoked, where it was.
        asked: How often it was asked.
        silent: Cleared, it answers at once; set, it waits for `released`.
    """

    authority: Authority
    signer: Authority
    status: ocsp.OCSPCertStatus = GOOD
    body: bytes = b""
    ago: timedelta = timedelta(hours=2)
    asked: int = 0
    silent: bool = False
    released: threading.Event = field(default_factory=threading.Event)
    host: str = ""

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        extension = x509.OCSPNoCheck()
        self._certificate = _certify(
            self.signer, self._key, (ExtendedKeyUsageOID.OCSP_SIGNING,), extension
        )

    def leaf(self, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        """Issue a signing certificate that names this responder."""
        place = x509.UniformResourceIdentifier(f"http://{self.host}")
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)
        return _certify(
            self.authority, key, GOOD_PURPOSES, x509.AuthorityInformationAccess([access])
        )

    def answer_about(self, leaf: x509.Certificate) -> bytes:
        """Answer about a certificate that the authority issued."""
        builder = ocsp.OCSPRequestBuilder().add_certificate(
            leaf,
            self.authority.issuing,
            hashes.SHA1(),  # noqa: S303 - how responders know them
        )
        request = builder.build().public_bytes(serialization.Encoding.DER)
        return self.answer("/" + base64.b64encode(request).decode())

    def answer(self, path: str) -> bytes:
        """Answer a request that came by GET (RFC 6960, appendix A.1)."""
        if self.body:
            return self.body
        request = ocsp.load_der_ocsp_request(base64.b64decode(unquote(path.removeprefix("/"))))
        now = datetime.now(UTC)
        revoked = self.status is REVOKED
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=request.issuer_name_hash,
            issuer_key_hash=request.issuer_key_hash,
            serial_number=request.serial_number,
            algorithm=request.hash_algorithm,
            cert_status=self.status,
            this_update=now - timedelta(minutes=1),
            next_update=now + timedelta(days=1),
            revocation_time=now - self.ago if revoked else None,
            revocation_reason=x509.ReasonFlags.key_compromise if revoked else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self._certificate)
        signed = builder.certificates([self._certificate]).sign(self._key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.DER)


@contextlib.contextmanager
def responding(authority: Authority, signer: Authority | None = None) -> Iterator[Responder]:
    """Run a responder for the length of the block."""
    responder = Responder(authority, signer or authority)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            responder.asked += 1
            if responder.silent:
                responder.released.wait(60)
            answer = responder.answer(self.path)
            with contextlib.suppress(OSError):  # who asked may be gone
                self.send_response(200)
                self.send_header("content-type", "application/ocsp-response")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    responder.host = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield responder
    finally:
        responder.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _certify(
    by: Authority,
    key: ec.EllipticCurvePrivateKey,
    purposes: tuple[x509.ObjectIdentifier, ...],
    extension: x509.ExtensionType,
) -> x509.Certificate:
    """Issue a leaf with one more extension than `Authority.issue` gives."""
    plain = by.issue(key, organization="Other Video", purposes=purposes)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name("Signer", "Other Video"))
        .issuer_name(plain.issuer)
        .public_key(key.public_key())
        .serial_number(plain.serial_number)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(plain.not_valid_after_utc)
    )
    for each in plain.extensions:
        builder = builder.add_extension(each.value, critical=each.critical)
    return builder.add_extension(extension, critical=False).sign(by.issuing_key, hashes.SHA256())


def stapled(data: bytes, answer: bytes) -> bytes:
    """Put an answer into a signature's container, in the room that its padding takes.

    It goes into the unprotected header of the COSE_Sign1 as `rVals` (C2PA 2.4, section 14.6), which
    the signature does not cover. The padding must be the header's only entry and long enough.
    """
    at = data.index(b"\xa1\x63pad\x59")
    room = int.from_bytes(data[at + 6 : at + 8], "big")
    value = b"\xa1\x68ocspVals\x81\x59" + len(answer).to_bytes(2, "big") + answer
    entry = b"\x65rVals" + value
    left = room - len(entry)
    if left < 256:
        raise ValueError("there is too little padding")
    padding = b"\x63pad\x59" + left.to_bytes(2, "big") + bytes(left)
    return data[:at] + b"\xa2" + entry + padding + data[at + 8 + room :]
