"""Keys that lie elsewhere: behind a callback (a keeper in another process) and in a token."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import encypher_c2pa
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import load_der_public_key
from hypothesis import given
from hypothesis import strategies as st

from media.limits import MediaLimits
from moderation.clips.jobs import Setup, SignJob
from moderation.clips.results import Signed
from moderation.executor import LocalExecutor
from provenance.errors import CredentialsInvalid, CredentialsMissing, KeyUnavailable
from provenance.keys import credentials, pkcs11
from provenance.keys.credentials import Credentials
from provenance.keys.signers import PemKey, RemoteKey, remote_key
from provenance.reading import C2paState, read
from provenance.signing import sign
from tests.house import CACHE
from tests.provenance.authority import Authority, key_pem, pem
from tests.provenance.conftest import RELEASE
from tests.provenance.keeper import keeping, key_toml

MODULES = (
    os.environ.get("SOFTHSM2_MODULE", ""),
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
TOKEN, ANOTHER = "framegate", "another"
KEY = ec.generate_private_key(ec.SECP256R1())


def _store(
    folder: Path, authority: Authority, key: ec.EllipticCurvePublicKey | None, toml: bytes
) -> Path:
    """Write credentials without a private key."""
    folder.mkdir(parents=True, exist_ok=True)
    leaf = authority.issue(KEY, public_key=key)
    (folder / "chain.pem").write_bytes(pem(leaf, authority.issuing))
    (folder / "anchors.pem").write_bytes(pem(authority.root))
    (folder / "key.toml").write_bytes(toml)
    (folder / "key.toml").chmod(0o600)
    return folder


def _signs_and_verifies(keys: Credentials, plain: Path, out: Path) -> None:
    signed = sign(plain, out, RELEASE, keys)
    found = read(out, keys.anchors)
    assert found.state is C2paState.TRUSTED
    assert found.own
    assert found.manifest_id == signed.manifest_id
    other = encypher_c2pa.verify(
        str(out), trust_pem=keys.anchors.own, no_default_trust=True, telemetry=False, online=False
    )
    assert other["validation_state"] == "Trusted"


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Path]:
    """The socket of a keeper that holds `KEY`."""
    (tmp_path / "keeper").mkdir()
    (tmp_path / "keeper" / "key.pem").write_bytes(key_pem(KEY))
    door = tmp_path / "keeper" / "door"
    with keeping(door, tmp_path / "keeper" / "key.pem"):
        yield door


def test_a_key_of_another_process_signs(
    tmp_path: Path, authority: Authority, plain: Path, keeper: Path
) -> None:
    keys = credentials.load(_store(tmp_path / "keys", authority, None, key_toml(keeper)))
    assert isinstance(keys.key, RemoteKey)
    _signs_and_verifies(keys, plain, tmp_path / "out.mp4")


def test_a_keeper_with_another_key_is_noticed(
    tmp_path: Path, authority: Authority, keeper: Path
) -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    folder = _store(tmp_path / "keys", authority, other, key_toml(keeper))
    with pytest.raises(CredentialsInvalid) as caught:
        credentials.load(folder)
    assert caught.value.field == "key.toml"
    # Who only verifies does not ask the keeper.
    assert credentials.load(folder, for_signing=False).anchors.own


def test_a_keeper_that_is_gone_leaves_nothing(
    tmp_path: Path, authority: Authority, plain: Path
) -> None:
    (tmp_path / "key.pem").write_bytes(key_pem(KEY))
    door = tmp_path / "door"
    with keeping(door, tmp_path / "key.pem"):
        keys = credentials.load(_store(tmp_path / "keys", authority, None, key_toml(door)))
    target = tmp_path / "out" / "out.mp4"
    target.parent.mkdir()
    with pytest.raises(KeyUnavailable) as caught:
        sign(plain, target, RELEASE, keys)
    assert caught.value.retryable
    assert str(tmp_path) not in caught.value.message
    assert not list(target.parent.iterdir())
    door.unlink()
    with keeping(door, tmp_path / "key.pem"):
        _signs_and_verifies(keys, plain, target)


def _plain(key: ec.EllipticCurvePrivateKey) -> Callable[[bytes], bytes]:
    def sign_plain(data: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return sign_plain


@given(st.binary(max_size=80))
def test_both_forms_of_a_signature_are_taken(data: bytes) -> None:
    makers: tuple[Callable[[bytes], bytes], ...] = (
        _plain(KEY),
        lambda given: KEY.sign(given, ec.ECDSA(hashes.SHA256())),
        PemKey(key_pem(KEY)).sign,
    )
    for maker in makers:
        signature = RemoteKey(lambda maker=maker: maker, KEY.public_key()).sign(data)
        assert len(signature) == 64
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        KEY.public_key().verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))


@given(st.binary(max_size=100) | st.binary(min_size=64, max_size=64))
def test_an_answer_that_is_no_signature_is_named(answer: bytes) -> None:
    with pytest.raises(CredentialsInvalid) as caught:
        RemoteKey(lambda: lambda _: answer, KEY.public_key()).sign(b"claim")
    assert isinstance(caught.value.__cause__, ValueError | TypeError | InvalidSignature)


def test_connecting_again_after_a_fault() -> None:
    tries = []

    def connect() -> Callable[[bytes], bytes]:
        tries.append(None)
        if len(tries) == 1:
            raise TimeoutError("secret endpoint")
        return _plain(KEY)

    key = RemoteKey(connect, KEY.public_key())
    with pytest.raises(KeyUnavailable) as caught:
        key.sign(b"claim")
    assert "secret" not in caught.value.message
    key.prove()
    key.prove()
    assert len(tries) == 2


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        (b"\xff", "not TOML"),
        (b"kind = ", "not TOML"),
        (b"", "kind"),
        (b'kind = "magic"', "kind"),
        (b'kind = "callback"', "factory"),
        (b'kind = "callback"\nfactory = "os"', "MODULE:FUNCTION"),
        (b'kind = "callback"\nfactory = ":x"', "MODULE:FUNCTION"),
        (b'kind = "callback"\nfactory = "a:b"\nkey = 1', "key"),
        (b'kind = "pkcs11"\nmodule = "/x"\ntoken = "t"', "label"),
        (b'kind = "pkcs11"\nmodule = "/x"\ntoken = "t"\nlabel = "l"', "PIN"),
    ],
)
def test_a_place_that_is_no_place_is_named(toml: bytes, words: str) -> None:
    with pytest.raises(CredentialsInvalid) as caught:
        remote_key(toml, None, KEY.public_key())
    assert words in caught.value.message


@pytest.mark.parametrize("factory", ["nowhere.at_all:connect", "tests.provenance.keeper:missing"])
def test_a_factory_that_is_not_there_is_named(factory: str) -> None:
    place = f'kind = "callback"\nfactory = "{factory}"'
    with pytest.raises(CredentialsInvalid, match="cannot be imported"):
        remote_key(place.encode(), None, KEY.public_key()).prove()


def test_who_may_read_the_place_and_which_key_is_meant(
    tmp_path: Path, authority: Authority
) -> None:
    folder = _store(tmp_path, authority, None, b'kind = "callback"\nfactory = "a:b"')
    (folder / "key.toml").chmod(0o620)  # it names code that is run
    with pytest.raises(CredentialsInvalid, match="chmod 600"):
        credentials.load(folder, for_signing=False)
    (folder / "key.toml").chmod(0o600)
    (folder / "key.pem").write_bytes(key_pem(KEY))
    (folder / "key.pem").chmod(0o600)
    with pytest.raises(CredentialsInvalid, match="which key is meant"):
        credentials.load(folder, for_signing=False)
    (folder / "key.pem").unlink()
    (folder / "key.toml").unlink()
    with pytest.raises(CredentialsMissing):
        credentials.load(folder, for_signing=False)


@pytest.fixture(scope="module")
def module() -> str:
    """Path of SoftHSM's library."""
    found = next((path for path in MODULES if path and Path(path).is_file()), "")
    if not found:
        pytest.skip("no SoftHSM (Debian: apt-get install softhsm2; or set SOFTHSM2_MODULE)")
    if importlib.util.find_spec("pkcs11") is None:
        pytest.skip("no python-pkcs11 (pip install framegate[pkcs11])")
    if not shutil.which("softhsm2-util"):
        pytest.skip("no softhsm2-util on the PATH")
    return found


