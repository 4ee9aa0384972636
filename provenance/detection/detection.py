"""From a clip to an answer that says what it is worth. It never says "real"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Self

import numpy as np

from media.limits import MediaLimits
from media.probe import ClipInfo, probe
from models.card import ModelCard
from models.registry import Registry
from provenance.detection.backbone import Backbone
from provenance.detection.calibration import Bin, Calibration, Posterior, digest, posterior
from provenance.detection.classifier import Classifier, Rows
from provenance.detection.domain import Reason, is_still, looks_drawn, stated_reason
from provenance.detection.features import FAMILIES, ClipFeatures, measure
from provenance.detection.sampling import FRAMES, STEP_MS, bursts

Answer = Literal["likely_ai", "inconclusive", "no_evidence"]
MODEL: Final = "synthetic-video"
_CODE: Final = "provenance.detection/1"
_WEIGHTS: Final = "detector.safetensors"
_CALIBRATION: Final = "calibration.toml"


@dataclass(frozen=True, slots=True)
class Moment:
    """The score of one burst alone; less sure than that of the clip, and not calibrated.

    Attributes:
        start_ms: Where the burst starts in the clip.
        end_ms: Where its last frame is.
        score: As for the clip.
    """

    start_ms: int
    end_ms: int
    score: float


@dataclass(frozen=True, slots=True)
class Detection:
    """What the statistics of a clip say about whether it was generated.

    Attributes:
        answer: `likely_ai` only where at most the stated share of real clips scores as high;
            `no_evidence` where the likelihood ratio speaks for a camera or for nothing;
            `inconclusive` between, and wherever the detector abstains. There is no "real".
        score: Rises with the evidence for synthetic, also where the answer abstains.
        llr: Natural log of the likelihood ratio, synthetic against real; 0 where it abstains.
        llr_low: Lower end of its 95 % interval; 0 without a calibration.
        llr_high: Upper end; 0 without a calibration.
        fpr: Share of real calibration clips of this quality that score at least as high; 1 without
            a calibration, since nothing less is known.
        quality: Name of the calibration's bin, such as `fine`; "" without a calibration.
        quality_loss: The estimate that chose the bin.
        reason: Why it abstains; "" where it does not.
        timeline: Scores along the clip.
        model_digest: Of everything that decides the score.
        calibration_digest: Of everything that decides what it is worth; "" where there is nothing.
    """

    answer: Answer
    score: float
    llr: float
    llr_low: float
    llr_high: float
    fpr: float
    quality: str
    quality_loss: float
    reason: Reason
    timeline: tuple[Moment, ...]
    model_digest: str
    calibration_digest: str

    @property
    def out_of_domain(self) -> bool:
        """Whether the clip is of a kind that the detector has no say in."""
        return self.reason != ""

    def posterior(self, prior: float) -> Posterior:
        """How likely synthetic is where a share `prior` of clips is; see `posterior`."""
        return posterior((self.llr, self.llr_low, self.llr_high), prior)


class Detector:
    """The detector; thread-safe and deterministic."""

    def __init__(
        self,
        classifier: Classifier,
        calibration: Calibration,
        backbone: Backbone,
        *,
        model_digest: str,
        calibration_digest: str,
    ) -> None:
        self._classifier = classifier
        self._calibration = calibration
        self._backbone = backbone
        self.model_digest = model_digest
        self.calibration_digest = calibration_digest

    @classmethod
    def load(cls, registry: Registry, model: str = MODEL) -> Self:
        """Load the shipped detector, or one of an operator's own.

        Raises:
            UnknownModel: There is no such model.
            ModelUnavailable: A file is not in the cache.
            ModelDigestMismatch: A file is another than the card names.
            InvalidCard: A file cannot be read.
        """
        card = registry.card(model)
        files = registry.files(model)
        weights = next(source for source in card.sources if source.name.endswith(".pth"))
        calibration = files[_CALIBRATION].read_bytes()
        return cls(
            Classifier.read(files[_WEIGHTS].read_bytes()),
            Calibration.parse(calibration),
            Backbone(files[weights.name], weights.sha256),
            model_digest=_model_digest(card),
            calibration_digest=digest(calibration),
        )

    def detect(
        self,
        path: Path,
        limits: MediaLimits | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Detection:
        """Look at a clip.

        Args:
            path: A regular local file.
            limits: What it may cost; the defaults of `MediaLimits` where None.
            should_stop: Asked once a packet.

        Returns:
            The answer; the same bytes give the same answer.

        Raises:
            FramegateError: What probing and sampling raise: the subclasses of `ClipRefused`, and
                `Cancelled`.
        """
        info = probe(path, limits)
        return self.judge(info, measure(bursts(path, info, should_stop), self._backbone))

    def judge(self, info: ClipInfo, features: ClipFeatures) -> Detection:
        """Judge a clip by what was measured of it."""
        whole = clip_rows(features)
        score = float(self._classifier.score(whole)[0])
        loss = float(self._classifier.loss(whole)[0])
        reason = stated_reason(info) or self._seen_reason(features, whole)
        place = self._calibration.bin_of(loss)
        fpr = place.fpr(score)
        answer, (llr, low, high) = weighed(place, score, self._calibration.rate, reason)
        return Detection(
            answer=answer,
            score=score,
            llr=llr,
            llr_low=low,
            llr_high=high,
            fpr=fpr,
            quality=place.name,
            quality_loss=loss,
            reason=reason,
            timeline=self._timeline(features),
            model_digest=self.model_digest,
            calibration_digest=self.calibration_digest,
        )

    def _seen_reason(self, features: ClipFeatures, whole: Rows) -> Reason:
        if is_still(features):
            return "still"
        if looks_drawn(features.names, whole)[0]:
            return "drawn"
        strange = float(self._classifier.strangeness(whole)[0])
        return "unfamiliar" if strange > self._classifier.layout.strange else ""

    def _timeline(self, features: ClipFeatures) -> tuple[Moment, ...]:
        rows = {family: np.asarray(found, np.float64) for family, found in features.rows.items()}
        scores = self._classifier.score(rows)
        length = STEP_MS * (FRAMES - 1)
        return tuple(
            Moment(start, start + length, float(score))
            for start, score in zip(features.starts_ms, scores, strict=True)
        )


def weighed(
    place: Bin, score: float, rate: float, reason: Reason
) -> tuple[Answer, tuple[float, float, float]]:
    """What a score says, and its log likelihood ratio with the ends of the interval.

    Args:
        place: Calibration for clips of this quality.
        score: Of the clip.
        rate: Highest share of real clips that may be called `likely_ai`.
        reason: Why the detector abstains, or "".
    """
    if reason:
        return "inconclusive", (0.0, -place.most, place.most)
    llr = place.llr(score)
    if place.fpr(score) <= rate:
        return "likely_ai", llr
    return "inconclusive" if llr[0] > 0 else "no_evidence", llr


def clip_rows(features: ClipFeatures) -> Rows:
    """The one row of a clip, the mean over its bursts, for the classifier."""
    return {family: np.asarray(features.mean(family), np.float64)[None] for family in FAMILIES}


def _model_digest(card: ModelCard) -> str:
    return card.digest(_CODE)
