"""Matches: which clips two layers lead to, in which order, with which score and words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.clips.matches import MatchLayer, matched
from provenance.layers import (
    FingerprintLayer,
    FingerprintMatch,
    LayerState,
    NeuralLayer,
    WatermarkLayer,
)

NO_MARK = WatermarkLayer(state=LayerState.NOT_FOUND, p_value=0.3, bits=70)
NO_LOOKS = FingerprintLayer(state=LayerState.NOT_FOUND, comparable=True)


def _mark(clip_id: str, p_value: float = 1e-30, **more: bool) -> WatermarkLayer:
    return WatermarkLayer(
        state=LayerState.FOUND, clip_id=clip_id, key_id="k", p_value=p_value, bits=120, **more
    )


def _looks(*pairs: tuple[str, int]) -> FingerprintLayer:
    matches = tuple(
        FingerprintMatch(
            clip_id=clip_id,
            start_ms=500,
            end_ms=3_000,
            original_start_ms=0,
            original_end_ms=2_500,
            frames=6,
            distance=distance,
            mirrored=False,
            cropped=False,
            derived=False,
        )
        for clip_id, distance in pairs
    )
    return FingerprintLayer(state=LayerState.FOUND, matches=matches, comparable=True)


@pytest.mark.parametrize(
    ("watermark", "fingerprint", "expected"),
    [
        (NO_MARK, NO_LOOKS, []),
        (_mark("a"), _looks(("a", 4)), [("a", 100)]),
        (_mark("a", 1e-9), _looks(("a", 4)), [("a", 90)]),
        (_mark("a", 0.0), _looks(("a", 4)), [("a", 100)]),
        (_mark("a"), NO_LOOKS, [("a", 30)]),
        (_mark("a", same=True), NO_LOOKS, [("a", 100)]),
        (NO_MARK, _looks(("a", 0)), [("a", 89)]),
        (NO_MARK, _looks(("a", 31), ("b", 14), ("c", 80)), [("b", 89), ("a", 76), ("c", 38)]),
        # Somebody's mark on somebody else's pictures: what they show stands first.
        (_mark("a"), _looks(("b", 70)), [("b", 45), ("a", 30)]),
        (_mark("a", 1e-9), _looks(("b", 0), ("a", 60)), [("a", 90), ("b", 89)]),
    ],
)
def test_clips_and_scores(
    watermark: WatermarkLayer, fingerprint: FingerprintLayer, expected: list[tuple[str, int]]
) -> None:
    found = matched(watermark, fingerprint)
    assert [(match.clip_id, match.score) for match in found] == expected
    for match in found:
        assert match.layers
        assert "trusted" not in match.statement
        assert match.statement.startswith("matched by ")


def test_words() -> None:
    both, only = matched(_mark("a", 2.5e-20), _looks(("a", 4), ("b", 20)))
    assert both.statement == (
        "matched by watermark with p = 2.5e-20 (120 of 128 bits), "
        "by fingerprint over 2.5 s (4 of 256 bits apart)"
    )
    assert only.statement == "matched by fingerprint over 2.5 s (20 of 256 bits apart)"
    (alone,) = matched(_mark("a"), NO_LOOKS)
    assert alone.statement.endswith("but the pictures do not look like the clip")


def test_a_layer_that_is_left_out_leads_to_nothing_by_itself() -> None:
    watermark, fingerprint = _mark("a"), _looks(("b", 4), ("a", 8))
    by_mark = matched(watermark, fingerprint, {MatchLayer.WATERMARK})
    assert [(match.clip_id, match.score) for match in by_mark] == [("a", 100)]
    by_looks = matched(watermark, fingerprint, {MatchLayer.FINGERPRINT})
    assert [match.clip_id for match in by_looks] == ["a", "b"]
    assert matched(watermark, fingerprint, set()) == ()


def test_a_networks_mark_stands_last_and_raises_no_score() -> None:
    written = NeuralLayer(
        state=LayerState.FOUND, clip_id="n", network_id="x", p_value=2e-12, bits=58, of_bits=64
    )
    (alone,) = matched(NO_MARK, NO_LOOKS, neural=written)
    assert (alone.clip_id, alone.score, alone.layers) == ("n", 20, (MatchLayer.NEURAL,))
    assert alone.statement == (
        "matched by a network with p = 2.0e-12 (58 of 64 bits), "
        "but the pictures do not look like the clip"
    )
    found = matched(_mark("a"), _looks(("b", 120), ("n", 31)), neural=written)
    assert [(one.clip_id, one.score) for one in found] == [("n", 76), ("a", 30), ("b", 6)]
    assert found[0].layers == (MatchLayer.FINGERPRINT, MatchLayer.NEURAL)
    both = matched(_mark("n", same=True), NO_LOOKS, neural=written)
    assert [(one.score, len(one.layers)) for one in both] == [(100, 2)]
    assert matched(NO_MARK, NO_LOOKS, {MatchLayer.WATERMARK}, neural=written) == ()
    (by_network,) = matched(NO_MARK, _looks(("b", 4)), {MatchLayer.NEURAL}, neural=written)
    assert by_network.clip_id == "n"
    lost = NeuralLayer(state=LayerState.NOT_FOUND, p_value=0.2, bits=40, of_bits=64)
    assert matched(NO_MARK, NO_LOOKS, neural=lost) == ()


@given(
    st.floats(0, 1e-9),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 256)), unique_by=lambda x: x[0]),
    st.sampled_from(["", "a", "d"]),
)
def test_scores_stay_in_their_bands(
    p_value: float, looks: list[tuple[str, int]], marked: str
) -> None:
    watermark = _mark(marked, p_value) if marked else NO_MARK
    found = matched(watermark, _looks(*looks) if looks else NO_LOOKS)
    assert [match.score for match in found] == sorted((one.score for one in found), reverse=True)
    assert len({match.clip_id for match in found}) == len(found)
    for match in found:
        both = len(match.layers) == 2
        assert match.score in (range(90, 101) if both else range(90))
        assert (match.score == 30) or both or match.watermark is None
        assert re.fullmatch(r"[a-z0-9 .,=()+-]+", match.statement)
