"""Engines behind one seam."""

from pathlib import Path

from analyzers import ANALYSIS_VERSION

from ..errors import EngineUnavailable
from ..model import SearchEngine
from .embedded.engine import WhooshEngine
from .embedded.store import NewsIndex

_WHOOSH = "whoosh:"
_OPENSEARCH = "opensearch://"


def open_engine(address: str) -> SearchEngine:
    """The engine behind an address, `whoosh:var/index` or `opensearch://host:9200/news`.

    Nothing is read yet.

    Raises:
        EngineUnavailable: no engine has such addresses, or its library is not installed.
    """
    if address.startswith(_WHOOSH) and len(address) > len(_WHOOSH):
        return WhooshEngine(Path(address.removeprefix(_WHOOSH)))
    if address.startswith(_OPENSEARCH):
        return _open_cluster(address)
    reason = "an address looks like whoosh:FOLDER or opensearch://HOST:9200/NAME"
    raise EngineUnavailable(address, reason)


def whoosh_index(address: str) -> NewsIndex:
    """The archive at an address `whoosh:FOLDER` as a Whoosh `Index`, for reading.

    Its `searcher()` answers Whoosh's own queries with Whoosh's own scores. Nothing is read yet.

    Raises:
        EngineUnavailable: the address is not such a one.
    """
    if not address.startswith(_WHOOSH) or len(address) == len(_WHOOSH):
        raise EngineUnavailable(address, "Whoosh reads an address like whoosh:FOLDER")
    return NewsIndex(Path(address.removeprefix(_WHOOSH)), ANALYSIS_VERSION)


def _open_cluster(address: str) -> SearchEngine:
    try:
        # Here, not above: the client library is an extra, `timbao[opensearch]`.
        from .cluster.cluster_engine import OpenSearchEngine
    except ModuleNotFoundError as error:
        if error.name != "opensearchpy":
            raise
        reason = "its client is not installed: pip install 'timbao[opensearch]'"
        raise EngineUnavailable(address, reason) from error
    return OpenSearchEngine(address)
