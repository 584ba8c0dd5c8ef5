"""Opens the search of a home: corpus, index, embedder and vocabulary together, as every program needs them.

Without the embedding weights the search goes by keyword and says so (`GuidelineSearch.notice`). A missing or unfitting
index is never worked around: the sentence says to build it.
"""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor

from guideline_corpus.embedding import Embedder, MiniLmEmbedder
from guideline_corpus.errors import EmbedderUnavailable
from guideline_corpus.indexing import Progress, build_index, open_index, prepare
from guideline_corpus.search import GuidelineSearch
from guideline_corpus.settings import CorpusSettings
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
        encoder = beside.submit(local_embedder, settings) if embedder is None else None
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
    corpus: Corpus, settings: CorpusSettings, *, embedder: Embedder | None = None, report: Progress | None = None
) -> str | None:
    """Build the index of a corpus version; returns a sentence where it holds no vectors, else None."""
    notice = None
    if embedder is None:
        embedder, notice = local_embedder(settings)
    build_index(corpus, embedder=embedder, cache=settings.cache_dir, server=settings.chroma_url, report=report)
    return notice


def local_embedder(settings: CorpusSettings) -> tuple[Embedder | None, str | None]:
    """MiniLM, or None with the reason where its weights cannot be used."""
    try:
        return MiniLmEmbedder(settings.cache_dir), None
    except EmbedderUnavailable as error:
        return None, str(error)
