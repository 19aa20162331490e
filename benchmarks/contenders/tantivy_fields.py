"""Tantivy: title, lead and body in one field with positions; with and without adjacent pairs."""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from queries import Kind, Query

from index import Article

from .base import (
    TOP,
    Answer,
    Retrieval,
    Run,
    Sizes,
    folded_zones,
    folder_bytes,
    peer_library,
    zones,
)

_HEAP_BYTES = 512 << 20
_THREADS = 2
_PAIR_BOOST = 0.75
ONE_FIELD = "Tantivy, one field"
WITH_PAIRS = "Tantivy, one field + pairs"


class Tantivy:
    """Articles are stored as bytes; what is searched is folded text."""

    name = "Tantivy"

    def build(self, articles: Sequence[Article], folder: Path) -> int:
        tantivy = peer_library("tantivy")
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("text", tokenizer_name="whitespace", index_option="position")
        schema.add_bytes_field("article", stored=True, indexed=False)
        index = tantivy.Index(schema.build(), path=str(folder))
        writer = index.writer(_HEAP_BYTES, _THREADS)
        for article in articles:
            stored = json.dumps([article.id, *zones(article)], ensure_ascii=False).encode()
            document = tantivy.Document()
            for zone in folded_zones(article):  # values of their own: no phrase crosses zones
                document.add_text("text", zone)
            document.add_bytes("article", stored)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return int(index.searcher().num_docs)

    def sizes(self, folder: Path) -> Sizes:
        return Sizes(folder_bytes(folder), sum(p.stat().st_size for p in folder.glob("*.store")))

    def open(self, folder: Path) -> list[Retrieval]:
        index = peer_library("tantivy").Index.open(str(folder))
        searcher = index.searcher()
        return [
            Retrieval(
                ONE_FIELD,
                lambda query: _prepare(index, searcher, query, pairs=False),
                lambda answer: tuple(_id_of(searcher, address) for address in answer.best),
            ),
            Retrieval(
                WITH_PAIRS,
                lambda query: _prepare(index, searcher, query, pairs=True),
                lambda answer: tuple(_id_of(searcher, address) for address in answer.best),
                frozenset({Kind.AND, Kind.SHORT_OR, Kind.LONG_OR}),
            ),
        ]


def _id_of(searcher: Any, address: object) -> str:
    return str(json.loads(searcher.doc(address)["article"][0])[0])


def _prepare(index: Any, searcher: Any, query: Query, *, pairs: bool) -> Run:
    library = peer_library("tantivy")
    words, schema = query.folded, index.schema
    terms = [library.Query.term_query(schema, "text", word) for word in words]
    if query.kind is Kind.PHRASE:
        asked = library.Query.phrase_query(schema, "text", list(words))
    elif query.kind is Kind.WORD:
        asked = terms[0]
    else:
        occur = library.Occur.Should if query.kind.any_word else library.Occur.Must
        clauses = [(occur, term) for term in terms]
        if pairs:
            for pair in pairwise(words):
                phrase = library.Query.phrase_query(schema, "text", list(pair))
                boosted = library.Query.boost_query(phrase, _PAIR_BOOST)
                clauses.append((library.Occur.Should, boosted))
        asked = library.Query.boolean_query(clauses)

    def run() -> Answer:
        found = searcher.search(asked, TOP, count=True)
        return Answer(int(found.count), tuple(address for _, address in found.hits))

    return run
