from __future__ import annotations

import base64
import json
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from moderation.audit import merkle
from moderation.audit.bundle import BundleReport, export, verify
from moderation.audit.checkpoint import LogKey, VerifierKey
from moderation.audit.errors import LogCorrupt, NotInLog
from moderation.audit.inspection import inspect
from moderation.audit.log import AuditLog
from moderation.audit.verification import FaultKind
from moderation.store.database import writing
from moderation.store.errors import KeyUnusable
from moderation.store.schema import checkpoints, leaves, log_head, nodes, payloads
from tests.moderation.databases import ORIGIN, Home, empty_home, entry

SIZE = 13


async def _fill(log: AuditLog, count: int = SIZE) -> None:
    for number in range(count):
        clip = {"clip_id": "clip-1"} if number % 3 == 0 else {}
        payload = b"payload" if number % 2 else None
        await log.append(entry(number, **clip), payload=payload)
        if number in (0, 4, 7):
            log.checkpoint()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, VerifierKey]:
    """A whole bundle and one of a range, as bytes, and their key."""
    folder = tmp_path_factory.mktemp("sample")
    with empty_home("sqlite", folder) as home, home.log() as log:
        for number in range(SIZE):
            payload = b"payload" if number % 2 else None
            log.append(entry(number), payload=payload).result()
            if number in (0, 4, 7):
                log.checkpoint()
        export(log, folder / "whole", with_payloads=True)
        export(log, folder / "part", 5, 9)
        return (folder / "whole").read_bytes(), (folder / "part").read_bytes(), log.verifier


def _check(folder: Path, data: bytes, key: VerifierKey | str, **known: Any) -> BundleReport:
    path = folder / "bundle"
    path.write_bytes(data)
    return verify(path, key, **known)


async def test_every_range_verifies(home: Home, tmp_path: Path) -> None:
    with home.log() as log:
        await _fill(log)
        path = tmp_path / "bundle"
        for start in range(SIZE + 1):
            for end in {start, min(start + 1, SIZE), (start + SIZE) // 2, SIZE}:
                if end < start:
                    continue
                written = export(log, path, start, end, with_payloads=True)
                report = verify(path, log.verifier)
                assert report.ok, report.problems
                assert (report.start, report.end, report.size) == (start, end, SIZE)
                assert report.leaf_count == end - start
                assert report.checkpoint_count == written.checkpoint_count == 3
                assert report.payload_count == written.payload_count
                assert report.root == written.root.hex() == log.root(SIZE).hex()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [item.name for item in tmp_path.iterdir() if "bundle" in item.name] == ["bundle"]


async def test_ranges_outside_the_log_are_refused(home: Home, tmp_path: Path) -> None:
    with home.log() as log:
        export(log, tmp_path / "empty")
        assert verify(tmp_path / "empty", log.verifier).ok
        await _fill(log, 3)
        for start, end in ((-1, 2), (2, 1), (0, 4)):
            with pytest.raises(NotInLog):
                export(log, tmp_path / "bundle", start, end)
        with pytest.raises(NotInLog, match="no checkpoint"):
            export(log, tmp_path / "bundle", since=[2])
        assert not (tmp_path / "bundle").exists()


def test_the_sample_verifies(sample: tuple[bytes, bytes, VerifierKey], tmp_path: Path) -> None:
    whole, part, key = sample
    report = _check(tmp_path, whole, str(key))
    assert report.ok
    assert (report.leaf_count, report.payload_count, report.checkpoint_count) == (13, 6, 3)
    assert (report.first_ms, report.last_ms) == (1_700_000_000_000, 1_700_000_000_012)
    assert _check(tmp_path, part, key).leaf_count == 4


def test_every_byte_counts(sample: tuple[bytes, bytes, VerifierKey], tmp_path: Path) -> None:
    """Flip one bit of every byte of both bundles; none goes unnoticed, leaves are named."""
    for data, first in ((sample[0], 0), (sample[1], 5)):
        line = 0
        starts = [json.loads(item)["kind"] != "leaf" for item in data.splitlines()]
        before = sum(starts)
        for place in range(len(data)):
            flipped = bytearray(data)
            flipped[place] ^= 1 << (place % 8)
            report = _check(tmp_path, bytes(flipped), sample[2])
            assert report.fault is not None, place
            if line >= before and data[place] != ord("\n"):
                named = report.fault.first_leaf
                assert named is not None, (place, report.fault)
                assert named <= first + line - before <= (report.fault.last_leaf or 0)
            line += data[place] == ord("\n")


@settings(max_examples=200)
@given(data=st.data())
def test_cut_swapped_and_doubled_lines_are_found(
    sample: tuple[bytes, bytes, VerifierKey],
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
) -> None:
    whole, _, key = sample
    lines = whole.splitlines(keepends=True)
    place = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.integers(0, len(lines) - 1).filter(lambda item: item != place))
    cut = data.draw(st.integers(0, len(whole) - 1))
    swapped = list(lines)
    swapped[place], swapped[other] = lines[other], lines[place]
    without = lines[:place] + lines[place + 1 :]
    doubled = [*lines[:place], lines[place], *lines[place:]]
    folder = tmp_path_factory.getbasetemp()
    header = 1
    for changed in (b"".join(without), b"".join(doubled), whole[:cut]):
        assert not _check(folder, changed, key).ok
    # The order of earlier checkpoints says nothing, each is proved for itself.
    if not (header <= place <= 3 and header <= other <= 3):
        assert not _check(folder, b"".join(swapped), key).ok


