"""Readers: news files of several formats, each record turned into an Article or reported."""

from .bad_record import BadRecord, FieldNotice, IgnoredKeys, Notice, OnBad, OnNotice
from .folder import estimate_bytes, read_path, read_paths
from .record_names import FieldNames, UnknownFieldError
from .source_file import RECORD_LIMIT, OnBytes
from .text_repair import repair_text

__all__ = [
    "RECORD_LIMIT",
    "BadRecord",
    "FieldNames",
    "FieldNotice",
    "IgnoredKeys",
    "Notice",
    "OnBad",
    "OnBytes",
    "OnNotice",
    "UnknownFieldError",
    "estimate_bytes",
    "read_path",
    "read_paths",
    "repair_text",
]
