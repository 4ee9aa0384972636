"""Clips and the states they pass through.

A clip changes its state only by an effect that runs with the leaf that tells of it, so the table
and the log cannot part. Which steps exist is data (`TRANSITIONS`); a step is refused when the
clip stands elsewhere than the caller believes, which also settles races between two callers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from moderation.store.effects import Effect, Leaf
from moderation.store.errors import ClipExists, ClipStateRefused, ClipUnknown
from moderation.store.schema import clips

MAX_LISTED = 1_000


class ClipState(StrEnum):
    """Where a clip stands."""

    RECEIVED = "received"
    REVIEWING = "reviewing"
    BLOCKED = "blocked"
    IN_REVIEW = "in_review"
    CLEARED = "cleared"
    RELEASED = "released"
    RECALLED = "recalled"


TRANSITIONS: Mapping[ClipState, frozenset[ClipState]] = {
    ClipState.RECEIVED: frozenset({ClipState.REVIEWING}),
    # Back to RECEIVED when a review was interrupted and starts again.
    ClipState.REVIEWING: frozenset(
        {ClipState.BLOCKED, ClipState.IN_REVIEW, ClipState.CLEARED, ClipState.RECEIVED}
    ),
    ClipState.IN_REVIEW: frozenset({ClipState.BLOCKED, ClipState.CLEARED}),
    ClipState.BLOCKED: frozenset(),
    # A cleared clip may be recalled before anybody has fetched it.
    ClipState.CLEARED: frozenset({ClipState.RELEASED, ClipState.RECALLED}),
    ClipState.RELEASED: frozenset({ClipState.RECALLED}),
    ClipState.RECALLED: frozenset(),
}
"""Every step that a clip may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipRecord:
    """What is known of a clip; its bytes lie in `moderation.store.blobs`.

    Attributes:
        clip_id: Our id, at most 64 characters.
        state: Where it stands.
        sha256: Of the bytes as received, 64 hex digits.
        size_bytes: Of the bytes as received.
        container: For instance `mp4`; "" until probed.
        duration_ms: Length; 0 until probed.
        created_ms: When it was received.
        updated_ms: When it took its last step.
        leaf_index: Leaf of its last step.
        caller: Who sent it, as the service knows callers; "" where it does not.
        subject_key: Id of the subject's key, or "".
        generator_name: What made the clip, as the caller says.
        generator_version: Its version.
        prompt_verdict_id: Verdict on the prompt that it was made from, or "".
        verdict_id: Verdict on the clip, "" until there is one.
        verdict: That verdict as the gate serialised it, b"" until there is one.
        signed_sha256: Of the marked and signed bytes, "" until released.
        signed_size_bytes: Of the marked and signed bytes.
        manifest_id: Of the C2PA manifest, "" until released.
        manifest: The manifest's bytes, kept for files that were stripped of it.
        reason: Why it was blocked or recalled, a stable identifier, or "".
        visible_mark: SHA-256 of the text that was burnt into it when it was released, or "".
    """

    clip_id: str
    state: ClipState = ClipState.RECEIVED
    sha256: str
    size_bytes: int
    container: str = ""
    duration_ms: int = 0
    created_ms: int
    updated_ms: int = 0
    leaf_index: int = 0
    caller: str = ""
    subject_key: str = ""
    generator_name: str = ""
    generator_version: str = ""
    prompt_verdict_id: str = ""
    verdict_id: str = ""
    verdict: bytes = b""
    signed_sha256: str = ""
    signed_size_bytes: int = 0
    manifest_id: str = ""
    manifest: bytes = b""
    reason: str = ""
    visible_mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipChange:
    """What a step learns about a clip; None leaves the record as it is. See `ClipRecord`."""

    container: str | None = None
    duration_ms: int | None = None
    verdict_id: str | None = None
    verdict: bytes | None = None
    signed_sha256: str | None = None
    signed_size_bytes: int | None = None
    manifest_id: str | None = None
    manifest: bytes | None = None
    reason: str | None = None
    visible_mark: str | None = None

    def values(self) -> dict[str, Any]:
        """Give what changes, by column."""
        pairs = ((item.name, getattr(self, item.name)) for item in fields(self))
        return {name: value for name, value in pairs if value is not None}


def receive(record: ClipRecord) -> Effect[ClipRecord]:
    """Make the effect that stores a new clip in state RECEIVED.

    `updated_ms`, `leaf_index` and, when the entry has a subject, `subject_key` are filled in.
    The effect raises ClipExists when the id is taken and ClipStateRefused for another state.
    """

    def run(connection: Connection, leaf: Leaf) -> ClipRecord:
        if record.state is not ClipState.RECEIVED:
            raise ClipStateRefused("a new clip is received first", actual=record.state.value)
        values = {item.name: getattr(record, item.name) for item in fields(record)}
        values["state"] = record.state.value
        values["updated_ms"] = record.created_ms
        values["leaf_index"] = leaf.index
        values["subject_key"] = record.subject_key or leaf.subject_key
        try:
            connection.execute(insert(clips).values(values))
        except IntegrityError as error:
            raise ClipExists("a clip of this id was received before", field="clip_id") from error
        return get(connection, record.clip_id)

    return run


