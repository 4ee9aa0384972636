"""Measures the ranges of a network's activations, from which its 8-bit copy is made.

    python -m models.evaluation.frames.ranges nsfw-image        writes models/nsfw-image/ranges.toml

Each range spans what all but one in 10,000 of a tensor's values reach in any of 120 pictures of the
training split: stills and frames of clips. The data is found by FRAMEGATE_DATA.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import onnx
from numpy.typing import NDArray

from models.frame_sets import data_folder, everyday_clips, stills
from models.onnx import session
from models.preprocessing import Preprocessing, preprocessing
from models.quantization import Ranges, activations, exposed
from models.registry import MODELS_FOLDER, Registry
from models.vision import published

RANGES_FILE: Final = "ranges.toml"
_STILLS, _CLIPS = 60, 60
_REACHED: Final = 0.9999
_SEED: Final = 0
_HEAD: Final = "# Ranges of activations, written by `python -m models.evaluation.frames.ranges`."


def measured(
    model: bytes, recipe: Preprocessing, pictures: Sequence[NDArray[np.uint8]]
) -> dict[str, tuple[float, float]]:
    """Return the lowest and highest value of each activation over some pictures.

    Args:
        model: The network.
        recipe: How pictures become its input.
        pictures: RGB, each seen whole in one square.
    """
    graph = onnx.load_from_string(model)
    names = activations(graph)
    inner = [name for name in names if name != recipe.input]
    network = session(exposed(graph, inner))
    ranges = dict.fromkeys(names, (0.0, 0.0))
    for picture in pictures:
        tensor = recipe.tensor(picture)
        found = dict(zip(inner, network.run(inner, {recipe.input: tensor}), strict=True))
        for name, (low, high) in ranges.items():
            reached = np.quantile(found.get(name, tensor), (1 - _REACHED, _REACHED))
            ranges[name] = min(low, float(reached[0])), max(high, float(reached[1]))
    return ranges


def training_pictures(folder: Path) -> list[NDArray[np.uint8]]:
    """Stills and frames of clips of the training split."""
    source = random.Random(_SEED)  # noqa: S311 (no secret)
    known = [picture.image for picture in stills(folder) if picture.split == "train"]
    chosen = source.sample(known, min(_STILLS, len(known)))
    clips = list(everyday_clips(folder))
    return [*chosen, *(source.choice(c) for c in source.sample(clips, min(_CLIPS, len(clips))))]


def as_toml(ranges: Ranges) -> str:
    """The ranges as the text of a file."""
    lines = [f'"{name}" = [{low:.6g}, {high:.6g}]' for name, (low, high) in ranges.items()]
    return "\n".join([_HEAD, *lines, ""])


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    given = parser.parse_args()
    registry = Registry(given.cache)
    card = registry.card(given.model)
    files = {
        source.name: path
        for source in card.sources
        if (path := given.cache / card.id / source.name).is_file()
    }
    pictures = training_pictures(data_folder())
    text = as_toml(measured(published(card, files), preprocessing(card), pictures))
    path = MODELS_FOLDER / card.id / RANGES_FILE
    path.write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    print(f"{path.name}: {len(text.encode())} bytes, sha256 {digest}, {len(pictures)} pictures")


if __name__ == "__main__":
    main()
