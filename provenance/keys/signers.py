"""Where the private key is: in a PEM file, behind a callback (a KMS), or in a PKCS#11 token.

One seam, `SigningKey`: bytes in, an ES256 signature out. Only a PEM file brings the key into this
process. Whatever lies outside is checked: each of its signatures must verify under the leaf's
public key, so that a key which was exchanged behind the same name is noticed before a clip is
written.

    kind = "callback"                  kind = "pkcs11"
    factory = "company.kms:connect"    module = "/usr/lib/softhsm/libsofthsm2.so"
    [options]                          token = "framegate"
    key_id = "alias/clips"             label = "clip signer"

The PIN of a token lies in the file `pin` beside it.
"""

from __future__ import annotations

import functools
import importlib
import secrets
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from media.errors import FramegateError
from provenance.errors import CredentialsInvalid, KeyUnavailable
from provenance.keys.keyfiles import KEY_FILE, PIN
from provenance.keys.pkcs11 import Pkcs11Key

Sign = Callable[[bytes], bytes]
"""Signs bytes (not their digest) with ECDSA P-256 over SHA-256; answers DER, or r and s, 32 bytes
each. Any exception means that the key cannot be used now."""

_COORDINATE_BYTES = 32
_PROOF_BYTES = 32


class SigningKey(Protocol):
    """The private key of a signing chain, wherever it is. Safe to share among threads."""

    def sign(self, data: bytes) -> bytes:
        """Sign bytes with ES256; the answer is r and s, 32 bytes each (IEEE P1363).

        Raises:
            KeyUnavailable: The key cannot be used now; it may be later.
            CredentialsInvalid: What came back is no signature of the leaf's key.
        """
        ...


@dataclass(frozen=True, slots=True)
class PemKey:
    """A key that lies in a file and is in this process.

    Attributes:
        pem: PKCS#8, not encrypted; never shown by `repr`.
    """

    pem: bytes = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """Sign bytes; see `SigningKey`."""
        key = serialization.load_pem_private_key(self.pem, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("a PemKey holds an EC key")
        return _joined(key.sign(data, ec.ECDSA(hashes.SHA256())))


class RemoteKey:
    """A key that never comes into this process; opened when it is first needed.

    Args:
        connect: Makes the connection; called once, at the first signature.
        public_key: The leaf's; every signature must verify under it.
    """

    def __init__(self, connect: Callable[[], Sign], public_key: ec.EllipticCurvePublicKey) -> None:
        self._connect = connect
        self._public_key = public_key
        self._sign: Sign | None = None

    def sign(self, data: bytes) -> bytes:
        """Sign bytes; see `SigningKey`. Blocks for as long as the key's keeper takes."""
        try:
            if self._sign is None:
                self._sign = self._connect()
            answer = self._sign(data)
        except FramegateError:
            self._sign = None
            raise
        except Exception as error:
            # The next signature connects anew. The message may hold anything, so it stays here.
            self._sign = None
            raise KeyUnavailable(
                f"the signing key cannot be used now ({type(error).__name__})", field=KEY_FILE
            ) from error
        try:
            signature = _joined(answer)
            self._public_key.verify(
                encode_dss_signature(*_numbers(signature)), data, ec.ECDSA(hashes.SHA256())
            )
        except (ValueError, TypeError, InvalidSignature) as error:
            raise CredentialsInvalid(
                "what the signing key answered is no ES256 signature of the first certificate's "
                "key (another key, or another algorithm)",
                field=KEY_FILE,
            ) from error
        return signature

    def prove(self) -> None:
        """Have something signed, to know that the key is there and is the leaf's.

        Raises:
            KeyUnavailable: The key cannot be used now.
            CredentialsInvalid: It is another key.
        """
        self.sign(b"Framegate asks for a proof of key: " + secrets.token_bytes(_PROOF_BYTES))


class _Callback(
    msgspec.Struct, frozen=True, tag="callback", tag_field="kind", forbid_unknown_fields=True
):
    factory: str
    options: dict[str, Any] = {}

    def connect(self) -> Sign:
        module, _, name = self.factory.partition(":")
        try:
            factory = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError) as error:
            raise CredentialsInvalid(
                f"{KEY_FILE}: the factory cannot be imported", field=KEY_FILE, actual=self.factory
            ) from error
        made: Sign = factory(**self.options)
        return made


class _Pkcs11(
    msgspec.Struct, frozen=True, tag="pkcs11", tag_field="kind", forbid_unknown_fields=True
):
    module: str
    token: str
    label: str

    def connect(self, pin: str) -> Sign:
        return Pkcs11Key(self.module, token=self.token, label=self.label, pin=pin).sign


def remote_key(toml: bytes, pin: bytes | None, public_key: ec.EllipticCurvePublicKey) -> RemoteKey:
    """Read where a key is. Nothing is connected to yet.

    Args:
        toml: Bytes of `key.toml`.
        pin: Bytes of the file `pin`, which opens a token; None without one.
        public_key: The leaf's.

    Raises:
        CredentialsInvalid: The file does not say where the key is, or the PIN is missing.
    """
    try:
        place: _Callback | _Pkcs11 = msgspec.convert(
            tomllib.loads(toml.decode("utf-8")), _Callback | _Pkcs11
        )
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CredentialsInvalid(f"{KEY_FILE} is not TOML", field=KEY_FILE) from error
    except msgspec.ValidationError as error:
        raise CredentialsInvalid(
            f"{KEY_FILE} does not say where the key is: {error}", field=KEY_FILE
        ) from error
    if isinstance(place, _Callback):
        module, colon, name = place.factory.partition(":")
        if not (module and colon and name):
            raise CredentialsInvalid(
                f"{KEY_FILE}: factory is MODULE:FUNCTION", field=KEY_FILE, actual=place.factory
            )
        return RemoteKey(place.connect, public_key)
    if pin is None:
        raise CredentialsInvalid(f"a token needs its PIN in the file {PIN}", field=PIN)
    text = pin.decode("utf-8", errors="replace").strip()
    return RemoteKey(functools.partial(place.connect, text), public_key)


def _joined(signature: bytes) -> bytes:
    """Return r and s of a signature in either form, 32 bytes each.

    Raises:
        ValueError: It is neither.
    """
    # A DER signature of these curves is 64 bytes long only if r and s are shorter than usual, and
    # then begins with SEQUENCE and its own length.
    plain = len(signature) == 2 * _COORDINATE_BYTES
    if plain and signature[:2] != bytes((0x30, 2 * _COORDINATE_BYTES - 2)):
        return signature
    try:
        r, s = decode_dss_signature(signature)
    except ValueError:
        if plain:
            return signature
        raise
    return r.to_bytes(_COORDINATE_BYTES, "big") + s.to_bytes(_COORDINATE_BYTES, "big")


def _numbers(signature: bytes) -> tuple[int, int]:
    first, second = signature[:_COORDINATE_BYTES], signature[_COORDINATE_BYTES:]
    return int.from_bytes(first, "big"), int.from_bytes(second, "big")
