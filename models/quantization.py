"""8-bit copies of convolutional networks, made from their 32-bit graphs.

Activations become unsigned bytes, one scale a tensor; weights signed bytes, one scale an output
channel, with a zero point of 0 (Jacob et al., "Quantization and Training of Neural Networks for
Efficient Integer-Arithmetic-Only Inference", 2018). Weights use 7 of their 8 bits: the product of
two pairs then fits into 16 bits, so that processors without 8-bit dot products (AVX2) add without
saturating and every processor gives the same answer. Written as pairs of QuantizeLinear and
DequantizeLinear, which ONNX Runtime fuses into integer kernels.

The ranges of the activations are measured beforehand, on pictures; the same graph and ranges always
give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

RECIPE: Final = "qdq/1"
"""Name and version of the conversion; a change of what it computes changes it."""

Ranges = Mapping[str, tuple[float, float]]
"""Lowest and highest value of an activation, by the name of its tensor."""

_WEIGHT_TOP: Final = 63
_BYTE_TOP: Final = 255
_OPSET: Final = 13
_Attribute = Any
_CHANNELS: Final = 3
_SMALLEST: Final = 1e-8
# Their zero or ceiling is where the byte of what comes out ends; so they vanish.
_RECTIFIERS: Final = frozenset({"Relu", "Clip"})
_SAME_VALUES: Final = frozenset({"MaxPool", "Identity"})
_INTEGER: Final = frozenset({"Conv", "Add"})
# These mean the same from opset 9 on, to which the older of our networks belongs, up to `_OPSET`.
_TRIED: Final = frozenset(
    {*_RECTIFIERS, *_SAME_VALUES, *_INTEGER}
    | {
        "AveragePool",
        "Flatten",
        "GlobalAveragePool",
        "Gemm",
        "MatMul",
        "Reshape",
        "Softmax",
        "Transpose",
    }
)


def activations(model: onnx.ModelProto) -> list[str]:
    """Return the tensors of a network that need a range, in the order of the graph."""
    graph = _Layers(model)
    names: list[str] = []
    for node in graph.nodes:
        if graph.is_integer(node):
            read = node.input[:1] if node.op_type == "Conv" else node.input
            names += [*(graph.source(name) for name in read), graph.end(node)]
    return list(dict.fromkeys(names))


def quantized(model: onnx.ModelProto, ranges: Ranges) -> bytes:
    """Return the 8-bit copy of a network.

    Args:
        model: Convolutions with constant weights and biases, rectifiers (Relu, or Clip with a
            lower bound of 0), Add, MaxPool and Identity are turned; all other nodes stay as they
            are.
        ranges: Of each of `activations(model)`.

    Raises:
        KeyError: A range is missing.
        ValueError: The network has a kind of node that was not tried.
    """
    strange = {node.op_type for node in model.graph.node} - _TRIED
    if strange:
        raise ValueError(f"cannot turn nodes of these kinds into 8 bits: {sorted(strange)}")
    graph = _Layers(model)
    made = _Rewriter(graph, ranges)
    for node in graph.nodes:
        made.add(node)
    for output in model.graph.output:
        made.real(output.name)
    result = helper.make_graph(
        made.nodes, model.graph.name, model.graph.input, model.graph.output, made.constants
    )
    written = helper.make_model(result, opset_imports=[helper.make_opsetid("", _OPSET)])
    written.ir_version = model.ir_version
    written.producer_name, written.producer_version = "framegate", RECIPE
    return bytes(written.SerializeToString(deterministic=True))


class _Layers:
    """A network's nodes, and which tensor of it stands for which after rectifying."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.nodes: Sequence[onnx.NodeProto] = list(model.graph.node)
        self.constants = {each.name: each for each in model.graph.initializer}
        self._made_by = {name: node for node in self.nodes for name in node.output}
        self._readers: dict[str, list[onnx.NodeProto]] = {}
        for node in self.nodes:
            for name in node.input:
                self._readers.setdefault(name, []).append(node)
        self._outputs = {each.name for each in model.graph.output}

    def end(self, node: onnx.NodeProto) -> str:
        """Name of what comes out of a node and of the rectifier behind it, if there is one."""
        name = str(node.output[0])
        readers = self._readers.get(name, [])
        alone = len(readers) == 1 and name not in self._outputs
        rectified = alone and self.is_integer(node) and readers[0].op_type in _RECTIFIERS
        return str(readers[0].output[0]) if rectified else name

    def source(self, name: str) -> str:
        """Name of the tensor whose values, or some of them, a tensor has."""
        node = self._made_by.get(name)
        return self.source(node.input[0]) if node and node.op_type in _SAME_VALUES else name

    def is_integer(self, node: onnx.NodeProto) -> bool:
        """Whether a node is reckoned in whole numbers."""
        return node.op_type == "Conv" or (
            node.op_type in _INTEGER and not any(name in self.constants for name in node.input)
        )

    def is_swallowed(self, node: onnx.NodeProto) -> bool:
        """Whether a rectifier is part of the node before it."""
        before = self._made_by.get(node.input[0]) if node.input else None
        return (
            node.op_type in _RECTIFIERS
            and before is not None
            and self.end(before) == node.output[0]
        )

    def values(self, name: str) -> NDArray[np.float32]:
        return np.asarray(numpy_helper.to_array(self.constants[name]), dtype=np.float32)


