"""What was asked, how long it took and what came of it, kept without anybody's address."""

from .query_log import QueryCount, QueryLog, QueryLogError

__all__ = ["QueryCount", "QueryLog", "QueryLogError"]
