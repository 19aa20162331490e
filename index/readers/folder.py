"""Files and folders of news: each file goes to the reader that its name asks for."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from ..article import Article
from .bad_record import BadRecord, FieldNotice, Listener, OnBad, OnNotice, RecordError, pass_over
from .csv_file import read_csv
from .html_page import read_html_page
from .json_file import read_json_document, read_json_lines
from .record_names import DEFAULT_NAMES, FieldNames
from .scraped_page import read_scraped_page
from .source_file import OnBytes, SourceFile

__all__ = ["estimate_bytes", "read_path", "read_paths"]

_Reader = Callable[[SourceFile, Listener, FieldNames], Iterator[Article]]

_READERS: Final[dict[str, _Reader]] = {
    ".txt": read_scraped_page,
    ".html": read_html_page,
    ".htm": read_html_page,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json_document,
    ".csv": read_csv,
    ".tsv": read_csv,
}


def read_path(
    path: Path,
    *,
    on_bad: OnBad,
    on_notice: OnNotice = pass_over,
    on_bytes: OnBytes | None = None,
    names: FieldNames = DEFAULT_NAMES,
) -> Iterator[Article]:
    """The articles of a file, or of the files below a folder.

    A folder's files come before its subfolders, both in the order of their names; hidden ones, and
    files whose names no reader knows, are passed over. What cannot be read goes to `on_bad` and
    never stops the rest; `on_notice` hears of single fields of articles. `on_bytes` hears, as
    reading goes on, how many more bytes of the files on disk are done; in the end they add up to
    `estimate_bytes`. `names` says under which keys records hold their fields.
    """
    told = Listener(on_bad, on_notice)
    if path.is_dir():
        for file in _files(path, on_bad):
            yield from _read_file(file, told, on_bytes, names)
    elif _reader_for(path) is None:
        suffixes = " ".join(_READERS)
        reason = f"no reader for this name (expected one of {suffixes}, or any of them with .gz)"
        on_bad(BadRecord(str(path), None, reason if path.exists() else "no such file or folder"))
    else:
        yield from _read_file(path, told, on_bytes, names)


def read_paths(
    paths: Iterable[Path],
    *,
    on_bad: OnBad,
    on_notice: OnNotice = pass_over,
    on_bytes: OnBytes | None = None,
    names: FieldNames = DEFAULT_NAMES,
) -> Iterator[Article]:
    """The articles of several files and folders, one after the other."""
    for path in paths:
        yield from read_path(
            path, on_bad=on_bad, on_notice=on_notice, on_bytes=on_bytes, names=names
        )


def estimate_bytes(paths: Iterable[Path]) -> int:
    """How many bytes on disk `read_paths` would go through; what cannot be seen counts 0."""
    total = 0
    for path in paths:
        for file in _files(path, lambda bad: None) if path.is_dir() else [path]:
            if _reader_for(file) is not None and file.is_file():
                total += file.stat().st_size
    return total


def _read_file(
    path: Path, told: Listener, on_bytes: OnBytes | None, names: FieldNames
) -> Iterator[Article]:
    reader = _reader_for(path)
    if reader is None:
        return
    if path.exists() and not path.is_file():
        # Opening a pipe would wait for its writer.
        told.bad(BadRecord(str(path), None, "not a regular file"))
        return
    with ExitStack() as stack:
        try:
            source = stack.enter_context(SourceFile(path, on_bytes))
        except RecordError as error:
            told.bad(BadRecord(str(path), None, error.reason))
            return
        if source.notice:
            told.notice(FieldNotice(str(path), None, source.notice))
        yield from reader(source, told, names)


def _reader_for(path: Path) -> _Reader | None:
    name = path.name.lower().removesuffix(".gz")
    return _READERS.get(os.path.splitext(name)[1])


def _files(folder: Path, on_bad: OnBad) -> Iterator[Path]:
    """The readable files below the folder, sorted; links to folders are not followed."""

    def report(error: OSError) -> None:
        reason = f"cannot be read: {error.strerror}"
        on_bad(BadRecord(str(error.filename or folder), None, reason))

    for parent, folders, names in os.walk(folder, onerror=report):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if not name.startswith(".") and _reader_for(path) is not None:
                yield path
