"""`python -m moderation.cli` is `framegate`."""

from moderation.cli.main import main

main()
