"""One house with its credentials, another one, and clips that both have signed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from provenance.keys import credentials
from provenance.keys.credentials import Credentials
from provenance.manifest import Release
from provenance.signing import SignedClip, sign
from tests.clips import make_clip
from tests.provenance.authority import Authority

RELEASE = Release("clip-7f3a", "VideoGen", "1.2", 1_795_241_524_817)


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Credentials:
    folder = tmp_path_factory.mktemp("keys")
    return credentials.init(folder, organization="Example Video", now=datetime.now(UTC))


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority.make()


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Credentials:
    key = ec.generate_private_key(ec.SECP256R1())
    folder = authority.store(tmp_path_factory.mktemp("other"), key, authority.issue(key))
    return credentials.load(folder)


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip without a manifest; tests must not change it."""
    return make_clip(tmp_path_factory.mktemp("plain") / "plain.mp4", seconds=1, audio=True)


@pytest.fixture(scope="session")
def signed(
    tmp_path_factory: pytest.TempPathFactory, plain: Path, ours: Credentials
) -> tuple[Path, SignedClip]:
    """The same clip signed by us; tests must not change it."""
    target = tmp_path_factory.mktemp("signed") / "signed.mp4"
    return target, sign(plain, target, RELEASE, ours)
