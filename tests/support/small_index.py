"""Small real indexes, whose articles a test writes for itself, and rows of queries to them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import pytest

from index import Article, Hit, SearchEngine, SearchPage, SearchRequest, open_engine

#: By name: a headline, a headline and how many articles have it, or a whole article.
Documents: TypeAlias = Mapping[str, str | tuple[str, int] | Article]

_ALL = 1000
_COPY = "#"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the specification: documents, and for each query the names that it ranks.

    "a b > c" says: a and b in any order, c below both and not for its id, and nothing else.
    """

    id: str
    documents: Documents
    asks: Mapping[str, str]


class SmallIndex:
    """An engine with few articles, asked for all hits of a query at once."""

    def __init__(self, engine: SearchEngine, ids: Sequence[str]) -> None:
        self.engine = engine
        self._ids = ids

    def search(self, request: str | SearchRequest) -> SearchPage:
        """Every hit of a query, highlighted, or the page that a request asks for."""
        if isinstance(request, str):
            request = SearchRequest(query=request, limit=_ALL, highlight=True)
        return self.engine.search(request)

    def names(self, request: str | SearchRequest) -> set[str]:
        """The names of the documents that a query finds, the copies of one together."""
        return {hit.id.partition(_COPY)[0] for hit in found(self.search(request))}

    def assert_ranks(self, request: str | SearchRequest, expected: str) -> None:
        """Assert that exactly the named documents are found, tier below tier."""
        scores = {hit.id: hit.score for hit in found(self.search(request))}
        ids, ranked = list(scores), []
        tiers = [self._copies(tier.split()) for tier in expected.split(">")]
        for tier in tiers:
            ranked.append(sorted(ids[: len(tier)]))
            del ids[: len(tier)]
        assert (ranked, ids) == (tiers, []), f"{request!r} ranks {list(scores)}, not {expected!r}"
        for above, below in pairwise(tiers):
            tied = {scores[i] for i in above} & {scores[i] for i in below}
            assert not tied, f"only their ids rank {above} above {below} for {request!r}"

    def _copies(self, names: Sequence[str]) -> list[str]:
        named = [i for i in self._ids if i.partition(_COPY)[0] in names]
        assert {i.partition(_COPY)[0] for i in named} == set(names), "no such document"
        return sorted(named)


def found(page: SearchPage) -> list[Hit]:
    """The hits that have all words, or, where none has, those that have most of them."""
    return [hit for hit in page.hits if hit.tier < 3] or list(page.hits)


@contextmanager
def small_index(folder: Path, documents: Documents) -> Iterator[SmallIndex]:
    """An index of the documents in the folder, closed at the end."""
    articles = list(_articles(documents))
    with closing(open_engine(f"whoosh:{folder}")) as engine:
        with engine.writer() as writer:
            for article in articles:
                writer.put(article)
        yield SmallIndex(engine, [article.id for article in articles])


def story(headline: str, *body: str, lead: str = "") -> Article:
    """An article of more than a headline; its name in `Documents` becomes its id."""
    return Article(id="unnamed", headline=headline, lead=lead, body=body)


def everyday_news() -> dict[str, str]:
    """A hundred headlines of everyday news, n001, n002 …"""
    lines = (Path(__file__).parents[1] / "data" / "everyday_news.txt").read_text(encoding="utf-8")
    headlines = [line for line in lines.splitlines() if not line.startswith("#")]
    return {f"n{number:03}": headline for number, headline in enumerate(headlines, 1)}


def each_row(rows: Sequence[Row]) -> pytest.MarkDecorator:
    """Parametrize a test with rows, each named by its id."""
    return pytest.mark.parametrize("row", rows, ids=[row.id for row in rows])


def assert_row(row: Row, folder: Path) -> None:
    """Assert what a row says of each of its queries."""
    with small_index(folder, row.documents) as index:
        for query, expected in row.asks.items():
            index.assert_ranks(query, expected)


def _articles(documents: Documents) -> Iterator[Article]:
    for name, document in documents.items():
        if isinstance(document, Article):
            yield replace(document, id=name)
        elif isinstance(document, str):
            yield Article(id=name, headline=document)
        else:
            headline, count = document
            for number in range(count):
                # A body of its own number keeps the copies from being one text.
                yield Article(
                    id=f"{name}{_COPY}{number:02}", headline=headline, body=(f"{7000 + number}",)
                )
