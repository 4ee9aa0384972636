from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance import engine, verification
from provenance.detection.detection import Detection
from provenance.keys.credentials import Credentials
from provenance.layers import (
    FingerprintLayer,
    FingerprintMatch,
    LayerState,
    NeuralLayer,
    WatermarkLayer,
)
from provenance.manifest import Release, definition
from provenance.report import C2paReport, C2paState
from provenance.signing import SignedClip, sign
from provenance.trust import TrustAnchors
from provenance.verification import COPY_DISTANCE, Answer, Verification, answer, fuse, weigh
from tests.provenance.conftest import RELEASE

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
US = "Example Video"


def _believing(ours: Credentials, other: Credentials) -> Credentials:
    anchors = TrustAnchors(ours.anchors.own, other.anchors.own)
    return dataclasses.replace(ours, anchors=anchors)


def _write(path: Path, source: Path, made: dict[str, Any], by: Credentials) -> Path:
    """Sign with any definition, as anybody can."""
    with source.open("rb") as stream, path.open("w+b") as target:
        engine.write_signed(
            stream,
            target,
            "video/mp4",
            made,
            ingredients=(),
            chain_pem=by.chain_pem,
            key=by.key,
            anchors=by.anchors,
        )
    return path


def _their_definition(
    source_type: str, *, clip: bool = False, provider: str = "Other Video"
) -> Any:
    made = definition(RELEASE, provider=provider, media_type="video/mp4")
    made["assertions"][0]["data"]["actions"][0]["digitalSourceType"] = source_type
    if not clip:
        del made["assertions"][1]
    return made


def test_made_here(signed: tuple[Path, SignedClip], ours: Credentials) -> None:
    found = verification.verify(signed[0], ours)
    assert found.answer is Answer.MADE_HERE
    assert found.clip_id == RELEASE.clip_id


def test_no_manifest_is_no_evidence(plain: Path, ours: Credentials) -> None:
    found = verification.verify(plain, ours)
    assert found.answer is Answer.NO_EVIDENCE
    assert found.clip_id == ""


