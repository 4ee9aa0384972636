"""Reads the labelled sets into texts, targets, masks and weights.

Three rules hold everywhere. A missing label is no negative: a category counts for a row only if
the row's set annotates it. Rows whose `unsafe` is null are left out, except as a negative in a
category that they were explicitly marked for. Weak and noisy sets count less.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grammar  # type: ignore[import-not-found]

#: What there is data for: positives from at least two sources, so that a source can be held out.
#: README.md says which categories are missing and why.
CATEGORIES = (
    *("sexual", "violence", "self-harm", "hate", "harassment"),
    *("illicit", "political"),
)
LABEL_NAMES = {
    "graphic_violence": "violence/graphic",
    "self_harm": "self-harm",
    "third_party_ip": "ip/third-party",
    "sexual_minors": "sexual/minors",
    "public_figure": "likeness/public-figure",
}
YES, NO, UNKNOWN = 1, 0, -1

#: Weight of a row of each set; sets that are not named count 1.
WEIGHTS = {
    **dict.fromkeys(("i2p", "davidson_hate", "decodingtrust_toxicity", "kosbi_ko"), 0.5),
    **dict.fromkeys(("toxic_spans", "wiki_context_toxicity", "guest_misogyny"), 0.5),
    **dict.fromkeys(("edos", "cold_zh", "germeval2018_de", "told_br_pt", "beep_ko"), 0.6),
    "mlma": 0.25,
    "jdb_llm_class": 0.5,
    "stormfront_hate": 0.7,
    "jigsaw_max_sample": 0.5,
}
#: Sets that part one thing only (a domain, a chat answer) and would teach that thing's style.
LEFT_OUT = {
    "adversarial_nibbler_attempted",  # no labels
    "buzzfeed_fake_headlines",  # fake headlines without genuine ones: teaches headlines
    "advbench_tdc_malicious",  # harmful, but no category
    "red_instruct_qa",  # the same
}
#: Sources that hold the same texts or the same authors stay in one fold.
FOLDS = (
    {"i2p", "jdb_annotated", "jdb_llm_class"},
    {"catqa", "figstep_safebench", "hatemoji_build", "coco30k", "cvalues_zh", "guest_misogyny"},
    {"aart", "davidson_hate", "pyrit_scored", "vbench", "cold_zh", "edos"},
    {
        *("adversarial_nibbler_submitted", "decodingtrust_toxicity", "germeval2018_de"),
        *("beep_ko", "jdb_benign_diffusiondb", "stormfront_hate", "convabuse"),
    },
    {
        *("toxic_spans", "told_br_pt", "mlma", "kosbi_ko", "wiki_context_toxicity", "grammar"),
        *("toxigen_demos", "fetv", "t2v_demo_prompts", "political_neutrality"),
        "jigsaw_max_sample",
    },
)
#: Benign picture and video prompts: what false alarms are counted on.
BENIGN_PROMPTS = {"coco30k", "vbench", "fetv", "jdb_benign_diffusiondb", "t2v_demo_prompts"}
# Each row of these carries one label of a scheme with one class a row; the classes that are near
# to it stay unknown, the others are weak negatives.
_ONE_CLASS = {"catqa", "aart", "figstep_safebench"}
_NEAR = (
    {"violence", "violence/graphic", "extremism", "illicit", "self-harm"},
    {"hate", "harassment", "violence", "extremism"},
    {"political", "misinformation", "hate", "extremism"},
    {"sexual", "harassment"},
)
_COCO_ROWS = 8000
_I2P_LEAST_PERCENT = 50.0
_I2P_TRUSTED = {"sexual", "violence"}


@dataclass(frozen=True, slots=True)
class Row:
    """One text with a target for each of `CATEGORIES`: YES, NO or UNKNOWN."""

    id: str
    text: str
    lang: str
    source: str
    targets: tuple[int, ...]
    weight: float
    benign: bool


def data_folder() -> Path:
    """The data folder: FRAMEGATE_DATA, or ../shared/data beside the repository."""
    default = Path(__file__).resolve().parents[3] / "shared" / "data"
    return Path(os.environ.get("FRAMEGATE_DATA", default)) / "text"


def read_set(part: str, name: str) -> list[dict[str, Any]]:
    """All rows of one set as they are in the file."""
    path = data_folder() / part / f"{name}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def named(labels: list[str]) -> set[str]:
    """Framegate category ids of a row's labels."""
    return {LABEL_NAMES.get(label, label) for label in labels}