class _Rewriter:
    """Writes the nodes of the 8-bit copy, each reading bytes where there are some."""

    def __init__(self, graph: _Layers, ranges: Ranges) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._graph = graph
        self._ranges = ranges
        self._known: set[str] = set()
        #: Tensors that are there as bytes, and the range that these bytes have.
        self._bytes: dict[str, str] = {}
        self._real: set[str] = set()

    def add(self, node: onnx.NodeProto) -> None:
        """Write one node, in the order of the graph."""
        graph = self._graph
        if graph.is_swallowed(node):
            return
        if node.op_type == "Conv":
            self._convolve(node)
        elif graph.is_integer(node):
            inputs = [self._read(name) for name in node.input]
            self._write(node, inputs, graph.end(node), graph.end(node))
        elif node.op_type in _SAME_VALUES and node.input[0] in self._bytes:
            self._write(
                node, [self._read(node.input[0])], node.output[0], self._bytes[node.input[0]]
            )
        else:
            for name in node.input:
                self.real(name)
            self.nodes.append(node)
            self._real.update(node.output)

    def real(self, name: str) -> None:
        """See to it that a tensor is there as numbers under its own name."""
        if name in self._bytes and name not in self._real:
            self._node("DequantizeLinear", [f"{name}.bytes", *self._scale(self._bytes[name])], name)
            self._real.add(name)
        if name in self._graph.constants and name not in self._known:
            self._known.add(name)
            self.constants.append(self._graph.constants[name])

    def _convolve(self, node: onnx.NodeProto) -> None:
        entry, end = self._read(node.input[0]), self._graph.end(node)
        weights = self._graph.values(node.input[1])
        flat = np.abs(weights.astype(np.float64)).reshape(len(weights), -1).max(axis=1)
        scale = np.maximum(flat / _WEIGHT_TOP, _SMALLEST).astype(np.float32)
        shaped = scale.reshape(-1, *[1] * (weights.ndim - 1))
        small = np.rint(weights / shaped).clip(-_WEIGHT_TOP, _WEIGHT_TOP).astype(np.int8)
        name = f"{node.output[0]}.weight"
        inputs = [entry, self._constant(name, small, scale)]
        if len(node.input) > 2:  # noqa: PLR2004 -- the third is the bias
            step = self._step(self._bytes[node.input[0]])[0]
            steps = np.maximum(scale * np.float32(step), _SMALLEST).astype(np.float32)
            bias = np.rint(self._graph.values(node.input[2]).astype(np.float64) / steps)
            whole = bias.clip(-(2**31), 2**31 - 1).astype(np.int32)
            inputs.append(self._constant(f"{node.output[0]}.bias", whole, steps))
        self._write(node, inputs, end, end)

    def _constant(self, name: str, values: NDArray[np.generic], scale: NDArray[np.float32]) -> str:
        """Write a constant of whole numbers with a scale for each of its first axis."""
        for suffix, part in (("whole", values), ("step", scale),
                             ("zero", np.zeros(len(scale), values.dtype))):  # fmt: skip
            self.constants.append(numpy_helper.from_array(part, f"{name}.{suffix}"))
        self._node(
            "DequantizeLinear", [f"{name}.whole", f"{name}.step", f"{name}.zero"], name, axis=0
        )
        return name

    def _read(self, name: str) -> str:
        """Name of a tensor as numbers that come straight from its bytes."""
        source = self._bytes.get(name)
        if source is None:
            source = self._graph.source(name)
            self._node("QuantizeLinear", [name, *self._scale(source)], f"{name}.bytes")
            self._bytes[name] = source
            self._real.add(name)
        read = f"{name}.read.{len(self.nodes)}"
        self._node("DequantizeLinear", [f"{name}.bytes", *self._scale(source)], read)
        return read

    def _write(self, node: onnx.NodeProto, inputs: Sequence[str], end: str, source: str) -> None:
        """Write a node whose answer is kept as bytes only."""
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        del copy.input[:], copy.output[:]
        copy.input.extend(inputs)
        copy.output.append(f"{end}.exact")
        self.nodes.append(copy)
        self._node("QuantizeLinear", [f"{end}.exact", *self._scale(source)], f"{end}.bytes")
        self._bytes[end] = source

    def _scale(self, source: str) -> tuple[str, str]:
        names = f"{source}.step", f"{source}.zero"
        if source not in self._known:
            self._known.add(source)
            step, zero = self._step(source)
            self.constants.append(numpy_helper.from_array(np.array(step, np.float32), names[0]))
            self.constants.append(numpy_helper.from_array(np.array(zero, np.uint8), names[1]))
        return names

    def _step(self, source: str) -> tuple[float, int]:
        """Size of one step of a tensor's bytes, and which byte is 0."""
        low, high = self._ranges[source]
        low, high = min(low, 0.0), max(high, 0.0)
        step = float(np.float32(max((high - low) / _BYTE_TOP, _SMALLEST)))
        return step, int(np.clip(round(-low / step), 0, _BYTE_TOP))

    def _node(
        self, kind: str, inputs: Sequence[str], output: str, **attributes: _Attribute
    ) -> None:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))


