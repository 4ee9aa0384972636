"""Released clips, recognised by their pictures alone: through a real server, with real marks."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray

from framegate.v1 import moderation_pb2
from framegate.v1 import provenance_pb2 as pb
from moderation.cli import answers, origin
from moderation.cli.pages import Target
from provenance.keys import credentials
from provenance.watermark import keyfiles
from tests.clips import make_clip, make_hostile
from tests.house import house, settings_for
from tests.moderation.clips.reports import Parsed
from tests.moderation.origins.samples import created, definition, write
from tests.provenance.watermark.marking import Rgb, attacked, decoded
from tests.service.places import Place
from tests.service.recognition import (
    FPS,
    PICTURES,
    Out,
    drawn,
    released,
    released_on_record,
    rests_on,
    scene,
    stripped,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    settings = settings_for(tmp_path_factory.mktemp("home"), watermark=True)
    async with house(settings) as door:
        yield Place(settings, door)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def first(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Out:
    return await released(place.door, drawn(tmp_path_factory.mktemp("first"), 1))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def second(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Out:
    return await released(place.door, drawn(tmp_path_factory.mktemp("second"), 2))


async def test_a_stripped_copy_is_found_by_both_layers(place: Place, first: Out) -> None:
    (key,) = keyfiles.load(place.settings.keys_folder)
    details = await released_on_record(place.door, first.clip_id)
    assert details["watermark_key"] == key.id
    found = await place.door.verify(stripped(first.path))
    assert found.c2pa.state == pb.C2PA_STATE_ABSENT
    assert (found.answer, found.clip_id) == (pb.ANSWER_MADE_HERE, first.clip_id)
    assert found.watermark.state == found.fingerprint.state == pb.LAYER_STATE_FOUND
    assert (found.watermark.clip_id, found.watermark.key_id) == (first.clip_id, key.id)
    assert found.watermark.p_value <= 1e-20
    assert found.watermark.bits > 100
    # No network is named in the settings.
    assert "watermark_network" not in details
    assert not found.HasField("neural")
    assert first.path.read_bytes().count(b"c2pa.watermarked.bound") == 1
    best = found.fingerprint.matches[0]
    assert best.clip_id == first.clip_id
    assert best.distance <= 10
    assert best.end_pts_ms - best.start_pts_ms >= 2500
    assert abs(best.start_pts_ms - best.original_start_pts_ms) <= 300
    told = answers.verification("x.mp4", found)
    assert told["rests_on"] == "watermark"
    assert told["layers"]["watermark"]["found"] is True


def _edges_cut(pictures: list[Rgb]) -> list[Rgb]:
    # 5 % of the area.
    return [np.ascontiguousarray(rgb[4:-4, 8:-8]) for rgb in pictures]


async def test_the_internet_does_not_hide_it(place: Place, first: Out) -> None:
    copy = attacked(first.path, "reposted", _edges_cut, crf=30, fps=FPS)
    found = await place.door.verify(copy)
    assert (found.answer, found.clip_id) == (pb.ANSWER_MADE_HERE, first.clip_id)
    assert found.watermark.clip_id == first.clip_id


async def test_the_file_as_it_was_handed_out_rests_on_its_manifest(
    place: Place, first: Out
) -> None:
    found = await place.door.verify(first.path)
    assert (found.answer, found.clip_id) == (pb.ANSWER_MADE_HERE, first.clip_id)
    assert found.watermark.clip_id == first.clip_id
    assert rests_on(found) == "manifest"


async def test_an_unrelated_clip_is_no_evidence(place: Place, first: Out, tmp_path: Path) -> None:
    assert first.clip_id  # so that there is something to be mistaken for
    found = await place.door.verify(drawn(tmp_path, 9))
    # Nothing exact was found, so the statistics alone decide.
    said = pb.ANSWER_NO_EVIDENCE if found.detection.reason else found.detection.answer
    assert (found.answer, found.clip_id) == (said, "")
    assert found.watermark.state == found.fingerprint.state == pb.LAYER_STATE_NOT_FOUND
    assert found.watermark.clip_id == ""
    assert found.fingerprint.comparable


def _residual(path: Path) -> NDArray[np.float32]:
    """What an attacker without the original takes for the mark: a clip's detail, averaged."""
    pictures = [rgb.astype(np.float32) for rgb in decoded(path)]
    details = [rgb - cv2.GaussianBlur(rgb, (0, 0), 2) for rgb in pictures]
    return np.asarray(np.mean(details, axis=0), np.float32)


def _adding(residuals: Sequence[Any]) -> Callable[[list[Rgb]], list[Rgb]]:
    return lambda pictures: [
        np.clip(np.rint(rgb + residual), 0, 255).astype(np.uint8)
        for rgb, residual in zip(pictures, residuals, strict=True)
    ]


async def test_a_mark_averaged_from_several_clips_makes_no_other_clip_ours(
    place: Place, first: Out, second: Out, tmp_path: Path
) -> None:
    stolen = (_residual(first.path) + _residual(second.path)) / 2
    plain = drawn(tmp_path, 8)
    copy = attacked(plain, "averaged", _adding([stolen * 3] * PICTURES), crf=18, fps=FPS)
    found = await place.door.verify(copy)
    assert found.answer != pb.ANSWER_MADE_HERE
    assert found.clip_id == ""


