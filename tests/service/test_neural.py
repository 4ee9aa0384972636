"""A network's mark beside the watermark, through a real server: released, read, and forged."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import pytest_asyncio
from click.testing import CliRunner

from framegate.v1 import provenance_pb2 as pb
from media.probe import probe
from media.transcoding import transcode
from models.errors import ModelDigestMismatch
from moderation.cli import answers, verification
from moderation.cli.main import root
from provenance import engine
from provenance.keys import credentials
from provenance.watermark import keyfiles, networks, neural
from provenance.watermark.networks import NeuralWatermarkUnusable
from provenance.watermark.neural_embedding import NeuralEmbedder
from tests.clips import make_clip
from tests.house import house, settings_for
from tests.provenance.watermark.tiny_networks import BITS, seal_card
from tests.service.recognition import (
    FPS,
    Out,
    released,
    released_on_record,
    rests_on,
    scene,
    stripped,
)
from tests.service.resolution import FINGERPRINT, WATERMARK, Site, site

pytestmark = pytest.mark.asyncio(loop_scope="module")
NEURAL = neural.NEURAL_ALGORITHM


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seal_card(tmp_path_factory.mktemp("network"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(card: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    settings = settings_for(
        tmp_path_factory.mktemp("neural") / "home",
        watermark=True,
        watermark_neural=card,
        resolution_listen="127.0.0.1:0",
    )
    async with site(settings) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def out(place: Site, tmp_path_factory: pytest.TempPathFactory) -> Out:
    assert place.door is not None
    return await released(place.door, _drawn(tmp_path_factory.mktemp("first"), 1))


def _drawn(folder: Path, seed: int) -> Path:
    """A little over a second, small enough to be quick."""
    pictures = (cv2.resize(rgb, (320, 180)).astype(np.uint8) for rgb in scene(seed)[:15])
    path = folder / f"plain-{seed}.mp4"
    return make_clip(path, fps=FPS, pictures=pictures, options={"crf": "10"})


def _bindings(place: Site, path: Path) -> dict[str, bytes]:
    """The soft bindings of a clip's manifest, which everybody can read."""
    anchors = credentials.load(place.settings.keys_folder).anchors
    store = engine.read_store(path, "video/mp4", anchors)
    assert store is not None
    active = store.data["manifests"][store.data["active_manifest"]]
    return {
        one["data"]["alg"]: base64.b64decode(one["data"]["blocks"][0]["value"])
        for one in active["assertions"]
        if one["label"].startswith("c2pa.soft-binding")
    }


async def test_a_release_carries_both_marks_and_says_so(place: Site, out: Out, card: Path) -> None:
    assert place.door is not None
    network = networks.load(card)
    details = await released_on_record(place.door, out.clip_id)
    assert details["watermark_network"] == network.id
    bindings = _bindings(place, out.path)
    assert set(bindings) == {WATERMARK, NEURAL}
    (key,) = keyfiles.load(place.settings.keys_folder)
    assert bindings[NEURAL] == neural.binding_of(network, key, bindings[WATERMARK])
    assert len(bindings[NEURAL]) == BITS // 8
    assert out.path.read_bytes().count(b"c2pa.watermarked.bound") == 2


