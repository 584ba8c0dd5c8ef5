"""YAML and JSON with positions: the data of a case file, and the line on which each key stands.

Every value is read as text or nothing: a date stays the words that were written, so that a wrong one can be named
instead of failing inside the reader. Keys given twice, aliases and endless nesting are refused; a plain reader would
drop, multiply or overflow on them.
"""

from __future__ import annotations

import json
from typing import Any

import yaml

from drafter.domain.model import DomainModel
from drafter.errors import CaseInvalid

Path = tuple[str | int, ...]


class Positioned(DomainModel):
    """`data` is made of dicts, lists and strings; `lines` gives for a path of keys its line, counting from 1."""

    data: Any
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int | None:
        """The line of `path`, or of the nearest thing around it."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return None


class _TextLoader(yaml.SafeLoader):
    """Knows no types but text and nothing, and no aliases."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library's own way to set them

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases (*name) are not used", mark)
        return super().compose_node(parent, index)


_TextLoader.add_implicit_resolver(
    "tag:yaml.org,2002:null", yaml.resolver.Resolver.yaml_implicit_resolvers["n"][0][1], ["n", "N", "~", ""]
)


def read_positioned(text: str, *, name: str) -> Positioned:
    """The data of a YAML text, or of a JSON text where it begins with a brace. Raises CaseInvalid."""
    try:
        if text.lstrip().startswith("{"):
            return _from_json(text)
        node = yaml.compose(text, Loader=_TextLoader)
        lines: dict[Path, int] = {}
        return Positioned(data=_value(node, (), lines), lines=lines)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise CaseInvalid(f"{name}{line}: not readable as YAML ({_plain(error)}); correct it there") from None
    except yaml.YAMLError:
        raise CaseInvalid(f"{name}: holds characters that YAML does not allow; save it again as UTF-8") from None
    except json.JSONDecodeError as error:
        raise CaseInvalid(
            f"{name}, line {error.lineno}: not readable as JSON ({error.msg}); correct it there"
        ) from None
    except RecursionError:
        raise CaseInvalid(f"{name}: nested too deep to be a case; see docs/case-files.md") from None


def _plain(error: yaml.MarkedYAMLError) -> str:
    """What is wrong, in words for somebody who writes a case; the commonest slip has the oddest message."""
    problem = error.problem or "unknown fault"
    return "text that holds a colon wants quotes" if problem.startswith("mapping values are not") else problem


def _value(node: yaml.Node | None, path: Path, lines: dict[Path, int]) -> Any:
    if node is None:
        return None
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            word = _key(key)
            if word in found:
                raise yaml.MarkedYAMLError(problem=f"{word} is given twice", problem_mark=key.start_mark)
            lines[*path, word] = key.start_mark.line + 1
            found[word] = _value(value, (*path, word), lines)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(entry, (*path, index), lines) for index, entry in enumerate(node.value)]
    return None if node.tag == "tag:yaml.org,2002:null" else node.value


def _key(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    raise yaml.MarkedYAMLError(problem="a key is not a word", problem_mark=node.start_mark)


def _from_json(text: str) -> Positioned:
    """JSON's own reader knows no positions of keys, so only what breaks its grammar has a line."""
    return Positioned(data=json.loads(text, object_pairs_hook=_once, parse_constant=str), lines={})


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise json.JSONDecodeError(f"{key} is given twice", "", 0)
        found[key] = value
    return found
