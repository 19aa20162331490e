"""Requests to a cluster: several hosts, retries, and what went wrong as this package's errors."""

import logging
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, TypeVar

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    NotFoundError,
    OpenSearchException,
    TransportError,
)
from opensearchpy.exceptions import ConnectionError as ClusterConnectionError

from ...errors import EngineUnavailable, IndexNotFound
from .address import ClusterAddress
from .cluster_settings import ClusterSettings

#: What a request or an answer is: JSON.
Json: TypeAlias = dict[str, Any]
Answer = TypeVar("Answer")

#: Answers of a cluster that is busy, or is just replacing a lost node.
_PASSING = frozenset({429, 502, 503, 504})
#: What a node says of others that it has just lost, with status 500 or 404, among the causes.
_LOST_NODE = frozenset(
    {
        "connect_transport_exception",
        "node_closed_exception",
        "node_disconnected_exception",
        "node_not_connected_exception",
        "receive_timeout_transport_exception",
        "search_context_missing_exception",
        "send_request_transport_exception",
    }
)
#: Seconds before each further attempt: a lost node is replaced within a few.
_PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0)

# What goes wrong is raised; without a handler, Python would print the client's warnings too.
logging.getLogger("opensearch").addHandler(logging.NullHandler())


class _ShardLost(Exception):
    """Some items of an answer failed."""


class Cluster:
    """A connection pool to the nodes of one cluster; threads may share it."""

    def __init__(self, address: ClusterAddress, settings: ClusterSettings) -> None:
        self.address = str(address)
        self.settings = settings
        attempts = max(3, 2 * len(address.hosts))
        self._client = OpenSearch(
            hosts=[{"host": host, "port": port} for host, port in address.hosts],
            headers=_authorization(settings),
            use_ssl=settings.tls,
            verify_certs=True,
            ca_certs=settings.ca or None,
            timeout=settings.timeout,
            max_retries=attempts,
            retry_on_timeout=True,
            retry_on_status=(),
        )

    def call(self, request: Callable[[OpenSearch], Answer]) -> Answer:
        """The answer to a request, which may be sent again: every one is harmless twice.

        Raises:
            IndexNotFound: an index that it names is not there.
            EngineUnavailable: no node answers, or the cluster refuses.
            TransportError: other answers than success, for the caller to read (404, 409).
        """
        for pause in (*_PAUSES, None):
            try:
                return request(self._client)
            except ClusterConnectionError as error:
                # Every host has been tried; a node that was lost may be about to be replaced.
                if pause is None or len(self._client.transport.hosts) == 1:
                    raise self.unavailable(_reason(error)) from error
            except (AuthenticationException, AuthorizationException) as error:
                reason = f"it refuses access, {error.error}: check the user and password or API key"
                raise self.unavailable(reason) from error
            except TransportError as error:
                if isinstance(error, NotFoundError) and error.error == "index_not_found_exception":
                    raise IndexNotFound(self.address) from error
                if not _passes(error):
                    raise
                if pause is None:
                    raise self.unavailable(_reason(error)) from error
            except _ShardLost as error:
                if pause is None:
                    raise self.unavailable(f"a shard does not answer, {error}") from error
            time.sleep(pause or 0)
        raise AssertionError("the last attempt returns or raises")

    def ask(self, request: Callable[[OpenSearch], Answer]) -> Answer:
        """The same; every answer but success is an error, in the cluster's words."""
        try:
            return self.call(request)
        except OpenSearchException as error:
            raise self.unavailable(_reason(error)) from error

    def ask_each(self, request: Callable[[OpenSearch], Json]) -> list[Json]:
        """The items of an answer about many documents, every one of them without an error.

        A shard whose node was just lost answers with errors among the items until another copy
        has taken its place.
        """

        def whole(client: OpenSearch) -> list[Json]:
            items: list[Json] = request(client)["docs"]
            failed = next((item["error"] for item in items if "error" in item), None)
            if failed is not None:
                raise _ShardLost(failed)
            return items

        return self.ask(whole)

    def search(self, index: str, body: Json, **parameters: str) -> Json:
        """The answer of all shards to a search: never of some of them only."""
        options = {"allow_partial_search_results": "false", **parameters}
        return self.ask(lambda client: client.search(index=index, body=body, params=options))

    def unavailable(self, reason: str) -> EngineUnavailable:
        """The error that says what this cluster does not do."""
        return EngineUnavailable(self.address, reason)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _passes(error: TransportError) -> bool:
    """Whether the same request may well succeed in a moment."""
    return error.status_code in _PASSING or not _LOST_NODE.isdisjoint(_types(error.info))


def _types(error: object) -> Iterator[str]:
    """The types of an error and of its causes, which stand in several places."""
    match error:
        case {"type": str(name)}:
            yield name
    inner = error.values() if isinstance(error, dict) else error if isinstance(error, list) else ()
    for part in inner:
        yield from _types(part)


def _authorization(settings: ClusterSettings) -> dict[str, str]:
    """The header that says who asks; made here, because the client takes no password in UTF-8."""
    if settings.api_key:
        return {"Authorization": f"ApiKey {settings.api_key}"}
    if settings.user:
        pair = f"{settings.user}:{settings.password}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}
    return {}


def _details(error: TransportError) -> Json:
    """What the cluster says of an error, as far as it does."""
    details = error.info.get("error") if isinstance(error.info, dict) else None
    return details if isinstance(details, dict) else {}


def _reason(error: OpenSearchException) -> str:
    if isinstance(error, ClusterConnectionError):
        return f"no connection, {type(error.info).__name__}"
    if isinstance(error, TransportError):
        reason = _details(error).get("reason")
        return f"{error.error}: {reason}" if reason else str(error.error)
    return str(error)
