"""Reading a whole archive, writing it anew beside itself, and bringing back what was replaced."""

from collections.abc import Callable, Iterator

from analyzers import ANALYSIS_VERSION

from ...article import Article
from ...errors import IndexCorrupt, RollbackUnavailable
from ...model import VerifyReport
from ..embedded.bulk import BulkWriter
from .cluster_writer import ClusterWriter
from .connection import Cluster, Json
from .editions import Edition, Editions
from .fields import stored_article

_PAGE = 200


def articles_of(cluster: Cluster, edition: Edition) -> Iterator[Article]:
    """Every article in the order of its id; raises IndexCorrupt where one cannot be read."""
    body: Json = {"size": _PAGE, "sort": [{"id": "asc"}], "_source": ["article", "id"]}
    while True:
        hits = cluster.search(edition.articles, body)["hits"]["hits"]
        for hit in hits:
            article = stored_article(edition.articles, hit["_source"])
            if article.id != hit["_source"]["id"]:
                reason = f"a stored article is {article.id}, not {hit['_source']['id']}"
                raise IndexCorrupt(edition.articles, reason)
            yield article
        if len(hits) < _PAGE:
            return
        body["search_after"] = hits[-1]["sort"]


def verify(cluster: Cluster, editions: Editions) -> VerifyReport:
    """What was read and is sound: every article of the current edition and of the one before."""
    current = editions.current()
    previous = editions.state().previous
    segments = size = articles = 0
    for edition in (current, *([Edition(previous)] if previous is not None else ())):
        editions.written_as(edition)
        found = sum(1 for _ in articles_of(cluster, edition))
        articles = articles or found
        used, sized = disk_use(cluster, edition)
        segments += used
        size += sized
    return VerifyReport(segments=segments, bytes=size, articles=articles)


def disk_use(cluster: Cluster, edition: Edition) -> tuple[int, int]:
    """Segments and bytes of an edition's first copies."""
    names = f"{edition.articles},{edition.lexicon}"
    stats = cluster.ask(lambda c: c.indices.stats(index=names, metric="store,segments"))
    found = stats["_all"]["primaries"]
    return int(found["segments"]["count"]), int(found["store"]["size_in_bytes"])


def reindex(
    cluster: Cluster, editions: Editions, on_progress: Callable[[int, int], None] | None
) -> int:
    """Write every article anew into a new edition, and let the alias name it; how many."""
    replaced = editions.current()
    editions.lease.take()
    edition = replaced.next(editions.name)
    try:
        before = editions.state().previous
        if before is not None and before == edition.articles:
            # A rollback left it: the alias names an older edition.
            edition = edition.next(editions.name)
        editions.drop(edition)
        editions.create(edition)
        total = int(cluster.ask(lambda c: c.count(index=replaced.articles))["count"])
        writer = BulkWriter(lambda: ClusterWriter(cluster, editions, edition, replaced))
    except BaseException:
        editions.lease.release()
        raise
    done = 0
    try:
        for done, _ in enumerate(writer.rewrite(articles_of(cluster, replaced)), 1):
            if on_progress is not None:
                on_progress(done, total)
        writer.commit()
    except BaseException:
        writer.abandon()
        if editions.current() != edition:
            editions.drop(edition)
        raise
    return done


def roll_back(cluster: Cluster, editions: Editions) -> None:
    """Let the alias name the previous edition, which the current one becomes."""
    current = editions.current()
    editions.lease.take()
    try:
        previous = editions.state().previous
        if previous is None:
            raise RollbackUnavailable(cluster.address, "no edition before a reindex is kept")
        fingerprint, _ = editions.written_as(Edition(previous))
        if fingerprint != ANALYSIS_VERSION:
            reason = f"{fingerprint} wrote the earlier edition"
            raise RollbackUnavailable(cluster.address, f"{reason}, this is {ANALYSIS_VERSION}")
        editions.swap(Edition(previous), current)
        editions.publish(current)
    finally:
        editions.lease.release()
