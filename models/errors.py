"""What can go wrong between a model's card and a loaded model."""

from __future__ import annotations

from media.errors import FramegateError


class InvalidCard(FramegateError):
    """A `model.toml` that does not say what it must."""

    code = "FAILED_PRECONDITION"
    reason = "MODEL_CARD_INVALID"


class UnknownModel(FramegateError):
    """No model of that id, or none for that task."""

    code = "NOT_FOUND"
    reason = "MODEL_UNKNOWN"


class ModelUnavailable(FramegateError):
    """A model whose files are not in the cache."""

    code = "UNAVAILABLE"
    reason = "MODEL_UNAVAILABLE"


class ModelDigestMismatch(FramegateError):
    """A file whose digest or size is not the one that the card names."""

    code = "FAILED_PRECONDITION"
    reason = "MODEL_DIGEST_MISMATCH"


class SourceUnavailable(FramegateError):
    """A source that could not be reached, or that does not hold the file it should."""

    code = "UNAVAILABLE"
    reason = "MODEL_SOURCE_UNAVAILABLE"
    retryable = True
