"""How well the name lists do: false positives, recall over foreign lists, variants, time.

Nothing is chosen here. Prints shares with n and a 95 % Wilson interval:

- benign sets (captions and video prompts that name hardly anybody): how many texts have a match,
  and how many one of 0.60 or more, where the shipped policy asks a person;
- recall over name lists of other people, each name put into a plain sentence;
- variants of our own names: without accents, possessive, lower case, misspelt, as a hashtag;
- time for a prompt of 30 words and for one of 8,000 characters.

    FRAMEGATE_DATA=../shared/data python -m benchmarks.names [--show 40]
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from models.calibration import wilson_interval
from moderation.prompts.names import DIGEST, NameMatch, Names
from moderation.prompts.names.entries import Need
from moderation.prompts.normalise import MAX_CHARS, normalise

REVIEW = 0.60  # of likeness/public-figure and ip/third-party in the default policy
BENIGN = ("coco30k", "vbench", "fetv")
NAMING = ("jdb_benign_diffusiondb", "t2v_demo_prompts")
LISTS = {
    "public_figures_giphy": "likeness/public-figure",
    "public_figures_cc0": "likeness/public-figure",
    "us_congress_current": "likeness/public-figure",
    "us_presidents_vps": "likeness/public-figure",
    "us_presidents_cc0": "likeness/public-figure",
    "fictional_characters_cc0": "ip/third-party",
    "titles_cc0": "ip/third-party",
    "brands_cc0": "ip/third-party",
}
Found = tuple[NameMatch, ...]


def _share(name: str, hits: int, n: int) -> None:
    low, high = wilson_interval(hits, n)
    print(f"{name}: {hits} of {n} = {hits / n:.2%} (95 % {low:.2%} to {high:.2%})")


def _rows(data: Path, name: str) -> Iterator[dict[str, object]]:
    with gzip.open(data / "text" / "train" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _find(names: Names, text: str) -> Found:
    return names.find(normalise(text[:MAX_CHARS])) if text.strip() else ()


def _benign(names: Names, data: Path, sets: Iterable[str], show: int) -> None:
    for name in sets:
        texts = [str(row["text"]) for row in _rows(data, name)]
        found = [_find(names, text) for text in texts]
        _share(f"{name}: any match", sum(map(bool, found)), len(texts))
        sure = [[match for match in matches if match.score >= REVIEW] for matches in found]
        _share(f"{name}: of {REVIEW} or more", sum(map(bool, sure)), len(texts))
        seen = Counter(
            (
                match.name,
                match.kind,
                normalise(text).text and text[match.span.start : match.span.end],
            )
            for text, matches in zip(texts, sure, strict=True)
            for match in matches
        )
        for (entry, kind, words), count in seen.most_common(show):
            print(f"  {count} x {words!r} as {entry} ({kind})")


def _cues(names: Names, data: Path) -> None:
    rows = [row for row in _rows(data, "jdb_annotated") if isinstance(row["raw"], dict)]
    cued = [row for row in rows if "character" in (row["raw"].get("ip_cue") or [])]  # type: ignore[attr-defined]
    hits = sum(
        any(match.category == "ip/third-party" for match in _find(names, str(row["text"])))
        for row in cued
    )
    _share("jdb_annotated, rows with a character's cue", hits, len(cued))


def _lists(names: Names, data: Path, show: int) -> None:
    for name, category in LISTS.items():
        lines = (data / "text" / "lists" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        wanted = sorted({line.strip() for line in lines if line.strip()})
        missed = [
            item
            for item in wanted
            if not any(m.category == category for m in _find(names, f"a video of {item} walking"))
        ]
        _share(f"list {name}", len(wanted) - len(missed), len(wanted))
        if show:
            print("  missed, for instance:", missed[:: max(1, len(missed) // show)])


def _misspelt(name: str, rng: random.Random, edits: int) -> str:
    letters = list(name)
    places = [at for at in range(1, len(letters) - 1) if letters[at].isalpha()]
    for at in sorted(rng.sample(places, edits), reverse=True):
        how = rng.randrange(3)
        if how == 0:
            del letters[at]
        elif how == 1:
            letters[at] = rng.choice("aeiorstnl".replace(letters[at].lower(), ""))
        else:
            letters.insert(at, letters[at])
    return "".join(letters)


def _plain(name: str) -> str:
    apart = unicodedata.normalize("NFD", name)
    return "".join(char for char in apart if not unicodedata.combining(char))


def _variants(names: Names) -> None:
    rng = random.Random(0)  # noqa: S311 - repeatable, no secret
    entries = [
        entry
        for entry in names.entries
        if entry.category and entry.forms[0].need is Need.NOTHING and not entry.never
    ]
    chosen = [entry.name for entry in entries]
    long = [e.name for e in entries if len(e.name) >= 9 and e.name.isascii() and not e.common]
    longer = [name for name in long if len(name.replace(" ", "")) >= 15]
    words = [e.name for e in entries if " " in e.name and e.name.replace(" ", "").isalpha()]
    marked = [name for name in chosen if _plain(name) != name]
    table: tuple[tuple[str, list[str], Callable[[str], str]], ...] = (
        ("as listed", chosen, lambda name: name),
        ("without accents", marked, _plain),
        ("lower case", chosen, str.lower),
        ("upper case", chosen, str.upper),
        ("possessive", chosen, lambda name: f"{name}'s"),
        ("joined hashtag", words, lambda name: "#" + name.replace(" ", "").lower()),
        ("underscores", words, lambda name: name.replace(" ", "_").lower()),
        ("one misspelling, 8 letters or more", long, lambda name: _misspelt(name, rng, 1)),
        ("two misspellings, 14 letters or more", longer, lambda name: _misspelt(name, rng, 2)),
    )
    for label, group, change in table:
        hits = sum(
            any(
                match.name == name for match in _find(names, f"a video of {change(name)} on a hill")
            )
            for name in group
        )
        _share(f"variant {label}", hits, len(group))


def _time(names: Names) -> None:
    sentence = (
        "a young woman in a red coat walks slowly through the snowy market square while "
        "Taylor Swift plays her guitar under warm lantern light and cinematic camera movement"
    )
    vocabulary = sentence.split()
    rng = random.Random(0)  # noqa: S311 - repeatable, no secret
    short = [" ".join(rng.sample(vocabulary, 28)) for _ in range(500)]
    fresh = [
        " ".join("".join(rng.choices("abcdeiknorstu", k=rng.randint(3, 9))) for _ in range(1300))
        for _ in range(20)
    ]
    for label, prompts in (("28 words", short), ("8,000 characters of unknown words", fresh)):
        plain = [normalise(prompt[:MAX_CHARS]) for prompt in prompts]
        names.find(plain[0])
        times = []
        for item in plain:
            start = time.thread_time()
            names.find(item)
            times.append((time.thread_time() - start) * 1000)
        times.sort()
        middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(f"CPU time, {label}: p50 {middle:.3f} ms, p95 {late:.3f} ms (n = {len(times)})")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=int, default=0, help="how many matches and misses to print")
    show = parser.parse_args().show
    start = time.perf_counter()
    names = Names.load()
    print(
        f"lists {DIGEST[:12]}: {len(names.entries)} entries in {time.perf_counter() - start:.2f} s"
    )
    print(f"  {dict(Counter(entry.category or 'free' for entry in names.entries))}")
    _time(names)
    _variants(names)
    data = Path(os.environ.get("FRAMEGATE_DATA", "../shared/data"))
    if not data.is_dir():
        print(f"skipped the rest: there is no data in {data}; set FRAMEGATE_DATA")
        return
    _benign(names, data, BENIGN, show)
    print("these sets name people and works on purpose:")
    _benign(names, data, NAMING, show)
    _cues(names, data)
    _lists(names, data, show)


if __name__ == "__main__":
    main()
