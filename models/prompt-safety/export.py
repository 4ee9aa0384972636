"""Ships a trained network: ONNX in 8 bits, an accuracy gate, calibration, thresholds, the card.

    python models/prompt-safety/export.py             # after train.py
    python models/prompt-safety/export.py --keep      # only calibrate again what was exported

Everything is chosen on rows held out of training: whole sets, and a digest's share of the others.
Calibration and thresholds rest on the answers of the shipped 8-bit network, not of the one that
was trained. Nothing of the evaluation sets is read.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import card_writer  # type: ignore[import-not-found]
import corpus  # type: ignore[import-not-found]
import numpy as np
import onnxruntime as ort
import torch
import train  # type: ignore[import-not-found]
from network import EXITS, Network  # type: ignore[import-not-found]
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from torch import nn

from models.calibration import apply_platt, fit_platt, threshold_for_fpr
from models.card import ModelCard, Platt, Threshold
from models.onnx import session
from models.packed import PackedEncoder
from models.pieces import Pieces
from models.tables import fill
from models.transformer import cut
from models.windows import windows

FOLDER = Path(__file__).resolve().parent
PARTS = ("early.onnx", "late.onnx")
#: Share of harmful texts that probabilities are calibrated for, in each category.
BASE_RATE = 0.05
#: Shares of harmless texts that may reach a threshold, in one category by itself: of prompts for
#: picture and video generators, and of other harmless texts (questions, comments, prose).
REVIEW_FPR = {"prompts": 0.007, "others": 0.02}
BLOCK_FPR = {"prompts": 0.0008, "others": 0.005}
#: What the last head sends to review is sure to the early one in this share, in each category by
#: itself; leaving takes all of them, so that far less is lost: the report says how much.
EARLY_LOSS = 0.05
#: Most that 8 bits may cost of the area under the ROC curve: in any category, and on the mean over
#: categories. A category by itself has as few as a hundred positives, where a few rows that change
#: places are worth half a point.
GATE, GATE_MEAN = 0.01, 0.002

#: Most that the joint output may count beside a category's own.
MOST_MIXED = 1.0

Matrix = NDArray[np.float32]


class _Early(nn.Module):
    """Embedding sums, the first layers, the early head."""

    def __init__(self, network: Network, mixture: Matrix) -> None:
        super().__init__()
        self.embeddings = network.encoder.embeddings
        self.layers = network.encoder.encoder.layer[: EXITS[0]]
        self.head = network.heads[0]
        self.mixture = torch.from_numpy(mixture)

    def forward(self, words: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """States (1, tokens, hidden) and logits (1, categories) of words (1, tokens, hidden)."""
        positions = self.embeddings.position_embeddings.weight[: words.shape[1]]
        kinds = self.embeddings.token_type_embeddings.weight[0]
        states = self.embeddings.LayerNorm(words + positions + kinds)
        for layer in self.layers:
            states = _only(layer(states, None))
        return states, mixed(self.head(states, None), self.mixture)


class _Late(nn.Module):
    """The layers after the early head, and the last head."""

    def __init__(self, network: Network, mixture: Matrix) -> None:
        super().__init__()
        self.layers = network.encoder.encoder.layer[EXITS[0] :]
        self.head = network.heads[1]
        self.mixture = torch.from_numpy(mixture)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Logits (1, categories) of states (1, tokens, hidden)."""
        for layer in self.layers:
            states = _only(layer(states, None))
        return mixed(self.head(states, None), self.mixture)


def mixed(outputs: torch.Tensor, mixture: torch.Tensor) -> torch.Tensor:
    """Logits (n, categories) of outputs (n, categories + 1): the joint output counts in each."""
    width = len(corpus.CATEGORIES)
    return outputs[:, :width] + mixture * outputs[:, width:]


