"""Signed checkpoints in a folder outside the database, and the keys they are signed with (Ed25519).

    <keys>/checkpoint.key          private, readable by its owner alone, made on first use
    <keys>/<key id>.pub            public; copy it to whoever is to verify the record without trusting this machine
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
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from drafter.domain.review.checkpoints import Checkpoint, checkpoint_line, read_checkpoint, signed_part
from drafter.errors import RecordError, StoreUnavailable

_HEAD_BYTES = 1024
_TAIL_BYTES = 65_536
_TEXT = serialization.Encoding.PEM


class SigningKey:
    """The private key of this home."""

    def __init__(self, keys: Path) -> None:
        self._key = _read_or_make(keys)
        public = self._key.public_key()
        self.key_id = key_id(public)
        self.public_text = public.public_bytes(_TEXT, serialization.PublicFormat.SubjectPublicKeyInfo).decode("ascii")
        published = keys / f"{self.key_id}.pub"
        if not published.exists():
            published.write_text(self.public_text, encoding="ascii")

    def sign(self, checkpoint: Checkpoint) -> Checkpoint:
        named = checkpoint.model_copy(update={"key": self.key_id})
        signature = base64.b64encode(self._key.sign(signed_part(named))).decode("ascii")
        return named.model_copy(update={"signature": signature})


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


def _read_or_make(keys: Path) -> Ed25519PrivateKey:
    file = keys / "checkpoint.key"
    try:
        keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            made = Ed25519PrivateKey.generate().private_bytes(
                _TEXT, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            part = keys / f".checkpoint.key.{os.getpid()}"
            with open(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
                out.write(made)
                out.flush()
                os.fsync(out.fileno())
            try:
                os.link(part, file)  # whoever came first has made the key
            except FileExistsError:
                pass
            finally:
                part.unlink()
        if file.stat().st_mode & 0o077:
            raise StoreUnavailable(f"{file} can be read by others than its owner; run `chmod 600` on it.")
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except OSError as error:
        raise StoreUnavailable(f"{file}: the signing key cannot be read or made ({error.strerror}).") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise StoreUnavailable(f"{file} is no signing key; put the right file back, or move it away for a new key.")
    return key


def _public_key(name: str, text: str) -> Ed25519PublicKey:
    try:
        public = serialization.load_pem_public_key(text.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm):
        public = None
    if not isinstance(public, Ed25519PublicKey):
        raise RecordError(f"{name} holds no public key of checkpoints; name a .pub file.")
    return public
