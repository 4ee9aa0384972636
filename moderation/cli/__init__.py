"""The command line, `framegate`: one module for each group of commands."""

from moderation.cli.main import main

__all__ = ["main"]
