"""The upload half of a call: first a header, then chunks, never a pause that lasts too long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from media.errors import InvalidInput


class UploadMalformed(InvalidInput):
    """The messages of an upload are not one header and then chunks."""

    reason = "UPLOAD_MALFORMED"


class UploadStalled(InvalidInput):
    """The client was silent for too long in the middle of an upload."""

    code = "DEADLINE_EXCEEDED"
    reason = "UPLOAD_STALLED"
    retryable = True


async def first_header(requests: AsyncIterator[Any], *, idle_ms: int) -> Any:
    """Wait for the header.

    Raises:
        UploadMalformed: When the first message is something else or there is none.
        UploadStalled: When nothing came in time.
    """
    request = await _next(requests, idle_ms)
    if request is None or not request.HasField("header"):
        raise UploadMalformed("the first message must be the header", field="header")
    return request.header


async def chunks(requests: AsyncIterator[Any], *, idle_ms: int) -> AsyncIterator[bytes]:
    """Yield the chunks that follow the header.

    Raises:
        UploadMalformed: When a message is no chunk.
        UploadStalled: When the client was silent for `idle_ms`.
    """
    while (request := await _next(requests, idle_ms)) is not None:
        if not request.HasField("chunk"):
            raise UploadMalformed("after the header come chunks only", field="chunk")
        yield request.chunk


async def _next(requests: AsyncIterator[Any], idle_ms: int) -> Any:
    try:
        async with asyncio.timeout(idle_ms / 1000):
            return await anext(requests, None)
    except TimeoutError:
        raise UploadStalled(
            f"nothing came for {idle_ms} ms", field="chunk", limit=idle_ms
        ) from None
