"""Whether a clip shows a registered one, held against its thumbnails where the watermark says.

A fingerprint finds whole pictures and moderate crops among millions of clips. Where a watermark
names one clip and tells how the picture was cropped, turned or mirrored, that one clip can be
compared directly, under a geometry that no index could search. What is compared is detail, by
normalised cross-correlation (Lewis, "Fast template matching", Vision Interface 1995): brightness,
contrast and slow gradients, which unrelated pictures share, have no part in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from media.frames import Frame
from provenance.fingerprint.fingerprint import Thumbnail
from provenance.watermark.placement import Placement
from provenance.watermark.residual import canonical

SAME_PICTURE: Final = 0.55
"""Correlation from which a frame shows the picture of a thumbnail."""

MIN_COVER: Final = 0.2
"""Least share of the registered picture that a frame has to show to be compared with it."""

_SIDE = 64
_SMOOTH = 5.0
_LEAST_DEVIATION = 2.0

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sameness:
    """The frame and thumbnail that agree best.

    Attributes:
        score: Correlation of their detail, -1 to 1; 0 where nothing could be compared.
        at_ms: Time of the frame.
        original_ms: Time of the thumbnail in the registered clip.
        pairs: How many frames have a thumbnail that they show.
    """

    score: float = 0.0
    at_ms: int = 0
    original_ms: int = 0
    pairs: int = 0

    @property
    def same(self) -> bool:
        """Whether the clip shows the registered one."""
        return self.score >= SAME_PICTURE


def compare(
    frames: Iterable[Frame], thumbnails: Sequence[Thumbnail], placement: Placement
) -> Sameness:
    """Compare a clip with the thumbnails of a registered one; thread-safe.

    Args:
        frames: Of the clip, a few a second: scenes change between two of them.
        thumbnails: Of the registered clip.
        placement: Where the clip's pictures lie in those of the registered clip.

    Returns:
        How well the best frame agrees with the best thumbnail.

    Raises:
        FramegateError: What the frames' iterator raises.
    """
    known = [(each.at_ms, _decoded(each.jpeg)) for each in thumbnails if each.jpeg]
    best, pairs = Sameness(), 0
    for frame in frames if known else ():
        height, width = frame.image.shape[:2]
        grey = canonical(cv2.cvtColor(frame.image, cv2.COLOR_RGB2GRAY))
        shown = _small(placement.restored(grey, width / height))
        cover = _small(placement.restored(np.ones_like(grey), width / height)) > 0.99  # noqa: PLR2004
        if cover.mean() < MIN_COVER:
            continue
        scores = [_correlation(shown, picture, cover) for _, picture in known]
        top = int(np.argmax(scores))
        pairs += scores[top] >= SAME_PICTURE
        if scores[top] > best.score:
            best = Sameness(scores[top], frame.pts_ms, known[top][0])
    return Sameness(best.score, best.at_ms, best.original_ms, pairs)


def _decoded(jpeg: bytes) -> Plane:
    """The thumbnail, (64, 64); plain, so that nothing agrees with it, for what is no JPEG."""
    picture: Any = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    return np.zeros((_SIDE, _SIDE), np.float32) if picture is None else _small(canonical(picture))


def _small(plane: Plane) -> Plane:
    scaled = cv2.resize(plane, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(scaled, dtype=np.float32)


def _correlation(shown: Plane, picture: Plane, cover: NDArray[np.bool_]) -> float:
    """Correlate the detail of two pictures where both are known; 0 where one of them is plain."""
    weight = cover.astype(np.float32)
    one, other = (_detail(plane, weight)[cover] for plane in (shown, picture))
    deviations = float(one.std()), float(other.std())
    if min(deviations) < _LEAST_DEVIATION:
        return 0.0
    return float(np.mean((one - one.mean()) * (other - other.mean())) / np.prod(deviations))


def _detail(plane: Plane, weight: Plane) -> Plane:
    """Take the smooth part away; the rim of what is known must not count as an edge."""
    known = cv2.GaussianBlur(weight, (0, 0), _SMOOTH)
    smooth = cv2.GaussianBlur(plane * weight, (0, 0), _SMOOTH) / np.maximum(known, 1e-3)
    return np.asarray(plane - smooth, dtype=np.float32)
