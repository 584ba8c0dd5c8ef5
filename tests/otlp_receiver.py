"""A receiver of OpenTelemetry traces on loopback: takes OTLP over HTTP, keeps every span decoded, and every byte."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


@dataclass(frozen=True, kw_only=True)
class ReceivedSpan:
    """`service` is the kind of process that sent it; ids in hexadecimal, `parent` empty for a first span."""

    service: str
    name: str
    trace: str
    span: str
    parent: str
    told: dict[str, Any]
    events: int
    failed: bool
    message: str


class OtlpReceiver:
    """`url` is the address for DRAFTER_TRACES."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.url = ""

    def __enter__(self) -> OtlpReceiver:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                packed = self.headers.get("Content-Encoding") == "gzip"
                receiver.bodies.append(gzip.decompress(body) if packed else body)
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(200 if self.path == "/v1/traces" else 404)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1/traces"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *told: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def spans(self) -> Iterator[ReceivedSpan]:
        for body in self.bodies:
            for of_process in ExportTraceServiceRequest.FromString(body).resource_spans:
                service = _told(of_process.resource.attributes)["service.name"]
                for of_scope in of_process.scope_spans:
                    for span in of_scope.spans:
                        yield ReceivedSpan(
                            service=service,
                            name=span.name,
                            trace=span.trace_id.hex(),
                            span=span.span_id.hex(),
                            parent=span.parent_span_id.hex(),
                            told=_told(span.attributes),
                            events=len(span.events),
                            failed=span.status.code == span.status.STATUS_CODE_ERROR,
                            message=span.status.message,
                        )


def _told(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, str(one.value.WhichOneof("value"))) for one in attributes}
