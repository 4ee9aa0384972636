"""The one place that talks to the C2PA library (c2pa-python, native code of c2pa-rs).

Everything is told to it explicitly: whom to trust, which certificate purposes count, that nothing
is fetched from the network and that no thumbnails are made. Its exceptions end here.

The library reads and writes through Python callbacks, each of which needs the interpreter's lock,
so two threads sign no faster than one: use processes, started with spawn.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import c2pa  # type: ignore[import-untyped]

from provenance.trust import TrustAnchors

OWN_ANCHORS: Final = "user_anchors"
"""What `trustListUri` says when a signature's chain ends in one of our own anchors."""

# claimSigning, documentSigning, emailProtection: without the list only the last one is accepted.
_PURPOSES = "1.3.6.1.4.1.62558.2.1\n1.3.6.1.5.5.7.3.36\n1.3.6.1.5.5.7.3.4"

# Above this the library keeps its copy of the clip in a temporary file instead of in memory
# (501 MB clip: 0.9 GB resident without, 0.54 GB with it).
_SPILL_MB = 16


class EngineError(Exception):
    """The library refused; the owner of the operation says what that means.

    Attributes:
        kind: Name of the library's error class, for instance `Signature`, `Io`, `Manifest`.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.kind = type(error).__name__.removeprefix("_C2pa")


class RemoteOnly(EngineError):
    """The file only points to a manifest elsewhere, which is not fetched."""


@dataclass(frozen=True, slots=True)
class Store:
    """A file's manifest store as the library validated it.

    Attributes:
        state: `Trusted`, `Valid` or `Invalid`.
        data: The library's JSON, parsed. Its strings come from whoever wrote the file.
    """

    state: str
    data: dict[str, Any]


@contextlib.contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except c2pa.C2paError as error:
        if "remote manifest" in str(error).lower():
            raise RemoteOnly(error) from error
        raise EngineError(error) from error


def _context(anchors: TrustAnchors) -> c2pa.Context:
    trust = {"trust_config": _PURPOSES}
    if anchors.own:
        trust["user_anchors"] = anchors.own
    if anchors.others:
        trust["trust_anchors"] = anchors.others
    return c2pa.Context.from_dict(
        {
            "trust": trust,
            "verify": {
                "remote_manifest_fetch": False,
                "ocsp_fetch": False,
                # Whoever signs reads the result with `read_store`, which is the same check.
                "verify_after_sign": False,
            },
            "core": {"backing_store_memory_threshold_in_mb": _SPILL_MB},
            "builder": {
                "thumbnail": {"enabled": False},
                # Otherwise the claim would only say that it was gathered from elsewhere.
                "created_assertion_labels": ["c2pa.ingredient"],
            },
        }
    )


def read_store(path: Path, media_type: str, anchors: TrustAnchors) -> Store | None:
    """Read and validate a file's manifest store.

    Args:
        path: The file.
        media_type: Of its container, see `provenance.containers`.
        anchors: Whom to trust.

    Returns:
        The store, or None if the file has none.

    Raises:
        RemoteOnly: The file points to a manifest elsewhere.
        EngineError: The file or its manifest cannot be parsed.
    """
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(path.open("rb"))
        stack.enter_context(_errors())
        context = stack.enter_context(_context(anchors))
        reader = c2pa.Reader.try_create(media_type, stream, context=context)
        if reader is None:
            return None
        stack.enter_context(reader)
        return Store(str(reader.get_validation_state()), json.loads(reader.json()))


def write_signed(
    source: BinaryIO,
    target: BinaryIO,
    media_type: str,
    definition: dict[str, Any],
    *,
    ingredient: dict[str, Any] | None,
    chain_pem: bytes,
    key_pem: bytes,
    anchors: TrustAnchors,
    timestamp_url: str = "",
) -> bytes:
    """Write a signed copy of a file. What is written is not verified here.

    Args:
        source: The file, opened for reading in binary.
        target: Opened for reading and writing in binary; left half-written on an error.
        media_type: Of both.
        definition: See `provenance.manifest.definition`.
        ingredient: Describes the source as an ingredient, if its manifest is to be kept.
        chain_pem: Leaf first.
        key_pem: The leaf's key, EC P-256.
        anchors: By whom the ingredient is judged.
        timestamp_url: An RFC 3161 authority that is asked for a time stamp; none where "".

    Returns:
        The manifest store as it was written.

    Raises:
        EngineError: It cannot be signed.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(_errors())
        context = stack.enter_context(_context(anchors))
        info = c2pa.C2paSignerInfo(
            b"es256", chain_pem, key_pem, timestamp_url.encode("ascii") or None
        )
        signer = stack.enter_context(c2pa.Signer.from_info(info))
        builder = stack.enter_context(c2pa.Builder(definition, context=context))
        if ingredient is not None:
            builder.add_ingredient(ingredient, media_type, source)
            source.seek(0)
        return bytes(builder.sign(signer, media_type, source, target))
