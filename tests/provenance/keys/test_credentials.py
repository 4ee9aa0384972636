from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from media.errors import FramegateError, InvalidInput
from provenance.errors import (
    CredentialsExist,
    CredentialsExpired,
    CredentialsInvalid,
    CredentialsMissing,
)
from provenance.keys import credentials
from provenance.keys.certificates import CERTIFICATE_POLICY, CLAIM_SIGNING, DOCUMENT_SIGNING
from provenance.keys.credentials import Credentials
from tests.provenance.authority import Authority, key_pem, pem, store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _chain(folder: Path) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates((folder / "chain.pem").read_bytes())


def test_development_leaf_has_the_shape_of_the_profile(tmp_path: Path) -> None:
    credentials.init(tmp_path, organization="Example Video", now=NOW)
    leaf, issuing = _chain(tmp_path)
    found = leaf.extensions
    assert leaf.version is x509.Version.v3
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=366)
    assert leaf.not_valid_before_utc < NOW
    assert isinstance(leaf.public_key(), ec.EllipticCurvePublicKey)
    for oid in (NameOID.COUNTRY_NAME, NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        assert leaf.subject.get_attributes_for_oid(oid)
    usage = found.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign
    basic = found.get_extension_for_class(x509.BasicConstraints)
    assert basic.critical
    assert not basic.value.ca
    purposes = found.get_extension_for_class(x509.ExtendedKeyUsage)
    assert not purposes.critical
    assert set(purposes.value) == {CLAIM_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION}
    policies = found.get_extension_for_class(x509.CertificatePolicies).value
    assert [policy.policy_identifier for policy in policies] == [CERTIFICATE_POLICY]
    issuer_key = found.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    subject_key = issuing.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert issuer_key.key_identifier == subject_key.digest
    own_key = found.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert own_key == x509.SubjectKeyIdentifier.from_public_key(leaf.public_key())


def test_development_authorities_have_the_shape_of_the_profile(tmp_path: Path) -> None:
    credentials.init(tmp_path, organization="Example Video", now=NOW)
    issuing = _chain(tmp_path)[1]
    (root,) = x509.load_pem_x509_certificates((tmp_path / "anchors.pem").read_bytes())
    for certificate, depth in ((issuing, 0), (root, None)):
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        assert basic.critical
        assert basic.value.ca
        assert basic.value.path_length == depth
        key = certificate.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        assert isinstance(key.curve, ec.SECP384R1)
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
        assert usage.critical
        assert usage.value.key_cert_sign
    assert issuing.not_valid_after_utc - issuing.not_valid_before_utc <= timedelta(days=1827)
    issuing.verify_directly_issued_by(root)
    assert set(issuing.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == {
        CLAIM_SIGNING,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
    }


def test_development_credentials_say_what_they_are(tmp_path: Path) -> None:
    made = credentials.init(tmp_path, organization="Example Video", now=NOW)
    assert made.development
    assert made.organization == "Example Video"
    assert made == credentials.load(tmp_path, now=NOW)
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    notes = [path.read_text() for path in tmp_path.iterdir() if path.suffix == ".txt"]
    assert any("for development" in note for note in notes)


def test_repr_never_shows_the_key(tmp_path: Path) -> None:
    made = credentials.init(tmp_path, organization="Example Video", now=NOW)
    assert "PRIVATE" not in repr(made)
    assert "BEGIN" not in f"{made}"


@pytest.mark.parametrize("present", ["chain.pem", "key.pem", "anchors.pem"])
def test_nothing_is_overwritten(tmp_path: Path, present: str) -> None:
    (tmp_path / present).write_text("mine")
    with pytest.raises(CredentialsExist):
        credentials.init(tmp_path, organization="Example Video", now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == [present]
    assert (tmp_path / present).read_text() == "mine"


@pytest.mark.parametrize("organization", ["", " x", "x" * 65, "a\nb", "a\u202eb", "a\0"])
def test_unfit_organization_is_refused(tmp_path: Path, organization: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        credentials.init(tmp_path / "keys", organization=organization, now=NOW)
    assert caught.value.field == "organization"
    assert not (tmp_path / "keys").exists()


def test_operator_credentials_load(tmp_path: Path, authority: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = authority.issue(key, purposes=(CLAIM_SIGNING, DOCUMENT_SIGNING))
    loaded = credentials.load(authority.store(tmp_path, key, leaf))
    assert not loaded.development
    assert loaded.organization == "Other Video"
    assert loaded.serial == f"{leaf.serial_number:x}"
    assert loaded.not_after == leaf.not_valid_after_utc
    assert loaded.anchors.others == ""


def test_other_anchors_are_joined(tmp_path: Path, authority: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    folder = authority.store(tmp_path, key, authority.issue(key))
    (folder / "trusted").mkdir()
    others = [Authority.make().root, Authority.make().root]
    for number, root in enumerate(others):
        # Without a line end, as some tools write them.
        (folder / "trusted" / f"{number}.pem").write_bytes(pem(root).rstrip())
    text = credentials.load(folder).anchors.others
    assert x509.load_pem_x509_certificates(text.encode()) == others
    (folder / "trusted" / "9.pem").write_text("no list")
    with pytest.raises(CredentialsInvalid) as caught:
        credentials.load(folder)
    assert caught.value.field == "9.pem"


def _swap_chain(folder: Path, authority: Authority) -> None:
    leaf, issuing = _chain(folder)
    (folder / "chain.pem").write_bytes(pem(issuing, leaf))


def _leaf(**shape: object) -> Callable[[Path, Authority], None]:
    def write(folder: Path, authority: Authority) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        authority.store(folder, key, authority.issue(key, **shape))  # type: ignore[arg-type]

    return write


def _write(name: str, data: bytes | Callable[[], bytes]) -> Callable[[Path, Authority], None]:
    def write(folder: Path, authority: Authority) -> None:
        (folder / name).write_bytes(data() if callable(data) else data)

    return write


def _other_curve(folder: Path, authority: Authority) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    authority.store(folder, key, authority.issue(key))


def _rsa(folder: Path, authority: Authority) -> None:
    key = rsa.generate_private_key(65537, 2048)
    authority.store(folder, key, authority.issue(key))


def _authority_as_leaf(folder: Path, authority: Authority) -> None:
    key = authority.issuing_key
    store(folder, pem(authority.issuing), key_pem(key), pem(authority.root))


INVALID: dict[str, tuple[Callable[[Path, Authority], None], str]] = {
    "key of another": (
        _write("key.pem", lambda: key_pem(ec.generate_private_key(ec.SECP256R1()))),
        "does not belong",
    ),
    "encrypted key": (
        _write("key.pem", lambda: key_pem(ec.generate_private_key(ec.SECP256R1()), b"secret")),
        "encrypted",
    ),
    "no key": (_write("key.pem", b"hello"), "no private key"),
    "key that others may read": (lambda folder, _: (folder / "key.pem").chmod(0o604), "chmod"),
    "key that the group may write": (lambda folder, _: (folder / "key.pem").chmod(0o620), "chmod"),
    "no certificates": (_write("chain.pem", b"hello"), "no certificates"),
    "chain in the wrong order": (_swap_chain, "is not issued by certificate 2"),
    "anchors of another": (
        _write("anchors.pem", lambda: pem(Authority.make().root)),
        "not issued by one of",
    ),
    "only claimSigning": (_leaf(purposes=(CLAIM_SIGNING,)), "emailProtection"),
    "only emailProtection": (
        _leaf(purposes=(ExtendedKeyUsageOID.EMAIL_PROTECTION,)),
        "lacks claimSigning",
    ),
    "no purposes": (_leaf(purposes=None), "extended key usage"),
    "no digitalSignature": (_leaf(digital_signature=False), "digitalSignature"),
    "no organisation": (_leaf(organization=None), "organisation"),
    "another curve": (_other_curve, "P-256"),
    "an RSA key": (_rsa, "P-256"),
    "an authority as leaf": (_authority_as_leaf, ""),
}


@pytest.mark.parametrize("case", INVALID)
def test_invalid_credentials_say_what_is_wrong(
    tmp_path: Path, authority: Authority, case: str
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    authority.store(tmp_path, key, authority.issue(key))
    spoil, words = INVALID[case]
    spoil(tmp_path, authority)
    with pytest.raises(CredentialsInvalid) as caught:
        credentials.load(tmp_path)
    assert words in caught.value.message
    assert caught.value.field in {"chain.pem", "key.pem", "anchors.pem"}
    assert str(tmp_path) not in caught.value.message


@pytest.mark.parametrize("missing", ["chain.pem", "key.pem", "anchors.pem"])
def test_missing_files_are_named(tmp_path: Path, authority: Authority, missing: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    authority.store(tmp_path, key, authority.issue(key))
    (tmp_path / missing).unlink()
    with pytest.raises(CredentialsMissing) as caught:
        credentials.load(tmp_path)
    assert caught.value.field == missing


@pytest.mark.parametrize(
    ("days", "good"), [(-1, False), (0, True), (364, True), (366, False), (4000, False)]
)
def test_validity_follows_the_injected_clock(tmp_path: Path, days: int, good: bool) -> None:
    credentials.init(tmp_path, organization="Example Video", now=NOW)
    then = NOW + timedelta(days=days)
    if good:
        credentials.load(tmp_path, now=then)
    else:
        with pytest.raises(CredentialsExpired):
            credentials.load(tmp_path, now=then)
    # Verifying needs the anchors only.
    loaded: Credentials = credentials.load(tmp_path, now=then, for_signing=False)
    assert loaded.anchors.own


def test_every_error_is_a_failed_precondition_but_exist() -> None:
    kinds: list[type[FramegateError]] = [CredentialsMissing, CredentialsInvalid, CredentialsExpired]
    assert {kind.code for kind in kinds} == {"FAILED_PRECONDITION"}
    assert CredentialsExist.code == "ALREADY_EXISTS"


def test_umask_does_not_widen_the_key(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        credentials.init(tmp_path / "keys", organization="Example Video", now=NOW)
    finally:
        os.umask(before)
    assert (tmp_path / "keys" / "key.pem").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
