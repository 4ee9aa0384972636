"""Admission: how much work may wait, counted in estimated milliseconds and not in calls.

A call that would wait too long is refused at once and told when to come back; nothing waits
silently and nothing is allowed because the house is full.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from media.errors import FramegateError

# Estimates on one core; only their proportion to the queues' limits matters. The prompt model reads
# in windows, so its cost grows with the length. A clip of 5 Mb/s at 720p is decoded and classified
# at about 10 times its speed.
_PROMPT_MS = 6.0
_PROMPT_MS_PER_CHAR = 0.065
# How many readings of a prompt its explanation takes, about, and the longest stretch that it reads.
_EXPLANATION_PASSES = 12
_EXPLANATION_CHARS = 400
_CLIP_MS = 400.0
_REVIEW_MS_PER_BYTE = 160e-6
_SIGN_MS_PER_BYTE = 60e-6
_MARK_MS_PER_BYTE = 2000e-6


def prompt_ms(chars: int) -> float:
    """About how long a prompt of so many characters takes, in milliseconds."""
    return _PROMPT_MS + _PROMPT_MS_PER_CHAR * chars


def explanation_ms(chars: int) -> float:
    """About how long naming the words behind a finding takes in a text of so many characters."""
    stretch = prompt_ms(min(chars, _EXPLANATION_CHARS))
    whole = 2 * prompt_ms(chars) if chars > _EXPLANATION_CHARS else 0.0
    return _EXPLANATION_PASSES * stretch + whole


def review_ms(size_bytes: int) -> float:
    """About how long the review of a clip takes, in milliseconds."""
    return _CLIP_MS + _REVIEW_MS_PER_BYTE * size_bytes


def sign_ms(size_bytes: int, *, marked: bool = False) -> float:
    """About how long the signing or the verification of a clip takes, in milliseconds.

    With a visible mark every picture is encoded again.
    """
    per_byte = _MARK_MS_PER_BYTE if marked else _SIGN_MS_PER_BYTE
    return _CLIP_MS + per_byte * size_bytes


class Overloaded(FramegateError):
    """The queue is full; the work was not taken."""

    code = "RESOURCE_EXHAUSTED"
    reason = "OVERLOADED"
    retryable = True


class DeadlineTooShort(FramegateError):
    """The caller's deadline would pass before the work could be done."""

    code = "DEADLINE_EXCEEDED"
    reason = "DEADLINE_TOO_SHORT"
    retryable = True


class Admission:
    """Counts the work of one lane. For use on one event loop; not thread-safe.

    Args:
        lane: Name in messages and metrics.
        limit_ms: Estimated milliseconds that may be waiting or running, per worker.
        workers: How many work at once.
    """

    def __init__(self, lane: str, *, limit_ms: int, workers: int) -> None:
        self.lane = lane
        self._limit_ms = limit_ms
        self._workers = workers
        self._waiting_ms = 0.0

    @property
    def waiting_ms(self) -> float:
        """Estimated milliseconds until a new call would begin."""
        return self._waiting_ms / self._workers

    @contextmanager
    def admit(self, estimate_ms: float, *, remaining_ms: float | None = None) -> Iterator[None]:
        """Hold a place for work of `estimate_ms` until the block is left.

        An idle lane takes any work that fits the deadline, however large.

        Raises:
            Overloaded: When what waits already is over the limit; carries `retry_after_ms`.
            DeadlineTooShort: When `remaining_ms` cannot hold the waiting and the work.
        """
        wait_ms = self.waiting_ms
        if wait_ms > 0 and wait_ms + estimate_ms > self._limit_ms:
            raise Overloaded(
                f"the {self.lane} lane has {wait_ms:.0f} ms of work waiting",
                field=self.lane,
                limit=self._limit_ms,
                actual=round(wait_ms),
                retry_after_ms=max(100, round(wait_ms + estimate_ms - self._limit_ms)),
            )
        if remaining_ms is not None and wait_ms > remaining_ms:
            raise DeadlineTooShort(
                f"the {self.lane} lane would begin after the deadline",
                field="deadline",
                limit=round(remaining_ms),
                actual=round(wait_ms),
                retry_after_ms=max(100, round(wait_ms)),
            )
        with self.hold(estimate_ms):
            yield

    @contextmanager
    def hold(self, estimate_ms: float) -> Iterator[None]:
        """Hold a place until the block is left, for work that belongs to what was admitted."""
        self._waiting_ms += estimate_ms
        try:
            yield
        finally:
            self._waiting_ms -= estimate_ms
