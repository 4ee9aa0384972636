"""Signing a clip: checked whole, signed into a temporary file, verified there, then renamed.

Nothing is ever at the target but a clip that verifies as trusted by our own anchors.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from media.errors import Cancelled
from media.limits import MediaLimits
from media.probe import probe
from media.whole import check_whole
from provenance import containers, engine, ingredients, manifest
from provenance.errors import (
    ContainerNotSupported,
    SigningFailed,
    SourceConflict,
    SourceManifestUnreadable,
    SourceTooLarge,
)
from provenance.ingredients import ACCEPTED, Examined
from provenance.keys.credentials import Credentials
from provenance.manifest import Release
from provenance.reading import C2paReport, C2paState, read
from provenance.sources import Relation, Source, SourceReport
from provenance.timestamping.timestamps import Stamp, Stamper, Stamping, StampState
from provenance.trust import TrustAnchors

MAX_MANIFEST_BYTES: Final = 3 << 20
"""Largest manifest store that is written: one answer of the service can hold it."""


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
        kept_ingredients: How many sources had a manifest of their own, which was kept.
        stamp: What became of its time stamp.
        sources: What it was made from: the manifest that it came with first, then the sources
            of the request in their order.
    """

    sha256: str
    size_bytes: int
    media_type: str
    manifest_id: str
    manifest_bytes: bytes
    kept_ingredients: int
    stamp: Stamp
    sources: tuple[SourceReport, ...] = ()


