"""The tables of docs/models.md, written from the cards, so that they cannot fall behind them.

Run `python -m models.tables` to write them anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.card import HubSource, ModelCard, Source, WheelSource
from models.registry import MODELS_FOLDER, Registry

DOCUMENT = MODELS_FOLDER.parent / "docs" / "models.md"
_MIB = 1 << 20


def models_table(cards: Sequence[ModelCard]) -> str:
    """One row a model: what it is for, its categories and its licence."""
    lines = [
        "| id | version | task | profile | categories | licence |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| [{card.id}](../models/{card.id}/README.md) | {card.version} | {card.task} "
        f"| {card.profile} | {', '.join(f'`{c}`' for c in card.categories)} | {card.license} |"
        for card in cards
    ]
    return "\n".join(lines)


def files_table(cards: Sequence[ModelCard]) -> str:
    """One row a file: where it comes from, its size, licence and digest."""
    lines = ["| model | file | from | MiB | licence | sha256 |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {card.id} | `{source.name}` | {_origin(source)} | {source.bytes / _MIB:.2f} "
        f"| {source.license or card.license} | `{source.sha256}` |"
        for card in cards
        for source in card.sources
    ]
    return "\n".join(lines)


def thresholds_table(cards: Sequence[ModelCard]) -> str:
    """One row a category of a model: the suggested thresholds and their false-positive rates."""
    lines = [
        "| model | category | review | block | FPR review | FPR block |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {card.id} | `{category}` | {t.review:.4f} | {t.block:.4f} "
        f"| {t.review_fpr:.2%} | {t.block_fpr:.2%} |"
        for card in cards
        for category, t in card.thresholds.items()
    ]
    return "\n".join(lines)


def metrics_table(card: ModelCard) -> str:
    """One row a measured number of a model, for the README in its folder."""
    lines = ["| data | category | measure | value | 95 % | n |", "|---|---|---|---|---|---|"]
    for metric in card.metrics:
        interval = "" if metric.low is None else f"{metric.low:.3f} to {metric.high:.3f}"
        category = f"`{metric.category}`" if metric.category else "any"
        lines.append(
            f"| {metric.split} | {category} | {metric.name} | {metric.value:.3f} "
            f"| {interval} | {metric.n} |"
        )
    return "\n".join(lines)


def fill(document: str, name: str, table: str) -> str:
    """Replaces the table between a document's `<!-- name -->` and `<!-- end name -->`.

    Raises:
        ValueError: The document lacks one of the marks.
    """
    start, end = f"<!-- {name} -->\n", f"<!-- end {name} -->"
    before, found, rest = document.partition(start)
    _, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise ValueError(f"The document has no place for {name}.")
    return f"{before}{start}{table}\n{end}{after}"


def render(document: str, cards: Sequence[ModelCard]) -> str:
    """docs/models.md with all its tables written anew."""
    for name, table in (
        ("models", models_table(cards)),
        ("files", files_table(cards)),
        ("thresholds", thresholds_table(cards)),
    ):
        document = fill(document, name, table)
    return document


def _origin(source: Source) -> str:
    if isinstance(source, WheelSource):
        kind = "" if source.archive == "wheel" else f" ({source.archive})"
        return f"package {source.package} {source.version}{kind}, `{source.file}`"
    if isinstance(source, HubSource):
        return f"hub {source.repo} at {source.revision[:12]}, `{source.file}`"
    return f"this repository, `{source.file}`"


def main() -> None:
    """Writes the tables of docs/models.md and of prompt-safety's README."""
    cards = Registry(Path("unused")).cards()
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(render(text, cards), encoding="utf-8")
    for card in cards:
        readme = card.folder / "README.md"
        if readme.is_file() and "<!-- metrics -->" in (text := readme.read_text(encoding="utf-8")):
            readme.write_text(fill(text, "metrics", metrics_table(card)), encoding="utf-8")


if __name__ == "__main__":
    main()
