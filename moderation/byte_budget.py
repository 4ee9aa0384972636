"""A bound on how many bytes of clips are worked on at the same time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class ByteBudget:
    """Lets work begin while the bytes that it needs fit. For one event loop.

    Whoever waits longest goes first, so that a large clip is not passed by small ones for ever. A
    clip that is larger than the whole budget is worked on alone.

    Args:
        limit_bytes: How much may be at work at once.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._held_bytes = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    @property
    def held_bytes(self) -> int:
        """Bytes at work now."""
        return self._held_bytes

    @asynccontextmanager
    async def hold(self, size_bytes: int) -> AsyncIterator[None]:
        """Hold so many bytes until the block is left; waits until they fit."""
        size_bytes = min(size_bytes, self._limit_bytes)
        await self._take(size_bytes)
        try:
            yield
        finally:
            self._give_back(size_bytes)

    async def _take(self, size_bytes: int) -> None:
        if not size_bytes or (not self._waiting and self._fits(size_bytes)):
            self._held_bytes += size_bytes
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((size_bytes, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back(size_bytes)
            else:
                self._waiting.remove((size_bytes, turn))
                self._let_in()
            raise

    def _give_back(self, size_bytes: int) -> None:
        self._held_bytes -= size_bytes
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._fits(self._waiting[0][0]):
            size_bytes, turn = self._waiting.popleft()
            self._held_bytes += size_bytes
            turn.set_result(None)

    def _fits(self, size_bytes: int) -> bool:
        return self._held_bytes + size_bytes <= self._limit_bytes
