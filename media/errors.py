"""The root of every error that Framegate raises on purpose.

It lives in the lowest package so that each of the others can raise it without an import loop.
An error carries its gRPC status as class data; one interceptor of the service turns it into
a status with details. A policy outcome is never an error (it is an answer).
"""

from __future__ import annotations

from typing import ClassVar


class FramegateError(Exception):
    """An error with a stable reason that a caller may act upon.

    Subclasses set the class data; instances carry what the caller needs to mend the input.
    The message is shown to callers, so it never holds a prompt, a name or a path.

    Attributes:
        code: Name of the gRPC status code.
        reason: Stable identifier in UPPER_SNAKE_CASE; it never changes its meaning.
        retryable: Whether the same call may succeed later without being changed.
        message: One sentence for the caller.
        field: The request field at fault, or "".
        limit: The limit that was passed, in the unit that its name says, or None.
        actual: What was found instead, or None.
        retry_after_ms: When to come back, in milliseconds, or None.
    """

    code: ClassVar[str] = "INTERNAL"
    reason: ClassVar[str] = "INTERNAL"
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        field: str = "",
        limit: float | str | None = None,
        actual: float | str | None = None,
        retry_after_ms: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.limit = limit
        self.actual = actual
        self.retry_after_ms = retry_after_ms


class InvalidInput(FramegateError):
    """A request that cannot be served as it is; repeating it unchanged will not help."""

    code = "INVALID_ARGUMENT"
    reason = "INVALID_INPUT"


class Cancelled(FramegateError):
    """The caller went away; the work was stopped on purpose."""

    code = "CANCELLED"
    reason = "CANCELLED"
