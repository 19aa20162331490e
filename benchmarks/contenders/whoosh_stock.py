"""Whoosh as it comes: three positional fields with weights, its own matchers and writer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from queries import Kind, Query
from whoosh import analysis, fields, query, searching  # noqa: TID251  # the peer itself
from whoosh import index as whoosh_index  # noqa: TID251  # the peer itself

from index import Article

from .base import (
    TOP,
    ZONE_WEIGHTS,
    Answer,
    Retrieval,
    Run,
    Sizes,
    folded_zones,
    folder_bytes,
    zones,
)

_FIELDS = ("title", "lead", "body")
_LIMIT_MB = 128


class StockWhoosh:
    """Texts are stored as written and searched folded; two processes write two segments."""

    def __init__(self, processes: int = 1) -> None:
        self._processes = processes
        self.name = "Whoosh" if processes == 1 else f"Whoosh, {processes} processes"

    def build(self, articles: Sequence[Article], folder: Path) -> int:
        # Its own analyzer drops one-letter words and English ones ("in", "an").
        words = analysis.RegexTokenizer(r"\S+")
        zone_fields = {name: fields.TEXT(words, phrase=True, stored=True) for name in _FIELDS}
        schema = fields.Schema(id=fields.ID(unique=True, stored=True), **zone_fields)
        index = whoosh_index.create_in(str(folder), schema)
        if self._processes > 1:
            writer = index.writer(
                procs=self._processes, limitmb=_LIMIT_MB // self._processes, multisegment=True
            )
        else:
            writer = index.writer(limitmb=_LIMIT_MB)
        for article in articles:
            folded, stored = folded_zones(article), zones(article)
            values = dict(zip(_FIELDS, folded, strict=True))
            values |= {f"_stored_{n}": text for n, text in zip(_FIELDS, stored, strict=True)}
            writer.add_document(id=article.id, **values)
        writer.commit()
        return int(index.doc_count())

    def sizes(self, folder: Path) -> Sizes:
        return Sizes(folder_bytes(folder), None)

    def open(self, folder: Path) -> list[Retrieval]:
        searcher = whoosh_index.open_dir(str(folder)).searcher()
        return [
            Retrieval(
                self.name,
                lambda asked: _prepare(searcher, asked),
                lambda answer: tuple(searcher.stored_fields(n)["id"] for n in answer.best),
                share=0.05,
                rounds=2,
                counts_alike=False,  # wrong at times: compared, not asserted
            )
        ]


def _prepare(searcher: searching.Searcher, asked: Query) -> Run:
    words = asked.folded
    if asked.kind is Kind.PHRASE:
        made = _in_any_field(lambda field, boost: query.Phrase(field, list(words), boost=boost))
    else:
        each = [
            _in_any_field(lambda field, boost, word=word: query.Term(field, word, boost=boost))
            for word in words
        ]
        made = (query.Or if asked.kind.any_word else query.And)(each)

    def run() -> Answer:
        results = searcher.search(made, limit=TOP)
        best = tuple(results.docnum(place) for place in range(results.scored_length()))
        return Answer(len(results), best)

    return run


def _in_any_field(make: Any) -> Any:
    """As its MultifieldParser does."""
    boosted = zip(_FIELDS, ZONE_WEIGHTS, strict=True)
    return query.Or([make(field, boost) for field, boost in boosted])
