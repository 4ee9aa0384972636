"""Why a watermark cannot be embedded or read: one error a reason."""

from __future__ import annotations

from media.errors import FramegateError, InvalidInput


class PictureTooSmallForWatermark(InvalidInput):
    """The clip's pictures have too few pixels to carry a watermark."""

    reason = "PICTURE_TOO_SMALL_FOR_WATERMARK"


class WatermarkKeyRetired(FramegateError):
    """The watermark key is retired or has leaked; nothing new is marked with it."""

    code = "FAILED_PRECONDITION"
    reason = "WATERMARK_KEY_RETIRED"


class WatermarkKeyMissing(FramegateError):
    """There is no such watermark key, or none that is active."""

    code = "FAILED_PRECONDITION"
    reason = "WATERMARK_KEY_MISSING"


class WatermarkKeyUnusable(FramegateError):
    """The file of a watermark key is not what it must be."""

    code = "FAILED_PRECONDITION"
    reason = "WATERMARK_KEY_UNUSABLE"
