"""A small keeper of keys: a process that holds a private key and signs over a socket file.

It stands for a KMS: whoever signs has no key, only this module's `connect`, which `key.toml` names.
Run as `python keeper.py SOCKET KEY.pem`; it says `ready` when it listens.
"""

from __future__ import annotations

import hashlib
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

MODULE = "tests.provenance.keeper"


def connect(path: str) -> Callable[[bytes], bytes]:
    """What a KMS's client library would offer: a digest goes out, a DER signature comes back."""

    def sign(data: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(10)
            line.connect(path)
            line.sendall(hashlib.sha256(data).digest())
            (length,) = struct.unpack("B", line.recv(1))
            return line.recv(length, socket.MSG_WAITALL)

    return sign


def key_toml(socket_path: Path) -> bytes:
    return (
        f'kind = "callback"\nfactory = "{MODULE}:connect"\n[options]\npath = "{socket_path}"\n'
    ).encode()


@contextmanager
def keeping(socket_path: Path, key_pem: Path) -> Iterator[None]:
    """Run a keeper for the length of the block."""
    command = [sys.executable, __file__, str(socket_path), str(key_pem)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            yield
        finally:
            process.kill()


def main() -> None:
    key = serialization.load_pem_private_key(Path(sys.argv[2]).read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(sys.argv[1])
        door.listen()
        print("ready", flush=True)  # noqa: T201 - the other side waits for it
        while True:
            caller, _ = door.accept()
            with caller:
                digest = caller.recv(32, socket.MSG_WAITALL)
                answer = key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
                caller.sendall(struct.pack("B", len(answer)) + answer)


if __name__ == "__main__":
    main()
