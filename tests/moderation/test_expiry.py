"""The end of the signing certificate, seen coming."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from moderation.assembly import make_keys, open_gate
from moderation.expiry import ExpiryAlarm
from provenance.errors import CredentialsInvalid, CredentialsMissing
from provenance.keys import credentials
from provenance.keys.certificates import CLAIM_SIGNING
from provenance.keys.rotation import rotate
from tests.house import settings_for
from tests.provenance.authority import Authority, key_pem, pem, store

METRIC = "framegate_signing_certificate_not_after_timestamp_seconds"
NOW = datetime.now(UTC)


def _value() -> float:
    found = REGISTRY.get_sample_value(METRIC)
    assert found is not None
    return found


def _set(folder: Path, authority: Authority, days: float) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    return authority.store(folder, key, authority.issue(key, until_now=timedelta(days=days)))


def _look(alarm: ExpiryAlarm, now: datetime = NOW) -> list[dict[str, Any]]:
    with capture_logs() as lines:
        alarm.look(now)
    return [dict(line) for line in lines]


@pytest.fixture(autouse=True)
def _every_level() -> Iterator[None]:
    """Lets warnings through, whatever level a program under test has set in this process."""
    earlier = structlog.get_config()
    structlog.reset_defaults()
    yield
    structlog.configure(**earlier)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.make()


@pytest.mark.parametrize(
    ("days", "event", "level"),
    [
        (40, "", ""),
        (20, "credentials.expire_soon", "warning"),
        (5, "credentials.expire_too_soon", "error"),
        (-1, "credentials.expired", "error"),
    ],
)
def test_the_log_says_how_long_it_lasts(
    tmp_path: Path, authority: Authority, days: int, event: str, level: str
) -> None:
    _set(tmp_path, authority, 100)
    alarm = ExpiryAlarm(tmp_path, days=30, min_days=10)
    loaded = credentials.load(tmp_path)
    lines = _look(alarm, loaded.not_after - timedelta(days=days, hours=-1))
    assert _value() == loaded.not_after.timestamp()
    assert [line["event"] for line in lines] == ([event] if event else [])
    if event:
        assert lines[0]["log_level"] == level
        assert lines[0]["serial"] == loaded.serial
        assert lines[0]["days_left"] == days - 1


def test_it_is_said_once_a_day_and_at_once_when_something_changed(
    tmp_path: Path, authority: Authority
) -> None:
    rotate(tmp_path / "keys", _set(tmp_path / "one", authority, 20), now=NOW)
    alarm = ExpiryAlarm(tmp_path / "keys", days=30, min_days=0)
    assert _look(alarm)
    assert not _look(alarm, NOW + timedelta(hours=23))
    assert _look(alarm, NOW + timedelta(hours=24))
    rotate(tmp_path / "keys", _set(tmp_path / "two", authority, 25), now=NOW)
    assert _look(alarm, NOW + timedelta(hours=24))
    rotate(tmp_path / "keys", _set(tmp_path / "three", authority, 90), now=NOW)
    assert not _look(alarm, NOW + timedelta(hours=24))
    assert _value() == credentials.load(tmp_path / "keys").not_after.timestamp()


def test_credentials_that_broke_are_told(tmp_path: Path, authority: Authority) -> None:
    _set(tmp_path, authority, 90)
    alarm = ExpiryAlarm(tmp_path, days=30, min_days=0)
    assert not _look(alarm)
    (tmp_path / "anchors.pem").unlink()
    (line,) = _look(alarm)
    assert line["event"] == "credentials.unusable"
    assert "anchors.pem" in line["problem"]
    assert math.isnan(_value())


def test_a_house_without_credentials_is_not_bothered(tmp_path: Path) -> None:
    alarm = ExpiryAlarm(tmp_path, days=30, min_days=0)
    alarm.check(NOW)
    assert not _look(alarm)
    assert math.isnan(_value())


def test_the_shape_is_checked_at_start(tmp_path: Path, authority: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = authority.issue(key, purposes=(CLAIM_SIGNING,))
    store(tmp_path, pem(leaf, authority.issuing), key_pem(key), pem(authority.root))
    with pytest.raises(CredentialsInvalid, match="emailProtection"):
        ExpiryAlarm(tmp_path, days=30, min_days=0).check(NOW)
    (tmp_path / "chain.pem").unlink()
    with pytest.raises(CredentialsMissing, match=r"chain\.pem"):
        ExpiryAlarm(tmp_path, days=30, min_days=0).check(NOW)


def test_an_expired_certificate_does_not_stop_the_start(
    tmp_path: Path, authority: Authority
) -> None:
    _set(tmp_path, authority, 90)
    with capture_logs() as lines:
        ExpiryAlarm(tmp_path, days=30, min_days=0).check(NOW + timedelta(days=91))
    assert [line["event"] for line in lines] == ["credentials.expired"]


async def test_a_house_whose_credentials_are_unfit_does_not_open(
    tmp_path: Path, authority: Authority
) -> None:
    settings = settings_for(tmp_path)
    make_keys(settings.keys_folder, "Framegate tests", NOW)
    (settings.keys_folder / "key.pem").write_bytes(key_pem(ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(CredentialsInvalid, match="does not belong"):
        async with open_gate(settings):
            pytest.fail("it opened")
