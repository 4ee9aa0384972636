"""What can go wrong between the gate and its durable state."""

from __future__ import annotations

from media.errors import FramegateError


class DatabaseUnavailable(FramegateError):
    """The database cannot be opened or did not answer."""

    code = "UNAVAILABLE"
    reason = "DATABASE_UNAVAILABLE"
    retryable = True


class DatabaseMismatch(FramegateError):
    """The database is not one that this program may write to."""

    code = "FAILED_PRECONDITION"
    reason = "DATABASE_MISMATCH"


class KeyUnusable(FramegateError):
    """A key file is missing, malformed, or readable by others."""

    code = "FAILED_PRECONDITION"
    reason = "KEY_UNUSABLE"


class SubjectUnknown(FramegateError):
    """No key is held for this subject: it was never seen, or it was erased."""

    code = "NOT_FOUND"
    reason = "SUBJECT_UNKNOWN"


class PayloadUnreadable(FramegateError):
    """The payload of a leaf cannot be opened any more, most often because it was erased."""

    code = "NOT_FOUND"
    reason = "PAYLOAD_UNREADABLE"


class ClipUnknown(FramegateError):
    """There is no clip of this id."""

    code = "NOT_FOUND"
    reason = "CLIP_UNKNOWN"


class ClipExists(FramegateError):
    """A clip of this id was received before."""

    code = "ALREADY_EXISTS"
    reason = "CLIP_EXISTS"


class ClipStateRefused(FramegateError):
    """The clip is not in a state from which this step is allowed."""

    code = "FAILED_PRECONDITION"
    reason = "CLIP_STATE"


class VerdictUnknown(FramegateError):
    """There is no prompt verdict of this id, or its subject was erased."""

    code = "NOT_FOUND"
    reason = "VERDICT_UNKNOWN"


class IdempotencyConflict(FramegateError):
    """The idempotency key was used before with a different request."""

    code = "ABORTED"
    reason = "IDEMPOTENCY_CONFLICT"


class IdempotencyInFlight(FramegateError):
    """The first call with this idempotency key is still being answered."""

    code = "ABORTED"
    reason = "IDEMPOTENCY_IN_FLIGHT"
    retryable = True


class DiskFull(FramegateError):
    """Too little room is left to take in more bytes."""

    code = "RESOURCE_EXHAUSTED"
    reason = "DISK_FULL"
    retryable = True


class BlobTooLarge(FramegateError):
    """More bytes came in than are allowed."""

    code = "INVALID_ARGUMENT"
    reason = "CLIP_TOO_LARGE"


class BlobMissing(FramegateError):
    """The bytes that a record names are not in the folder."""

    code = "DATA_LOSS"
    reason = "BLOB_MISSING"