def mixtures(rows: Sequence[corpus.Row], outputs: Matrix) -> Matrix:
    """How much the joint output ("harmful") counts in each category, shape (categories,).

    Fitted as a logistic regression of each category on its own output and the joint one. A
    category that is not harm in itself takes nothing of it.
    """
    found = np.zeros(len(corpus.CATEGORIES), np.float32)
    for column, category in enumerate(corpus.CATEGORIES):
        if category in corpus.NO_HARM:
            continue
        both, yes, weights = weighed(rows, column)
        fitted = LogisticRegression(C=1e3, max_iter=1000).fit(
            outputs[both][:, [column, -1]], yes[both], sample_weight=weights[both] * both.sum()
        )
        own, joint = fitted.coef_[0]
        found[column] = np.clip(joint / max(own, 1e-6), 0.0, MOST_MIXED)
        print(f"mixture {category:24} {found[column]:.3f}")
    return found


def _only(output: torch.Tensor | tuple[torch.Tensor, ...]) -> torch.Tensor:
    return output[0] if isinstance(output, tuple) else output


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=train.REPOSITORY / ".cache")
    parser.add_argument("--keep", action="store_true", help="keep the exported parts")
    given = parser.parse_args()
    packed = train.open_encoder(given.cache)
    rows = [row for row in corpus.rows(given.cache) if row.held]
    network = Network(packed, len(corpus.OUTPUTS))
    network.load_state_dict(torch.load(train.weights_of(given.cache), weights_only=True))
    if given.keep:
        ship(rows, read(rows, packed, given.cache))
        return
    outputs = train.logits(network, rows, packed, Pieces(packed))
    parts = [mixtures(rows, each) for each in outputs]
    write_parts(network.eval(), parts)
    shipped = read(rows, packed, given.cache)
    full = [
        mixed(torch.from_numpy(each), torch.from_numpy(part)).numpy()
        for each, part in zip(outputs, parts, strict=True)
    ]
    gate(rows, shipped, full)
    ship(rows, shipped)


def write_parts(network: Network, mixture: Sequence[Matrix]) -> None:
    """Writes both parts as 8-bit ONNX (per channel; 7 bits used, so that AVX2 never saturates)."""
    words = torch.zeros(1, 9, network.encoder.config.hidden_size)
    parts: tuple[tuple[nn.Module, str, list[str]], ...] = (
        (_Early(network, mixture[0]), "words", ["states", "logits"]),
        (_Late(network, mixture[1]), "states", ["logits"]),
    )
    for (module, given, outputs), name in zip(parts, PARTS, strict=True):
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            full = Path(folder) / name
            torch.onnx.export(
                module.eval(),
                (words,),
                full,
                input_names=[given],
                output_names=outputs,
                dynamic_axes={
                    each: {1: "tokens"} for each in (given, "states") if each != "logits"
                },
                opset_version=17,
                dynamo=False,
            )
            quantize_dynamic(
                full,
                FOLDER / name,
                weight_type=QuantType.QInt8,
                per_channel=True,
                reduce_range=True,
            )
        (FOLDER / name).chmod(0o644)


def read(rows: Sequence[corpus.Row], packed: PackedEncoder, cache: Path) -> list[Matrix]:
    """Logits of the shipped parts, of each exit, shape (len(rows), categories).

    They are kept in the cache.
    """
    whole = ModelCard.load(FOLDER).preprocessing["whole"]
    key = hashlib.sha256(f"{whole}|{''.join(row.text for row in rows)}".encode())
    for name in PARTS:
        key.update((FOLDER / name).read_bytes())
    kept = cache / "training" / f"held-{key.hexdigest()[:16]}.npy"
    if not kept.is_file():
        np.save(kept, np.stack(_read(rows, packed, whole)))
    return list(np.load(kept))


def _read(rows: Sequence[corpus.Row], packed: PackedEncoder, whole: int) -> list[Matrix]:
    early, late = (session(FOLDER / name) for name in PARTS)
    pieces = Pieces(packed)
    found = [np.empty((len(rows), len(corpus.CATEGORIES)), np.float32) for _ in PARTS]
    for number, row in enumerate(rows):
        windows = [
            _both(early, late, packed.words(ids)[None]) for ids in cut(row.text, whole, pieces)
        ]
        for place, logits in zip(found, zip(*windows, strict=True), strict=True):
            place[number] = np.max(logits, axis=0)
    return found


