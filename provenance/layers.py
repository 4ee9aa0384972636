"""What a clip's pictures say of its origin: the layers that outlive a stripped manifest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LayerState(StrEnum):
    """Whether a layer has something to say."""

    NOT_READ = "not_read"
    NOT_FOUND = "not_found"
    FOUND = "found"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatermarkLayer:
    """What was read with the keys of this house.

    Attributes:
        state: Whether a watermark was found.
        clip_id: The released clip whose code it carries, or "".
        key_id: The key that it was found with, or "".
        p_value: Chance that a clip without a watermark agrees as well with any of the codes that
            were tried (Bonferroni); 1.0 where nothing was tried.
        bits: How many of the 128 bits agree with the code that fits best.
        leaked: It fits, but the key has leaked: whoever has it can put it anywhere, so that it is
            not `found`.
        sameness: How well a frame agrees with the registered clip where the watermark says that it
            lies there, -1 to 1 (`provenance.registration`); None where that was not asked.
        same: Whether that is enough to say that it shows that clip.
        fault: Why it was not read: the reason of an error, or "".
    """

    state: LayerState = LayerState.NOT_READ
    clip_id: str = ""
    key_id: str = ""
    p_value: float = 1.0
    bits: int = 0
    leaked: bool = False
    sameness: float | None = None
    same: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeuralLayer:
    """What a network that somebody else trained reads (`provenance.watermark.neural`).

    Whoever has the network, and everybody can, reads such a mark off one clip and writes it into
    another: it says which clip to compare with, and is never proof.

    Attributes:
        state: Whether the payload of a released clip was found.
        clip_id: That clip, or "".
        key_id: The key that its payload follows from, or "".
        network_id: The network, or "" where none was read.
        p_value: Chance that a clip that was marked without knowledge of any payload agrees as well
            with any of those that were tried (Bonferroni); 1.0 where nothing was tried.
        bits: How many bits agree with the payload that fits best.
        of_bits: Of how many.
        leaked: It fits, but the key has leaked, so that it is not `found`.
        fault: Why it was not read: the reason of an error, or "".
    """

    state: LayerState = LayerState.NOT_READ
    clip_id: str = ""
    key_id: str = ""
    network_id: str = ""
    p_value: float = 1.0
    bits: int = 0
    of_bits: int = 0
    leaked: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerprintMatch:
    """A released clip that the pictures look like.

    Attributes:
        clip_id: The released clip.
        start_ms: Where the stretch that looks like it begins in the clip that was asked about.
        end_ms: Where it ends.
        original_start_ms: Where it begins in the released clip.
        original_end_ms: Where it ends there.
        frames: Frames that match.
        distance: Median distance of their hashes, 0..256 bits; unrelated ones are 128 apart.
        mirrored: Whether it is shown turned left to right.
        cropped: Whether crops of it match better than the whole.
        derived: Whether it was made from other clips or pictures, so that what looks like it may
            be its source.
    """

    clip_id: str
    start_ms: int
    end_ms: int
    original_start_ms: int
    original_end_ms: int
    frames: int
    distance: int
    mirrored: bool
    cropped: bool
    derived: bool

    @property
    def matched_ms(self) -> int:
        """Length of the stretch."""
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerprintLayer:
    """What the pictures look like.

    Attributes:
        state: Whether they look like a released clip.
        matches: The clips, the best match first.
        comparable: Whether the pictures have anything to be known by; plain ones have not.
        fault: Why it was not read: the reason of an error, or "".
    """

    state: LayerState = LayerState.NOT_READ
    matches: tuple[FingerprintMatch, ...] = ()
    comparable: bool = False
    fault: str = ""

    def of(self, clip_id: str) -> FingerprintMatch | None:
        """Return the match with one clip, or None."""
        return next((match for match in self.matches if match.clip_id == clip_id), None)


UNREAD_WATERMARK = WatermarkLayer()
UNREAD_FINGERPRINT = FingerprintLayer()
