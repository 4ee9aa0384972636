"""Which detector a name or a folder stands for."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from media.limits import MediaLimits
from models.card import ModelCard
from models.errors import UnknownModel
from models.registry import Registry
from provenance.detection.calibration import Calibration
from provenance.detection.detection import MODEL, Detection, Detector
from provenance.detection.hub import CALIBRATION, HubDetector, calibrated

_CATEGORY: Final = "synthetic"


class ClipDetector(Protocol):
    """What tells whether a clip looks generated; thread-safe.

    Attributes:
        model_digest: Of everything that decides the score.
        calibration_digest: Of everything that decides what it is worth; "" where there is nothing.
    """

    model_digest: str
    calibration_digest: str

    def detect(
        self,
        path: Path,
        limits: MediaLimits | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Detection:
        """Look at a clip; see `provenance.detection.detection.Detector.detect`."""


def is_folder(model: str) -> bool:
    """Whether a folder is meant, and not a name: names have no slash."""
    return "/" in model


def resolved(model: str) -> str:
    """The name of a model as it is, a folder as an absolute path."""
    return str(Path(model).expanduser().resolve()) if is_folder(model) else model


def find(cache: Path, model: str = MODEL) -> tuple[Registry, ModelCard]:
    """Find a detector, and the registry that knows its files.

    Args:
        cache: Folder for fetched files.
        model: Name of a model that comes with Framegate; or, with a slash in it, the folder that
            holds the card of another.

    Raises:
        UnknownModel: There is no such model, or it does not tell synthetic clips.
        InvalidCard: A card is missing or breaks a rule.
    """
    place = Path(resolved(model))
    registry = Registry.of_one(cache, place) if is_folder(model) else Registry(cache)
    name = place.name
    for card in registry.cards():
        if card.id == name and card.task == "video-classification" and _CATEGORY in card.labels:
            return registry, card
    hint = "" if is_folder(model) else f" A folder is named with a slash in it, as ./{model}."
    raise UnknownModel(
        f"There is no model {model!r} that tells synthetic clips.{hint}", field="detect_model"
    )


def decides(registry: Registry, card: ModelCard) -> bool:
    """Whether a detector can ever answer `likely_ai`.

    That takes a calibration, and enough real clips in it for the rate that it allows.

    Raises:
        ModelUnavailable: A file is not in the cache.
        ModelDigestMismatch: A file is another than the card names.
        InvalidCard: The calibration cannot be read.
    """
    if not calibrated(card):
        return False
    worth = Calibration.parse(registry.files(card.id)[CALIBRATION].read_bytes())
    return any(each.fpr(math.inf) <= worth.rate for each in worth.bins)


def load(cache: Path, model: str = MODEL) -> ClipDetector:
    """Load a detector; arguments as for `find`.

    Raises:
        UnknownModel: There is no such detector.
        ModelUnavailable: A file is not in the cache.
        ModelDigestMismatch: A file is another than the card names.
        InvalidCard: A file cannot be read.
    """
    registry, card = find(cache, model)
    if card.profile == "hub":
        return HubDetector.load(registry, card.id)
    return Detector.load(registry, card.id)
