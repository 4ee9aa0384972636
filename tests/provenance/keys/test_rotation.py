"""Exchanging credentials while they are read: the old set or the new one, never a bit of each."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from provenance.errors import (
    CredentialsExist,
    CredentialsExpired,
    CredentialsExpireSoon,
    CredentialsInvalid,
    CredentialsMissing,
    KeyUnavailable,
)
from provenance.keys import credentials, keyfiles
from provenance.keys.credentials import Credentials
from provenance.keys.rotation import Keyring, rotate
from provenance.reading import C2paState, read
from provenance.signing import sign
from tests.provenance.authority import Authority, key_pem, pem
from tests.provenance.conftest import RELEASE

NOW = datetime.now(UTC)


def _new_set(folder: Path, authority: Authority, **shape: object) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    return authority.store(folder, key, authority.issue(key, **shape))  # type: ignore[arg-type]


def _fits(loaded: Credentials) -> bool:
    leaf = x509.load_pem_x509_certificates(loaded.chain_pem)[0]
    key = serialization.load_pem_private_key(loaded.key.pem, None)  # type: ignore[attr-defined]
    return leaf.public_key() == key.public_key()


@contextmanager
def _meanwhile(act: Callable[[], None]) -> Iterator[None]:
    """Do something over and over in a thread for the length of the block."""
    over = threading.Event()

    def run() -> None:
        # A moment between two, or reader and writer may take turns at every call of the system, and
        # no two readings would ever agree.
        while not over.wait(0.001):
            act()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_rotating_keeps_believing_what_was_signed(tmp_path: Path, plain: Path) -> None:
    keys, clips = tmp_path / "keys", tmp_path / "clips"
    clips.mkdir()
    first = credentials.init(keys, organization="Example Video", now=NOW)
    sign(plain, clips / "0.mp4", RELEASE, first)
    for number in (1, 2):
        other = Authority.make()
        source = _new_set(tmp_path / f"new{number}", other, organization="Example Video")
        now_used = rotate(keys, source, now=NOW)
        assert now_used == credentials.load(keys)
        assert now_used.serial == credentials.load(source).serial
        sign(plain, clips / f"{number}.mp4", RELEASE, now_used)
        for clip in clips.iterdir():
            found = read(clip, now_used.anchors)
            assert found.state is C2paState.TRUSTED
            assert found.own
    assert len(list((keys / "signing.d").iterdir())) == 2
    for path in (keys / "signing.d").rglob("key.pem"):
        assert path.stat().st_mode & 0o777 == 0o600
    assert credentials.present(keys)
    with pytest.raises(CredentialsExist):
        credentials.init(keys, organization="Example Video", now=NOW)


@pytest.mark.parametrize(
    ("shape", "error"),
    [
        ({"organization": "Somebody else"}, CredentialsInvalid),
        ({"until_now": timedelta(days=-1), "from_now": timedelta(days=-2)}, CredentialsExpired),
        ({"until_now": timedelta(days=5)}, CredentialsExpireSoon),
        ({"purposes": None}, CredentialsInvalid),
    ],
)
def test_an_unfit_set_changes_nothing(
    tmp_path: Path, authority: Authority, shape: dict[str, object], error: type[Exception]
) -> None:
    keys = tmp_path / "keys"
    before = rotate(keys, _new_set(tmp_path / "old", authority), now=NOW)
    files = sorted(keys.rglob("*"))
    with pytest.raises(error):
        rotate(keys, _new_set(tmp_path / "new", authority, **shape), now=NOW, min_days=10)
    assert sorted(keys.rglob("*")) == files
    assert credentials.load(keys) == before


def test_a_set_is_put_into_use_once(tmp_path: Path, authority: Authority) -> None:
    source = _new_set(tmp_path / "new", authority)
    rotate(tmp_path / "keys", source, now=NOW)
    with pytest.raises(CredentialsExist):
        rotate(tmp_path / "keys", source, now=NOW)


def test_a_link_that_leads_nowhere_is_no_set(tmp_path: Path, authority: Authority) -> None:
    # There is a set in the folder itself as well, which must not come back unnoticed.
    keys = _new_set(tmp_path / "keys", authority)
    (keys / "signing").symlink_to("gone")
    with pytest.raises(CredentialsMissing):
        credentials.load(keys)


def _turned_links(keys: Path, sets: list[Path]) -> Callable[[], None]:
    """Turn the link `signing` to the sets in turn."""
    count = 0

    def act() -> None:
        nonlocal count
        count += 1
        fresh = keys / ".fresh"
        fresh.symlink_to(sets[count % 2])
        fresh.replace(keys / "signing")

    return act


def _mounted_secrets(keys: Path, sets: list[Path]) -> Callable[[], None]:
    """Exchange files as mounted secrets are: each is a link by way of one folder link."""
    count = 0
    for name in ("chain.pem", "key.pem", "anchors.pem"):
        (keys / name).symlink_to(Path("..data") / name)

    def act() -> None:
        nonlocal count
        count += 1
        fresh = keys / ".fresh"
        fresh.symlink_to(sets[count % 2])
        fresh.replace(keys / "..data")

    return act


@pytest.mark.parametrize("how", [_turned_links, _mounted_secrets])
def test_readers_never_see_a_bit_of_each(
    tmp_path: Path,
    authority: Authority,
    how: Callable[[Path, list[Path]], Callable[[], None]],
) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    act = how(keys, [_new_set(tmp_path / str(number), authority) for number in range(2)])
    act()
    ring, seen = Keyring(keys), []
    with _meanwhile(act):
        # How often the other thread gets its turn is for the machine to say.
        while len(seen) < 400 or (len(set(seen)) < 2 and len(seen) < 100_000):
            loaded = ring.for_signing()
            assert _fits(loaded)
            seen.append(loaded.serial)
    assert len(set(seen)) == 2


@pytest.mark.parametrize("how", [_turned_links, _mounted_secrets])
def test_an_exchange_between_any_two_files_is_no_harm(
    tmp_path: Path,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    how: Callable[[Path, list[Path]], Callable[[], None]],
) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    act = how(keys, [_new_set(tmp_path / str(number), authority) for number in range(2)])
    act()
    ask, count = keyfiles._bytes, 0

    def in_lockstep(name: str, target: str, opened: int) -> bytes | None:
        nonlocal count
        count += 1
        # Six turns in all: the third reading and the fourth agree.
        if count <= 6:
            act()
        return ask(name, target, opened)

    monkeypatch.setattr(keyfiles, "_bytes", in_lockstep)
    assert _fits(Keyring(keys, settle_s=0).for_signing())
    assert count > 6


def test_a_job_keeps_its_set_to_the_end(tmp_path: Path, authority: Authority, plain: Path) -> None:
    keys = tmp_path / "keys"
    first = rotate(keys, _new_set(tmp_path / "first", authority), now=NOW)
    ring = Keyring(keys)
    rotated: list[Credentials] = []

    def rotate_once() -> bool:
        if not rotated:
            rotated.append(rotate(keys, _new_set(tmp_path / "second", authority), now=NOW))
        return False

    sign(plain, tmp_path / "a.mp4", RELEASE, ring.for_signing(), should_stop=rotate_once)
    sign(plain, tmp_path / "b.mp4", RELEASE, ring.for_signing())
    assert rotated
    serials = [ring_serial(tmp_path / name, first) for name in ("a.mp4", "b.mp4")]
    assert serials == [first.serial, rotated[0].serial]


def ring_serial(clip: Path, by: Credentials) -> str:
    """Serial number of the certificate that a clip was signed with, hex."""
    from provenance import engine  # noqa: PLC0415

    store = engine.read_store(clip, "video/mp4", by.anchors)
    assert store is not None
    assert store.state == "Trusted"
    active = store.data["manifests"][store.data["active_manifest"]]
    return f"{int(active['signature_info']['cert_serial_number']):x}"


def _replace(path: Path, data: bytes) -> None:
    fresh = path.with_name(".fresh")
    fresh.write_bytes(data)
    fresh.chmod(0o600)
    fresh.replace(path)


def test_files_put_in_place_one_by_one_are_waited_for(tmp_path: Path, authority: Authority) -> None:
    keys, new = _new_set(tmp_path / "keys", authority), _new_set(tmp_path / "new", authority)
    ring, found = Keyring(keys, settle_s=60), []
    old = ring.for_signing().serial
    _replace(keys / "chain.pem", (new / "chain.pem").read_bytes())
    # As long as chain and key are of two sets, neither is used.
    with pytest.raises(CredentialsInvalid, match="does not belong"):
        Keyring(keys, settle_s=0).for_signing()
    thread = threading.Thread(target=lambda: found.append(ring.for_signing().serial))
    thread.start()
    _replace(keys / "key.pem", (new / "key.pem").read_bytes())
    thread.join(30)
    assert found == [credentials.load(new).serial]
    assert found != [old]


@pytest.mark.parametrize("name", ["key.pem", "chain.pem", "anchors.pem"])
def test_a_set_that_was_taken_away_is_not_used_any_more(
    tmp_path: Path, authority: Authority, name: str
) -> None:
    keys = _new_set(tmp_path / "keys", authority)
    ring = Keyring(keys, settle_s=0)
    ring.for_signing()
    (keys / name).unlink()
    with pytest.raises(CredentialsMissing):
        ring.for_signing()


def test_other_anchors_are_read_anew(tmp_path: Path, authority: Authority) -> None:
    keys = _new_set(tmp_path / "keys", authority)
    ring = Keyring(keys)
    assert ring.for_verifying().anchors.others == ""
    (keys / "trusted").mkdir()
    (keys / "trusted" / "one.pem").write_bytes(pem(Authority.make().root))
    assert "BEGIN" in ring.for_verifying().anchors.others
    assert "BEGIN" in ring.for_signing().anchors.others


def test_policy_on_the_days_left(tmp_path: Path, authority: Authority) -> None:
    keys = _new_set(tmp_path / "keys", authority, until_now=timedelta(days=10))
    ring = Keyring(keys)
    ring.for_signing(min_days=9)
    with pytest.raises(CredentialsExpireSoon) as caught:
        ring.for_signing(min_days=11)
    assert caught.value.limit == 11
    with pytest.raises(CredentialsExpireSoon):
        ring.for_signing(now=datetime.now(UTC) + timedelta(days=2), min_days=9)
    with pytest.raises(CredentialsExpired):
        ring.for_signing(now=datetime.now(UTC) + timedelta(days=11), min_days=9)
    assert ring.for_verifying().organization == "Other Video"


CALLS: list[str] = []


def counting(secret: str) -> Callable[[bytes], bytes]:
    """A factory as `key.toml` names it: `secret` is the PEM file, or says what goes wrong."""
    CALLS.append(secret)
    if secret == "down":
        raise ConnectionError
    key = serialization.load_pem_private_key(Path(secret).read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    from provenance.keys.signers import PemKey  # noqa: PLC0415

    return PemKey(key_pem(key)).sign


def _remote(folder: Path, secret: str) -> None:
    place = f'kind = "callback"\nfactory = "{__name__}:counting"\n[options]\nsecret = "{secret}"\n'
    _replace(folder / "key.toml", place.encode())


def test_a_key_elsewhere_proves_itself_once_a_set(tmp_path: Path, authority: Authority) -> None:
    keys = _new_set(tmp_path / "keys", authority)
    (keys / "key.pem").rename(tmp_path / "right.pem")
    (tmp_path / "wrong.pem").write_bytes(key_pem(ec.generate_private_key(ec.SECP256R1())))
    ring = Keyring(keys, settle_s=0)

    CALLS.clear()
    _remote(keys, str(tmp_path / "wrong.pem"))
    for _ in range(3):
        with pytest.raises(CredentialsInvalid, match="another key"):
            ring.for_signing()
    assert len(CALLS) == 1  # a token locks itself after a few wrong PINs
    assert ring.for_verifying().anchors.own  # who only verifies needs no key

    _remote(keys, "down")
    for _ in range(2):
        with pytest.raises(KeyUnavailable):
            ring.for_signing()
    assert len(CALLS) == 3  # that may pass, so it is asked again

    _remote(keys, str(tmp_path / "right.pem"))
    for _ in range(3):
        ring.for_signing().key.sign(b"claim")
    assert len(CALLS) == 4


def test_a_set_is_read_until_two_readings_agree(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = _new_set(tmp_path / "keys", authority)
    count = 0

    def changing(name: str, target: str, opened: int) -> bytes | None:
        nonlocal count
        count += 1
        return str(count).encode() if name in ("chain.pem", "key.pem", "anchors.pem") else None

    monkeypatch.setattr(keyfiles, "_bytes", changing)
    with pytest.raises(CredentialsInvalid, match="change while they are read"):
        keyfiles.read(keys)


@pytest.mark.parametrize("mode", [0o644, 0o660])
def test_a_key_behind_a_link_of_another_name_is_no_less_secret(
    tmp_path: Path, authority: Authority, mode: int
) -> None:
    keys = _new_set(tmp_path / "keys", authority)
    (keys / "key.pem").rename(tmp_path / "signer")
    (keys / "key.pem").symlink_to(tmp_path / "signer")
    credentials.load(keys)
    (tmp_path / "signer").chmod(mode)
    with pytest.raises(CredentialsInvalid, match="chmod 600"):
        credentials.load(keys)


def test_a_pipe_in_place_of_a_key_does_not_block(tmp_path: Path, authority: Authority) -> None:
    keys = _new_set(tmp_path / "keys", authority)
    (keys / "key.pem").unlink()
    os.mkfifo(keys / "key.pem")
    with pytest.raises(CredentialsMissing):
        credentials.load(keys)