def resized(model: onnx.ModelProto, side: int) -> onnx.ModelProto:
    """Return a network for squares of another side, which averages over what it sees of them.

    Args:
        model: Its only input is a batch of one square, its only AveragePool reads the whole map.
        side: In pixels.
    """
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    shape = copy.graph.input[0].type.tensor_type.shape.dim
    squares = [place for place in range(1, 4) if shape[place].dim_value > _CHANNELS]
    for place, size in ((0, 1), *((place, side) for place in squares)):
        shape[place].ClearField("dim_param")
        shape[place].dim_value = size
    del copy.graph.value_info[:]
    for output in copy.graph.output:
        for place, length in enumerate(output.type.tensor_type.shape.dim):
            length.ClearField("dim_value")
            length.dim_param = f"{output.name}.{place}"
    for node in copy.graph.node:
        if node.op_type == "AveragePool":
            node.op_type = "GlobalAveragePool"
            del node.attribute[:]
    return copy


def unbound(model: onnx.ModelProto) -> bytes:
    """Return a network of convolutions for maps of any height and width."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    for entry in copy.graph.input:
        for place, name in ((2, "height"), (3, "width")):
            length = entry.type.tensor_type.shape.dim[place]
            length.ClearField("dim_value")
            length.dim_param = f"{entry.name}.{name}"
    del copy.graph.value_info[:]
    return bytes(copy.SerializeToString(deterministic=True))


def exposed(model: onnx.ModelProto, names: Sequence[str]) -> bytes:
    """Return a network that also gives the tensors of these names out."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    known = {each.name for each in (*copy.graph.output, *copy.graph.input)}
    copy.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
        for name in names
        if name not in known
    )
    return bytes(copy.SerializeToString(deterministic=True))
