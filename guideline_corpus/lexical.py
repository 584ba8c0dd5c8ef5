"""The keyword half of search: BM25 over stemmed words, headings weighted, query words weighted one by one.

A passage is three texts: its heading, its body, and the names it answers to (synonyms, the treatments it is about).
A word in the heading counts as `HEADING_WEIGHT` words of the body, in the frequency and in the length alike, as in
BM25F. All that does not depend on the query is computed at build time, so a search adds up a few short arrays.

Why not a library: the query side needs a weight for each word (a synonym counts less than the word that was asked
for), which the BM25 packages at hand do not offer. The plain one of them stands beside this in the benchmark
(`evals/benchmarks/retrieval.py`).
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]

K1 = 1.5
B = 0.75
HEADING_WEIGHT = 3
TOKEN = re.compile(r"[a-z0-9]+(?:\.[0-9]+)?")
# Words that carry no meaning alone; kept short, because BM25 already gives common words little weight.
STOPWORDS = frozenset(
    "a an and are as at be been but by can did do does for from had has have how i if in into is it its may not of on "
    "or our shall should so such than that the their them then there these they this those to was we were what when "
    "where which who why will with would you your".split()
)


class PassageText(NamedTuple):
    """What of a passage is searched by keyword; `names` are words it answers to without printing them."""

    heading: str
    body: str
    names: str = ""


def words_of(text: str) -> list[str]:
    """The words of a text in order, as they are compared: plain letters, lower case, without stopwords, stemmed."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    words = [word for word in TOKEN.findall(plain) if word not in STOPWORDS]
    stems: list[str] = _stemmer().stemWords(words)
    return stems


class KeywordIndex:
    """Stems to the rows they stand in, with each row's BM25 share. Rows are numbered as the passages were given."""

    def __init__(self, *, stems: Sequence[str], offsets: Rows, rows: Rows, shares: Scores, size: int) -> None:
        self._stems = {stem: number for number, stem in enumerate(stems)}
        self._offsets = offsets
        self._rows = rows
        self._shares = shares
        self.size = size

    @classmethod
    def build(cls, passages: Iterable[PassageText]) -> KeywordIndex:
        """Index passages in the order given."""
        postings: dict[str, list[tuple[int, float]]] = {}
        lengths = []
        for row, passage in enumerate(passages):
            counts = _weighted_counts(passage)
            lengths.append(sum(counts.values()))
            for stem, count in counts.items():
                postings.setdefault(stem, []).append((row, count))
        return cls._from_postings(postings, np.array(lengths, dtype=np.float64))

    @classmethod
    def _from_postings(
        cls, postings: Mapping[str, list[tuple[int, float]]], lengths: NDArray[np.float64]
    ) -> KeywordIndex:
        stems = sorted(postings)
        offsets = np.zeros(len(stems) + 1, dtype=np.int64)
        offsets[1:] = np.cumsum([len(postings[stem]) for stem in stems])
        rows = np.empty(int(offsets[-1]), dtype=np.int64)
        shares = np.empty(int(offsets[-1]), dtype=np.float32)
        norms = K1 * (1 - B + B * lengths / max(float(lengths.mean()) if len(lengths) else 1.0, 1e-9))
        for number, stem in enumerate(stems):
            place = slice(int(offsets[number]), int(offsets[number + 1]))
            found = np.array(postings[stem], dtype=np.float64)
            rows[place] = found[:, 0].astype(np.int64)
            rarity = np.log1p((len(lengths) - len(found) + 0.5) / (len(found) + 0.5))
            shares[place] = rarity * found[:, 1] / (found[:, 1] + norms[rows[place]])
        return cls(stems=stems, offsets=offsets, rows=rows, shares=shares, size=len(lengths))

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """The score of every row, shape (size,), for a query given as stems with their weights."""
        scores = np.zeros(self.size, dtype=np.float32)
        for stem, weight in weights.items():
            number = self._stems.get(stem)
            if number is not None:
                place = slice(int(self._offsets[number]), int(self._offsets[number + 1]))
                scores[self._rows[place]] += np.float32(weight) * self._shares[place]
        return scores

    def shares_at(self, asked: Collection[str], rows: Sequence[int]) -> list[float]:
        """How much of the stems asked for each of these rows holds, in [0, 1], rare stems counting more."""
        held = np.zeros(len(rows), dtype=np.float64)
        wanted = np.asarray(rows, dtype=np.int64)
        whole = 0.0
        for stem in sorted(asked):
            rarity = self._rarity(stem)
            whole += rarity
            number = self._stems.get(stem)
            if number is not None:
                standing = self._rows[int(self._offsets[number]) : int(self._offsets[number + 1])]
                at = np.searchsorted(standing, wanted)
                held += rarity * (standing[np.minimum(at, len(standing) - 1)] == wanted)
        return (held / whole).tolist() if whole else [0.0] * len(rows)

    def _rarity(self, stem: str) -> float:
        number = self._stems.get(stem)
        holding = 0 if number is None else int(self._offsets[number + 1] - self._offsets[number])
        return math.log1p((self.size - holding + 0.5) / (holding + 0.5))

    def to_bytes(self) -> bytes:
        """The index as an archive of arrays; the same index gives the same bytes."""
        target = io.BytesIO()
        np.savez(
            target,
            stems=np.frombuffer("\n".join(self._stems).encode(), dtype=np.uint8),
            offsets=self._offsets,
            rows=self._rows,
            shares=self._shares,
            size=np.array([self.size]),
        )
        return target.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> KeywordIndex:
        """Raises ValueError where `content` is no such archive."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as archive:
                return cls(
                    stems=archive["stems"].tobytes().decode().split("\n"),
                    offsets=archive["offsets"],
                    rows=archive["rows"],
                    shares=archive["shares"],
                    size=int(archive["size"][0]),
                )
        except Exception as error:
            raise ValueError("not a keyword index") from error


def query_weights(text: str, *, also: Iterable[tuple[str, float]] = ()) -> dict[str, float]:
    """The stems of a query, each with weight 1 for every time it stands there.

    `also` are further words with their weight; where a stem is in both, the greater weight counts.
    """
    weights: dict[str, float] = {stem: float(count) for stem, count in Counter(words_of(text)).items()}
    for words, weight in also:
        for stem in words_of(words):
            weights[stem] = max(weights.get(stem, 0.0), weight)
    return weights


def _weighted_counts(passage: PassageText) -> Counter[str]:
    counts: Counter[str] = Counter(words_of(passage.body))
    counts.update(words_of(passage.names))
    for stem, count in Counter(words_of(passage.heading)).items():
        counts[stem] += HEADING_WEIGHT * count
    return counts


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
