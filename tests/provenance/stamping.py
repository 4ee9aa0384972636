"""A time-stamping authority on loopback (RFC 3161, answers by `openssl ts`) that can misbehave."""

from __future__ import annotations

import contextlib
import http.server
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.provenance.authority import Authority, key_pem, pem

SILENCE_S = 20.0

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
digests = {digests}
ess_cert_id_alg = sha256
"""


@dataclass
class StampAuthority:
    """A running authority.

    `mode` is `good`, `http 500`, `garbage`, `denied` (a real answer that says no), `other` (a real
    stamp of something else), `silent` (20 s without a byte), `drip` (a byte now and then) or
    `endless` (more bytes than anybody asked for). A `script` of modes, one a request, goes first.
    """

    url: str
    root: str
    folder: Path
    mode: str = "good"
    script: Iterator[str] | None = None
    asked: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://").rstrip("/")


def openssl() -> str:
    found = shutil.which("openssl")
    if not found:
        pytest.skip("no openssl to run a time-stamping authority with")
    return found


def reply_to(folder: Path, query: bytes, *, denied: bool = False) -> bytes:
    """A real answer to a request, made in the folder of an authority."""
    with tempfile.NamedTemporaryFile(dir=folder) as asked:
        asked.write(query)
        asked.flush()
        config = "denying.cnf" if denied else "tsa.cnf"
        command = [openssl(), "ts", "-reply", "-config", config, "-queryfile", asked.name]
        subprocess.run(
            [*command, "-out", asked.name + ".reply"], cwd=folder, check=True, capture_output=True
        )
        reply = Path(asked.name + ".reply")
        data = reply.read_bytes()
        reply.unlink()
        return data


def query_for(folder: Path, content: bytes) -> bytes:
    """A request for a stamp on some bytes."""
    (folder / "content").write_bytes(content)
    command = [openssl(), "ts", "-query", "-data", "content", "-sha256", "-cert"]
    made = subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return made.stdout


def prepare(folder: Path) -> str:
    """Write keys, certificates and configuration of an authority; returns its root, PEM."""
    authority, key = Authority.make("Stamps"), rsa.generate_private_key(65537, 2048)
    leaf = authority.issue(
        key, purposes=(ExtendedKeyUsageOID.TIME_STAMPING,), critical_purposes=True
    )
    (folder / "leaf.pem").write_bytes(pem(leaf))
    (folder / "issuing.pem").write_bytes(pem(authority.issuing))
    (folder / "key.pem").write_bytes(key_pem(key))
    (folder / "serial").write_text("01")
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder, digests="sha256"))
    # It takes no digest that anybody uses here, so it answers with a refusal.
    (folder / "denying.cnf").write_text(_CONFIG.format(folder=folder, digests="sha512"))
    return pem(authority.root).decode()


class _Server(http.server.ThreadingHTTPServer):
    made: StampAuthority
    lock = threading.Lock()


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["content-length"]))
        made = self.server.made
        with self.server.lock:
            made.asked += 1
            mode = next(made.script) if made.script else made.mode
            if mode == "other":
                query = query_for(made.folder, b"something else")
            reply = reply_to(made.folder, query, denied=mode == "denied")
        if mode == "silent":
            made.released.wait(SILENCE_S)
            return
        body = {"http 500": b"out of order", "garbage": b"\x30\x82 not DER"}.get(mode, reply)
        self.send_response(500 if mode == "http 500" else 200)
        self.send_header("content-type", "application/timestamp-reply")
        if mode != "endless":
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        # Whoever asked may have left.
        with contextlib.suppress(OSError):
            self._send(mode, body, made.released)

    def _send(self, mode: str, body: bytes, released: threading.Event) -> None:
        if mode == "drip":
            for number in range(len(body)):
                self.wfile.write(body[number : number + 1])
                if released.wait(0.05):
                    return
        elif mode == "endless":
            while not released.is_set():
                self.wfile.write(bytes(1 << 16))
        else:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def stamping(folder: Path) -> Iterator[StampAuthority]:
    """Run an authority for the length of the block."""
    openssl()
    folder.mkdir(parents=True, exist_ok=True)
    with _Server(("127.0.0.1", 0), _Handler) as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        server.made = StampAuthority(url, prepare(folder), folder)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.made
        finally:
            server.made.released.set()
            server.shutdown()
            thread.join()
