"""The versions of an archive behind an alias, and what is neither article nor form."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from opensearchpy.exceptions import NotFoundError, RequestError

from analyzers import ANALYSIS_VERSION

from ...errors import IndexCorrupt, IndexMismatch, IndexNotFound
from .connection import Cluster, Json
from .lease import Lease
from .mapping import FORMAT_VERSION, articles_index, control_index, lexicon_index
from .terms import document_key

_STATE = "state"
_WITHDRAWN = "withdrawn"
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class IndexVersion:
    """The indexes of articles and forms that one analysis wrote."""

    articles: str

    @property
    def lexicon(self) -> str:
        """The index of its forms."""
        return f"{self.articles}-lexicon"

    def next(self, name: str) -> "IndexVersion":
        """The version that would replace it."""
        return numbered(name, int(self.articles.removeprefix(f"{name}-")) + 1)


def numbered(name: str, number: int) -> IndexVersion:
    """The version of that number."""
    return IndexVersion(f"{name}-{number:06d}")


@dataclass(frozen=True, slots=True)
class State:
    """What a commit changes: the generation, and the version that a rollback brings back."""

    generation: int = 0
    previous: str | None = None


class IndexVersions:
    """The aliases, the state and the lease of one archive."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self._cluster = cluster
        self.name = name
        self._control = f"{name}-control"
        self.lease = Lease(cluster, self._control)

    def prepare(self) -> None:
        """Make what is missing: an archive without articles."""
        self._create(self._control, control_index(self._cluster.settings))
        aliases = self._cluster.ask(lambda c: c.indices.exists_alias(name=self.name))
        if not aliases:
            first = numbered(self.name, 1)
            self.create(first)
            self._move_aliases(first, None)

    def create(self, version: IndexVersion) -> None:
        """Make the indexes of a version."""
        self._create(version.articles, articles_index(self._cluster.settings))
        self._create(version.lexicon, lexicon_index(self._cluster.settings))

    def drop(self, version: IndexVersion) -> None:
        """Remove the indexes of a version; those that are gone are none."""
        names = f"{version.articles},{version.lexicon}"
        self._cluster.ask(
            lambda c: c.indices.delete(index=names, params={"ignore_unavailable": "true"})
        )

    def current(self) -> IndexVersion:
        """The version behind the alias; raises IndexNotFound."""
        try:
            found = self._cluster.call(lambda c: c.indices.get_alias(name=self.name))
        except NotFoundError as error:
            raise IndexNotFound(self._cluster.address) from error
        return IndexVersion(min(found))

    def check(self, version: IndexVersion) -> None:
        """Raise IndexMismatch where another program wrote the version."""
        fingerprint, form = self.written_as(version)
        if form != FORMAT_VERSION:
            raise IndexMismatch(f"format {FORMAT_VERSION}", f"format {form}")
        if fingerprint != ANALYSIS_VERSION:
            raise IndexMismatch(ANALYSIS_VERSION, fingerprint)

    def written_as(self, version: IndexVersion) -> tuple[str, int]:
        """The analysis and the format of a version; raises IndexCorrupt where it names none."""
        found = self._cluster.ask(lambda c: c.indices.get_mapping(index=version.articles))
        meta = found[version.articles]["mappings"].get("_meta", {})
        try:
            return str(meta["fingerprint"]), int(meta["format"])
        except (KeyError, TypeError, ValueError) as error:
            raise IndexCorrupt(
                version.articles, "it does not say which program wrote it"
            ) from error

    def state(self) -> State:
        """The newest state; raises IndexNotFound where there is no archive."""
        try:
            found = self._cluster.call(lambda c: c.get(index=self._control, id=_STATE))
        except NotFoundError:
            return State()
        fields = found["_source"]
        return State(fields["generation"], fields.get("previous"))

    def publish(self, previous: IndexVersion | None) -> None:
        """Count up the generation."""
        state = replace(self.state(), previous=None if previous is None else previous.articles)
        fields: Json = {"kind": _STATE, "generation": state.generation + 1}
        if state.previous is not None:
            fields["previous"] = state.previous
        self._put(_STATE, fields)

    def swap(self, to: IndexVersion, instead_of: IndexVersion) -> None:
        """Let the alias name another version, in one step for every reader."""
        self._move_aliases(to, instead_of)

    def withdrawn(self) -> dict[str, date]:
        """Every withdrawn article, with the day."""
        found: dict[str, date] = {}
        after: list[Any] | None = None
        while True:
            body: Json = {
                "size": _PAGE,
                "query": {"term": {"kind": _WITHDRAWN}},
                "sort": [{"id": "asc"}],
            }
            if after is not None:
                body["search_after"] = after
            hits = self._cluster.search(self._control, body)["hits"]["hits"]
            for hit in hits:
                found[hit["_source"]["id"]] = date.fromisoformat(hit["_source"]["day"])
            if len(hits) < _PAGE:
                return found
            after = hits[-1]["sort"]

    def withdrawn_on(self, doc_id: str) -> date | None:
        """The day on which an article was withdrawn."""
        try:
            found = self._cluster.call(
                lambda c: c.get(index=self._control, id=_withdrawn_key(doc_id))
            )
        except NotFoundError:
            return None
        return date.fromisoformat(found["_source"]["day"])

    def withdraw(self, doc_id: str, on: date) -> None:
        """Remember that an article is withdrawn."""
        fields = {"kind": _WITHDRAWN, "id": doc_id, "day": on.isoformat()}
        self._put(_withdrawn_key(doc_id), fields)

    def give_back(self, doc_id: str) -> None:
        """Forget that an article is withdrawn."""
        key = _withdrawn_key(doc_id)
        self._cluster.ask(lambda c: c.delete(index=self._control, id=key, params={"ignore": 404}))

    def refresh(self) -> None:
        """Let searches see what was written here."""
        self._cluster.ask(lambda c: c.indices.refresh(index=self._control))

    def _put(self, key: str, fields: Json) -> None:
        self._cluster.ask(lambda c: c.index(index=self._control, id=key, body=fields))

    def _create(self, index: str, body: Json) -> None:
        try:
            self._cluster.call(lambda c: c.indices.create(index=index, body=body))
        except RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise self._cluster.unavailable(
                    f"it refuses to make {index}: {error.error}"
                ) from error

    def _move_aliases(self, to: IndexVersion, instead_of: IndexVersion | None) -> None:
        moves = [(self.name, to.articles, instead_of and instead_of.articles)]
        moves.append((f"{self.name}-lexicon", to.lexicon, instead_of and instead_of.lexicon))
        actions: list[Json] = []
        for alias, index, before in moves:
            if before:
                actions.append({"remove": {"index": before, "alias": alias}})
            actions.append({"add": {"index": index, "alias": alias}})
        self._cluster.ask(lambda c: c.indices.update_aliases(body={"actions": actions}))


def _withdrawn_key(doc_id: str) -> str:
    return f"{_WITHDRAWN}/{document_key(doc_id)}"
