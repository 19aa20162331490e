"""What was asked, how long it took and what came of it, kept without anybody's address."""

from .hooks import metrics_text, note_search, observe, recorder
from .metrics import METRICS_TYPE
from .query_log import LoggedQuery, QueryLog, QueryLogError

__all__ = [
    "METRICS_TYPE",
    "LoggedQuery",
    "QueryLog",
    "QueryLogError",
    "metrics_text",
    "note_search",
    "observe",
    "recorder",
]