def _edited(data: bytes, line: int, change: Callable[[dict[str, Any]], object]) -> bytes:
    lines = data.splitlines()
    record = json.loads(lines[line])
    change(record)
    lines[line] = json.dumps(
        record, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
    return b"\n".join(lines) + b"\n"


HEADER_EDITS: list[dict[str, Any]] = [
    {"size": 10**30},
    {"size": -1},
    {"size": 13.0},
    {"size": 13.5},
    {"size": "13"},
    {"size": True},
    {"size": None},
    {"end": 2**53},
    {"end": 12},
    {"start": 1},
    {"start": 9, "end": 3},
    {"format": "framegate.audit.bundle/2"},
    {"origin": "other.example"},
    {"key": "x"},
    {"checkpoint": "x"},
    {"checkpoint": ["x"]},
    {"checkpoint_count": 10**9},
    {"checkpoint_count": 2},
    {"left": ["00" * 32]},
    {"left": ["zz" * 32]},
    {"left": ["00" * 31]},
    {"left": ["00" * 32] * 200},
    {"right": {}},
    {"payloads": False},
    {"payloads": 1},
    {"kind": "leaf"},
    {"extra": 1},
    {"extra": [[[[]]]]},
]


@pytest.mark.parametrize("edit", HEADER_EDITS, ids=str)
def test_hostile_headers_give_a_report(
    sample: tuple[bytes, bytes, VerifierKey], tmp_path: Path, edit: dict[str, Any]
) -> None:
    whole, _, key = sample
    assert _check(tmp_path, _edited(whole, 0, dict.copy), key).ok
    assert not _check(tmp_path, _edited(whole, 0, lambda record: record.update(edit)), key).ok


LEAF_EDITS: list[dict[str, Any]] = [
    {"index": 3},
    {"index": "2"},
    {"leaf": 5},
    {"leaf": ""},
    {"leaf_base64": "AAAA"},
    {"hash": "00" * 32},
    {"hash": ""},
    {"nodes": []},
    {"nodes": ["00" * 32]},
    {"nodes": ["00"] * 65},
    {"payload": None},
    {"payload": {"subject_key": "", "nonce": "", "ciphertext": ""}},
    {"payload": {"subject_key": "", "nonce": "*", "ciphertext": "AB=="}},
]


@pytest.mark.parametrize("edit", LEAF_EDITS, ids=str)
def test_hostile_leaves_give_a_report_that_names_them(
    sample: tuple[bytes, bytes, VerifierKey], tmp_path: Path, edit: dict[str, Any]
) -> None:
    whole, _, key = sample
    edited = _edited(whole, 4 + 5, lambda record: record.update(edit))
    report = _check(tmp_path, edited, key)
    assert report.fault is not None
    # An inner node stands for the leaves below it, here 4 and 5.
    first = 4 if report.fault.kind is FaultKind.NODE else 5
    assert (report.fault.first_leaf, report.fault.last_leaf, report.leaf_count) == (first, 5, 5)
    assert report.problems[0].endswith("(line 10)")


@given(data=st.binary(max_size=300))
def test_anything_gives_a_report(
    sample: tuple[bytes, bytes, VerifierKey],
    tmp_path_factory: pytest.TempPathFactory,
    data: bytes,
) -> None:
    assert not _check(tmp_path_factory.getbasetemp(), data, sample[2]).ok


def test_bombs_give_a_report(sample: tuple[bytes, bytes, VerifierKey], tmp_path: Path) -> None:
    whole, _, key = sample
    header = whole.splitlines(keepends=True)[0]
    for bomb in (
        b"[" * 500_000,
        b'{"kind":' * 100_000 + b"\n",
        b"9" * 900_000 + b"\n",
        b'{"kind":"bundle","size":' + b"9" * 100_000 + b"}\n",
        header + b"[" * 500_000 + b"\n",
    ):
        report = _check(tmp_path, bomb, key)
        assert report.fault is not None
        assert report.fault.kind in (FaultKind.MALFORMED, FaultKind.INCOMPLETE)
    path = tmp_path / "long"
    with path.open("wb") as file:
        file.truncate(1 << 36)
    report = verify(path, key)
    assert report.fault is not None
    assert "too long" in report.fault.message
    assert not verify(tmp_path / "missing", key).ok
    assert not verify(tmp_path, key).ok


def test_another_key_is_refused(sample: tuple[bytes, bytes, VerifierKey], tmp_path: Path) -> None:
    other = LogKey(ORIGIN, b"\x05" * 32).verifier
    report = _check(tmp_path, sample[0], other)
    assert report.fault is not None
    assert report.fault.kind is FaultKind.SIGNATURE
    with pytest.raises(KeyUnusable):
        _check(tmp_path, sample[0], "no key")


async def test_known_checkpoints(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "bundle"
    with home.log() as log:
        empty = log.checkpoint().note
        await _fill(log)
        notes = [item.note for item in log.checkpoints() if item.checkpoint.size]
        newest = log.checkpoint().note
        export(log, path, 6, 10, since=[0, 5])
        assert verify(path, log.verifier, known=[empty, *notes, newest]).known_count == 5
        key = LogKey.load(home.keys)
        forged = key.sign(5, b"\0" * 32)
        unproved = key.sign(3, log.root(3))
        for known, kind in (
            (forged, FaultKind.HISTORY),
            (unproved, FaultKind.HISTORY),
            (key.sign(99, b"\0" * 32), FaultKind.HISTORY),
            (key.sign(0, b"\0" * 32), FaultKind.HISTORY),
            ("no note", FaultKind.SIGNATURE),
        ):
            report = verify(path, log.verifier, known=[known])
            assert report.fault is not None
            assert report.fault.kind is kind
        # From a bundle of everything each earlier size can be recomputed.
        export(log, path)
        assert verify(path, log.verifier, known=[unproved]).ok


async def test_a_wholesale_rewrite_is_found_by_an_old_checkpoint_only(tmp_path: Path) -> None:
    with empty_home("sqlite", tmp_path / "one") as home:
        with home.log() as log:
            await _fill(log, 6)
            kept = log.checkpoint().note
        key = LogKey.load(home.keys)
    # The holder of the key starts over with other leaves and signs that.
    with empty_home("sqlite", tmp_path / "two") as other:
        for name in (LogKey.KEY_FILE, LogKey.VERIFIER_FILE):
            (other.keys / name).write_bytes((home.keys / name).read_bytes())
        with other.log() as log:
            for number in range(8):
                await log.append(entry(number + 100))
            export(log, tmp_path / "bundle")
    assert verify(tmp_path / "bundle", key.verifier).ok
    report = verify(tmp_path / "bundle", key.verifier, known=[kept])
    assert report.fault is not None
    assert "rewritten" in report.fault.message


@contextmanager
def _damaged(home: Home, *statements: object) -> Iterator[AuditLog]:
    """A running log under which somebody has changed rows."""
    with home.log() as log:
        for number in range(SIZE):
            payload = b"payload" if number % 2 else None
            log.append(entry(number, clip_id="c"), payload=payload).result()
        log.checkpoint()
        assert inspect(log.engine, log.verifier).ok
        with writing(log.engine) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]
        yield log


_AT = leaves.c.leaf_index == 5
_FORGED = entry(99, clip_id="c").leaf()
TAMPERING: dict[str, tuple[list[object], tuple[int, int]]] = {
    "leaf": ([update(leaves).where(_AT).values(leaf=_FORGED)], (5, 5)),
    "leaf not utf-8": ([update(leaves).where(_AT).values(leaf=b"\xff")], (5, 5)),
    "leaf hash": ([update(leaves).where(_AT).values(leaf_hash=bytes(32))], (5, 5)),
    "leaf and hash": (
        [
            delete(payloads).where(payloads.c.leaf_index == 5),
            update(leaves).where(_AT).values(leaf=_FORGED, leaf_hash=merkle.leaf_hash(_FORGED)),
        ],
        (4, 5),
    ),
    "node": (
        [update(nodes).where(nodes.c.level == 1, nodes.c.node_index == 2).values(hash=bytes(32))],
        (4, 5),
    ),
    "lost node": (
        [delete(nodes).where(nodes.c.level == 1, nodes.c.node_index == 2)],
        (4, 5),
    ),
    "payload": (
        [update(payloads).where(payloads.c.leaf_index == 5).values(ciphertext=b"x")],
        (5, 5),
    ),
    "lost payload": ([delete(payloads).where(payloads.c.leaf_index == 5)], (5, 5)),
    "lost leaf": (
        [delete(payloads).where(payloads.c.leaf_index == 5), delete(leaves).where(_AT)],
        (5, 5),
    ),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_a_changed_row_is_named(home: Home, tmp_path: Path, name: str) -> None:
    statements, span = TAMPERING[name]
    with _damaged(home, *statements) as log:
        found = inspect(log.engine, log.verifier).fault
        assert found is not None
        assert (found.first_leaf, found.last_leaf) == span
        export(log, tmp_path / "bundle", with_payloads=True)
        report = verify(tmp_path / "bundle", log.verifier)
        assert report.fault is not None
        assert (report.fault.first_leaf, report.fault.last_leaf) == span


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        (update(leaves).where(_AT).values(clip_id="other"), FaultKind.LEAF),
        (update(log_head).values(root=bytes(32)), FaultKind.ROOT),
        (update(log_head).values(origin="other"), FaultKind.SIGNATURE),
        (update(log_head).values(size=12), FaultKind.HISTORY),
        (update(log_head).values(size=14), FaultKind.LEAF),
        (delete(log_head), FaultKind.INCOMPLETE),
        (update(checkpoints).values(note="x"), FaultKind.SIGNATURE),
        (update(checkpoints).values(size=3), FaultKind.HISTORY),
        (
            update(checkpoints).values(note=LogKey(ORIGIN, b"\x05" * 32).sign(13, bytes(32))),
            FaultKind.SIGNATURE,
        ),
        (delete(checkpoints), None),
    ],
)
def test_inspection(home: Home, statement: object, kind: FaultKind | None) -> None:
    with _damaged(home, statement) as log:
        found = inspect(log.engine, log.verifier)
        assert (found.fault.kind if found.fault else None) is kind


def test_inspection_finds_leaves_beyond_the_head(home: Home) -> None:
    shorter = [delete(checkpoints), update(log_head).values(size=12)]
    with _damaged(home, *shorter) as log:
        found = inspect(log.engine, log.verifier).fault
        assert found is not None
        assert found.first_leaf == 12


def test_a_contradicted_checkpoint_stops_the_export(home: Home, tmp_path: Path) -> None:
    with _damaged(home, update(nodes).values(hash=bytes(32))) as log:
        with pytest.raises(LogCorrupt):
            export(log, tmp_path / "bundle")
        found = inspect(log.engine, log.verifier).fault
        assert found is not None
        assert found.first_leaf == 0


def test_leaf_text_is_what_is_hashed(sample: tuple[bytes, bytes, VerifierKey]) -> None:
    for line in sample[0].splitlines()[4:]:
        record = json.loads(line)
        assert merkle.leaf_hash(record["leaf"].encode()).hex() == record["hash"]
        if payload := record.get("payload"):
            assert base64.b64decode(payload["nonce"], validate=True)
