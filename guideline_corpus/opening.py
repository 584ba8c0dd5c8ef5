"""Opens the search of a home: corpus, index, embedder and vocabulary together, as every program needs them.

Without the local weights the search goes by keyword and says so (`GuidelineSearch.notice`); where a server was chosen
to embed and does not answer, nothing is searched. A missing or unfitting
index is never worked around: the sentence says to build it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from guideline_corpus.embedding import Embedder, MiniLmEmbedder, Vectors
from guideline_corpus.errors import EmbedderUnavailable
from guideline_corpus.indexing import Progress, build_index, open_index, prepare
from guideline_corpus.journal import Encode
from guideline_corpus.search import GuidelineSearch
from guideline_corpus.settings import LOCAL, OPENAI, CorpusSettings, read_corpus_settings
from guideline_corpus.shared_work import in_turn
from guideline_corpus.versions import Corpus, load_corpus
from guideline_corpus.vocabulary import load_vocabulary

NOT_INDEXED = (
    "The corpus was built without the embedding weights; run `guideline-corpus build` to search by meaning too."
)


def open_search(settings: CorpusSettings, *, embedder: Embedder | None = None) -> GuidelineSearch:
    """The search over the active corpus of a home. `embedder` replaces the local one.

    Raises CorpusNotBuilt, IndexDamaged or EmbeddingMismatch.
    """
    with ThreadPoolExecutor(max_workers=1) as beside:
        # The encoder is read from disk outside the interpreter's lock, so the rest can be got ready meanwhile.
        encoder = beside.submit(configured_embedder, settings) if embedder is None else None
        corpus = load_corpus(settings.home)
        vocabulary = load_vocabulary()
        vocabulary.find("")
        prepare(corpus)
        notice = None
        if encoder is not None:
            embedder, notice = encoder.result()
    index = open_index(corpus, embedder=embedder, server=settings.chroma_url)
    if embedder is not None and index.vectors is None:
        notice = NOT_INDEXED
    # All of this lives until the program ends; looking through it for garbage costs a third of a second at the exit.
    gc.freeze()
    return GuidelineSearch(
        corpus.passages,
        index,
        corpus_version=corpus.version,
        embedder=embedder,
        vocabulary=vocabulary,
        guideline_ids={edition.edition_id: edition.guideline_id for edition in corpus.editions},
        notice=notice,
    )


def build_search_index(
    corpus: Corpus,
    settings: CorpusSettings,
    *,
    embedder: Embedder | None = None,
    scheduler: str | None = None,
    report: Progress | None = None,
) -> str | None:
    """Build the index of a corpus version; returns a sentence where it holds no vectors, else None.

    The workers of the Dask scheduler at an address embed the texts, where one is given.
    """
    notice = None
    if embedder is None:
        embedder, notice = configured_embedder(settings)
    build_index(
        corpus,
        embedder=embedder,
        cache=settings.cache_dir,
        server=settings.chroma_url,
        encode=encoding_elsewhere(settings, scheduler) if scheduler is not None else None,
        report=report,
    )
    return notice


def encoding_elsewhere(settings: CorpusSettings, scheduler: str) -> Encode:
    """Has chunks of texts embedded by the workers of a Dask scheduler; see `shared_work.in_turn`."""
    return partial(in_turn, partial(open_encoding_elsewhere, settings.without_secrets()), scheduler=scheduler)


def open_encoding_elsewhere(settings: CorpusSettings) -> Callable[[Sequence[str]], Vectors]:
    """As `open_encoding`, on a worker with keys of its own."""
    return open_encoding(settings.with_secrets_of(read_corpus_settings()))


def open_encoding(settings: CorpusSettings) -> Callable[[Sequence[str]], Vectors]:
    """The work of a process that embeds texts on one core; see `shared_work.in_turn`. Raises EmbedderUnavailable."""
    embedder, reason = configured_embedder(settings, threads=1)
    if embedder is None:
        raise EmbedderUnavailable(reason)
    return embedder.embed_documents


def configured_embedder(settings: CorpusSettings, *, threads: int = 2) -> tuple[Embedder | None, str | None]:
    """The embedder that the settings name; for the local one, None with the reason where its weights cannot be used.

    Raises EmbedderUnavailable where the settings name none that is known.
    """
    if settings.embedder.startswith(OPENAI):
        from guideline_corpus.openai_embedding import OpenAiEmbedder

        return OpenAiEmbedder(settings.embedder.removeprefix(OPENAI), settings.embedding_server), None
    if settings.embedder != LOCAL:
        raise EmbedderUnavailable(f"DRAFTER_EMBEDDER={settings.embedder} is unknown; write local or openai:MODEL.")
    try:
        return MiniLmEmbedder(settings.cache_dir, threads=threads), None
    except EmbedderUnavailable as error:
        return None, str(error)
