"""Letters that lie elsewhere: a bucket, a web server or any other place that fsspec knows, told by an address with `://`.

It loads fsspec when an address is met. A file is brought into a folder of its own to
be read there as any other, with the documents that it names as records beside it; the folder is gone afterwards. What
goes wrong elsewhere, whatever the place, is an `InputUnreadable` that names the address
(tests/integration/test_remote_letters.py).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from drafter.adapters.input_bytes import MAX_FILE_BYTES, MAX_TEXT_BYTES
from drafter.errors import DrafterError, InputUnreadable

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_AT_ONCE = 100  # case files of a folder that are looked into together
_EXTRAS = {"gcs": "gs", "s3a": "s3", "az": "abfs"}  # names of fsspec's extras where they are not the scheme


def is_address(text: str) -> bool:
    """Whether an input is told by an address (`s3://bucket/letters`) and not by a path of this machine."""
    return _ADDRESS.match(text) is not None


@dataclass(frozen=True)
class RemoteFile:
    """One file, by its address. `folder` and `name` are the two parts of it."""

    address: str

    def __str__(self) -> str:
        return self.address

    @property
    def name(self) -> str:
        """Without what a query adds: it is the name of a file."""
        return PurePosixPath(self.address.partition("?")[0].partition("#")[0]).name

    @property
    def folder(self) -> str:
        return self.address.rpartition("/")[0]

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix

    def read_bytes(self) -> bytes:
        """Raises InputUnreadable."""
        system, path = _opened(self.address)
        with _told(self.address):
            size = system.info(path).get("size")
            if size is not None and size > MAX_FILE_BYTES:
                raise InputUnreadable(
                    f"{self.address} is larger than {MAX_FILE_BYTES // 1_000_000} MB; split it and try again"
                )
            content: bytes = system.cat_file(path)
            return content

    @contextmanager
    def brought(self, records_of: Callable[[Path], Iterator[Path]]) -> Iterator[Path]:
        """The file in a folder of its own, with the files in or below it that `records_of` says it names."""
        with tempfile.TemporaryDirectory(prefix="remote-") as place:
            folder = Path(place).resolve()
            path = folder / (self.name or "input")
            path.write_bytes(self.read_bytes())
            for record in records_of(path):
                if record.is_relative_to(folder) and record != path:  # the reader refuses others
                    with suppress(InputUnreadable):  # where it is needed after all, the reader says that it is missing
                        content = RemoteFile(f"{self.folder}/{record.relative_to(folder).as_posix()}").read_bytes()
                        record.parent.mkdir(parents=True, exist_ok=True)
                        record.write_bytes(content)
            yield path


def files_at(address: str, *, suffixes: Collection[str]) -> list[RemoteFile]:
    """The files that an address means, by name: itself, or those in a folder that end in one of `suffixes`.

    What ends so is taken for a file without asking. Raises InputUnreadable.
    """
    one = RemoteFile(address)
    if one.suffix.lower() in suffixes:
        return [one]
    system, path = _opened(address)
    with _told(address):
        if not system.isdir(path):
            if not system.exists(path):
                raise InputUnreadable(f"There is nothing at {address}; correct the address")
            return [one]
        entries = [entry["name"] for entry in system.ls(path, detail=True) if entry["type"] == "file"]
    names = sorted(entry.removeprefix(f"{path.rstrip('/')}/") for entry in entries)
    files = [RemoteFile(f"{address.rstrip('/')}/{name}") for name in names if "/" not in name]
    return [file for file in files if file.suffix.lower() in suffixes and not file.name.startswith(".")]


def texts_of(files: Sequence[RemoteFile]) -> Iterator[tuple[RemoteFile, bytes]]:
    """Each file with its bytes, many fetched at once, without those that are too large to be a case or do not come."""
    for start in range(0, len(files), _AT_ONCE):
        some = files[start : start + _AT_ONCE]
        system, _ = _opened(some[0].address)
        paths = [_opened(file.address)[1] for file in some]
        with _told(some[0].folder):
            contents = system.cat(paths, on_error="omit")
        for file, path in zip(some, paths, strict=True):
            if len(content := contents.get(path, b"")) <= MAX_TEXT_BYTES:
                yield file, content


def _opened(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it. Raises InputUnreadable."""
    if "::" in address:
        raise InputUnreadable(f"{address} names a place within another; name where the letters themselves lie")
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise InputUnreadable(
            f"{address} is an address, which needs fsspec; run `pip install imr-drafter[scale]`"
        ) from None
    try:
        system, path = url_to_fs(address)
    except ImportError:
        kind = address.partition(":")[0]
        raise InputUnreadable(
            f"{address} needs a package that is not installed; run `pip install fsspec[{_EXTRAS.get(kind, kind)}]`"
        ) from None
    except ValueError:
        raise InputUnreadable(f"{address} is no address that can be read; write s3://, https:// or a path") from None
    return system, path


@contextmanager
def _told(address: str) -> Iterator[None]:
    """Whatever goes wrong elsewhere, in one sentence."""
    try:
        yield
    except DrafterError:
        raise
    except FileNotFoundError:
        raise InputUnreadable(f"There is nothing at {address}; correct the address") from None
    except Exception as error:  # noqa: BLE001 - each place raises errors of its own, which have nothing in common
        raise InputUnreadable(
            f"{address} cannot be read ({type(error).__name__}); correct the address, or what lets you in"
        ) from None
