"""Exchanging the signing credentials while signing goes on.

    keys/signing                    -> signing.d/20261121-3f2a91c04b77
    keys/signing.d/20261121-...     chain.pem, key.pem or key.toml, anchors.pem

`rotate` puts a new set into a folder of its own, checks it there and turns the link: one step, so
that whoever reads sees the old set or the new one. `Keyring` is the reader's end. A job asks it
once and holds what it was given to its end.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from media.errors import FramegateError
from provenance.errors import CredentialsExist, CredentialsInvalid, CredentialsMissing
from provenance.keys import credentials, keyfiles
from provenance.keys.credentials import TRUSTED, Credentials
from provenance.keys.keyfiles import ANCHORS, CHAIN, KEY, KEY_FILE, PIN, SIGNING, KeyFiles
from provenance.keys.signers import RemoteKey
from provenance.trust import TrustAnchors, load_others, parse_anchors

_SETS = "signing.d"
# Who puts the files in place one by one is given this long before it counts as a fault.
_SETTLE_S = 2.0
_LOOK_AGAIN_S = 0.05


class Keyring:
    """The credentials of a folder, read anew whenever they were exchanged. Thread-safe.

    A key that lies outside stays connected for as long as its files are the same, and has to prove
    itself once each time it is loaded.

    Args:
        folder: The keys folder.
        settle_s: How long files that do not fit together may take until they do.
    """

    def __init__(self, folder: Path, *, settle_s: float = _SETTLE_S) -> None:
        self._folder = folder
        self._settle_s = settle_s
        self._lock = threading.Lock()
        self._files: KeyFiles | None = None
        self._held: Credentials | FramegateError | None = None

    def for_signing(self, *, now: datetime | None = None, min_days: float = 0) -> Credentials:
        """Return the set in use, checked; hold on to it for the whole job.

        Args:
            now: The present; the clock's where None.
            min_days: For how many days the chain must stay valid.

        Raises:
            CredentialsMissing: A file is not there or cannot be read.
            CredentialsInvalid: The files do not fit together, and did not for `settle_s`; or a key
                that lies outside is not the leaf's. No set that was replaced is used instead.
            CredentialsExpired: They are expired or not valid yet.
            CredentialsExpireSoon: They expire in fewer than `min_days` days.
            KeyUnavailable: The key lies outside and cannot be used now.
        """
        with self._lock:
            files, loaded = self._settled(self._load_proven)
            loaded.check_valid(now or datetime.now(UTC), min_days=min_days)
            if loaded is not self._held and isinstance(loaded.key, RemoteKey):
                self._prove(files, loaded.key)
            self._files, self._held = files, loaded
            return self._with_others(loaded)

    def for_verifying(self) -> Credentials:
        """Return the set in use for its anchors and its name: it may be expired.

        Raises:
            CredentialsMissing: A file is not there or cannot be read.
            CredentialsInvalid: The files do not fit together, and did not for `settle_s`.
        """
        with self._lock:
            _, loaded = self._settled(self._load)
            return self._with_others(loaded)

    def _load_proven(self) -> tuple[KeyFiles, Credentials]:
        files, loaded = self._load()
        if files == self._files and isinstance(self._held, FramegateError):
            raise self._held
        return files, loaded

    def _load(self) -> tuple[KeyFiles, Credentials]:
        files = keyfiles.read(self._folder)
        if files == self._files and isinstance(self._held, Credentials):
            return files, self._held
        return files, credentials.assemble(files, "")

    def _settled(
        self, load: Callable[[], tuple[KeyFiles, Credentials]]
    ) -> tuple[KeyFiles, Credentials]:
        until = time.monotonic() + self._settle_s
        while True:
            try:
                return load()
            except (CredentialsInvalid, CredentialsMissing) as error:
                if error is self._held or time.monotonic() >= until:
                    raise
            time.sleep(_LOOK_AGAIN_S)

    def _prove(self, files: KeyFiles, key: RemoteKey) -> None:
        try:
            key.prove()
        except CredentialsInvalid as error:
            # Asked once a set: a token locks itself after a few wrong PINs.
            self._files, self._held = files, error
            raise

    def _with_others(self, loaded: Credentials) -> Credentials:
        others = load_others(self._folder / TRUSTED)
        if not others:
            return loaded
        return replace(loaded, anchors=TrustAnchors(own=loaded.anchors.own, others=others))


def rotate(folder: Path, source: Path, *, now: datetime, min_days: float = 0) -> Credentials:
    """Put a new key set into use, in one step, and keep believing what the old one signed.

    The old set stays in its folder; delete its key when nothing needs it any more.

    Args:
        folder: The keys folder.
        source: Where the new `chain.pem`, `anchors.pem` and `key.pem` (or `key.toml`) are.
        now: The present.
        min_days: For how many days the new chain must stay valid.

    Returns:
        The new set, as signing sees it from now on.

    Raises:
        CredentialsMissing: A file of the new set is not there.
        CredentialsInvalid: The new set does not fit together, or names another organisation, so
            that clips which are signed already would no longer read as made here.
        CredentialsExpired: The new chain is expired or not valid yet.
        CredentialsExpireSoon: It expires in fewer than `min_days` days.
        CredentialsExist: This set was put into use before.
        KeyUnavailable: The new key lies outside and cannot be used now.
    """
    new = credentials.load(source, now=now, min_days=min_days)
    old = _present(folder)
    if old is not None and old.organization != new.organization and not old.development:
        raise CredentialsInvalid(
            "the new certificate names another organisation than the one in use",
            field=CHAIN,
            limit=old.organization,
            actual=new.organization,
        )
    sets = folder / _SETS
    sets.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{new.not_before:%Y%m%d}-{new.serial[:12]}"
    if (sets / name).exists():
        raise CredentialsExist("this set was put into use before", field=CHAIN, actual=name)
    made = sets / f".{name}.{secrets.token_hex(4)}"
    made.mkdir(mode=0o700)
    try:
        _copy(keyfiles.read(source), made, old.anchors.own.encode() if old else b"")
        credentials.load(made, now=now, min_days=min_days)
        made.rename(sets / name)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    _sync(sets)
    _turn(folder / SIGNING, Path(_SETS) / name)
    return credentials.load(folder, now=now, min_days=min_days)


def _present(folder: Path) -> Credentials | None:
    try:
        return credentials.load(folder, for_signing=False)
    except CredentialsMissing:
        if credentials.present(folder):
            raise
        return None


def _copy(files: KeyFiles, to: Path, old_anchors: bytes) -> None:
    anchors = dict.fromkeys(parse_anchors(files.anchors, ANCHORS))
    if old_anchors:
        anchors.update(dict.fromkeys(parse_anchors(old_anchors, ANCHORS)))
    joined = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in anchors)
    keyfiles.write_new(to / CHAIN, files.chain, 0o644)
    keyfiles.write_new(to / ANCHORS, joined, 0o644)
    for name, data in ((KEY, files.key), (KEY_FILE, files.place), (PIN, files.pin)):
        if data is not None:
            keyfiles.write_new(to / name, data, 0o600)


def _turn(link: Path, to: Path) -> None:
    """Let a link lead elsewhere, in one step."""
    if link.exists() and not link.is_symlink():
        raise CredentialsInvalid(f"{SIGNING} is no link, so it is not replaced", field=SIGNING)
    fresh = link.with_name(f".{link.name}.{secrets.token_hex(4)}")
    fresh.symlink_to(to)
    fresh.replace(link)
    _sync(link.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
