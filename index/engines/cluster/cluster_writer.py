"""The one writer of an archive on a cluster.

Articles lie under their ids, so that whatever is sent twice is there once. They become visible
at a checkpoint; what was sent before an error stays, unlike in the embedded engine.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from ...article import Article
from ...errors import IndexCorrupt
from ...segments.analyzed import AnalyzedDocument, BatchVocabulary
from ..embedded.bulk import BulkWriter
from .connection import Cluster
from .fields import BatchFields, LexiconEntry, stored_article
from .index_versions import IndexVersion, IndexVersions
from .mapping import CHANGED_FIELD
from .sending import REQUEST_BYTES, Action, BulkSender
from .terms import document_key

#: Forms whose entries need not be sent again.
_REMEMBERED_FORMS = 1_000_000


class ClusterWriter:
    """Takes analysed documents; whoever makes one must end it by a commit or by giving up."""

    def __init__(
        self,
        cluster: Cluster,
        index_versions: IndexVersions,
        version: IndexVersion,
        replaced: IndexVersion | None = None,
    ) -> None:
        """`replaced` is the version that the first checkpoint takes the place of."""
        self._cluster = cluster
        self._versions = index_versions
        self._version = version
        self._replaced = replaced
        self._sender = BulkSender(cluster)
        self._batch: BatchFields | None = None
        self._sent_forms: set[tuple[str, str]] = set()
        self._entries: list[tuple[Action, bytes]] = []
        self._actions: dict[str, tuple[Action, bytes]] = {}
        self._size = 0
        self._digests: dict[str, int | None] = {}
        self._looked_up: dict[str, int | None] = {}
        self._withdrawn = index_versions.withdrawn()
        cluster.ask(
            lambda c: c.indices.put_mapping(
                index=version.articles, body={"properties": CHANGED_FIELD}
            )
        )

    def refuses(self, article: Article) -> bool:
        """Whether an article is withdrawn."""
        return article.id in self._withdrawn

    def put(self, vocabulary: BatchVocabulary, document: AnalyzedDocument) -> None:
        """Insert or replace one article."""
        if self._batch is None or self._batch.vocabulary is not vocabulary:
            self._batch = BatchFields(vocabulary)
            self._add_entries(self._batch.entries())
        key = document_key(document.doc_id)
        fields = self._batch.document(document)
        self._add(document.doc_id, Action("index", self._version.articles, key, fields))
        self._digests[document.doc_id] = document.digest

    def remove(self, doc_id: str) -> bool:
        """Delete an article; False where there is none."""
        if self.digest(doc_id) is None:
            return False
        self._add(doc_id, Action("delete", self._version.articles, document_key(doc_id)))
        self._digests[doc_id] = None
        return True

    def withdraw(self, doc_id: str, on: date) -> None:
        """Delete an article, if there is one, and remember its id."""
        self.remove(doc_id)
        self._withdrawn.setdefault(doc_id, on)

    def digest(self, doc_id: str) -> int | None:
        """The digest of the newest article with this id."""
        if doc_id in self._digests:
            return self._digests[doc_id]
        if doc_id not in self._looked_up:
            self.look_up([doc_id])
        return self._looked_up.pop(doc_id)

    def article(self, doc_id: str) -> Article | None:
        """The article with this id, as it was sent last but for what is still in memory."""
        key, index = document_key(doc_id), self._version.articles
        answer = self._cluster.ask_each(lambda c: c.mget(index=index, body={"ids": [key]}))
        found = next(iter(answer))
        return stored_article(index, found["_source"]) if found.get("found") else None

    def look_up(self, doc_ids: Iterable[str]) -> None:
        """Ask for the digests of many articles that will be wanted soon."""
        wanted = [doc_id for doc_id in dict.fromkeys(doc_ids) if doc_id not in self._digests]
        if not wanted:
            return
        body = {"ids": [document_key(doc_id) for doc_id in wanted]}
        index = self._version.articles
        answer = self._cluster.ask_each(
            lambda c: c.mget(index=index, body=body, params={"_source_includes": "digest"})
        )
        for doc_id, found in zip(wanted, answer, strict=True):
            digest = int(found["_source"]["digest"], 16) if found.get("found") else None
            self._looked_up[doc_id] = digest

    def flush(self) -> None:
        """Send what is in memory."""
        self._versions.lease.renew()
        # Forms go first: an article must never be there without them.
        self._sender.send(self._entries)
        self._sender.send(list(self._actions.values()))
        self._entries, self._actions, self._size = [], {}, 0
        self._digests.clear()

    def checkpoint(self) -> None:
        """Make everything so far visible, and stay the writer."""
        self.flush()
        known = self._versions.withdrawn()
        for doc_id, on in self._withdrawn.items():
            if doc_id not in known:
                self._versions.withdraw(doc_id, on)
        names = f"{self._version.articles},{self._version.lexicon}"
        self._cluster.ask(lambda c: c.indices.refresh(index=names))
        self._versions.refresh()
        previous, self._replaced = self._replaced, None
        if previous is not None:
            self._compare(previous)
            self._versions.swap(self._version, previous)
        before = self._versions.state().previous
        self._versions.publish(previous)
        if before is not None:
            self._versions.drop(IndexVersion(before))

    def give_way(self) -> None:
        """Nothing: the lease of a cluster is kept until the end."""

    def commit_generation(self) -> None:
        """Make everything visible and let another one write."""
        try:
            self.checkpoint()
        finally:
            self._versions.lease.release()

    def abandon(self) -> None:
        """Forget what was not sent, and let another one write."""
        self._entries, self._actions = [], {}
        self._versions.lease.release()

    def _add(self, doc_id: str, action: Action) -> None:
        lines = action.lines()
        self._actions.pop(doc_id, None)
        self._looked_up.pop(doc_id, None)
        self._actions[doc_id] = action, lines
        self._size += len(lines)
        if self._size >= REQUEST_BYTES:
            self.flush()

    def _add_entries(self, entries: Iterable[LexiconEntry]) -> None:
        if len(self._sent_forms) > _REMEMBERED_FORMS:
            self._sent_forms.clear()
        for entry in entries:
            form = entry.kind, entry.token
            if form not in self._sent_forms:
                self._sent_forms.add(form)
                fields = {"kind": entry.kind, "fold": entry.fold, "text": entry.text}
                key = f"{entry.kind}/{entry.token}"
                action = Action("create", self._version.lexicon, key, fields)
                self._entries.append((action, action.lines()))

    def _compare(self, replaced: IndexVersion) -> None:
        """Raise IndexCorrupt where the new version has lost articles of the one before."""
        counts = [self._count(version) for version in (replaced, self._version)]
        if counts[0] != counts[1]:
            reason = f"{counts[1]} of {counts[0]} articles arrived"
            raise IndexCorrupt(self._version.articles, reason)

    def _count(self, version: IndexVersion) -> int:
        body = {"size": 0, "track_total_hits": True}
        found = self._cluster.search(version.articles, body)
        return int(found["hits"]["total"]["value"])


#: Articles that are read ahead.
_AHEAD = 256


class ClusterBulkWriter(BulkWriter):
    """The writer that the engine hands out."""

    def __init__(self, writer: ClusterWriter) -> None:
        super().__init__(lambda: writer)
        self._cluster_writer = writer

    def withdraw(self, doc_id: str, on: date) -> None:
        """Remove an article for good, be it there or not."""
        self._cluster_writer.withdraw(doc_id, on)

    def put_all(self, articles: Iterable[Article]) -> Iterator[bool]:
        """Insert or replace many; False for one that was there unchanged."""
        return super().put_all(self._looked_up(articles))

    def _looked_up(self, articles: Iterable[Article]) -> Iterator[Article]:
        source = iter(articles)
        while chunk := list(islice(source, _AHEAD)):
            self._cluster_writer.look_up(article.id for article in chunk)
            yield from chunk
