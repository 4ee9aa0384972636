"""What a name may be that goes into a manifest or a certificate, where everybody reads it."""

from __future__ import annotations

from media.errors import InvalidInput


def check_name(value: str, field: str, max_chars: int) -> str:
    """Return a name that is fit to be published.

    Args:
        value: The name.
        field: How the caller knows it.
        max_chars: The most characters (code points) that it may have.

    Raises:
        InvalidInput: It is empty, too long, begins or ends with a space, or has characters that
            are not printable (control, direction, surrogate, line separator).
    """
    if not value or value != value.strip():
        raise InvalidInput(f"{field} must not be empty or begin or end with a space", field=field)
    if len(value) > max_chars:
        raise InvalidInput(
            f"{field} is too long (characters)", field=field, limit=max_chars, actual=len(value)
        )
    if not value.isprintable():
        raise InvalidInput(f"{field} must not have control characters", field=field)
    return value
