"""Wall time by stage, for the latency breakdown of a verdict."""

from __future__ import annotations

import time

from moderation.verdict import StageLatency


class Stopwatch:
    """Runs from its construction; not thread-safe."""

    def __init__(self) -> None:
        self._laps: list[StageLatency] = []
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """End the stage that has been running since the lap before."""
        now = time.perf_counter()
        self._laps.append(StageLatency(stage, (now - self._last) * 1000))
        self._last = now

    @property
    def laps(self) -> tuple[StageLatency, ...]:
        """All stages so far, in their order."""
        return tuple(self._laps)