async def test_a_stripped_copy_is_found_by_the_network_too(
    place: Site, out: Out, card: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place.door is not None
    found = await place.door.verify(stripped(out.path))
    assert (found.answer, found.clip_id) == (pb.ANSWER_MADE_HERE, out.clip_id)
    assert found.watermark.clip_id == found.neural.clip_id == out.clip_id
    assert found.neural.state == pb.LAYER_STATE_FOUND
    assert found.neural.network_id == networks.check(card)
    assert found.neural.p_value <= 1e-9
    assert BITS * 0.9 < found.neural.bits <= found.neural.of_bits == BITS
    told = answers.verification("x.mp4", found)
    assert told["rests_on"] == "watermark"
    layer = told["layers"]["neural"]
    assert (layer["found"], layer["clip_id"], layer["of_bits"]) == (True, out.clip_id, BITS)
    verification.show(told)
    assert f"network's mark: leads to {out.clip_id}" in capsys.readouterr().out


async def test_recovery_says_what_the_network_read(
    place: Site, out: Out, card: Path, tmp_path: Path
) -> None:
    target = tmp_path / "found.c2pa"
    asked = ["--server", place.grpc, "recover", "--clip", str(stripped(out.path))]
    done = await asyncio.to_thread(CliRunner().invoke, root, [*asked, "-o", str(target), "--json"])
    assert done.exit_code == 0, done.output
    (match,) = json.loads(done.output)["matches"]
    (key,) = keyfiles.load(place.settings.keys_folder)
    told = match["neural"]
    assert (told["network"], told["key_id"]) == (networks.check(card), key.id)
    assert told["p_value"] <= 1e-9
    assert BITS * 0.9 < told["bits"] <= told["of_bits"] == BITS
    assert target.stat().st_size


async def test_a_mark_that_a_stranger_wrote_makes_no_clip_ours(
    place: Site, out: Out, card: Path, tmp_path: Path
) -> None:
    """Who has the network and a released clip needs no key: the manifest tells the payload."""
    assert place.door is not None
    payload = np.frombuffer(_bindings(place, out.path)[NEURAL], np.uint8)
    bits = np.unpackbits(payload).astype(np.float32)
    plain, forged = _drawn(tmp_path, 7), tmp_path / "forged.mp4"
    network = networks.load(card)
    transcode(
        plain, forged, probe(plain), [lambda canvas: NeuralEmbedder(canvas, network, bits, 2.0)]
    )
    found = await place.door.verify(forged)
    assert found.neural.state == pb.LAYER_STATE_FOUND
    assert (found.neural.clip_id, found.clip_id) == (out.clip_id, "")
    assert found.watermark.state == found.fingerprint.state == pb.LAYER_STATE_NOT_FOUND
    # The statistics are asked before it.
    asked = found.detection.answer == pb.ANSWER_NO_EVIDENCE or found.detection.reason
    assert found.answer == (pb.ANSWER_INCONCLUSIVE if asked else found.detection.answer)
    assert rests_on(found) == ("neural_alone" if asked else "statistics")

    (match,) = (await place.match(forged)).matches
    assert (match.clip_id, match.score) == (out.clip_id, 20)
    assert match.neural.bits == found.neural.bits
    assert match.statement.startswith("matched by a network with p = ")
    assert match.statement.endswith("but the pictures do not look like the clip")


async def test_it_is_looked_for_by_content_and_not_by_its_value(place: Site, out: Out) -> None:
    reply = await place.ask("GET", "/services/supportedAlgorithms")
    assert reply.json == {
        "watermarks": [{"alg": WATERMARK}, {"alg": NEURAL}],
        "fingerprints": [{"alg": FINGERPRINT}],
    }
    value = base64.urlsafe_b64encode(_bindings(place, out.path)[NEURAL]).decode()
    reply = await place.ask("GET", f"/matches/byBinding?alg={NEURAL}&value={value}")
    assert (reply.status, reply.reason) == (400, "ALGORITHM_UNKNOWN")
    assert "by content" in reply.json["error"]["message"]


async def test_another_file_than_the_card_names_stops_the_start(tmp_path: Path) -> None:
    card = seal_card(tmp_path)
    with (tmp_path / "seal.jit").open("ab") as stream:
        stream.write(b"\0")
    for given, refusal in (
        (card, ModelDigestMismatch),
        (tmp_path / "none.toml", NeuralWatermarkUnusable),
    ):
        settings = settings_for(tmp_path / "home", watermark=True, watermark_neural=given)
        with pytest.raises(refusal):
            async with house(settings):
                pass
