"""Messages of workers: what becomes of an error on its way to the caller."""

from __future__ import annotations

import subprocess
import sys

import pytest

from media.refusals import ClipNotWhole
from moderation.clips.messages import Failed, WorkerFault, failure, raised


def test_an_error_of_ours_comes_out_as_it_went_in() -> None:
    sent = failure(3, ClipNotWhole("cut short", field="clip", limit=4, actual=2))
    error = raised(sent)
    assert isinstance(error, ClipNotWhole)
    assert (error.message, error.field, error.limit, error.actual) == ("cut short", "clip", 4, 2)


def test_an_error_of_others_loses_its_text() -> None:
    sent = failure(3, ValueError("/a/path"))
    assert sent.reason == WorkerFault.reason
    assert "/a/path" not in sent.message


@pytest.mark.parametrize("reason", ["CLIP_NEEDS_TOO_MUCH_MEMORY"])
def test_the_serving_process_knows_every_reason_of_a_worker(reason: str) -> None:
    # In a process of its own: this one may have imported the worker's modules already.
    code = (
        "from moderation.clips.messages import Failed, raised;"
        f"print(type(raised(Failed(1, {reason!r}, 'm'))).reason)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == reason


def test_a_reason_that_nobody_knows_is_a_fault() -> None:
    assert isinstance(raised(Failed(1, "NEVER_HEARD_OF", "m")), WorkerFault)
