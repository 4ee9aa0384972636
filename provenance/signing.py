"""Signing a clip: checked whole, signed into a temporary file, verified there, then renamed.

Nothing is ever at the target but a clip that verifies as trusted by our own anchors.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from media.errors import Cancelled
from media.limits import MediaLimits
from media.probe import probe
from media.whole import check_whole
from provenance import containers, engine, manifest
from provenance.credentials import Credentials
from provenance.errors import (
    ContainerNotSupported,
    SigningFailed,
    SourceManifestUnreadable,
    TimestampUnavailable,
)
from provenance.manifest import Release
from provenance.reading import C2paReport, C2paState, read
from provenance.trust import TrustAnchors


@dataclass(frozen=True, slots=True)
class SignedClip:
    """What was signed.

    Attributes:
        sha256: Of the signed file, hex.
        size_bytes: Its size.
        media_type: Of its container.
        manifest_id: Id of the active manifest, `urn:c2pa:...`.
        manifest_bytes: The whole manifest store (`application/c2pa`), from which the manifest can
            be shown when it was stripped from a copy of the clip.
        kept_ingredients: How many manifests of the source were kept as ingredients, 0 or 1.
    """

    sha256: str
    size_bytes: int
    media_type: str
    manifest_id: str
    manifest_bytes: bytes
    kept_ingredients: int


def sign(
    source: Path,
    target: Path,
    release: Release,
    credentials: Credentials,
    *,
    limits: MediaLimits | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    timestamp_url: str = "",
    now: datetime | None = None,
) -> SignedClip:
    """Sign a clip after checking that it decodes whole.

    Runs in the caller's thread and takes the interpreter's lock often: give it a process of its
    own. Two calls for different targets do not disturb each other.

    Args:
        source: The clip; its container is told by its bytes.
        target: Where the signed clip goes; replaced in one step if it is there.
        release: What its manifest says.
        credentials: What it is signed with.
        limits: What the clip may cost to decode; the defaults of `MediaLimits` where None.
        should_stop: Asked once a packet while the clip is checked, and between the steps.
        timestamp_url: An RFC 3161 time-stamping authority; "" for none. Without a stamp the clip
            reads as invalid once the signing certificate has expired.
        now: The present, against which the credentials are checked; the clock's where None.

    Returns:
        What was signed.

    Raises:
        ContainerNotSupported: The container (Matroska, WebM, MPEG-TS) cannot carry a manifest.
        ClipRefused: The clip cannot be decoded whole, or is above the limits.
        CredentialsExpired: The credentials are expired or not valid yet.
        SourceManifestUnreadable: The clip has a manifest that cannot be kept.
        TimestampUnavailable: The time-stamping authority failed.
        SigningFailed: It could not be signed, or did not verify afterwards.
        Cancelled: `should_stop()` said so.
    """
    media_type = containers.media_type(source)
    if media_type not in containers.CARRIERS:
        raise ContainerNotSupported(
            "the clip's container cannot carry a manifest; use MP4",
            field="clip",
            limit=", ".join(sorted(containers.CARRIERS)),
            actual=media_type,
        )
    credentials.check_valid(now or datetime.now(UTC))
    check_whole(source, probe(source, limits), should_stop)
    has_parent = _has_manifest(source, media_type, credentials.anchors)
    definition = manifest.definition(
        release, provider=credentials.organization, media_type=media_type, has_parent=has_parent
    )
    with _temporary_beside(target) as (stream, path):
        _stop_if(should_stop)
        manifest_bytes = _write(
            source, stream, media_type, definition, credentials, timestamp_url, has_parent
        )
        stream.flush()
        os.fsync(stream.fileno())
        _stop_if(should_stop)
        found = _verify(path, credentials, release)
        signed = SignedClip(
            sha256=_sha256(path),
            size_bytes=path.stat().st_size,
            media_type=media_type,
            manifest_id=found.manifest_id,
            manifest_bytes=manifest_bytes,
            kept_ingredients=len(found.ingredients),
        )
        path.replace(target)
    _sync_folder(target.parent)
    return signed


def _has_manifest(source: Path, media_type: str, anchors: TrustAnchors) -> bool:
    try:
        return engine.read_store(source, media_type, anchors) is not None
    except engine.EngineError as error:
        raise SourceManifestUnreadable(
            "the clip carries a manifest that cannot be read, or only a link to one", field="clip"
        ) from error


def _write(
    source: Path,
    stream: BinaryIO,
    media_type: str,
    definition: dict[str, Any],
    credentials: Credentials,
    timestamp_url: str,
    has_parent: bool,  # noqa: FBT001 - private
) -> bytes:
    try:
        with source.open("rb") as clip:
            return engine.write_signed(
                clip,
                stream,
                media_type,
                definition,
                ingredient=manifest.parent_ingredient(media_type) if has_parent else None,
                chain_pem=credentials.chain_pem,
                key_pem=credentials.key_pem,
                anchors=credentials.anchors,
                timestamp_url=timestamp_url,
            )
    except engine.EngineError as error:
        if timestamp_url and error.kind == "Signature":
            # The chain and key were checked when they were loaded: what is left is the stamp.
            raise TimestampUnavailable("the time-stamping authority did not answer") from error
        raise SigningFailed(f"the clip could not be signed ({error.kind})", field="clip") from error


def _verify(path: Path, credentials: Credentials, release: Release) -> C2paReport:
    """Read what was written as a stranger would who trusts nobody but us."""
    found = read(path, TrustAnchors(own=credentials.anchors.own))
    if found.state is not C2paState.TRUSTED:
        codes = ", ".join(reason.code for reason in found.reasons if reason.failure)
        raise SigningFailed("the signed clip does not verify", actual=codes or found.state)
    if found.clip_id != release.clip_id or not found.manifest_id:
        raise SigningFailed("the signed clip does not say what it was told to say")
    return found


@contextlib.contextmanager
def _temporary_beside(target: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """Open a new file in the target's folder; it is gone afterwards unless it was renamed."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:64]}.", dir=target.parent)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            yield cast("BinaryIO", stream), path
    finally:
        path.unlink(missing_ok=True)


def _stop_if(should_stop: Callable[[], bool]) -> None:
    if should_stop():
        raise Cancelled("signing was stopped")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
