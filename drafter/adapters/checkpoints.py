"""Signed checkpoints in a folder outside the database, and the keys they are signed with (Ed25519).

    <keys>/checkpoint.key          private, readable by its owner alone, made on first use; `change_key` puts another
                                   in its place, which every process signs with from its next signature on
    <keys>/<key id>.pub            public, of this key and of those before it, so that what they signed still verifies;
                                   copy it to whoever is to verify the record without trusting this machine
    <checkpoints>/<database>.jsonl one signed line a checkpoint, appended, never changed
    <checkpoints>/<database>.head  the last entry, signed, written over with each append

Put `checkpoints` on another disk or machine (`DRAFTER_CHECKPOINTS`): whoever can change both database and folder and
has the key can write both anew.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from drafter.domain.review.checkpoints import Checkpoint, checkpoint_line, read_checkpoint, signed_part
from drafter.errors import RecordError, StoreUnavailable

_HEAD_BYTES = 1024
_TAIL_BYTES = 65_536
_TEXT = serialization.Encoding.PEM
_PRIVATE = "checkpoint.key"


class _KeyFile(NamedTuple):
    """A private key, and which file it was read from: one that was put in its place is another file."""

    key: Ed25519PrivateKey
    file: tuple[int, int]

    @property
    def key_id(self) -> str:
        return key_id(self.key.public_key())

    @property
    def public_text(self) -> str:
        public = self.key.public_key()
        return public.public_bytes(_TEXT, serialization.PublicFormat.SubjectPublicKeyInfo).decode("ascii")


class SigningKey:
    """The private key of this home, as it is now: whether another was put in its place is looked at before each
    signature."""

    def __init__(self, keys: Path) -> None:
        self._keys = keys
        self._held = _read_or_make(keys)
        _publish(keys, self._held)

    @property
    def key_id(self) -> str:
        return self._now().key_id

    @property
    def public_text(self) -> str:
        return self._now().public_text

    def sign(self, checkpoint: Checkpoint) -> Checkpoint:
        held = self._now()
        named = checkpoint.model_copy(update={"key": held.key_id})
        signature = base64.b64encode(held.key.sign(signed_part(named))).decode("ascii")
        return named.model_copy(update={"signature": signature})

    def _now(self) -> _KeyFile:
        """A file that is gone or no key leaves the key that was read last: signing goes on until the next start."""
        with suppress(OSError, StoreUnavailable):
            if _file_of(self._keys / _PRIVATE) != self._held.file:
                another = _read_or_make(self._keys)
                _publish(self._keys, another)
                self._held = another
        return self._held


def change_key(keys: Path) -> tuple[str, str]:
    """A new key in the place of the old one, whose private half is gone; gives the ids of both. The public halves stay.

    Raises StoreUnavailable.
    """
    old = _read_or_make(keys)
    _publish(keys, old)
    try:
        part = _written(keys)
        new = _KeyFile(_loaded(part), _file_of(part))
        _publish(keys, new)  # before anything is signed with it
        part.replace(keys / _PRIVATE)
    except OSError as error:
        raise StoreUnavailable(f"{keys}: no new signing key can be made ({error.strerror}).") from None
    return old.key_id, new.key_id


class KnownKeys:
    """Public keys, and whether a checkpoint is signed by one of them."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        """`texts` are pairs of a name for messages and a public key in PEM. Raises RecordError for one that is none."""
        self._keys: dict[str, Ed25519PublicKey] = {}
        for name, text in texts:
            public = _public_key(name, text)
            self._keys[key_id(public)] = public

    def is_signed(self, checkpoint: Checkpoint) -> bool:
        key = self._keys.get(checkpoint.key)
        if key is None:
            return False
        try:
            key.verify(base64.b64decode(checkpoint.signature, validate=True), signed_part(checkpoint))
        except (InvalidSignature, ValueError):
            return False
        return True


def known_keys(files: Iterable[Path]) -> KnownKeys:
    """The keys of these files. Raises RecordError for a file that holds none."""
    texts = []
    for file in files:
        try:
            texts.append((str(file), file.read_text(encoding="ascii")))
        except (OSError, UnicodeDecodeError):
            raise RecordError(f"{file}: no public key can be read there; name a .pub file.") from None
    return KnownKeys(texts)


def keep_public_key(keys: Path, text: str) -> None:
    """Write a public key under its name, where it is not there. Raises RecordError for a text that is none."""
    file = keys / f"{key_id(_public_key('the backup', text))}.pub"
    try:
        keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            file.write_text(text, encoding="ascii")
    except OSError as error:
        raise StoreUnavailable(f"{file} cannot be written ({error.strerror}).") from None


def public_keys(keys: Path) -> list[str]:
    """The texts of the public keys of a home."""
    return [file.read_text(encoding="ascii") for file in sorted(keys.glob("*.pub"))]


def key_id(public: Ed25519PublicKey) -> str:
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


class CheckpointFolder:
    """The lines and the head of one database."""

    def __init__(self, folder: Path, database_id: str) -> None:
        self.file = folder / f"{database_id}.jsonl"
        self._head = folder / f"{database_id}.head"

    def append(self, lines: Iterable[str]) -> None:
        """Add the lines (`checkpoint_line`) that the file lacks, on the disk before this returns. Raises OSError."""
        asked = list(lines)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # One line can only be the last one that is there; of several each may be anywhere.
            start = 0 if len(asked) > 1 else max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES)
            file.seek(start)
            held = file.read()
            whole = held[: held.rfind(b"\n") + 1]
            if len(whole) < len(held):
                file.truncate(start + len(whole))  # a line that a kill cut off; the database has it
            known = set(whole.decode("utf-8", errors="replace").splitlines())
            new = [line for line in asked if line not in known]
            file.write("".join(f"{line}\n" for line in new).encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())

    def set_head(self, head: Checkpoint, *, anew: bool = False) -> None:
        """Write the head over, unless a later one is there; `anew`, as after a restore, also then. Raises OSError."""
        self._head.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._head, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            held = read_checkpoint(os.pread(file, _HEAD_BYTES, 0).decode("utf-8", errors="replace").strip())
            if anew or held is None or held.seq <= head.seq:
                os.pwrite(file, checkpoint_line(head).encode("utf-8").ljust(_HEAD_BYTES), 0)
        finally:
            os.close(file)

    def lines(self) -> tuple[Checkpoint | None, ...]:
        """Every line, None for one that is no checkpoint; nothing where there is no file."""
        return read_lines(self.file) if self.file.exists() else ()

    def head(self) -> Checkpoint | None:
        return read_head(self.file)


def read_head(file: Path) -> Checkpoint | None:
    """The signed head beside a checkpoint file, None where there is none or it cannot be read."""
    try:
        return read_checkpoint(file.with_suffix(".head").read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        return None


def read_lines(file: Path) -> tuple[Checkpoint | None, ...]:
    """Every line of a checkpoint file, None for one that is no checkpoint. Raises StoreUnavailable."""
    try:
        text = file.read_bytes().decode("utf-8", errors="replace")
    except OSError as error:
        raise StoreUnavailable(f"{file}: the checkpoints cannot be read ({error.strerror}).") from None
    lines = text.split("\n")
    # Every line ends with a newline, the last one too; one without was cut off.
    return tuple(read_checkpoint(line) for line in (lines[:-1] if lines[-1] == "" else lines))


def _read_or_make(keys: Path) -> _KeyFile:
    file = keys / _PRIVATE
    try:
        keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            part = _written(keys)
            try:
                os.link(part, file)  # whoever came first has made the key
            except FileExistsError:
                pass
            finally:
                part.unlink()
        if file.stat().st_mode & 0o077:
            raise StoreUnavailable(f"{file} can be read by others than its owner; run `chmod 600` on it.")
        read_from = _file_of(file)
        return _KeyFile(_loaded(file), read_from)
    except OSError as error:
        raise StoreUnavailable(f"{file}: the signing key cannot be read or made ({error.strerror}).") from None


def _written(keys: Path) -> Path:
    """A new private key in a file of its own, on the disk. Raises OSError."""
    made = Ed25519PrivateKey.generate().private_bytes(
        _TEXT, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    part = keys / f".checkpoint.key.{os.getpid()}"
    with open(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(made)
        out.flush()
        os.fsync(out.fileno())
    return part


def _loaded(file: Path) -> Ed25519PrivateKey:
    """Raises OSError, and StoreUnavailable for a file that is no key."""
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise StoreUnavailable(f"{file} is no signing key; put the right file back, or move it away for a new key.")
    return key


def _file_of(file: Path) -> tuple[int, int]:
    """What tells one file from another that was put in its place. Raises OSError."""
    status = file.stat()
    return status.st_ino, status.st_mtime_ns


def _publish(keys: Path, held: _KeyFile) -> None:
    published = keys / f"{held.key_id}.pub"
    if not published.exists():
        published.write_text(held.public_text, encoding="ascii")


def _public_key(name: str, text: str) -> Ed25519PublicKey:
    try:
        public = serialization.load_pem_public_key(text.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm):
        public = None
    if not isinstance(public, Ed25519PublicKey):
        raise RecordError(f"{name} holds no public key of checkpoints; name a .pub file.")
    return public
