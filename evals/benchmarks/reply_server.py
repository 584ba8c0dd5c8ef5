"""A model's server on loopback for timing: it answers every request after so many seconds, in a process of its own.

    python -m evals.benchmarks.reply_server SECONDS

The first line it prints is its address; every further line it reads is answered by the number of requests so far.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_ITEM = re.compile(rb"Item (\d+):")


class _Server:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.requests = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = _LENGTH.search(head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                self.requests += 1
                await asyncio.sleep(self._seconds)
                writer.write(_answer(body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def _answer(body: bytes) -> bytes:
    item = _ITEM.search(body)
    said = {"text": "The case is as told.", "kind": "record", "supports": None, "grounds": ["R1"], "quote": None}
    content = json.dumps({"item": int(item[1]) if item else 1, "statements": [said]})
    completion = {
        "id": "b", "object": "chat.completion", "created": 0, "model": "loopback",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": len(body) // 4, "completion_tokens": 40, "total_tokens": len(body) // 4 + 40},
    }  # fmt: skip
    told = json.dumps(completion).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(told), told)


async def _serve(seconds: float) -> None:
    owner = _Server(seconds)
    server = await asyncio.start_server(owner.handle, "127.0.0.1", 0, limit=1 << 20)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)  # noqa: T201
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(owner.requests, flush=True)  # noqa: T201


class ReplyServer:
    """A running server: its `url`, and how many requests it has had."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.url = self._line()

    @property
    def requests(self) -> int:
        if self._process.stdin is not None:
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        return int(self._line())

    def _line(self) -> str:
        return self._process.stdout.readline().strip() if self._process.stdout else ""


@contextmanager
def reply_server(seconds: float) -> Iterator[ReplyServer]:
    """A server in a process of its own for as long as the context lasts."""
    command = [sys.executable, "-m", "evals.benchmarks.reply_server", str(seconds)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield ReplyServer(process)
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
