"""Settings of the application, read once from the environment; nothing else in `drafter` looks there.

None is needed for the main job: without any variable the program works offline, with no key and no model. Secrets are
`SecretStr`, so that no log line, exception or `repr` shows them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, SecretStr

from drafter.errors import SettingInvalid
from drafter.sign_on_settings import AccessSettings, access_from
from guideline_corpus.settings import CorpusSettings, corpus_settings_from

DEFAULT_MODEL = "extractive"
CALIFORNIA = "America/Los_Angeles"
PACKAGE = Path(__file__).parent
# The lowest value of each setting that is a number.
_LIMITS = {
    "at_once": 1, "reply_tokens": 100, "prompt_tokens": 1000, "tokens_a_call": 1, "tokens_a_case": 1, "tokens_a_day": 1,
    "cost_a_day": 0, "price_in": 0, "price_out": 0,
}  # fmt: skip

_TRACING_OFF = "OTEL_SDK_DISABLED"
_OPERATION_LIMITS = {"disk_low_mb": 1, "keep_unsaved_days": 1, "keep_calls_days": 1, "keep_replies_days": 1}
_DESK_LIMITS = {"idle_minutes": 1, "session_hours": 1, "upload_mb": 1, "batch_mb": 1, "batch_files": 1}


class DeskSettings(BaseModel):
    """What the review desk was told: how long a session lasts, what may be uploaded and where it waits (`uploads`: a
    folder, an fsspec address, or None for the home), by which names the desk is reached, and whether drafts are written
    in its own process or by workers (`drafter work`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    idle_minutes: int = 15
    session_hours: int = 12
    upload_mb: int = 50
    batch_mb: int = 500
    batch_files: int = 500
    uploads: str | None = None
    hosts: tuple[str, ...] = ()
    drafting: Literal["process", "queue"] = "process"
    zone: str = CALIFORNIA

    @property
    def time_zone(self) -> ZoneInfo:
        """Where due dates, days left and the day of a letter are taken."""
        return ZoneInfo(self.zone)


class OperationSettings(BaseModel):
    """How a process of the desk tells how it is: the form of its log lines; the room on the disk (in megabytes) below
    which it says so; where its metrics are read, once a port is named; where traces go, None: nowhere; how many days
    text that nobody saved, the log of calls and a model's replies are kept (`drafter clean`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    log: Literal["text", "json"] = "text"
    disk_low_mb: int = 1000
    metrics_host: str = "127.0.0.1"
    traces: str | None = None
    keep_unsaved_days: int = 30
    keep_calls_days: int = 400
    keep_replies_days: int = 90


class Settings(BaseModel):
    """What the program was told by its environment (interface contract, section "Environment")."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: CorpusSettings
    prompts_dir: Path
    model: str = DEFAULT_MODEL
    database_url: SecretStr | None = None
    checkpoints_dir: Path
    openai_api_key: SecretStr | None = None
    openai_api_key_file: Path | None = None
    openai_base_url: str | None = None
    at_once: int = 4
    reply_tokens: int = 2000
    prompt_tokens: int = 16_000
    tokens_a_call: int | None = None
    tokens_a_case: int | None = None
    tokens_a_day: int | None = None
    cost_a_day: float | None = None
    price_in: float = 0.0
    price_out: float = 0.0
    pdf_password: SecretStr | None = None
    desk: DeskSettings = DeskSettings()
    operation: OperationSettings = OperationSettings()
    access: AccessSettings = AccessSettings()

    def without_secrets(self) -> Settings:
        """For a worker elsewhere, which has keys of its own."""
        return self.model_copy(
            update={
                "corpus": self.corpus.without_secrets(),
                "openai_api_key": None,
                "database_url": None,
                "access": AccessSettings(),
            }
        )

    def with_secrets_of(self, own: Settings) -> Settings:
        """These settings with the keys that a worker itself was given."""
        return self.model_copy(
            update={"corpus": self.corpus.with_secrets_of(own.corpus), "openai_api_key": own.openai_api_key}
        )

    def api_key(self) -> SecretStr | None:
        """The key as it is now: a file is read at every call, so that a new key needs no restart."""
        if self.openai_api_key_file is None:
            return self.openai_api_key
        try:
            return SecretStr(self.openai_api_key_file.read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError):
            return self.openai_api_key

    @property
    def has_database_server(self) -> bool:
        """Whether the record is in PostgreSQL, where several processes may share it."""
        return self.database_url is not None and self.database_url.get_secret_value().startswith("postgres")

    @property
    def home(self) -> Path:
        return self.corpus.home

    @property
    def imports_dir(self) -> Path:
        """Where imports wait; where an object store holds their files, their locks."""
        told = self.desk.uploads
        return Path(told).expanduser().absolute() if told and not self.uploads_address else self.home / "imports"

    @property
    def uploads_address(self) -> str | None:
        """Of the object store that holds files on their way into the record, None where a folder does."""
        told = self.desk.uploads
        return told if told and "://" in told else None

    @property
    def keys_dir(self) -> Path:
        """Where the desk's own keys are."""
        return self.home / "keys"

    @property
    def corpus_dir(self) -> Path:
        return self.corpus.corpus_dir

    @property
    def cache_dir(self) -> Path:
        return self.corpus.cache_dir

    @property
    def chroma_url(self) -> str | None:
        return self.corpus.chroma_url


def shipped_prompts_dir() -> Path:
    """The templates that came with the program: inside the package once installed, beside it in a checkout."""
    installed = PACKAGE / "_prompts"
    return installed if installed.is_dir() else PACKAGE.parent / "prompts"


def settings_from(environ: Mapping[str, str]) -> Settings:
    """The settings that `environ` describes; an empty variable counts as absent."""
    prompts = environ.get("DRAFTER_PROMPTS_DIR")
    corpus = corpus_settings_from(environ)
    return Settings(
        corpus=corpus,
        prompts_dir=Path(prompts).expanduser().absolute() if prompts else shipped_prompts_dir(),
        model=environ.get("DRAFTER_MODEL") or DEFAULT_MODEL,
        database_url=_secret(environ, "DRAFTER_DATABASE_URL"),
        checkpoints_dir=Path(folder).expanduser().absolute()
        if (folder := environ.get("DRAFTER_CHECKPOINTS"))
        else corpus.home / "checkpoints",
        openai_api_key=_secret(environ, "OPENAI_API_KEY"),
        openai_base_url=environ.get("OPENAI_BASE_URL") or None,
        pdf_password=_secret(environ, "DRAFTER_PDF_PASSWORD"),
        openai_api_key_file=Path(file).expanduser().absolute()
        if (file := environ.get("OPENAI_API_KEY_FILE"))
        else None,
        desk=DeskSettings(
            zone=_zone(environ.get("DRAFTER_DESK_ZONE") or CALIFORNIA),
            uploads=environ.get("DRAFTER_UPLOADS") or None,
            drafting=_drafting(environ.get("DRAFTER_DRAFTING") or "process"),
            hosts=tuple((environ.get("DRAFTER_DESK_HOSTS") or "").replace(",", " ").split()),
            **_limits(environ, _DESK_LIMITS, prefix="DRAFTER_DESK_"),
        ),
        operation=OperationSettings(
            log=_log(environ.get("DRAFTER_LOG") or "text"),
            metrics_host=environ.get("DRAFTER_METRICS_HOST") or "127.0.0.1",
            traces=_traces(environ.get("DRAFTER_TRACES") or ""),
            **_limits(environ, _OPERATION_LIMITS, prefix="DRAFTER_"),
        ),
        access=access_from(environ),
        **_limits(environ, _LIMITS, prefix="DRAFTER_"),
    )


def _limits(environ: Mapping[str, str], limits: Mapping[str, int], *, prefix: str) -> dict[str, Any]:
    """`DRAFTER_TOKENS_A_DAY` and its like, by the names of their fields. Raises SettingInvalid."""
    found: dict[str, Any] = {}
    for field, lowest in limits.items():
        told = environ.get(f"{prefix}{field.upper()}")
        if not told:
            continue
        whole = field not in ("cost_a_day", "price_in", "price_out")
        try:
            value = int(told) if whole else float(told)
        except ValueError:
            value = lowest - 1
        if not value >= lowest:
            what = "whole number" if whole else "number"
            raise SettingInvalid(f"{prefix}{field.upper()} is no {what} from {lowest} on; correct it or unset it.")
        found[field] = value
    return found


def _drafting(told: str) -> Literal["process", "queue"]:
    """Raises SettingInvalid."""
    if told == "process":
        return "process"
    if told == "queue":
        return "queue"
    raise SettingInvalid(f"DRAFTER_DRAFTING is {told}; write queue or process, or unset it.")


def _log(told: str) -> Literal["text", "json"]:
    """Raises SettingInvalid."""
    if told == "text":
        return "text"
    if told == "json":
        return "json"
    raise SettingInvalid(f"DRAFTER_LOG is {told}; write text or json, or unset it.")


def _traces(told: str) -> str | None:
    """Raises SettingInvalid."""
    if told and not told.startswith(("http://", "https://")):
        raise SettingInvalid("DRAFTER_TRACES is no address; write http://HOST:4318/v1/traces, or unset it.")
    return told or None


@contextmanager
def own_traces_allowed() -> Iterator[None]:
    """While this lasts a tracer of our own can be made; for the libraries tracing stays off
    (`guideline_corpus.settings.turn_telemetry_off`), whose word is read when a tracer is made."""
    held = os.environ.pop(_TRACING_OFF, None)
    try:
        yield
    finally:
        if held is not None:
            os.environ[_TRACING_OFF] = held


def _zone(told: str) -> str:
    """Raises SettingInvalid."""
    try:
        return ZoneInfo(told).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingInvalid(
            f"DRAFTER_DESK_ZONE is {told}, which is no time zone; write one like {CALIFORNIA}, or unset it."
        ) from None


def read_settings() -> Settings:
    return settings_from(os.environ)


def _secret(environ: Mapping[str, str], name: str) -> SecretStr | None:
    value = environ.get(name)
    return SecretStr(value) if value else None
