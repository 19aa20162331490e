"""Three archives for tests that count: their articles, and the records that these are."""

import gzip
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from archives import in_memory
from generated_news import random_articles
from profiles import by_profile

from index import Article, BadRecord, SearchEngine, open_engine, read_paths

_REPOSITORY = Path(__file__).resolve().parents[2]
_SHARED = Path(os.environ.get("TIMBAO_SHARED", _REPOSITORY.parent / "shared"))
_NEWS = _SHARED / "data" / "tuoitre2024.jsonl.gz"
_NEWS_READ = by_profile(quick=100, deep=1_000)


@dataclass(frozen=True, slots=True)
class CountedArchive:
    """An index, its address, and the records that were written into it."""

    address: str
    engine: SearchEngine
    records: tuple[dict[str, Any], ...]


def sample_articles() -> list[Article]:
    """The sample documents."""
    bad: list[BadRecord] = []
    articles = list(read_paths([_REPOSITORY / "sample_docs"], on_bad=bad.append))
    assert not bad
    return articles


def generated_articles() -> list[Article]:
    """Short texts full of words that differ by their accents."""
    return random_articles(by_profile(quick=200, deep=480))


def news_articles() -> list[Article]:
    """Real news where there is some, otherwise other generated texts."""
    if not _NEWS.is_file():
        return random_articles(320, seed=7)
    with gzip.open(_NEWS, "rt", encoding="utf-8") as lines:
        return [_article(json.loads(line)) for line in islice(lines, _NEWS_READ)]


ARCHIVES: dict[str, Callable[[], list[Article]]] = {
    "sample": sample_articles,
    "generated": generated_articles,
    "news": news_articles,
}


@contextmanager
def counted_archive(name: str) -> Iterator[CountedArchive]:
    """One of the three, written into an index of its own."""
    articles = ARCHIVES[name]()
    with in_memory() as folder:
        address = f"whoosh:{folder / 'counted'}"
        engine = open_engine(address)
        with engine.writer() as writer:
            assert all(writer.put_all(articles))
        yield CountedArchive(address, engine, tuple(map(_record, articles)))
        engine.close()


def _article(record: dict[str, str]) -> Article:
    return Article(
        id=record["id"],
        headline=record["title"],
        lead=record.get("lead", ""),
        body=tuple(filter(None, record.get("body", "").split("\n"))),
        source=record["source"],
        section=record.get("category", ""),
        authors=tuple(filter(None, [record.get("author", "").strip()])),
        published=datetime.fromisoformat(record["published"]),
    )


def _record(article: Article) -> dict[str, Any]:
    """What the counting oracle is told of an article."""
    return {
        "id": article.id,
        "title": article.headline,
        "lead": article.lead,
        "body": list(article.body),
        "captions": list(article.captions),
        "related": [text for item in article.related for text in (item.headline, item.snippet)],
        "section": article.section,
        "source": article.source,
        "authors": list(article.authors),
        "date": article.published,
    }
