"""Embedding: a transform that adds the pattern of a code to every picture's luma.

Within a shot the pattern stands still, so that a detector can add pictures up. The first pictures
of a shot carry more of it: codecs begin a shot with a picture of its own, from which the others
follow, and an eye needs a tenth of a second before it sees detail after a cut (Seyler and Budrikis,
IEEE Trans. Information Theory 11(1), 1965). It is informed
(Cox, Miller, McKellips, Proc. IEEE 87(7), 1999): the embedder keeps what the detector would read
from the shot so far, and gives the bits that the pictures oppose a higher gain at the cost of those
that they favour. At a cut, but not more often than every two seconds, the next set of chips is
taken, so that averaging over a clip's shots does not add up to one pattern.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from media.cuts import CutDetector
from media.errors import InvalidInput
from media.planes import Canvas, Plane, Planes, Transform, TransformMaker
from provenance.watermark.carriers import PATTERNS, Carriers, shells_within
from provenance.watermark.codes import CODE_BITS, check_code, signs_of
from provenance.watermark.correlation import shell_scale
from provenance.watermark.errors import PictureTooSmallForWatermark
from provenance.watermark.estimation import estimator
from provenance.watermark.keys import WatermarkKey
from provenance.watermark.masking import mask, sampled
from provenance.watermark.residual import canonical, residual, spectrum

MIN_SIDE: Final = 96
"""Least width and height of a picture in pixels."""

MIN_SHOT_MS: Final = 2000.0
"""A set of chips is kept for at least as long."""

_UPDATE = 8
_ONSET_MS = 50.0
_FLAT_RISE = 1.3
_BOUNDS = (0.3, 2.5)
_HALVINGS = 24
_CUT_SIZE = (64, 36)
_BEST_BITS = 8
_USUAL_LINES = 256
_SHARES = (0.6, 1.4)
# Whole levels cost a twelfth of a level squared; growing a pattern by cubics sharpens it a little.
_ROUNDING, _GROWTH = 1 / 12, 0.985


@dataclass(frozen=True, slots=True)
class Quality:
    """How much of the pictures' quality a watermark may cost.

    Attributes:
        psnr_db: Least peak signal-to-noise ratio of the luma of each picture of 256 lines, 36 to
            54, but for those that begin a shot; see `share_of` for other sizes. Lower is more
            robust.
        onset_db: By how much less the first picture of a shot may have, 0 to 9; a third of the
            rise is left after 50 ms.
        flat_levels: Deviation of the pattern on flat middle grey, levels of 255, 0.2 to 3: the
            bound that keeps it from being seen in skies, whatever the ratio would allow; 1.3
            times as much where a shot begins. Of 256 lines as well.

    Raises:
        InvalidInput: One of them is out of its range; it names the field.
    """

    psnr_db: float = 44.7
    onset_db: float = 6.0
    flat_levels: float = 0.9

    def __post_init__(self) -> None:
        for name, low, high in (
            ("psnr_db", 36.0, 54.0),
            ("onset_db", 0.0, 9.0),
            ("flat_levels", 0.2, 3.0),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise InvalidInput(
                    f"{name} of a watermark goes from {low:g} to {high:g}",
                    field=f"watermark.{name}",
                    limit=low if value < low else high,
                    actual=value,
                )

    def deviation(self, share: float = 1.0) -> float:
        """Root mean square of the pattern that a share of `psnr_db` allows, in levels of 255."""
        allowed = (share * 255.0 / 10 ** (self.psnr_db / 20)) ** 2
        return float(max(allowed - _ROUNDING, _ROUNDING) ** 0.5 * _GROWTH)

    def rise(self, since_ms: float) -> float:
        """How many times the pattern may exceed `deviation`, since a shot began; at least 1."""
        return 1 + float(10 ** (self.onset_db / 20) - 1) * math.exp(-since_ms / _ONSET_MS)


def share_of(lines: int) -> float:
    """Tell how strong the pattern is in pictures of so many lines, beside 256 lines: 0.6 to 1.4.

    What fits into a picture grows with its pixels: a large one needs less, which saves bytes, and a
    small one needs more. In decibels that is up to 4.4 above `Quality.psnr_db`, from 427 lines on,
    and up to 2.9 below it, down from 183.
    """
    least, most = _SHARES
    return min(most, max(least, _USUAL_LINES / lines))


def embedder(key: WatermarkKey, code: bytes, quality: Quality | None = None) -> TransformMaker:
    """Give the transform that embeds a code into a clip's pictures.

    It costs 10 to 15 ms for a picture of 480p, keeps some 2 MB, and does the same for the same
    arguments and pictures on the same machine.

    Args:
        key: An active key.
        code: The clip's code, 16 bytes; see `new_code`.
        quality: What it may cost; the defaults of `Quality` where None.

    Returns:
        A maker for `media.transcoding`. It raises PictureTooSmallForWatermark for pictures below
        96 pixels on a side.

    Raises:
        WatermarkKeyRetired: The key is not active.
        InvalidInput: The code does not have 16 bytes.
    """
    key.check_active()
    check_code(code)
    carriers = Carriers.of(key)
    chosen = quality or Quality()

    def make(canvas: Canvas) -> Transform:
        check_size(canvas)
        return Embedder(canvas, carriers, code, chosen)

    return make


def check_size(canvas: Canvas) -> None:
    """Refuse pictures that are too small for a mark.

    Raises:
        PictureTooSmallForWatermark: A side is below `MIN_SIDE`.
    """
    if min(canvas.width, canvas.height) < MIN_SIDE:
        raise PictureTooSmallForWatermark(
            f"a watermark needs pictures of {MIN_SIDE} pixels on a side",
            field="clip",
            limit=MIN_SIDE,
            actual=min(canvas.width, canvas.height),
        )


class Embedder:
    """Embeds one code into the pictures of one clip; a `Transform`. Not thread-safe."""

    def __init__(self, canvas: Canvas, carriers: Carriers, code: bytes, quality: Quality) -> None:
        self._canvas = canvas
        self._quality = quality
        self._share = share_of(min(canvas.width, canvas.height))
        self._carriers = carriers
        self._signs = signs_of(code)
        # Half waves shorter than 1.6 of the clip's own pixels do not outlive a smaller rendition.
        self._shells = shells_within(min(canvas.width, canvas.height) / 1.6)
        self._level = 1.0 / (1 << (canvas.bits - _BEST_BITS))
        self._quarters = round(canvas.rotation / 90) % 4
        self._cuts = CutDetector()
        self._index = code[0] % PATTERNS
        self._since_ms = -math.inf
        self._gains = Gains.fresh(carriers, self._index, self._signs, self._shells)
        self._pattern = self._gains.pattern()

    @property
    def pattern(self) -> NDArray[np.float32]:
        """What is being added, upright, before it is shaped: (256, 256) float32, deviation 1."""
        return self._pattern

    def __call__(self, planes: Planes) -> None:
        """Add the pattern to one picture."""
        luma = planes.luma
        self._follow(luma, planes.at_ms)
        hidden = mask(self._upright(sampled(luma, self._level)))
        rise = self._quality.rise(planes.at_ms - self._since_ms)
        if self._gains.due:
            small = self._upright(canonical(luma) * np.float32(self._level))
            self._gains.take(small, self._added(hidden, rise))
            self._pattern = self._gains.pattern()
        self._gains.pictures += 1
        added = np.rot90(self._added(hidden, rise), self._quarters) / np.float32(self._level)
        height, width = luma.shape
        grown = cv2.resize(
            np.ascontiguousarray(added), (width, height), interpolation=cv2.INTER_CUBIC
        )
        top = (1 << self._canvas.bits) - 1
        depth = cv2.CV_8U if luma.dtype == np.uint8 else cv2.CV_16U
        np.minimum(cv2.add(luma, grown, dtype=depth), top, out=luma, casting="unsafe")

    def _added(self, hidden: NDArray[np.float32], rise: float) -> NDArray[np.float32]:
        """The change to a canonical picture in levels of 255, within what quality allows."""
        shaped = self._pattern * hidden
        deviation = float(np.sqrt(np.mean(shaped * shaped)))
        most = self._share * self._quality.flat_levels / 0.5
        usual = min(most, self._quality.deviation(self._share) / max(deviation, 1e-6))
        return shaped * np.float32(min(usual * rise, max(usual, most * _FLAT_RISE)))

    def _follow(self, luma: Plane, at_ms: float) -> None:
        """Take the next set of chips where a shot begins."""
        if self._since_ms == -math.inf:
            self._since_ms = at_ms
        thin = luma[::2, ::2]
        small = cv2.resize(thin, _CUT_SIZE, interpolation=cv2.INTER_AREA).astype(np.float32)
        if not self._cuts.is_cut(small * np.float32(self._level)):
            return
        if at_ms - self._since_ms >= MIN_SHOT_MS:
            self._index = (self._index + 1) % PATTERNS
            self._since_ms = at_ms
        self._gains = Gains.fresh(self._carriers, self._index, self._signs, self._shells)
        self._pattern = self._gains.pattern()

    def _upright(self, plane: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.ascontiguousarray(np.rot90(plane, -self._quarters))


@dataclass(slots=True, eq=False)
class Gains:
    """How strong each bit of a shot's pattern is.

    Attributes:
        carriers: Of the key.
        index: Which set of chips.
        signs: (128,) float32.
        shells: How many shells are used.
        gains: (128,) float32, mean square 1.
        pictures: How many pictures the shot has had.
        host: Mean spectrum of the shot's pictures as they came, (65536,) float32, or None.
        seen: How many pictures `host` is the mean of.
    """

    carriers: Carriers
    index: int
    signs: NDArray[np.float32]
    shells: int
    gains: NDArray[np.float32]
    pictures: int = 0
    host: NDArray[np.float32] | None = None
    seen: int = 0

    @classmethod
    def fresh(
        cls, carriers: Carriers, index: int, signs: NDArray[np.float32], shells: int
    ) -> Gains:
        """Begin a shot: all bits alike."""
        return cls(carriers, index, signs, shells, np.ones(CODE_BITS, np.float32))

    @property
    def due(self) -> bool:
        """Whether the next picture is to be looked at."""
        return self.pictures % _UPDATE == 0

    def pattern(self) -> NDArray[np.float32]:
        """Draw the shot's pattern as it is now, (256, 256) float32 of deviation 1."""
        return self.carriers.pattern(self.index, self.signs * self.gains, self.shells)

    def take(self, small: NDArray[np.float32], added: NDArray[np.float32]) -> None:
        """Look at a picture, and at what would be added to it; set the gains.

        Args:
            small: The canonical picture, upright.
            added: What the pattern as it is now adds to it.
        """
        plain, marked = _seen(small), _seen(small + added)
        self.seen += 1
        if self.host is None:
            self.host = plain
        else:
            self.host = self.host + (plain - self.host) / np.float32(self.seen)
        response = self._sums(self.host + marked - plain) - self._sums(self.host)
        unit = float((response * self.signs).mean() / self.gains.mean())
        if unit <= 0:
            return
        wanted = _levelled(self._sums(self.host) * self.signs / unit)
        # Slowly after the first picture: a jump of the pattern would be seen as flicker.
        step = np.float32(1.0 if self.seen == 1 else 0.3)
        self.gains = self.gains + step * (wanted - self.gains)

    def _sums(self, seen: NDArray[np.float32]) -> NDArray[np.float32]:
        """The (128,) sums that a detector would form over the used shells."""
        pilot = seen[self.carriers.pilot[:, : self.shells]]
        payload = seen[self.carriers.payload[:, : self.shells]]
        scaled = np.clip(payload / shell_scale(pilot, payload), -3, 3)
        chips = self.carriers.chips[self.index, :, : self.shells]
        return np.asarray((scaled * chips).sum(axis=1), dtype=np.float32)


def _seen(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """The spectrum of what a detector would see in a canonical picture."""
    return spectrum(estimator()(small, residual(small)))


def _levelled(host: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the gains that lift all bits to one level, at a mean square of 1.

    Args:
        host: (128,) what the pictures alone contribute to each bit, in units of one gain.
    """
    low, high = -50.0, 50.0
    for _ in range(_HALVINGS):
        level = (low + high) / 2
        gains = np.clip(level - host, *_BOUNDS)
        low, high = (level, high) if float((gains**2).mean()) < 1 else (low, level)
    return np.asarray(gains, dtype=np.float32)
