from __future__ import annotations

import asyncio

import pytest

from moderation.byte_budget import ByteBudget


class Worker:
    """Holds bytes until it is told to go."""

    def __init__(self, budget: ByteBudget, size_bytes: int) -> None:
        self._go = asyncio.Event()
        self.began = asyncio.Event()
        self.task = asyncio.create_task(self._run(budget, size_bytes))

    async def _run(self, budget: ByteBudget, size_bytes: int) -> None:
        async with budget.hold(size_bytes):
            self.began.set()
            await self._go.wait()

    async def end(self) -> None:
        self._go.set()
        await self.task


async def _settle() -> None:
    """Let every task run as far as it can without something from outside."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_does_not_fit_waits_and_nobody_passes_it() -> None:
    budget = ByteBudget(100)
    first, large, small = Worker(budget, 60), Worker(budget, 50), Worker(budget, 10)
    await _settle()
    assert first.began.is_set()
    assert not large.began.is_set()
    assert not small.began.is_set(), "a small one must not starve the large one before it"
    await first.end()
    await asyncio.wait_for(asyncio.gather(large.began.wait(), small.began.wait()), 1)
    assert budget.held_bytes == 60
    await large.end()
    await small.end()
    assert budget.held_bytes == 0


async def test_one_above_the_limit_works_alone() -> None:
    budget = ByteBudget(100)
    first, huge = Worker(budget, 1), Worker(budget, 1000)
    await _settle()
    assert not huge.began.is_set()
    await first.end()
    await asyncio.wait_for(huge.began.wait(), 1)
    other = Worker(budget, 1)
    await _settle()
    assert not other.began.is_set()
    await huge.end()
    await asyncio.wait_for(other.began.wait(), 1)
    await other.end()


async def test_work_without_bytes_never_waits() -> None:
    budget = ByteBudget(10)
    first, second = Worker(budget, 10), Worker(budget, 10)
    nothing = Worker(budget, 0)
    await asyncio.wait_for(nothing.began.wait(), 1)
    for worker in (first, second, nothing):
        await worker.end()


@pytest.mark.parametrize("let_in_first", [False, True])
async def test_who_gives_up_waiting_holds_nothing(*, let_in_first: bool) -> None:
    budget = ByteBudget(10)
    first, waiting, last = Worker(budget, 10), Worker(budget, 10), Worker(budget, 10)
    await _settle()
    if let_in_first:
        # Its turn and its cancellation come in the same step of the loop.
        first._go.set()
        await asyncio.sleep(0)
    waiting.task.cancel()
    await asyncio.gather(waiting.task, return_exceptions=True)
    await first.end()
    await asyncio.wait_for(last.began.wait(), 1)
    await last.end()
    assert budget.held_bytes == 0