def transition(
    clip_id: str,
    to: ClipState,
    *,
    at_ms: int,
    expected: Collection[ClipState] | None = None,
    change: ClipChange | None = None,
) -> Effect[ClipRecord]:
    """Make the effect that moves a clip to another state.

    Args:
        clip_id: The clip.
        to: The new state.
        at_ms: When, milliseconds since the epoch.
        expected: States that the caller believes it to be in; None for every state from which
            the step exists.
        change: What the step learns about the clip.

    Returns:
        An effect that gives the new record. It raises ClipUnknown when there is no such clip
        and ClipStateRefused when the step is not allowed from where the clip stands.
    """
    allowed = {state for state, targets in TRANSITIONS.items() if to in targets}
    if expected is not None:
        allowed &= set(expected)

    def run(connection: Connection, leaf: Leaf) -> ClipRecord:
        values = change.values() if change else {}
        moved = connection.execute(
            update(clips)
            .where(
                clips.c.clip_id == clip_id,
                clips.c.state.in_(sorted(state.value for state in allowed)),
            )
            .values(state=to.value, updated_ms=at_ms, leaf_index=leaf.index, **values)
        )
        record = get(connection, clip_id)
        if moved.rowcount != 1:
            raise ClipStateRefused(
                f"the clip is {record.state.value} and cannot become {to.value}",
                field="clip_id",
                limit=", ".join(sorted(state.value for state in allowed)),
                actual=record.state.value,
            )
        return record

    return run


def get(connection: Connection, clip_id: str) -> ClipRecord:
    """Read a clip.

    Raises:
        ClipUnknown: If there is none of this id.
    """
    row = connection.execute(select(clips).where(clips.c.clip_id == clip_id)).one_or_none()
    if row is None:
        raise ClipUnknown("there is no clip of this id", field="clip_id")
    return _record(row)


def find_by_content(connection: Connection, sha256: str) -> list[ClipRecord]:
    """Find clips whose received or signed bytes have this SHA-256, oldest first."""
    query = (
        select(clips)
        .where((clips.c.sha256 == sha256) | (clips.c.signed_sha256 == sha256))
        .order_by(clips.c.created_ms, clips.c.clip_id)
        .limit(MAX_LISTED)
    )
    return [_record(row) for row in connection.execute(query)]


def find_by_manifest(connection: Connection, manifest_id: str) -> ClipRecord:
    """Find the clip that was signed with this C2PA manifest.

    Raises:
        ClipUnknown: If there is none.
    """
    query = select(clips).where(clips.c.manifest_id == manifest_id).order_by(clips.c.created_ms)
    row = connection.execute(query.limit(1)).one_or_none() if manifest_id else None
    if row is None:
        raise ClipUnknown("there is no clip with this manifest", field="manifest_id")
    return _record(row)


def in_state(
    connection: Connection,
    states: Collection[ClipState],
    *,
    after: ClipRecord | None = None,
    limit: int = 100,
) -> list[ClipRecord]:
    """List clips in these states, oldest first.

    Args:
        connection: In a transaction.
        states: The states.
        after: Last clip of the page before, or None for the first page.
        limit: At most so many, up to 1000.
    """
    query = (
        select(clips)
        .where(clips.c.state.in_(sorted(state.value for state in states)))
        .order_by(clips.c.created_ms, clips.c.clip_id)
        .limit(min(max(limit, 0), MAX_LISTED))
    )
    if after is not None:
        query = query.where(
            tuple_(clips.c.created_ms, clips.c.clip_id) > (after.created_ms, after.clip_id)
        )
    return [_record(row) for row in connection.execute(query)]


def referenced_blobs(connection: Connection) -> frozenset[str]:
    """SHA-256 of every blob that some clip still needs; for the orphan sweep.

    The bytes as received are needed until a clip is released: from then on the signed file stands
    for it. Signed files are kept, also of recalled clips.
    """
    done = (ClipState.RELEASED.value, ClipState.RECALLED.value)
    received = select(clips.c.sha256).where(clips.c.state.not_in(done))
    signed = select(clips.c.signed_sha256).where(clips.c.signed_sha256 != "")
    return frozenset(connection.scalars(received.union(signed)))


def _record(row: Row[Any]) -> ClipRecord:
    values = dict(row._mapping)  # noqa: SLF001 - the public name of a row's mapping
    values["state"] = ClipState(values["state"])
    return ClipRecord(**values)
