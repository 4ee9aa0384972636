"""Trains the heads, calibrates them, chooses thresholds and writes them into the card.

    python models/prompt-safety/train.py             # fit, write heads.safetensors and model.toml
    python models/prompt-safety/train.py --compare   # measure encoders and recipes, write nothing

Every choice rests on scores out of fold: the sources are parted into five folds, and each source
is scored by heads that never saw it. Nothing of the evaluation sets is read here.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
from pathlib import Path

import card_writer  # type: ignore[import-not-found]
import corpus  # type: ignore[import-not-found]
import embeddings  # type: ignore[import-not-found]
import heads  # type: ignore[import-not-found]
import minilm  # type: ignore[import-not-found]
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from sklearn.metrics import average_precision_score, roc_auc_score

from models.calibration import (
    apply_platt,
    fit_platt,
    sigmoid,
    threshold_for_fpr,
)
from models.card import ModelCard, Platt, Threshold
from models.encoders import SentenceEncoder
from models.registry import cache_file
from models.sources import fetch_files
from models.tables import fill
from models.text import open_encoders
from models.windows import windows

FOLDER = Path(__file__).resolve().parent
REPOSITORY = FOLDER.parents[1]
ENCODERS = ("use-multilingual",)
#: Share of harmful prompts that probabilities are calibrated for, in each category.
BASE_RATE = 0.05
REVIEW_FPR, BLOCK_FPR = 0.01, 0.002
#: Benign prompts that thresholds are chosen on: real prompts of picture and video generators.
#: Captions of photographs (coco30k) are too easy to count.
THRESHOLD_SOURCES = frozenset({"jdb_benign_diffusiondb", "vbench", "fetv", "t2v_demo_prompts"})
#: Sets of prompts for picture generators that hold harmful ones.
PROMPT_SETS = frozenset({"i2p", "jdb_annotated", "jdb_llm_class", "adversarial_nibbler_submitted"})
RECIPES = {
    "chosen": heads.Recipe(),
    "wide": heads.Recipe(hidden=192),
    "narrow": heads.Recipe(hidden=24),
    "longer": heads.Recipe(epochs=12),
    "more dropout": heads.Recipe(dropout=0.5),
}

Matrix = NDArray[np.float32]


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compare", action="store_true", help="measure only, write nothing")
    parser.add_argument(
        "--cache", type=Path, default=REPOSITORY / ".cache", help="cache of fetched models"
    )
    given = parser.parse_args()
    rows = corpus.training_rows()
    print(f"{len(rows)} rows of {len({row.source for row in rows})} sources")
    if given.compare:
        compare(rows, given.cache)
    else:
        train(rows, given.cache)


@dataclasses.dataclass(frozen=True, slots=True)
class Read:
    """Rows as the model reads them: one or more windows a row.

    Attributes:
        vectors: One vector a window, shape (w, d).
        row_of: Row of each window, shape (w,), ascending.
        learned: Which windows the heads learn from, shape (w,).
    """

    vectors: Matrix
    row_of: NDArray[np.int64]
    learned: NDArray[np.bool_]


def read(rows: list[corpus.Row], names: tuple[str, ...], cache: Path) -> Read:
    """Cuts and encodes all rows; with several encoders their vectors stand side by side.

    Prompts are cut as in service. Of other texts the first window is enough: no threshold rests
    on them. A label speaks of the first window; what is benign is benign in each window.
    """
    card = ModelCard.load(FOLDER)
    wanted = [file for source in card.sources if (file := cache_file(card, source)) is not None]
    places = fetch_files([*wanted, *(minilm.FILES if "minilm" in names else ())], cache, print)
    files = {name.partition("/")[2]: path for name, path in places.items()}
    texts: list[str] = []
    row_of: list[int] = []
    learned: list[bool] = []
    for number, row in enumerate(rows):
        parts = windows(row.text)
        if row.source not in THRESHOLD_SOURCES | PROMPT_SETS:
            parts = parts[:1]
        texts += parts
        row_of += [number] * len(parts)
        learned += [True, *[row.benign] * (len(parts) - 1)]
    stores = cache / "training"
    vectors = [
        embeddings.vectors(texts, _encoder(name, files), stores / f"{name}.npz") for name in names
    ]
    return Read(np.concatenate(vectors, axis=1), np.array(row_of), np.array(learned))


def _encoder(name: str, files: dict[str, Path]) -> SentenceEncoder:
    if name == "minilm":
        encoder: SentenceEncoder = minilm.MiniLmEncoder(
            files["minilm-int8.onnx"], files["minilm-tokenizer.json"]
        )
        return encoder
    return open_encoders([name], files)[0]


def out_of_fold(rows: list[corpus.Row], seen: Read, recipe: heads.Recipe) -> Matrix:
    """Raw scores of each row by heads that never saw its source, shape (n, k)."""
    fold_of_row = np.array([corpus.fold_of(row.source) for row in rows])
    folds = fold_of_row[seen.row_of]
    scores = np.empty((len(seen.row_of), len(corpus.CATEGORIES)), dtype=np.float32)
    for fold in range(len(corpus.FOLDS)):
        held = folds == fold
        scores[held] = heads.logits(fit(rows, seen, recipe, ~held), seen.vectors[held])
    starts = np.flatnonzero(np.diff(seen.row_of, prepend=-1))
    return np.maximum.reduceat(scores, starts, axis=0)


def fit(
    rows: list[corpus.Row], seen: Read, recipe: heads.Recipe, some: NDArray[np.bool_]
) -> dict[str, Matrix]:
    """Fits heads on some of the windows."""
    targets, weights = arrays(rows)
    chosen = some & seen.learned
    of_row = seen.row_of[chosen]
    fitted: dict[str, Matrix] = heads.fit(
        seen.vectors[chosen], targets[of_row], weights[of_row], recipe
    )
    return fitted


def arrays(rows: list[corpus.Row]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Targets (n, k) and weights (n,)."""
    targets = np.array([row.targets for row in rows], dtype=np.int8)
    return targets, np.array([row.weight for row in rows], dtype=np.float32)


