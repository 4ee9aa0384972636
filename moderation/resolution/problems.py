"""Errors as HTTP: a status, and a JSON object that says what is wrong and where."""

from __future__ import annotations

from typing import Any, Final

from media.errors import FramegateError

METHOD_REFUSED_STATUS: Final = 405
_BY_REASON: Final = {
    "BODY_TOO_LARGE": 413,
    "CLIP_NEEDS_TOO_MUCH_MEMORY": 413,
    "CLIP_NOT_VIDEO": 415,
    "CLIP_TOO_LARGE": 413,
    "DISK_FULL": 503,
    "LENGTH_MISSING": 411,
    "MEDIA_TYPE_REFUSED": 415,
    "METHOD_REFUSED": METHOD_REFUSED_STATUS,
    "NO_VIDEO_TRACK": 415,
    "QUERY_TOO_LONG": 414,
    "UPLOAD_STALLED": 408,
}
_BY_CODE: Final = {
    "CANCELLED": 503,
    "DEADLINE_EXCEEDED": 503,
    # Something of the house's own is missing or unfit.
    "FAILED_PRECONDITION": 503,
    "INVALID_ARGUMENT": 400,
    "NOT_FOUND": 404,
    "OUT_OF_RANGE": 400,
    "RESOURCE_EXHAUSTED": 429,
    "UNAUTHENTICATED": 401,
    "UNAVAILABLE": 503,
}
_FAULT: Final = 500
_ASKS_AGAIN: Final = frozenset({429, 503})


class PathUnknown(FramegateError):
    """The API has no such path."""

    code = "NOT_FOUND"
    reason = "PATH_UNKNOWN"


class MethodRefused(FramegateError):
    """The path does not take this method."""

    code = "UNIMPLEMENTED"
    reason = "METHOD_REFUSED"


class TokenRefused(FramegateError):
    """The request carries no bearer token, or a wrong one."""

    code = "UNAUTHENTICATED"
    reason = "TOKEN_REFUSED"


class Draining(FramegateError):
    """The server is told to stop, and the time for running requests is over."""

    code = "UNAVAILABLE"
    reason = "DRAINING"
    retryable = True


def status_of(error: FramegateError) -> int:
    """Return the HTTP status of an error."""
    return _BY_REASON.get(error.reason) or _BY_CODE.get(error.code, _FAULT)


def headers_of(error: FramegateError) -> dict[str, str]:
    """Return the headers that go with an error."""
    status = status_of(error)
    if isinstance(error, TokenRefused):
        return {"www-authenticate": "Bearer"}
    if status in _ASKS_AGAIN and error.retry_after_ms is not None:
        return {"retry-after": str(-(-error.retry_after_ms // 1000))}
    return {}


def document(error: FramegateError, request_id: str) -> dict[str, Any]:
    """Return the JSON object that tells of an error, in the words of the gRPC service."""
    told = {
        "code": error.code,
        "reason": error.reason,
        "message": error.message,
        "field": error.field,
        "limit": error.limit,
        "actual": error.actual,
        "retryable": error.retryable,
        "request_id": request_id,
    }
    return {"error": {name: value for name, value in told.items() if value not in ("", None)}}