async def test_a_mark_that_was_transplanted_is_inconclusive(
    place: Place, first: Out, tmp_path: Path
) -> None:
    """The attacker even has the clip as it was before it was marked."""
    marks = [
        2 * (marked.astype(np.float32) - plain)
        for marked, plain in zip(decoded(first.path), decoded(first.plain), strict=True)
    ]
    copy = attacked(drawn(tmp_path, 7), "transplanted", _adding(marks), crf=18, fps=FPS)
    found = await place.door.verify(copy)
    assert found.watermark.state == pb.LAYER_STATE_FOUND
    assert found.watermark.clip_id == first.clip_id
    assert (found.answer, found.clip_id) == (pb.ANSWER_INCONCLUSIVE, "")
    assert rests_on(found) == "transplant"


async def test_what_a_released_clip_was_made_from_is_not_called_ours(
    place: Place, tmp_path: Path
) -> None:
    source = drawn(tmp_path, 5)
    sent = await place.door.send_source(source)
    parent = moderation_pb2.Source(
        relation=moderation_pb2.SOURCE_RELATION_PARENT, sha256=sent.sha256
    )
    remix = make_clip(
        tmp_path / "remix.mp4",
        fps=FPS,
        pictures=[np.clip(rgb * 0.9, 0, 255).astype(np.uint8) for rgb in decoded(source)],
        options={"crf": "12"},
    )
    out = await released(place.door, remix, (parent,))
    found = await place.door.verify(source)
    assert found.fingerprint.matches[0].clip_id == out.clip_id
    assert found.fingerprint.matches[0].derived
    assert (found.answer, found.clip_id) == (pb.ANSWER_INCONCLUSIVE, "")
    assert rests_on(found) == "source"
    copy = await place.door.verify(stripped(out.path))
    assert (copy.answer, copy.clip_id) == (pb.ANSWER_MADE_HERE, out.clip_id)


async def test_a_recalled_clip_was_made_here_all_the_same(place: Place, second: Out) -> None:
    request = moderation_pb2.RecallClipRequest(clip_id=second.clip_id, reason="test")
    await place.door.moderation.RecallClip(request)
    found = await place.door.verify(stripped(second.path))
    assert (found.answer, found.clip_id) == (pb.ANSWER_MADE_HERE, second.clip_id)


async def test_pictures_that_cannot_be_decoded_leave_the_manifests_answer(
    place: Place, tmp_path: Path
) -> None:
    ours = credentials.load(place.settings.keys_folder)
    broken = make_hostile("damaged", tmp_path)
    path = write(tmp_path / "signed.mp4", broken, definition("x", created()), ours)
    found = await place.door.verify(path)
    assert found.c2pa.state == pb.C2PA_STATE_TRUSTED
    assert found.answer == pb.ANSWER_DECLARED_AI
    assert found.watermark.state == found.fingerprint.state == pb.LAYER_STATE_NOT_READ
    assert found.watermark.fault == found.fingerprint.fault != ""


async def test_small_pictures_are_released_without_a_mark(place: Place, tmp_path: Path) -> None:
    pictures = (cv2.resize(rgb, (160, 90)).astype(np.uint8) for rgb in scene(4))
    plain = make_clip(tmp_path / "small.mp4", fps=FPS, pictures=pictures, options={"crf": "10"})
    out = await released(place.door, plain)
    assert "watermark_key" not in await released_on_record(place.door, out.clip_id)
    assert b"c2pa.watermarked" not in out.path.read_bytes()
    found = await place.door.verify(stripped(out.path))
    assert found.watermark.state == pb.LAYER_STATE_NOT_FOUND
    assert (found.answer, found.clip_id) == (pb.ANSWER_MADE_HERE, out.clip_id)
    assert rests_on(found) == "copy"


async def test_a_page_shows_the_released_clip_beside_a_mirrored_piece(
    place: Place, first: Out, tmp_path: Path
) -> None:
    copy = attacked(
        first.path,
        "mirrored",
        lambda pictures: [np.ascontiguousarray(rgb[:, ::-1]) for rgb in pictures[FPS:]],
        fps=FPS,
    )
    found = await place.door.verify(copy)
    assert (found.answer, found.clip_id) == (pb.ANSWER_MADE_HERE, first.clip_id)
    target = tmp_path / "page.html"
    await origin.write(place.settings, copy, found, Target(target, force=False))
    page = Parsed(target.read_bytes())
    assert "come from one that was released here" in page.one("header").text
    beside = page.one("section", **{"aria-labelledby": "beside"}).text
    assert first.clip_id in beside
    assert "turned left to right" in beside
    pairs = page.one("ol", **{"class": "pairs"})
    shown = [each.attributes["alt"] for each in page.all("img") if pairs in each.within]
    times = [re.fullmatch(r"(.*) at 0:0(\d\.\d)(, turned left to right)?", each) for each in shown]
    ours, theirs = (each for each in times if each)
    assert (ours[1], ours[3]) == ("This clip", ", turned left to right")
    assert (theirs[1], theirs[3]) == ("The released clip", None)
    # It begins a second later; frames are compared twice a second.
    assert abs(float(theirs[2]) - float(ours[2]) - 1) <= 0.35


async def test_a_page_drawn_elsewhere_says_where_the_pictures_are(
    place: Place, first: Out, tmp_path: Path
) -> None:
    found = await place.door.verify(first.path)
    target, elsewhere = tmp_path / "page.html", settings_for(tmp_path / "elsewhere")
    await origin.write(elsewhere, first.path, found, Target(target, force=False))
    page = Parsed(target.read_bytes())
    assert "cannot be shown from this machine" in page.one("body").text
    assert page.all("ol", **{"class": "pairs"}) == []
    assert not elsewhere.home.exists()
