"""What a runner is measured against: a bare loop that asks every prompt of a file and looks whether a word is in it.

    python -m evals.benchmarks.client_loop URL PROMPTS.jsonl CONCURRENCY httpx|openai

It keeps nothing, checks no form, counts no money, writes no row, and has no second try.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

WORD = "The case"


def _prompts(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def with_httpx(url: str, bodies: list[dict[str, Any]], at_once: int) -> int:
    import httpx

    gate = asyncio.Semaphore(at_once)
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=at_once), timeout=60) as client:

        async def ask(body: dict[str, Any]) -> bool:
            async with gate:
                answer = await client.post(f"{url}/chat/completions", json=body)
                return WORD in answer.json()["choices"][0]["message"]["content"]

        return sum(await asyncio.gather(*map(ask, bodies)))


async def with_openai(url: str, bodies: list[dict[str, Any]], at_once: int) -> int:
    import openai

    gate = asyncio.Semaphore(at_once)
    async with openai.AsyncOpenAI(base_url=url, api_key="none") as client:

        async def ask(body: dict[str, Any]) -> bool:
            async with gate:
                answer = await client.chat.completions.create(**body)
                return WORD in (answer.choices[0].message.content or "")

        return sum(await asyncio.gather(*map(ask, bodies)))


if __name__ == "__main__":
    address, prompts, most, client = sys.argv[1:]
    loop = {"httpx": with_httpx, "openai": with_openai}[client]
    sys.stdout.write(f"{asyncio.run(loop(address, _prompts(Path(prompts)), int(most)))}\n")
