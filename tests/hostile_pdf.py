"""PDF files that came to harm or mean harm: spoilt bytes, cuts, streams that swell, page trees that bite their tail."""

from __future__ import annotations

import io
import random
import re
import zlib
from collections.abc import Callable

import pypdf

BOMB = 1_200_000_000


def hostile_pdf(content: bytes, chance: random.Random) -> bytes:
    """One harmed form of a sound file; mostly spoilt bytes, now and then something built."""
    if chance.random() < 0.8:
        return mutated(content, chance)
    return chance.choice(BUILT)(content, chance)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The file with bytes flipped, cut off, taken out or doubled."""
    changed = bytearray(content)
    kind = chance.choice(["flip", "flip", "bit", "cut", "take out", "double"])
    at = chance.randrange(9, len(changed))
    if kind == "flip":
        for _ in range(chance.choice([1, 4, 40, 400])):
            changed[chance.randrange(9, len(changed))] = chance.randrange(256)
    elif kind == "bit":
        for _ in range(chance.choice([1, 8, 64])):
            changed[chance.randrange(9, len(changed))] ^= 1 << chance.randrange(8)
    elif kind == "cut":
        del changed[at:]
    elif kind == "take out":
        del changed[at : at + chance.randrange(1, 3000)]
    else:
        changed[at:at] = changed[at : at + chance.randrange(1, 3000)]
    return bytes(changed)


def page_of(stream: bytes, filters: str) -> bytes:
    """A file of one page whose content is `stream`, written by hand."""
    parts = [
        b"%PDF-1.7\n",
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>endobj\n",
        f"4 0 obj<</Length {len(stream)}/Filter[{filters}]>>stream\n".encode() + stream + b"\nendstream endobj\n",
    ]
    body = b"".join(parts)
    offsets = [body.index(f"{number} 0 obj".encode()) for number in range(1, 5)]
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return (
        body
        + f"xref\n0 5\n0000000000 65535 f \n{table}trailer<</Size 5/Root 1 0 R>>\nstartxref\n{len(body)}\n".encode()
        + b"%%EOF"
    )


def bomb(size: int) -> bytes:
    """A packed stream that swells to `size` bytes."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(b"\0" * 1_000_000) for _ in range(size // 1_000_000)]
    return b"".join([*parts, packer.flush()])


def _swelling(content: bytes, chance: random.Random) -> bytes:
    size = chance.choice([50_000_000, 400_000_000, BOMB])
    twice = chance.random() < 0.5
    stream = bomb(size)
    return page_of(zlib.compress(stream, 9), "/FlateDecode/FlateDecode") if twice else page_of(stream, "/FlateDecode")


def _encrypted(content: bytes, chance: random.Random) -> bytes:
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(content)))
    user = chance.choice(["", "secret"])
    writer.encrypt(user_password=user, owner_password="owner", algorithm=chance.choice(["RC4-40", "RC4-128"]))
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def _biting_its_tail(content: bytes, chance: random.Random) -> bytes:
    """A reference, a child of the page tree among them, that leads to another object, or back to where it stands."""
    references = list(re.finditer(rb"(\d+) 0 R", content))
    chosen = chance.sample(references, k=min(len(references), chance.choice([1, 3, 10])))
    numbers = [one[1] for one in references]
    changed = content
    for one in sorted(chosen, key=lambda found: -found.start()):
        other = chance.choice(numbers)
        if len(other) == len(one[1]):
            changed = changed[: one.start()] + other + changed[one.start() + len(other) :]
    return changed


def _deep(content: bytes, chance: random.Random) -> bytes:
    depth = chance.choice([1_000, 50_000, 300_000])
    return page_of(zlib.compress(b"[" * depth + b"]" * depth), "/FlateDecode")


def _fewer_pages(content: bytes, chance: random.Random) -> bytes:
    """The page tree claims another number of pages than it holds."""
    count = chance.choice([b"/Count 0", b"/Count 1", b"/Count -3", b"/Count 99999999"])
    return re.sub(rb"/Count \d+", count, content)


BUILT: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _encrypted, _biting_its_tail, _biting_its_tail, _biting_its_tail, _deep, _fewer_pages, _swelling,
)  # fmt: skip
