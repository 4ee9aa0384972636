"""What `framegate verify` says of the layers: for programs as JSON, for people in lines."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from framegate.v1 import provenance_pb2 as pb
from moderation.cli import answers, verification
from moderation.cli.received import fingerprint, neural, watermark
from provenance.layers import LayerState

FOUND, NOT_FOUND = pb.LAYER_STATE_FOUND, pb.LAYER_STATE_NOT_FOUND


def _response(**changes: object) -> pb.VerifyClipResponse:
    given: dict[str, object] = {
        "answer": pb.ANSWER_MADE_HERE,
        "clip_id": "clip-1",
        "c2pa": pb.C2paLayer(
            state=pb.C2PA_STATE_ABSENT,
            revocation=pb.REVOCATION_NOT_CHECKED,
            stamp=pb.TimeStamp(state=pb.STAMP_STATE_NONE),
        ),
        "watermark": pb.WatermarkLayer(
            state=FOUND, clip_id="clip-1", key_id="wm-1", p_value=3.2e-14, bits=121
        ),
        "fingerprint": pb.FingerprintLayer(
            state=FOUND,
            comparable=True,
            matches=[
                pb.FingerprintMatch(
                    clip_id="clip-1",
                    start_pts_ms=500,
                    end_pts_ms=3700,
                    original_start_pts_ms=2500,
                    original_end_pts_ms=5700,
                    frame_count=7,
                    distance=8,
                    mirrored=True,
                ),
                pb.FingerprintMatch(clip_id="clip-2", distance=60, derived=True),
            ],
        ),
    }
    return pb.VerifyClipResponse(**(given | changes))  # type: ignore[arg-type]


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Callable[[pb.VerifyClipResponse], str]:
    def run(value: pb.VerifyClipResponse) -> str:
        verification.show(answers.verification("a.mp4", value))
        return capsys.readouterr().out

    return run


def test_json_names_what_each_layer_found() -> None:
    told = json.loads(json.dumps(answers.verification("a.mp4", _response())))
    assert (told["answer"], told["rests_on"], told["clip_id"]) == (
        "made_here",
        "watermark",
        "clip-1",
    )
    layer = told["layers"]["watermark"]
    assert {name: layer[name] for name in ("found", "clip_id", "p_value", "bits")} == {
        "found": True,
        "clip_id": "clip-1",
        "p_value": 3.2e-14,
        "bits": 121,
    }
    layer = told["layers"]["fingerprint"]
    assert {name: layer[name] for name in ("clip_id", "matched_ms", "distance")} == {
        "clip_id": "clip-1",
        "matched_ms": 3200,
        "distance": 8,
    }
    assert [match["clip_id"] for match in layer["matches"]] == ["clip-1", "clip-2"]


def test_an_older_service_did_not_read_the_pictures() -> None:
    told = answers.verification(
        "a.mp4", _response(answer=pb.ANSWER_NO_EVIDENCE, watermark=None, fingerprint=None)
    )
    for name in ("watermark", "fingerprint"):
        layer = told["layers"][name]
        assert (layer["state"], layer["found"], layer["clip_id"]) == ("not_read", False, "")
    assert told["layers"]["fingerprint"]["distance"] is None
    assert told["layers"]["watermark"]["p_value"] == 1.0
    assert watermark(pb.WatermarkLayer()).state is LayerState.NOT_READ
    assert fingerprint(pb.FingerprintLayer()).state is LayerState.NOT_READ


def test_a_person_reads_what_was_found(shown: Callable[[pb.VerifyClipResponse], str]) -> None:
    lines = shown(_response()).splitlines()
    assert lines[0] == "a.mp4: released here"
    assert lines[1] == "  The pictures of this clip come from one that was released here."
    assert (
        "  watermark: of clip-1; 121 of 128 bits agree, by chance one in 31 trillion (p = 3.2e-14)"
    ) in lines
    assert ("  fingerprint: 3.2 s like clip-1, 8 of 256 bits apart, turned left to right") in lines


SILENT: dict[str, tuple[pb.WatermarkLayer, pb.FingerprintLayer, list[str]]] = {
    "none": (
        pb.WatermarkLayer(state=NOT_FOUND, p_value=0.3, bits=70),
        pb.FingerprintLayer(state=NOT_FOUND, comparable=True),
        [
            "watermark: none found, which proves nothing",
            "fingerprint: none found, which proves nothing",
        ],
    ),
    "plain": (
        pb.WatermarkLayer(state=NOT_FOUND),
        pb.FingerprintLayer(state=NOT_FOUND),
        ["fingerprint: the pictures are too plain to be known by"],
    ),
    "leaked": (
        pb.WatermarkLayer(state=NOT_FOUND, leaked=True, p_value=1e-30, bits=128, key_id="wm-1"),
        pb.FingerprintLayer(state=NOT_FOUND, comparable=True),
        ["watermark: made with a key that has leaked; it proves nothing"],
    ),
    "not read": (
        pb.WatermarkLayer(state=pb.LAYER_STATE_NOT_READ),
        pb.FingerprintLayer(state=pb.LAYER_STATE_NOT_READ, fault="CLIP_NOT_WHOLE"),
        [
            "watermark: not read. This house has no watermark key",
            "fingerprint: not read. They cannot be decoded",
            "(CLIP_NOT_WHOLE)",
        ],
    ),
}


@pytest.mark.parametrize("name", SILENT)
def test_a_person_reads_what_silence_means(
    name: str, shown: Callable[[pb.VerifyClipResponse], str]
) -> None:
    mark, looks, said = SILENT[name]
    value = _response(answer=pb.ANSWER_NO_EVIDENCE, clip_id="", watermark=mark, fingerprint=looks)
    out = shown(value)
    for each in said:
        assert each in out, each


WRITTEN = pb.NeuralLayer(
    state=FOUND, clip_id="clip-3", network_id="videoseal-64-ab", p_value=1e-12, bits=60, of_bits=64
)


def test_a_network_is_told_of_where_one_was_asked(
    shown: Callable[[pb.VerifyClipResponse], str],
) -> None:
    assert "neural" not in answers.verification("a.mp4", _response())["layers"]
    assert "network" not in shown(_response())
    assert neural(_response()) is None
    value = _response(
        answer=pb.ANSWER_INCONCLUSIVE,
        clip_id="",
        watermark=pb.WatermarkLayer(state=NOT_FOUND, p_value=0.3, bits=70),
        fingerprint=pb.FingerprintLayer(state=NOT_FOUND, comparable=True),
        neural=WRITTEN,
    )
    told = json.loads(json.dumps(answers.verification("a.mp4", value)))
    assert told["rests_on"] == "neural_alone"
    layer = told["layers"]["neural"]
    assert {name: layer[name] for name in ("found", "clip_id", "bits", "of_bits", "network")} == {
        "found": True,
        "clip_id": "clip-3",
        "bits": 60,
        "of_bits": 64,
        "network": "videoseal-64-ab",
    }
    assert layer["p_value"] == 1e-12
    lines = shown(value).splitlines()
    assert lines[1].endswith("leads to one that was released here, and nothing bears that out.")
    assert (
        "  network's mark: leads to clip-3; 60 of 64 bits agree (videoseal-64-ab), "
        "which anybody can write"
    ) in lines
    for layer, said in (
        (pb.NeuralLayer(state=NOT_FOUND, leaked=True), "key that has leaked"),
        (pb.NeuralLayer(state=NOT_FOUND), "none found, which proves nothing"),
        (
            pb.NeuralLayer(state=pb.LAYER_STATE_NOT_READ, fault="NEURAL_WATERMARK_FAILED"),
            "not read. The network that reads them failed.",
        ),
    ):
        assert f"network's mark: {said}" in shown(_response(neural=layer)).replace(
            "follows from a ", ""
        )


def test_a_transplanted_mark_is_said_first(shown: Callable[[pb.VerifyClipResponse], str]) -> None:
    value = _response(
        answer=pb.ANSWER_INCONCLUSIVE,
        clip_id="",
        fingerprint=pb.FingerprintLayer(state=NOT_FOUND, comparable=True),
    )
    assert answers.verification("a.mp4", value)["rests_on"] == "transplant"
    assert shown(value).splitlines()[1].endswith("of a clip that it does not look like.")


def test_every_answer_has_words(shown: Callable[[pb.VerifyClipResponse], str]) -> None:
    for name, value in pb.Answer.items():
        if value:
            assert shown(_response(answer=value)).startswith("a.mp4: "), name
