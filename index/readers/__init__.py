"""Readers: news files of several formats, each record turned into an Article or reported."""

from .bad_record import BadRecord, OnBad
from .folder import estimate_bytes, list_files, read_file, read_path, read_paths
from .source_file import RECORD_LIMIT, NewsFile, OnBytes, ReadWatch
from .text_repair import repair_text

__all__ = [
    "RECORD_LIMIT",
    "BadRecord",
    "NewsFile",
    "OnBad",
    "OnBytes",
    "ReadWatch",
    "estimate_bytes",
    "list_files",
    "read_file",
    "read_path",
    "read_paths",
    "repair_text",
]
