"""The key and certificates that clips are signed with: made for development, or the operator's.

A folder holds `chain.pem` (leaf first, then its issuing authority), `key.pem` (PKCS#8 or SEC 1,
not encrypted, EC P-256), `anchors.pem` (the roots that the chain, and past chains, end in) and,
if others are to be believed as well, `trusted/*.pem`.
"""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from provenance.certificates import (
    CLAIM_SIGNING,
    DOCUMENT_SIGNING,
    is_development,
    issue_development_chain,
    organization_name,
)
from provenance.errors import (
    CredentialsExist,
    CredentialsExpired,
    CredentialsInvalid,
    CredentialsMissing,
)
from provenance.naming import check_name
from provenance.trust import TrustAnchors, load_others, parse_anchors

CHAIN, KEY, ANCHORS, TRUSTED = "chain.pem", "key.pem", "anchors.pem", "trusted"
MAX_ORGANIZATION_CHARS: Final = 64
"""Upper bound of X.520 for the organisation in a certificate."""

_MARKER = "DEVELOPMENT-CREDENTIALS.txt"
_MARKER_TEXT = f"""\
The signing credentials in this folder ({CHAIN}, {KEY}, {ANCHORS}) are for development.

Their root is trusted by nobody but this installation, and the keys of their authorities were
thrown away when they were made. For production, replace the three files by the chain and key that
a certificate authority of the C2PA trust list issued, and the root that they end in; then remove
this file.
"""
_OTHERS_MAY = 0o007
_GROUP_WRITES = 0o020


@dataclass(frozen=True, slots=True)
class Credentials:
    """A checked signing chain with its key. Immutable and safe to share among threads.

    Attributes:
        chain_pem: Leaf first, then its issuing authorities.
        key_pem: The leaf's private key, PKCS#8; never shown by `repr`.
        anchors: Whose signatures are believed.
        organization: Organisation in the leaf's subject; manifests name it as the provider.
        not_before: When the chain becomes valid.
        not_after: When the first certificate of the chain expires.
        serial: Serial number of the leaf, hex.
        development: Whether they were made by `init`.
    """

    chain_pem: bytes = field(repr=False)
    key_pem: bytes = field(repr=False)
    anchors: TrustAnchors = field(repr=False)
    organization: str
    not_before: datetime
    not_after: datetime
    serial: str
    development: bool

    def check_valid(self, now: datetime) -> None:
        """Check that the chain is valid at a time.

        Raises:
            CredentialsExpired: It is expired or not valid yet.
        """
        if now > self.not_after:
            raise CredentialsExpired(
                "the signing certificate is expired",
                field=CHAIN,
                limit=self.not_after.isoformat(),
                actual=now.isoformat(),
            )
        if now < self.not_before:
            raise CredentialsExpired(
                "the signing certificate is not valid yet",
                field=CHAIN,
                limit=self.not_before.isoformat(),
                actual=now.isoformat(),
            )


def init(folder: Path, *, organization: str, now: datetime) -> Credentials:
    """Make signing credentials for development and keep them in a folder.

    Args:
        folder: Where to; made if it is not there.
        organization: Who signs, 1 to 64 characters.
        now: The present, with its time zone.

    Returns:
        What was made, loaded again.

    Raises:
        CredentialsExist: The folder has credentials, or a part of them.
        InvalidInput: The organisation's name is unfit.
    """
    check_name(organization, "organization", MAX_ORGANIZATION_CHARS)
    for name in (CHAIN, KEY, ANCHORS):
        if (folder / name).exists():
            raise CredentialsExist(f"there is a {name} already, and it is not overwritten")
    made = issue_development_chain(organization, now)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_new(folder / KEY, _pkcs8(made.leaf_key), 0o600)
    _write_new(folder / CHAIN, _pem(made.leaf) + _pem(made.issuing), 0o644)
    _write_new(folder / ANCHORS, _pem(made.root), 0o644)
    (folder / _MARKER).write_text(_MARKER_TEXT, encoding="utf-8")
    return load(folder, now=now)


