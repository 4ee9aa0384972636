"""Reads the labelled sets into texts, targets, masks and weights.

Three rules hold everywhere. A missing label is no negative: a category counts for a row only if
the row's set annotates it. Rows whose `unsafe` is null are left out, except as a negative in a
category that they were explicitly marked for. Weak and noisy sets count less.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import everyday  # type: ignore[import-not-found]
import grammar  # type: ignore[import-not-found]
import overlap  # type: ignore[import-not-found]

from models.evaluation.splits import SPLIT_SETS, held_out

#: What the model answers for. `sexual/minors` is a rule's work (moderation/prompts/minors.py),
#: `evasion` that of the normaliser.
CATEGORIES = (
    *("sexual", "violence", "violence/graphic", "self-harm", "hate", "harassment", "illicit"),
    *("extremism", "likeness/public-figure", "likeness/private", "ip/third-party", "political"),
    *("misinformation", "privacy"),
)
#: Learned beside them, for the many sets that say only "harmful" or "harmless"; not a category.
HARMFUL = "harmful"
OUTPUTS = (*CATEGORIES, HARMFUL)
#: What a name can make of a harmless prompt.
NAMED = frozenset({"likeness/public-figure", "ip/third-party"})
#: What a prompt can be without being harmful in itself.
NO_HARM = frozenset({"likeness/public-figure", "ip/third-party", "political"})
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
#: Sets that are not learned from.
LEFT_OUT = {
    "adversarial_nibbler_attempted",  # no labels
    "buzzfeed_fake_headlines",  # fake headlines without genuine ones: teaches headlines
}
#: Sets that are never learned from, so that thresholds and calibration see foreign sources too.
HELD_SETS = {
    *("figstep_safebench", "toxigen_demos", "fetv", "t2v_demo_prompts", "pyrit_scored"),
    *("jdb_llm_class", "jigsaw_max_sample", "guest_misogyny"),
}
#: Share of every other set that is held out, by the digest of the text.
_HELD_PERCENT = 6
#: At most so many rows of a set are learned from, chosen by digest.
CAPS = {
    "coco30k": 5000,
    "everyday": 14000,
    "davidson_hate": 4000,
    "edos": 4000,
    "cold_zh": 5000,
    "beep_ko": 2500,
    "kosbi_ko": 1500,
    "mlma": 4000,
    "toxic_spans": 3000,
    "wiki_context_toxicity": 2000,
}
#: Benign picture and video prompts: what false alarms are counted on.
BENIGN_PROMPTS = {"coco30k", "vbench", "fetv", "jdb_benign_diffusiondb", "t2v_demo_prompts"}
_NAMING = {"jdb_benign_diffusiondb", "t2v_demo_prompts", "cvalues_zh", "jdb_annotated"}
# Each row of these carries one label of a scheme with one class a row; the classes that are near
# to it stay unknown, the others are weak negatives.
# Harmful requests without a category: instructions for wrongdoing, nearly all of them.
_MOSTLY_ILLICIT = {"advbench_tdc_malicious", "red_instruct_qa"}
_ONE_CLASS = {"catqa", "aart", "figstep_safebench"}
_NEAR = (
    {"violence", "violence/graphic", "extremism", "illicit", "self-harm"},
    {"hate", "harassment", "violence", "extremism"},
    {"political", "misinformation", "hate", "extremism"},
    {"sexual", "harassment"},
)
_I2P_LEAST_PERCENT = 50.0
_I2P_TRUSTED = {"sexual", "violence"}


#: Percent of the texts used, by what a grammar's name begins with; 70 of the others.
GRAMMAR_SHARES = {"hate": 50}


@dataclass(frozen=True, slots=True)
class Row:
    """One text with a target for each of `OUTPUTS`: YES, NO or UNKNOWN.

    Attributes:
        id: Id within its source.
        text: The text.
        lang: ISO 639-1 code.
        source: Name of the set, "grammar" or "everyday".
        targets: One for each of `OUTPUTS`.
        weight: How much it counts.
        benign: Whether it is harmless in every category that is not unknown.
        held: Whether it is held out: for calibration and thresholds, never learned.
        kind: "prompt", "request", "question" or "comment".
    """

    id: str
    text: str
    lang: str
    source: str
    targets: tuple[int, ...]
    weight: float
    benign: bool
    held: bool
    kind: str = "comment"


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


def rows(cache: Path) -> list[Row]:
    """All rows, learned and held out, in a fixed order; none that an evaluation set holds.

    Args:
        cache: Cache of fetched files, for the everyday texts.
    """
    found: list[Row] = []
    for name, about in sorted(index().items()):
        if about["part"] == "train" and name not in LEFT_OUT:
            found.extend(_capped(name, list(_set_rows(name, about["scope"]))))
    found.extend(_capped("everyday", list(_everyday_rows(cache))))
    found.extend(_grammar_rows())
    whole, runs = overlap.evaluation_texts(data_folder() / "eval")
    return [
        row
        for row in found
        if any(target != UNKNOWN for target in row.targets)
        and not overlap.known(row.text, whole, runs)
    ]


def digest(text: str) -> int:
    """A number that depends on nothing but the text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def _held(source: str, group: str) -> bool:
    if source in SPLIT_SETS:
        return held_out(source, {"text": group})
    return source in HELD_SETS or digest("held|" + group) % 100 < _HELD_PERCENT