def benign_prompts(rows: list[corpus.Row]) -> NDArray[np.bool_]:
    """Which rows thresholds are chosen on."""
    return np.array([row.source in THRESHOLD_SOURCES and row.benign for row in rows])


def known(rows: list[corpus.Row], column: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Positives and negatives of a category; the grammar's rows only train."""
    targets, _ = arrays(rows)
    real = np.array([row.source != "grammar" for row in rows])
    return real & (targets[:, column] == corpus.YES), real & (targets[:, column] == corpus.NO)


def compare(rows: list[corpus.Row], cache: Path) -> None:
    """Prints how encoders and recipes do out of fold."""
    tried: list[tuple[tuple[str, ...], str]] = [(ENCODERS, name) for name in RECIPES]
    tried += [(("minilm",), "chosen"), ((*ENCODERS, "minilm"), "chosen")]
    for names, name in tried:
        seen = read(rows, names, cache)
        print(f"\n{' + '.join(names)}, {name}: {dataclasses.asdict(RECIPES[name])}")
        report(rows, out_of_fold(rows, seen, RECIPES[name]))


def report(rows: list[corpus.Row], scores: Matrix) -> str:
    """Prints and returns a table: areas and recall at fixed false-positive rates, out of fold."""
    benign = benign_prompts(rows)
    prompts = np.array([row.source in PROMPT_SETS for row in rows])
    english = np.array([row.lang == "en" for row in rows])
    lines = [
        "| category | positives | AUC | AUPRC | r@1 % | r@0.2 % | prompts r@1 % | other r@1 % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for column, category in enumerate(corpus.CATEGORIES):
        yes, no = known(rows, column)
        both = yes | no
        # Probabilities of an arbitrary scale: thresholds want numbers within [0, 1].
        score = sigmoid(scores[:, column])
        auc = roc_auc_score(yes[both], score[both])
        area = average_precision_score(yes[both], score[both])
        review, block = (threshold_for_fpr(score[benign], r)[0] for r in (REVIEW_FPR, BLOCK_FPR))
        parts = [
            f"{(score[part] >= review).mean():.2f} ({part.sum()})" if part.any() else "none"
            for part in (yes & prompts, yes & ~english)
        ]
        lines.append(
            f"| `{category}` | {yes.sum()} | {auc:.3f} | {area:.3f} "
            f"| {(score[yes] >= review).mean():.2f} | {(score[yes] >= block).mean():.2f} "
            f"| {parts[0]} | {parts[1]} |"
        )
    print("\n".join(lines), flush=True)
    return "\n".join(lines)


def train(rows: list[corpus.Row], cache: Path) -> None:
    """Fits on all sources; calibrates and chooses thresholds on scores out of fold."""
    recipe = RECIPES["chosen"]
    seen = read(rows, ENCODERS, cache)
    scores = out_of_fold(rows, seen, recipe)
    readme = FOLDER / "README.md"
    table = report(rows, scores)
    readme.write_text(fill(readme.read_text("utf-8"), "folds", table), "utf-8")
    calibration, thresholds = calibrate(rows, scores)
    everything = np.ones(seen.row_of.shape, dtype=bool)
    save_file(fit(rows, seen, recipe, everything), FOLDER / "heads.safetensors")
    (FOLDER / "heads.safetensors").chmod(0o644)
    written = (FOLDER / "heads.safetensors").read_bytes()
    digest = hashlib.sha256(written).hexdigest()
    card_writer.write_trained(FOLDER, digest, len(written), calibration, thresholds)
    print(f"heads.safetensors: {len(written)} bytes, sha256 {digest}")


def calibrate(
    rows: list[corpus.Row], scores: Matrix
) -> tuple[dict[str, Platt], dict[str, Threshold]]:
    """Platt scaling and thresholds of each category, from scores out of fold."""
    benign = benign_prompts(rows)
    calibration: dict[str, Platt] = {}
    thresholds: dict[str, Threshold] = {}
    flagged = {
        "review": np.zeros(int(benign.sum()), bool),
        "block": np.zeros(int(benign.sum()), bool),
    }
    for column, category in enumerate(corpus.CATEGORIES):
        yes, no = known(rows, column)
        both = yes | no
        score = scores[:, column].astype(np.float64)
        # Half of the harmless mass are prompts, half whatever else the sets call harmless.
        mass = np.where(benign, 0.5 / (no & benign).sum(), 0.5 / (no & ~benign).sum())
        weights = np.where(yes, 1.0 / yes.sum(), mass)
        platt = fit_platt(score[both], yes[both], base_rate=BASE_RATE, weights=weights[both])
        platt = Platt(a=round(platt.a, 6), b=round(platt.b, 6))
        clean = apply_platt(score[benign], platt)
        review, block = (threshold_for_fpr(clean, rate)[0] for rate in (REVIEW_FPR, BLOCK_FPR))
        # Rounded up: a threshold written with four digits never flags more than the one chosen.
        review, block = (min(1.0, float(np.ceil(t * 1e4) / 1e4)) for t in (review, block))
        calibration[category] = platt
        thresholds[category] = Threshold(
            review=review,
            block=block,
            review_fpr=round(float((clean >= review).mean()), 5),
            block_fpr=round(float((clean >= block).mean()), 5),
        )
        flagged["review"] |= clean >= review
        flagged["block"] |= clean >= block
        print(f"{category:14} {platt} {thresholds[category]}")
    for name, hits in flagged.items():
        print(f"benign prompts that reach {name} in any category: {hits.mean():.4f} of {hits.size}")
    return calibration, thresholds


if __name__ == "__main__":
    main()
