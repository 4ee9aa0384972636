"""Comparing a clip with hash lists: what becomes of faults, of changes, of very long lists."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from media.frames import Frame, Passed
from moderation.clips.hashing import FrameHashes
from moderation.clips.judging import judge, judge_unseen
from moderation.clips.known import (
    MAX_FINDINGS,
    SOURCE,
    KnownMedia,
    KnownSeen,
    Lists,
    known_categories,
)
from moderation.clips.results import FrameScores, Reviewed
from moderation.hash_lists import known_store
from moderation.policy import Policy, PolicyInvalid
from moderation.store.migration import migrate
from moderation.store.schema import known
from moderation.verdict import Context, Decision, Judgement, Stage
from provenance.fingerprint.columns import Columns
from provenance.fingerprint.exchange import entry_id
from provenance.fingerprint.fingerprint import of_pictures
from provenance.fingerprint.known import KnownHashes
from provenance.fingerprint.known_sql import SqlKnown
from provenance.fingerprint.multi_index import MultiIndex
from provenance.fingerprint.pdq import hash_pictures, luma
from provenance.fingerprint.records import (
    FOREVER,
    KnownHash,
    Opinion,
    Packed,
    Signal,
    packed,
    unpacked,
)
from provenance.fingerprint.store import MemoryKnown
from tests.moderation.databases import BACKENDS, empty_home
from tests.moderation.policies import DEFAULT, SAMPLING, document, parse
from tests.provenance.fingerprint.pictures import (
    fingerprint_of,
    flipped,
    marks,
    random_hashes,
    scene,
)

NOW = 1_700_000_000_000
HASHES = random_hashes(40)
CONTEXT = Context(Stage.FRAMES)


def entry(number: int, **given: Any) -> KnownHash:
    held = marks(HASHES[number : number + 1])
    usual: dict[str, Any] = {"list_name": "bad", "category": "known/other", "label": "secret"}
    return KnownHash(
        entry_id=entry_id(Signal.PDQ, held), signal=Signal.PDQ, marks=held, **(usual | given)
    )


def clip(count: int = 4, bits: int = 0) -> Packed:
    return packed(fingerprint_of(marks(flipped(HASHES[:count], bits))))


def media(*entries: KnownHash) -> tuple[MemoryKnown, KnownMedia]:
    store = MemoryKnown()
    store.put_list("bad", entries)
    return store, KnownMedia(store)


def judged(seen: KnownSeen, policy: Policy = DEFAULT) -> Judgement:
    """The judgement of a clip in which the models see nothing."""
    asked = tuple(sorted(DEFAULT.required(Stage.FRAMES)))
    nothing = FrameScores("m", asked, ((0.0,) * len(asked),) * 2)
    reviewed = Reviewed("mp4", SAMPLING, (0, 400), (nothing,), (), ())
    return judge(policy, reviewed, CONTEXT, "ab" * 32, seen)


@pytest.mark.parametrize(
    ("category", "opinion", "decision"),
    [
        ("known/child-abuse", Opinion.UNREVIEWED, Decision.BLOCK),
        ("known/child-abuse", Opinion.CONFIRMED, Decision.BLOCK),
        *[
            (f"known/{name}", opinion, decision)
            for name in ("intimate-image", "terrorism", "other")
            for opinion, decision in (
                (Opinion.UNREVIEWED, Decision.REVIEW),
                (Opinion.CONFIRMED, Decision.BLOCK),
            )
        ],
        ("known/child-abuse", Opinion.DENIED, Decision.ALLOW),
    ],
)
def test_what_the_default_policy_makes_of_a_match(
    category: str, opinion: Opinion, decision: Decision
) -> None:
    _, held = media(entry(1, category=category, opinion=opinion))
    judgement = judged(held.read(NOW).compare(clip(bits=7)))
    assert judgement.decision is decision
    if decision is Decision.ALLOW:
        assert judgement.findings == ()
        return
    (found,) = judgement.findings
    assert (found.category, found.signal.source) == (category, SOURCE)
    assert found.signal.span is not None
    assert (found.signal.span.start_ms, found.signal.span.peak_ms) == (1000, 1000)
    assert found.signal.known is not None
    assert (found.signal.known.list_name, found.signal.known.distance) == ("bad", 7)
    assert "secret" not in repr(judgement)
    assert [each.id for each in judgement.models] == [SOURCE]
    assert judgement.scores[category] == (1.0 if opinion is Opinion.CONFIRMED else 0.5)


def test_no_list_is_nothing_missing() -> None:
    seen = KnownMedia(MemoryKnown()).read(NOW).compare(None)
    assert seen == KnownSeen()
    assert judged(seen).decision is Decision.ALLOW
    assert not KnownMedia(MemoryKnown()).read(NOW).wanted


def test_what_was_looked_for_and_not_found_has_a_score() -> None:
    _, held = media(entry(9), entry(10, category="known/terrorism"))
    judgement = judged(held.read(NOW).compare(clip()))
    assert judgement.decision is Decision.ALLOW
    assert judgement.scores["known/other"] == judgement.scores["known/terrorism"] == 0
    assert "known/child-abuse" not in judgement.scores


def test_what_could_not_be_read_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Old lists must not stand for new ones because reading the new ones failed once."""
    store, held = media(entry(9))
    assert held.read(NOW).wanted
    store.put_list("bad", [entry(1)])
    with monkeypatch.context() as broken:
        broken.setattr(MultiIndex, "__init__", lambda *_: (_ for _ in ()).throw(MemoryError()))
        assert held.read(NOW).fault == "lists_unavailable"
    assert held.read(NOW).compare(clip()).signals[0].score == 0.5


