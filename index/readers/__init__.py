"""Readers: news files of several formats, each record turned into an Article or reported."""

from .bad_record import (
    BadRecord,
    FieldNotice,
    IgnoredKeys,
    Listener,
    Notice,
    OnBad,
    OnNotice,
    OtherFiles,
    pass_over,
)
from .folder import estimate_bytes, list_files, read_file, read_path, read_paths
from .news_file import NewsFile, OnBytes, ReadWatch
from .record_names import DEFAULT_NAMES, FieldNames, UnknownFieldError
from .source_file import RECORD_LIMIT
from .text_repair import repair_text

__all__ = [
    "DEFAULT_NAMES",
    "RECORD_LIMIT",
    "BadRecord",
    "FieldNames",
    "FieldNotice",
    "IgnoredKeys",
    "Listener",
    "NewsFile",
    "Notice",
    "OnBad",
    "OnBytes",
    "OnNotice",
    "OtherFiles",
    "ReadWatch",
    "UnknownFieldError",
    "estimate_bytes",
    "list_files",
    "pass_over",
    "read_file",
    "read_path",
    "read_paths",
    "repair_text",
]
