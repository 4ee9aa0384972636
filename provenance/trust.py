"""Whose signatures are believed: our own anchors, and those that the operator adds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from provenance.errors import CredentialsInvalid


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """Two lists of root certificates, PEM, each certificate after the other.

    Attributes:
        own: Roots of our own signing credentials, past ones included; "" where there are none.
        others: Roots of other signers and of time-stamping authorities; may be "". Those that
            are our own as well, or are issued by our own, are taken out: the C2PA library names
            either list, by chance, for a chain that ends in both.

    Raises:
        CredentialsInvalid: One of them is not a list of certificates.
    """

    own: str
    others: str = ""

    def __post_init__(self) -> None:
        own = parse_anchors(self.own.encode(), "own anchors") if self.own else []
        if self.others:
            others = parse_anchors(self.others.encode(), "other anchors")
            kept = [_pem(one) for one in others if not any(_belongs(one, root) for root in own)]
            object.__setattr__(self, "others", "".join(kept))


def parse_anchors(pem: bytes, name: str) -> list[x509.Certificate]:
    """Parse a PEM list of certificates.

    Args:
        pem: The bytes of the file.
        name: The file's name, for the message.

    Raises:
        CredentialsInvalid: It is not PEM, or holds no certificate.
    """
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise CredentialsInvalid(f"{name} holds no certificates in PEM", field=name) from error


def load_others(folder: Path) -> str:
    """Join the PEM lists (`*.pem`) of a folder in the order of their names; "" without one.

    Raises:
        CredentialsInvalid: One of them is not a list of certificates.
    """
    parts = []
    for path in sorted(folder.glob("*.pem")):
        pem = path.read_bytes()
        parse_anchors(pem, path.name)
        parts.append(pem.decode("utf-8", errors="replace").rstrip() + "\n")
    return "".join(parts)


def _belongs(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    if certificate.public_key() == root.public_key():
        return True
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
