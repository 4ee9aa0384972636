"""EfficientNet-Lite0 as an ONNX graph, built from a published state dict.

The architecture is that of the TensorFlow repository (`efficientnet_lite_builder.py`, lite0: width
and depth 1.0, no squeeze-and-excite, ReLU6, stem and head not scaled; Tan and Le, 2019). Batch
normalisation is folded into the convolutions in float64. PyTorch reads the state dict, once: the
graph is kept beside the weights, with its digest, and loaded from there afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.conversions import kept

RECIPE: Final = "efficientnet-lite0/3"
"""Name and version of the conversion; a change of what it computes changes it."""

_EPSILON: Final = 1e-3
_OPSET: Final = 13
_IR_VERSION: Final = 8
_SIDE: Final = 224
# Repeats, kernel, stride of the first, expansion: one line a stage.
_STAGES: Final = (
    (1, 3, 1, 1),
    (2, 3, 2, 6),
    (2, 5, 2, 6),
    (3, 3, 2, 6),
    (3, 5, 1, 6),
    (4, 5, 2, 6),
    (1, 3, 1, 6),
)

# Outputs where shapes are still told apart by their place: after how many blocks, and their shape.
_MAPS: Final = {5: ("fine", (1, 40, 28, 28)), 11: ("map", (1, 112, 14, 14))}

Weights = Mapping[str, NDArray[np.float32]]
_Attribute = Any


def converted(weights_file: Path, sha256: str) -> bytes:
    """Return the ONNX model of a checked weights file, from beside it where it is there already.

    Args:
        weights_file: The `.pth` file.
        sha256: Its digest; a conversion of other weights is not used.

    Returns:
        The serialised model; input `image` (1, 3, 224, 224), outputs `logits` (1, 1000),
        `features` (1, 1280), `fine` (1, 40, 28, 28) at a stride of 8 and `map` (1, 112, 14, 14) at
        one of 16.
    """
    stem = f"{weights_file.stem}.{sha256[:12]}.{RECIPE.replace('/', '-')}"
    return kept(weights_file.parent, stem, lambda: build(_read_state_dict(weights_file)))


def _read_state_dict(path: Path) -> dict[str, NDArray[np.float32]]:
    # Imported late: a worker that finds the converted model never loads PyTorch.
    import torch  # noqa: PLC0415

    state = torch.load(path, map_location="cpu", weights_only=True)
    return {
        name: np.asarray(value.numpy(), dtype=np.float32)
        for name, value in state.items()
        if not name.endswith("num_batches_tracked")
    }


def build(weights: Weights) -> bytes:
    """Build the model from a state dict; the same weights give the same bytes."""
    graph = _Graph(weights)
    name = graph.convolution("image", "_conv_stem", "_bn0", stride=2, active=True)
    number = 0
    for repeats, _, stride, expansion in _STAGES:
        for repeat in range(repeats):
            name = _block(graph, name, number, stride if repeat == 0 else 1, expansion)
            number += 1
        if number in _MAPS:
            name = graph.node("Identity", [name], _MAPS[number][0], channels_of=name)
    name = graph.convolution(name, "_conv_head", "_bn1", active=True)
    graph.node("GlobalAveragePool", [name], "pooled")
    graph.node("Flatten", ["pooled"], "features")
    graph.constant("_fc.weight", weights["_fc.weight"])
    graph.constant("_fc.bias", weights["_fc.bias"])
    graph.node("Gemm", ["features", "_fc.weight", "_fc.bias"], "logits", transB=1)
    return graph.model()


def _block(graph: _Graph, entry: str, number: int, stride: int, expansion: int) -> str:
    """Add an inverted residual block; returns the name of what comes out."""
    prefix = f"_blocks.{number}."
    name = entry
    if expansion != 1:
        name = graph.convolution(name, f"{prefix}_expand_conv", f"{prefix}_bn0", active=True)
    name = graph.convolution(
        name, f"{prefix}_depthwise_conv", f"{prefix}_bn1", stride=stride, active=True
    )
    name = graph.convolution(name, f"{prefix}_project_conv", f"{prefix}_bn2", active=False)
    if stride == 1 and graph.channels[entry] == graph.channels[name]:
        graph.channels[f"{prefix}sum"] = graph.channels[name]
        name = graph.node("Add", [name, entry], f"{prefix}sum")
    return name


class _Graph:
    """An ONNX graph under construction."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self.channels: dict[str, int] = {"image": 3}
        self.constant("zero", np.asarray(0.0, dtype=np.float32))
        self.constant("six", np.asarray(6.0, dtype=np.float32))

    def constant(self, name: str, value: NDArray[np.float32]) -> None:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))

    def node(
        self,
        kind: str,
        inputs: list[str],
        output: str,
        *,
        channels_of: str = "",
        **attributes: _Attribute,
    ) -> str:
        if channels_of:
            self.channels[output] = self.channels[channels_of]
        self._nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def convolution(
        self, entry: str, layer: str, norm: str, *, active: bool, stride: int = 1
    ) -> str:
        """Add a convolution with its normalisation folded in, and ReLU6 where it is active."""
        kernel, bias = self._folded(layer, norm)
        self.constant(f"{layer}.weight", kernel)
        self.constant(f"{layer}.bias", bias)
        size = int(kernel.shape[2])
        groups = self.channels[entry] // int(kernel.shape[1])
        output = self.node(
            "Conv", [entry, f"{layer}.weight", f"{layer}.bias"], f"{layer}.out",
            kernel_shape=[size, size], strides=[stride, stride], group=groups,
            auto_pad="SAME_UPPER",
        )  # fmt: skip
        if active:
            output = self.node("Clip", [output, "zero", "six"], f"{layer}.active")
        self.channels[output] = int(kernel.shape[0])
        return output

    def _folded(self, layer: str, norm: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        kernel = self._weights[f"{layer}.weight"].astype(np.float64)
        gain, shift, mean, variance = (
            self._weights[f"{norm}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        factor = gain / np.sqrt(variance + _EPSILON)
        folded = kernel * factor[:, None, None, None]
        return folded.astype(np.float32), (shift - mean * factor).astype(np.float32)

    def model(self) -> bytes:
        image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, _SIDE, _SIDE])
        outputs = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in (("logits", (1, 1000)), ("features", (1, 1280)), *_MAPS.values())
        ]
        graph = helper.make_graph(
            self._nodes, "efficientnet-lite0", [image], outputs, self._constants
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)])
        model.ir_version = _IR_VERSION
        model.producer_name, model.producer_version = "framegate", RECIPE
        return bytes(model.SerializeToString(deterministic=True))