def test_tampered_is_inconclusive(
    tmp_path: Path, signed: tuple[Path, SignedClip], ours: Credentials
) -> None:
    data = bytearray(signed[0].read_bytes())
    data[len(data) // 2] ^= 1
    path = tmp_path / "tampered.mp4"
    path.write_bytes(data)
    found = verification.verify(path, ours)
    assert found.answer is Answer.INCONCLUSIVE
    assert found.clip_id == ""


@pytest.mark.parametrize(
    ("provider", "expected"),
    [(US, Answer.INCONCLUSIVE), ("Other Video", Answer.NO_EVIDENCE)],
)
def test_tampered_and_signed_again_by_an_attacker(
    tmp_path: Path,
    plain: Path,
    ours: Credentials,
    stranger: Credentials,
    provider: str,
    expected: Answer,
) -> None:
    made = definition(RELEASE, provider=provider, media_type="video/mp4")
    found = verification.verify(_write(tmp_path / "again.mp4", plain, made, stranger), ours)
    assert found.c2pa.state is C2paState.VALID
    assert found.answer is expected
    assert found.clip_id == ""


@pytest.mark.parametrize(
    ("source_type", "expected"),
    [
        ("trainedAlgorithmicMedia", Answer.DECLARED_AI),
        ("compositeWithTrainedAlgorithmicMedia", Answer.DECLARED_AI),
        ("compositeSynthetic", Answer.DECLARED_AI),
        ("digitalCapture", Answer.NO_EVIDENCE),
    ],
)
def test_others_that_the_operator_believes(
    tmp_path: Path,
    plain: Path,
    ours: Credentials,
    stranger: Credentials,
    source_type: str,
    expected: Answer,
) -> None:
    path = _write(tmp_path / "a.mp4", plain, _their_definition(IPTC + source_type), stranger)
    assert verification.verify(path, ours).answer is Answer.NO_EVIDENCE
    found = verification.verify(path, _believing(ours, stranger))
    assert found.c2pa.state is C2paState.TRUSTED
    assert found.answer is expected


def test_a_believed_house_may_run_the_same_software(
    tmp_path: Path, plain: Path, ours: Credentials, stranger: Credentials
) -> None:
    path = tmp_path / "theirs.mp4"
    sign(plain, path, RELEASE, stranger)
    assert verification.verify(path, _believing(ours, stranger)).answer is Answer.DECLARED_AI


def test_a_believed_house_that_uses_our_name_is_inconclusive(
    tmp_path: Path, plain: Path, ours: Credentials, stranger: Credentials
) -> None:
    made = _their_definition(IPTC + "trainedAlgorithmicMedia", clip=True, provider=US)
    path = _write(tmp_path / "claims.mp4", plain, made, stranger)
    assert verification.verify(path, _believing(ours, stranger)).answer is Answer.INCONCLUSIVE


def test_our_key_without_a_clip_is_not_made_here(
    tmp_path: Path, plain: Path, ours: Credentials
) -> None:
    path = _write(tmp_path / "a.mp4", plain, _their_definition(IPTC + "digitalCapture"), ours)
    assert verification.verify(path, ours).answer is Answer.NO_EVIDENCE


def test_parent_that_is_declared_ai_counts(
    tmp_path: Path, signed: tuple[Path, SignedClip], ours: Credentials, stranger: Credentials
) -> None:
    # An upload site opens our clip and says nothing of its own about how it was made.
    made = _their_definition("")
    made["assertions"][0]["data"]["actions"] = [
        {"action": "c2pa.opened", "parameters": {"ingredientIds": ["p"]}},
        {"action": "c2pa.published"},
    ]
    path = tmp_path / "published.mp4"
    with signed[0].open("rb") as stream, path.open("w+b") as target:
        engine.write_signed(
            stream,
            target,
            "video/mp4",
            made,
            ingredients=[
                engine.IngredientFile(
                    signed[0],
                    "video/mp4",
                    {"relationship": "parentOf", "label": "p", "title": "x"},
                )
            ],
            chain_pem=stranger.chain_pem,
            key=stranger.key,
            anchors=TrustAnchors(ours.anchors.own, stranger.anchors.own),
        )
    found = verification.verify(path, _believing(ours, stranger))
    assert found.answer is Answer.DECLARED_AI
    assert found.clip_id == ""


def test_under_a_public_root_the_name_decides() -> None:
    """An authority that issues to many is an anchor of ours: its other customers are not us."""
    base = C2paReport(
        C2paState.TRUSTED,
        own=True,
        clip_id="clip-1",
        digital_source_type=IPTC + "trainedAlgorithmicMedia",
    )
    ours = dataclasses.replace(base, signer_organization=US, provider=US)
    theirs = dataclasses.replace(base, signer_organization="Other", provider="Other")
    liars = dataclasses.replace(base, signer_organization="Other", provider=US)
    assert answer(ours, US) is Answer.MADE_HERE
    assert answer(theirs, US) is Answer.DECLARED_AI
    assert answer(liars, US) is Answer.INCONCLUSIVE


def test_no_answer_says_real() -> None:
    assert {str(one) for one in Answer} == {
        "made_here",
        "declared_ai",
        "likely_ai",
        "inconclusive",
        "no_evidence",
    }


def test_values_travel_as_messagepack(
    tmp_path: Path, signed: tuple[Path, SignedClip], ours: Credentials
) -> None:
    target = tmp_path / "twice.mp4"
    done = sign(signed[0], target, Release("clip-2", "Remixer", "3", 1000), ours)
    found = verification.verify(target, ours)
    for value, kind in ((found, Verification), (done, SignedClip), (RELEASE, Release)):
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(value), type=kind) == value


def test_who_never_signs_can_ask_too(signed: tuple[Path, SignedClip], tmp_path: Path) -> None:
    stranger = TrustAnchors(own="")
    found = verification.verify(signed[0], stranger)
    assert (found.c2pa.state, found.answer) == (C2paState.VALID, Answer.NO_EVIDENCE)
    assert found.clip_id == ""


OTHERS = (Answer.DECLARED_AI, Answer.INCONCLUSIVE, Answer.NO_EVIDENCE)
BY_MANIFEST = {
    Answer.MADE_HERE: Verification(Answer.MADE_HERE, C2paReport(C2paState.TRUSTED), "clip-m"),
    Answer.DECLARED_AI: Verification(Answer.DECLARED_AI, C2paReport(C2paState.TRUSTED)),
    Answer.INCONCLUSIVE: Verification(Answer.INCONCLUSIVE, C2paReport(C2paState.INVALID)),
    Answer.NO_EVIDENCE: Verification(Answer.NO_EVIDENCE, C2paReport(C2paState.ABSENT)),
}
FOUND = LayerState.FOUND


def _match(clip_id: str, distance: int = 6, *, derived: bool = False) -> FingerprintMatch:
    return FingerprintMatch(
        clip_id=clip_id,
        start_ms=0,
        end_ms=1000,
        original_start_ms=0,
        original_end_ms=1000,
        frames=3,
        distance=distance,
        mirrored=False,
        cropped=False,
        derived=derived,
    )


def _alike(*matches: FingerprintMatch) -> FingerprintLayer:
    state = FOUND if matches else LayerState.NOT_FOUND
    return FingerprintLayer(state=state, matches=matches, comparable=True)


