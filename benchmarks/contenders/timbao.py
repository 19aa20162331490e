"""This project's engine: retrieval alone, and the whole search with and without highlights."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from queries import Query

from index import Article, SearchRequest, SortOrder, TierScope
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.snapshot_searcher import SnapshotSearcher
from index.plan import Or, QueryPlan
from index.retrieval.doc_scores import score_row
from index.retrieval.top_k import best
from index.segments.array_file import open_arrays

from .base import TOP, Answer, Retrieval, Run, Sizes, folder_bytes

RETRIEVAL = "Tìm Báo, retrieval"
SEARCH = "Tìm Báo, whole search"
HIGHLIGHTED = "Tìm Báo, whole search with highlights"


class Timbao:
    """The embedded engine with its defaults."""

    name = "Tìm Báo"

    def build(self, articles: Sequence[Article], folder: Path) -> int:
        engine = WhooshEngine(folder)
        with engine.writer() as writer:
            changed = sum(writer.put_all(articles))
        assert changed == len(articles), "an article was taken for unchanged"
        return engine.count()

    def sizes(self, folder: Path) -> Sizes:
        stored = sum(
            array.nbytes
            for path in folder.glob("*.arrays")
            for name, array in open_arrays(path).arrays.items()
            if name.startswith("doc.stored")
        )
        assert stored, "no stored text was found"
        return Sizes(folder_bytes(folder), stored)

    def open(self, folder: Path) -> list[Retrieval]:
        engine = WhooshEngine(folder)
        searcher = engine._current()
        return [
            Retrieval(name, prepare, article_ids, counts_alike=False)
            for name, prepare in (
                (RETRIEVAL, lambda query: retrieval(searcher, query)),
                (SEARCH, lambda query: whole_search(engine, query, False)),
                (HIGHLIGHTED, lambda query: whole_search(engine, query, True)),
            )
        ]


def article_ids(answer: Answer) -> tuple[str, ...]:
    """The best articles: this engine answers with their ids."""
    return tuple(map(str, answer.best))


def plan_of(searcher: SnapshotSearcher, query: Query) -> QueryPlan:
    """The plan that a search for the query ends up with; where any word is to match, its OR."""
    compiled = searcher.interpret(SearchRequest(query=query.text, limit=TOP)).compiled
    if query.kind.any_word:
        return replace(compiled.plan, match=Or(compiled.soft))
    return compiled.plan


def retrieval(searcher: SnapshotSearcher, query: Query) -> Run:
    """QueryPlan → exact total and the ids of the best articles."""
    snapshot = searcher.snapshot
    plan = plan_of(searcher, query)

    def run() -> Answer:
        mask = searcher.archive.matching(plan.match)
        total = int(np.count_nonzero(mask))
        scores = score_row(snapshot, plan.clauses)
        docs = best(snapshot, mask, scores, SortOrder.RELEVANCE, TOP)
        return Answer(total, tuple(snapshot.doc_id(doc) for doc in docs))

    return run


def whole_search(engine: WhooshEngine, query: Query, highlight: bool) -> Run:
    """Text → a page of hits with their articles."""
    request = SearchRequest(query=query.text, limit=TOP, highlight=highlight, tiers=TierScope.MIXED)

    def run() -> Answer:
        page = engine.search(request)
        return Answer(page.total, tuple(hit.id for hit in page.hits))

    return run