def load(folder: Path, *, now: datetime | None = None, for_signing: bool = True) -> Credentials:
    """Load the credentials of a folder and check that verifiers will accept them.

    Args:
        folder: Where they lie.
        now: The present, with its time zone; the clock's where None.
        for_signing: Whether an expired chain is an error. To verify, the anchors are enough.

    Raises:
        CredentialsMissing: A file is not there or cannot be read.
        CredentialsInvalid: They do not fit together; the message says what is wrong.
        CredentialsExpired: They are expired or not valid yet, and are wanted for signing.
    """
    chain = parse_anchors(_read(folder / CHAIN), CHAIN)
    roots = parse_anchors(_read(folder / ANCHORS), ANCHORS)
    key = _load_key(folder / KEY)
    _check_chain(chain, roots)
    leaf = chain[0]
    _check_leaf(leaf, key)
    organization = organization_name(leaf.subject)
    if not organization:
        raise CredentialsInvalid("the leaf's subject names no organisation", field=CHAIN)
    loaded = Credentials(
        chain_pem=b"".join(_pem(certificate) for certificate in chain),
        key_pem=_pkcs8(key),
        anchors=TrustAnchors(
            own=b"".join(_pem(root) for root in roots).decode("ascii"),
            others=load_others(folder / TRUSTED),
        ),
        organization=organization,
        not_before=max(certificate.not_valid_before_utc for certificate in chain),
        not_after=min(certificate.not_valid_after_utc for certificate in chain),
        serial=f"{leaf.serial_number:x}",
        development=is_development(leaf),
    )
    if for_signing:
        loaded.check_valid(now or datetime.now(UTC))
    return loaded


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CredentialsMissing(
            f"there is no readable {path.name} among the signing credentials; "
            "framegate keys init makes some for development",
            field=path.name,
        ) from error


def _load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    pem = _read(path)
    mode = path.stat().st_mode
    if mode & (_OTHERS_MAY | _GROUP_WRITES):
        raise CredentialsInvalid(
            f"{KEY} may be read by others or written by its group; chmod 600 it",
            field=KEY,
            actual=f"{mode & 0o777:04o}",
        )
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except TypeError as error:
        raise CredentialsInvalid(f"{KEY} is encrypted", field=KEY) from error
    except ValueError as error:
        raise CredentialsInvalid(f"{KEY} is no private key in PEM", field=KEY) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise CredentialsInvalid(f"{KEY} is no EC P-256 key (ES256)", field=KEY)
    return key


def _check_chain(chain: list[x509.Certificate], roots: list[x509.Certificate]) -> None:
    for number, (certificate, issuer) in enumerate(itertools.pairwise(chain), start=1):
        if not _issued_by(certificate, issuer):
            raise CredentialsInvalid(
                f"{CHAIN}: certificate {number} is not issued by certificate {number + 1} "
                "(the leaf comes first, then its issuer)",
                field=CHAIN,
            )
    if not any(chain[-1] == root or _issued_by(chain[-1], root) for root in roots):
        raise CredentialsInvalid(
            f"the last certificate of {CHAIN} is not issued by one of {ANCHORS}", field=ANCHORS
        )


def _issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _check_leaf(leaf: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    """Hold the leaf against the C2PA certificate profile, as far as verifiers do."""
    if leaf.public_key() != key.public_key():
        raise CredentialsInvalid(f"{KEY} does not belong to the first certificate", field=KEY)
    try:
        basic = leaf.extensions.get_extension_for_class(x509.BasicConstraints).value
        authority = basic.ca
    except x509.ExtensionNotFound:
        authority = False
    if authority:
        raise CredentialsInvalid("the first certificate is an authority's, no leaf", field=CHAIN)
    try:
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = set(leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound as error:
        raise CredentialsInvalid(
            "the leaf lacks a key usage or an extended key usage", field=CHAIN
        ) from error
    if not usage.digital_signature:
        raise CredentialsInvalid("the leaf's key usage lacks digitalSignature", field=CHAIN)
    if CLAIM_SIGNING not in purposes:
        raise CredentialsInvalid("the leaf's extended key usage lacks claimSigning", field=CHAIN)
    if not purposes & {ExtendedKeyUsageOID.EMAIL_PROTECTION, DOCUMENT_SIGNING}:
        raise CredentialsInvalid(
            "the leaf's extended key usage lacks emailProtection or documentSigning beside "
            "claimSigning, so that verifiers with default settings would call it invalid",
            field=CHAIN,
        )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pkcs8(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a file that must not be there yet; it never has a wider mode than it ends with."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise CredentialsExist(f"there is a {path.name} already") from error
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
