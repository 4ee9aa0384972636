"""A clip's findings drawn along its length, in plain characters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_WIDTH = 48


def draw(
    findings: Sequence[Mapping[str, Any]], scores: Mapping[str, float], duration_ms: int
) -> Iterator[str]:
    """Yield one line a category: a bar as long as the clip, marked where something was found.

    Args:
        findings: Findings in their JSON form, with `start_ms`, `end_ms` and `category`.
        scores: Highest score by category.
        duration_ms: Length of the clip.
    """
    for category, score in sorted(scores.items()):
        cells = ["·"] * _WIDTH
        for found in findings:
            if found["category"] == category and "start_ms" in found:
                _mark(cells, found["start_ms"], found["end_ms"], max(1, duration_ms))
        yield f"{category:<12} {''.join(cells)} highest {score:.3f}"
    for found in findings:
        if "start_ms" in found:
            yield (
                f"{found['category']} {found['start_ms'] / 1000:.2f} s to "
                f"{found['end_ms'] / 1000:.2f} s, score {found['score']:.2f} "
                f"(from {found['threshold']:.2f}), clause {found['clause']}"
            )


def _mark(cells: list[str], start_ms: int, end_ms: int, duration_ms: int) -> None:
    first = min(_WIDTH - 1, start_ms * _WIDTH // duration_ms)
    last = min(_WIDTH - 1, max(first, end_ms * _WIDTH // duration_ms))
    for index in range(first, last + 1):
        cells[index] = "█"
