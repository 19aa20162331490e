"""Readers: news files of several formats, each record turned into an Article or reported."""

from .bad_record import BadRecord, OnBad
from .folder import estimate_bytes, read_path, read_paths
from .source_file import RECORD_LIMIT, OnBytes
from .text_repair import repair_text

__all__ = [
    "RECORD_LIMIT",
    "BadRecord",
    "OnBad",
    "OnBytes",
    "estimate_bytes",
    "read_path",
    "read_paths",
    "repair_text",
]
