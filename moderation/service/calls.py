"""One interceptor around every call: request id, log, trace, metrics, and errors to status.

No servicer catches an error and none makes a status: an exception's class data says which one it
is (`media.errors`), and this is the only place that reads it.
"""

from __future__ import annotations

import asyncio
import re
import time
import traceback
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from contextvars import ContextVar
from typing import Any, NoReturn

import grpc
import structlog
from google.protobuf import any_pb2, duration_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc import aio
from grpc_status import rpc_status
from opentelemetry import trace
from prometheus_client import Counter, Histogram

from media.errors import FramegateError, InvalidInput

DOMAIN = "framegate.v1"
REQUEST_ID_KEY = "x-request-id"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")

_log = structlog.get_logger(__name__)
_tracer = trace.get_tracer("framegate")
_calls = Counter("framegate_calls", "Calls by method and status", ["method", "status"])
_latency = Histogram(
    "framegate_call_seconds",
    "Wall time of calls",
    ["method"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
_request_id: ContextVar[str] = ContextVar("framegate_request_id", default="")


class RequestMalformed(InvalidInput):
    """A message that is not the protobuf that its method takes (bad UTF-8 among them)."""

    reason = "REQUEST_MALFORMED"


class RequestIdInvalid(InvalidInput):
    """The metadata key x-request-id is not 1 to 64 characters of [A-Za-z0-9._:-]."""

    reason = "REQUEST_ID_INVALID"


def request_id() -> str:
    """Return the id of the call that is being served."""
    return _request_id.get()


class _Malformed:
    """Stands for a request that could not be parsed, until its call can be told so."""


class CallInterceptor(aio.ServerInterceptor):
    """Wraps every handler of the server."""

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Return the handler with the wrapping around it."""
        handler = await continuation(handler_call_details)
        if handler is None or not handler_call_details.method.startswith(f"/{DOMAIN}."):
            return handler
        method = handler_call_details.method.rsplit("/", 1)[1]
        safe = handler._replace(request_deserializer=_forgiving(handler.request_deserializer))
        if safe.unary_unary:
            return safe._replace(unary_unary=_single(method, safe.unary_unary))
        if safe.stream_unary:
            return safe._replace(stream_unary=_single(method, safe.stream_unary))
        if safe.unary_stream:
            return safe._replace(unary_stream=_streaming(method, safe.unary_stream))
        return safe._replace(stream_stream=_streaming(method, safe.stream_stream))


def _forgiving(deserialize: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    def parse(data: bytes) -> Any:
        try:
            return deserialize(data)
        except Exception:  # noqa: BLE001 - the runtime's own DecodeError has several classes
            return _Malformed()

    return parse


def _single(method: str, behaviour: Callable[[Any, Any], Awaitable[Any]]) -> Callable[..., Any]:
    async def call(request: Any, context: aio.ServicerContext[Any, Any]) -> Any:
        async with _around(method, context):
            return await behaviour(_checked(request), context)

    return call


def _streaming(
    method: str, behaviour: Callable[[Any, Any], AsyncGenerator[Any, None]]
) -> Callable[..., Any]:
    async def call(request: Any, context: aio.ServicerContext[Any, Any]) -> AsyncIterator[Any]:
        async with (
            _around(method, context),
            # Closed inside, so that a use case that is left early still ends within the call.
            aclosing(behaviour(_checked(request), context)) as responses,
        ):
            async for response in responses:
                yield response

    return call


def _checked(request: Any) -> Any:
    if hasattr(request, "__anext__"):
        return _checked_each(request)
    if isinstance(request, _Malformed):
        raise RequestMalformed("the message is not valid protobuf of this method", field="request")
    return request


async def _checked_each(requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
    async for request in requests:
        yield _checked(request)


@asynccontextmanager
async def _around(method: str, context: aio.ServicerContext[Any, Any]) -> AsyncIterator[None]:
    began = time.perf_counter()
    status = "OK"
    given = _given_id(context)
    identifier = given if given and _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    _request_id.set(identifier)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=identifier, method=method)
    with _tracer.start_as_current_span(
        f"{DOMAIN}/{method}",
        attributes={"framegate.request_id": identifier},
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            # Trailing and not initial: initial metadata would cost every call a message more.
            context.set_trailing_metadata(((REQUEST_ID_KEY, identifier),))
            if given != identifier and given:
                raise RequestIdInvalid(
                    "x-request-id is 1 to 64 characters of [A-Za-z0-9._:-]", field=REQUEST_ID_KEY
                )
            yield
        except FramegateError as error:
            status = error.code
            await _abort(context, error)
        except asyncio.CancelledError:
            status = "CANCELLED"
            raise
        except aio.AbortError:
            status = "ABORTED"
            raise
        except Exception as error:  # noqa: BLE001 - the last line: nothing leaves with its text
            status = "INTERNAL"
            await _abort_unknown(context, error)
        finally:
            duration_s = time.perf_counter() - began
            span.set_attribute("rpc.grpc.status", status)
            _calls.labels(method, status).inc()
            _latency.labels(method).observe(duration_s)
            _log.info("call", status=status, duration_ms=round(duration_s * 1000, 2))


def _given_id(context: aio.ServicerContext[Any, Any]) -> str:
    for key, value in context.invocation_metadata() or ():
        if key == REQUEST_ID_KEY:
            return str(value)
    return ""


async def _abort(context: aio.ServicerContext[Any, Any], error: FramegateError) -> NoReturn:
    status = rpc_status.to_status(to_status(error))
    # Aborting replaces the trailing metadata, so the request id goes in once more.
    trailing = (*status.trailing_metadata, (REQUEST_ID_KEY, request_id()))
    await context.abort(status.code, status.details, trailing)
    raise AssertionError


async def _abort_unknown(context: aio.ServicerContext[Any, Any], error: Exception) -> NoReturn:
    identifier = uuid.uuid4().hex
    # The message of an unknown exception may hold anything; its place in the code does not.
    frames = traceback.extract_tb(error.__traceback__)
    _log.error(
        "call.fault",
        error_id=identifier,
        kind=type(error).__name__,
        at=[f"{frame.name}:{frame.lineno}" for frame in frames[-6:]],
    )
    await _abort(context, Fault(f"internal error {identifier}"))


class Fault(FramegateError):
    """Something went wrong inside; the id in the message stands in the server's log."""


def to_status(error: FramegateError) -> status_pb2.Status:
    """Translate an error into a status with ErrorInfo and the details that fit it."""
    info = error_details_pb2.ErrorInfo(
        reason=error.reason,
        domain=DOMAIN,
        metadata={
            name: str(value)
            for name, value in (
                ("field", error.field),
                ("limit", error.limit),
                ("actual", error.actual),
                ("retryable", str(error.retryable).lower()),
                ("request_id", request_id()),
            )
            if value not in ("", None)
        },
    )
    details: list[Any] = [info]
    if error.code in ("INVALID_ARGUMENT", "OUT_OF_RANGE") and error.field:
        violation = error_details_pb2.BadRequest.FieldViolation(
            field=error.field, description=error.message, reason=error.reason
        )
        details.append(error_details_pb2.BadRequest(field_violations=[violation]))
    if error.code == "RESOURCE_EXHAUSTED":
        exhausted = error_details_pb2.QuotaFailure.Violation(
            subject=error.field, description=error.message
        )
        details.append(error_details_pb2.QuotaFailure(violations=[exhausted]))
    if error.retry_after_ms is not None:
        delay = duration_pb2.Duration()
        delay.FromMilliseconds(error.retry_after_ms)
        details.append(error_details_pb2.RetryInfo(retry_delay=delay))
    status = status_pb2.Status(code=code_pb2.Code.Value(error.code), message=error.message)
    for detail in details:
        packed = any_pb2.Any()
        packed.Pack(detail)
        status.details.append(packed)
    return status
