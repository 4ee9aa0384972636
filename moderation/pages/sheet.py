"""One HTML file that needs nothing but itself.

Style and script stand in it, pictures are `data:` URIs, and a Content-Security-Policy (W3C CSP
Level 3) names the hashes of that style and that script, so that nothing else runs and nothing is
fetched or sent. Whatever comes from outside (file names, titles, ids) is escaped by Jinja's
autoescape, and characters that nobody sees are spelt out.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOLDER = Path(__file__).parent
# Lines and tabs, and the joiners that many scripts and emoji are written with.
_KEPT = frozenset("\n\t\u200c\u200d")
# Cc, Cf: unseen, or turning the direction of what follows; Cs: half a character; Zl, Zp: lines.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def seen(text: str) -> str:
    r"""Spell out what nobody would see: controls, direction marks, halves of characters.

    A name that turns its own direction would read as another one; `\u202e` reads as what it is.
    """
    return "".join(
        character
        if character in _KEPT or unicodedata.category(character) not in _UNSEEN
        else f"\\u{ord(character):04x}"
        for character in text
    )


def security_policy(style: str, script: str) -> str:
    """Return the policy of a page with this style and this script and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            "img-src data:",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def environment(folder: Path) -> Environment:
    """Return an environment for the templates of a folder, with those that all pages share."""
    made = Environment(
        loader=FileSystemLoader([folder, _FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["seen"] = seen
    return made


@cache
def part(path: Path) -> str:
    """Read one of our own files that goes into a page as it is."""
    return path.read_text(encoding="utf-8")


def style_with(path: Path) -> str:
    """Return the style that all pages share, followed by a page's own."""
    return part(_FOLDER / "page.css") + part(path)


def picture_script() -> str:
    """Return the script that opens blurred pictures for who asks."""
    return part(_FOLDER / "pictures.js")


def _hash(text: str) -> str:
    """Hash source of CSP Level 3, section 2.3.1."""
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest())
    return f"sha256-{digest.decode('ascii')}"
