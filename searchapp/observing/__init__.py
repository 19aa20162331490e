"""What was asked, how long it took and what came of it, kept without anybody's address."""

from .hooks import metrics_text, note_search, observe, recorder, shared_queries
from .metrics import METRICS_TYPE
from .query_log import QueryCount, QueryLog, QueryLogError

__all__ = [
    "METRICS_TYPE",
    "QueryCount",
    "QueryLog",
    "QueryLogError",
    "metrics_text",
    "note_search",
    "observe",
    "recorder",
    "shared_queries",
]
