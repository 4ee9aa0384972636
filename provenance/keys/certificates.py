"""Certificates in the shape of the C2PA certificate profile, for development.

Root, issuing authority and leaf follow "C2PA Certificate Policy" and the profile "Claim Signing
Leaf, Assurance Level 1" of the conformance programme 0.2, but for what only an authority can
state: a responder for revocation, the assurance level and the number of the product's record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CLAIM_SIGNING: Final = x509.ObjectIdentifier("1.3.6.1.4.1.62558.2.1")
"""c2pa-kp-claimSigning, the purpose that the C2PA profile requires of a leaf."""

DOCUMENT_SIGNING: Final = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning, RFC 9336."""

CERTIFICATE_POLICY: Final = x509.ObjectIdentifier("1.3.6.1.4.1.62558.1.1")
"""c2pa-certificate-policy."""

DEVELOPMENT_ISSUER: Final = "Framegate development issuing CA - not for production"
"""Common name by which development credentials are known again."""

_COUNTRY = "XX"  # user-assigned in ISO 3166: nobody's country
_ROOT_DAYS, _ISSUING_DAYS, _LEAF_DAYS = 3650, 1827, 365
_BACKDATING = timedelta(minutes=5)  # clocks differ a little between machines
_PURPOSES = (CLAIM_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)


@dataclass(frozen=True, slots=True)
class DevelopmentChain:
    """A leaf with its key, its issuing authority and its root. The authorities' keys are gone."""

    root: x509.Certificate
    issuing: x509.Certificate
    leaf: x509.Certificate
    leaf_key: ec.EllipticCurvePrivateKey


def issue_development_chain(organization: str, now: datetime) -> DevelopmentChain:
    """Make a new root, an issuing authority under it and a leaf under that.

    The private keys of the two authorities are not kept, so nobody can issue another leaf.

    Args:
        organization: Name in the leaf's subject.
        now: Time from which they are valid (five minutes earlier, in fact).
    """
    root_key = ec.generate_private_key(ec.SECP384R1())
    issuing_key = ec.generate_private_key(ec.SECP384R1())
    leaf_key = ec.generate_private_key(ec.SECP256R1())
    root_name = _name("Framegate development", "Framegate development root - not for production")
    issuing_name = _name("Framegate development", DEVELOPMENT_ISSUER)
    root = (
        _authority(root_name, root_key.public_key(), None, now, _ROOT_DAYS)
        .issuer_name(root_name)
        .sign(root_key, hashes.SHA384())
    )
    issuing = (
        _authority(issuing_name, issuing_key.public_key(), 0, now, _ISSUING_DAYS)
        .issuer_name(root_name)
        .add_extension(_issuer_key(root_key), critical=False)
        .add_extension(x509.ExtendedKeyUsage(_PURPOSES), critical=False)
        .add_extension(_policies(), critical=False)
        .sign(root_key, hashes.SHA384())
    )
    leaf = (
        _builder(_name(organization, "Framegate clip signer"), leaf_key.public_key(), now)
        .not_valid_after(now + timedelta(days=_LEAF_DAYS))
        .issuer_name(issuing_name)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(_issuer_key(issuing_key), critical=False)
        .add_extension(x509.ExtendedKeyUsage(_PURPOSES), critical=False)
        .add_extension(_policies(), critical=False)
        .sign(issuing_key, hashes.SHA384())
    )
    return DevelopmentChain(root, issuing, leaf, leaf_key)


def is_development(leaf: x509.Certificate) -> bool:
    """Tell whether a leaf was issued by `issue_development_chain`."""
    return common_name(leaf.issuer) == DEVELOPMENT_ISSUER


def common_name(name: x509.Name) -> str:
    """Return the common name, or ""."""
    return _attribute(name, NameOID.COMMON_NAME)


def organization_name(name: x509.Name) -> str:
    """Return the organisation, or ""."""
    return _attribute(name, NameOID.ORGANIZATION_NAME)


def _attribute(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _name(organization: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, _COUNTRY),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATING)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _authority(
    subject: x509.Name,
    key: ec.EllipticCurvePublicKey,
    path_length: int | None,
    now: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        _builder(subject, key, now)
        .not_valid_after(now + timedelta(days=days) - _BACKDATING)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
    )


def _issuer_key(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _policies() -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(CERTIFICATE_POLICY, None)])


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,  # the newer name of nonRepudiation
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
