"""Erase a subject: destroy its key, remove what is stored about it, and say so in the log.

Leaves stay, since they hold no personal data, and every proof made before still verifies.
Ciphertexts stay as well and nobody can read them. Clips are not touched: they are found through
their own records and recalled or deleted there.
"""

from __future__ import annotations

from dataclasses import dataclass

from moderation.audit.entry import AuditEntry
from moderation.audit.log import AuditLog
from moderation.audit.writer import Receipt
from moderation.store.database import reading, scrub
from moderation.store.subjects import (
    Forgotten,
    check_subject,
    find_subject,
    forget,
    payload_subject,
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure did.

    Attributes:
        receipt: The `subject.erased` leaf; its result counts what was made unreadable.
        subject_key: Id of the key that was destroyed.
        scrubbed: Whether the old bytes were also removed from the database's own write-ahead
            file; False when another process kept a transaction open. `scrub` may be repeated.
    """

    receipt: Receipt[Forgotten]
    subject_key: str
    scrubbed: bool


def erase_subject(
    log: AuditLog, subject: str, *, time_ms: int, request_id: str = "", actor: str = ""
) -> Erasure:
    """Erase everything that was recorded under a caller's pseudonym; blocks until durable.

    A subject that comes back later starts again with a new key.

    Raises:
        InvalidInput: If the pseudonym is malformed.
        SubjectUnknown: If no key is held for it.
        AuditUnavailable: If the log cannot be written; then nothing was erased.
    """
    check_subject(subject)
    with reading(log.engine) as connection:
        key_id = find_subject(connection, log.master, subject)
    return _erase(log, key_id, time_ms, request_id, actor)


def erase_payload(
    log: AuditLog, leaf_index: int, *, time_ms: int, request_id: str = "", actor: str = ""
) -> Erasure:
    """Erase the subject that the payload of a leaf belongs to.

    For a payload that came without a subject this is that payload alone.

    Raises:
        PayloadUnreadable: If the leaf has no payload.
        SubjectUnknown: If its key was destroyed already.
        AuditUnavailable: If the log cannot be written; then nothing was erased.
    """
    with reading(log.engine) as connection:
        key_id = payload_subject(connection, leaf_index)
    return _erase(log, key_id, time_ms, request_id, actor)


def _erase(log: AuditLog, key_id: str, time_ms: int, request_id: str, actor: str) -> Erasure:
    entry = AuditEntry(
        event="subject.erased",
        time_ms=time_ms,
        request_id=request_id,
        actor=actor,
        subject_key=key_id,
    )
    receipt = log.append(entry, effect=forget(key_id, time_ms)).result()
    return Erasure(receipt, key_id, scrub(log.engine))
