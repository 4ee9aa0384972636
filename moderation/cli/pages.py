"""Where a page goes that a person looks at: written whole or not at all, for its owner alone."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from media.errors import FramegateError


class ReportNotWritten(FramegateError):
    """The page could not be put where it was wanted."""

    code = "FAILED_PRECONDITION"
    reason = "REPORT_NOT_WRITTEN"


class ClipChanged(FramegateError):
    """The file is no longer the one that was judged."""

    code = "FAILED_PRECONDITION"
    reason = "CLIP_CHANGED"


@dataclass(frozen=True, slots=True)
class Target:
    """The file to write.

    Attributes:
        path: Where it is.
        force: Whether a file that is there may be replaced.
    """

    path: Path
    force: bool

    def check(self) -> None:
        """Refuse what cannot be written, before anything is asked.

        Raises:
            click.BadParameter: The folder does not exist, or the file does and is not to be
                replaced.
        """
        folder = self.path.parent
        if not folder.is_dir():
            raise _refused(f"the folder {str(folder)!r} does not exist")
        if self.path.is_dir():
            raise _refused(f"{str(self.path)!r} is a folder")
        if self.path.exists() and not self.force:
            raise _refused(f"{str(self.path)!r} exists; --force replaces it")

    def put(self, page: bytes) -> None:
        """Write beside the target and give it its name at the end.

        Raises:
            ReportNotWritten: It cannot be written, or its file came to be in the meantime.
        """
        try:
            with _beside(self.path) as (descriptor, part):
                with os.fdopen(descriptor, "wb") as out:
                    out.write(page)
                    out.flush()
                    os.fsync(out.fileno())
                if self.path.exists() and not self.force:
                    raise ReportNotWritten("the file came to be in the meantime", field="report")
                part.replace(self.path)
        except OSError as error:
            message = f"the page cannot be written: {error.strerror}"
            raise ReportNotWritten(message, field="report") from error


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[tuple[int, Path]]:
    """A file that only its owner can read, in the folder of another; deleted if it is left."""
    descriptor, name = tempfile.mkstemp(prefix=".framegate-", suffix=".html", dir=target.parent)
    part = Path(name)
    try:
        yield descriptor, part
    finally:
        part.unlink(missing_ok=True)


def _refused(message: str) -> click.BadParameter:
    return click.BadParameter(message, param_hint="'--report'")