def _both(
    early: ort.InferenceSession, late: ort.InferenceSession, words: Matrix
) -> tuple[Matrix, Matrix]:
    """Logits of both heads for one window."""
    states, first = early.run(None, {"words": words})
    return first[0], late.run(None, {"states": states})[0][0]


def gate(rows: Sequence[corpus.Row], shipped: Sequence[Matrix], trained: Sequence[Matrix]) -> None:
    """Refuses an export that lost more than `GATE` of an area, or `GATE_MEAN` on the mean.

    Compared on texts that are read at once: of longer ones the trained network sees the beginning.

    Raises:
        SystemExit: It did.
    """
    whole = ModelCard.load(FOLDER).preprocessing["whole"]
    once = np.array([len(windows(row.text, whole=whole)) == 1 for row in rows])
    targets = np.array([row.targets for row in rows])
    targets[~once] = corpus.UNKNOWN
    lost = []
    for column, category in enumerate(corpus.CATEGORIES):
        known = targets[:, column] != corpus.UNKNOWN
        yes = targets[known, column] == corpus.YES
        if not 0 < yes.sum() < yes.size:
            continue
        for exit_, small, full in zip(EXITS, shipped, trained, strict=True):
            area = [float(roc_auc_score(yes, each[known, column])) for each in (full, small)]
            print(f"gate {category:24} layer {exit_}: AUC {area[0]:.4f}, in 8 bits {area[1]:.4f}")
            lost.append(area[0] - area[1])
            if lost[-1] > GATE:
                raise SystemExit(f"8 bits cost too much in {category}.")
    print(f"gate: mean loss {np.mean(lost):.4f}")
    if np.mean(lost) > GATE_MEAN:
        raise SystemExit("8 bits cost too much on the mean.")


def ship(rows: Sequence[corpus.Row], shipped: Sequence[Matrix]) -> None:
    """Calibrates, chooses thresholds and writes the card and the table of the README."""
    early, late = shipped
    calibration = [platt(rows, late, column) for column in range(len(corpus.CATEGORIES))]
    scores = np.stack([apply_platt(late[:, i], each) for i, each in enumerate(calibration)], axis=1)
    thresholds = [threshold(rows, scores[:, i], i) for i in range(len(corpus.CATEGORIES))]
    exits = [
        leave(rows, early, column, scores[:, column] >= thresholds[column].review)
        for column in range(len(corpus.CATEGORIES))
    ]
    leaves = np.all([early[:, i] < each["below"] for i, each in enumerate(exits)], axis=0)
    report(rows, scores, thresholds, leaves)
    card_writer.write_trained(
        FOLDER,
        [(name, *_identity(FOLDER / name)) for name in PARTS],
        dict(zip(corpus.CATEGORIES, calibration, strict=True)),
        dict(zip(corpus.CATEGORIES, thresholds, strict=True)),
        dict(zip(corpus.CATEGORIES, exits, strict=True)),
    )


def _identity(path: Path) -> tuple[str, int]:
    written = path.read_bytes()
    return hashlib.sha256(written).hexdigest(), len(written)


