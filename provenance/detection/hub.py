"""A detector on a larger network of the `hub` profile, with a head and perhaps a calibration.

Beside the files of the network a card names `head.safetensors` (`provenance.detection.head`) and,
if its scores were ever measured on clips that it had not learned from, `calibration.toml` with one
bin (`provenance.detection.calibration`). Without that file nobody knows what a score is worth: it
is shown, and counts for nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

import numpy as np

from media.errors import Cancelled
from media.limits import MediaLimits
from media.probe import ClipInfo, probe
from models.card import ModelCard
from models.embedding import HubFrameEmbedder
from models.errors import InvalidCard
from models.registry import Registry
from provenance.detection.calibration import Calibration, digest
from provenance.detection.detection import Detection, Moment, weighed
from provenance.detection.domain import Reason, looks_drawn, stands_still, stated_reason
from provenance.detection.features import middle_patch, small_square
from provenance.detection.head import Head
from provenance.detection.logistic import Floats
from provenance.detection.path import path_statistics
from provenance.detection.residuals import detail, luma
from provenance.detection.stretches import LENGTH_MS, Walk, walk
from provenance.detection.tone import tone

HEAD: Final = "head.safetensors"
CALIBRATION: Final = "calibration.toml"
_CODE: Final = "provenance.detection.hub/1"


class HubDetector:
    """The detector; thread-safe.

    The same bytes give the same answer as far as the kernels of the device do not rule that out:
    on a CPU always, unless the card asks for batches.

    Attributes:
        model_digest: Of everything that decides the score.
        calibration_digest: Of everything that decides what it is worth; "" where there is nothing.
    """

    def __init__(
        self,
        embedder: HubFrameEmbedder,
        head: Head,
        calibration: Calibration | None,
        *,
        calibration_digest: str = "",
    ) -> None:
        """Takes the parts.

        Raises:
            InvalidCard: The calibration has several bins: there is no estimate of quality here.
        """
        if calibration is not None and len(calibration.bins) != 1:
            raise InvalidCard("The calibration of a hub detector has one bin.", field=CALIBRATION)
        self._embedder = embedder
        self._head = head
        self._calibration = calibration
        self.model_digest = embedder.card.digest(_CODE)
        self.calibration_digest = calibration_digest

    @classmethod
    def load(cls, registry: Registry, model: str) -> Self:
        """Load an operator's detector.

        Raises:
            UnknownModel: There is no such model of the `hub` profile.
            ModelUnavailable: A file is not in the cache.
            ModelDigestMismatch: A file is another than the card names.
            InvalidCard: A file is not named, or is not what it should be.
        """
        card = registry.card(model)
        files = registry.files(model)
        if HEAD not in files:
            raise InvalidCard(f"Card of {card.id!r} names no {HEAD}.", field="source")
        head = Head.read(files[HEAD].read_bytes())
        raw = files[CALIBRATION].read_bytes() if calibrated(card) else b""
        return cls(
            registry.embedder(model, others=(HEAD, CALIBRATION)),
            head,
            Calibration.parse(raw) if raw else None,
            calibration_digest=digest(raw) if raw else "",
        )

    def detect(
        self,
        path: Path,
        limits: MediaLimits | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Detection:
        """Look at a clip; arguments and errors are those of `Detector.detect`.

        `should_stop` is asked once a packet and once a batch of frames.
        """
        info = probe(path, limits)
        seen = walk(path, info, should_stop)
        return self.judge(info, seen, measure(seen, self._embedder, should_stop))

    def judge(self, info: ClipInfo, seen: Walk, rows: Floats) -> Detection:
        """Judge a clip by what was measured of it; its row is the mean of its stretches'."""
        whole = rows.mean(axis=0, keepdims=True)
        score = float(self._head.score(whole)[0])
        least_ms = int(info.packets.pts_ms.min()) + LENGTH_MS
        reason = stated_reason(info, least_ms) or self._seen_reason(seen, whole)
        timeline = tuple(
            Moment(start, start + LENGTH_MS, float(each))
            for start, each in zip(seen.starts_ms, self._head.score(rows), strict=True)
        )
        if self._calibration is None:
            return Detection(
                answer="inconclusive",
                score=score,
                llr=0.0,
                llr_low=0.0,
                llr_high=0.0,
                fpr=1.0,
                quality="",
                quality_loss=0.0,
                reason=reason or "uncalibrated",
                timeline=timeline,
                model_digest=self.model_digest,
                calibration_digest="",
            )
        (place,) = self._calibration.bins
        answer, (llr, low, high) = weighed(place, score, self._calibration.rate, reason)
        return Detection(
            answer=answer,
            score=score,
            llr=llr,
            llr_low=low,
            llr_high=high,
            fpr=place.fpr(score),
            quality=place.name,
            quality_loss=0.0,
            reason=reason,
            timeline=timeline,
            model_digest=self.model_digest,
            calibration_digest=self.calibration_digest,
        )

    def _seen_reason(self, seen: Walk, whole: Floats) -> Reason:
        planes = [luma(image) for image in seen.images]
        small = [small_square(plane) for plane in planes]
        if all(stands_still([small[place] for place in each]) for each in seen.stretches):
            return "still"
        middles = [places[len(places) // 2] for places in seen.stretches]
        noise = np.mean([detail(middle_patch(planes[place]))["noise"] for place in middles])
        light = np.mean([tone(seen.images[place])["clipped_light"] for place in middles])
        rows = {"fine": np.array([[noise]]), "tone": np.array([[light]])}
        if looks_drawn({"fine": ("noise",), "tone": ("clipped_light",)}, rows)[0]:
            return "drawn"
        limit = self._head.strange
        strange = limit is not None and float(self._head.strangeness(whole)[0]) > limit
        return "unfamiliar" if strange else ""


def measure(
    seen: Walk, embedder: HubFrameEmbedder, should_stop: Callable[[], bool] = lambda: False
) -> Floats:
    """Measure the stretches of a clip; a head is learned from the means of clips.

    Args:
        seen: The frames.
        embedder: The network.
        should_stop: Asked once a batch of frames.

    Returns:
        (stretches, 21), in the order of `path.STATISTICS`.

    Raises:
        Cancelled: It was asked to stop.
        ScoreNotFinite: The network answered with no number.
    """
    rows = []
    for start in range(0, len(seen.images), embedder.batch):
        if should_stop():
            raise Cancelled("the caller went away")
        rows.append(embedder.embed(seen.images[start : start + embedder.batch]))
    states = np.concatenate(rows)
    return np.stack([path_statistics(states[list(places)]) for places in seen.stretches])


def calibrated(card: ModelCard) -> bool:
    """Whether a card names a calibration of its scores."""
    return any(source.name == CALIBRATION for source in card.sources)