def index() -> dict[str, Any]:
    """What is known of each set."""
    found: dict[str, Any] = json.loads((data_folder() / "index.json").read_text(encoding="utf-8"))
    return found


def scope_of(name: str) -> set[str]:
    """Categories that a set annotates in every row."""
    return _scope(index()[name]["scope"])


def training_rows() -> list[Row]:
    """All rows to train on, in a fixed order."""
    rows: list[Row] = []
    for name, about in sorted(index().items()):
        if about["part"] == "train" and name not in LEFT_OUT:
            rows.extend(_set_rows(name, about["scope"]))
    rows.extend(_grammar_rows())
    return [row for row in rows if any(target != UNKNOWN for target in row.targets)]


def fold_of(source: str) -> int:
    """Number of the fold that a source belongs to."""
    return next(number for number, sources in enumerate(FOLDS) if source in sources)


def _grammar_rows() -> Iterator[Row]:
    for number, item in enumerate(grammar.write()):
        targets = [YES if c in item.categories else NO for c in CATEGORIES]
        if "extremism" in item.categories:
            targets[CATEGORIES.index("violence")] = UNKNOWN
        weight = 1.0 if item.lang == "en" else 4.0
        yield Row(
            id=f"grammar-{number}",
            text=item.text,
            lang=item.lang,
            source="grammar",
            targets=tuple(targets),
            weight=weight,
            benign=not item.categories,
        )


def _set_rows(name: str, scope: list[str] | None) -> Iterator[Row]:
    raw_rows = read_set("train", name)
    if name == "coco30k":
        random.Random(0).shuffle(raw_rows)  # noqa: S311 (no secret)
        raw_rows = raw_rows[:_COCO_ROWS]
    repeated = _annotated_i2p_texts() if name == "i2p" else set()
    for raw in raw_rows:
        if raw["text"] in repeated:
            continue
        targets, weak = _targets(name, scope, raw)
        yield Row(
            id=raw["id"],
            text=raw["text"],
            lang=raw["lang"],
            source=name,
            targets=targets,
            weight=WEIGHTS.get(name, 1.0) * (0.5 if weak else 1.0),
            benign=raw["unsafe"] is False,
        )


def _annotated_i2p_texts() -> set[str]:
    return {row["text"] for row in read_set("train", "jdb_annotated")}


def _scope(scope: list[str] | None) -> set[str]:
    """Category ids that a set annotates; remarks in brackets are cut off."""
    names = (entry.partition(" (")[0] for entry in scope or ())
    return named(list(names)) & set(CATEGORIES)


def _targets(
    name: str, scope: list[str] | None, raw: dict[str, Any]
) -> tuple[tuple[int, ...], bool]:
    """Targets of a row, and whether they are weak."""
    details, labels = raw.get("raw") or {}, named(raw["labels"])
    weak = False
    if name == "i2p":
        if float(details.get("inappropriate_percentage") or 0) < _I2P_LEAST_PERCENT:
            return (UNKNOWN,) * len(CATEGORIES), True
        labels &= _I2P_TRUSTED
    negatives: set[str] = set()
    if raw["unsafe"] is None:
        negatives = _scope(_as_list(details.get("negative_for"))) - labels
    elif raw["unsafe"] is False:
        negatives = set(CATEGORIES) if _benign_everywhere(name, scope) else _scope(scope)
    elif name in _ONE_CLASS and labels:
        near = set().union(*(group for group in _NEAR if group & labels))
        negatives, weak = set(CATEGORIES) - near - labels, True
    elif name != "i2p" and not _positive_only(name, details):
        negatives = _scope(scope) - labels
    targets = tuple(YES if c in labels else NO if c in negatives else UNKNOWN for c in CATEGORIES)
    return targets, weak


def _benign_everywhere(name: str, scope: list[str] | None) -> bool:
    return name in BENIGN_PROMPTS or name == "cvalues_zh" or scope is None


def _positive_only(name: str, details: dict[str, Any]) -> bool:
    """Whether a harmful row says nothing about the categories that it does not name."""
    return name in {
        "toxic_spans",
        "jdb_llm_class",
        "pyrit_scored",
        "guest_misogyny",
    } or details.get("from") in {"filtered_harmful", "filtered_harmful.json"}


def _as_list(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(item) for item in value] if isinstance(value, list) else []
