"""ONNX Runtime sessions as Framegate runs them: on the CPU, one thread, no spinning.

One caller a core is the shape that costs least here; a second thread inside a session costs more
CPU than it saves (docs/decisions, benchmarks/). One thread also makes results repeatable: the
order of additions never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import onnxruntime as ort

_LOG_ERRORS_ONLY = 3


def session(model: Path | bytes, *, providers: Sequence[str] = ()) -> ort.InferenceSession:
    """Opens a model file for inference.

    The session is thread-safe: `run` may be called from several threads at once, and each call
    uses the caller's thread only. The global interpreter lock is released meanwhile.

    Args:
        model: Path of an ONNX file, or its bytes.
        providers: Execution providers in order of preference; empty means the CPU.

    Returns:
        A session with intra- and inter-operator parallelism of 1.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = _LOG_ERRORS_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    source = model if isinstance(model, bytes) else str(model)
    chosen = list(providers) or ["CPUExecutionProvider"]
    return ort.InferenceSession(source, sess_options=options, providers=chosen)
