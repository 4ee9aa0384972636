"""Hash lists at review: through a real server, whose database another hand changes meanwhile."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
import pytest_asyncio
from sqlalchemy import text

from framegate.v1 import verdict_pb2
from moderation.assembly import open_log
from moderation.entries import now_ms
from moderation.hash_lists import HashLists
from moderation.store.database import open_database, writing
from provenance.fingerprint.exchange import entry_id
from provenance.fingerprint.fingerprint import Marks
from provenance.fingerprint.pdq import hash_pictures, luma
from provenance.fingerprint.records import KnownHash, Opinion, Signal
from tests.house import header, house, settings_for
from tests.provenance.fingerprint.pictures import (
    FPS,
    Picture,
    encoded,
    marks,
    random_hashes,
    scene,
    scenery,
    taken,
)
from tests.service.places import Place

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIZE = (256, 144)
SHOT_S = 1.5
KNOWN_MS = (1500, 3000)
"""Where the known picture stands in the clip."""
KNOWN = scene(77, SIZE)
ALLOW, REVIEW, BLOCK = (
    verdict_pb2.DECISION_ALLOW,
    verdict_pb2.DECISION_REVIEW,
    verdict_pb2.DECISION_BLOCK,
)


def pictures() -> list[Picture]:
    """Scenery that nobody knows, the known picture, other scenery."""
    before, after = scenery(1, SHOT_S, SIZE), scenery(2, SHOT_S, SIZE)
    return [*before, *[KNOWN] * round(SHOT_S * FPS), *after]


def entry(held: Marks, signal: Signal = Signal.PDQ, **given: object) -> KnownHash:
    usual: dict[str, object] = {"category": "known/other", "label": "a secret label"}
    return KnownHash(
        list_name="held", entry_id=entry_id(signal, held), signal=signal, marks=held,
        **(usual | given),  # type: ignore[arg-type]
    )  # fmt: skip


def hashed(picture: Picture) -> Marks:
    return marks(hash_pictures([luma(picture)]).hashes)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    settings = settings_for(tmp_path_factory.mktemp("home"))
    async with house(settings) as door:
        yield Place(settings, door)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encoded(tmp_path_factory.mktemp("clips") / "plain.mp4", pictures())


@contextmanager
def lists(place: Place) -> Iterator[HashLists]:
    """The lists as a command has them: a database connection and a log writer of its own."""
    with open_log(place.settings) as log:
        yield HashLists(log)


async def put(place: Place, entries: Sequence[KnownHash], name: str = "bad") -> None:
    """Put a list into use; `bad` takes the place of all lists, others stand beside it."""

    def run() -> None:
        with lists(place) as held:
            for each in held.lists() if name == "bad" else ():
                held.remove(each.list_name)
            if entries:
                held.put(name, entries)

    await asyncio.to_thread(run)


async def review(place: Place, path: Path) -> verdict_pb2.Judgement:
    verdict = await place.door.review(path, header(), lambda _: None)
    return verdict.judgement


def of_lists(judgement: verdict_pb2.Judgement) -> list[verdict_pb2.Finding]:
    return [each for each in judgement.findings if each.source == "known-hashes"]


def digest_of(judgement: verdict_pb2.Judgement) -> str:
    return next((each.digest for each in judgement.models if each.id == "known-hashes"), "")


async def test_without_a_list_nothing_is_looked_for(place: Place, clip: Path) -> None:
    await put(place, [])
    judgement = await review(place, clip)
    assert judgement.decision == ALLOW
    assert digest_of(judgement) == ""
    assert not [each for each in judgement.scores if each.category.startswith("known/")]
    assert not judgement.degraded


@pytest.mark.parametrize("change", ["as it is", "hard", "small", "mirrored"])
async def test_a_known_picture_is_found_where_it_stands(
    place: Place, tmp_path: Path, change: str
) -> None:
    await put(place, [entry(hashed(KNOWN))])
    drawn = pictures()
    if change == "mirrored":
        drawn = [np.ascontiguousarray(each[:, ::-1]) for each in drawn]
    if change == "small":
        drawn = [np.asarray(cv2.resize(each, (160, 90)), np.uint8) for each in drawn]
    copy = encoded(tmp_path / "copy.mp4", drawn, crf=35 if change == "hard" else 20)
    judgement = await review(place, copy)
    assert judgement.decision == REVIEW
    (found,) = of_lists(judgement)
    assert (found.category, found.clause) == ("known/other", "F-KNOWN-OTHER")
    assert (found.score, found.threshold) == (0.5, 0.5)
    assert (found.known.list_name, found.known.confirmed) == ("bad", False)
    assert found.known.entry_id == entry(hashed(KNOWN)).entry_id
    assert found.known.mirrored is (change == "mirrored")
    assert found.known.distance <= 31
    start_ms, end_ms = KNOWN_MS
    step_ms = judgement.sampling.interval_ms
    assert start_ms <= found.span.start_ms <= start_ms + step_ms
    assert end_ms - step_ms - 100 <= found.span.end_ms <= end_ms
    assert found.span.start_ms <= found.span.peak_ms <= found.span.end_ms


async def test_an_unrelated_clip_is_compared_and_not_found(place: Place, tmp_path: Path) -> None:
    held = [hashed(scene(seed, SIZE)) for seed in range(300, 340)]
    await put(place, [entry(each) for each in held])
    judgement = await review(place, encoded(tmp_path / "other.mp4", pictures()))
    assert judgement.decision == ALLOW
    assert of_lists(judgement) == []
    assert digest_of(judgement).startswith("sha256:")
    scores = {each.category: each.score for each in judgement.scores}
    assert scores["known/other"] == 0
    assert "known/terrorism" not in scores


async def test_a_piece_of_a_known_clip_is_found(place: Place, clip: Path, tmp_path: Path) -> None:
    whole = encoded(tmp_path / "whole.mp4", [*scenery(1, SHOT_S, SIZE), *scenery(5, SHOT_S, SIZE)])
    held = taken(whole, crops=False).frames
    await put(place, [entry(held, Signal.VPDQ)])
    judgement = await review(place, clip)
    # Three of six shots' frames at most: neither side reaches four fifths.
    assert of_lists(judgement) == []
    first = held.at(np.flatnonzero(held.start_ms < 1000 * SHOT_S))
    await put(place, [entry(first, Signal.VPDQ)])
    (found,) = of_lists(await review(place, clip))
    assert found.span.end_ms <= KNOWN_MS[0]


async def test_an_opinion_counts_from_the_next_review_on(place: Place, clip: Path) -> None:
    known = entry(hashed(KNOWN))
    await put(place, [known])
    judgements = [await review(place, clip)]
    for opinion in (Opinion.CONFIRMED, Opinion.DENIED, Opinion.UNREVIEWED):
        with lists(place) as held:
            held.decide("bad", known.entry_id, opinion)
        judgements.append(await review(place, clip))
    assert [each.decision for each in judgements] == [REVIEW, BLOCK, ALLOW, REVIEW]
    # The lists are part of what was judged with: the same input has the same verdict.
    assert judgements[0].digest == judgements[3].digest
    assert len({each.digest for each in judgements}) == 3
    assert digest_of(judgements[0]) == digest_of(judgements[3]) != digest_of(judgements[1])
    (found,) = of_lists(judgements[1])
    assert (found.score, found.known.confirmed) == (1, True)
    # A denied entry alone is nothing to compare with.
    assert digest_of(judgements[2]) == ""


async def test_child_abuse_lists_need_no_confirmation(place: Place, clip: Path) -> None:
    await put(place, [entry(hashed(KNOWN), category="known/child-abuse")])
    judgement = await review(place, clip)
    assert judgement.decision == BLOCK
    assert judgement.user_text == "It breaks the rules that protect minors."
    assert "secret" not in str(judgement)


@pytest.mark.parametrize(("left_ms", "decision"), [(-1, ALLOW), (3_600_000, REVIEW)])
async def test_expired_entries_do_not_count(
    place: Place, clip: Path, left_ms: int, decision: int
) -> None:
    await put(place, [entry(hashed(KNOWN), expires_ms=now_ms() + left_ms)])
    assert (await review(place, clip)).decision == decision


async def test_an_allow_list_suppresses_a_match(place: Place, clip: Path) -> None:
    await put(place, [entry(hashed(KNOWN))])
    await put(place, [entry(hashed(KNOWN), allowed=True, category="")], name="titles")
    judgement = await review(place, clip)
    assert judgement.decision == ALLOW
    assert digest_of(judgement)
    with lists(place) as held:
        held.remove("titles")
    assert (await review(place, clip)).decision == REVIEW


async def test_a_review_and_an_import_do_not_hinder_each_other(place: Place, clip: Path) -> None:
    """Reviews go on while a list comes in, and see all of it or nothing."""
    await put(place, [])
    others = [entry(marks(each[None])) for each in random_hashes(20_000, 8)]
    with lists(place) as held:
        coming = asyncio.create_task(
            asyncio.to_thread(held.put, "large", [*others, entry(hashed(KNOWN))])
        )
        seen = [await review(place, clip) for _ in range(2)]
        listed = await coming
    seen.append(await review(place, clip))
    assert listed.entries == 20_001
    assert all(each.decision == (REVIEW if digest_of(each) else ALLOW) for each in seen)
    assert digest_of(seen[-1])
    await put(place, [])


async def test_lists_that_cannot_be_read_send_a_clip_to_a_person(place: Place, clip: Path) -> None:
    await put(place, [entry(hashed(KNOWN))])
    engine = open_database(place.settings.database)
    try:
        with writing(engine) as connection:
            connection.execute(text("ALTER TABLE known_lists RENAME TO elsewhere"))
        judgement = await review(place, clip)
        with writing(engine) as connection:
            connection.execute(text("ALTER TABLE elsewhere RENAME TO known_lists"))
    finally:
        engine.dispose()
    assert judgement.decision == REVIEW
    (fault,) = judgement.degraded
    assert (fault.source, fault.reason) == ("known-hashes", "lists_unavailable")
    assert "known/child-abuse" in fault.categories
    assert of_lists(judgement) == []
    assert of_lists(await review(place, clip))


async def test_another_process_changes_the_lists_and_the_record_says_so(
    place: Place, clip: Path, tmp_path: Path
) -> None:
    await put(place, [])
    file = tmp_path / "list.txt"
    file.write_text(f"pdq {hashed(KNOWN).hashes[0].tobytes().hex()}\n")
    command = ["known", "import", str(file), "--list", "hotline", "--category", "terrorism"]
    done = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "moderation.cli", "--home", str(place.settings.home), *command
    )
    assert await done.wait() == 0
    (found,) = of_lists(await review(place, clip))
    assert (found.category, found.known.list_name) == ("known/terrorism", "hotline")
    with lists(place) as held:
        held.decide("hotline", found.known.entry_id, Opinion.CONFIRMED)
        listed = held.remove("hotline")
    with open_log(place.settings) as log:
        leaves = [each.document for each in log.entries(limit=1000)]
    events = [each for each in leaves if each and each.event.startswith("known.")][-3:]
    assert [each.event for each in events] == [
        "known.imported",
        "known.confirmed",
        "known.removed",
    ]
    for each in events:
        assert (each.details["list"], each.details["entries"]) == ("hotline", "1")
        assert each.details["digest"] == f"sha256:{listed.digest}"
    assert events[0].details["categories"] == "known/terrorism"
    assert events[1].details["entry_id"] == found.known.entry_id
    assert "secret" not in str(leaves)
