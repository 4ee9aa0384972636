"""A process of its own that appends and prints what was acknowledged: `index hash` a line.

Run as `python -m tests.moderation.audit.appender URL KEYS COUNT`; COUNT 0 never ends.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from pathlib import Path

from moderation.audit.checkpoint import LogKey
from moderation.audit.log import AuditLog
from moderation.store.database import open_database
from moderation.store.subjects import MasterKey
from tests.moderation.databases import entry

TASKS = 16


async def _append(log: AuditLog, numbers: itertools.count[int], count: int) -> None:
    while not count or next(numbers) < count:
        receipt = await log.append(entry(os.getpid()), payload=b"payload", subject="everybody")
        # One write a line, so that a kill cannot tear a line that was acknowledged.
        os.write(1, f"{receipt.leaf_index} {receipt.leaf_hash}\n".encode())


async def _main(url: str, keys: str, count: str) -> None:
    engine = open_database(url)
    log = AuditLog.open(engine, LogKey.load(Path(keys)), MasterKey.load(Path(keys)))
    numbers = itertools.count()
    await asyncio.gather(*(_append(log, numbers, int(count)) for _ in range(TASKS)))
    log.close()
    engine.dispose()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
