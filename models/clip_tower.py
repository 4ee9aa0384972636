"""CLIP's ViT-B/16 image tower as a plain ONNX graph, from a published 8-bit one.

The published file rounds every activation to 8 bits at run time, with one scale for a whole tensor.
That loses what tells pictures apart: the same picture mirrored and coded as JPEG comes out at a
cosine of 0.87, two different ones at 0.84. Its weights are rounded channel by channel and are good.
So each product of rounded numbers becomes one of float32 again: `MatMulInteger` between a
`DynamicQuantizeLinear` and the multiplication by both scales is replaced by a `MatMul` with the
weights times their scale. Architecture: Dosovitskiy et al. (2021), training: Radford et al. (2021).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from models.conversions import kept

RECIPE: Final = "clip-vit-b16/1"
"""Name and version of the conversion; a change of what it computes changes it."""

SIDE: Final = 224
"""Side of the square that the tower sees, in pixels."""

WIDTH: Final = 512
"""Values of an embedding."""

INPUT: Final = "pixel_values"
OUTPUT: Final = "image_embeds"

_MEAN: Final = (0.48145466, 0.4578275, 0.40821073)
_DEVIATION: Final = (0.26862954, 0.26130258, 0.27577711)


def tensor(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return a picture (224, 224, 3), RGB, as the tower's input, a batch of one."""
    if picture.shape != (SIDE, SIDE, 3) or picture.dtype != np.uint8:
        raise ValueError(f"a picture must be uint8 of shape ({SIDE}, {SIDE}, 3)")
    mean, deviation = (np.asarray(each, dtype=np.float32) for each in (_MEAN, _DEVIATION))
    normal = (picture.astype(np.float32) / 255 - mean) / deviation
    return np.ascontiguousarray(normal.transpose(2, 0, 1)[None], dtype=np.float32)


def converted(weights_file: Path, sha256: str) -> bytes:
    """Return the ONNX model of a checked weights file, from beside it where it is there already.

    Args:
        weights_file: The published 8-bit ONNX file.
        sha256: Its digest; a conversion of other weights is not used.

    Returns:
        The serialised model, 345 MB; input `pixel_values` (n, 3, 224, 224), output `image_embeds`
        (n, 512).
    """
    stem = f"{weights_file.stem}.{sha256[:12]}.{RECIPE.replace('/', '-')}"
    return kept(weights_file.parent, stem, lambda: repaired(weights_file.read_bytes()))


def repaired(model: bytes) -> bytes:
    """Return a model whose products of rounded activations are products of float32 again.

    Args:
        model: An ONNX model in which each `MatMulInteger` reads a `DynamicQuantizeLinear`, is cast
            to float32 and multiplied by the product of both scales, as ONNX Runtime's dynamic
            quantisation writes it.

    Raises:
        ValueError: A product is of another form.
    """
    loaded = onnx.load_model_from_string(model)
    graph = loaded.graph
    tensors = {each.name: each for each in graph.initializer}
    made_by = {name: node for node in graph.node for name in node.output}
    read_by: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            read_by.setdefault(name, []).append(node)
    replaced: dict[str, onnx.NodeProto] = {}
    gone: set[str] = set()
    for node in graph.node:
        if node.op_type != "MatMulInteger":
            continue
        rounded = made_by.get(node.input[0])
        cast = _only(read_by.get(node.output[0], ()), "Cast")
        scaled = _only(read_by.get(cast.output[0], ()), "Mul")
        scales = made_by.get(next(name for name in scaled.input if name != cast.output[0]))
        if rounded is None or rounded.op_type != "DynamicQuantizeLinear" or scales is None:
            raise ValueError(f"{node.name}: not a product of rounded activations")
        scale = next((tensors[name] for name in scales.input if name in tensors), None)
        if scale is None or node.input[1] not in tensors:
            raise ValueError(f"{node.name}: its weights or their scale are not constants")
        zero = tensors[node.input[3]] if len(node.input) > 3 else None  # noqa: PLR2004
        name = f"{scaled.output[0]}.weights"
        weights = _floats(tensors[node.input[1]], scale, zero)
        graph.initializer.append(numpy_helper.from_array(weights, name))
        replaced[scaled.output[0]] = helper.make_node(
            "MatMul", [rounded.input[0], name], [scaled.output[0]]
        )
        gone |= {node.output[0], cast.output[0], scales.output[0]}
    nodes = [
        replaced.get(node.output[0], node) for node in graph.node if node.output[0] not in gone
    ]
    del graph.output[1:]
    nodes = _needed(nodes, [graph.output[0].name])
    del graph.node[:], graph.value_info[:]
    graph.node.extend(nodes)
    read = {name for node in nodes for name in node.input}
    constants = [each for each in graph.initializer if each.name in read]
    del graph.initializer[:]
    graph.initializer.extend(constants)
    return bytes(loaded.SerializeToString(deterministic=True))


def _only(nodes: Iterable[onnx.NodeProto], kind: str) -> onnx.NodeProto:
    found = list(nodes)
    if len(found) != 1 or found[0].op_type != kind:
        raise ValueError(f"a product of rounded activations must be read by one {kind}")
    return found[0]


def _floats(
    weights: onnx.TensorProto, scale: onnx.TensorProto, zero: onnx.TensorProto | None
) -> NDArray[np.float32]:
    whole = numpy_helper.to_array(weights).astype(np.float32)
    middle = np.float32(0) if zero is None else numpy_helper.to_array(zero).astype(np.float32)
    return np.asarray((whole - middle) * numpy_helper.to_array(scale), dtype=np.float32)


def _needed(nodes: list[onnx.NodeProto], outputs: list[str]) -> list[onnx.NodeProto]:
    """The nodes that the outputs hang on, in their order."""
    wanted, kept_nodes = set(outputs), []
    for node in reversed(nodes):
        if wanted.intersection(node.output):
            kept_nodes.append(node)
            wanted.update(node.input)
    return kept_nodes[::-1]
