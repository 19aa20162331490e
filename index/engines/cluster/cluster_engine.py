"""The engine on an OpenSearch cluster."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from threading import Lock

from ...article import Article, vietnamese_day
from ...errors import FolderRequired, IndexMismatch
from ...model import (
    ArticleMarks,
    EngineStats,
    Explanation,
    FacetValue,
    Hit,
    IndexWriter,
    SearchPage,
    SearchRequest,
    VerifyReport,
)
from ...query_model import QueryAnalysis
from ...ranking import DEFAULT_RANKING, RankingConstants
from ...suggest_model import Suggestions, SuggestRequest
from ...withdrawals import Withdrawal, Withdrawals
from ..embedded.bulk import committing
from .address import ClusterAddress
from .aggregations import label_aggregation, label_values
from .cluster_settings import ClusterSettings
from .cluster_suggest import suggestions
from .cluster_upkeep import articles_of, disk_use, reindex, roll_back, verify
from .cluster_writer import ClusterBulkWriter, ClusterWriter
from .connection import Cluster
from .fields import FORM
from .generation import ClusterGeneration
from .index_versions import IndexVersion, IndexVersions
from .searcher import ClusterSearcher


class OpenSearchEngine:
    """One archive on a cluster; threads may share it. Every call sees one generation."""

    def __init__(self, address: str, *, constants: RankingConstants = DEFAULT_RANKING) -> None:
        """Nothing is asked yet; raises EngineUnavailable for odd addresses and settings."""
        parsed = ClusterAddress.parse(address)
        self._cluster = Cluster(parsed, ClusterSettings.from_env(str(parsed)))
        self._versions = IndexVersions(self._cluster, parsed.name)
        self._constants = constants
        self._lock = Lock()
        self._searcher: ClusterSearcher | None = None

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of hits of the newest generation."""
        return self._current().search(request)

    def total(self, request: SearchRequest) -> int:
        """Hits of the first tier, and nothing of a page."""
        return self._current().total(request)

    def explain(self, request: SearchRequest, doc_id: str) -> Explanation:
        """How an article gets its score."""
        return self._current().explain(request, doc_id)

    def analyze(self, request: SearchRequest) -> QueryAnalysis:
        """How a query is understood, step by step."""
        return self._current().analyze(request)

    def suggest(self, request: SuggestRequest) -> Suggestions:
        """What a text that is still being typed may become."""
        return suggestions(self._current(), request)

    def get(self, doc_id: str) -> Article | None:
        """The article with this id."""
        return self._current().get(doc_id)

    def highlight(self, request: SearchRequest, doc_id: str) -> ArticleMarks | None:
        """The article with everything marked that the request finds."""
        searcher = self._current()
        article = searcher.get(doc_id)
        return None if article is None else searcher.mark(request, article)

    def articles(self) -> Iterator[Article]:
        """Every article in the order of its id."""
        return articles_of(self._cluster, self._current().generation.version)

    def withdrawals(self) -> Withdrawals:
        """What is withdrawn; a cluster keeps ids and days, and nothing else of it."""
        self._versions.current()
        return Withdrawals().over(self._versions.withdrawn())

    def withdrawn(self, doc_id: str) -> Withdrawal | None:
        """The withdrawal of the article with this id."""
        self._versions.current()
        day = self._versions.withdrawn_on(doc_id)
        return None if day is None else Withdrawal(id=doc_id, on=day)

    def withdraw(self, entries: Sequence[Withdrawal], *, wait: float = 0.0) -> None:
        """Remove articles for good.

        Raises:
            FolderRequired: one is meant by its address alone.
        """
        if not all(each.id for each in entries):
            raise FolderRequired(str(self._cluster.address))
        with self._writing(wait) as writer:
            for each in entries:
                writer.withdraw(each.id, each.on)

    def give_back(self, key: str, *, by: str = "", wait: float = 0.0) -> bool:
        """End the withdrawal of an id."""
        if self.withdrawn(key) is None:
            return False
        with self._writing(wait):
            self._versions.give_back(key)
        return True

    def related(self, doc_id: str, limit: int = 6) -> tuple[Hit, ...]:
        """Articles about the same subject."""
        return self._current().related(doc_id, limit)

    def count(self) -> int:
        """Articles in the index."""
        return self._current().generation.document_count

    def stats(self) -> EngineStats:
        """What the index holds; sizes are those of the first copies."""
        generation = self._current().generation
        segments, size, version_id = disk_use(self._cluster, generation.version)
        first, last = generation.published
        return EngineStats(
            articles=generation.document_count,
            generation=generation.number,
            commit_id=f"{version_id}-{generation.number}",
            segments=segments,
            terms=self._forms(generation.version),
            first_published=_day(first),
            last_published=_day(last),
            sources=_labels(generation, "source"),
            sections=_labels(generation, "section"),
            authors=_labels(generation, "authors"),
            bytes_on_disk=size,
        )

    def writer(self, *, wait: float = 0.0) -> AbstractContextManager[IndexWriter]:
        """Commits on a clean exit; after an error, what was sent before it stays."""
        return self._writing(wait)

    @contextmanager
    def _writing(self, wait: float) -> Iterator[ClusterBulkWriter]:
        self._versions.prepare()
        self._versions.check(self._versions.current())
        self._versions.lease.take(wait)
        try:
            # Again: a reindex may have ended while this one waited.
            version = self._versions.current()
            self._versions.check(version)
            writer = ClusterBulkWriter(ClusterWriter(self._cluster, self._versions, version))
        except BaseException:
            self._versions.lease.release()
            raise
        with committing(writer):
            yield writer

    def verify(self, *, deep: bool = False) -> VerifyReport:
        """Read everything; raises IndexCorrupt where an article cannot be read.

        Args:
            deep: makes no difference: what is searched is the cluster's own to check.
        """
        return verify(self._cluster, self._versions)

    def reindex(
        self, on_progress: Callable[[int, int], None] | None = None, *, wait: float = 0.0
    ) -> int:
        """Analyse every article anew and swap the index; the number of articles."""
        return reindex(self._cluster, self._versions, on_progress, wait)

    def rollback(self, *, wait: float = 0.0) -> None:
        """Bring back what a reindex replaced."""
        roll_back(self._cluster, self._versions, wait)

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            self._searcher = None
        self._cluster.close()

    def _current(self) -> ClusterSearcher:
        """The searcher of the newest generation."""
        number = self._versions.state().generation
        searcher = self._searcher
        if searcher is not None and searcher.generation.number == number:
            return searcher
        with self._lock:
            searcher = self._searcher
            if searcher is None or searcher.generation.number != number:
                version = self._versions.current()
                try:
                    self._versions.check(version)
                except IndexMismatch:
                    # A newer program has reindexed: go on with what is open until the restart.
                    if searcher is None:
                        raise
                    return searcher
                generation = ClusterGeneration(self._cluster, version, number)
                self._searcher = searcher = ClusterSearcher(generation, self._constants)
        return searcher

    def _forms(self, version: IndexVersion) -> int:
        body = {"query": {"term": {"kind": FORM}}}
        return int(self._cluster.ask(lambda c: c.count(index=version.lexicon, body=body))["count"])


def _labels(generation: ClusterGeneration, column: str) -> tuple[FacetValue, ...]:
    body = {"size": 0, "aggs": {"labels": label_aggregation(column)}}
    found = generation.search(body)["aggregations"]["labels"]["buckets"]
    return label_values(found, [bucket["key"] for bucket in found])


def _day(milliseconds: float | None) -> date | None:
    return None if milliseconds is None else vietnamese_day(milliseconds / 1000)
