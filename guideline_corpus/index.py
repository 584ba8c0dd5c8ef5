"""The vectors on a Chroma server, for whoever runs one (`DRAFTER_CHROMA_URL`); the only file that names chromadb.

Without a server the vectors lie in a file and are compared one by one (`vector_file.py`). Chroma's index is
approximate, and at its default settings it loses the very passages that are looked for: text full of the same phrases
has crowded neighbourhoods. `GRAPH` asks for so dense a graph that what exact search finds it finds too
(tests/contract/test_passage_index.py::test_no_gold_passage_is_lost_against_exact_search). Chroma's own embedder is
never used: it downloads.

What a collection was made from stands in its metadata and is checked when it is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from guideline_corpus.embedding import Vector, Vectors
from guideline_corpus.errors import IndexDamaged
from guideline_corpus.passage_index import IndexIdentity, IndexRow, Neighbour, check_identity, in_order
from guideline_corpus.settings import turn_telemetry_off

GRAPH = {"space": "cosine", "max_neighbors": 64, "ef_construction": 500, "ef_search": 500}
REBUILD = "run `guideline-corpus build` to build it anew"


class ChromaIndex:
    """One collection of one corpus version; see `PassageIndex`."""

    def __init__(self, client: Any, collection: Any, identity: IndexIdentity) -> None:
        self._client = client
        self._collection = collection
        self.identity = identity

    def nearest(self, vector: Vector, *, editions: Collection[str] | None, limit: int) -> list[Neighbour]:
        """See `PassageIndex.nearest`. Raises IndexDamaged where Chroma cannot answer."""
        if limit < 1 or (editions is not None and not editions):
            return []
        where = {"edition_id": {"$in": sorted(editions)}} if editions is not None else None
        found = guarded(
            lambda: self._collection.query(
                query_embeddings=[vector],
                n_results=min(limit, self.identity.passages),
                where=where,
                include=["distances"],
            )
        )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return in_order(Neighbour(passage_id, 1.0 - float(distance)) for passage_id, distance in pairs)

    def close(self) -> None:
        """See `PassageIndex.close`."""
        close_client(self._client)


def create_chroma_index(
    url: str,
    identity: IndexIdentity,
    rows: Sequence[IndexRow],
    vectors: Iterable[Vectors],
) -> None:
    """Write a collection onto the server at a URL; one of the same corpus version is replaced.

    `vectors` are batches in the order of `rows`. The collection is complete only once its metadata says so, so that
    one left half written is refused when it is opened.
    """
    client = guarded(lambda: server_client(url))
    try:
        _fill(client, identity, rows, vectors)
    finally:
        close_client(client)


def _fill(client: Any, identity: IndexIdentity, rows: Sequence[IndexRow], vectors: Iterable[Vectors]) -> None:
    name = collection_name(identity)
    if name in [collection.name for collection in client.list_collections()]:
        client.delete_collection(name)
    collection = client.create_collection(
        name, embedding_function=None, configuration={"hnsw": GRAPH}, metadata={"complete": False}
    )
    start = 0
    for batch in vectors:
        held = rows[start : start + len(batch)]
        collection.add(
            ids=[row.passage_id for row in held],
            embeddings=batch,
            metadatas=[{"edition_id": row.edition_id} for row in held],
        )
        start += len(batch)
    collection.modify(metadata={"complete": True, **identity.model_dump()})


def open_chroma_index(url: str, wanted: IndexIdentity) -> ChromaIndex:
    """The collection of a corpus version on a server.

    Raises IndexDamaged where it is missing, cut short or of another version, EmbeddingMismatch where it was built with
    another model.
    """
    client = guarded(lambda: server_client(url))
    try:
        return ChromaIndex(client, _checked_collection(client, wanted), wanted)
    except BaseException:
        close_client(client)
        raise


def _checked_collection(client: Any, wanted: IndexIdentity) -> Any:
    collection = guarded(lambda: client.get_collection(collection_name(wanted), embedding_function=None))
    described = dict(collection.metadata or {})
    if described.pop("complete", False) is not True:
        raise IndexDamaged(f"The index of corpus {wanted.corpus_version} was left half built; {REBUILD}.")
    check_identity(IndexIdentity.model_validate(described), wanted)
    if guarded(collection.count) != wanted.passages:
        raise IndexDamaged(f"The index of corpus {wanted.corpus_version} has lost passages; {REBUILD}.")
    return collection


def collection_name(identity: IndexIdentity) -> str:
    """One collection for each corpus version, so that a server can hold several."""
    return f"guidelines-{identity.corpus_version}"


def import_chroma() -> Any:
    """The package, its telemetry off before it is imported."""
    turn_telemetry_off()
    import chromadb

    return chromadb


def server_client(url: str) -> Any:
    """A connection to the server at a URL. Raises IndexDamaged where it does not answer."""
    chromadb = import_chroma()
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    address = urlsplit(url)
    secure = address.scheme == "https"
    try:
        return chromadb.HttpClient(
            host=address.hostname or "", port=address.port or (443 if secure else 8000), ssl=secure, settings=settings
        )
    except Exception as error:
        reason = f"does not answer ({type(error).__name__}); start it, or unset DRAFTER_CHROMA_URL"
        raise IndexDamaged(f"The Chroma server at {url} {reason}.") from error


def close_client(client: Any) -> None:
    """Chroma's own close leaves open the connections that a server client and the client inside it have made."""
    servers = [getattr(one, "_server", None) for one in (client, getattr(client, "_admin_client", None))]
    client.close()
    for session in [getattr(server, "_session", None) for server in servers]:
        if session is not None:
            session.close()


def guarded(ask: Callable[[], Any], *, remedy: str = REBUILD) -> Any:
    """What Chroma answers. Its errors have no common base: all mean one thing here."""
    try:
        return ask()
    except (KeyboardInterrupt, SystemExit, MemoryError, IndexDamaged):
        raise
    except BaseException as error:
        raise IndexDamaged(f"Chroma cannot read the index ({type(error).__name__}); {remedy}.") from error
