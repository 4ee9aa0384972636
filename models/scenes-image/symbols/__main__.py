"""Writes a contact sheet and prints counts: `python models/scenes-image/symbols sheet.png`."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from symbols import DESIGNS, Rendered, render  # type: ignore[import-not-found]

_TILE = 128
_COLUMNS = 16


def contact_sheet(pictures: Iterable[Rendered]) -> np.ndarray:
    """Pictures side by side in rows of 16, each named, (height, width, 3) uint8 RGB."""
    tiles = []
    for one in pictures:
        side = min(one.image.shape[:2])
        top, left = ((length - side) // 2 for length in one.image.shape[:2])
        square = one.image[top : top + side, left : left + side]
        tile = cv2.resize(square, (_TILE, _TILE), interpolation=cv2.INTER_AREA)
        colour = (255, 60, 60) if one.label == "hate_symbol" else (255, 255, 0)
        cv2.rectangle(tile, (0, _TILE - 12), (_TILE, _TILE), (0, 0, 0), -1)
        text = f"{one.design[:14]} {one.style[:6]}"
        cv2.putText(tile, text, (1, _TILE - 3), cv2.FONT_HERSHEY_PLAIN, 0.6, colour)
        tiles.append(tile)
    tiles += [np.zeros((_TILE, _TILE, 3), np.uint8)] * (-len(tiles) % _COLUMNS)
    rows = [tiles[at : at + _COLUMNS] for at in range(0, len(tiles), _COLUMNS)]
    return np.concatenate([np.concatenate(row, axis=1) for row in rows])


def main() -> None:
    """Renders, writes the sheet and prints what was rendered and how fast."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sheet", type=Path, help="where the contact sheet is written, a PNG")
    parser.add_argument("--count", type=int, default=256, help="pictures rendered (default 256)")
    parser.add_argument("--seed", type=int, default=0, help="the series (default 0)")
    parser.add_argument("--square", action="store_true", help="256 x 256 only")
    parser.add_argument("--each", action="store_true", help="every design, one after another")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    shape = (256, 256) if arguments.square else None
    started = time.process_time()
    pictures = [
        render(
            arguments.seed,
            index,
            shape=shape,
            design=DESIGNS[index % len(DESIGNS)] if arguments.each else None,
        )
        for index in range(arguments.count)
    ]
    spent = time.process_time() - started
    cv2.imwrite(str(arguments.sheet), contact_sheet(pictures)[..., ::-1])
    print("| label | designs | families | pictures |\n|---|---|---|---|")
    rendered = Counter(one.label for one in pictures)
    for label in sorted(rendered):
        of_label = [design for design in DESIGNS if design.label == label]
        families = len({design.family for design in of_label})
        print(f"| {label} | {len(of_label)} | {families} | {rendered[label]} |")
    print("\n| design | pictures |\n|---|---|")
    for name, count in Counter(one.design for one in pictures).most_common():
        print(f"| {name} | {count} |")
    print(f"\n{len(pictures) / spent:.0f} pictures a second of processor time")


if __name__ == "__main__":
    main()
