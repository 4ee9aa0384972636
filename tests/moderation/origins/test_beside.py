"""The layers of the pictures on the page: in words, and beside the released clip."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from media.limits import MediaLimits
from media.probe import probe
from moderation.assembly import worker_setup
from moderation.clips.jobs import FramesAtJob
from moderation.clips.results import FramesAt
from moderation.origins import Origin, render
from moderation.origins.chance import odds
from moderation.origins.comparison import MAX_PAIRS, Comparison, Pair, beside, moments
from moderation.origins.grounds import Ground, ground
from moderation.pages.stills import grey, stills
from moderation.worker import Station
from provenance.fingerprint.fingerprint import Marks, Thumbnail
from provenance.fingerprint.records import Registered
from provenance.layers import (
    FingerprintLayer,
    FingerprintMatch,
    LayerState,
    NeuralLayer,
    WatermarkLayer,
)
from provenance.report import C2paReport, C2paState
from provenance.trust import TrustList
from provenance.verification import Answer
from tests.clips import make_clip, picture
from tests.house import settings_for
from tests.moderation.clips.browser import browser_path, opened
from tests.moderation.clips.reports import Parsed

HOSTILE = '"><script>alert(1)</script>'
ABSENT = C2paReport(C2paState.ABSENT)
MARKED = WatermarkLayer(
    state=LayerState.FOUND, clip_id="clip-1", key_id="wm-1", p_value=3.2e-14, bits=121
)
MATCH = FingerprintMatch(
    clip_id="clip-1",
    start_ms=500,
    end_ms=8500,
    original_start_ms=2000,
    original_end_ms=10_000,
    frames=16,
    distance=6,
    mirrored=False,
    cropped=False,
    derived=False,
)
ALIKE = FingerprintLayer(state=LayerState.FOUND, matches=(MATCH,), comparable=True)
NONE = WatermarkLayer(state=LayerState.NOT_FOUND)
UNLIKE = FingerprintLayer(state=LayerState.NOT_FOUND, comparable=True)


def _like(**changes: object) -> FingerprintLayer:
    return replace(ALIKE, matches=(replace(MATCH, **changes),))  # type: ignore[arg-type]


CASES: dict[str, tuple[Answer, C2paReport, WatermarkLayer, FingerprintLayer, Ground, list[str]]] = {
    "by watermark": (
        *(Answer.MADE_HERE, ABSENT, MARKED, ALIKE, Ground.WATERMARK),
        [
            "The pictures of this clip come from one that was released here.",
            "one in 31 trillion",
            "121 of 128 bits",
            "This proves nothing about clips without a mark.",
            "8.0 s of it look like the released clip clip-1, 6 of 256 bits apart",
        ],
    ),
    "by watermark and direct comparison": (
        *(Answer.MADE_HERE, ABSENT, replace(MARKED, same=True), UNLIKE, Ground.WATERMARK),
        ["come from one that was released here", "one in 31 trillion"],
    ),
    "as handed out": (
        Answer.MADE_HERE,
        C2paReport(C2paState.TRUSTED, vouched_by=(TrustList.OWN,), manifest_id="m"),
        *(MARKED, ALIKE, Ground.MANIFEST),
        ["released here and is unchanged since"],
    ),
    "copy": (
        *(Answer.MADE_HERE, ABSENT, NONE, ALIKE, Ground.COPY),
        ["are a copy of one that was released here", "most clips never had one"],
    ),
    "transplanted": (
        *(Answer.INCONCLUSIVE, ABSENT, MARKED, UNLIKE, Ground.TRANSPLANT),
        [
            "carries the watermark of a clip that it does not look like",
            "The pictures do not look like its clip, so the mark may have been put onto something",
        ],
    ),
    "transplanted onto plain pictures": (
        Answer.INCONCLUSIVE,
        ABSENT,
        MARKED,
        replace(UNLIKE, comparable=False),
        Ground.TRANSPLANT,
        ["too plain to be compared", "They are plain or black throughout"],
    ),
    "another clip's mark": (
        *(Answer.INCONCLUSIVE, ABSENT, MARKED, _like(clip_id="clip-2"), Ground.TRANSPLANT),
        ["The pictures do not look like its clip", "like the released clip clip-2"],
    ),
    "look-alike": (
        *(Answer.INCONCLUSIVE, ABSENT, NONE, _like(distance=44), Ground.LOOKALIKE),
        ["which is no proof", "another recording of the same scene"],
    ),
    "source": (
        *(Answer.INCONCLUSIVE, ABSENT, NONE, _like(derived=True), Ground.SOURCE),
        ["may be its source", "made from other footage"],
    ),
    "changed and alike": (
        Answer.INCONCLUSIVE,
        C2paReport(C2paState.INVALID, manifest_id="m"),
        NONE,
        _like(distance=44, mirrored=True, cropped=True),
        Ground.MANIFEST,
        ["does not tell what was changed", "turned left to right", "edges are cut off"],
    ),
    "changed and marked": (
        Answer.MADE_HERE,
        C2paReport(C2paState.INVALID, manifest_id="m"),
        *(MARKED, ALIKE, Ground.WATERMARK),
        ["The record in the file does not hold."],
    ),
    "likely": (
        *(Answer.LIKELY_AI, ABSENT, NONE, UNLIKE, Ground.STATISTICS),
        ["likely AI", "its statistics are those of few real clips", "no proof"],
    ),
    "leaked": (
        Answer.NO_EVIDENCE,
        ABSENT,
        replace(NONE, key_id="wm-1", p_value=1e-30, bits=128, leaked=True),
        UNLIKE,
        Ground.MANIFEST,
        ["has leaked", "it proves nothing", "They look like none that can be compared."],
    ),
    "no key": (
        *(Answer.NO_EVIDENCE, ABSENT, WatermarkLayer(), UNLIKE, Ground.MANIFEST),
        ["This house has no watermark key"],
    ),
    "not decoded": (
        Answer.NO_EVIDENCE,
        ABSENT,
        WatermarkLayer(fault="CLIP_NOT_WHOLE"),
        FingerprintLayer(fault="JOB_TIMEOUT"),
        Ground.MANIFEST,
        ["cannot be decoded", "CLIP_NOT_WHOLE", "It took longer than is allowed."],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_case_is_told_in_words(name: str) -> None:
    answer, report, watermark, fingerprint, rests_on, said = CASES[name]
    assert ground(answer, report, watermark, fingerprint) is rests_on
    made = Origin(
        "a.mp4", answer, report, "ab" * 32, 0, watermark=watermark, fingerprint=fingerprint
    )
    told = " ".join(Parsed(render(made)).one("body").text.split())
    for each in said:
        assert each in told, each
    for lost in ("generated anew by a model", "crops to less than half of a side"):
        assert lost in told


WRITTEN = NeuralLayer(
    state=LayerState.FOUND,
    clip_id="clip-1",
    network_id="videoseal-64-ab",
    p_value=1e-12,
    bits=60,
    of_bits=64,
)
NETWORKS: dict[str, tuple[Answer, FingerprintLayer, NeuralLayer, Ground, list[str]]] = {
    "alone": (
        *(Answer.INCONCLUSIVE, UNLIKE, WRITTEN, Ground.NEURAL_ALONE),
        [
            "leads to one that was released here, and nothing bears that out",
            "everybody who has the network can put it onto any clip",
            "60 of 64 bits agree, by chance one in 1 trillion",
            "A network's mark leads to the released clip clip-1",
            "network videoseal-64-ab",
        ],
    ),
    "borne out": (
        *(Answer.MADE_HERE, _like(distance=44), WRITTEN, Ground.NEURAL),
        ["proves nothing by itself", "The pictures look like that clip."],
    ),
    "of a copy": (
        *(Answer.MADE_HERE, ALIKE, WRITTEN, Ground.COPY),
        ["are a copy of one that was released here"],
    ),
    "of its source": (
        *(Answer.INCONCLUSIVE, _like(derived=True), WRITTEN, Ground.SOURCE),
        ["may be its source", "Nothing else leads to that clip for sure."],
    ),
    "leaked": (
        *(Answer.NO_EVIDENCE, UNLIKE, NeuralLayer(state=LayerState.NOT_FOUND, leaked=True)),
        Ground.MANIFEST,
        ["the secret key that it follows from has leaked"],
    ),
    "not found": (
        *(Answer.NO_EVIDENCE, UNLIKE, NeuralLayer(state=LayerState.NOT_FOUND)),
        Ground.MANIFEST,
        ["Does a network read the mark", "it can be lost"],
    ),
    "failed": (
        *(Answer.NO_EVIDENCE, UNLIKE, NeuralLayer(fault="NEURAL_WATERMARK_FAILED")),
        Ground.MANIFEST,
        ["The network that reads them failed."],
    ),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_what_a_network_reads_is_told_in_words(name: str) -> None:
    answer, fingerprint, neural, rests_on, said = NETWORKS[name]
    assert ground(answer, ABSENT, NONE, fingerprint, neural) is rests_on
    made = Origin(
        *("a.mp4", answer, ABSENT, "ab" * 32, 0),
        watermark=NONE,
        fingerprint=fingerprint,
        neural=neural,
        beside=beside(NONE, fingerprint, neural),
    )
    told = " ".join(Parsed(render(made)).one("body").text.split())
    for each in said:
        assert each in told, each
    silent = Parsed(render(replace(made, neural=None, beside=None))).one("body").text
    assert "network read" not in silent
    assert "Network's mark" not in silent


def test_an_answer_in_doubt_is_not_laid_upon_a_record_that_is_not_there() -> None:
    asked = (Answer.INCONCLUSIVE, ABSENT, NONE, UNLIKE)
    assert ground(*asked, doubtful=True) is Ground.STATISTICS
    made = Origin("a.mp4", Answer.INCONCLUSIVE, ABSENT, "", 0, doubtful=True)
    assert "its statistics are not clear" in Parsed(render(made)).one("header").text
    # What names us without our seal stays a matter of the record.
    claims = C2paReport(C2paState.VALID, manifest_id="m")
    assert ground(Answer.INCONCLUSIVE, claims, NONE, ALIKE) is Ground.MANIFEST


def test_only_a_mark_that_fits_its_pictures_looks_good() -> None:
    for name, (answer, report, watermark, fingerprint, *_) in CASES.items():
        made = Origin("a", answer, report, "", 0, watermark=watermark, fingerprint=fingerprint)
        (told,) = (
            each for each in Parsed(render(made)).all("li") if "invisible watermark" in each.text
        )
        fits = watermark.same or fingerprint.of(watermark.clip_id) is not None
        assert (told.attributes["class"] == "good") is (watermark.clip_id != "" and fits), name


@pytest.mark.parametrize(
    ("p_value", "said"),
    [
        (1.0, "one in 1"),
        (0.5, "one in 2"),
        (0.3, "one in 3"),
        (1e-3, "one in 1 thousand"),
        (1e-9, "one in 1 billion"),
        (6e-10, "one in 1 billion"),
        (3.2e-14, "one in 31 trillion"),
        (1e-20, "one in 100 quintillion"),
        (1e-22, "less than one in a thousand quintillion"),
        (0.0, "less than one in a thousand quintillion"),
    ],
)
def test_chances_in_words(p_value: float, said: str) -> None:
    assert odds(p_value) == said


@given(st.floats(1e-20, 1))
def test_a_chance_is_never_made_to_look_smaller(p_value: float) -> None:
    names = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
    names |= {"quadrillion": 1e15, "quintillion": 1e18}
    count, *name = odds(p_value).removeprefix("one in ").split()
    size = int(count) * names.get(name[0] if name else "", 1)
    assert 1 / size >= p_value * (1 - 1e-6)
    assert 1 / size <= p_value * 2.01


def _registered(*thumbnails: int, until: int = 0) -> Registered:
    starts = np.array(thumbnails, np.int32)
    marks = Marks(
        starts,
        np.maximum(starts, until).astype(np.int32),
        np.zeros((len(starts), 32), np.uint8),
        np.full(len(starts), 100, np.uint8),
    )
    return Registered(
        clip_id="clip-1",
        created_ms=0,
        duration_ms=60_000,
        frames=marks,
        crops=marks,
        thumbnails=tuple(Thumbnail(each, str(each).encode()) for each in thumbnails),
    )


def test_moments_are_those_of_the_stretch_and_move_with_it() -> None:
    found, apart = moments(MATCH, _registered(0, 2000, 4000, 9900, 12_000))
    assert [(each.original_ms, each.upload_ms) for each in found] == [
        (2000, 500),
        (4000, 2500),
        (9900, 8400),
    ]
    assert not apart


def test_a_picture_stands_for_the_time_in_which_nothing_moves() -> None:
    found, apart = moments(MATCH, _registered(0, until=60_000))
    assert [(each.original_ms, each.upload_ms) for each in found] == [(0, 500)]
    assert not apart


def test_the_nearest_picture_stands_in_where_the_stretch_has_none() -> None:
    short = replace(MATCH, end_ms=700, original_start_ms=2500, original_end_ms=2700)
    found, apart = moments(short, _registered(0, 2000, 4000))
    assert [(each.original_ms, each.upload_ms) for each in found] == [(2000, 500)]
    assert apart
    assert moments(MATCH, _registered()) == ((), False)


def test_many_moments_are_spread_over_the_stretch() -> None:
    long = replace(MATCH, original_end_ms=100_000, end_ms=98_500)
    found, _ = moments(long, _registered(*range(2000, 100_001, 2000)))
    assert len(found) == MAX_PAIRS
    assert (found[0].original_ms, found[-1].original_ms) == (2000, 100_000)
    assert sorted(set(found), key=lambda each: each.original_ms) == list(found)


def test_the_watermarks_clip_is_shown_before_one_that_is_more_alike() -> None:
    other = replace(ALIKE, matches=(replace(MATCH, clip_id="clip-2"), MATCH))
    assert beside(MARKED, other) == Comparison("clip-1", MATCH)
    assert beside(NONE, other) == Comparison("clip-2", other.matches[0])
    assert beside(MARKED, UNLIKE) == Comparison("clip-1", None)
    assert beside(NONE, UNLIKE) is None
    # A network's mark comes last: everybody can write it.
    assert beside(NONE, UNLIKE, WRITTEN) == Comparison("clip-1", None)
    assert beside(NONE, other, WRITTEN) == Comparison("clip-2", other.matches[0])
    found, apart = moments(None, _registered(0, 2000))
    assert [(each.original_ms, each.upload_ms) for each in found] == [(0, 0), (2000, 2000)]
    assert not apart


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each picture is as bright as its number says, but for a dark left rim."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    return make_clip(path, fps=24, gop=12, pictures=(_lit(index) for index in range(48)))


def _lit(index: int) -> NDArray[np.uint8]:
    image = np.full((90, 160, 3), 40 + index * 4, np.uint8)
    image[:, :40] = 20
    return image


def _pixels(uri: str) -> NDArray[np.uint8]:
    data = base64.b64decode(uri.removeprefix("data:image/jpeg;base64,"))
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def test_stills_are_the_pictures_nearest_to_the_times(clip: Path) -> None:
    drawn = stills(clip, probe(clip), (1000, 20, 1000, 99_999))
    assert [each.at_ms for each in drawn if each] == [1000, 0, 1000, 1958]
    brightness = [_pixels(each.clear)[:, 60:].mean() for each in drawn if each]
    assert brightness == pytest.approx([136, 40, 136, 228], abs=6)
    assert stills(clip, probe(clip), ()) == ()


def test_a_worker_turns_a_mirrored_clip_back_and_draws_originals_anew(
    clip: Path, tmp_path: Path
) -> None:
    jpeg = cv2.imencode(".jpg", picture(0, (128, 72)))[1].tobytes()
    job = FramesAtJob(str(clip), MediaLimits(), (0, 500), (jpeg, b"\xff\xd8\xff no"), True)
    station = Station(worker_setup(settings_for(tmp_path)))
    result = station.run(job, lambda _: None, lambda: False)
    assert isinstance(result, FramesAt)
    for each in result.frames:
        assert each is not None
        drawn = _pixels(each.clear)
        assert drawn[:, -30:].mean() < 30 < drawn[:, :-50].mean()
        assert (drawn.max(axis=2) == drawn.min(axis=2)).all()
    original, none = result.originals
    assert original is not None
    assert (original.width, original.height) == (128, 72)
    assert none is None


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"])
def test_what_is_no_jpeg_is_not_drawn(data: bytes) -> None:
    assert grey(data) is None


@pytest.fixture(scope="module")
def page() -> bytes:
    still = grey(cv2.imencode(".jpg", picture(0, (128, 72)))[1].tobytes())
    assert still is not None
    pairs = tuple(Pair(2000 * n, 2000 * n - 1500, still, still) for n in range(1, MAX_PAIRS + 1))
    return render(
        Origin(
            "a.mp4",
            Answer.MADE_HERE,
            ABSENT,
            "ab" * 32,
            0,
            clip_id="clip-1",
            watermark=MARKED,
            fingerprint=ALIKE,
            beside=Comparison("clip-1", MATCH, pairs),
        )
    )


def test_pairs_have_words_for_who_does_not_see_them(page: bytes) -> None:
    parsed = Parsed(page)
    pairs = parsed.one("ol", **{"class": "pairs"})
    within = [each for each in parsed.elements if pairs in each.within]
    images = [each for each in within if each.name == "img"]
    assert len(images) == 2 * MAX_PAIRS
    assert images[0].attributes["alt"] == "This clip at 0:00.5"
    assert images[1].attributes["alt"] == "The released clip at 0:02.0"
    assert [each for each in within if each.name == "button"] == []
    told = parsed.one("section", **{"aria-labelledby": "beside"}).text
    assert "From 0:00.5 to 0:08.5 this clip looks like" in told


def test_hostile_ids_stay_text() -> None:
    layer = _like(clip_id=HOSTILE)
    made = Origin(
        "a.mp4",
        *(Answer.INCONCLUSIVE, ABSENT, "", 0),
        watermark=replace(MARKED, clip_id=HOSTILE, fault=HOSTILE, key_id=HOSTILE),
        fingerprint=layer,
        beside=Comparison(HOSTILE, layer.matches[0], missing=HOSTILE),
    )
    parsed = Parsed(render(made))
    assert len(parsed.all("script")) == 1
    assert parsed.one("body").text.count("<script>") >= 5


def test_a_browser_shows_the_pairs_without_a_script(page: bytes, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(page)
    browser_path()
    with opened(tmp_path / "profile") as tab:
        tab.call("Emulation.setScriptExecutionDisabled", value=True)
        tab.open(file)
        shown = "document.querySelector('.pairs img').checkVisibility()"
        assert tab.value(shown) is False
        tab.click("#beside ~ details summary")
        assert tab.value(shown) is True
        grid = "getComputedStyle(document.querySelector('.pairs')).gridTemplateColumns"
        for scheme in ("light", "dark"):
            tab.call(
                "Emulation.setEmulatedMedia",
                features=[{"name": "prefers-color-scheme", "value": scheme}],
            )
            for width, count in ((320, 1), (360, 1), (1280, 3)):
                tab.resize(width, 800, phone=width < 400)
                assert tab.value("document.documentElement.scrollWidth") <= width
                assert len(tab.value(grid).split()) == count
        assert tab.complaints == []
