"""The prompt library as a folder: files are the truth, so that whoever likes git keeps their way.

`active.toml` names the live versions, `published.toml` the hashes of those that never change, `wording.toml` QA's
rules, `release.toml` what a release asks for, `sizes/NAME.json` the lengths of a dataset's items. Every file is written
whole or not at all (proved by tests/unit/test_prompt_folder.py).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from drafter.domain.model import DomainModel
from drafter.domain.prompting.purposes import PURPOSES
from drafter.domain.prompting.release import ReleasePolicy
from drafter.domain.prompting.sizes import DatasetSizes
from drafter.domain.prompting.template import TemplateText
from drafter.domain.prompting.wording import WordingRules
from drafter.errors import TemplateInvalid
from drafter.prompting.files import published_hashes, read_text
from drafter.templates import active_version
from guideline_corpus.whole_file import write_whole

_LABEL = re.compile(r"([a-z]+)@(\d{4})\Z")
_VERSION = re.compile(r"\d{4}\Z")
Data = TypeVar("Data", bound=DomainModel)


class PromptFolder:
    """A `PromptLibrary` over a folder. Raises TemplateInvalid where the folder is not there."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise TemplateInvalid(f"{folder}: no such folder; DRAFTER_PROMPTS_DIR names the folder of prompts")
        self.folder = folder

    def labels(self) -> Sequence[str]:
        return tuple(
            f"{name}@{path.stem}"
            for name in sorted(PURPOSES)
            for path in sorted((self.folder / name).glob("*.md"))
            if _VERSION.match(path.stem)
        )

    def text(self, label: str) -> TemplateText:
        name, version = self._parted(label)
        return read_text(prompts_dir=self.folder, name=name, version=version)

    def parts(self) -> Mapping[str, str]:
        found = sorted((self.folder / "shared").glob("*/*.md"))
        return {f"{path.parent.name}@{path.stem}": path.read_text(encoding="utf-8") for path in found}

    def live(self, name: str) -> str:
        return f"{name}@{active_version(prompts_dir=self.folder, name=name)}"

    def published(self) -> Mapping[str, str]:
        return published_hashes(self.folder)

    def rules(self) -> WordingRules:
        return self._toml("wording.toml", WordingRules)

    def policy(self) -> ReleasePolicy:
        return self._toml("release.toml", ReleasePolicy)

    def gate(self) -> Path:
        return self.folder / self.policy().gate

    def sizes(self) -> Sequence[DatasetSizes]:
        found = sorted((self.folder / "sizes").glob("*.json"))
        return tuple(self._sizes(path) for path in found)

    def keep_sizes(self, sizes: DatasetSizes) -> Path:
        """The file that the lengths were written to."""
        path = self.folder / "sizes" / f"{sizes.name}.json"
        path.parent.mkdir(exist_ok=True)
        self._write(path, json.dumps(sizes.model_dump(mode="json"), sort_keys=True, separators=(",", ":")) + "\n")
        return path

    def save(self, label: str, text: str) -> None:
        name, version = self._parted(label)
        if label in self.published():
            raise TemplateInvalid(f"{label} is published and never changes; save it under a new number")
        path = self.folder / name / f"{version}.md"
        path.parent.mkdir(exist_ok=True)
        self._write(path, text)

    def publish(self, label: str, digest: str) -> None:
        held = self.published()
        if held.get(label, digest) != digest:
            raise TemplateInvalid(
                f"{label} is published with another text; restore it and edit a copy with a new number"
            )
        if label not in held:
            path = self.folder / "published.toml"
            before = path.read_text(encoding="utf-8") if path.exists() else ""
            self._write(path, f'{before.rstrip()}\n"{label}" = "{digest}"\n'.lstrip("\n"))

    def set_live(self, label: str) -> None:
        name, version = self._parted(label)
        path = self.folder / "active.toml"
        self.live(name)
        text = path.read_text(encoding="utf-8")
        written, count = re.subn(rf'(?m)^({name}\s*=\s*)"\d{{4}}"', rf'\g<1>"{version}"', text)
        if count != 1 or tomllib.loads(written).get(name) != version:
            raise TemplateInvalid(f'{path}: the line {name} = "NNNN" is not to be found once; write it so')
        self._write(path, written)

    def _parted(self, label: str) -> tuple[str, str]:
        match = _LABEL.match(label)
        if match is None or match[1] not in PURPOSES:
            raise TemplateInvalid(
                f"{label}: no such prompt version; write NAME@VERSION, for example rationale@0001; "
                "`drafter prompts list` shows those there are"
            )
        return match[1], match[2]

    def _toml(self, name: str, kind: type[Data]) -> Data:
        path = self.folder / name
        try:
            return kind.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return kind()
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            raise TemplateInvalid(f"{path}: not readable as TOML; correct it") from None
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise TemplateInvalid(f"{path}: {where}: {first['msg']}; correct it") from None

    def _sizes(self, path: Path) -> DatasetSizes:
        try:
            return DatasetSizes.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            raise TemplateInvalid(f"{path}: no figures of a dataset; `drafter prompts measure` writes them") from None

    def _write(self, path: Path, text: str) -> None:
        try:
            write_whole(path, text)
        except OSError as error:
            raise TemplateInvalid(f"{path} cannot be written ({error.strerror}); check the folder's rights") from None