def known(rows: Sequence[corpus.Row], column: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Positives and negatives of a category."""
    targets = np.array([row.targets[column] for row in rows])
    return targets == corpus.YES, targets == corpus.NO


def pools(rows: Sequence[corpus.Row]) -> dict[str, NDArray[np.bool_]]:
    """Harmless texts: prompts for picture and video generators, and all others."""
    benign = np.array([row.benign for row in rows])
    prompts = np.array(
        [row.source in corpus.BENIGN_PROMPTS or row.kind == "prompt" for row in rows]
    )
    return {"prompts": benign & prompts, "others": benign & ~prompts}


def weighed(
    rows: Sequence[corpus.Row], column: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.float64]]:
    """Rows known in a category, its positives, and weights: both kinds weigh one.

    Half of the harmless mass is prompts.
    """
    yes, no = known(rows, column)
    prompts = pools(rows)["prompts"]
    mass = np.where(prompts, 0.5 / (no & prompts).sum(), 0.5 / (no & ~prompts).sum())
    return yes | no, yes, np.where(yes, 1.0 / yes.sum(), mass)


def platt(rows: Sequence[corpus.Row], logits: Matrix, column: int) -> Platt:
    """Platt scaling of a category."""
    both, yes, weights = weighed(rows, column)
    fitted = fit_platt(
        logits[both, column].astype(np.float64),
        yes[both],
        base_rate=BASE_RATE,
        weights=weights[both],
    )
    return Platt(a=round(fitted.a, 6), b=round(fitted.b, 6))


def threshold(rows: Sequence[corpus.Row], scores: NDArray[np.float64], column: int) -> Threshold:
    """Thresholds of a category; the stated rates are those on harmless prompts."""
    harmless = pools(rows)
    if corpus.CATEGORIES[column] in corpus.NAMED:
        # Real prompts and prose name people and characters, and nobody has looked for them.
        _, no = known(rows, column)
        harmless = {name: pool & no for name, pool in harmless.items()}
    chosen = {
        name: max(
            float(np.ceil(threshold_for_fpr(scores[harmless[pool]], rate)[0] * 1e4) / 1e4)
            for pool, rate in rates.items()
        )
        for name, rates in (("review", REVIEW_FPR), ("block", BLOCK_FPR))
    }
    review, block = min(1.0, chosen["review"]), min(1.0, max(chosen.values()))
    clean = scores[harmless["prompts"]]
    return Threshold(
        review=review,
        block=block,
        review_fpr=round(float((clean >= review).mean()), 5),
        block_fpr=round(float((clean >= block).mean()), 5),
    )


def leave(
    rows: Sequence[corpus.Row], early: Matrix, column: int, flagged: NDArray[np.bool_]
) -> dict[str, float]:
    """Calibration of the early head, and the logit under which it is sure in a category."""
    of_early = platt(rows, early, column)
    below = float(np.quantile(early[flagged, column], EARLY_LOSS)) if flagged.any() else 0.0
    return {"a": of_early.a, "b": of_early.b, "below": round(below, 4)}


def report(
    rows: Sequence[corpus.Row],
    scores: NDArray[np.float64],
    thresholds: Sequence[Threshold],
    leaves: NDArray[np.bool_],
) -> None:
    """Prints how the shipped network does on held-out rows, and puts it into the README."""
    harmless = pools(rows)
    flagged = {"review": np.zeros(len(rows), bool), "block": np.zeros(len(rows), bool)}
    foreign = np.array([row.source in corpus.HELD_SETS for row in rows])
    lines = [
        "| category | positives | AUC | AUPRC | recall at review | at block | foreign sets |",
        "|---|---|---|---|---|---|---|",
    ]
    for column, category in enumerate(corpus.CATEGORIES):
        yes, no = known(rows, column)
        both, limit = yes | no, thresholds[column]
        score = scores[:, column]
        flagged["review"] |= score >= limit.review
        flagged["block"] |= score >= limit.block
        away = yes & foreign
        shown = (
            f"{(score[away] >= limit.review).mean():.2f} ({away.sum()})" if away.any() else "none"
        )
        lines.append(
            f"| `{category}` | {yes.sum()} | {roc_auc_score(yes[both], score[both]):.3f} "
            f"| {average_precision_score(yes[both], score[both]):.3f} "
            f"| {(score[yes] >= limit.review).mean():.2f} "
            f"| {(score[yes] >= limit.block).mean():.2f} | {shown} |"
        )
    print("\n".join(lines))
    real = np.array([row.source not in {"grammar", "everyday"} for row in rows])
    for name, hits in flagged.items():
        for pool, chosen in [*harmless.items(), ("real prompts", harmless["prompts"] & real)]:
            print(f"harmless {pool} that reach {name}: {hits[chosen].mean():.4f} of {chosen.sum()}")
    for pool, chosen in harmless.items():
        print(f"harmless {pool} that leave early: {leaves[chosen].mean():.3f} of {chosen.sum()}")
    print(f"flagged ones that leave early: {leaves[flagged['review']].mean():.4f}")
    readme = FOLDER / "README.md"
    readme.write_text(fill(readme.read_text("utf-8"), "folds", "\n".join(lines)), "utf-8")


if __name__ == "__main__":
    main()
