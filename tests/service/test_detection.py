"""The statistics of clips: on record with each review, in each verification, asked of uploads."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from grpc import aio

from framegate.v1 import audit_pb2
from framegate.v1 import provenance_pb2 as pb
from models.errors import ModelDigestMismatch, UnknownModel
from moderation.assembly import NotReady, load_policy, open_gate
from moderation.clips.jobs import DetectJob, Job
from moderation.clips.results import Detected, Result
from moderation.clips.stage import ClipStage
from moderation.executor import JobTimeout, OnEvent
from provenance.detection.hub import HEAD
from provenance.errors import SourceRefused
from provenance.report import C2paState
from provenance.sources import Relation, SourceReport
from tests.house import error_info, header, house, settings_for
from tests.models.networks import dinov2, video_card
from tests.moderation.origins.test_statistics import SEEN
from tests.provenance import origins
from tests.provenance.detection.test_hub import HEAD_BYTES, grain
from tests.service.places import Place

pytestmark = pytest.mark.asyncio(loop_scope="module")

POLICY = Path(__file__).parents[2] / "moderation" / "policies" / "default.yaml"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default policy, but for synthetic sources."""
    text = POLICY.read_text(encoding="utf-8")
    assert "  synthetic: accept\n" in text
    path = tmp_path_factory.mktemp("policy") / "strict.yaml"
    path.write_text(text.replace("  synthetic: accept\n", "  synthetic: refuse\n"))
    return path


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    settings = settings_for(
        tmp_path_factory.mktemp("home"), detect_reviewed=True, synthetic_prior=0.2
    )
    async with house(settings) as door:
        yield Place(settings, door)


async def test_each_review_keeps_its_result_on_record(place: Place, everyday_clip: Path) -> None:
    verdict = await place.door.review(everyday_clip, header(), lambda _: None)
    page = await place.door.audit.ListEntries(audit_pb2.ListEntriesRequest(clip_id=verdict.clip_id))
    said = [
        json.loads(entry.leaf)["details"]["detection"]
        for entry in page.entries
        if entry.verdict_id == verdict.verdict_id
    ]
    assert len(said) == 1
    assert said[0].split()[0] in ("likely_ai", "inconclusive", "no_evidence")
    assert "fpr=" in said[0]
    assert "sha256:" in said[0]
    assert any(each.stage == "detect" for each in verdict.latency)


async def test_a_verification_says_what_the_score_is_worth(
    place: Place, everyday_clip: Path
) -> None:
    found = await place.door.verify(everyday_clip)
    layer = found.detection
    assert layer.fault == ""
    assert layer.answer in (pb.ANSWER_LIKELY_AI, pb.ANSWER_INCONCLUSIVE, pb.ANSWER_NO_EVIDENCE)
    assert 0 < layer.false_positive_rate <= 1
    assert layer.llr_low <= layer.llr <= layer.llr_high
    assert [each.prior for each in layer.posteriors] == [0.2, 0.001, 0.01, 0.1]
    for each in layer.posteriors:
        assert each.low <= each.probability <= each.high
    assert layer.timeline
    again = (await place.door.verify(everyday_clip)).detection
    assert again == layer, "the same bytes give the same answer"


