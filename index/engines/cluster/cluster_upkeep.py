"""Reading a whole archive, writing it anew beside itself, and bringing back what was replaced."""

from collections.abc import Callable, Iterator

from analyzers import ANALYSIS_VERSION

from ...article import Article
from ...errors import IndexCorrupt, RollbackUnavailable
from ...model import VerifyReport
from ..embedded.bulk import BulkWriter
from .cluster_writer import ClusterWriter
from .connection import Cluster, Json
from .fields import stored_article
from .index_versions import IndexVersion, IndexVersions

_PAGE = 200


def articles_of(cluster: Cluster, version: IndexVersion) -> Iterator[Article]:
    """Every article in the order of its id; raises IndexCorrupt where one cannot be read."""
    body: Json = {"size": _PAGE, "sort": [{"id": "asc"}], "_source": ["article", "id"]}
    while True:
        hits = cluster.search(version.articles, body)["hits"]["hits"]
        for hit in hits:
            article = stored_article(version.articles, hit["_source"])
            if article.id != hit["_source"]["id"]:
                reason = f"a stored article is {article.id}, not {hit['_source']['id']}"
                raise IndexCorrupt(version.articles, reason)
            yield article
        if len(hits) < _PAGE:
            return
        body["search_after"] = hits[-1]["sort"]


def verify(cluster: Cluster, index_versions: IndexVersions) -> VerifyReport:
    """What was read and is sound: every article of the current version and of the one before."""
    current = index_versions.current()
    previous = index_versions.state().previous
    segments = size = articles = 0
    for version in (current, *([IndexVersion(previous)] if previous is not None else ())):
        index_versions.written_as(version)
        found = sum(1 for _ in articles_of(cluster, version))
        articles = articles or found
        used, sized = disk_use(cluster, version)
        segments += used
        size += sized
    return VerifyReport(segments=segments, bytes=size, articles=articles)


def disk_use(cluster: Cluster, version: IndexVersion) -> tuple[int, int]:
    """Segments and bytes of a version's first copies."""
    names = f"{version.articles},{version.lexicon}"
    stats = cluster.ask(lambda c: c.indices.stats(index=names, metric="store,segments"))
    found = stats["_all"]["primaries"]
    return int(found["segments"]["count"]), int(found["store"]["size_in_bytes"])


def reindex(
    cluster: Cluster,
    index_versions: IndexVersions,
    on_progress: Callable[[int, int], None] | None,
    wait: float,
) -> int:
    """Write every article anew into a new version, and let the alias name it; how many."""
    index_versions.current()  # before the lease: where there is no archive there is none to write
    index_versions.lease.take(wait)
    try:
        replaced = index_versions.current()
        version = replaced.next(index_versions.name)
        before = index_versions.state().previous
        if before is not None and before == version.articles:
            # A rollback left it: the alias names an older version.
            version = version.next(index_versions.name)
        index_versions.drop(version)
        index_versions.create(version)
        total = int(cluster.ask(lambda c: c.count(index=replaced.articles))["count"])
        writer = BulkWriter(lambda: ClusterWriter(cluster, index_versions, version, replaced))
    except BaseException:
        index_versions.lease.release()
        raise
    done = 0
    try:
        for done, _ in enumerate(writer.rewrite(articles_of(cluster, replaced)), 1):
            if on_progress is not None:
                on_progress(done, total)
        writer.commit()
    except BaseException:
        writer.abandon()
        if index_versions.current() != version:
            index_versions.drop(version)
        raise
    return done


def roll_back(cluster: Cluster, index_versions: IndexVersions, wait: float) -> None:
    """Let the alias name the previous version, which the current one becomes."""
    index_versions.current()  # before the lease: where there is no archive there is none to write
    index_versions.lease.take(wait)
    try:
        current = index_versions.current()
        previous = index_versions.state().previous
        if previous is None:
            raise RollbackUnavailable(cluster.address, "no version before a reindex is kept")
        fingerprint, _ = index_versions.written_as(IndexVersion(previous))
        if fingerprint != ANALYSIS_VERSION:
            reason = f"{fingerprint} wrote the earlier version"
            raise RollbackUnavailable(cluster.address, f"{reason}, this is {ANALYSIS_VERSION}")
        index_versions.swap(IndexVersion(previous), current)
        index_versions.publish(current)
    finally:
        index_versions.lease.release()
