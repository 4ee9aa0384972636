"""The network and how it learns: a conditional mean is what errs least in squares."""

from __future__ import annotations

import math
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from provenance.watermark.carriers import SIDE
from provenance.watermark.estimation import inputs
from provenance.watermark.training.examples import Example

CHANNELS: Final = 32
LAYERS: Final = 6

_CROP, _BATCH = 128, 16
_RATE, _LEAST_RATE, _WARM = 2e-3, 1e-5, 200


class Network(nn.Module):
    """Convolutions of 3 x 3 at half the size (FFDNet; Zhang et al., IEEE TIP 27(9), 2018)."""

    def __init__(self, channels: int = CHANNELS, layers: int = LAYERS) -> None:
        super().__init__()
        stack: list[nn.Module] = [nn.Conv2d(8, channels, 3, padding=1), nn.ReLU()]
        for _ in range(layers):
            stack += [nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU()]
        last = nn.Conv2d(channels, 4, 3, padding=1)
        nn.init.zeros_(last.weight)
        assert last.bias is not None  # noqa: S101 - convolutions have one unless told otherwise
        nn.init.zeros_(last.bias)
        self.body = nn.Sequential(*stack, last)
        self.skip = nn.Parameter(torch.tensor(0.05))

    def forward(self, pictures: Tensor) -> Tensor:
        """(n, 2, height, width) as `estimation.inputs` makes them to (n, 1, height, width)."""
        seen = self.body(nn.functional.pixel_unshuffle(pictures, 2))
        return nn.functional.pixel_shuffle(seen, 2) + self.skip * pictures[:, 1:2]


def learn(
    examples: Sequence[Example],
    steps: int,
    *,
    seed: int = 0,
    tell: Callable[[str], None] | None = None,
) -> Network:
    """Fit a network to examples; about 0.4 s a step on two cores.

    Args:
        examples: At least one.
        steps: Of 16 crops of 128 x 128 each.
        seed: Of the first weights and of the draws.
        tell: Called now and then with the share of the patterns' energy that is explained.
    """
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    network = Network()
    optimizer = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=1e-4)
    explained = 0.0
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = rate(step, steps)
        pairs = [
            _crop(examples[int(chance.integers(len(examples)))], chance) for _ in range(_BATCH)
        ]
        pictures = torch.from_numpy(np.stack([seen for seen, _ in pairs]))
        patterns = torch.from_numpy(np.stack([pattern for _, pattern in pairs]))[:, None]
        loss = ((network(pictures) - patterns) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        share = 1 - float(loss.detach() / (patterns**2).mean())
        explained += 0.02 * (share - explained)
        if tell is not None and step % 200 == 0:
            tell(f"step {step} of {steps}: explains {explained:.4f}")
    return network.eval()


def rate(step: int, steps: int) -> float:
    """The learning rate of a step: a short rise, then half a cosine."""
    warm = min(1.0, step / _WARM + 0.02)
    return _LEAST_RATE + _RATE * warm * 0.5 * (1 + math.cos(math.pi * step / steps))


def exported(network: Network) -> bytes:
    """The network as ONNX, for any number of pictures of 256 x 256."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        _export(network, path)
        return path.read_bytes()


def _export(network: Network, path: Path) -> None:
    with warnings.catch_warnings():
        # The exporter that replaces this one needs a package more.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            network.eval(),
            (torch.zeros(1, 2, SIDE, SIDE),),
            path,
            input_names=["pictures"],
            output_names=["pattern"],
            dynamic_axes={"pictures": {0: "n"}, "pattern": {0: "n"}},
            opset_version=17,
            dynamo=False,
        )


def _crop(
    example: Example, chance: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A part of a section, turned over at random, and the pattern in it."""
    section = chance.integers(len(example.pictures))
    top, left = chance.integers(0, SIDE - _CROP + 1, 2)
    part = np.s_[top : top + _CROP, left : left + _CROP]
    seen = inputs(
        example.pictures[section][part].astype(np.float32),
        example.residuals[section][part].astype(np.float32),
    )
    both = np.concatenate([seen, example.pattern[part].astype(np.float32)[None]])
    if chance.random() < 0.5:  # noqa: PLR2004 - every other one
        both = both[:, ::-1]
    if chance.random() < 0.5:  # noqa: PLR2004
        both = both[:, :, ::-1]
    if chance.random() < 0.5:  # noqa: PLR2004
        both = both.transpose(0, 2, 1)
    both = np.ascontiguousarray(both)
    return both[:2], both[2]
