"""Released clips that a clip's pictures lead to: by which layer, how surely, and in which words.

A match never says that the clip that was sent is as it was signed: whatever leads from pictures to
a manifest says nothing of the bytes of the file. So its words are "matched by", and no more.

| score | what it means |
|---|---|
| 90 to 100 | the pictures carry its watermark and look like it: `-10 log10(p)`, at most 100 |
| 38 to 89 | they look like it: `100 (1 - distance / 128)`, at most 89 |
| 30 | they carry its watermark and do not look like it: it may have been put there |
| 20 | a network reads its mark in them, which anybody can write, and nothing else leads to it |

The last rows stand below every look-alike, because a mark that was copied onto something else leads
to a clip that the pictures do not show. What a network reads raises no score.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from provenance.fingerprint.pdq import HASH_BITS
from provenance.layers import (
    FingerprintLayer,
    FingerprintMatch,
    LayerState,
    NeuralLayer,
    WatermarkLayer,
)
from provenance.watermark.keys import ALGORITHM
from provenance.watermark.neural import NEURAL_ALGORITHM

FINGERPRINT_ALGORITHM: Final = "org.framegate.fingerprint.1"
"""Name of the fingerprint among C2PA's soft bindings: PDQ hashes of frames, aligned in time."""

_BEST: Final = 100
_BEST_LOOKALIKE: Final = 89
_MARK_ALONE: Final = 30
_NETWORK_ALONE: Final = 20
_LEAST_P: Final = 1e-300
_BITS: Final = 128
_UNRELATED: Final = HASH_BITS / 2


class MatchLayer(StrEnum):
    """What leads from pictures to a clip."""

    WATERMARK = "watermark"
    FINGERPRINT = "fingerprint"
    NEURAL = "neural"

    @property
    def algorithm(self) -> str:
        """Its name among C2PA's soft bindings."""
        return {
            MatchLayer.WATERMARK: ALGORITHM,
            MatchLayer.FINGERPRINT: FINGERPRINT_ALGORITHM,
            MatchLayer.NEURAL: NEURAL_ALGORITHM,
        }[self]


ALL_LAYERS: Final = frozenset(MatchLayer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A released clip that pictures lead to.

    Attributes:
        clip_id: The clip.
        manifest_id: Label of its manifest.
        recalled: Whether it was recalled after its release.
        watermark: The watermark that was found, or None.
        fingerprint: The stretch that looks like it, or None.
        neural: What a network reads, or None; one of the three is there.
    """

    clip_id: str
    manifest_id: str = ""
    recalled: bool = False
    watermark: WatermarkLayer | None = None
    fingerprint: FingerprintMatch | None = None
    neural: NeuralLayer | None = None

    @property
    def layers(self) -> tuple[MatchLayer, ...]:
        """What leads to it."""
        found = (
            (MatchLayer.WATERMARK, self.watermark),
            (MatchLayer.FINGERPRINT, self.fingerprint),
            (MatchLayer.NEURAL, self.neural),
        )
        return tuple(layer for layer, match in found if match is not None)

    @property
    def alike(self) -> bool:
        """Whether the pictures look like the clip."""
        seen = self.watermark is not None and self.watermark.same
        return seen or self.fingerprint is not None

    @property
    def score(self) -> int:
        """How strong it is, 0..100; see the table of this module."""
        if self.watermark is not None:
            if not self.alike:
                return _MARK_ALONE
            return min(_BEST, round(-10 * math.log10(max(self.watermark.p_value, _LEAST_P))))
        if self.fingerprint is None:
            return _NETWORK_ALONE
        alike = round(_BEST * (1 - self.fingerprint.distance / _UNRELATED))
        return max(0, min(_BEST_LOOKALIKE, alike))

    @property
    def statement(self) -> str:
        """By what it was matched, in words."""
        said = []
        if self.watermark is not None:
            said.append(
                f"by watermark with p = {self.watermark.p_value:.1e} "
                f"({self.watermark.bits} of {_BITS} bits)"
            )
        if self.neural is not None:
            said.append(
                f"by a network with p = {self.neural.p_value:.1e} "
                f"({self.neural.bits} of {self.neural.of_bits} bits)"
            )
        if self.fingerprint is not None:
            stretch = f"{self.fingerprint.matched_ms / 1000:.1f} s"
            said.append(
                f"by fingerprint over {stretch} "
                f"({self.fingerprint.distance} of {HASH_BITS} bits apart)"
            )
        elif not self.alike:
            said.append("but the pictures do not look like the clip")
        return f"matched {', '.join(said)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """What pictures lead to.

    Attributes:
        found: The clips, the strongest match first.
        comparable: Whether the pictures have anything to be known by; plain ones have not.
    """

    found: tuple[Match, ...]
    comparable: bool


def matched(
    watermark: WatermarkLayer,
    fingerprint: FingerprintLayer,
    layers: Collection[MatchLayer] = ALL_LAYERS,
    *,
    neural: NeuralLayer | None = None,
) -> tuple[Match, ...]:
    """Put the layers together, one match a clip, the strongest first. Pure.

    Args:
        watermark: What the pictures carry.
        fingerprint: What they look like.
        layers: Those that may lead to a clip. Another layer is told where it agrees, and never
            leads to a clip by itself.
        neural: What a network reads, or None.
    """
    marked = watermark.clip_id if watermark.state is LayerState.FOUND else ""
    written = neural.clip_id if neural is not None and neural.state is LayerState.FOUND else ""
    ids = []
    if marked and MatchLayer.WATERMARK in layers:
        ids.append(marked)
    if MatchLayer.FINGERPRINT in layers:
        ids += [match.clip_id for match in fingerprint.matches]
    if written and MatchLayer.NEURAL in layers:
        ids.append(written)
    found = (
        Match(
            clip_id=clip_id,
            watermark=watermark if clip_id == marked else None,
            fingerprint=fingerprint.of(clip_id),
            neural=neural if clip_id == written else None,
        )
        for clip_id in dict.fromkeys(ids)
    )
    return tuple(sorted(found, key=lambda match: -match.score))
