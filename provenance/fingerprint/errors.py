"""Why a hash list or a fingerprint is refused."""

from __future__ import annotations

from media.errors import FramegateError, InvalidInput


class HashListMalformed(InvalidInput):
    """A line of a hash list is not of the form that the list is said to have."""

    code = "INVALID_ARGUMENT"
    reason = "HASH_LIST_MALFORMED"


class FingerprintExists(FramegateError):
    """A fingerprint of this clip was registered before."""

    code = "ALREADY_EXISTS"
    reason = "FINGERPRINT_EXISTS"


class HashUnknown(FramegateError):
    """There is no entry of this id in the hash list."""

    code = "NOT_FOUND"
    reason = "HASH_UNKNOWN"


class HashListUnknown(FramegateError):
    """There is no hash list of this name."""

    code = "NOT_FOUND"
    reason = "HASH_LIST_UNKNOWN"


class HashListChanged(FramegateError):
    """A hash list was replaced while it was read."""

    code = "ABORTED"
    reason = "HASH_LIST_CHANGED"
    retryable = True


class FingerprintDamaged(FramegateError):
    """A stored fingerprint cannot be read back."""

    code = "DATA_LOSS"
    reason = "FINGERPRINT_DAMAGED"
