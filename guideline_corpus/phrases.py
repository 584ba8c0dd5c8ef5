"""Finds many phrases in one text in one pass: a trie over words, so time grows with the text and not with the phrases.

A phrase is plain words. Case does not matter; a `*` at the end of a word stands for any ending ("spasm*"); the last
word of a phrase also matches with a plural s; a possessive 's is passed over. Words may be joined by blanks, hyphens
or slashes, and a word broken or joined by a hyphen matches either way ("electro- diagnostic", "non-steroidal",
"nonsteroidal"). A match always starts and ends at a word boundary; its offsets are code points of the text as given.

Linear in the length of the text: each word starts at most `longest phrase` steps (tests/unit/test_phrases.py times it).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

WORD = re.compile(r"[^\W_]+(?:\.\d+)?")
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_JOINTS = frozenset(" \t\r\n\f\v\xa0-‐‑–—/'’\"“”")
_MAX_JOINT = 4
_MIN_STEM = 2


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
    words = []
    for match in WORD.finditer(text):
        possessive = _POSSESSIVE.match(text, match.end())
        words.append(Word(match[0].lower(), match.start(), possessive.end() if possessive else match.end()))
    # The s of a possessive was taken by the word before it.
    return [word for i, word in enumerate(words) if not (i and word.start < words[i - 1].end)]


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
        joints = _joints(text, words)
        hits: list[PhraseHit[T]] = []
        for first, word in enumerate(words):
            found: set[tuple[int, T]] = set()
            self._walk(words, joints, first, found)
            if found:
                hits.extend(
                    PhraseHit(word.start, end, payload) for end, payload in sorted(found, key=lambda pair: pair[0])
                )
        return hits

    def _walk(self, words: list[Word], joints: list[str], first: int, found: set[tuple[int, T]]) -> None:
        pending = [(self._root, first)]
        while pending:
            node, at = pending.pop()
            if node is not self._root and not (node.words or node.prefixes):
                continue
            for after, reached in _steps(node, words, joints, at):
                found.update((words[reached].end, payload) for payload in after.payloads)
                if joints[reached]:
                    pending.append((after, reached + 1))


def phrase_keys(phrase: str) -> list[tuple[str, ...]]:
    """The word sequences that a phrase stands for: as written, hyphens closed up, last word in the plural.

    Raises ValueError where the phrase has no word, or a `*` stands elsewhere than at the end of a word.
    """
    if re.search(r"\*(?=[^\s\-/])|(?<![^\W_])\*", phrase):
        raise ValueError("a * may only stand at the end of a word")
    spellings = {phrase, re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])", "", phrase)}
    found = [keys for spelling in sorted(spellings) if (keys := _keys(spelling))]
    if not found:
        raise ValueError("a phrase needs at least one word")
    if any(key.endswith("*") and len(key) <= _MIN_STEM for keys in found for key in keys):
        raise ValueError("a * needs a longer stem")
    return found + [(*keys[:-1], keys[-1] + "s") for keys in found if _takes_plural(keys[-1])]


def _keys(spelling: str) -> tuple[str, ...]:
    return tuple(word.key + ("*" if spelling[word.end : word.end + 1] == "*" else "") for word in split_words(spelling))


def _takes_plural(key: str) -> bool:
    return len(key) > 2 and key.isalpha() and not key.endswith("s")


def _joints(text: str, words: list[Word]) -> list[str]:
    """For each word, how it is tied to the next: "" not at all, "-" by a hyphen alone, " " otherwise."""
    joints = []
    for word, following in pairwise(words):
        gap = text[word.end : following.start]
        if len(gap) > _MAX_JOINT or not _JOINTS.issuperset(gap):
            joints.append("")
        else:
            joints.append("-" if gap.strip() in ("-", "‐", "‑") and gap[0] in "-‐‑" else " ")
    joints.append("")
    return joints


def _steps(node: _Node[T], words: list[Word], joints: list[str], at: int) -> list[tuple[_Node[T], int]]:
    steps = [(after, at) for after in node.after(words[at].key)]
    if joints[at] == "-":
        steps += [(after, at + 1) for after in node.after(words[at].key + words[at + 1].key)]
    return steps
