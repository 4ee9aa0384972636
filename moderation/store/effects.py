"""State changes that stand or fall with the leaf of the log that tells of them.

A store does not write by itself: it makes an `Effect`, and `AuditLog.append` runs it inside the
transaction that appends the leaf. Either both become durable or neither does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Leaf:
    """The leaf that an effect belongs to, as it will stand in the log.

    Attributes:
        index: Place in the log, from 0.
        hash: RFC 6962 leaf hash, 64 hex digits.
        subject_key: Pseudonymous id of the subject's key, or "" when the leaf has no subject.
    """

    index: int
    hash: str
    subject_key: str


Effect = Callable[[Connection, Leaf], T]
"""Runs inside the transaction of the leaf; must not commit, roll back or block on anything else.

An exception undoes what this effect wrote, appends no leaf, and reaches the caller of `append`.
"""


def together(*effects: Effect[object]) -> Effect[tuple[object, ...]]:
    """Join several effects into one that runs them in order and gives all their results."""

    def run(connection: Connection, leaf: Leaf) -> tuple[object, ...]:
        return tuple(effect(connection, leaf) for effect in effects)

    return run
