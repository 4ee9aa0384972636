"""What callers may send: the checks on ids, names and sizes, each naming its field and limit."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from media.errors import InvalidInput
from media.refusals import ClipTooLarge
from moderation.store.blobs import Incoming
from moderation.store.subjects import check_subject
from provenance.naming import check_name

MAX_KEY_CHARS = 128
_KEY = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class DigestMismatch(InvalidInput):
    """The bytes that came are not those that the header announced."""

    reason = "CLIP_DIGEST_MISMATCH"


class SizeMismatch(InvalidInput):
    """Fewer bytes came than the header announced."""

    reason = "CLIP_SIZE_MISMATCH"


@dataclass(frozen=True, slots=True)
class Call:
    """What a use case needs to know of the call that it serves.

    Attributes:
        request_id: Id of the call; it stands in the record.
        subject_id: The caller's pseudonym of the user, or "".
        idempotency_key: Or "".
        remaining_ms: Time until the caller's deadline, or None.

    Raises:
        InvalidInput: When an id is not of its form.
    """

    request_id: str
    subject_id: str = ""
    idempotency_key: str = ""
    remaining_ms: float | None = None

    def __post_init__(self) -> None:
        check_subject(self.subject_id)
        if self.idempotency_key and not _KEY.fullmatch(self.idempotency_key):
            raise InvalidInput(
                "an idempotency key is at most 128 characters of [A-Za-z0-9._:-]",
                field="idempotency_key",
                limit=MAX_KEY_CHARS,
                actual=len(self.idempotency_key),
            )


@dataclass(frozen=True, slots=True)
class ClipUpload:
    """What the header of an upload says.

    Attributes:
        size_bytes: Bytes that will come.
        sha256: Digest of them, 64 hex digits, or "".
        generator_name: What made the clip.
        generator_version: Its version.
        prompt_verdict_id: Verdict of the prompt that it was made from, or "".
    """

    size_bytes: int
    sha256: str
    generator_name: str
    generator_version: str
    prompt_verdict_id: str

    def check_bytes(self, size_bytes: int, sha256: str) -> None:
        """Hold what came against what was announced.

        Raises:
            SizeMismatch: When it is fewer bytes.
            DigestMismatch: When it is other bytes.
        """
        if size_bytes != self.size_bytes:
            raise SizeMismatch(
                "fewer bytes came than were announced",
                field="size_bytes",
                limit=self.size_bytes,
                actual=size_bytes,
            )
        if self.sha256 and sha256 != self.sha256:
            raise DigestMismatch("other bytes came than were announced", field="sha256")

    def check(self, max_bytes: int) -> None:
        """Refuse a header that cannot be served.

        Raises:
            InvalidInput: With the field and its limit.
        """
        if self.size_bytes > max_bytes:
            raise ClipTooLarge(
                f"a clip has at most {max_bytes} bytes",
                field="size_bytes",
                limit=max_bytes,
                actual=self.size_bytes,
            )
        if self.sha256 and not _SHA256.fullmatch(self.sha256):
            raise InvalidInput("sha256 is 64 lower-case hex digits", field="sha256", limit=64)
        check_name(self.generator_name, "generator.name", 100)
        check_name(self.generator_version, "generator.version", 50)


async def take_in(incoming: Incoming, upload: ClipUpload, chunks: AsyncIterator[bytes]) -> None:
    """Write the chunks of an upload and hold them against what was announced.

    Raises:
        InvalidInput: When they are more, fewer or other bytes.
        DiskFull: When there is no room for them.
    """
    async for chunk in chunks:
        await asyncio.to_thread(incoming.write, chunk)
    upload.check_bytes(incoming.size_bytes, incoming.sha256)
