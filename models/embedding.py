"""Pictures as vectors, by a larger public network: DINOv2, the image half of CLIP, and their kin.

What a video model of the `hub` profile needs of a network. Any model of `transformers` that
`AutoModel` opens and that takes pictures will do: of one that takes text as well, the image half is
kept. A picture's vector is what the network pools, or its first token where it pools nothing (for
DINOv2 and CLIP both are the class token).

The card's `preprocessing` may hold `batch`; see `models.hub.FrameFeed` for what batches do to the
last bits. Files come from the cache only, and no code of a repository is run (`models.hub`).
`torch` and `transformers` are imported at the first load.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.card import ModelCard
from models.errors import InvalidCard
from models.hub import ScoreNotFinite, device, image_processor_of, moved, pretrained, unloadable

_GPU_BATCH: Final = 8
_TRIAL_SIDE: Final = 64
_ROWS: Final = 2


class _Feed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    batch: Annotated[int, msgspec.Meta(ge=1, le=256)] | None = None


class HubFrameEmbedder:
    """A network that turns pictures into vectors.

    Thread-safe; one call at a time reaches the network. On a CPU pictures go one by one unless the
    card says otherwise, so that a vector has the same bits alone and in any company; batches are
    filled up to their size with their last picture.

    Attributes:
        card: Whose network it is.
        batch: Pictures that go through at once; hand over as many.
    """

    def __init__(self, card: ModelCard, model: Any, processor: Any, device: str) -> None:  # noqa: ANN401
        """Takes a model of `transformers` and its image processor.

        Raises:
            InvalidCard: `preprocessing` breaks a rule.
        """
        try:
            feed = msgspec.convert(card.preprocessing, _Feed)
        except msgspec.ValidationError as error:
            raise InvalidCard(
                f"Card of {card.id!r}: preprocessing: {error}.", field="preprocessing"
            ) from error
        self.card = card
        self.batch = feed.batch or (1 if device == "cpu" else _GPU_BATCH)
        self._model = model.eval().to(device)
        self._processor = processor
        self._lock = threading.Lock()

    def embed(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float64]:
        """Look at pictures.

        Args:
            images: RGB, uint8, (height, width, 3) each, all of one size.

        Returns:
            (n, width of the network).

        Raises:
            ScoreNotFinite: The network answered with no number.
        """
        rows: list[NDArray[np.float64]] = []
        for start in range(0, len(images), self.batch):
            part = [Image.fromarray(image) for image in images[start : start + self.batch]]
            filled = part + [part[-1]] * (self.batch - len(part))
            rows.extend(self._vectors(filled)[: len(part)])
        found = np.stack(rows)
        if not np.isfinite(found).all():
            raise ScoreNotFinite("The model's answer to a picture is no number.")
        return found

    def _vectors(self, pictures: list[Image.Image]) -> NDArray[np.float64]:
        import torch  # noqa: PLC0415

        inputs = self._processor(images=pictures, return_tensors="pt")
        with self._lock, torch.inference_mode():
            seen = self._model(**moved(inputs, self._model))
        pooled = getattr(seen, "pooler_output", None)
        chosen = seen.last_hidden_state[:, 0] if pooled is None else pooled.flatten(1)
        found: NDArray[np.float64] = chosen.float().cpu().double().numpy()
        if found.ndim != _ROWS or len(found) != len(pictures):
            raise ValueError("the network gives no vector a picture")
        return found


def load(
    card: ModelCard, files: Mapping[str, Path], others: Collection[str] = ()
) -> HubFrameEmbedder:
    """Loads a network from files whose digests were checked.

    Args:
        card: Of the `hub` profile.
        files: All files of the card, by name.
        others: Names of those that are no part of the network.

    Raises:
        InvalidCard: The files are no network that takes pictures, lack a weight, or do not lie in
            one folder.
    """
    from transformers import AutoModel  # noqa: PLC0415
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    own = {name: path for name, path in files.items() if name not in others}
    model = pretrained(card, own, AutoModel)
    # Of a model of pictures and sentences only this half is needed, and held in memory.
    model = getattr(model, "vision_model", model)
    if getattr(model, "main_input_name", "") != "pixel_values":
        raise unloadable(card)
    embedder = HubFrameEmbedder(card, model, image_processor_of(card, own), device())
    try:
        embedder.embed([np.zeros((_TRIAL_SIDE, _TRIAL_SIDE, 3), np.uint8)])
    except (AttributeError, IndexError, RuntimeError, TypeError, ValueError) as error:
        # Some take several pictures at once, or want more than pictures.
        raise unloadable(card) from error
    return embedder
