"""What a signing chain must look like for verifiers to accept it, each fault in its own words.

Held against the profile "Claim Signing Leaf" of the C2PA conformance programme 0.2, the certificate
rules of the C2PA specification 2.x (section "Digital signatures", X.509 certificates) and what
verifiers do in fact. The C2PA library refuses some of these with one sentence for all, and signs
with others without a word, so that the clip fails in somebody else's verifier.
"""

from __future__ import annotations

import itertools

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from provenance.errors import CredentialsInvalid
from provenance.keys.certificates import CLAIM_SIGNING, DOCUMENT_SIGNING, organization_name
from provenance.keys.keyfiles import ANCHORS, CHAIN

_NOT_BESIDE = {
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE: "anyExtendedKeyUsage",
    ExtendedKeyUsageOID.TIME_STAMPING: "timeStamping",
    ExtendedKeyUsageOID.OCSP_SIGNING: "OCSPSigning",
}
_UNDERSTOOD = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
        ExtensionOID.SUBJECT_KEY_IDENTIFIER,
    }
)
_HASHES = frozenset({"sha256", "sha384", "sha512"})


def check_chain(chain: list[x509.Certificate], roots: list[x509.Certificate]) -> None:
    """Check the order of a chain, that it ends in an anchor, and the shape of its leaf.

    Args:
        chain: Leaf first, then each certificate's issuer; the root may be left out.
        roots: The anchors.

    Raises:
        CredentialsInvalid: With what is wrong.
    """
    for number, (certificate, issuer) in enumerate(itertools.pairwise(chain), start=1):
        if not _issued_by(certificate, issuer):
            raise CredentialsInvalid(
                f"{CHAIN}: certificate {number} is not issued by certificate {number + 1} "
                "(the leaf comes first, then its issuer)",
                field=CHAIN,
            )
    if not any(chain[-1] == root or _issued_by(chain[-1], root) for root in roots):
        raise CredentialsInvalid(
            f"the last certificate of {CHAIN} is not issued by one of {ANCHORS} "
            "(is an issuing authority missing between them?)",
            field=ANCHORS,
        )
    _check_leaf(chain[0])


def _issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _check_leaf(leaf: x509.Certificate) -> None:
    try:
        extensions = leaf.extensions
    except ValueError as error:
        raise _unfit("the leaf's extensions cannot be read") from error
    if _is_authority(extensions):
        raise _unfit("the first certificate is an authority's, no leaf")
    if leaf.issuer == leaf.subject and _issued_by(leaf, leaf):
        raise _unfit(
            "the leaf is signed by itself; some verifiers take that if it is an anchor, "
            "others refuse it"
        )
    _check_key(leaf)
    hashed = leaf.signature_hash_algorithm
    if hashed is not None and hashed.name not in _HASHES:
        raise _unfit(f"the leaf is signed with {hashed.name}; at least SHA-256 is needed")
    try:
        extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
    except x509.ExtensionNotFound as error:
        raise _unfit("the leaf lacks an authority key identifier") from error
    for extension in extensions:
        if extension.critical and extension.oid not in _UNDERSTOOD:
            raise _unfit(
                f"the leaf has a critical extension that verifiers do not know "
                f"({extension.oid.dotted_string})"
            )
    _check_usages(extensions)
    if not organization_name(leaf.subject):
        raise _unfit("the leaf's subject names no organisation")


def _check_key(leaf: x509.Certificate) -> None:
    key = leaf.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise _unfit("the leaf's key is no EC P-256 key (ES256)")


def _check_usages(extensions: x509.Extensions) -> None:
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = set(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound as error:
        raise _unfit("the leaf lacks a key usage or an extended key usage") from error
    if not usage.digital_signature:
        raise _unfit("the leaf's key usage lacks digitalSignature")
    if usage.key_cert_sign:
        raise _unfit("the leaf's key usage has keyCertSign, which only an authority's may have")
    for purpose, name in _NOT_BESIDE.items():
        if purpose in purposes:
            raise _unfit(f"the leaf's extended key usage has {name}, which verifiers refuse")
    if CLAIM_SIGNING not in purposes:
        raise _unfit("the leaf's extended key usage lacks claimSigning")
    if not purposes & {ExtendedKeyUsageOID.EMAIL_PROTECTION, DOCUMENT_SIGNING}:
        raise _unfit(
            "the leaf's extended key usage lacks emailProtection or documentSigning beside "
            "claimSigning, so that verifiers with default settings would call it invalid"
        )


def _is_authority(extensions: x509.Extensions) -> bool:
    try:
        return extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _unfit(message: str) -> CredentialsInvalid:
    return CredentialsInvalid(message, field=CHAIN)
