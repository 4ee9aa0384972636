"""The network that is trained: the encoder's layers, and heads after some of them.

A head after an early layer lets most harmless prompts leave before the later layers are paid for
(deep supervision with early exits; Teerapittayanon, McDanel and Kung, "BranchyNet", 2016). Word
embeddings stay as they are: they come from the packed file at run time, too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import BertConfig, BertModel

from models.packed import PackedEncoder

#: Layers that have a head after them, counted from one; the last is the model's own answer. The
#: encoder has twelve: the last four are cut off, they cost a third of the time and serve retrieval.
EXITS = (3, 8)
_HEAD = 384
#: Tensors of a packed layer and where they belong in `transformers`' BERT.
_PLACES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Head(nn.Module):
    """Mean over the tokens, one hidden layer, one logit a category."""

    def __init__(self, hidden: int, outputs: int) -> None:
        super().__init__()
        self.inner = nn.Linear(hidden, _HEAD)
        self.outer = nn.Linear(_HEAD, outputs)
        self.dropout = nn.Dropout(0.1)

    def forward(self, states: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        """Logits, shape (batch, outputs), of states (batch, tokens, hidden)."""
        if mask is None:
            mean = states.mean(dim=1)
        else:
            kept = mask.unsqueeze(-1).to(states.dtype)
            mean = (states * kept).sum(dim=1) / kept.sum(dim=1)
        inner = torch.nn.functional.gelu(self.inner(self.dropout(mean)))
        logits: torch.Tensor = self.outer(self.dropout(inner))
        return logits


class Network(nn.Module):
    """The encoder with a head after each of `EXITS`."""

    def __init__(self, packed: PackedEncoder, outputs: int) -> None:
        super().__init__()
        shape = packed.shape
        config = BertConfig(
            vocab_size=8,  # the word table is not part of it
            hidden_size=shape.hidden,
            num_hidden_layers=EXITS[-1],
            num_attention_heads=shape.heads,
            intermediate_size=shape.feed_forward,
            max_position_embeddings=shape.positions,
            layer_norm_eps=1e-12,
            # One pass over the data needs no dropout here, and random numbers cost a third of it.
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.heads = nn.ModuleList(Head(shape.hidden, outputs) for _ in EXITS)
        self._fill(packed)

    def _fill(self, packed: PackedEncoder) -> None:
        state: dict[str, NDArray[np.float32]] = {
            "embeddings.position_embeddings.weight": packed.tensor(
                "emb.pos", packed.shape.positions
            ),
            "embeddings.token_type_embeddings.weight": packed.tensor("emb.type", 2),
            "embeddings.LayerNorm.weight": packed.tensor("emb.ln.w"),
            "embeddings.LayerNorm.bias": packed.tensor("emb.ln.b"),
        }
        for layer in range(EXITS[-1]):
            for short, place in _PLACES.items():
                weight = packed.tensor(f"l{layer}.{short}.w")
                bias = packed.tensor(f"l{layer}.{short}.b")
                if "LayerNorm" not in place:
                    weight = weight.reshape(bias.size, -1)
                state[f"encoder.layer.{layer}.{place}.weight"] = weight
                state[f"encoder.layer.{layer}.{place}.bias"] = bias
        loaded = {name: torch.from_numpy(value.copy()) for name, value in state.items()}
        missing, unexpected = self.encoder.load_state_dict(loaded, strict=False)
        left = [name for name in missing if "word_embeddings" not in name and "ids" not in name]
        if left or unexpected:
            raise ValueError(f"The packed weights do not fit: {left} {unexpected}.")

    def forward(self, words: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
        """Logits of every exit.

        Args:
            words: Rows of the word table, float32, shape (batch, tokens, hidden).
            mask: 1 for a token, 0 for padding, shape (batch, tokens).
        """
        seen: Any = self.encoder(
            inputs_embeds=words, attention_mask=mask, output_hidden_states=True
        )
        states = [seen.hidden_states[layer] for layer in EXITS]
        return [head(state, mask) for head, state in zip(self.heads, states, strict=True)]
