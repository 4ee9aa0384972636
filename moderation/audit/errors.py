"""What can go wrong with the record."""

from __future__ import annotations

from media.errors import FramegateError, InvalidInput


class AuditUnavailable(FramegateError):
    """The log could not be written, so there is no verdict.

    The leaf is normally not there. Only when a connection broke during the commit itself it may
    be: the log then tells of an answer that nobody received, which is the safe way round.
    """

    code = "UNAVAILABLE"
    reason = "AUDIT_UNAVAILABLE"
    retryable = True


class AuditEntryInvalid(FramegateError):
    """An entry that may not become a leaf; a fault of the caller inside the house."""

    code = "INTERNAL"
    reason = "AUDIT_ENTRY_INVALID"


class LogCorrupt(FramegateError):
    """The stored log contradicts itself or a checkpoint that was signed before."""

    code = "DATA_LOSS"
    reason = "LOG_CORRUPT"


class NotInLog(InvalidInput):
    """An index or size beyond the end of the log."""

    code = "OUT_OF_RANGE"
    reason = "NOT_IN_LOG"


class CheckpointInvalid(InvalidInput):
    """A checkpoint that is malformed, of another log, or not signed by the expected key."""

    reason = "CHECKPOINT_INVALID"
