"""Who vouches: each list alone, lists that overlap, and lists that do not count for signers."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509

from provenance.errors import CredentialsInvalid, CredentialsMissing
from provenance.keys.credentials import Credentials
from provenance.reading import read
from provenance.report import C2paState, StampTrust
from provenance.signing import SignedClip, sign
from provenance.timestamping.timestamps import Stamper, Stamping
from provenance.trust import TrustAnchors, TrustList, lists_of, load_list, name_of
from provenance.verification import Answer, verify
from tests.provenance.authority import Authority, pem
from tests.provenance.conftest import RELEASE
from tests.provenance.stamping import stamping

OWN, C2PA, OPERATOR, TSA = TrustList


def _chain(credentials: Credentials) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(credentials.chain_pem)


@pytest.mark.parametrize("one", [OWN, C2PA, OPERATOR])
def test_each_list_of_signers_vouches_in_its_own_name(
    one: TrustList, signed: tuple[Path, SignedClip], ours: Credentials
) -> None:
    root = ours.anchors.own
    anchors = {
        OWN: TrustAnchors(root),
        C2PA: TrustAnchors("", c2pa=root),
        OPERATOR: TrustAnchors("", others=root),
    }[one]
    found = read(signed[0], anchors)
    assert found.state is C2paState.TRUSTED
    assert found.vouched_by == (one,)
    assert found.own == (one is OWN)
    assert verify(signed[0], anchors).answer is Answer.DECLARED_AI


def test_time_stamping_list_vouches_for_no_signer(
    signed: tuple[Path, SignedClip], ours: Credentials
) -> None:
    found = read(signed[0], TrustAnchors(own="", tsa=ours.anchors.own))
    assert found.state is C2paState.VALID
    assert found.vouched_by == ()
    assert not found.own
    assert "signingCredential.untrusted" in {each.code for each in found.reasons if each.failure}
    answered = verify(signed[0], TrustAnchors(own="", tsa=ours.anchors.own))
    assert answered.answer is Answer.NO_EVIDENCE


def test_stranger_is_valid_with_all_lists_full(
    signed: tuple[Path, SignedClip], stranger: Credentials
) -> None:
    other = pem(Authority.make("Another").root).decode()
    anchors = TrustAnchors(stranger.anchors.own, other, c2pa=other, tsa=other)
    found = read(signed[0], anchors)
    assert (found.state, found.vouched_by) == (C2paState.VALID, ())


@pytest.mark.parametrize("place", ["root", "issuing"])
def test_lists_that_overlap_are_all_named_every_time(
    place: str, signed: tuple[Path, SignedClip], ours: Credentials
) -> None:
    root = ours.anchors.own
    shared = root if place == "root" else pem(_chain(ours)[1]).decode()
    for anchors, expected in (
        (TrustAnchors(root, c2pa=shared), {OWN, C2PA}),
        (TrustAnchors(shared, c2pa=root), {OWN, C2PA}),
        (TrustAnchors("", c2pa=root, tsa=shared), {C2PA}),
        (TrustAnchors("", c2pa=shared, tsa=root), {C2PA}),
        (TrustAnchors("", others=root, c2pa=shared, tsa=shared), {C2PA, OPERATOR}),
    ):
        for _ in range(4):  # the library would name either list by chance
            found = read(signed[0], anchors)
            assert found.state is C2paState.TRUSTED
            assert set(found.vouched_by) - {TSA} == expected
            assert found.own == (OWN in expected)


def test_no_anchor_is_in_two_groups(ours: Credentials, stranger: Credentials) -> None:
    root, other = ours.anchors.own, stranger.anchors.own
    groups = dict(TrustAnchors(root, c2pa=root + other, tsa=other + root).groups())
    assert {lists_of(name): text for name, text in groups.items()} == {
        frozenset({OWN, C2PA, TSA}): root,
        frozenset({C2PA, TSA}): other,
    }


def test_names_of_groups_come_back() -> None:
    for lists in ({OWN}, {C2PA, TSA}, set(TrustList)):
        assert lists_of(name_of(lists)) == lists
    for foreign in ("user_anchors", "https://trust.example/own", None, 5, "urn:framegate:anchors:"):
        assert lists_of(foreign) == frozenset()


def test_stamp_says_which_list_vouches_for_its_clock(
    tmp_path: Path, plain: Path, ours: Credentials
) -> None:
    target = tmp_path / "stamped.mp4"
    (tmp_path / "tsa").mkdir()
    with stamping(tmp_path / "tsa") as clock:
        sign(plain, target, RELEASE, ours, stamper=Stamper(Stamping((clock.url,))))
    own = ours.anchors.own
    found = read(target, TrustAnchors(own))
    assert (found.stamp, found.stamp_vouched_by) == (StampTrust.UNTRUSTED, ())
    found = read(target, TrustAnchors(own, tsa=clock.root))
    assert found.state is C2paState.TRUSTED
    assert (found.vouched_by, found.stamp) == ((OWN,), StampTrust.TRUSTED)
    assert found.stamp_vouched_by == (TSA,)
    found = read(target, TrustAnchors(own, others=clock.root))
    assert found.stamp_vouched_by == (OPERATOR,)


def test_clip_without_a_stamp_says_so(signed: tuple[Path, SignedClip], ours: Credentials) -> None:
    found = read(signed[0], ours.anchors)
    assert (found.stamp, found.stamp_vouched_by) == (StampTrust.NONE, ())


def test_list_that_cannot_be_read_is_named(tmp_path: Path, ours: Credentials) -> None:
    with pytest.raises(CredentialsMissing, match="c2pa_trust_list"):
        load_list(tmp_path / "none.pem", "c2pa_trust_list")
    (tmp_path / "junk.pem").write_text("no certificates")
    with pytest.raises(CredentialsInvalid, match="tsa_trust_list"):
        load_list(tmp_path / "junk.pem", "tsa_trust_list")
    (tmp_path / "list.pem").write_text("# names\n" + ours.anchors.own)
    assert load_list(tmp_path / "list.pem", "c2pa_trust_list") == ours.anchors.own
