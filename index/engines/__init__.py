"""Engines behind one seam."""

from pathlib import Path

from analyzers import ANALYSIS_VERSION

from ..errors import EngineUnavailable, FolderRequired
from ..model import SearchEngine
from ..upkeep_model import BackupReport, RecoveryReport
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


def recover(address: str, *, without_damaged: bool = False) -> RecoveryReport:
    """Go back to the newest generation of an index folder that is whole.

    Args:
        without_damaged: where none is, give up the articles of damaged files.

    Raises:
        FolderRequired: the address is a cluster's.
        IndexNotFound, IndexCorrupt, NoWholeGeneration, IndexLocked, StorageError.
    """
    from .embedded.recovery import recover  # as below: searching needs none of it

    return recover(_folder_index(address), without_damaged=without_damaged)


def back_up(address: str, folder: Path) -> BackupReport:
    """Copy the newest generation of an index folder, whoever searches and writes meanwhile.

    Args:
        folder: made by this, or empty.

    Raises:
        FolderRequired: the address is a cluster's.
        IndexNotFound, IndexCorrupt, BackupUnusable, StorageError.
    """
    from .embedded.backup import back_up

    return back_up(_folder_index(address), folder)


def restore(address: str, folder: Path) -> BackupReport:
    """Make a backup the newest generation of an index folder, which need not be there.

    Raises:
        FolderRequired: the address is a cluster's.
        BackupUnusable, IndexMismatch, IndexLocked, StorageError, CommitNotDurable.
    """
    from .embedded.backup import restore

    return restore(_folder_index(address), folder)


def _folder_index(address: str) -> NewsIndex:
    if address.startswith(_OPENSEARCH):
        raise FolderRequired(address)
    return whoosh_index(address)


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
