"""Values out of JSON that a stranger wrote: nothing is taken for granted, all text is cleaned."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

_MAX_CHARS = 200
_MAX_ITEMS = 64
_EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}")


def cleaned(text: str) -> str:
    """Return text fit to be shown: one line, at most 200 characters, no mail addresses."""
    shown = "".join(char if char.isprintable() else " " for char in text[: 4 * _MAX_CHARS])
    return _EMAIL.sub("[address]", shown).strip()[:_MAX_CHARS]


def text(value: object) -> str:
    """Return a string, cleaned; "" for anything else."""
    return cleaned(value) if isinstance(value, str) else ""


def mapping(value: object) -> dict[str, Any]:
    """Return an object as it is; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> list[dict[str, Any]]:
    """Return the objects among the first 64 items of a list; none for anything else."""
    items = value[:_MAX_ITEMS] if isinstance(value, list) else []
    return [item for item in items if isinstance(item, dict)]


def time_ms(value: object) -> int | None:
    """Parse an ISO 8601 time with its zone into milliseconds since 1970."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return round(moment.timestamp() * 1000) if moment.tzinfo is not None else None
