"""The routes of the HTTP API: HTTP in, the use case, JSON or a manifest store out.

Every answer is made in one place (`_answering`): request id, token, metrics, log, and errors to
status. Nothing leaves with the text of an unknown exception, and no value of a query is logged.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import time
import traceback
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import structlog
from prometheus_client import Counter, Histogram
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from media.errors import FramegateError
from moderation.clips.matches import ALL_LAYERS, MatchLayer
from moderation.intake import Call
from moderation.resolution import problems, queries
from moderation.resolution.jumbf import active_only
from moderation.service.uploads import UploadStalled
from moderation.settings import Settings
from moderation.store.clips import ClipRecord, ClipState
from moderation.tracing import Tracing
from provenance.actions import SoftBinding

MANIFEST_STORE: Final = "application/c2pa"
REQUEST_ID: Final = "x-request-id"
EXACT: Final = 100
"""Score of a manifest whose soft binding has the very value that was asked for."""

_log = structlog.get_logger(__name__)
_requests = Counter(
    "framegate_resolution_requests", "Requests by route and HTTP status", ["route", "status"]
)
_latency = Histogram(
    "framegate_resolution_seconds",
    "Wall time of requests",
    ["route"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
_GIVEN_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
_PIECE_BYTES = 1 << 20
_ALWAYS = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
# A caller who went away reads no status; in the metrics it has the one that proxies use.
_GONE = 499

Answer = Callable[[Request, Call], Awaitable[Response]]


class Resolution:
    """The API. For one event loop; any number of requests at once.

    Args:
        tracing: The use cases.
        settings: Token and limits.
    """

    def __init__(self, tracing: Tracing, settings: Settings) -> None:
        self._tracing = tracing
        self._idle_ms = settings.upload_idle_ms
        without = set() if settings.watermark_neural else {MatchLayer.NEURAL}
        self._layers = ALL_LAYERS - without
        self._tokens = [_digest(token) for token in settings.resolution_token.split()]

    def application(self) -> Starlette:
        """Return the ASGI application."""
        routes = [
            self._route("/matches/byBinding", "by_binding", self._by_binding, "GET"),
            self._route("/matches/byBinding", "by_binding", self._by_large_binding, "POST"),
            self._route("/matches/byContent", "by_content", self._by_content, "POST"),
            # A path, so that an id with a slash in it is refused as an id.
            self._route("/manifests/{manifest_id:path}", "manifest", self._manifest, "GET"),
            self._route(
                "/services/supportedAlgorithms", "algorithms", self._algorithms, "GET", free=True
            ),
        ]
        return Starlette(routes=routes, exception_handlers={HTTPException: _unrouted})

    def _route(
        self, path: str, name: str, answer: Answer, method: str, *, free: bool = False
    ) -> Route:
        async def endpoint(request: Request) -> Response:
            return await self._answering(name, answer, request, free=free)

        return Route(path, endpoint, methods=[method], name=f"{name}.{method}")

    async def _answering(
        self, route: str, answer: Answer, request: Request, *, free: bool
    ) -> Response:
        began = time.perf_counter()
        given = request.headers.get(REQUEST_ID, "")
        identifier = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=identifier, method=f"http.{route}")
        status = _GONE
        try:
            response = await self._answered(answer, request, Call(identifier), free=free)
            status = response.status_code
        except ClientDisconnect:
            response = Response(status_code=_GONE)
        finally:
            duration_s = time.perf_counter() - began
            _requests.labels(route, str(status)).inc()
            _latency.labels(route).observe(duration_s)
            _log.info("call", status=status, duration_ms=round(duration_s * 1000, 2))
        response.headers[REQUEST_ID] = identifier
        return response

    async def _answered(
        self, answer: Answer, request: Request, call: Call, *, free: bool
    ) -> Response:
        try:
            if not free:
                self._check_token(request)
            return await answer(request, call)
        except FramegateError as error:
            return _problem(error, call.request_id)
        except ClientDisconnect:
            raise
        except asyncio.CancelledError:
            # By the server alone, when it drains and the time for that is over.
            return _problem(problems.Draining("the server is stopping"), call.request_id)
        except Exception as error:  # noqa: BLE001 - the last line: nothing leaves with its text
            frames = traceback.extract_tb(error.__traceback__)
            _log.error(
                "call.fault",
                kind=type(error).__name__,
                at=[f"{frame.name}:{frame.lineno}" for frame in frames[-6:]],
            )
            fault = FramegateError(f"internal error; the log has it under {call.request_id}")
            return _problem(fault, call.request_id)

    def _check_token(self, request: Request) -> None:
        if not self._tokens:
            return
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        shown = _digest(token.strip())
        known = [hmac.compare_digest(shown, one) for one in self._tokens]
        if scheme.lower() != "bearer" or not any(known):
            raise problems.TokenRefused("a bearer token of this service is required")

    async def _by_binding(self, request: Request, _call: Call) -> Response:
        given = queries.parameters(request.scope["query_string"])
        return await self._carrying(queries.by_binding(given), queries.max_results(given))

    async def _by_large_binding(self, request: Request, _call: Call) -> Response:
        given = queries.parameters(request.scope["query_string"])
        queries.check_json(request.headers)
        most = queries.max_results(given)
        body = b""
        async for piece in self._body(request):
            body += piece
            if len(body) > queries.MAX_JSON_BYTES:
                raise queries.BodyTooLarge(
                    f"a document has at most {queries.MAX_JSON_BYTES} bytes",
                    field="body",
                    limit=queries.MAX_JSON_BYTES,
                )
        return await self._carrying(queries.by_binding_document(body), most)

    async def _carrying(self, binding: SoftBinding, most: int) -> Response:
        clip_id = await self._tracing.carries(binding)
        found = [await self._tracing.manifest(clip_id=clip_id)] if clip_id else []
        return _matches([_entry(each, EXACT) for each in found], most)

    async def _by_content(self, request: Request, call: Call) -> Response:
        given = queries.parameters(request.scope["query_string"])
        layers, most = queries.layers(given, self._layers), queries.max_results(given)
        length = queries.clip_length(request.headers)
        sent = asyncio.Event()
        body = self._body(request, sent)
        asked = asyncio.ensure_future(self._tracing.match(length, body, call, layers))
        watching = asyncio.ensure_future(_gone(request, sent))
        try:
            await asyncio.wait({asked, watching}, return_when=asyncio.FIRST_COMPLETED)
            if not asked.done():
                raise ClientDisconnect
            found, _ = await asked
        finally:
            watching.cancel()
            asked.cancel()
            # What was cancelled still gives back its place and deletes the upload.
            await asyncio.gather(asked, watching, return_exceptions=True)
        return _matches(
            [
                _found(match.manifest_id, match.score, recalled=match.recalled)
                for match in found.found
            ],
            most,
        )

    async def _manifest(self, request: Request, _call: Call) -> Response:
        given = queries.parameters(request.scope["query_string"])
        manifest_id = queries.manifest_id(request.path_params["manifest_id"])
        alone = queries.active_alone(given)
        record = await self._tracing.manifest(manifest_id=manifest_id)
        store = active_only(record.manifest, record.manifest_id) if alone else record.manifest
        return Response(store, media_type=MANIFEST_STORE, headers=_ALWAYS)

    async def _algorithms(self, _request: Request, _call: Call) -> Response:
        return _json(
            {
                "watermarks": [
                    {"alg": layer.algorithm}
                    for layer in (MatchLayer.WATERMARK, MatchLayer.NEURAL)
                    if layer in self._layers
                ],
                "fingerprints": [{"alg": MatchLayer.FINGERPRINT.algorithm}],
            }
        )

    async def _body(
        self, request: Request, sent: asyncio.Event | None = None
    ) -> AsyncIterator[bytes]:
        """Yield the body in pieces of about a mebibyte; sets `sent` once all of it is here.

        Raises:
            UploadStalled: When the caller was silent for too long.
            ClientDisconnect: When it went away.
        """
        pieces, held = request.stream(), bytearray()
        while True:
            try:
                async with asyncio.timeout(self._idle_ms / 1000):
                    piece = await anext(pieces, None)
            except TimeoutError:
                raise UploadStalled(
                    f"nothing came for {self._idle_ms} ms", field="body", limit=self._idle_ms
                ) from None
            held += piece or b""
            if held and (piece is None or len(held) >= _PIECE_BYTES):
                yield bytes(held)
                held.clear()
            if piece is None:
                break
        if sent is not None:
            sent.set()


async def _gone(request: Request, sent: asyncio.Event) -> None:
    """Wait until the caller has gone away, after it has sent everything."""
    await sent.wait()
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def _entry(record: ClipRecord, score: int) -> dict[str, Any]:
    return _found(record.manifest_id, score, recalled=record.state is ClipState.RECALLED)


def _found(manifest_id: str, score: int, *, recalled: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {"manifestId": manifest_id, "similarityScore": score}
    # No field of the specification's; there only where there is something to be told.
    return entry | ({"recalled": True} if recalled else {})


def _matches(found: list[dict[str, Any]], most: int) -> Response:
    return _json({"matches": found[:most]})


def _json(
    value: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    return JSONResponse(value, status, headers=_ALWAYS | (headers or {}))


def _problem(error: FramegateError, request_id: str) -> Response:
    told = problems.document(error, request_id)
    return _json(told, problems.status_of(error), problems.headers_of(error))


async def _unrouted(_request: Request, error: Exception) -> Response:
    """Answer what no route takes."""
    refused: FramegateError = problems.PathUnknown("the API has no such path")
    headers: dict[str, str] = {}
    if isinstance(error, HTTPException) and error.status_code == problems.METHOD_REFUSED_STATUS:
        refused = problems.MethodRefused("the path does not take this method")
        headers = dict(error.headers or {})
    response = _problem(refused, uuid.uuid4().hex)
    response.headers.update(headers)
    return response