class _Broken:
    """A store whose database has gone away."""

    def lists(self) -> Any:
        raise OSError("gone")


FAULTS: dict[str, tuple[Any, str]] = {
    "unreadable": (lambda: KnownMedia(_Broken()).read(NOW).compare(clip()), "lists_unavailable"),  # type: ignore[arg-type]
    "not hashed": (lambda: media(entry(1))[1].read(NOW).compare(None), "not_hashed"),
    "damaged": (
        lambda: media(entry(1))[1].read(NOW).compare(dataclasses.replace(clip(), frames=b"x" * 40)),
        "match_failed",
    ),
    "lying": (
        lambda: (
            media(entry(1))[1].read(NOW).compare(dataclasses.replace(clip(), thumbnails=b"\xc1"))
        ),
        "match_failed",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_never_allow(name: str) -> None:
    make, reason = FAULTS[name]
    seen = make()
    changed = document()
    for category in ("intimate-image", "terrorism", "other"):
        changed["stages"]["frames"]["categories"][f"known/{category}"]["missing"] = "allow"
    for policy in (DEFAULT, parse(changed)):
        judgement = judged(seen, policy)
        assert judgement.decision is Decision.REVIEW
        (fault,) = judgement.degraded
        assert (fault.source, fault.reason) == (SOURCE, reason)
        assert fault.categories == (
            tuple(sorted(known_categories())) if reason == "lists_unavailable" else ("known/other",)
        )
        assert judgement.models == ()


def test_a_clip_that_was_not_looked_at_in_time_misses_its_lists() -> None:
    _, held = media(entry(1))
    judgement = judge_unseen(DEFAULT, CONTEXT, "ab" * 32, "late", held.read(NOW).missed("late"))
    assert ("late", ("known/other",)) in {(e.reason, e.categories) for e in judgement.degraded}
    none = KnownMedia(MemoryKnown()).read(NOW).missed("late")
    assert none == KnownSeen()


def test_a_policy_may_demand_that_a_list_is_there() -> None:
    changed = document()
    changed["stages"]["frames"]["categories"]["known/terrorism"]["required"] = True
    policy = parse(changed)
    _, other = media(entry(9))
    _, right = media(entry(9, category="known/terrorism"))
    assert judged(other.read(NOW).compare(clip()), policy).decision is Decision.REVIEW
    assert judged(right.read(NOW).compare(clip()), policy).decision is Decision.ALLOW


def test_child_abuse_cannot_be_switched_off() -> None:
    changed = document()
    changed["stages"]["frames"]["categories"]["known/child-abuse"] = {"clause": "X", "off": "no"}
    with pytest.raises(PolicyInvalid):
        parse(changed)


def test_many_copies_of_one_picture_do_not_fill_the_verdict() -> None:
    copies = [
        dataclasses.replace(
            entry(1), entry_id=f"copy-{bits:02}", marks=marks(flipped(HASHES[1:2], bits))
        )
        for bits in range(1, 31)
    ]
    store, held = media(*copies)
    store.decide("bad", "copy-30", Opinion.CONFIRMED)
    judgement = judged(held.read(NOW).compare(clip()))
    assert judgement.decision is Decision.BLOCK
    distances = [each.signal.known.distance for each in judgement.findings if each.signal.known]
    assert sorted(distances) == [*range(1, MAX_FINDINGS + 1), 30]


def test_changes_are_followed_and_the_rest_is_not_read_again() -> None:
    store, held = media(entry(1))
    store.put_list("large", [entry(20)])
    first = held.read(NOW).hashes
    assert held.read(NOW).hashes is first
    large, hashes = held._held[2, 0], held._held[1, 0].hashes
    store.decide("bad", entry(1).entry_id, Opinion.DENIED)
    assert not held.read(NOW).compare(clip()).signals[0].score
    assert held._held[2, 0] is large
    assert held._held[1, 1].hashes is hashes
    store.decide("bad", entry(1).entry_id, Opinion.CONFIRMED)
    assert held.read(NOW).compare(clip()).signals[0].score == 1
    store.remove("bad")
    store.put_list("bad", [entry(2)])
    assert held.read(NOW).compare(clip()).signals[0].score == 0.5
    # What a review began with stays what it is.
    assert first.match(fingerprint_of(marks(HASHES[:4])), now_ms=NOW)


def test_expiry_changes_the_digest_and_what_is_wanted() -> None:
    _, held = media(entry(1, expires_ms=NOW + 10), entry(9, expires_ms=NOW + 20))
    before, between, after = (held.read(NOW + ms) for ms in (0, 10, 20))
    assert (before.wanted, between.wanted, after.wanted) == (True, True, False)
    models = [each.compare(clip()).models for each in (before, between)]
    assert models[0][0].digest != models[1][0].digest
    assert models[0] == held.read(NOW + 9).compare(clip()).models


@pytest.mark.parametrize("count", [0, 3])
def test_frames_are_hashed_in_order_of_time(count: int) -> None:
    drawn = [scene(seed) for seed in range(count)]
    frames = [Frame(at, 400 * at, each, scene_cut=False) for at, each in enumerate(drawn)]
    hashes = FrameHashes()
    hashes.see(frames[::-1])
    wanted = of_pictures(
        [luma(each) for each in drawn], [400 * at for at in range(count)], 2000, crops=False
    )
    assert hashes.fingerprint(2000) == packed(wanted)


def test_pictures_between_frames_are_hashed_too() -> None:
    """Whole, each once for as long as it stands, and turned as well."""
    drawn = [scene(seed) for seed in range(3)]
    between = (Passed(100, lambda: drawn[1]), Passed(200, lambda: drawn[1]),
               Passed(300, lambda: np.zeros_like(drawn[1])))  # fmt: skip
    hashes = FrameHashes()
    hashes.see([Frame(0, 0, drawn[0], scene_cut=False)])
    hashes.see([Frame(1, 400, drawn[2], scene_cut=True, passed=between)])
    made = hashes.fingerprint(500)
    assert made is not None
    found = unpacked(made)
    for marks_of, turned in ((found.frames, False), (found.mirrored, True)):
        assert marks_of.start_ms.tolist() == [0, 100, 400]
        assert marks_of.end_ms.tolist() == [0, 200, 400]
        for place, picture in enumerate(drawn):
            wanted = hash_pictures([luma(picture)])
            side = wanted.mirrored if turned else wanted.hashes
            assert marks_of.hashes[place].tolist() == side[0].tolist()


def test_a_picture_that_cannot_be_hashed_costs_the_hashes_alone() -> None:
    def broken() -> np.ndarray:
        raise OSError("no picture")

    hashes = FrameHashes()
    hashes.see([Frame(0, 0, scene(1), scene_cut=False)])
    hashes.see([Frame(1, 400, scene(2), scene_cut=False, passed=(Passed(100, broken),))])
    hashes.see([Frame(2, 800, scene(3), scene_cut=False)])
    assert hashes.fingerprint(900) is None
    odd = FrameHashes()
    odd.see([Frame(0, 0, np.zeros((4, 4, 4, 4), np.uint8), scene_cut=False)])
    assert odd.fingerprint(100) is None


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlKnown]:
    with empty_home(request.param, tmp_path) as home:
        engine = home.engine()
        migrate(engine)
        try:
            yield known_store(engine)
        finally:
            engine.dispose()


def test_readers_see_a_whole_list_or_none_while_it_is_replaced(store: SqlKnown) -> None:
    """Lists of 300 entries each take each other's place; a reader never sees parts of two."""
    versions = [
        [
            dataclasses.replace(entry(0), entry_id=f"{at:04}", marks=marks(each[None]))
            for at, each in enumerate(random_hashes(300, seed))
        ]
        for seed in range(4)
    ]
    states = set()
    for version in versions:
        store.put_list("bad", version)
        states.add(KnownMedia(store).read(NOW).hashes.digest(NOW))
    done = threading.Event()

    def replace() -> None:
        try:
            for version in versions * 2:
                store.put_list("bad", version)
        finally:
            done.set()

    writer = threading.Thread(target=replace)
    writer.start()
    held, seen = KnownMedia(store), 0
    while not done.is_set() or not seen:
        lists = held.read(NOW)
        assert not lists.fault
        assert (len(lists.hashes), lists.hashes.digest(NOW) in states) == (300, True)
        seen += 1
    writer.join()


def test_an_import_that_fails_leaves_all_as_it_was(store: SqlKnown) -> None:
    store.put_list("bad", [entry(1)])

    def broken() -> Iterator[KnownHash]:
        yield from (dataclasses.replace(entry(0), entry_id=f"{at:05}") for at in range(2_500))
        raise OSError("cut off")

    with pytest.raises(OSError, match="cut off"):
        store.put_list("bad", broken())
    assert [each.entry_id for each in store.entries()] == [entry(1).entry_id]
    with store._read() as connection:
        for table in (known.lists, known.hashes):
            assert len(connection.execute(table.select()).all()) == 1


def test_what_a_dead_import_left_is_swept(store: SqlKnown) -> None:
    staged = store.stage("bad", [entry(1)])
    store.sweep()
    with store._read() as connection:
        assert len(connection.execute(known.hashes.select()).all()) == 1
    with store._write() as connection:
        connection.execute(known.lists.update().values(created_ms=1))
    store.sweep()
    with store._read() as connection:
        assert connection.execute(known.hashes.select()).all() == []
    assert store.lists() == []
    with pytest.raises(Exception, match="given up"), store._write() as connection:
        store.adopt(connection, staged)


def test_a_list_in_its_place_is_never_discarded(store: SqlKnown) -> None:
    store.put_list("bad", [entry(1)])
    store.discard(store.lists()[0].list_id)
    assert len(store.entries()) == 1


def test_a_million_entries_are_matched_in_milliseconds() -> None:
    """Forty hashes of a clip of ten seconds, each way round; the best of a few tries."""
    count = 1_000_000
    hashes = random_hashes(count, 6)
    columns = Columns(
        list_name="large",
        digest="",
        state="",
        entry_ids=np.char.zfill(np.arange(count).astype("S8"), 8),
        clip=np.zeros(count, np.bool_),
        allowed=np.zeros(count, np.bool_),
        expires_ms=np.full(count, FOREVER),
        opinion=np.zeros(count, np.uint8),
        category=np.zeros(count, np.int64),
        categories=("known/other",),
        owner=np.arange(count),
        hashes=hashes,
    )
    lists = Lists(KnownHashes([columns]), now_ms=NOW)
    seen = marks(np.concatenate([HASHES[:20], flipped(hashes[7:8], 31), HASHES[21:]]))
    took = []
    for _ in range(5):
        began = time.perf_counter()
        found = lists.compare(packed(fingerprint_of(seen)))
        took.append(time.perf_counter() - began)
        (match,) = found.signals
        assert match.known is not None
        assert (match.known.entry_id, match.known.distance) == ("00000007", 31)
    assert min(took) < 0.3, took
