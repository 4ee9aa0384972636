"""Sessions: they run, they are repeatable, and they use one thread."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from models.onnx import session


def tiny_model() -> bytes:
    """Y = x * 2."""
    graph = helper.make_graph(
        [helper.make_node("Mul", ["x", "two"], ["y"])],
        "double",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n"])],
        [helper.make_tensor("two", TensorProto.FLOAT, [1], [2.0])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content


def test_a_model_runs_from_bytes_and_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "double.onnx"
    path.write_bytes(tiny_model())
    x = np.array([1.0, 2.5], dtype=np.float32)
    for source in (path, tiny_model()):
        assert session(source).run(None, {"x": x})[0].tolist() == [2.0, 5.0]


def test_a_session_has_one_thread_and_the_cpu() -> None:
    opened = session(tiny_model())
    options = opened.get_session_options()
    assert options.intra_op_num_threads == 1
    assert options.inter_op_num_threads == 1
    assert opened.get_providers() == ["CPUExecutionProvider"]