def _capped(name: str, found: list[Row]) -> list[Row]:
    """All held rows, and as many of the others as `CAPS` allows."""
    learned = sorted((row for row in found if not row.held), key=lambda row: digest(row.text))
    return [row for row in found if row.held] + learned[: CAPS.get(name, len(learned))]


def _everyday_rows(cache: Path) -> Iterator[Row]:
    unsure = {"likeness/public-figure", "likeness/private", "ip/third-party", "political"}
    for number, item in enumerate(everyday.read(cache)):
        doubtful = unsure | ({"violence", "violence/graphic"} if item.grim else set())
        targets = tuple(UNKNOWN if name in doubtful else NO for name in OUTPUTS)
        held = _held("everyday", item.text)
        yield Row(
            f"everyday-{number}", item.text, "en", "everyday", targets, 0.5 if item.grim else 1.0,
            benign=True, held=held, kind=item.kind,
        )  # fmt: skip


def _grammar_rows() -> Iterator[Row]:
    for number, item in enumerate(grammar.write()):
        if digest("share|" + item.text) % 100 >= _share(item):
            continue
        yes = set(item.categories)
        near = set().union(*(group for group in _NEAR if group & yes)) - yes
        targets = [YES if c in yes else UNKNOWN if c in near else NO for c in CATEGORIES]
        harmful = NO if not yes else UNKNOWN if yes <= NO_HARM else YES
        yield Row(
            f"grammar-{number}", item.text, item.lang, "grammar", (*targets, harmful), 1.0,
            benign=not yes, held=_held("grammar", item.group), kind=item.kind,
        )  # fmt: skip


def _share(item: grammar.Written) -> int:
    """Percent of a grammar's texts that are used."""
    subject = item.group.partition("-")[0].partition("/")[0]
    return next((share for name, share in GRAMMAR_SHARES.items() if name == subject), 70)


def _set_rows(name: str, scope: list[str] | None) -> Iterator[Row]:
    repeated = _annotated_i2p_texts() if name == "i2p" else set()
    for raw in read_set("train", name):
        if raw["text"] in repeated:
            continue
        targets, weak = _targets(name, scope, raw)
        yield Row(
            id=raw["id"],
            text=raw["text"],
            lang=raw["lang"],
            source=name,
            targets=(*targets, _harmful(name, raw)),
            weight=WEIGHTS.get(name, 1.0) * (0.5 if weak else 1.0),
            benign=raw["unsafe"] is False,
            held=_held(name, raw["text"]),
            kind=raw["kind"],
        )


def _harmful(name: str, raw: dict[str, Any]) -> int:
    """Target of the joint output."""
    labels = named(raw["labels"])
    if raw["unsafe"] is False and name not in {"kosbi_ko", "davidson_hate", "stormfront_hate"}:
        return NO
    if raw["unsafe"] is not True or (labels and labels <= NO_HARM):
        return UNKNOWN
    if (
        name == "i2p"
        and float(raw["raw"].get("inappropriate_percentage") or 0) < _I2P_LEAST_PERCENT
    ):
        return UNKNOWN
    return YES


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
    if name in _MOSTLY_ILLICIT:
        return tuple(YES if c == "illicit" else UNKNOWN for c in CATEGORIES), True
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
        negatives -= _unsure(name)
    elif name in _ONE_CLASS and labels:
        near = set().union(*(group for group in _NEAR if group & labels))
        negatives, weak = set(CATEGORIES) - near - labels, True
    elif name != "i2p" and not _positive_only(name, details):
        negatives = _scope(scope) - labels
    targets = tuple(YES if c in labels else NO if c in negatives else UNKNOWN for c in CATEGORIES)
    return targets, weak


def _unsure(name: str) -> set[str]:
    """Categories that nobody looked for in a set of harmless prompts: real ones name people."""
    return set(NAMED) if name in _NAMING else set()


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