@pytest.fixture(scope="module")
def token(
    module: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ec.EllipticCurvePublicKey]:
    """A token with a key that was made in it, and the key's public half."""
    # Optional, so not at the top.
    api = importlib.import_module("pkcs11")
    shapes = importlib.import_module("pkcs11.util.ec")

    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    try:
        init = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN]
        subprocess.run(
            [*init, "--pin", "1234", "--so-pin", "5678", "--module", module],
            check=True,
            capture_output=True,
        )
        slot = api.lib(module).get_token(token_label=TOKEN)
        with slot.open(rw=True, user_pin="1234") as session:
            parameters = session.create_domain_parameters(
                api.KeyType.EC,
                {api.Attribute.EC_PARAMS: shapes.encode_named_curve_parameters("secp256r1")},
                local=True,
            )
            public, _ = parameters.generate_keypair(store=True, label="clip signer")
            der = shapes.encode_ec_public_key(public)
        made = load_der_public_key(der)
        assert isinstance(made, ec.EllipticCurvePublicKey)
        yield made
    finally:
        if before is None:
            del os.environ["SOFTHSM2_CONF"]
        else:
            os.environ["SOFTHSM2_CONF"] = before


def _place(module: str, **changes: str) -> bytes:
    said = {"kind": "pkcs11", "module": module, "token": TOKEN, "label": "clip signer"}
    return "".join(f'{name} = "{value}"\n' for name, value in (said | changes).items()).encode()


