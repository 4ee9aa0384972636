"""What a clip was made from: kept whole, judged, and the same for two verifiers."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import encypher_c2pa
import pytest
from PIL import Image

from media.errors import Cancelled
from provenance import engine
from provenance.actions import (
    COMPOSITE_WITH_AI,
    TRAINED_ALGORITHMIC_MEDIA,
    Action,
    Mining,
    SoftBinding,
)
from provenance.errors import SourceConflict, SourceRefused
from provenance.keys.credentials import Credentials
from provenance.manifest import Release
from provenance.reading import C2paState, read
from provenance.signing import SignedClip, sign
from provenance.sources import Relation, Source
from tests.clips import make_clip
from tests.provenance import origins
from tests.provenance.conftest import RELEASE

STATES = {
    "unsigned": C2paState.ABSENT,
    "signed": C2paState.TRUSTED,
    "tampered": C2paState.INVALID,
    "stranger": C2paState.VALID,
}
CODES = {
    ("tampered", ".mp4"): "assertion.bmffHash.mismatch",
    ("tampered", ".png"): "assertion.dataHash.mismatch",
    ("stranger", ".mp4"): "signingCredential.untrusted",
    ("stranger", ".png"): "signingCredential.untrusted",
}


def _independent(path: Path, credentials: Credentials) -> Any:
    return encypher_c2pa.verify(
        str(path),
        trust_pem=credentials.anchors.own,
        no_default_trust=True,
        telemetry=False,
        online=False,
    )


def _store(path: Path, credentials: Credentials) -> Any:
    store = engine.read_store(path, "video/mp4", credentials.anchors)
    assert store is not None
    return store.data


@pytest.mark.parametrize("kind", origins.KINDS)
@pytest.mark.parametrize(
    ("relation", "suffix"),
    [
        (Relation.PARENT, ".mp4"),
        (Relation.PARENT, ".png"),
        (Relation.INPUT, ".mp4"),
        (Relation.INPUT, ".png"),
        (Relation.COMPONENT, ".mp4"),
    ],
)
def test_every_kind_of_source_in_every_relation(
    tmp_path: Path,
    plain: Path,
    ours: Credentials,
    stranger: Credentials,
    relation: Relation,
    suffix: str,
    kind: str,
) -> None:
    path = origins.make(tmp_path, suffix, kind, plain, {"ours": ours, "stranger": stranger})
    source = Source(path, relation)
    target = tmp_path / "out.mp4"
    accepted = {C2paState.TRUSTED, C2paState.VALID, C2paState.ABSENT}
    if kind == "tampered":
        with pytest.raises(SourceRefused) as caught:
            sign(plain, target, RELEASE, ours, sources=[source])
        assert (caught.value.field, caught.value.actual) == ("sources[0]", "invalid")
        assert CODES[kind, suffix] in caught.value.message
        assert not target.exists()
        accepted.add(C2paState.INVALID)
    done = sign(plain, target, RELEASE, ours, sources=[source], accepted=accepted)

    (report,) = done.sources
    assert (report.relation, report.state) == (relation, STATES[kind])
    codes = {reason.code for reason in report.reasons if reason.failure}
    assert codes == ({CODES[kind, suffix]} if (kind, suffix) in CODES else set())
    assert done.kept_ingredients == (kind != "unsigned")

    found = read(target, ours.anchors)
    assert found.state is C2paState.TRUSTED
    (told,) = found.ingredients
    assert (told.relationship, told.state) == (relation, STATES[kind])
    if (kind, suffix) in CODES:
        assert CODES[kind, suffix] in {reason.code for reason in told.reasons}
    by_ai = kind == "signed"
    assert found.digital_source_type == (TRAINED_ALGORITHMIC_MEDIA if by_ai else COMPOSITE_WITH_AI)
    # The source's own manifest is in the file, byte for byte where it can be looked for.
    if kind != "unsigned":
        assert report.manifest_id in _store(target, ours)["manifests"]

    other = _independent(target, ours)
    assert other["validation_state"] == "Trusted"
    assert other["validation_results"]["failure"] == []


def test_chain_of_five_remixes_reads_back_whole(
    tmp_path: Path, plain: Path, signed: tuple[Path, SignedClip], ours: Credentials
) -> None:
    path, ids = signed[0], [signed[1].manifest_id]
    for number in range(1, 6):
        # An editor writes a new file; nothing of the old manifest is in it.
        remixed = make_clip(tmp_path / f"remix-{number}.mp4", seconds=0.5, fps=12 + number)
        target = tmp_path / f"signed-{number}.mp4"
        release = Release(f"clip-{number}", "Remixer", str(number), 1000 + number)
        parent = Source(path, Relation.PARENT, title=f"Clip {number - 1}", thumbnail=True)
        done = sign(remixed, target, release, ours, sources=[parent])
        path, ids = target, [*ids, done.manifest_id]

    found = read(path, ours.anchors)
    assert found.state is C2paState.TRUSTED
    assert found.digital_source_type == TRAINED_ALGORITHMIC_MEDIA
    manifests = _store(path, ours)["manifests"]
    assert set(manifests) == set(ids)
    walked, at = [], ids[-1]
    while at:
        walked.append(at)
        parents = manifests[at].get("ingredients", [])
        assert all(one["relationship"] == "parentOf" for one in parents)
        assert len(parents) <= 1
        at = parents[0]["active_manifest"] if parents else ""
    assert walked == ids[::-1]
    labels = [
        assertion["data"]["clipId"]
        for at in walked
        for assertion in manifests[at]["assertions"]
        if assertion["label"] == "org.framegate.clip"
    ]
    assert labels == ["clip-5", "clip-4", "clip-3", "clip-2", "clip-1", RELEASE.clip_id]
    other = _independent(path, ours)
    assert other["validation_state"] == "Trusted"
    assert other["validation_results"]["failure"] == []
    assert set(ids) <= set(_texts(other))


def _texts(value: Any) -> set[str]:
    """Every manifest id that stands anywhere in a document."""
    text = json.dumps(value)
    return {"urn:c2pa:" + part[:36] for part in text.split("urn:c2pa:")[1:]}


def test_many_sources_at_once(
    tmp_path: Path, plain: Path, ours: Credentials, stranger: Credentials
) -> None:
    who = {"ours": ours, "stranger": stranger}
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    parent = origins.make(tmp_path / "a", ".mp4", "signed", plain, who)
    photo = origins.picture(tmp_path / "photo.jpg", kind="JPEG")
    theirs = origins.make(tmp_path / "b", ".png", "stranger", plain, who)
    footage = make_clip(
        tmp_path / "c" / "x.webm", seconds=0.5, codec="libvpx-vp9", options={"cpu-used": "8"}
    )
    sources = [
        Source(photo, Relation.INPUT),
        Source(parent, Relation.PARENT),
        Source(footage, Relation.COMPONENT),
        Source(theirs, Relation.INPUT),
    ]
    target = tmp_path / "out.mp4"
    done = sign(plain, target, RELEASE, ours, sources=sources)
    kinds = [report.media_type for report in done.sources]
    assert kinds == ["image/jpeg", "video/mp4", "video/x-matroska", "image/png"]
    assert done.kept_ingredients == 2
    data = _store(target, ours)
    active = data["manifests"][data["active_manifest"]]
    (actions,) = (a["data"] for a in active["assertions"] if a["label"] == "c2pa.actions.v2")
    referred = [
        (one["action"], len(one["parameters"]["ingredients"])) for one in actions["actions"]
    ]
    assert referred == [("c2pa.opened", 1), ("c2pa.edited", 2), ("c2pa.placed", 1)]
    other = _independent(target, ours)
    assert other["validation_state"] == "Trusted"
    assert other["validation_results"]["failure"] == []


def test_source_of_somebody_who_is_believed(
    tmp_path: Path, plain: Path, ours: Credentials, stranger: Credentials
) -> None:
    friendly = origins.trusting(ours, stranger.anchors.own)
    theirs = origins.make(tmp_path, ".mp4", "stranger", plain, {"ours": ours, "stranger": stranger})
    target = tmp_path / "out.mp4"
    done = sign(plain, target, RELEASE, friendly, sources=[Source(theirs, Relation.PARENT)])
    assert [report.state for report in done.sources] == [C2paState.TRUSTED]
    found = read(target, friendly.anchors)
    assert found.state is C2paState.TRUSTED
    assert found.own
    assert [one.state for one in found.ingredients] == [C2paState.TRUSTED]


def test_clip_with_a_manifest_is_its_own_only_parent(
    tmp_path: Path, plain: Path, signed: tuple[Path, SignedClip], ours: Credentials
) -> None:
    target = tmp_path / "out.mp4"
    with pytest.raises(SourceConflict) as caught:
        sign(signed[0], target, RELEASE, ours, sources=[Source(plain, Relation.PARENT)])
    assert caught.value.field == "sources[0]"
    assert not target.exists()
    done = sign(signed[0], target, RELEASE, ours, sources=[Source(plain, Relation.INPUT)])
    assert [one.carried for one in done.sources] == [True, False]
    assert [one.relationship for one in read(target, ours.anchors).ingredients] == [
        "parentOf",
        "inputTo",
    ]
    assert _independent(target, ours)["validation_state"] == "Trusted"


def test_stricter_policy_refuses_strangers_and_unsigned_sources(
    tmp_path: Path, plain: Path, ours: Credentials, stranger: Credentials
) -> None:
    who = {"ours": ours, "stranger": stranger}
    for kind in ("unsigned", "stranger"):
        source = Source(origins.make(tmp_path, ".mp4", kind, plain, who), Relation.INPUT)
        with pytest.raises(SourceRefused) as caught:
            sign(
                plain,
                tmp_path / "out.mp4",
                RELEASE,
                ours,
                sources=[source],
                accepted={C2paState.TRUSTED},
            )
        assert (caught.value.field, caught.value.actual) == ("sources[0]", STATES[kind])
    assert not (tmp_path / "out.mp4").exists()


def test_thumbnails_hold_pixels_and_nothing_of_a_person(
    tmp_path: Path, plain: Path, ours: Credentials
) -> None:
    photo = origins.picture(tmp_path / "photo.jpg", kind="JPEG", turned=True)
    assert origins.PRIVATE in photo.read_bytes()
    target = tmp_path / "out.mp4"
    sources = [
        Source(photo, Relation.INPUT, thumbnail=True),
        Source(plain, Relation.INPUT, thumbnail=True),
    ]
    done = sign(plain, target, RELEASE, ours, sources=sources)
    for word in (origins.PRIVATE, b"Exif", b"photo.jpg", b"plain.mp4", b"ICC_PROFILE"):
        assert word not in done.manifest_bytes
    assert b"c2pa.thumbnail.ingredient" in done.manifest_bytes
    store = engine.read_store(target, "video/mp4", ours.anchors, pictures=True)
    assert store is not None
    sizes = []
    for data in store.pictures.values():
        with Image.open(io.BytesIO(data)) as small:
            assert small.format == "JPEG"
            assert not small.getexif()
            assert set(small.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            sizes.append(small.size)
        assert len(data) < 32_768
    # The first one lies on its side in its file, and stands upright here.
    assert sizes == [(192, 256), (256, 144)]
    assert _independent(target, ours)["validation_state"] == "Trusted"


def test_no_thumbnail_unless_asked_for(tmp_path: Path, plain: Path, ours: Credentials) -> None:
    photo = origins.picture(tmp_path / "photo.png")
    done = sign(plain, tmp_path / "out.mp4", RELEASE, ours, sources=[Source(photo, Relation.INPUT)])
    assert b"c2pa.thumbnail" not in done.manifest_bytes


def test_stopping_between_sources_leaves_nothing(
    tmp_path: Path, plain: Path, ours: Credentials
) -> None:
    photo = origins.picture(tmp_path / "photo.png")
    packets = 0

    def should_stop() -> bool:
        nonlocal packets
        packets += 1
        return packets > 10_000

    sign(plain, tmp_path / "count.mp4", RELEASE, ours, should_stop=should_stop)
    # Once more than without sources: the question before the source.
    packets = 10_000 - packets + 2
    with pytest.raises(Cancelled):
        sign(
            plain,
            tmp_path / "out.mp4",
            RELEASE,
            ours,
            sources=[Source(photo, Relation.INPUT)],
            should_stop=should_stop,
        )
    assert not (tmp_path / "out.mp4").exists()


def test_everything_that_was_done_is_conformant(
    tmp_path: Path, plain: Path, ours: Credentials
) -> None:
    """Every assertion is the claim generator's, every action known and of stated origin."""
    photo = origins.picture(tmp_path / "photo.jpg", kind="JPEG")
    target = tmp_path / "out.mp4"
    release = Release(
        "clip-all",
        "VideoGen",
        "1.2",
        1000,
        actions=(
            Action("c2pa.addedText", 2000, "Mark", "1", TRAINED_ALGORITHMIC_MEDIA, "A label"),
            Action("c2pa.watermarked.bound", 3000, "Mark", "1"),
        ),
        soft_bindings=(
            SoftBinding("org.example.mark.1", b"\x01\x02\x03"),
            SoftBinding("org.example.print.1", b"\x04"),
        ),
        mining=Mining.NOT_ALLOWED,
        detector_url="https://example.com/check",
    )
    sources = [Source(photo, Relation.INPUT, thumbnail=True)]
    sign(plain, target, release, ours, sources=sources)
    document = engine.read_crjson(target, "video/mp4", ours.anchors)
    assert document is not None
    active = document["manifests"][0]
    claim = active["claim.v2"]
    created = {entry["url"].rsplit("/", 1)[-1] for entry in claim["created_assertions"]}
    assert created == set(active["assertions"])
    assert claim["gathered_assertions"] == []
    assert {label.split("__")[0] for label in active["assertions"]} == {
        "c2pa.actions.v2",
        "c2pa.hash.bmff.v3",
        "c2pa.ingredient.v3",
        "c2pa.soft-binding",
        "c2pa.thumbnail.ingredient",
        "cawg.training-mining",
        "org.framegate.clip",
    }
    actions = active["assertions"]["c2pa.actions.v2"]
    assert actions["allActionsIncluded"] is True
    assert [action["action"] for action in actions["actions"]] == [
        "c2pa.created",
        "c2pa.addedText",
        "c2pa.watermarked.bound",
    ]
    (reference,) = actions["actions"][0]["parameters"]["ingredients"]
    assert "c2pa.ingredient.v3" in reference["url"]
    assert active["validationResults"]["failure"] == []
    other = _independent(target, ours)
    assert other["validation_state"] == "Trusted"
    assert other["validation_results"]["failure"] == []
    assert engine.read_crjson(plain, "video/mp4", ours.anchors) is None
