"""Certificate authorities for tests: chains of any shape, and files of credentials made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provenance.keys.certificates import CLAIM_SIGNING

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
GOOD_PURPOSES = (CLAIM_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)


def name(common: str, organization: str | None) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "XX")]
    if organization is not None:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


def key_pem(key: PrivateKey, password: bytes | None = None) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption(),
    )


@dataclass(frozen=True)
class Authority:
    """A root with an issuing authority under it."""

    root: x509.Certificate
    issuing: x509.Certificate
    issuing_key: ec.EllipticCurvePrivateKey

    @classmethod
    def make(cls, organization: str = "Somebody's CA") -> Authority:
        root_key = ec.generate_private_key(ec.SECP384R1())
        issuing_key = ec.generate_private_key(ec.SECP384R1())
        root_name, issuing_name = name("Root", organization), name("Issuing", organization)
        root = certify(root_name, root_key, root_name, root_key, authority=True)
        issuing = certify(issuing_name, issuing_key, root_name, root_key, authority=True, depth=0)
        return cls(root, issuing, issuing_key)

    def issue(
        self,
        key: PrivateKey,
        *,
        public_key: PublicKey | None = None,
        organization: str | None = "Other Video",
        purposes: Sequence[x509.ObjectIdentifier] | None = GOOD_PURPOSES,
        digital_signature: bool = True,
        from_now: timedelta = timedelta(days=-1),
        until_now: timedelta = timedelta(days=300),
        critical_purposes: bool = False,
        names_issuer_key: bool = True,
        content_commitment: bool = True,
    ) -> x509.Certificate:
        return certify(
            name("Signer", organization),
            key,
            self.issuing.subject,
            self.issuing_key,
            purposes=purposes,
            digital_signature=digital_signature,
            from_now=from_now,
            until_now=until_now,
            critical_purposes=critical_purposes,
            public_key=public_key,
            names_issuer_key=names_issuer_key,
            content_commitment=content_commitment,
        )

    def store(self, folder: Path, key: PrivateKey, leaf: x509.Certificate) -> Path:
        """Write a folder of credentials."""
        return store(folder, pem(leaf, self.issuing), key_pem(key), pem(self.root))


def store(folder: Path, chain: bytes, key: bytes, anchors: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "chain.pem").write_bytes(chain)
    (folder / "key.pem").write_bytes(key)
    (folder / "key.pem").chmod(0o600)
    (folder / "anchors.pem").write_bytes(anchors)
    return folder


def certify(
    subject: x509.Name,
    key: PrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    authority: bool = False,
    depth: int | None = None,
    purposes: Sequence[x509.ObjectIdentifier] | None = None,
    digital_signature: bool = True,
    from_now: timedelta = timedelta(days=-1),
    until_now: timedelta = timedelta(days=900),
    critical_purposes: bool = False,
    public_key: PublicKey | None = None,
    names_issuer_key: bool = True,
    content_commitment: bool = True,
) -> x509.Certificate:
    own_key = public_key or key.public_key()
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=digital_signature and not authority,
        content_commitment=content_commitment and not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(own_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + from_now)
        .not_valid_after(now + until_now)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=depth), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own_key), critical=False)
    )
    if names_issuer_key:
        issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
        builder = builder.add_extension(issuer_id, critical=False)
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=critical_purposes)
    return builder.sign(issuer_key, hashes.SHA256())