def sign(
    source: Path,
    target: Path,
    release: Release,
    credentials: Credentials,
    *,
    original: Path | None = None,
    sources: Sequence[Source] = (),
    accepted: AbstractSet[C2paState] = ACCEPTED,
    limits: MediaLimits | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    stamper: Stamper | None = None,
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
        original: The clip as it came, where `source` was made from it (`provenance.preparation`):
            then its manifest is the one that is kept.
        sources: What the clip was made from. A clip that carries a manifest is its own parent.
        accepted: States of a source's own manifest with which the clip is signed; by default a
            tampered one is refused (`provenance.ingredients`).
        limits: What the clip, and each source, may cost to decode; the defaults of `MediaLimits`
            where None.
        should_stop: Asked once a packet while the clip is checked, and between the steps.
        stamper: Gets the time stamp; none where None. Without a stamp the clip reads as invalid
            once the signing certificate has expired.
        now: The present, against which the credentials are checked; the clock's where None.

    Returns:
        What was signed.

    Raises:
        ContainerNotSupported: The container (Matroska, WebM, MPEG-TS) cannot carry a manifest.
        ClipRefused: The clip cannot be decoded whole, or is above the limits.
        CredentialsExpired: The credentials are expired or not valid yet.
        SourceManifestUnreadable: The clip or a source has a manifest that cannot be kept.
        SourceRefused: The state of a source, or of the clip's own manifest, is not accepted.
        InvalidInput: A source is unfit, see `provenance.ingredients.examine_all`.
        TimestampUnavailable: No time-stamping authority answered, and a stamp is required.
        KeyUnavailable: The key lies outside and could not be used.
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
    made_from = _carried(original or source, credentials.anchors, accepted)
    _check_one_parent(made_from, sources)
    made_from += ingredients.examine_all(
        sources, credentials.anchors, accepted=accepted, limits=limits, should_stop=should_stop
    )
    definition = manifest.definition(
        release,
        provider=credentials.organization,
        media_type=media_type,
        sources=[one.report for one in made_from],
    )
    with _temporary_beside(target) as (stream, path):
        _stop_if(should_stop)

        def write(timestamp_url: str) -> bytes:
            stream.seek(0)
            stream.truncate()
            return _write(
                source, stream, media_type, definition, credentials, timestamp_url, made_from
            )

        manifest_bytes, stamp = (stamper or Stamper(Stamping())).stamped(write)
        stream.flush()
        os.fsync(stream.fileno())
        _stop_if(should_stop)
        found = _verify(path, credentials, release, made_from)
        if stamp.state is StampState.STAMPED and found.signed_ms is None:
            raise SigningFailed("the time stamp of the signed clip does not hold")
        signed = SignedClip(
            sha256=_sha256(path),
            size_bytes=path.stat().st_size,
            media_type=media_type,
            manifest_id=found.manifest_id,
            manifest_bytes=manifest_bytes,
            kept_ingredients=sum(one.report.manifest_id != "" for one in made_from),
            stamp=stamp,
            sources=tuple(one.report for one in made_from),
        )
        stream.close()  # nobody writes to what stands under a final name
        path.replace(target)
    _sync_folder(target.parent)
    return signed


def _carried(
    clip: Path, anchors: TrustAnchors, accepted: AbstractSet[C2paState]
) -> tuple[Examined, ...]:
    """Find the manifest that the clip itself came with: the clip is then its own parent."""
    source = Source(clip, Relation.PARENT, title="source clip")
    try:
        found = ingredients.examine(source, anchors, carried=True)
    except SourceManifestUnreadable as error:
        raise SourceManifestUnreadable(
            "the clip carries a manifest that cannot be read, or only a link to one", field="clip"
        ) from error
    if found.report.state is C2paState.ABSENT:
        return ()
    ingredients.check_accepted(found.report, accepted, "clip")
    return (found,)


def _check_one_parent(carried: tuple[Examined, ...], sources: Sequence[Source]) -> None:
    for number, source in enumerate(sources):
        if carried and source.relation is Relation.PARENT:
            raise SourceConflict(
                "the clip carries a manifest, which makes it its own parent; name this source as "
                "an input",
                field=f"sources[{number}]",
                actual=source.relation,
            )


def _write(
    source: Path,
    stream: BinaryIO,
    media_type: str,
    definition: dict[str, Any],
    credentials: Credentials,
    timestamp_url: str,
    made_from: Sequence[Examined],
) -> bytes:
    try:
        with source.open("rb") as clip:
            manifest_bytes = engine.write_signed(
                clip,
                stream,
                media_type,
                definition,
                ingredients=[
                    engine.IngredientFile(
                        one.path,
                        one.report.media_type,
                        manifest.ingredient(number, one.report, one.title),
                        one.thumbnail,
                    )
                    for number, one in enumerate(made_from)
                ],
                chain_pem=credentials.chain_pem,
                key=credentials.key,
                # What is recorded of a source holds for everybody who believes us. Recorded as
                # trusted by others whom a reader does not believe, it would count as changed
                # there, and cost our own signature its trust.
                anchors=TrustAnchors(own=credentials.anchors.own, tsa=credentials.anchors.tsa),
                timestamp_url=timestamp_url,
            )
    except engine.EngineError as error:
        raise SigningFailed(f"the clip could not be signed ({error.kind})", field="clip") from error
    if len(manifest_bytes) > MAX_MANIFEST_BYTES:
        raise SourceTooLarge(
            "with the manifests of its sources, the clip's manifest has too many bytes",
            field="sources",
            limit=MAX_MANIFEST_BYTES,
            actual=len(manifest_bytes),
        )
    return manifest_bytes


def _verify(
    path: Path, credentials: Credentials, release: Release, made_from: Sequence[Examined]
) -> C2paReport:
    """Read what was written as a stranger would who trusts nobody but us."""
    found = read(path, TrustAnchors(own=credentials.anchors.own))
    if found.state is not C2paState.TRUSTED:
        codes = ", ".join(reason.code for reason in found.reasons if reason.failure)
        raise SigningFailed("the signed clip does not verify", actual=codes or found.state)
    if found.clip_id != release.clip_id or not found.manifest_id:
        raise SigningFailed("the signed clip does not say what it was told to say")
    kept = [one.state is not C2paState.ABSENT for one in found.ingredients]
    if kept != [bool(one.report.manifest_id) for one in made_from]:
        raise SigningFailed("the signed clip does not hold the manifests of its sources")
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