def _marked(clip_id: str, *, same: bool = False) -> WatermarkLayer:
    return WatermarkLayer(state=FOUND, clip_id=clip_id, p_value=1e-20, bits=120, same=same)


UNMARKED = WatermarkLayer(state=LayerState.NOT_FOUND, p_value=0.4, bits=70)
LEAKED = WatermarkLayer(state=LayerState.NOT_FOUND, p_value=1e-30, bits=128, leaked=True)
UNREAD = (WatermarkLayer(fault="JOB_TIMEOUT"), FingerprintLayer(fault="JOB_TIMEOUT"))
# What the pictures say, and what becomes of declared_ai, inconclusive and no_evidence, in this
# order; None where they stay. At last the clip that is named where one becomes made_here.
TABLE: dict[str, tuple[WatermarkLayer, FingerprintLayer, tuple[Answer | None, ...], str]] = {
    "nothing": (UNMARKED, _alike(), (None, None, None), ""),
    "not read": (*UNREAD, (None, None, None), ""),
    "mark and looks": (_marked("a"), _alike(_match("a")), (Answer.MADE_HERE,) * 3, "a"),
    "mark and distant looks": (
        _marked("a"),
        _alike(_match("b"), _match("a", 60)),
        (Answer.MADE_HERE,) * 3,
        "a",
    ),
    "mark and looks, derived": (
        _marked("a"),
        _alike(_match("a", derived=True)),
        (Answer.MADE_HERE,) * 3,
        "a",
    ),
    "mark, compared directly": (
        _marked("a", same=True),
        _alike(),
        (Answer.MADE_HERE,) * 3,
        "a",
    ),
    "mark alone": (_marked("a"), _alike(), (Answer.INCONCLUSIVE,) * 3, ""),
    "mark alone, looks not read": (
        _marked("a"),
        FingerprintLayer(fault="JOB_TIMEOUT"),
        (Answer.INCONCLUSIVE,) * 3,
        "",
    ),
    "mark of one, looks of another": (
        _marked("a"),
        _alike(_match("b", 0)),
        (Answer.INCONCLUSIVE,) * 3,
        "",
    ),
    "copy": (UNMARKED, _alike(_match("a", 31)), (None, None, Answer.MADE_HERE), "a"),
    "copy, leaked mark": (LEAKED, _alike(_match("a")), (None, None, Answer.MADE_HERE), "a"),
    "leaked mark alone": (LEAKED, _alike(), (None, None, None), ""),
    "look-alike": (UNMARKED, _alike(_match("a", 32)), (None, None, Answer.INCONCLUSIVE), ""),
    "source": (
        UNMARKED,
        _alike(_match("a", 0, derived=True), _match("b", 0)),
        (None, None, Answer.INCONCLUSIVE),
        "",
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_what_the_pictures_say_is_put_beside_the_manifest(name: str) -> None:
    watermark, fingerprint, expected, clip_id = TABLE[name]
    for said, becomes in zip(OTHERS, expected, strict=True):
        made = fuse(BY_MANIFEST[said], watermark, fingerprint)
        assert made.answer is (becomes or said), said
        assert made.clip_id == (clip_id if made.answer is Answer.MADE_HERE else "")
    # Our own manifest is bound to the very bytes and stands above whatever pictures say.
    ours = fuse(BY_MANIFEST[Answer.MADE_HERE], watermark, fingerprint)
    assert (ours.answer, ours.clip_id) == (Answer.MADE_HERE, "clip-m")


_ids = st.sampled_from(["a", "b", "c"])
_matches = st.builds(_match, _ids, st.integers(0, 128), derived=st.booleans())
_fingerprints = st.one_of(
    st.just(FingerprintLayer(fault="WORKER_LOST")),
    st.lists(_matches, max_size=4, unique_by=lambda each: each.clip_id).map(
        lambda matches: _alike(*matches)
    ),
)
_watermarks = st.one_of(
    st.sampled_from([UNMARKED, LEAKED, WatermarkLayer()]),
    st.builds(_marked, _ids, same=st.booleans()),
)


@given(st.sampled_from(OTHERS), _watermarks, _fingerprints)
def test_no_watermark_makes_a_clip_ours_by_itself(
    said: Answer, watermark: WatermarkLayer, fingerprint: FingerprintLayer
) -> None:
    found = BY_MANIFEST[said]
    made = fuse(found, watermark, fingerprint)
    assert (made.c2pa, made.watermark, made.fingerprint) == (found.c2pa, watermark, fingerprint)
    assert bool(made.clip_id) is (made.answer is Answer.MADE_HERE)
    seen = {match.clip_id for match in fingerprint.matches}
    if made.answer is Answer.MADE_HERE:
        compared = watermark.same and watermark.clip_id == made.clip_id
        assert made.clip_id in seen or compared
        if watermark.state is FOUND:
            assert made.clip_id == watermark.clip_id
        else:
            best = fingerprint.matches[0]
            assert (best.clip_id, best.derived) == (made.clip_id, False)
            assert best.distance <= COPY_DISTANCE
    if watermark.state is FOUND and watermark.clip_id not in seen and not watermark.same:
        assert made.answer is Answer.INCONCLUSIVE
    assert made.answer in {said, Answer.MADE_HERE, Answer.INCONCLUSIVE}


@given(st.sampled_from(OTHERS), _fingerprints)
def test_a_leaked_mark_changes_nothing(said: Answer, fingerprint: FingerprintLayer) -> None:
    found = BY_MANIFEST[said]
    without, leaked = (fuse(found, each, fingerprint) for each in (UNMARKED, LEAKED))
    assert (leaked.answer, leaked.clip_id) == (without.answer, without.clip_id)


def _written(clip_id: str) -> NeuralLayer:
    return NeuralLayer(state=FOUND, clip_id=clip_id, p_value=1e-20, bits=60, of_bits=64)


UNWRITTEN = NeuralLayer(state=LayerState.NOT_FOUND, p_value=0.4, bits=38, of_bits=64)
NETWORKS: dict[str, tuple[FingerprintLayer, Answer, str]] = {
    "the mark alone": (_alike(), Answer.NO_EVIDENCE, ""),
    "looks not read": (FingerprintLayer(fault="JOB_TIMEOUT"), Answer.NO_EVIDENCE, ""),
    "looks like that clip": (_alike(_match("a", 60)), Answer.MADE_HERE, "a"),
    "is a copy of that clip": (_alike(_match("a", 3)), Answer.MADE_HERE, "a"),
    "looks like its source": (_alike(_match("a", 3, derived=True)), Answer.INCONCLUSIVE, ""),
    "looks like another": (_alike(_match("b", 60)), Answer.INCONCLUSIVE, ""),
    "looks more like another": (
        _alike(_match("b", 50), _match("a", 60)),
        Answer.INCONCLUSIVE,
        "",
    ),
    "is a copy of another": (_alike(_match("b", 3), _match("a", 60)), Answer.MADE_HERE, "b"),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_networks_mark_counts_where_the_pictures_bear_it_out(name: str) -> None:
    fingerprint, expected, clip_id = NETWORKS[name]
    found = BY_MANIFEST[Answer.NO_EVIDENCE]
    made = fuse(found, UNMARKED, fingerprint, _written("a"))
    assert (made.answer, made.clip_id) == (expected, clip_id)
    assert made.neural == _written("a")
    # It is asked last of all: what nothing bears out is no answer before the statistics.
    last = Answer.INCONCLUSIVE if expected is Answer.NO_EVIDENCE else expected
    assert (weigh(made, None).answer, made.clip_id) == (last, clip_id)


def test_statistics_are_not_hidden_by_a_mark_that_anybody_can_write() -> None:
    made = fuse(BY_MANIFEST[Answer.NO_EVIDENCE], UNMARKED, _alike(), _written("a"))
    likely = Detection("likely_ai", 0.9, 1.0, 0.5, 1.5, 0.01, "", 0.0, "", (), "", "ab")
    assert weigh(made, likely).answer is Answer.LIKELY_AI


_neurals = st.one_of(st.sampled_from([None, UNWRITTEN, NeuralLayer()]), st.builds(_written, _ids))


@given(st.sampled_from(list(BY_MANIFEST)), _watermarks, _fingerprints, _neurals)
def test_no_networks_mark_makes_a_clip_ours_or_takes_a_better_answer_away(
    said: Answer,
    watermark: WatermarkLayer,
    fingerprint: FingerprintLayer,
    neural: NeuralLayer | None,
) -> None:
    found = BY_MANIFEST[said]
    without = weigh(fuse(found, watermark, fingerprint), None)
    made = weigh(fuse(found, watermark, fingerprint, neural), None)
    if (made.answer, made.clip_id) == (without.answer, without.clip_id):
        return
    assert neural is not None
    assert (said, neural.state) == (Answer.NO_EVIDENCE, FOUND)
    assert watermark.state is not FOUND
    if made.answer is Answer.MADE_HERE:
        best = fingerprint.matches[0]
        assert (best.clip_id, best.derived) == (neural.clip_id, False)
        assert without.answer is Answer.INCONCLUSIVE
    else:
        assert (made.answer, without.answer) == (Answer.INCONCLUSIVE, Answer.NO_EVIDENCE)
