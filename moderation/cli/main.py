"""The root command, and how errors end the program."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import grpc

from media.errors import FramegateError
from moderation import settings as settings_module
from moderation.cli import answers
from moderation.cli.audit import audit
from moderation.cli.clips import clip, recall, release, review, verify
from moderation.cli.detect import detect
from moderation.cli.keys import keys
from moderation.cli.known import known
from moderation.cli.manifests import manifest
from moderation.cli.prompts import screen
from moderation.cli.recover import recover
from moderation.cli.room import Room, complain, say
from moderation.cli.upkeep import check, models, serve
from moderation.logs import configure


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


for command in (
    serve,
    screen,
    review,
    release,
    recall,
    clip,
    verify,
    detect,
    manifest,
    recover,
    known,
    audit,
    models,
    keys,
    check,
):
    root.add_command(command)


def main() -> None:
    """Run the command line; errors that no command handled end here, without a traceback."""
    try:
        root(prog_name="framegate")
    except (FramegateError, grpc.RpcError, OSError) as error:
        failed = answers.failure(error)
        if "--json" in sys.argv:
            say({"error": failed})
        else:
            complain(failed)
        sys.exit(answers.EXIT_FAILED)
