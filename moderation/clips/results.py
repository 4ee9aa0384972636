"""What a clip worker answers: plain values that cross a process border.

They travel as MessagePack and are checked against these types on arrival. Nothing is unpickled:
a worker that hostile media took over can send wrong numbers, but no code.
"""

from __future__ import annotations

import msgspec

from moderation.pages.picture import Picture
from moderation.verdict import Degradation, ModelRef, Sampling
from provenance.detection.detection import Detection
from provenance.fingerprint.records import Packed
from provenance.registration import Sameness
from provenance.signing import SignedClip
from provenance.sources import SourceReport
from provenance.tree import Node
from provenance.verification import Verification
from provenance.watermark.placement import Placement


class FrameScores(msgspec.Struct, frozen=True):
    """What one classifier says of the sampled frames, in their order.

    Attributes:
        source: Id of the model.
        categories: What it scores.
        scores: One row a frame, one column a category, calibrated, 0 to 1.
    """

    source: str
    categories: tuple[str, ...]
    scores: tuple[tuple[float, ...], ...]


class FramesSeen(msgspec.Struct, frozen=True, tag=True):
    """Progress of a review: a batch of frames has been classified.

    Attributes:
        pts_ms: Times of the frames in this batch.
        by_model: What each classifier says of them.
        done: Frames so far.
        expected: Frames in all, by the plan's estimate.
        duration_ms: Length of the clip.
    """

    pts_ms: tuple[int, ...]
    by_model: tuple[FrameScores, ...]
    done: int
    expected: int
    duration_ms: int


class Reviewed(msgspec.Struct, frozen=True, tag=True):
    """Result of a review: every frame's scores, and what could not be checked.

    Attributes:
        container: Short name of the container.
        sampling: How the frames were chosen.
        pts_ms: Times of all sampled frames.
        by_model: Scores in the order of `pts_ms`.
        models: The classifiers that answered.
        degraded: The classifiers that did not.
        fingerprint: Of the sampled frames, as of a query; None where none was asked for, or it
            could not be taken.
    """

    container: str
    sampling: Sampling
    pts_ms: tuple[int, ...]
    by_model: tuple[FrameScores, ...]
    models: tuple[ModelRef, ...]
    degraded: tuple[Degradation, ...]
    fingerprint: Packed | None = None


class Signed(msgspec.Struct, frozen=True, tag=True):
    """Result of a signing.

    Attributes:
        clip: The signed clip.
        fingerprint: What it looks like, to be found again by.
        watermark_key: Id of the key that it was marked with; "" for a clip without a watermark,
            or one whose pictures are too small to carry it.
        watermark_network: Id of the network that wrote a mark beside it, or "".
    """

    clip: SignedClip
    fingerprint: Packed
    watermark_key: str = ""
    watermark_network: str = ""


class WatermarkRead(msgspec.Struct, frozen=True):
    """What a clip's pictures say with one watermark key.

    Attributes:
        key_id: The key.
        sums: 128 numbers whose signs are the bits as read.
        placement: Where the pictures lie in those that were marked.
    """

    key_id: str
    sums: tuple[float, ...]
    placement: Placement = Placement()


class NeuralRead(msgspec.Struct, frozen=True):
    """What a network reads from a clip's pictures.

    Attributes:
        network_id: The network; "" where it read nothing, in a house without a watermark key.
        logits: One number a bit of its payload, above 0 for 1.
        fault: Reason of the error for which it read nothing, or "".
    """

    network_id: str = ""
    logits: tuple[float, ...] = ()
    fault: str = ""


class PicturesRead(msgspec.Struct, frozen=True, tag=True):
    """What a clip's pictures say, to be looked up among the released clips.

    Attributes:
        watermarks: One for each key of the house.
        fingerprint: Of the clip as a query.
        fault: Reason of the error for which they could not be read, or "".
        neural: What a network reads; None where none is asked.
    """

    watermarks: tuple[WatermarkRead, ...] = ()
    fingerprint: Packed | None = None
    fault: str = ""
    neural: NeuralRead | None = None

    def placement(self, key_id: str) -> Placement:
        """Where the pictures lie in those that were marked with a key."""
        return next(each.placement for each in self.watermarks if each.key_id == key_id)


class Verified(msgspec.Struct, frozen=True, tag=True):
    """Result of a verification: the answer as far as the manifest goes."""

    verification: Verification


class Detected(msgspec.Struct, frozen=True, tag=True):
    """Result of a look at the statistics."""

    detection: Detection


class Compared(msgspec.Struct, frozen=True, tag=True):
    """Result of a comparison."""

    sameness: Sameness


class Inspected(msgspec.Struct, frozen=True, tag=True):
    """Result of an inspection.

    Attributes:
        verification: The answer.
        tree: The manifests, or None where there is none that can be read.
        pictures: Thumbnails by the keys that the tree names, decoded and written anew.
        frame: A picture of the clip itself, or None where there is none to be had.
    """

    verification: Verification
    tree: Node | None
    pictures: dict[str, Picture]
    frame: Picture | None


class FramesAt(msgspec.Struct, frozen=True, tag=True):
    """Pictures of a clip and of a released one, small and grey.

    Attributes:
        frames: For each time the picture that is nearest to it, or None where there is none.
        originals: The released clip's, or None for what is no picture.
    """

    frames: tuple[Picture | None, ...]
    originals: tuple[Picture | None, ...]


class SourceExamined(msgspec.Struct, frozen=True, tag=True):
    """Result of an examination."""

    source: SourceReport


Result = (
    Reviewed
    | Signed
    | Verified
    | PicturesRead
    | Detected
    | Compared
    | Inspected
    | FramesAt
    | SourceExamined
)
