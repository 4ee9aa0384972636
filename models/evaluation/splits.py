"""Which rows of a training set are kept back for measuring.

The recipe that trains and the command that measures both ask here, so they cannot disagree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

#: Sets that share one pool of prompts: a prompt that one holds back is held back in both.
SPLIT_SETS: Final = frozenset({"adversarial_nibbler_submitted", "adversarial_nibbler_attempted"})
_PARTS: Final = 5


def held_out(set_name: str, row: Mapping[str, Any]) -> bool:
    """Tells whether a row must not be trained on.

    A fifth of the prompts of `SPLIT_SETS` is held out, by the SHA-256 of the prompt.

    Args:
        set_name: Name of the set, such as "adversarial_nibbler_submitted".
        row: The row as it is in the file; only `text` is read.
    """
    if set_name not in SPLIT_SETS:
        return False
    digest = hashlib.sha256(str(row["text"]).encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") % _PARTS == 0
