"""Mutated signed files against real workers: the short run, and that the long one would notice."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.forging import (
    STRANGERS,
    TIMEOUT_MS,
    Base,
    House,
    Report,
    fuzz,
    opened,
    signed_clips,
    whole,
    wrong_trust,
)
from moderation.assembly import make_keys
from moderation.settings import Settings
from provenance.report import C2paState, Reason
from tests.forgeries import forged
from tests.house import settings_for

SEED = 20
MUTANTS = 80


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("home")
    chosen = settings_for(home, clip_workers=1, verify_timeout_ms=TIMEOUT_MS)
    make_keys(chosen.keys_folder, "forging", datetime.now(UTC))
    return chosen


@pytest.fixture(scope="module")
def clips(settings: Settings) -> dict[str, bytes]:
    return signed_clips(settings.home, settings.keys_folder)


async def test_mutated_signed_files_are_not_trusted_for_what_was_not_signed(
    tmp_path: Path, settings: Settings, clips: dict[str, bytes]
) -> None:
    async with opened(settings, tmp_path) as house:
        report = await fuzz(house, clips, range(MUTANTS), seed=SEED, at_once=1)
    assert report.problems == []
    assert report.notable == []
    assert report.outcomes.total() == MUTANTS
    assert report.outcomes["invalid"] > MUTANTS // 3
    assert len(report.outcomes) >= 4


def test_a_mutant_is_the_same_bytes_each_time(clips: dict[str, bytes]) -> None:
    for index in range(60):
        assert forged(clips, SEED, index) == forged(clips, SEED, index)
    assert len({forged(clips, SEED, index)[0] for index in range(60)}) > 50


@contextmanager
def _changed(bases: dict[str, Base], name: str, **to: object) -> Iterator[dict[str, Base]]:
    yield bases | {name: dataclasses.replace(bases[name], **to)}  # type: ignore[arg-type]


async def test_what_is_wrong_is_noticed(
    tmp_path: Path, settings: Settings, clips: dict[str, bytes]
) -> None:
    name = "once-header-first.mp4"
    some = {each: clips[each] for each in (name, f"{STRANGERS}-header-first.mp4")}
    async with opened(settings, tmp_path) as house:
        report = Report()
        bases = await whole(house, some, report)
        assert report.problems == []
        _check(bases, name, house)


def _check(bases: dict[str, Base], name: str, house: House) -> None:
    found, data = bases[name].found, bases[name].data
    assert wrong_trust(found, data, bases, house) == ""
    noted = dataclasses.replace(found.c2pa, reasons=(Reason("x", "y"),))
    assert wrong_trust(dataclasses.replace(found, c2pa=noted), data, bases, house) == ""
    other = dataclasses.replace(found.c2pa, provider="Somebody else")
    wrong = wrong_trust(dataclasses.replace(found, c2pa=other), data, bases, house)
    assert "does not say" in wrong
    with _changed(bases, name, shown="other pictures") as changed:
        assert "does not show" in wrong_trust(found, data, changed, house)
    new = dataclasses.replace(found.c2pa, manifest_id="urn:c2pa:new")
    wrong = wrong_trust(dataclasses.replace(found, c2pa=new), data, bases, house)
    assert "nobody signed" in wrong
    strange = bases[f"{STRANGERS}-header-first.mp4"]
    assert strange.found.c2pa.state is C2paState.VALID
    trusted = dataclasses.replace(strange.found.c2pa, state=C2paState.TRUSTED)
    wrong = wrong_trust(
        dataclasses.replace(strange.found, c2pa=trusted), strange.data, bases, house
    )
    assert "stranger" in wrong
