"""Reading a file that a test has just written."""

import gzip
from pathlib import Path

from index.article import Article
from index.readers import BadRecord, Notice, read_path


def read_with_notices(path: Path) -> tuple[list[Article], list[BadRecord], list[Notice]]:
    """All articles below the path, what could not be read, and what was said of the others."""
    bad: list[BadRecord] = []
    notices: list[Notice] = []
    articles = list(read_path(path, on_bad=bad.append, on_notice=notices.append))
    return articles, bad, notices


def read_all(path: Path) -> tuple[list[Article], list[BadRecord]]:
    """All articles below the path, and all records that could not be read."""
    articles, bad, _ = read_with_notices(path)
    return articles, bad


def read_file(
    folder: Path, name: str, content: str | bytes
) -> tuple[list[Article], list[BadRecord]]:
    """What the reader makes of a file of this name and content."""
    return read_all(write_file(folder, name, content))


def write_file(folder: Path, name: str, content: str | bytes) -> Path:
    """The path of a new file of this content, compressed where its name says so."""
    data = content.encode() if isinstance(content, str) else content
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def read_one(folder: Path, name: str, content: str | bytes) -> Article:
    """The one article of such a file; nothing may be said of it."""
    articles, bad, notices = read_with_notices(write_file(folder, name, content))
    assert [str(told) for told in (*bad, *notices)] == []
    assert len(articles) == 1
    return articles[0]
