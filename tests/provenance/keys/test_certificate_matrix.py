"""Which certificates sign, how others read them, and what is said of them at start.

The library's own behaviour is held here as well, without our settings and with them: where it
signs without a word what others will refuse, the check at start is all there is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import c2pa
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from media.errors import FramegateError
from provenance.keys import credentials
from provenance.keys.certificates import CLAIM_SIGNING, DOCUMENT_SIGNING
from tests.provenance.authority import (
    GOOD_PURPOSES,
    Authority,
    PrivateKey,
    certify,
    key_pem,
    name,
    pem,
    store,
)

MAIL = ExtendedKeyUsageOID.EMAIL_PROTECTION
PURPOSES = "1.3.6.1.4.1.62558.2.1\n1.3.6.1.5.5.7.3.36\n1.3.6.1.5.5.7.3.4"
DAY = timedelta(days=1)
DEFINITION = {
    "claim_generator_info": [{"name": "Tests", "version": "1"}],
    "assertions": [
        {
            "label": "c2pa.actions.v2",
            "created": True,
            "data": {
                "actions": [
                    {
                        "action": "c2pa.created",
                        "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/"
                        "trainedAlgorithmicMedia",
                    }
                ]
            },
        }
    ],
}


@dataclass(frozen=True)
class Held:
    """A chain with its key, and the root that is believed."""

    chain: Sequence[x509.Certificate]
    key: PrivateKey
    root: x509.Certificate


@dataclass(frozen=True)
class Row:
    """One row of the matrix.

    Of the library there is the class of the error that signing raised, or "", and the state that
    the file then has: with the purposes listed (`with_list`) and without (`bare`). `says` is what
    our check says, "" if it lets it pass.
    """

    make: Callable[[Authority], Held]
    with_list: tuple[str, str]
    bare: tuple[str, str]
    says: str


def _leaf(purposes: Sequence[x509.ObjectIdentifier] | None, **shape: object) -> Callable[..., Held]:
    def make(authority: Authority) -> Held:
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = authority.issue(key, purposes=purposes, **shape)  # type: ignore[arg-type]
        return Held((leaf, authority.issuing), key, authority.root)

    return make


def _wrong_order(authority: Authority) -> Held:
    held = _leaf(GOOD_PURPOSES)(authority)
    return Held(tuple(reversed(held.chain)), held.key, held.root)


def _other_key(authority: Authority) -> Held:
    held = _leaf(GOOD_PURPOSES)(authority)
    return Held(held.chain, ec.generate_private_key(ec.SECP256R1()), held.root)


def _key_of_another_type(authority: Authority) -> Held:
    held = _leaf(GOOD_PURPOSES)(authority)
    return Held(held.chain, rsa.generate_private_key(65537, 2048), held.root)


def _self_signed(authority: Authority) -> Held:
    key, own = ec.generate_private_key(ec.SECP256R1()), name("Signer", "Other Video")
    leaf = certify(own, key, own, key, purposes=GOOD_PURPOSES)
    return Held((leaf,), key, leaf)


def _no_issuer(authority: Authority) -> Held:
    held = _leaf(GOOD_PURPOSES)(authority)
    return Held(held.chain[:1], held.key, held.root)


def _with_root(authority: Authority) -> Held:
    held = _leaf(GOOD_PURPOSES)(authority)
    return Held((*held.chain, held.root), held.key, held.root)


FINE = ("", "Trusted")
REFUSED = ("Signature", "")
MATRIX = {
    "claimSigning alone": Row(
        _leaf((CLAIM_SIGNING,)), FINE, ("Verify", "Invalid"), "lacks emailProtection"
    ),
    "emailProtection alone": Row(_leaf((MAIL,)), FINE, FINE, "lacks claimSigning"),
    "claimSigning and emailProtection": Row(_leaf((CLAIM_SIGNING, MAIL)), FINE, FINE, ""),
    "claimSigning and documentSigning": Row(
        _leaf((CLAIM_SIGNING, DOCUMENT_SIGNING)), FINE, ("Verify", "Invalid"), ""
    ),
    "documentSigning alone": Row(
        _leaf((DOCUMENT_SIGNING,)), FINE, ("Verify", "Invalid"), "lacks claimSigning"
    ),
    "no purposes": Row(_leaf(None), REFUSED, REFUSED, "lacks a key usage or an extended"),
    "no digitalSignature": Row(
        _leaf(GOOD_PURPOSES, digital_signature=False, content_commitment=False),
        REFUSED,
        REFUSED,
        "lacks digitalSignature",
    ),
    "nonRepudiation in its place": Row(
        _leaf(GOOD_PURPOSES, digital_signature=False), FINE, FINE, "lacks digitalSignature"
    ),
    "wrong order": Row(_wrong_order, REFUSED, REFUSED, "the leaf comes first"),
    "expired": Row(
        _leaf(GOOD_PURPOSES, from_now=-2 * DAY, until_now=-DAY), REFUSED, REFUSED, "is expired"
    ),
    "not valid yet": Row(
        _leaf(GOOD_PURPOSES, from_now=DAY, until_now=2 * DAY), REFUSED, REFUSED, "not valid yet"
    ),
    "key of another certificate": Row(_other_key, REFUSED, REFUSED, "does not belong"),
    "key of another type": Row(_key_of_another_type, REFUSED, REFUSED, "no EC P-256 key"),
    "leaf that is its own anchor": Row(_self_signed, FINE, FINE, "signed by itself"),
    "issuing authority left out": Row(
        _no_issuer, ("", "Valid"), ("", "Valid"), "is an issuing authority missing"
    ),
    "root in the chain": Row(_with_root, FINE, FINE, ""),
    "anyExtendedKeyUsage": Row(
        _leaf((*GOOD_PURPOSES, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)),
        REFUSED,
        REFUSED,
        "has anyExtendedKeyUsage",
    ),
    "OCSPSigning beside": Row(
        _leaf((*GOOD_PURPOSES, ExtendedKeyUsageOID.OCSP_SIGNING)),
        REFUSED,
        REFUSED,
        "has OCSPSigning",
    ),
    "no authority key identifier": Row(
        _leaf(GOOD_PURPOSES, names_issuer_key=False),
        REFUSED,
        REFUSED,
        "lacks an authority key identifier",
    ),
}


def _context(root: x509.Certificate | None, purposes: str, *, check: bool) -> c2pa.Context:
    trust = {"trust_config": purposes} if purposes else {}
    if root is not None:
        trust["user_anchors"] = pem(root).decode()
    return c2pa.Context.from_dict({"trust": trust, "verify": {"verify_after_sign": check}})


def _sign(held: Held, purposes: str, plain: Path, out: Path, *, check: bool = True) -> str:
    """Sign with the library alone; returns the class of its error, or ""."""
    info = c2pa.C2paSignerInfo(b"es256", pem(*held.chain), key_pem(held.key), None)
    with _context(held.root, purposes, check=check) as context:
        try:
            with (
                plain.open("rb") as source,
                out.open("w+b") as target,
                c2pa.Signer.from_info(info) as signer,
                c2pa.Builder(DEFINITION, context=context) as builder,
            ):
                builder.sign(signer, "video/mp4", source, target)
        except c2pa.C2paError as error:
            return type(error).__name__.removeprefix("_C2pa")
    return ""


def _read(out: Path, root: x509.Certificate | None, purposes: str) -> tuple[str, set[str]]:
    with (
        _context(root, purposes, check=True) as context,
        c2pa.Reader(str(out), context=context) as reader,
    ):
        results = json.loads(reader.json())["validation_results"]["activeManifest"]
        return str(reader.get_validation_state()), {one["code"] for one in results["failure"]}


@pytest.mark.parametrize("purposes", [PURPOSES, ""], ids=["list of purposes", "no list"])
@pytest.mark.parametrize("case", MATRIX)
def test_what_the_library_makes_of_it(
    tmp_path: Path, authority: Authority, plain: Path, case: str, purposes: str
) -> None:
    row = MATRIX[case]
    held, out = row.make(authority), tmp_path / "out.mp4"
    error, state = row.with_list if purposes else row.bare
    assert _sign(held, purposes, plain, out) == error
    if state and not error:
        assert _read(out, held.root, purposes)[0] == state


@pytest.mark.parametrize("case", MATRIX)
def test_what_is_said_at_start(tmp_path: Path, authority: Authority, case: str) -> None:
    row = MATRIX[case]
    held = row.make(authority)
    store(tmp_path, pem(*held.chain), key_pem(held.key), pem(held.root))
    if not row.says:
        assert credentials.load(tmp_path).organization == "Other Video"
        return
    with pytest.raises(FramegateError, match=row.says) as caught:
        credentials.load(tmp_path)
    assert caught.value.code == "FAILED_PRECONDITION"
    assert caught.value.field in {"chain.pem", "key.pem", "anchors.pem"}


@pytest.mark.parametrize("alg", [b"es384", b"ps256", b"ed25519"])
def test_a_wrong_algorithm_is_refused(
    tmp_path: Path, authority: Authority, plain: Path, alg: bytes
) -> None:
    held = _leaf(GOOD_PURPOSES)(authority)
    info = c2pa.C2paSignerInfo(alg, pem(*held.chain), key_pem(held.key), None)
    with (
        pytest.raises(c2pa.C2paError),
        _context(held.root, PURPOSES, check=True) as context,
        plain.open("rb") as source,
        (tmp_path / "out.mp4").open("w+b") as target,
        c2pa.Signer.from_info(info) as signer,
        c2pa.Builder(DEFINITION, context=context) as builder,
    ):
        builder.sign(signer, "video/mp4", source, target)


def test_without_its_check_the_library_signs_with_a_key_of_another(
    tmp_path: Path, authority: Authority, plain: Path
) -> None:
    held, out = _other_key(authority), tmp_path / "out.mp4"
    assert _sign(held, PURPOSES, plain, out, check=False) == ""
    state, codes = _read(out, held.root, PURPOSES)
    assert state == "Invalid"
    assert "claimSignature.mismatch" in codes


def test_readers_who_know_neither_the_root_nor_the_purposes(
    tmp_path: Path, authority: Authority, plain: Path
) -> None:
    seen = {}
    for case in ("claimSigning alone", "claimSigning and emailProtection"):
        held = MATRIX[case].make(authority)
        assert _sign(held, PURPOSES, plain, tmp_path / "out.mp4") == ""
        seen[case] = _read(tmp_path / "out.mp4", None, "")[0]
        assert _read(tmp_path / "out.mp4", held.root, PURPOSES)[0] == "Trusted"
    assert seen == {
        "claimSigning alone": "Invalid",
        "claimSigning and emailProtection": "Valid",
    }


def test_a_chain_without_its_issuing_authority_is_trusted_by_nobody(
    tmp_path: Path, authority: Authority, plain: Path
) -> None:
    held, out = _no_issuer(authority), tmp_path / "out.mp4"
    assert _sign(held, PURPOSES, plain, out) == ""
    assert _read(out, held.root, PURPOSES) == ("Valid", {"signingCredential.untrusted"})
