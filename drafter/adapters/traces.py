"""Steps as spans of OpenTelemetry, sent by OTLP over HTTP: the only file that names its libraries.

A span holds the facts of its step and nothing else: exceptions are told by the name of their class, never by their
message. The provider is this program's own and is not made the library's global one, so that no other library sends
anything through it (tests/e2e/test_operation.py decodes what a receiver gets).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from drafter.domain.watching import Facts, StepName

_SEND_SECONDS = 10.0
_NAMES = {"route": "http.route", "method": "http.request.method", "status": "http.response.status_code"}
_KINDS: dict[StepName, SpanKind] = {
    "request": SpanKind.SERVER,
    "model": SpanKind.CLIENT,
    "job-asked": SpanKind.PRODUCER,
    "job": SpanKind.CONSUMER,
}
_CARRIER = "traceparent"
_WORDS = TraceContextTextMapPropagator()


class _Begun(NamedTuple):
    span: Span
    token: object


class _Noticing(OTLPSpanExporter):
    """Remembers whether spans could not be sent."""

    lost = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = super().export(spans)
        self.lost = self.lost or result is not SpanExportResult.SUCCESS
        return result


class Traces:
    """A `StepListener`. `endpoint` is the whole address, such as http://127.0.0.1:4318/v1/traces; `patience` is how
    many seconds sending may take, whoever is away."""

    def __init__(self, endpoint: str, *, process: str, version: str, patience: float = _SEND_SECONDS) -> None:
        resource = Resource(
            {
                "service.name": f"imr-drafter-{process}",
                "service.version": version,
                "service.instance.id": str(os.getpid()),
                "process.pid": os.getpid(),
            }
        )
        self._provider = TracerProvider(resource=resource, sampler=ParentBased(ALWAYS_ON), shutdown_on_exit=False)
        self._exporter = _Noticing(endpoint=endpoint, timeout=patience)
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._tracer = self._provider.get_tracer("imr-drafter", version)

    def begin(self, name: StepName, facts: Facts, *, after: str) -> _Begun:
        parent: Context | None = _WORDS.extract({_CARRIER: after}, context=Context()) if after else None
        span = self._tracer.start_span(
            name,
            context=parent,
            kind=_KINDS.get(name, SpanKind.INTERNAL),
            record_exception=False,
            set_status_on_exception=False,
        )
        return _Begun(span=span, token=contexts.attach(trace.set_span_in_context(span)))

    def end(self, begun: _Begun, name: StepName, facts: Facts, *, seconds: float) -> None:
        contexts.detach(begun.token)  # type: ignore[arg-type]
        if name == "request":
            begun.span.update_name(f"{facts.method} {facts.route or 'none'}")
        for field, told in facts.model_dump(exclude_none=True, exclude={"findings"}).items():
            begun.span.set_attribute(_NAMES.get(field, f"drafter.{field}"), told)
        if facts.findings is not None:
            begun.span.set_attribute("drafter.findings", sum(found.count for found in facts.findings))
        if facts.outcome == "failed" or (facts.status or 0) >= 500:
            begun.span.set_status(Status(StatusCode.ERROR))
        begun.span.end()

    def here(self) -> str:
        carrier: dict[str, str] = {}
        _WORDS.inject(carrier)
        return carrier.get(_CARRIER, "")

    def flush(self) -> None:
        """Sends what ended by now."""
        self._provider.force_flush()

    @property
    def lost(self) -> bool:
        """Whether spans could not be sent."""
        return self._exporter.lost

    def close(self) -> None:
        """Sends what is left, for as long as sending may take."""
        self._provider.shutdown()
