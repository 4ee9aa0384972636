"""The key and certificates that clips are signed with: made for development, or the operator's.

A folder holds `chain.pem` (leaf first, then its issuing authority), the key as `key.pem` (PKCS#8 or
SEC 1, not encrypted, EC P-256) or as `key.toml` (where it is instead, see
`provenance.keys.signers`), `anchors.pem` (the roots that the chain, and past chains, end in) and,
if others are to be believed as well, `trusted/*.pem`. A link `signing` in it leads to the folder
with the first three, so that they are exchanged in one step (`provenance.keys.rotation`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from provenance.errors import (
    CredentialsExist,
    CredentialsExpired,
    CredentialsExpireSoon,
    CredentialsInvalid,
)
from provenance.keys import keyfiles
from provenance.keys.certificates import (
    common_name,
    is_development,
    issue_development_chain,
    organization_name,
)
from provenance.keys.keyfiles import ANCHORS, CHAIN, KEY, KEY_FILE, SIGNING, KeyFiles
from provenance.keys.profile import check_chain
from provenance.keys.signers import PemKey, RemoteKey, SigningKey, remote_key
from provenance.naming import check_name
from provenance.trust import TrustAnchors, load_others, parse_anchors

TRUSTED: Final = "trusted"
"""Folder of PEM lists: whom else to believe."""
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


@dataclass(frozen=True, slots=True)
class Credentials:
    """A checked signing chain with its key. Immutable and safe to share among threads.

    Attributes:
        chain_pem: Leaf first, then its issuing authorities.
        key: The leaf's private key, wherever it is; never shown by `repr`.
        anchors: Whose signatures are believed.
        organization: Organisation in the leaf's subject; manifests name it as the provider.
        not_before: When the chain becomes valid.
        not_after: When the first certificate of the chain expires.
        serial: Serial number of the leaf, hex.
        issuer: Common name of who issued the leaf.
        development: Whether they were made by `init`.
    """

    chain_pem: bytes = field(repr=False)
    key: SigningKey = field(repr=False)
    anchors: TrustAnchors = field(repr=False)
    organization: str
    not_before: datetime
    not_after: datetime
    serial: str
    issuer: str
    development: bool

    def check_valid(self, now: datetime, *, min_days: float = 0) -> None:
        """Check that the chain is valid at a time, and stays so for a while.

        Args:
            now: The time, with its time zone.
            min_days: For how many days from then on it must be valid.

        Raises:
            CredentialsExpired: It is expired or not valid yet.
            CredentialsExpireSoon: It expires in fewer than `min_days` days.
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
        if now + timedelta(days=min_days) > self.not_after:
            raise CredentialsExpireSoon(
                f"the signing certificate expires in less than {min_days:g} days, and the "
                "settings forbid to sign with such a one",
                field=CHAIN,
                limit=min_days,
                actual=self.not_after.isoformat(),
            )


def present(folder: Path) -> bool:
    """Tell whether a folder has signing credentials, or a part of them."""
    return any((folder / name).exists() for name in (SIGNING, KEY, KEY_FILE))


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
    for name in (SIGNING, CHAIN, KEY, KEY_FILE, ANCHORS):
        if (folder / name).exists():
            raise CredentialsExist(f"there is a {name} already, and it is not overwritten")
    made = issue_development_chain(organization, now)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keyfiles.write_new(folder / KEY, _pkcs8(made.leaf_key), 0o600)
    keyfiles.write_new(folder / CHAIN, _pem(made.leaf) + _pem(made.issuing), 0o644)
    keyfiles.write_new(folder / ANCHORS, _pem(made.root), 0o644)
    (folder / _MARKER).write_text(_MARKER_TEXT, encoding="utf-8")
    return load(folder, now=now)


def load(
    folder: Path, *, now: datetime | None = None, for_signing: bool = True, min_days: float = 0
) -> Credentials:
    """Load the credentials of a folder and check that verifiers will accept them.

    Args:
        folder: Where they lie.
        now: The present, with its time zone; the clock's where None.
        for_signing: Whether an expired chain is an error, and a key that lies outside has to prove
            that it is there and belongs to the leaf. To verify, the anchors are enough.
        min_days: For how many days the chain must stay valid, if it is for signing.

    Raises:
        CredentialsMissing: A file is not there or cannot be read.
        CredentialsInvalid: They do not fit together; the message says what is wrong.
        CredentialsExpired: They are expired or not valid yet, and are wanted for signing.
        CredentialsExpireSoon: They expire in fewer than `min_days` days, likewise.
        KeyUnavailable: The key lies outside and cannot be used now, likewise.
    """
    loaded = assemble(keyfiles.read(folder), load_others(folder / TRUSTED))
    if for_signing:
        loaded.check_valid(now or datetime.now(UTC), min_days=min_days)
        if isinstance(loaded.key, RemoteKey):
            loaded.key.prove()
    return loaded


def assemble(files: KeyFiles, others: str) -> Credentials:
    """Put credentials together out of bytes that were read in one piece.

    Nothing is connected to: a key that lies outside is not asked for a proof yet.

    Args:
        files: Chain, key and anchors.
        others: PEM list of other roots to believe.

    Raises:
        CredentialsInvalid: They do not fit together; the message says what is wrong.
    """
    chain = parse_anchors(files.chain, CHAIN)
    roots = parse_anchors(files.anchors, ANCHORS)
    key = None if files.key is None else _parse_key(files.key)
    check_chain(chain, roots)
    leaf = chain[0]
    return Credentials(
        chain_pem=b"".join(_pem(certificate) for certificate in chain),
        key=_key_of(leaf, key, files),
        anchors=TrustAnchors(
            own=b"".join(_pem(root) for root in roots).decode("ascii"), others=others
        ),
        organization=organization_name(leaf.subject),
        not_before=max(certificate.not_valid_before_utc for certificate in chain),
        not_after=min(certificate.not_valid_after_utc for certificate in chain),
        serial=f"{leaf.serial_number:x}",
        issuer=common_name(leaf.issuer),
        development=is_development(leaf),
    )


def _key_of(
    leaf: x509.Certificate, key: ec.EllipticCurvePrivateKey | None, files: KeyFiles
) -> SigningKey:
    public_key = leaf.public_key()
    if not isinstance(public_key, ec.EllipticCurvePublicKey):
        raise TypeError("the profile lets only EC keys pass")
    if key is None:
        return remote_key(files.place or b"", files.pin, public_key)
    if key.public_key() != public_key:
        raise CredentialsInvalid(f"{KEY} does not belong to the first certificate", field=KEY)
    return PemKey(_pkcs8(key))


def _parse_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except TypeError as error:
        raise CredentialsInvalid(f"{KEY} is encrypted", field=KEY) from error
    except ValueError as error:
        raise CredentialsInvalid(f"{KEY} is no private key in PEM", field=KEY) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise CredentialsInvalid(f"{KEY} is no EC P-256 key (ES256)", field=KEY)
    return key


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pkcs8(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
