"""Secret keys of the watermark, and what becomes of old and leaked ones."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from media.errors import InvalidInput
from provenance.watermark.errors import WatermarkKeyRetired

SECRET_BYTES: Final = 32
"""Length of a key's secret."""

ALGORITHM: Final = "org.framegate.watermark.1"
"""Name of this watermark in soft bindings; another way of spreading gets another name."""

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
_PURPOSE = ALGORITHM.encode() + b"/"


class KeyState(StrEnum):
    """What a key may still be used for.

    A retired key marks nothing new, and what it marked counts as before. Whoever has a leaked key
    can put a code that he has read on any clip: what is found with it proves nothing any more.
    """

    ACTIVE = "active"
    RETIRED = "retired"
    LEAKED = "leaked"


@dataclass(frozen=True, slots=True)
class WatermarkKey:
    """A secret that all chips of a watermark follow from.

    Attributes:
        id: Name of the key, for manifests and logs: 1 to 64 of a-z, 0-9, ".", "_" and "-".
        secret: 32 bytes; never shown by `repr`.
        state: What it may be used for.

    Raises:
        InvalidInput: The id or the length of the secret is unfit; it names the field.
    """

    id: str
    secret: bytes = field(repr=False)
    state: KeyState = KeyState.ACTIVE

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise InvalidInput(
                "the id of a watermark key has 1 to 64 of a-z, 0-9, '.', '_' and '-'",
                field="watermark_key.id",
                actual=self.id[:64],
            )
        if len(self.secret) != SECRET_BYTES:
            raise InvalidInput(
                "the secret of a watermark key has 32 bytes",
                field="watermark_key.secret",
                limit=SECRET_BYTES,
                actual=len(self.secret),
            )

    @classmethod
    def new(cls, key_id: str) -> WatermarkKey:
        """Make a key with a secret of the operating system's generator."""
        return cls(key_id, secrets.token_bytes(SECRET_BYTES))

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose (HMAC-SHA-256): none tells of the secret or another."""
        return hmac.digest(self.secret, _PURPOSE + purpose.encode(), "sha256")

    def check_active(self) -> None:
        """Refuse to mark with it.

        Raises:
            WatermarkKeyRetired: It is not active.
        """
        if self.state is not KeyState.ACTIVE:
            raise WatermarkKeyRetired(
                f"the watermark key is {self.state}; nothing is marked with it any more",
                field="watermark_key.state",
                actual=self.state.value,
            )
