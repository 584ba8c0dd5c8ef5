"""Reads the starter gists: one Markdown file a topic, front matter in YAML, then the gist in our own words.

The files are written by people, so everything that can be wrong is looked for and said with file and key: an unknown
edition, a guideline name that is not the edition's, a gist too short to say anything or long enough to be a copy, a
criterion from "letters" that names no letter, an id that the vocabulary does not have, two files for one section.
A page goes into the passage only where somebody saw it (`seen_pages`); `recalled_pages` stays in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, Literal

import yaml
from pydantic import Field, StringConstraints, ValidationError

from guideline_corpus.errors import StarterInvalid
from guideline_corpus.identity import passage_id_for
from guideline_corpus.model import CorpusModel, Criterion, Edition, Passage

FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n---\s*\n(.*)\Z", re.DOTALL)
GIST_WORDS = (60, 200)

Letter = Annotated[str, StringConstraints(pattern=r"^CM\d\d-\d{7}$")]
Page = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.\-–]*$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class StarterCriterion(Criterion):
    """A criterion as a starter file writes it: never official, and with no place in the text."""

    text: Words
    source: Literal["letters", "recalled"]
    letters: tuple[Letter, ...] = ()
    start: None = None
    end: None = None


class StarterTopic(CorpusModel):
    """The front matter of one starter file."""

    guideline: Words
    edition: Words
    section: str
    treatments: tuple[str, ...] = ()
    body_parts: tuple[str, ...] = ()
    synonyms: tuple[Words, ...] = ()
    criteria_complete: bool = False
    seen_pages: tuple[Page, ...] = ()
    recalled_pages: tuple[Page, ...] = ()
    criteria: tuple[StarterCriterion, ...] = Field(default=())


class KnownIds(CorpusModel):
    """The ids that the vocabulary has, one set a kind."""

    treatments: frozenset[str]
    body_parts: frozenset[str]
    evidence: frozenset[str]


class StarterFile(CorpusModel):
    """One file as it lies in the folder: `name` is `<edition_id>/<file>.md`."""

    name: str
    text: str

    @property
    def edition_id(self) -> str:
        return self.name.partition("/")[0]


def shipped_starter_files() -> tuple[StarterFile, ...]:
    """Every starter file of the program, ordered by name."""
    return tuple(_files(resources.files("guideline_corpus").joinpath("starter")))


def load_starter(
    editions: Iterable[Edition], *, known: KnownIds | None = None, files: Iterable[StarterFile] | None = None
) -> tuple[Passage, ...]:
    """The starter files as passages, ordered by file name.

    `known` turns on the check of vocabulary ids. Raises StarterInvalid with every problem, a sentence a line.
    """
    given = shipped_starter_files() if files is None else tuple(files)
    passages, problems = read_starter(given, editions, known=known)
    if problems:
        raise StarterInvalid("\n".join(problems))
    return passages


def read_starter(
    files: Iterable[StarterFile], editions: Iterable[Edition], *, known: KnownIds | None = None
) -> tuple[tuple[Passage, ...], tuple[str, ...]]:
    """The passages of the files that are right, and a sentence for everything that is wrong with the others."""
    by_id = {edition.edition_id: edition for edition in editions}
    passages: list[Passage] = []
    problems: list[str] = []
    seen: dict[tuple[str, str], str] = {}
    for file in files:
        found, wrong = _read(file, by_id, known)
        if found is not None:
            first = seen.setdefault((found.edition_id, found.section), file.name)
            if first != file.name:
                wrong = (
                    f"{first} already covers section {found.section!r} of {found.edition_id}; keep one of the two.",
                )
        problems.extend(f"starter/{file.name}: {sentence}" for sentence in wrong)
        if found is not None and not wrong:
            passages.append(found)
    return tuple(passages), tuple(problems)


def _files(folder: Traversable) -> Iterator[StarterFile]:
    if not folder.is_dir():
        return
    for edition in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not edition.is_dir():
            continue
        for entry in sorted(edition.iterdir(), key=lambda item: item.name):
            if entry.name.endswith(".md"):
                yield StarterFile(name=f"{edition.name}/{entry.name}", text=entry.read_text(encoding="utf-8"))


def _read(
    file: StarterFile, editions: dict[str, Edition], known: KnownIds | None
) -> tuple[Passage | None, tuple[str, ...]]:
    edition = editions.get(file.edition_id)
    if edition is None:
        return None, (f"no edition {file.edition_id!r} in editions.toml; add it there or move the file.",)
    match = FRONT_MATTER.match(file.text.replace("\r\n", "\n"))
    if match is None:
        return None, ("the front matter between two lines --- is missing; begin the file with it.",)
    topic = _topic(match[1])
    if isinstance(topic, tuple):
        return None, topic
    gist = _paragraphs(match[2])
    wrong = (*_edition_problems(topic, edition), *_gist_problems(gist), *_criteria_problems(topic))
    if known is not None:
        wrong += tuple(_unknown_ids(topic, known))
    return _passage(file, edition, topic, gist), wrong


def _topic(front_matter: str) -> StarterTopic | tuple[str, ...]:
    """The front matter as a topic, else a sentence for each thing that is wrong with it."""
    try:
        values = yaml.load(front_matter, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 2}" if mark else ""
        return (f"the front matter is not YAML{where} ({getattr(error, 'problem', 'unreadable')}); correct it.",)
    if not isinstance(values, dict):
        return ("the front matter holds no keys; write guideline, edition, section and the rest.",)
    try:
        return StarterTopic.model_validate(values)
    except ValidationError as error:
        return tuple(f"key {'.'.join(str(part) for part in one['loc'])}: {one['msg']}." for one in error.errors())


def _paragraphs(body: str) -> str:
    paragraphs = re.split(r"\n\s*\n", body.strip())
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip())


def _edition_problems(topic: StarterTopic, edition: Edition) -> Iterator[str]:
    if topic.guideline != edition.guideline:
        yield f"key guideline: is {topic.guideline!r}, but {edition.edition_id} is printed as {edition.guideline!r}."
    if topic.edition != edition.edition:
        yield f"key edition: is {topic.edition!r}, but {edition.edition_id} is printed as {edition.edition!r}."


def _gist_problems(gist: str) -> Iterator[str]:
    least, most = GIST_WORDS
    words = len(gist.split())
    if not least <= words <= most:
        yield f"the gist has {words} words; it needs {least} to {most}."


def _criteria_problems(topic: StarterTopic) -> Iterator[str]:
    for number, criterion in enumerate(topic.criteria, start=1):
        key = f"key criteria.{number}"
        if criterion.source == "letters" and not criterion.letters:
            yield f"{key}.letters: a criterion from letters names at least one letter."
        if criterion.source == "recalled" and criterion.letters:
            yield f"{key}.source: a criterion that a letter states has the source letters, not recalled."
        if criterion.role == "excludes" and criterion.met_by:
            yield f"{key}.met_by: what an excluding criterion looks for stands in failed_by."
        if criterion.limit is not None and criterion.limit.at_most is None and criterion.limit.at_least is None:
            yield f"{key}.limit: set at_most or at_least."


def _unknown_ids(topic: StarterTopic, known: KnownIds) -> Iterator[str]:
    concepts = {concept for c in topic.criteria for concept in (*c.met_by, *c.failed_by, *c.open_by, *c.along_with)}
    treatments = {treatment for criterion in topic.criteria for treatment in criterion.treatments}
    for key, used, allowed in (
        ("treatments", {*topic.treatments, *treatments}, known.treatments),
        ("body_parts", set(topic.body_parts), known.body_parts),
        ("criteria", concepts, known.evidence),
    ):
        for unknown in sorted(used - allowed):
            yield f"key {key}: the vocabulary has no {unknown!r}; correct the id or add it there."


def _passage(file: StarterFile, edition: Edition, topic: StarterTopic, gist: str) -> Passage:
    path = (topic.section,) if topic.section else ()
    return Passage(
        passage_id=passage_id_for(edition_id=edition.edition_id, text_kind="gist", section_path=path, text=gist),
        edition_id=edition.edition_id,
        guideline=edition.guideline,
        edition=edition.edition,
        rung=edition.rung,
        in_force=edition.in_force,
        section=topic.section,
        section_path=path,
        pages=topic.seen_pages,
        text_kind="gist",
        text=gist,
        criteria=tuple(Criterion(**criterion.model_dump()) for criterion in topic.criteria),
        criteria_complete=topic.criteria_complete,
        treatments=topic.treatments,
        body_parts=topic.body_parts,
        synonyms=topic.synonyms,
        source_file=f"starter/{file.name}",
    )