async def test_the_policy_wants_no_synthetic_source(
    strict: Path, everyday_clip: Path, tmp_path: Path
) -> None:
    # Without the model nobody can tell, and that is no reason to take it.
    settings = settings_for(tmp_path / "home", policy=str(strict), cache=tmp_path / "empty")
    async with house(settings) as door:
        with pytest.raises(aio.AioRpcError) as refused:
            await door.send_source(everyday_clip)
        info = error_info(refused.value)
        assert info.reason == "SOURCE_REFUSED"
        assert info.metadata["field"] == "source"
        # A picture is not looked at.
        await door.send_source(origins.picture(tmp_path / "photo.jpg", kind="JPEG"))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The card of a larger network without a calibration, in a folder of its own."""
    folder = tmp_path_factory.mktemp("own")
    hub = folder / "cache" / "tiny"
    dinov2(hub)
    # All files lie beside the card: nothing has to be in the cache.
    beside = {path.name: path.read_bytes() for path in hub.iterdir()}
    shutil.rmtree(hub)
    hub.mkdir()
    video_card("tiny", hub, {HEAD: HEAD_BYTES, **beside}, folder / "tiny")
    return folder / "tiny"


async def test_a_model_of_ones_own_is_shown_and_has_no_weight(own: Path, tmp_path: Path) -> None:
    clip = grain(tmp_path / "a.mp4")
    settings = settings_for(tmp_path / "home", detect_model=str(own), detect_reviewed=True)
    async with house(settings) as door:
        found = await door.verify(clip)
        layer = found.detection
        assert (found.answer, layer.answer) == (pb.ANSWER_NO_EVIDENCE, pb.ANSWER_INCONCLUSIVE)
        assert (layer.reason, layer.llr, layer.fault) == ("uncalibrated", 0, "")
        assert layer.timeline
        assert not layer.posteriors
        verdict = await door.review(clip, header(), lambda _: None)
        page = await door.audit.ListEntries(audit_pb2.ListEntriesRequest(clip_id=verdict.clip_id))
        leaves = [json.loads(entry.leaf) for entry in page.entries]
        (said,) = {each for leaf in leaves if (each := leaf.get("details", {}).get("detection"))}
        assert said.startswith("inconclusive (uncalibrated) score=")
        assert said.endswith(layer.model_digest)


async def test_a_gate_that_could_refuse_nothing_does_not_open(
    own: Path, strict: Path, tmp_path: Path
) -> None:
    settings = settings_for(tmp_path / "home", detect_model=str(own), policy=str(strict))
    with pytest.raises(NotReady, match="would find none") as caught:
        async with open_gate(settings):
            pass
    assert caught.value.field == "detect_model"
    with pytest.raises(UnknownModel):
        async with open_gate(settings_for(tmp_path / "home", detect_model="nobody")):
            pass


async def test_changed_files_of_a_model_of_ones_own_stop_the_start(
    own: Path, tmp_path: Path
) -> None:
    shutil.copytree(own, tmp_path / "tiny")
    (tmp_path / "tiny" / HEAD).write_bytes(b"changed")
    settings = settings_for(tmp_path / "home", detect_model=str(tmp_path / "tiny"))
    with pytest.raises(ModelDigestMismatch):
        async with open_gate(settings):
            pass


class _Answers:
    """An executor that knows its answer to a look at the statistics."""

    def __init__(self, answer: Detected | None) -> None:
        self.answer = answer

    async def submit(self, job: Job, *, timeout_ms: int, on_event: OnEvent | None = None) -> Result:
        assert isinstance(job, DetectJob)
        assert timeout_ms > 0
        assert on_event is None
        if self.answer is None:
            raise JobTimeout("too long")
        return self.answer

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("state", list(C2paState))
@pytest.mark.parametrize("answer", [SEEN, None])
@pytest.mark.parametrize("refuse", [True, False])
async def test_only_a_trusted_manifest_speaks_for_a_source(
    strict: Path, tmp_path: Path, state: C2paState, answer: object, refuse: bool
) -> None:
    settings = settings_for(tmp_path, policy=str(strict) if refuse else "default")
    executor = _Answers(Detected(SEEN) if answer else None)
    stage = ClipStage(settings, load_policy(settings), executor)
    report = SourceReport(
        relation=Relation.INPUT, sha256="a" * 64, media_type="video/mp4", state=state
    )
    if refuse and state is not C2paState.TRUSTED:
        with pytest.raises(SourceRefused):
            await stage.check_source(tmp_path, report)
    else:
        await stage.check_source(tmp_path, report)
