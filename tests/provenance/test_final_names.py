"""Nothing unsigned or half-signed ever stands under a final name, whatever fails and rotates.

Real workers sign; keys are rotated under them, the time-stamping authorities fail in every way, a
worker is killed. A watcher on the folder sees every file that is made there.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import os
import signal
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from media.errors import FramegateError
from media.limits import MediaLimits
from moderation.clips.jobs import Setup, SignJob
from moderation.clips.results import Signed
from moderation.executor import LocalExecutor
from provenance import engine
from provenance.errors import (
    CredentialsExpireSoon,
    CredentialsInvalid,
    KeyUnavailable,
    TimestampUnavailable,
)
from provenance.keys import credentials
from provenance.keys.rotation import rotate
from provenance.manifest import Release
from provenance.timestamping.timestamps import Stamping, StampState
from tests.house import CACHE
from tests.provenance.authority import Authority, key_pem
from tests.provenance.keeper import keeping, key_toml
from tests.provenance.stamping import StampAuthority, stamping
from tests.provenance.watching import Watched, watched

JOBS = 24
TIMEOUT_MS = 120_000
FAILURES = ("http 500", "good", "garbage", "good", "denied", "silent", "other", "good", "drip")


@pytest.fixture
def keys(tmp_path: Path, authority: Authority) -> Path:
    folder = tmp_path / "keys"
    rotate(folder, _new_set(tmp_path / "set0", authority), now=datetime.now(UTC))
    return folder


@pytest.fixture
async def workers(keys: Path) -> AsyncIterator[LocalExecutor]:
    setup = Setup(cache=str(CACHE), keys=str(keys), memory_bytes=6 << 30, nice=5)
    made = LocalExecutor(setup, workers=2, jobs_per_worker=JOBS)
    yield made
    await made.close()


@pytest.fixture
def stamper(tmp_path: Path) -> Iterator[StampAuthority]:
    with stamping(tmp_path / "tsa") as made:
        yield made


def _new_set(folder: Path, authority: Authority) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    return authority.store(folder, key, authority.issue(key))


def _job(plain: Path, target: Path, stamping_plan: Stamping, *, min_days: float = 0) -> SignJob:
    return SignJob(
        source=str(plain),
        sha256=hashlib.sha256(plain.read_bytes()).hexdigest(),
        target=str(target),
        release=Release(target.stem, "VideoGen", "1.2", 1_795_241_524_817),
        limits=MediaLimits(),
        stamping=stamping_plan,
        min_days=min_days,
    )


def _serial(clip: Path, keys: Path) -> str:
    """Serial of the certificate that a clip is signed with; only if the clip is trusted."""
    store = engine.read_store(clip, "video/mp4", credentials.load(keys).anchors)
    assert store is not None
    assert store.state == "Trusted"
    active = store.data["manifests"][store.data["active_manifest"]]
    return f"{int(active['signature_info']['cert_serial_number']):x}"


def _only_whole_files(seen: Watched, keys: Path, serials: set[str]) -> set[str]:
    """Check every event at a final name, and every file that ever stood there."""
    final = [(what, name) for what, name in seen.events if not name.startswith(".")]
    assert {what for what, _ in final} <= {"moved in"}
    assert len(seen.caught) == len(final)
    used = {_serial(copy, keys) for copy in seen.caught}
    assert used <= serials
    return used


async def test_rotation_and_stamp_failures_under_load(
    tmp_path: Path,
    keys: Path,
    authority: Authority,
    plain: Path,
    workers: LocalExecutor,
    stamper: StampAuthority,
) -> None:
    folder = tmp_path / "released"
    folder.mkdir()
    stamper.script = itertools.cycle(FAILURES)
    plan = Stamping((stamper.url,), deadline_ms=1_500)
    over = asyncio.Event()
    serials = {credentials.load(keys).serial}

    async def rotating() -> None:
        for number in itertools.count(1):
            if over.is_set():
                return
            source = _new_set(tmp_path / f"set{number}", authority)
            new = await asyncio.to_thread(rotate, keys, source, now=datetime.now(UTC))
            serials.add(new.serial)

    async def sign(number: int) -> Signed | FramegateError:
        job = _job(plain, folder / f"clip{number}.mp4", plan)
        try:
            result = await workers.submit(job, timeout_ms=TIMEOUT_MS)
        except FramegateError as error:
            return error
        assert isinstance(result, Signed)
        return result

    with watched(folder, tmp_path / "aside") as seen:
        turning = asyncio.create_task(rotating())
        results = [await sign(JOBS)]
        jobs = [asyncio.create_task(sign(number)) for number in range(JOBS)]
        await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
        while not workers.process_ids:
            assert not all(job.done() for job in jobs)
            await asyncio.sleep(0)
        os.kill(min(workers.process_ids), signal.SIGKILL)
        results += await asyncio.gather(*jobs)
        over.set()
        await turning

    failed = [one for one in results if isinstance(one, FramegateError)]
    signed = [one for one in results if isinstance(one, Signed)]
    assert {type(one) for one in failed} <= {TimestampUnavailable}
    assert failed
    assert signed
    assert all(one.clip.stamp.state is StampState.STAMPED for one in signed)
    used = _only_whole_files(seen, keys, serials)
    assert len(used) > 1  # the rotation took effect while the workers went on
    standing = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    assert len(standing) == len(signed)
    shas = {hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in standing}
    assert shas == {one.clip.sha256 for one in signed}


async def test_faults_of_the_keys_have_names_and_leave_nothing(
    tmp_path: Path, keys: Path, authority: Authority, plain: Path, workers: LocalExecutor
) -> None:
    folder = tmp_path / "released"
    folder.mkdir()
    current = (keys / "signing").resolve()

    async def refused(error: type[FramegateError], *, min_days: float = 0) -> None:
        job = _job(plain, folder / f"{error.reason}.mp4", Stamping(), min_days=min_days)
        with pytest.raises(error):
            await workers.submit(job, timeout_ms=TIMEOUT_MS)

    with watched(folder, tmp_path / "aside") as seen:
        await refused(CredentialsExpireSoon, min_days=400)
        kept = (current / "key.pem").read_bytes()
        (current / "key.pem").write_bytes(key_pem(ec.generate_private_key(ec.SECP256R1())))
        await refused(CredentialsInvalid)
        (current / "key.pem").unlink()
        (current / "key.toml").write_bytes(key_toml(tmp_path / "nobody"))
        (current / "key.toml").chmod(0o600)
        await refused(KeyUnavailable)
        (tmp_path / "kept.pem").write_bytes(kept)
        with keeping(tmp_path / "nobody", tmp_path / "kept.pem"):
            job = _job(plain, folder / "kept.mp4", Stamping())
            assert isinstance(await workers.submit(job, timeout_ms=TIMEOUT_MS), Signed)
        (current / "key.toml").unlink()
        (current / "key.pem").write_bytes(kept)
        (current / "key.pem").chmod(0o600)
        best = Stamping(("http://127.0.0.1:9/",), required=False, deadline_ms=500)
        result = await workers.submit(_job(plain, folder / "a.mp4", best), timeout_ms=TIMEOUT_MS)
    assert isinstance(result, Signed)
    assert result.clip.stamp.state is StampState.UNAVAILABLE
    assert sorted(path.name for path in folder.iterdir()) == ["a.mp4", "kept.mp4"]
    assert _only_whole_files(seen, keys, {credentials.load(keys).serial})


async def test_the_watcher_sees_what_it_should(tmp_path: Path) -> None:
    folder = tmp_path / "watched"
    folder.mkdir()
    with watched(folder, tmp_path / "aside") as seen:
        (folder / "half").write_bytes(b"half")
        (folder / ".made").write_bytes(b"whole")
        (folder / ".made").rename(folder / "whole")
    assert ("created", "half") in seen.events
    assert ("moved in", "whole") in seen.events
    assert [path.read_bytes() for path in seen.caught] == [b"whole"]
