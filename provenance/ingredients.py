"""What a clip was made from: clips and pictures that a release names, examined before it is signed.

A source's own manifest is validated and kept whole in the new one. C2PA lets a broken source pass
into a manifest that verifies as trusted, with the finding written beside it; whether that may
happen is for the caller to say (`accepted`), and by default it may not.

| the source | its state | by default |
|---|---|---|
| signed by somebody who is believed, unchanged | `trusted` | taken |
| signed by a stranger, unchanged | `valid` | taken, and told as that |
| without a manifest | `absent` | taken |
| changed after it was signed, or its certificate expired | `invalid` | refused |
| with a manifest that cannot be read, or only a link to one | | always refused |
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from media.errors import Cancelled, FramegateError, InvalidInput
from media.limits import MediaLimits
from media.probe import probe
from media.refusals import ClipRefused, ClipTooLarge
from provenance import containers, engine, thumbnails
from provenance.errors import (
    SourceConflict,
    SourceEmpty,
    SourceManifestUnreadable,
    SourceNotSupported,
    SourceRefused,
    SourceTooLarge,
    SourceUnreadable,
    TooManySources,
)
from provenance.report import C2paState
from provenance.sources import Relation, Source, SourceReport
from provenance.summary import summarise
from provenance.trust import TrustAnchors

MAX_SOURCES: Final = 16
"""Most sources of one release."""

MAX_PICTURE_BYTES: Final = 64 << 20
"""Largest file of a still picture."""

MAX_PICTURE_PIXELS: Final = 64 << 20
"""Most pixels of a still picture."""

ACCEPTED: Final = frozenset({C2paState.TRUSTED, C2paState.VALID, C2paState.ABSENT})
"""States of a source that a clip may be made from, where nothing else is said."""

_HEAD_BYTES = 32
# They can be named, but there is no manifest in them that could be read.
_WITHOUT_MANIFEST = frozenset({containers.MATROSKA})


@dataclass(frozen=True, slots=True)
class Examined:
    """A source that may be written into a manifest.

    Attributes:
        path: The file.
        report: What was found.
        title: What readers see it called.
        thumbnail: JPEG, or b"".
    """

    path: Path
    report: SourceReport
    title: str
    thumbnail: bytes = field(default=b"", repr=False)


def media_type(path: Path) -> str:
    """Tell what a source is by its first bytes.

    Raises:
        SourceEmpty: There are none.
        SourceNotSupported: It is no clip and no picture of a kind that is known here.
        SourceUnreadable: It is no regular file.
    """
    if not path.is_file():
        raise SourceUnreadable("a source is no regular local file", field="source")
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if not head:
        raise SourceEmpty("a source has no bytes", field="source")
    if found := _picture(head):
        return found
    try:
        found = containers.media_type(path)
    except ClipRefused as error:
        raise _not_supported("") from error
    if found in containers.CARRIERS | _WITHOUT_MANIFEST:
        return found
    raise _not_supported(found)


def examine(
    source: Source,
    anchors: TrustAnchors,
    *,
    limits: MediaLimits | None = None,
    carried: bool = False,
) -> Examined:
    """Find out what a source is, decode it as far as it takes to know that it is one, validate it.

    Hostile files are expected here: call it in a process that may die.

    Args:
        source: The file.
        anchors: Whom to trust.
        limits: What it may cost if it is a clip; the defaults of `MediaLimits` where None.
        carried: It is the very clip that is released, which was looked at already.

    Raises:
        SourceEmpty, SourceNotSupported, SourceUnreadable, SourceTooLarge: By the file.
        SourceManifestUnreadable: It has a manifest that cannot be kept.
    """
    kind = media_type(source.path)
    picture = b"" if carried else _look(source, kind, limits or MediaLimits())
    with source.path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if source.sha256 and digest != source.sha256:
        raise SourceUnreadable("a source is not the file that it was", field="source")
    report = _validate(source, kind, digest, anchors)
    title = source.title or ("source picture" if kind in thumbnails.PICTURES else "source clip")
    return Examined(
        source.path,
        replace(report, carried=carried),
        title,
        picture if source.thumbnail else b"",
    )


def examine_all(
    sources: Sequence[Source],
    anchors: TrustAnchors,
    *,
    accepted: AbstractSet[C2paState] = ACCEPTED,
    limits: MediaLimits | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[Examined, ...]:
    """Examine all sources of a release; see `examine`.

    Args:
        sources: In the order in which they are told.
        anchors: Whom to trust.
        accepted: States of a source that the clip may be made from.
        limits: What each clip among them may cost.
        should_stop: Asked before each.

    Raises:
        TooManySources: There are more than 16.
        SourceConflict: Two are parents, or one is given twice.
        SourceRefused: The state of one is not accepted.
        Cancelled: `should_stop()` said so.
        FramegateError: As `examine`; `field` is `sources[n]`, counted from 0.
    """
    if len(sources) > MAX_SOURCES:
        raise TooManySources(
            "a release names too many sources",
            field="sources",
            limit=MAX_SOURCES,
            actual=len(sources),
        )
    if sum(source.relation is Relation.PARENT for source in sources) > 1:
        raise SourceConflict("a clip has at most one parent", field="sources", limit=1)
    found: list[Examined] = []
    for number, source in enumerate(sources):
        if should_stop():
            raise Cancelled("signing was stopped")
        place = f"sources[{number}]"
        try:
            one = examine(source, anchors, limits=limits)
        except InvalidInput as error:
            raise _at(place, error) from error
        if any(one.report.sha256 == other.report.sha256 for other in found):
            raise SourceConflict("a source is given twice", field=place)
        check_accepted(one.report, accepted, place)
        found.append(one)
    return tuple(found)


def check_accepted(report: SourceReport, accepted: AbstractSet[C2paState], place: str) -> None:
    """Hold a source against the policy.

    Raises:
        SourceRefused: Its state is not accepted; the message says why it has that state.
    """
    if report.state in accepted:
        return
    why = next((reason.code for reason in report.reasons if reason.failure), "")
    raise SourceRefused(
        f"the policy takes no source whose own credentials are {report.state}"
        + (f" ({why})" if why else ""),
        field=place,
        limit=", ".join(sorted(accepted)),
        actual=report.state,
    )


def _picture(head: bytes) -> str:
    if head[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[:6] in {b"GIF87a", b"GIF89a"}:
        return "image/gif"
    if head[4:8] == b"ftyp" and head[8:12] in {b"avif", b"avis"}:
        return "image/avif"
    return ""


def _not_supported(kind: str) -> SourceNotSupported:
    known = thumbnails.PICTURES | containers.CARRIERS | _WITHOUT_MANIFEST
    return SourceNotSupported(
        "a source is no clip and no picture of a kind that is known here",
        field="source",
        limit=", ".join(sorted(known)),
        actual=kind or None,
    )


def _look(source: Source, kind: str, limits: MediaLimits) -> bytes:
    """Decode a picture whole, or the beginning of a clip; a clip's packets are all read."""
    path = source.path
    if kind in thumbnails.PICTURES:
        size = path.stat().st_size
        if size > MAX_PICTURE_BYTES:
            raise SourceTooLarge(
                "a picture has too many bytes",
                field="source",
                limit=MAX_PICTURE_BYTES,
                actual=size,
            )
        return thumbnails.of_picture(path, kind, max_pixels=MAX_PICTURE_PIXELS)
    try:
        info = probe(path, limits)
        return thumbnails.of_clip(path, info)
    except ClipTooLarge as error:
        raise SourceTooLarge(
            error.message, field="source", limit=error.limit, actual=error.actual
        ) from error
    except ClipRefused as error:
        raise SourceUnreadable(
            f"a source clip cannot be read ({error.reason})",
            field="source",
            limit=error.limit,
            actual=error.actual,
        ) from error


def _validate(source: Source, kind: str, digest: str, anchors: TrustAnchors) -> SourceReport:
    absent = SourceReport(source.relation, kind, digest, C2paState.ABSENT)
    if kind in _WITHOUT_MANIFEST:
        return absent
    try:
        store = engine.read_store(source.path, kind, anchors)
    except engine.EngineError as error:
        raise SourceManifestUnreadable(
            "a source carries a manifest that cannot be read, or only a link to one, so that it "
            "could not be kept",
            field="source",
        ) from error
    if store is None:
        return absent
    found = summarise(store)
    return replace(
        absent,
        state=found.state,
        reasons=found.reasons,
        manifest_id=found.manifest_id,
        source_type=found.digital_source_type,
    )


def _at(place: str, error: FramegateError) -> FramegateError:
    """Say of which source an error is."""
    return type(error)(error.message, field=place, limit=error.limit, actual=error.actual)
