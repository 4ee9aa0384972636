"""The root command: settings, and how errors end the program."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import grpc

from media.errors import FramegateError
from moderation import settings as settings_module
from moderation.cli import answers
from moderation.logs import configure
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", type=click.Path(path_type=Path), help="Data folder (FRAMEGATE_HOME).")
@click.option("--server", default="", metavar="HOST:PORT", help="Ask this server.")
@click.option("--tls-ca", type=click.Path(path_type=Path), help="Anchors of the server, PEM.")
@click.version_option(package_name="framegate")
@click.pass_context
def root(context: click.Context, home: Path | None, server: str, tls_ca: Path | None) -> None:
    """Safety and provenance gate for generated video.

    Exit status: 0 allow, 3 review, 4 block, 2 bad usage, 1 the command failed.
    """
    settings = settings_module.load(home=home)
    # A command's log goes to stderr and only says what is wrong; `serve` logs every call.
    configure(settings.log_format, "info" if context.invoked_subcommand == "serve" else "error")
    context.obj = Room(settings, server, tls_ca)


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


def main() -> None:
    """Run the command line; errors that no command handled end here, without a traceback."""
    # Imported here because each of them needs `root`.
    from moderation.cli import audit, clips, prompts, upkeep  # noqa: PLC0415

    for module in (prompts, clips, audit, upkeep):
        module.register(root)
    try:
        root(prog_name="framegate")
    except (FramegateError, grpc.RpcError, OSError) as error:
        complain(answers.failure(error))
        sys.exit(answers.EXIT_FAILED)
