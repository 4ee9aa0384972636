"""Whose signatures are believed, and which of the lists it was that vouched.

| list | holds | vouches for |
|---|---|---|
| `own` | the roots of our own signing credentials, past ones too | signers, time stamps |
| `c2pa` | the official C2PA trust list | signers, time stamps |
| `operator` | roots that the operator believes besides | signers, time stamps |
| `tsa` | the official list of time-stamping authorities | time stamps alone |

The C2PA library does not tell signers' lists from those of time-stamping authorities (measured with
0.91.3: it calls a signature trusted whose chain ends in a `tsa` anchor), and of a chain that ends
in two lists it names either by chance. So the lists are sorted here into disjoint groups before
the library sees them, and `provenance.summary` judges by the name of the group.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from provenance.errors import CredentialsInvalid, CredentialsMissing


class TrustList(StrEnum):
    """A list of anchors."""

    OWN = "own"
    C2PA = "c2pa"
    OPERATOR = "operator"
    TSA = "tsa"


SIGNERS: Final = frozenset({TrustList.OWN, TrustList.C2PA, TrustList.OPERATOR})
"""The lists that vouch for who signed a claim."""

_PREFIX = "urn:framegate:anchors:"
_MAX_LIST_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """Lists of root certificates in PEM, and who may be asked about revocation.

    Attributes:
        own: Roots of our own signing credentials, past ones included; "" where there are none.
        others: Roots that the operator believes besides, of signers and of time-stamping
            authorities; may be "". Those that are our own as well, or are issued by our own, are
            taken out.
        c2pa: The official C2PA trust list, or "".
        tsa: The official list of time-stamping authorities, or "".
        ocsp_hosts: Hosts that may be asked whether a certificate was revoked (OCSP), as
            `host`, `host:port` or `*.domain`. None: nothing is ever fetched, and only a stapled
            answer is looked at.

    Raises:
        CredentialsInvalid: One of them is not a list of certificates.
    """

    own: str
    others: str = ""
    c2pa: str = field(default="", repr=False)
    tsa: str = field(default="", repr=False)
    ocsp_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        own = parse_anchors(self.own.encode(), "own anchors") if self.own else []
        if self.others:
            others = parse_anchors(self.others.encode(), "other anchors")
            kept = [_pem(one) for one in others if not any(_belongs(one, root) for root in own)]
            object.__setattr__(self, "others", "".join(kept))

    def groups(self) -> tuple[tuple[str, str], ...]:
        """Sort the anchors by the lists that hold them.

        An anchor that was issued by one of an earlier list counts as that one: whatever it vouches
        for, the other does as well.

        Returns:
            Pairs of the group's name, see `lists_of`, and its anchors in PEM. No anchor is in two.

        Raises:
            CredentialsInvalid: One of the lists is not a list of certificates.
        """
        return _groups(self.own, self.c2pa, self.others, self.tsa)[0]

    def entangled(self) -> bool:
        """Tell whether a group's anchor was issued by one of another group.

        Then a chain may end in both, and the library names either by chance.
        """
        return _groups(self.own, self.c2pa, self.others, self.tsa)[1]

    def alone(self, one: TrustList) -> TrustAnchors:
        """Return one of the lists of signers, without the others."""
        return {
            TrustList.OWN: TrustAnchors(self.own),
            TrustList.C2PA: TrustAnchors("", c2pa=self.c2pa),
            TrustList.OPERATOR: TrustAnchors("", others=self.others),
        }[one]


def name_of(lists: Collection[TrustList]) -> str:
    """Name a group of anchors that all of these lists hold."""
    return _PREFIX + "+".join(one for one in TrustList if one in lists)


def lists_of(name: object) -> frozenset[TrustList]:
    """Tell which lists hold a group of anchors; none for a name that is not ours."""
    if not isinstance(name, str) or not name.startswith(_PREFIX):
        return frozenset()
    parts = name.removeprefix(_PREFIX).split("+")
    return frozenset(one for one in TrustList if one in parts)


@lru_cache(maxsize=8)
def _groups(own: str, c2pa: str, others: str, tsa: str) -> tuple[tuple[tuple[str, str], ...], bool]:
    kept: list[tuple[x509.Certificate, set[TrustList]]] = []
    lists = {TrustList.OWN: own, TrustList.C2PA: c2pa, TrustList.OPERATOR: others}
    for name, pem in {**lists, TrustList.TSA: tsa}.items():
        for certificate in parse_anchors(pem.encode(), f"{name} anchors") if pem else ():
            known = [held for root, held in kept if _belongs(certificate, root)]
            for held in known:
                held.add(name)
            if not known:
                kept.append((certificate, {name}))
    found: dict[str, str] = {}
    for certificate, held in kept:
        group = name_of(held)
        found[group] = found.get(group, "") + _pem(certificate)
    entangled = any(
        first is not second and held != other and _belongs(first, second)
        for first, held in kept
        for second, other in kept
    )
    return tuple(found.items()), entangled


def load_list(path: Path, setting: str) -> str:
    """Read an official trust list (PEM).

    Args:
        path: The file.
        setting: The setting that names it, for the message.

    Raises:
        CredentialsMissing: It cannot be read.
        CredentialsInvalid: It holds no certificates, or is above 16 MiB.
    """
    try:
        if path.stat().st_size > _MAX_LIST_BYTES:
            raise CredentialsInvalid(
                f"{setting} is too large", field=setting, limit=_MAX_LIST_BYTES
            )
        pem = path.read_bytes()
    except OSError as error:
        raise CredentialsMissing(f"{setting} cannot be read", field=setting) from error
    return "".join(_pem(one) for one in parse_anchors(pem, setting))


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