def _with_pin(folder: Path, pin: str) -> Path:
    (folder / "pin").write_text(pin + "\n")
    (folder / "pin").chmod(0o600)
    return folder


def test_a_key_of_a_token_signs(
    tmp_path: Path,
    authority: Authority,
    plain: Path,
    module: str,
    token: ec.EllipticCurvePublicKey,
) -> None:
    folder = _with_pin(_store(tmp_path / "keys", authority, token, _place(module)), "1234")
    _signs_and_verifies(credentials.load(folder), plain, tmp_path / "out.mp4")


async def test_a_worker_signs_with_a_key_of_a_token(
    tmp_path: Path,
    authority: Authority,
    plain: Path,
    module: str,
    token: ec.EllipticCurvePublicKey,
) -> None:
    keys = _with_pin(_store(tmp_path / "keys", authority, token, _place(module)), "1234")
    setup = Setup(cache=str(CACHE), keys=str(keys), memory_bytes=6 << 30, nice=5)
    workers = LocalExecutor(setup, workers=1, jobs_per_worker=5)
    out, sha256 = tmp_path / "out.mp4", hashlib.sha256(plain.read_bytes()).hexdigest()
    try:
        for _ in range(2):
            job = SignJob(str(plain), sha256, str(out), RELEASE, MediaLimits())
            assert isinstance(await workers.submit(job, timeout_ms=120_000), Signed)
            found = read(out, credentials.load(keys, for_signing=False).anchors)
            assert found.state is C2paState.TRUSTED
    finally:
        await workers.close()


def test_faults_of_a_token_are_named(
    tmp_path: Path, authority: Authority, module: str, token: ec.EllipticCurvePublicKey
) -> None:
    cases = {
        "wrong PIN": (_place(module), "0000", CredentialsInvalid),
        "no token": (_place(module, token=ANOTHER), "1234", KeyUnavailable),
        "no key": (_place(module, label=ANOTHER), "1234", KeyUnavailable),
        "no module": (_place("/nowhere.so"), "1234", CredentialsInvalid),
    }
    pkcs11._sessions.clear()  # this process may be logged in already
    for name, (place, pin, error) in cases.items():
        folder = _with_pin(_store(tmp_path / name, authority, token, place), pin)
        with pytest.raises(error):
            credentials.load(folder)
    other = _with_pin(_store(tmp_path / "other", authority, None, _place(module)), "1234")
    with pytest.raises(CredentialsInvalid, match="another key"):
        credentials.load(other)
