from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from moderation.audit.bundle import export, verify
from moderation.audit.checkpoint import LogKey, VerifierKey
from moderation.audit.errors import AuditUnavailable
from moderation.audit.inspection import inspect
from moderation.store.effects import Leaf
from tests.moderation.databases import Home, empty_home, entry

ROOT = Path(__file__).resolve().parents[3]


def _start(home: Home, count: int) -> subprocess.Popen[bytes]:
    module = "tests.moderation.audit.appender"
    return subprocess.Popen(
        [sys.executable, "-m", module, home.url, str(home.keys), str(count)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )


def _acknowledged(lines: list[bytes]) -> dict[int, str]:
    pairs = [line.decode().split() for line in lines if line.endswith(b"\n")]
    assert len({index for index, _ in pairs}) == len(pairs)
    return {int(index): hashed for index, hashed in pairs}


def test_what_was_acknowledged_survives_kill_9(home: Home, tmp_path: Path) -> None:
    acknowledged: dict[int, str] = {}
    for _ in range(3):
        with _start(home, 0) as child:
            assert child.stdout is not None
            lines = [child.stdout.readline() for _ in range(200)]
            child.send_signal(signal.SIGKILL)
            lines += child.stdout.readlines()
        acknowledged |= _acknowledged(lines)
    with home.log() as log:
        stored = {
            leaf.index: leaf.hash.hex()
            for start in range(0, log.size, 1000)
            for leaf in log.entries(start, 1000)
        }
        assert len(acknowledged) >= 600
        assert acknowledged.items() <= stored.items()
        assert inspect(log.engine, log.verifier).ok
        assert log.payload(max(acknowledged)) == b"payload"
        export(log, tmp_path / "bundle", with_payloads=True)
        report = verify(tmp_path / "bundle", log.verifier)
        assert report.ok, report.problems
        assert report.payload_count == log.size


def test_two_processes_append_at_once(home: Home) -> None:
    with _start(home, 150) as one, _start(home, 150) as two:
        assert one.stdout is not None
        assert two.stdout is not None
        taken = [_acknowledged(child.stdout.readlines()) for child in (one, two) if child.stdout]
    assert (one.returncode, two.returncode) == (0, 0)
    both = taken[0] | taken[1]
    assert sorted(both) == list(range(300))
    with home.log() as log:
        assert {leaf.index: leaf.hash.hex() for leaf in log.entries(0, 1000)} == both
        assert inspect(log.engine, log.verifier).ok
        keys = {leaf.document.subject_key for leaf in log.entries(0, 1000) if leaf.document}
        assert len(keys) == 1


@pytest.fixture
def sqlite_home(tmp_path: Path) -> object:
    with empty_home("sqlite", tmp_path) as home:
        yield home


async def test_a_full_disk_fails_the_commit_and_loses_nothing(sqlite_home: Home) -> None:
    def no_more_pages(connection: Connection, _leaf: Leaf) -> None:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))

    def more_pages(connection: Connection, _leaf: Leaf) -> None:
        connection.execute(text("PRAGMA max_page_count = 1000000"))

    large = entry(details={"a": "x" * 60_000})
    with sqlite_home.log() as log:
        await log.append(entry(), effect=no_more_pages)
        results = await asyncio.gather(
            *(log.append(large) for _ in range(4)), return_exceptions=True
        )
        assert all(isinstance(item, AuditUnavailable) for item in results)
        assert log.size == 1
        assert (await log.append(entry(), effect=more_pages)).leaf_index == 1
        assert (await log.append(large)).leaf_index == 2
        assert inspect(log.engine, log.verifier).ok


def test_the_public_key_is_enough_to_verify(sqlite_home: Home, tmp_path: Path) -> None:
    """In a process that can import neither the database nor the log."""
    with sqlite_home.log() as log:
        log.append(entry(), payload=b"x").result()
        export(log, tmp_path / "bundle")
    key = VerifierKey.load(sqlite_home.keys / LogKey.VERIFIER_FILE)
    program = (
        "import sys; sys.modules['sqlalchemy'] = sys.modules['alembic'] = None\n"
        "from pathlib import Path\n"
        "from moderation.audit.verification import verify\n"
        "report = verify(Path(sys.argv[1]), sys.argv[2])\n"
        "assert report.ok and report.leaf_count == 1, report\n"
    )
    arguments = [sys.executable, "-c", program, str(tmp_path / "bundle"), str(key)]
    subprocess.run(arguments, check=True, cwd=ROOT)
