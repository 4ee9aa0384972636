"""The one place that talks to the C2PA library (c2pa-python, native code of c2pa-rs).

Everything is told to it explicitly: whom to trust, which certificate purposes count, that nothing
is fetched from the network and that no thumbnails are made. Its exceptions end here.

The library reads and writes through Python callbacks, each of which needs the interpreter's lock,
so two threads sign no faster than one: use processes, started with spawn.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import c2pa  # type: ignore[import-untyped]

from provenance.keys.signers import PemKey, SigningKey
from provenance.trust import TrustAnchors

# claimSigning, documentSigning, emailProtection: without the list only the last one is accepted.
_PURPOSES = "1.3.6.1.4.1.62558.2.1\n1.3.6.1.5.5.7.3.36\n1.3.6.1.5.5.7.3.4"

# Above this the library keeps its copy of the clip in a temporary file instead of in memory
# (501 MB clip: 0.9 GB resident without, 0.54 GB with it).
_SPILL_MB = 16

_MAX_PICTURES = 64
_MAX_PICTURE_BYTES = 8 << 20


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
        pictures: Thumbnails by the identifiers in `data`, as they were written, if asked for.
    """

    state: str
    data: dict[str, Any]
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class IngredientFile:
    """A file that a manifest names as an ingredient; a manifest of its own is kept whole.

    Attributes:
        path: The file.
        media_type: Of its container.
        description: See `provenance.manifest.ingredient`.
        thumbnail: JPEG, or b"" for none.
    """

    path: Path
    media_type: str
    description: dict[str, Any]
    thumbnail: bytes = b""


@contextlib.contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except c2pa.C2paError as error:
        if "remote manifest" in str(error).lower():
            raise RemoteOnly(error) from error
        raise EngineError(error) from error


def _context(anchors: TrustAnchors, *, ask_revocation: bool = False) -> c2pa.Context:
    lists = [
        {"trust_anchors": pem, "trust_kind": "manifest", "trust_uri": name}
        for name, pem in anchors.groups()
    ]
    return c2pa.Context.from_dict(
        {
            "trust": {"trust_config": _PURPOSES, "anchors": lists},
            "verify": {
                "remote_manifest_fetch": False,
                "ocsp_fetch": ask_revocation,
                # Whoever signs reads the result with `read_store`, which is the same check.
                "verify_after_sign": False,
            },
            "core": {
                "backing_store_memory_threshold_in_mb": _SPILL_MB,
                # Addresses to ask come from certificates, so from strangers.
                "allowed_network_hosts": list(anchors.ocsp_hosts) if ask_revocation else None,
            },
            "builder": {
                "thumbnail": {"enabled": False},
                # Otherwise the claim would only say that it was gathered from elsewhere.
                "created_assertion_labels": ["c2pa.ingredient", "c2pa.thumbnail.ingredient"],
            },
        }
    )


def read_store(
    path: Path,
    media_type: str,
    anchors: TrustAnchors,
    *,
    ask_revocation: bool = False,
    pictures: bool = False,
) -> Store | None:
    """Read and validate a file's manifest store.

    Args:
        path: The file.
        media_type: Of its container, see `provenance.containers`.
        anchors: Whom to trust.
        ask_revocation: Ask the hosts that `anchors` allows whether the certificates were revoked.
            The library waits for them without a limit: call it where it can be stopped.
        pictures: Take out the thumbnails as well.

    Returns:
        The store, or None if the file has none.

    Raises:
        RemoteOnly: The file points to a manifest elsewhere.
        EngineError: The file or its manifest cannot be parsed.
    """
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(path.open("rb"))
        stack.enter_context(_errors())
        context = stack.enter_context(_context(anchors, ask_revocation=ask_revocation))
        reader = c2pa.Reader.try_create(media_type, stream, context=context)
        if reader is None:
            return None
        stack.enter_context(reader)
        data = json.loads(reader.json())
        found = dict(_pictures(reader, data)) if pictures else {}
        return Store(str(reader.get_validation_state()), data, found)


