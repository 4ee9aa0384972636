"""Fits the heads: one hidden layer, weighted binary cross entropy, masked to what is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.text import SentenceHeads

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides a fit, besides the data."""

    hidden: int = 64
    epochs: int = 6
    rate: float = 1e-3
    decay: float = 1e-2
    dropout: float = 0.3
    positive_share: float = 0.25
    seed: int = 0


def fit(
    vectors: Matrix, targets: NDArray[np.int8], weights: NDArray[np.float32], recipe: Recipe
) -> dict[str, Matrix]:
    """Fits heads and returns the tensors that `models.text.SentenceHeads` takes.

    Args:
        vectors: Shape (n, d).
        targets: Shape (n, k); 1 yes, 0 no, -1 unknown.
        weights: Shape (n,).
        recipe: The hyperparameters.
    """
    torch.manual_seed(recipe.seed)
    mean = vectors.mean(axis=0)
    x = torch.from_numpy(vectors - mean)
    y = torch.from_numpy((targets == 1).astype(np.float32))
    w = torch.from_numpy(balanced(targets, weights, recipe.positive_share))
    first = torch.nn.Linear(x.shape[1], recipe.hidden)
    last = torch.nn.Linear(recipe.hidden, y.shape[1])
    model = torch.nn.Sequential(first, torch.nn.ReLU(), torch.nn.Dropout(recipe.dropout), last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    batch = 512
    steps = recipe.epochs * -(-len(x) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.rate, total_steps=steps)
    loss_of = torch.nn.BCEWithLogitsLoss(reduction="none")
    for _ in range(recipe.epochs):
        model.train()
        for part in torch.split(torch.randperm(len(x)), batch):
            loss = (loss_of(model(x[part]), y[part]) * w[part]).sum() / batch
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return {
        "mean": mean.astype(np.float32),
        "w1": first.weight.detach().numpy().T.copy(),
        "b1": first.bias.detach().numpy().copy(),
        "w2": last.weight.detach().numpy().T.copy(),
        "b2": last.bias.detach().numpy().copy(),
    }


def balanced(
    targets: NDArray[np.int8], weights: NDArray[np.float32], positive_share: float
) -> NDArray[np.float32]:
    """Weights (n, k): each category weighs the same, positives a fixed share of it."""
    w = np.zeros(targets.shape, dtype=np.float64)
    for column in range(targets.shape[1]):
        for kind, share in ((1, positive_share), (0, 1 - positive_share)):
            rows = targets[:, column] == kind
            total = weights[rows].sum()
            if total > 0:
                w[rows, column] = weights[rows] / total * share
    return (w * len(targets)).astype(np.float32)


def logits(tensors: dict[str, Matrix], vectors: Matrix) -> Matrix:
    """Raw scores of many vectors at once, for training; `SentenceHeads` scores in service."""
    heads = SentenceHeads(tensors)
    hidden = np.maximum((vectors - heads.mean) @ heads.w1 + heads.b1, 0)
    return np.asarray(hidden @ heads.w2 + heads.b2, dtype=np.float32)
