"""The table of settings in docs/operating.md says what the code says."""

from __future__ import annotations

import inspect
import os
import re
from dataclasses import fields
from pathlib import Path

from moderation.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "operating.md"
BEGIN, END = "<!-- settings: begin -->\n", "<!-- settings: end -->"


def render() -> str:
    """One row a setting, out of the docstring and the defaults."""
    docstring = inspect.getdoc(Settings) or ""
    described = {
        name: " ".join(text.split())
        for name, text in re.findall(
            r"^    (\w+): (.*?)(?=^    \w+: |\Z)", docstring, flags=re.MULTILINE | re.DOTALL
        )
    }
    rows = ["| setting | default | what it does |", "|---|---|---|"]
    for item in fields(Settings):
        default = "" if item.name == "home" else item.default
        shown = {"home": "~/.framegate", "clip_workers": "cores - 1"}.get(item.name, default)
        rows.append(f"| `{item.name}` | `{shown}` | {described[item.name]} |")
    return "\n".join(rows) + "\n"


def test_the_page_lists_every_setting() -> None:
    page = PAGE.read_text(encoding="utf-8")
    kept = page[page.index(BEGIN) + len(BEGIN) : page.index(END)]
    if os.environ.get("FRAMEGATE_WRITE_DOCS"):
        PAGE.write_text(page.replace(kept, render()) if kept else page.replace(END, render() + END))
        return
    assert kept == render(), "run FRAMEGATE_WRITE_DOCS=1 pytest on this file"