def _pictures(reader: c2pa.Reader, data: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield the thumbnails of all manifests and ingredients by the identifiers in the JSON."""
    manifests = list(data.get("manifests", {}).values())
    holders = manifests + [one for each in manifests for one in each.get("ingredients", ())]
    wanted = (holder.get("thumbnail", {}).get("identifier") for holder in holders)
    for identifier in list(dict.fromkeys(one for one in wanted if one))[:_MAX_PICTURES]:
        taken = io.BytesIO()
        # One that is not there costs that picture alone.
        with contextlib.suppress(c2pa.C2paError):
            reader.resource_to_stream(identifier, taken)
            if taken.tell() <= _MAX_PICTURE_BYTES:
                yield identifier, taken.getvalue()


def read_crjson(path: Path, media_type: str, anchors: TrustAnchors) -> dict[str, Any] | None:
    """Read and validate a file's manifest store as crJSON, the conformance programme's form.

    It is the library's whole account: everything that the signers wrote, personal data included.

    Args:
        path: The file.
        media_type: Of its container.
        anchors: Whom to trust.

    Returns:
        The document, or None if the file has no manifest.

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
        document: dict[str, Any] = json.loads(reader.crjson())
        return document


def write_signed(
    source: BinaryIO,
    target: BinaryIO,
    media_type: str,
    definition: dict[str, Any],
    *,
    ingredients: Sequence[IngredientFile],
    chain_pem: bytes,
    key: SigningKey,
    anchors: TrustAnchors,
    timestamp_url: str = "",
) -> bytes:
    """Write a signed copy of a file. What is written is not verified here.

    Args:
        source: The file, opened for reading in binary.
        target: Opened for reading and writing in binary; left half-written on an error.
        media_type: Of both.
        definition: See `provenance.manifest.definition`.
        ingredients: What the file was made from; the file itself among them if it carries a
            manifest that is to be kept.
        chain_pem: Leaf first.
        key: The leaf's, EC P-256, wherever it is.
        anchors: By whom the ingredients are judged.
        timestamp_url: An RFC 3161 authority that is asked for a time stamp; none where "".

    Returns:
        The manifest store as it was written.

    Raises:
        EngineError: It cannot be signed.
        FramegateError: The key lies outside and could not be used.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(_errors())
        context = stack.enter_context(_context(anchors))
        signer = stack.enter_context(_signer(stack, chain_pem, key, timestamp_url))
        builder = stack.enter_context(c2pa.Builder(definition, context=context))
        for number, ingredient in enumerate(ingredients):
            _add(builder, number, ingredient)
        return bytes(builder.sign(signer, media_type, source, target))


def _add(builder: c2pa.Builder, number: int, ingredient: IngredientFile) -> None:
    description = ingredient.description
    if ingredient.thumbnail:
        name = f"thumbnail-{number}.jpg"
        description = description | {"thumbnail": {"format": "image/jpeg", "identifier": name}}
        builder.add_resource(name, io.BytesIO(ingredient.thumbnail))
    with ingredient.path.open("rb") as stream:
        builder.add_ingredient(description, ingredient.media_type, stream)


def _signer(
    stack: contextlib.ExitStack, chain_pem: bytes, key: SigningKey, timestamp_url: str
) -> c2pa.Signer:
    if isinstance(key, PemKey):
        info = c2pa.C2paSignerInfo(
            b"es256", chain_pem, key.pem, timestamp_url.encode("ascii") or None
        )
        return c2pa.Signer.from_info(info)
    call = stack.enter_context(_KeyCall(key))
    return c2pa.Signer.from_callback(
        call.sign, c2pa.C2paSigningAlg.ES256, chain_pem.decode("ascii"), timestamp_url or None
    )


class _KeyCall:
    """Asks a key for the library, which swallows what a callback raises, and raises it later."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key
        self._error: Exception | None = None

    def sign(self, data: bytes) -> bytes:
        try:
            return self._key.sign(data)
        except Exception as error:  # noqa: BLE001 - raised again when the block is left
            self._error = error
            return b""  # the library takes that as a failure

    def __enter__(self) -> _KeyCall:
        return self

    def __exit__(self, *_: object) -> None:
        if self._error is not None:
            raise self._error
