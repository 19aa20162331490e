"""Reading a file that a test has just written."""

import gzip
from pathlib import Path

from index.article import Article
from index.readers import BadRecord, read_path


def read_all(path: Path) -> tuple[list[Article], list[BadRecord]]:
    """All articles below the path, and all records that could not be read."""
    bad: list[BadRecord] = []
    return list(read_path(path, on_bad=bad.append)), bad


def read_file(
    folder: Path, name: str, content: str | bytes
) -> tuple[list[Article], list[BadRecord]]:
    """What the reader makes of a file of this name and content."""
    data = content.encode() if isinstance(content, str) else content
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return read_all(path)


def read_one(folder: Path, name: str, content: str | bytes) -> Article:
    """The one article of such a file; nothing in it may be bad."""
    articles, bad = read_file(folder, name, content)
    assert [str(record) for record in bad] == []
    assert len(articles) == 1
    return articles[0]
