"""8-bit copies say nearly what the network says, in the same bytes, and refuse what is odd."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.onnx import session
from models.quantization import Ranges, activations, exposed, quantized, resized, unbound

SIDE = 16


def network(*, last: str = "GlobalAveragePool") -> onnx.ModelProto:
    """Two convolutions with a shortcut, a pooling and a linear layer, as in a small ResNet."""
    source = np.random.default_rng(0)

    def constant(name: str, *shape: int) -> onnx.TensorProto:
        values = source.normal(size=shape).astype(np.float32) / np.sqrt(np.prod(shape[1:]) or 1)
        return numpy_helper.from_array(np.asarray(values, np.float32), name)

    nodes = [
        helper.make_node("Conv", ["x", "w0", "b0"], ["c0"], pads=[1, 1, 1, 1]),
        helper.make_node("Clip", ["c0", "zero", "six"], ["r0"]),
        helper.make_node("Conv", ["r0", "w1"], ["c1"], pads=[1, 1, 1, 1]),
        helper.make_node("Add", ["c1", "r0"], ["sum"]),
        helper.make_node("Relu", ["sum"], ["r1"]),
        helper.make_node("MaxPool", ["r1"], ["pool"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Identity", ["pool"], ["map"]),
        helper.make_node("Conv", ["map", "w2", "b2"], ["c2"]),
        helper.make_node(
            last, ["c2"], ["p"], **({"kernel_shape": [8, 8]} if last == "AveragePool" else {})
        ),
        helper.make_node("Flatten", ["p"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w3", "b3"], ["y"]),
    ]
    constants = [
        constant("w0", 8, 3, 3, 3), constant("b0", 8), constant("w1", 8, 8, 3, 3),
        constant("w2", 6, 8, 1, 1), constant("b2", 6), constant("w3", 6, 4), constant("b3", 4),
        numpy_helper.from_array(np.array(0, np.float32), "zero"),
        numpy_helper.from_array(np.array(6, np.float32), "six"),
    ]  # fmt: skip
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])],
        [
            helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 4]),
            helper.make_tensor_value_info("map", TensorProto.FLOAT, [1, 8, SIDE // 2, SIDE // 2]),
        ],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    return model


def pictures(count: int, side: int = SIDE) -> list[NDArray[np.float32]]:
    source = np.random.default_rng(1)
    return [source.uniform(-1, 1, (1, 3, side, side)).astype(np.float32) for _ in range(count)]


def ranges_of(model: onnx.ModelProto) -> Ranges:
    names = activations(model)
    inner = [name for name in names if name != "x"]
    open_ = session(exposed(model, inner))
    seen: dict[str, tuple[float, float]] = {"x": (-1.0, 1.0)}
    for picture in pictures(8):
        for name, values in zip(inner, open_.run(inner, {"x": picture}), strict=True):
            low, high = seen.get(name, (0.0, 0.0))
            seen[name] = min(low, float(values.min())), max(high, float(values.max()))
    return {name: seen[name] for name in names}


def test_what_needs_a_range_is_what_is_reckoned_in_whole_numbers() -> None:
    assert activations(network()) == ["x", "r0", "c1", "r1", "c2"]


def test_the_copy_says_nearly_the_same() -> None:
    model = network()
    copy, whole = session(quantized(model, ranges_of(model))), session(model.SerializeToString())
    for picture in pictures(8):
        for got, expected in zip(
            copy.run(["y", "map"], {"x": picture}), whole.run(["y", "map"], {"x": picture}),
            strict=True,
        ):  # fmt: skip
            assert got.shape == expected.shape
            assert np.abs(got - expected).max() < 0.05 * np.abs(expected).max()
            assert not np.array_equal(got, expected)


def test_weights_are_bytes_of_seven_bits() -> None:
    model = network()
    made = onnx.load_from_string(quantized(model, ranges_of(model)))
    onnx.checker.check_model(made)
    whole = {each.name: numpy_helper.to_array(each) for each in made.graph.initializer}
    weights = [each for name, each in whole.items() if name.endswith(".weight.whole")]
    assert len(weights) == 3
    assert {each.dtype for each in weights} == {np.dtype(np.int8)}
    assert all(np.abs(each.reshape(len(each), -1)).max(axis=1).tolist() == [63] * len(each)
               for each in weights)  # fmt: skip
    assert {node.op_type for node in made.graph.node}.isdisjoint({"Relu", "Clip"})


def test_the_same_gives_the_same_bytes_and_other_ranges_others() -> None:
    model, ranges = network(), ranges_of(network())
    assert quantized(model, ranges) == quantized(network(), dict(ranges))
    assert quantized(model, {**ranges, "r0": (0.0, 1.0)}) != quantized(model, ranges)


def test_what_cannot_be_turned_is_named() -> None:
    model, ranges = network(), ranges_of(network())
    with pytest.raises(KeyError, match="r1"):
        quantized(model, {name: each for name, each in ranges.items() if name != "r1"})
    strange = network(last="GlobalLpPool")
    with pytest.raises(ValueError, match="GlobalLpPool"):
        quantized(strange, ranges)


def test_a_network_for_another_side_averages_over_what_it_sees() -> None:
    same = session(resized(network(last="AveragePool"), SIDE).SerializeToString())
    picture = pictures(1)[0]
    expected = session(network().SerializeToString()).run(["y"], {"x": picture})[0]
    assert np.allclose(same.run(["y"], {"x": picture})[0], expected, atol=1e-5)
    larger = session(resized(network(last="AveragePool"), 2 * SIDE).SerializeToString())
    (small,) = pictures(1, 2 * SIDE)
    y, found = larger.run(["y", "map"], {"x": small})
    assert y.shape == (1, 4)
    assert found.shape == (1, 8, SIDE, SIDE)


def test_an_unbound_network_takes_maps_of_any_size() -> None:
    graph = helper.make_graph(
        [helper.make_node("GlobalMaxPool", ["x"], ["y"])],
        "head",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2, 14, 14])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 2, 1, 1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    head = session(unbound(model))
    for shape in ((1, 2, 14, 14), (1, 2, 10, 18)):
        values = np.zeros(shape, np.float32)
        values[0, 1, 3, 9] = 7
        assert head.run(None, {"x": values})[0].ravel().tolist() == [0, 7]
