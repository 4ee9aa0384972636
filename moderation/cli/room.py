"""What every command shares: the settings, where to ask, and how to speak."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from moderation.cli import answers
from moderation.settings import Settings


@dataclass(frozen=True, slots=True)
class Room:
    """What every command shares.

    Attributes:
        settings: As read at start.
        server: Address of a server, or "" to work in this process.
        tls_ca: Anchors for the server's certificate, or None for a plain channel.
    """

    settings: Settings
    server: str
    tls_ca: Path | None


pass_room = click.make_pass_decorator(Room)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


def say(answer: answers.Answer) -> None:
    """Print one JSON object as one line."""
    click.echo(json.dumps(answer, ensure_ascii=True, separators=(",", ":")))


def complain(failed: answers.Answer, what: str = "") -> None:
    """Print an error for a person, on stderr."""
    about = f"{what}: " if what else ""
    click.secho(f"{about}{failed['message']} [{failed['reason']}]", fg="red", err=True)


def run(work: Callable[[], Coroutine[Any, Any, int]]) -> None:
    """Run a command's work and end the program with the status it returns."""
    try:
        status = asyncio.run(work())
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)
