"""Vietnamese news in, ranked hits out: the index, its query language and its engines."""

from importlib import import_module
from typing import TYPE_CHECKING

from .article import (
    VIETNAM_TIME,
    Article,
    Provenance,
    RelatedItem,
    canonical_url,
    is_article_id,
    kept_id,
)
from .collation import collation_key
from .engines import back_up, open_engine, recover, restore, whoosh_index
from .engines.cluster.cluster_settings import CLUSTER_SETTINGS
from .errors import (
    BackupUnusable,
    CommitNotDurable,
    DocumentError,
    EngineUnavailable,
    FolderRequired,
    IndexCorrupt,
    IndexLocked,
    IndexMismatch,
    IndexNotFound,
    NoWholeGeneration,
    QueryError,
    QueueFull,
    QueueUnavailable,
    RegisterDamaged,
    RollbackUnavailable,
    SearchError,
    StorageError,
    WorkerLost,
)
from .model import (
    MAX_QUERY_LENGTH,
    MAX_RESULT_DEPTH,
    ArticleMarks,
    EngineStats,
    Explanation,
    FacetValue,
    Filters,
    Fragment,
    Highlights,
    Hit,
    IndexWriter,
    MatchedWord,
    MatchKind,
    SearchEngine,
    SearchPage,
    SearchRequest,
    SortOrder,
    TierScope,
    VerifyReport,
)
from .query.dates import date_span
from .query.label_match import marked_slug, same_labels, slug
from .query.lexemes import MINUSES, QUOTES
from .query.syntax import MOST_WINDOW, normalized_query
from .query.syntax import parse as parse_query
from .query_model import (
    AccentMode,
    All,
    Any,
    FieldValue,
    InField,
    Node,
    Prefix,
    QueryAnalysis,
    QueryMode,
    QueryNotice,
    QueryToken,
    Quoted,
    Rewrite,
    Suggestion,
    UnderstoodQuery,
    Variant,
    Without,
    Words,
)
from .schema import FIELD_ZONES, Zone
from .suggest_model import (
    MAX_SUGGESTIONS,
    MIN_CLIENTS,
    Completion,
    LoggedQuery,
    SuggestionKind,
    Suggestions,
    SuggestRequest,
    TextPart,
)
from .upkeep_model import BackupReport, LostGeneration, RecoveryReport
from .withdrawals import Withdrawal, Withdrawals

if TYPE_CHECKING:
    from .intake import Intake
    from .intake_queue import (
        Action,
        Incoming,
        IntakeQueue,
        Outcome,
        RecordResult,
        Task,
        TaskState,
        queue_path,
    )
    from .readers import (
        BadRecord,
        FieldNames,
        IgnoredKeys,
        Notice,
        OtherFiles,
        UnknownFieldError,
        estimate_bytes,
        read_path,
        read_paths,
    )
    from .reading_worker import read_in_worker

__all__ = [
    "CLUSTER_SETTINGS",
    "FIELD_ZONES",
    "MAX_QUERY_LENGTH",
    "MAX_RESULT_DEPTH",
    "MAX_SUGGESTIONS",
    "MINUSES",
    "MIN_CLIENTS",
    "MOST_WINDOW",
    "QUOTES",
    "VIETNAM_TIME",
    "AccentMode",
    "Action",
    "All",
    "Any",
    "Article",
    "ArticleMarks",
    "BackupReport",
    "BackupUnusable",
    "BadRecord",
    "CommitNotDurable",
    "Completion",
    "DocumentError",
    "EngineStats",
    "EngineUnavailable",
    "Explanation",
    "FacetValue",
    "FieldNames",
    "FieldValue",
    "Filters",
    "FolderRequired",
    "Fragment",
    "Highlights",
    "Hit",
    "IgnoredKeys",
    "InField",
    "Incoming",
    "IndexCorrupt",
    "IndexLocked",
    "IndexMismatch",
    "IndexNotFound",
    "IndexWriter",
    "Intake",
    "IntakeQueue",
    "LoggedQuery",
    "LostGeneration",
    "MatchKind",
    "MatchedWord",
    "NoWholeGeneration",
    "Node",
    "Notice",
    "OtherFiles",
    "Outcome",
    "Prefix",
    "Provenance",
    "QueryAnalysis",
    "QueryError",
    "QueryMode",
    "QueryNotice",
    "QueryToken",
    "QueueFull",
    "QueueUnavailable",
    "Quoted",
    "RecordResult",
    "RecoveryReport",
    "RegisterDamaged",
    "RelatedItem",
    "Rewrite",
    "RollbackUnavailable",
    "SearchEngine",
    "SearchError",
    "SearchPage",
    "SearchRequest",
    "SortOrder",
    "StorageError",
    "SuggestRequest",
    "Suggestion",
    "SuggestionKind",
    "Suggestions",
    "Task",
    "TaskState",
    "TextPart",
    "TierScope",
    "UnderstoodQuery",
    "UnknownFieldError",
    "Variant",
    "VerifyReport",
    "Withdrawal",
    "Withdrawals",
    "Without",
    "Words",
    "WorkerLost",
    "Zone",
    "back_up",
    "canonical_url",
    "collation_key",
    "date_span",
    "estimate_bytes",
    "is_article_id",
    "kept_id",
    "marked_slug",
    "normalized_query",
    "open_engine",
    "parse_query",
    "queue_path",
    "read_in_worker",
    "read_path",
    "read_paths",
    "recover",
    "restore",
    "same_labels",
    "slug",
    "whoosh_index",
]

_QUEUE = frozenset(
    (
        *("Action", "Incoming", "IntakeQueue", "Outcome", "RecordResult", "Task", "TaskState"),
        "queue_path",
    )
)
_READING = frozenset(
    (
        *("BadRecord", "FieldNames", "IgnoredKeys", "Notice", "OtherFiles", "UnknownFieldError"),
        *("estimate_bytes", "read_path", "read_paths"),
    )
)


def __getattr__(name: str) -> object:
    # Searching needs no readers of files, and starts sooner without them and lxml.
    if name == "read_in_worker":
        return getattr(import_module(".reading_worker", __name__), name)
    if name == "Intake":
        return getattr(import_module(".intake", __name__), name)
    if name in _QUEUE:
        return getattr(import_module(".intake_queue", __name__), name)
    if name in _READING:
        return getattr(import_module(".readers", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
