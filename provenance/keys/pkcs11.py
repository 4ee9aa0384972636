"""Signing with a key in a PKCS#11 token (an HSM, a smart card, SoftHSM).

Needs the optional package `python-pkcs11` (`pip install framegate[pkcs11]`). The key stays in the
token: a digest goes in, a signature comes out (mechanism CKM_ECDSA, PKCS#11 3.1 section 6.3).

A process is logged in to a token once and for all its sessions, and closing the session that
logged in logs all of them out. So there is one session a token, for all of its keys.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

from provenance.errors import CredentialsInvalid, KeyUnavailable

_FIELD = "key.toml"
_sessions: dict[tuple[str, str], Any] = {}
_lock = threading.Lock()  # a session does one thing at a time


class Pkcs11Key:
    """An EC P-256 private key of a token. Thread-safe: one signature at a time in a process.

    Args:
        module: Path of the vendor's PKCS#11 library.
        token: Label of the token.
        label: Label of the private key.
        pin: The user's PIN; not looked at if this process is logged in to the token already.

    Raises:
        CredentialsInvalid: The library or `python-pkcs11` is not there, or the PIN is wrong.
        KeyUnavailable: The token or the key is not there.
    """

    def __init__(self, module: str, *, token: str, label: str, pin: str) -> None:
        self._api = _api()
        self._place = (module, token)
        if not Path(module).is_file():
            raise CredentialsInvalid(
                "the PKCS#11 module that key.toml names is not there", field=_FIELD
            )
        with _lock:
            try:
                if self._place not in _sessions:
                    slot = self._api.lib(module).get_token(token_label=token)
                    _sessions[self._place] = slot.open(user_pin=pin)
                self._key = _sessions[self._place].get_key(
                    object_class=self._api.ObjectClass.PRIVATE_KEY,
                    key_type=self._api.KeyType.EC,
                    label=label,
                )
            except (self._api.PinIncorrect, self._api.PinLenRange) as error:
                # No second try by itself: a token locks after a few.
                raise CredentialsInvalid("the token refuses the PIN", field=_FIELD) from error
            except self._api.PKCS11Error as error:
                raise self._unavailable(error) from error

    def sign(self, data: bytes) -> bytes:
        """Sign bytes with ECDSA over their SHA-256; the answer is r and s, 32 bytes each.

        Raises:
            KeyUnavailable: The token does not answer; make the object anew.
        """
        with _lock:
            try:
                signature: bytes = self._key.sign(
                    hashlib.sha256(data).digest(), mechanism=self._api.Mechanism.ECDSA
                )
            except self._api.PKCS11Error as error:
                raise self._unavailable(error) from error
        return signature

    def _unavailable(self, error: Exception) -> KeyUnavailable:
        """Leave the token, so that whoever comes next begins anew."""
        session = _sessions.pop(self._place, None)
        if session is not None:
            with contextlib.suppress(self._api.PKCS11Error):
                session.close()
        return KeyUnavailable(
            f"the token or its key cannot be used now ({type(error).__name__})", field=_FIELD
        )


def _api() -> ModuleType:
    try:
        return importlib.import_module("pkcs11")
    except ImportError as error:
        raise CredentialsInvalid(
            "key.toml asks for a PKCS#11 token, which needs the package python-pkcs11 "
            "(pip install framegate[pkcs11])",
            field=_FIELD,
        ) from error
