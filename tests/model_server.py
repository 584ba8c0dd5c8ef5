"""A server on loopback that speaks OpenAI's chat completions and embeddings over real HTTP, and misbehaves as told.

    with ModelServer(script=[status(500), reply()]) as server: ... server.url, server.bodies

One step answers one request, in order; the last goes on. A request that asks for a stream is answered by one.
"""

from __future__ import annotations

import gzip
import json
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from guideline_corpus.embedding import Embedder

Step = Callable[["Exchange"], None]
STATEMENT = {
    "text": "Low back pain was reported.", "kind": "record", "supports": None, "grounds": ["R1"], "quote": None,
}  # fmt: skip


class Exchange:
    """One request, and the ways to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        self.handler = handler
        self.body = body

    @property
    def item(self) -> int:
        """The number of the item that the prompt is about."""
        user = next(turn["content"] for turn in self.body["messages"] if turn["role"] == "user")
        return int(user.split("Item ", 1)[1].split(":", 1)[0])

    def send(self, status: int, content: bytes, *, kind: str = "application/json", **headers: str) -> None:
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind)
        self.handler.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(content)

    def completion(self, message: dict[str, Any], *, finish: str = "stop", usage: bool = True) -> None:
        if self.body.get("stream"):
            self.stream(message.get("content") or "", finish=finish, refusal=message.get("refusal"))
            return
        told: dict[str, Any] = {
            "id": "c-1", "object": "chat.completion", "created": 0, "model": "loopback-1", "system_fingerprint": "fp-1",
            "choices": [{"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}],
        }  # fmt: skip
        if usage:
            told["usage"] = {"prompt_tokens": 900, "completion_tokens": 90, "total_tokens": 990}
        self.send(200, json.dumps(told).encode())

    def stream(
        self, text: str, *, finish: str | None, refusal: str | None = None, pause: Callable[[int], None] | None = None
    ) -> None:
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "text/event-stream")
        self.handler.end_headers()
        pieces = [text[at : at + 40] for at in range(0, len(text), 40)]
        deltas: list[tuple[dict[str, Any], str | None]] = [({"role": "assistant", "content": ""}, None)]
        deltas += [({"content": piece}, None) for piece in pieces]
        if refusal:
            deltas.append(({"refusal": refusal}, None))
        if finish:
            deltas.append(({}, finish))
        for number, (delta, ended) in enumerate(deltas):
            if pause is not None:
                pause(number)
            chunk = {
                "id": "c-1", "object": "chat.completion.chunk", "created": 0, "model": "loopback-1",
                "system_fingerprint": "fp-1", "choices": [{"index": 0, "delta": delta, "finish_reason": ended}],
            }  # fmt: skip
            self.handler.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
            self.handler.wfile.flush()
        if finish:
            self.handler.wfile.write(b"data: [DONE]\n\n")
        self.handler.close_connection = True


def reply(*statements: dict[str, Any], text: str | None = None, finish: str = "stop", usage: bool = True) -> Step:
    """A whole reply: these statements for the item asked about, or a text word for word."""

    def step(exchange: Exchange) -> None:
        told = (
            text if text is not None else json.dumps({"item": exchange.item, "statements": statements or [STATEMENT]})
        )
        exchange.completion({"content": told}, finish=finish, usage=usage)

    return step


def slowly(*statements: dict[str, Any], seconds: float) -> Step:
    """A reply that is streamed with a pause after every piece."""

    def step(exchange: Exchange) -> None:
        told = json.dumps({"item": exchange.item, "statements": statements or [STATEMENT]})
        exchange.stream(told, finish="stop", pause=lambda _: time.sleep(seconds))

    return step


def embeddings(embedder: Embedder) -> Step:
    """The vectors of this embedder for what is asked, the last one first, for servers may answer in any order."""

    def step(exchange: Exchange) -> None:
        vectors = embedder.embed_documents(exchange.body["input"])[:, : exchange.body.get("dimensions")]
        rows = [{"object": "embedding", "index": at, "embedding": vector.tolist()} for at, vector in enumerate(vectors)]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        told = {"object": "list", "data": rows[::-1], "model": exchange.body["model"], "usage": usage}
        exchange.send(200, json.dumps(told).encode())

    return step


def refusal(words: str = "I cannot help with that.") -> Step:
    return lambda exchange: exchange.completion({"content": None, "refusal": words})


def status(code: int, *, error: dict[str, Any] | None = None, body: bytes | None = None, **headers: str) -> Step:
    content = body if body is not None else json.dumps({"error": error or {"message": "no", "type": "x"}}).encode()
    return lambda exchange: exchange.send(code, content, **headers)


def ok(body: bytes, kind: str = "application/json") -> Step:
    """An answer of status 200 whose body is no reply."""
    return lambda exchange: exchange.send(200, body, kind=kind)


def refused(code: int, told: object) -> Step:
    """A status with a body of the server's own shape: a string, a list, FastAPI's `detail`."""
    return lambda exchange: exchange.send(code, json.dumps(told).encode())


def whole(change: Callable[[dict[str, Any]], None], *, packed: bool = False) -> Step:
    """A whole reply whose completion is changed before it is sent, whatever was asked for; `packed`: with gzip."""

    def step(exchange: Exchange) -> None:
        content = json.dumps({"item": exchange.item, "statements": [STATEMENT]})
        told: dict[str, Any] = {
            "id": "c-1", "object": "chat.completion", "created": 0, "model": "loopback-1",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
        }  # fmt: skip
        change(told)
        body = json.dumps(told).encode()
        if packed:
            exchange.send(200, gzip.compress(body), Content_Encoding="gzip")
        else:
            exchange.send(200, body)

    return step


def streamed(shape: Callable[[str], Sequence[str]]) -> Step:
    """Lines of a stream as the server writes them; one that is asked for a whole reply gives one."""

    def step(exchange: Exchange) -> None:
        if not exchange.body.get("stream"):
            whole(lambda told: None)(exchange)
            return
        exchange.handler.send_response(200)
        exchange.handler.send_header("Content-Type", "text/event-stream")
        exchange.handler.end_headers()
        for line in shape(json.dumps({"item": exchange.item, "statements": [STATEMENT]})):
            exchange.handler.wfile.write(line.encode())
            exchange.handler.wfile.flush()
        exchange.handler.close_connection = True

    return step


def accepts(fault: Callable[[dict[str, Any]], Step | None], *, then: Step | None = None) -> Step:
    """A server that answers by `fault(body)` where that gives a step, else by `then`, else soundly."""

    def step(exchange: Exchange) -> None:
        (fault(exchange.body) or then or reply())(exchange)

    return step


def reset() -> Step:
    """The connection ends without an answer."""

    def step(exchange: Exchange) -> None:
        exchange.handler.close_connection = True

    return step


def cut_body() -> Step:
    """The connection ends in the middle of the answer."""

    def step(exchange: Exchange) -> None:
        if exchange.body.get("stream"):
            exchange.stream('{"item": 1, "statements": [', finish=None)
            return
        exchange.handler.send_response(200)
        exchange.handler.send_header("Content-Type", "application/json")
        exchange.handler.send_header("Content-Length", "5000")
        exchange.handler.end_headers()
        exchange.handler.wfile.write(b'{"id": "c-1", "choices": [{"ind')
        exchange.handler.close_connection = True

    return step


def stall(seconds: float) -> Step:
    """Nothing, for a while; then the connection ends."""

    def step(exchange: Exchange) -> None:
        time.sleep(seconds)
        exchange.handler.close_connection = True

    return step


def drip(seconds: float) -> Step:
    """One byte at a time, so that no single read is slow."""

    def step(exchange: Exchange) -> None:
        exchange.handler.send_response(200)
        exchange.handler.send_header("Content-Type", "application/json")
        exchange.handler.send_header("Content-Length", "100000")
        exchange.handler.end_headers()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            exchange.handler.wfile.write(b" ")
            exchange.handler.wfile.flush()
            time.sleep(0.05)

    return step


def later(seconds: float, step: Step) -> Step:
    def slow(exchange: Exchange) -> None:
        time.sleep(seconds)
        step(exchange)

    return slow


def knows(*forms: str, then: Step) -> Step:
    """A server that takes only these kinds of `response_format`; "text" stands for none at all."""

    def step(exchange: Exchange) -> None:
        asked = (exchange.body.get("response_format") or {"type": "text"})["type"]
        if asked in forms:
            then(exchange)
        else:
            told = {"message": f"response_format {asked} is not supported", "param": "response_format", "type": "x"}
            exchange.send(400, json.dumps({"error": told}).encode())

    return step


def own_certificate(path: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, that nobody vouches for, written to `path`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    own = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    first = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(first)
        .not_valid_after(first + timedelta(days=36_500))
        .add_extension(own, critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    unlocked = serialization.NoEncryption()
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, unlocked)
    path.write_bytes(secret + made.public_bytes(encoding))
    return path


class ModelServer:
    """Serves a script on a free port of 127.0.0.1 for as long as it is entered; with a `certificate`, over TLS."""

    def __init__(self, *script: Step, protocol: str = "HTTP/1.1", certificate: Path | None = None) -> None:
        self._protocol = protocol
        self._certificate = certificate
        self.paths: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.raw: list[bytes] = []
        self.keys: list[str] = []
        self.most_at_once = 0
        self._script: Sequence[Step] = script or (reply(),)
        self._now = 0
        self._lock = threading.Lock()

    def __enter__(self) -> ModelServer:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = owner._protocol

            def do_POST(self) -> None:
                owner.paths.append(self.path)
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                step, body = owner._next(raw, self.headers.get("Authorization", ""))
                try:
                    step(Exchange(self, body))
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True
                finally:
                    with owner._lock:
                        owner._now -= 1

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        if self._certificate is not None:
            secured = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            secured.load_cert_chain(self._certificate)
            self._server.socket = secured.wrap_socket(self._server.socket, server_side=True)
            self.url = self.url.replace("http:", "https:")
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *told: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _next(self, raw: bytes, key: str) -> tuple[Step, dict[str, Any]]:
        with self._lock:
            step = self._script[min(len(self.bodies), len(self._script) - 1)]
            body = json.loads(raw)
            self.bodies.append(body)
            self.raw.append(raw)
            self.keys.append(key)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            return step, body
