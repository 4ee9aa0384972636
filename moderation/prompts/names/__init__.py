"""Names of public figures, characters, titles and brands: lists, and the matcher that knows them.

    find(normalise("Taylor Swift on a mountain bike"))

The lists lie beside this module (format: `entries`); an operator adds to them with the
setting `names`, a folder of lists of their own.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from moderation.documents import read_document
from moderation.prompts.names import matcher
from moderation.prompts.names.entries import FILES, Entry, read_folder
from moderation.prompts.names.index import Index, build
from moderation.prompts.names.matcher import NameMatch
from moderation.prompts.names.words import Phrases, fold
from moderation.prompts.normalise import Normalised

__all__ = ["DIGEST", "VERSION", "NameMatch", "Names", "find", "shipped"]

VERSION = "1.0.0"
_FOLDER = Path(__file__).parent
_CONTEXT = "context.yaml"
_lock = Lock()


def _digest(extra: Path | None) -> str:
    """SHA-256 over the version of the matcher and the lists, hex."""
    paths = [_FOLDER / _CONTEXT, *(_FOLDER / name for name in FILES)]
    if extra is not None:
        paths += [extra / name for name in FILES if (extra / name).is_file()]
    digest = hashlib.sha256(VERSION.encode())
    for path in paths:
        content = path.read_bytes()
        digest.update(f"\n{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


DIGEST = _digest(None)


@dataclass(frozen=True, slots=True)
class Names:
    """Loaded lists; immutable, and thread-safe.

    Attributes:
        entries: What the lists hold, those of the operator behind ours.
        digest: SHA-256 over the lists and the matcher's version, hex.
    """

    entries: tuple[Entry, ...]
    digest: str
    _index: Index

    @classmethod
    def load(cls, extra: Path | None = None) -> Names:
        """Reads the lists and builds the index, which takes about a second.

        Args:
            extra: A folder with lists of the operator's own, named and written as ours are
                (`figures.txt`, `brands.txt`, ...); not all need to be there.

        Raises:
            DocumentInvalid: A list is wrong; `field` is `file:line`.
        """
        digest = _digest(extra)
        entries = [*read_folder(_FOLDER, whole=True)]
        if extra is not None:
            entries += read_folder(extra, whole=False)
        document = read_document((_FOLDER / _CONTEXT).read_bytes())
        common = frozenset(map(fold, document.text("common", max_chars=20_000).split()))
        kinds = document.section("kinds")
        groups = {
            kind: Phrases.of(kinds.text(kind, max_chars=8_000).split(", "))
            for kind in kinds.names()
        }
        document.done()
        return cls(tuple(entries), digest, build(entries, groups, common))

    def find(self, normalised: Normalised) -> tuple[NameMatch, ...]:
        """Names in a prompt, in order, none inside another; see `matcher.find`."""
        return matcher.find(self._index, normalised)


_shipped: list[Names] = []


def shipped() -> Names:
    """The lists that come with Framegate; the first call reads them. Thread-safe."""
    if not _shipped:
        with _lock:
            if not _shipped:
                _shipped.append(Names.load())
    return _shipped[0]


def find(normalised: Normalised) -> tuple[NameMatch, ...]:
    """Names of the shipped lists in a prompt. Thread-safe."""
    return shipped().find(normalised)
