"""Finds many phrases in one text in one pass: a trie over words, so time grows with the text and not with the phrases.

A phrase is plain words. Case does not matter; a `*` at the end of a word stands for any ending ("spasm*"); the last
word of a phrase also matches with a plural s; a possessive 's is passed over. Words may be joined by blanks, hyphens
or slashes, a number also by "#", "No." or "%" ("Tylenol #3", "70% improvement"), and a word broken or joined by a
hyphen matches either way
("electro- diagnostic", "non-steroidal", "nonsteroidal"). A match always starts and ends at a word boundary; its
offsets are code points of the text as given.

Linear in the length of the text: each word starts at most `longest phrase` steps (tests/unit/test_phrases.py times it).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

WORD = re.compile(r"([^\W_]+(?:\.\d+)?)(?:['’]s\b)?", re.IGNORECASE)
_JOINTS = frozenset(" \t\r\n\f\v\xa0-‐‑–/'’\"“”")
_HYPHENS = ("-", "‐", "‑")
_MAX_JOINT = 4
_MOST_REMEMBERED = 20_000
_MIN_STEM = 2
_STRAY_STAR = re.compile(r"\*(?=[^\s\-/])|(?<![^\W_])\*")
_INNER_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")


class Word(NamedTuple):
    """One word of a text: its lower-case key and where it stands; `end` includes a possessive 's."""

    key: str
    start: int
    end: int


class PhraseHit(NamedTuple, Generic[T]):
    start: int
    end: int
    payload: T


def split_words(text: str) -> list[Word]:
    """Every word of the text in order."""
    return [Word(match[1].lower(), match.start(), match.end()) for match in WORD.finditer(text)]


class _Node(Generic[T]):
    __slots__ = ("lengths", "payloads", "prefixes", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node[T]] = {}
        self.prefixes: dict[str, _Node[T]] = {}
        self.lengths: tuple[int, ...] = ()
        self.payloads: list[T] = []

    def child(self, key: str) -> _Node[T]:
        if not key.endswith("*"):
            return self.words.setdefault(key, _Node())
        stem = key[:-1]
        self.lengths = tuple(sorted({*self.lengths, len(stem)}))
        return self.prefixes.setdefault(stem, _Node())

    def after(self, key: str) -> list[_Node[T]]:
        """The nodes that one word leads to: the exact word and every stem it begins with."""
        exact = self.words.get(key)
        found = [exact] if exact is not None else []
        for length in self.lengths:
            if length > len(key):
                break
            node = self.prefixes.get(key[:length])
            if node is not None:
                found.append(node)
        return found


class PhraseMatcher(Generic[T]):
    """All phrases of a vocabulary, ready to be looked for together; immutable once built."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._root: _Node[T] = _Node()
        self._openings: dict[str, list[_Node[T]]] = {}
        for phrase, payload in phrases:
            for keys in phrase_keys(phrase):
                node = self._root
                for key in keys:
                    node = node.child(key)
                if payload not in node.payloads:
                    node.payloads.append(payload)

    def find(self, text: str, words: list[Word] | None = None) -> list[PhraseHit[T]]:
        """Every phrase at every place, overlapping ones too, ordered by start, then the shorter first."""
        words = split_words(text) if words is None else words
        hits: list[PhraseHit[T]] = []
        for first, word in enumerate(words):
            nodes = self._opened_by(word.key)
            following = words[first + 1].key if first + 1 < len(words) else ""
            hyphen = text[word.end : word.end + 1] in _HYPHENS
            if hyphen or any(node.payloads or node.prefixes or following in node.words for node in nodes):
                _follow(text, words, first, [(node, first) for node in nodes], self._root if hyphen else None, hits)
        return hits

    def _opened_by(self, key: str) -> list[_Node[T]]:
        """The nodes that a first word leads to; remembered, because the same words come again and again."""
        nodes = self._openings.get(key)
        if nodes is None:
            if len(self._openings) >= _MOST_REMEMBERED:
                self._openings.clear()
            nodes = self._openings[key] = self._root.after(key)
        return nodes


def _follow(
    text: str,
    words: list[Word],
    first: int,
    pending: list[tuple[_Node[T], int]],
    root: _Node[T] | None,
    hits: list[PhraseHit[T]],
) -> None:
    """Adds the phrases that begin at the word `first`; `root` is given where a hyphen may join it to the next."""
    if root is not None and _joint(text, words, first) == "-":
        pending.extend((node, first + 1) for node in root.after(words[first].key + words[first + 1].key))
    start = words[first].start
    found: dict[tuple[int, T], None] = {}
    while pending:
        node, at = pending.pop()
        for payload in node.payloads:
            found[(words[at].end, payload)] = None
        if (node.words or node.prefixes) and _joint(text, words, at):
            pending.extend(_steps(text, words, node, at + 1))
    hits.extend(PhraseHit(start, end, payload) for end, payload in sorted(found, key=_end_of))


def _steps(text: str, words: list[Word], node: _Node[T], at: int) -> Iterator[tuple[_Node[T], int]]:
    yield from ((after, at) for after in node.after(words[at].key))
    if text[words[at].end : words[at].end + 1] in _HYPHENS and _joint(text, words, at) == "-":
        yield from ((after, at + 1) for after in node.after(words[at].key + words[at + 1].key))


def _end_of(pair: tuple[int, T]) -> int:
    return pair[0]


def _joint(text: str, words: list[Word], at: int) -> str:
    """How a word is tied to the next: "" not at all, "-" by a hyphen alone, " " otherwise."""
    if at + 1 >= len(words):
        return ""
    gap = text[words[at].end : words[at + 1].start]
    if words[at].key[:1].isdecimal():
        gap = gap.removeprefix("%")
    if words[at + 1].key.isdecimal():
        gap = gap.replace(".", "") if words[at].key == "no" else gap.replace("#", "")
    if len(gap) > _MAX_JOINT or not _JOINTS.issuperset(gap):
        return ""
    return "-" if gap[:1] in _HYPHENS and not gap[1:].strip() else " "


@lru_cache(maxsize=16_384)
def phrase_keys(phrase: str) -> tuple[tuple[str, ...], ...]:
    """The word sequences that a phrase stands for: as written, hyphens closed up, last word in the plural.

    Raises ValueError where the phrase has no word, or a `*` stands elsewhere than at the end of a word. Remembered: a
    vocabulary is checked term by term when it is read and built into a matcher right after.
    """
    if "*" in phrase and _STRAY_STAR.search(phrase):
        raise ValueError("a * may only stand at the end of a word")
    spellings = {phrase, _INNER_HYPHEN.sub("", phrase)} if "-" in phrase else {phrase}
    found = [keys for spelling in sorted(spellings) if (keys := _keys(spelling))]
    if not found:
        raise ValueError("a phrase needs at least one word")
    if any(key.endswith("*") and len(key) <= _MIN_STEM for keys in found for key in keys):
        raise ValueError("a * needs a longer stem")
    return (*found, *((*keys[:-1], keys[-1] + "s") for keys in found if _takes_plural(keys[-1])))


def _keys(spelling: str) -> tuple[str, ...]:
    return tuple(word.key + ("*" if spelling[word.end : word.end + 1] == "*" else "") for word in split_words(spelling))


def _takes_plural(key: str) -> bool:
    return len(key) > 2 and key.isalpha() and not key.endswith("s")
