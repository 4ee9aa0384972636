"""Cuts a text into the pieces that the encoder reads (SentencePiece unigram, as XLM-RoBERTa)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace

from models.packed import PackedEncoder


class Pieces:
    """The encoder's tokenizer; thread-safe and deterministic."""

    def __init__(self, packed: PackedEncoder) -> None:
        self._tokenizer = Tokenizer(Unigram(packed.pieces(), unk_id=packed.unknown))
        self._tokenizer.pre_tokenizer = Metaspace(replacement="▁", prepend_scheme="always")
        self._frame = (packed.begin, packed.end)

    def cut(self, text: str) -> NDArray[np.int64]:
        """Ids of the pieces, without the marks of beginning and end."""
        return np.array(self._tokenizer.encode(text, add_special_tokens=False).ids, dtype=np.int64)

    def cut_all(self, texts: list[str]) -> list[NDArray[np.int64]]:
        """`cut` of many texts, quicker."""
        found = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        return [np.array(each.ids, dtype=np.int64) for each in found]

    def frame(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The ids between the marks of beginning and end."""
        begin, end = self._frame
        return np.concatenate([[begin], ids, [end]])
