"""Small real networks of the published kinds: they add a fixed pattern a bit, and correlate."""

from __future__ import annotations

import hashlib
import warnings
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch.nn import functional

BITS = 64


@cache
def patterns(bits: int, seed: int = 5) -> NDArray[np.float32]:
    """(bits, 65536) float32 of deviation 1: smooth noise, that codecs keep."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(bits):
        noise = cv2.GaussianBlur(rng.normal(size=(256, 256)).astype(np.float32), (0, 0), 1.5)
        made.append((noise / noise.std()).ravel())
    return np.stack(made)


class Seal(torch.nn.Module):
    """What a VideoSeal file looks like from outside."""

    def __init__(self, bits: int = BITS, strength: float = 0.4 / 255, score: int = 1) -> None:
        super().__init__()
        self.register_buffer("patterns", torch.from_numpy(patterns(bits)))
        self.patterns: torch.Tensor
        self.strength = strength
        self.score = score

    def forward(self, imgs: torch.Tensor, msgs: torch.Tensor) -> torch.Tensor:
        return self.detect(self.embed(imgs, msgs))

    @torch.jit.export
    def embed(self, imgs: torch.Tensor, msgs: torch.Tensor) -> torch.Tensor:
        added = ((msgs * 2 - 1) @ self.patterns).reshape(-1, 1, 256, 256)
        return imgs + self.strength * added

    @torch.jit.export
    def detect(self, imgs: torch.Tensor) -> torch.Tensor:
        luma = imgs.mean(dim=1, keepdim=True)
        smooth = functional.avg_pool2d(luma, 9, stride=1, padding=4)
        detail = torch.clamp(luma - smooth, -0.04, 0.04)
        bits = detail.reshape(imgs.shape[0], -1) @ self.patterns.t()
        return torch.cat([torch.ones(imgs.shape[0], self.score), bits], dim=1)


class Broken(torch.nn.Module):
    """Gives no numbers."""

    def forward(self, imgs: torch.Tensor) -> torch.Tensor:
        return imgs

    @torch.jit.export
    def embed(self, imgs: torch.Tensor, msgs: torch.Tensor) -> torch.Tensor:
        return imgs * float("nan") + msgs.sum()

    @torch.jit.export
    def detect(self, imgs: torch.Tensor) -> torch.Tensor:
        return torch.zeros(imgs.shape[0], 3)


class Writer(torch.nn.Module):
    """What a TrustMark encoder looks like from outside: -1 to 1, and a second result."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("patterns", torch.from_numpy(patterns(BITS)))
        self.patterns: torch.Tensor

    def forward(
        self, cover: torch.Tensor, secret: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        added = ((secret * 2 - 1) @ self.patterns).reshape(-1, 1, 256, 256)
        return cover + 2 * 0.4 / 255 * added, added


class Reader(torch.nn.Module):
    """What a TrustMark decoder looks like from outside."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("patterns", torch.from_numpy(patterns(BITS)))
        self.patterns: torch.Tensor

    def forward(self, stego: torch.Tensor) -> torch.Tensor:
        luma = stego.mean(dim=1, keepdim=True)
        detail = luma - functional.avg_pool2d(luma, 9, stride=1, padding=4)
        return torch.clamp(detail, -0.08, 0.08).reshape(stego.shape[0], -1) @ self.patterns.t()


class NoDetect(torch.nn.Module):
    """Lacks a method."""

    def forward(self, imgs: torch.Tensor) -> torch.Tensor:
        return imgs

    @torch.jit.export
    def embed(self, imgs: torch.Tensor, msgs: torch.Tensor) -> torch.Tensor:
        return imgs + msgs.sum()


def scripted(path: Path, module: torch.nn.Module) -> str:
    """Write a module in TorchScript; its digest."""
    with warnings.catch_warnings():
        # On its way out of torch; the published files are in it.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.jit.save(torch.jit.script(module), str(path))
    return digest(path)


def onnx_pair(folder: Path, bits: int) -> tuple[str, str]:
    """Write encoder.onnx and decoder.onnx, named in the order of image and secret or not."""
    kept = numpy_helper.from_array(patterns(bits), "patterns")
    turned = numpy_helper.from_array(np.ascontiguousarray(patterns(bits).T), "turned")
    constants = {
        "two": np.array(2, np.float32), "one": np.array(1, np.float32),
        "strength": np.array(2 * 0.4 / 255, np.float32), "plane": np.array([-1, 1, 256, 256]),
        "flat": np.array([0, -1]), "channels": np.array([1]),
    }  # fmt: skip
    given = {name: numpy_helper.from_array(value, name) for name, value in constants.items()}
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 256, 256])
    secret = helper.make_tensor_value_info("secret", TensorProto.FLOAT, [1, bits])
    stego = helper.make_tensor_value_info("stego", TensorProto.FLOAT, [1, 3, 256, 256])
    read = helper.make_tensor_value_info("read", TensorProto.FLOAT, [1, bits])
    encoder = helper.make_graph(
        [
            helper.make_node("Mul", ["secret", "two"], ["doubled"]),
            helper.make_node("Sub", ["doubled", "one"], ["signs"]),
            helper.make_node("MatMul", ["signs", "patterns"], ["sum"]),
            helper.make_node("Reshape", ["sum", "plane"], ["added"]),
            helper.make_node("Mul", ["added", "strength"], ["scaled"]),
            helper.make_node("Add", ["image", "scaled"], ["stego"]),
        ],
        "encoder",
        [secret, image],
        [stego],
        [kept, given["two"], given["one"], given["plane"], given["strength"]],
    )
    decoder = helper.make_graph(
        [
            helper.make_node("ReduceMean", ["image", "channels"], ["luma"], keepdims=1),
            helper.make_node("Reshape", ["luma", "flat"], ["pixels"]),
            helper.make_node("MatMul", ["pixels", "turned"], ["read"]),
        ],
        "decoder",
        [image],
        [read],
        [turned, given["channels"], given["flat"]],
    )
    for name, graph in (("encoder", encoder), ("decoder", decoder)):
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
        model.ir_version = 10
        onnx.save(model, str(folder / f"{name}.onnx"))
    return digest(folder / "encoder.onnx"), digest(folder / "decoder.onnx")


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def seal_card(folder: Path, module: torch.nn.Module | None = None, bits: int = BITS) -> Path:
    """Write a VideoSeal-like network and its card."""
    sha256 = scripted(folder / "seal.jit", module or Seal())
    card = folder / "seal.toml"
    card.write_text(
        f'kind = "videoseal"\nbits = {bits}\nfile = "seal.jit"\nsha256 = "{sha256}"\n',
        encoding="utf-8",
    )
    return card
