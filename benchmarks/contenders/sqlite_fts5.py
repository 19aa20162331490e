"""SQLite FTS5: three columns, bm25 with their weights, the articles in a table beside the index."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from queries import Kind, Query

from index import Article

from .base import TOP, ZONE_WEIGHTS, Answer, Retrieval, Run, Sizes, folded_zones, zones

_RANK = f"bm25(news, {', '.join(map(str, ZONE_WEIGHTS))})"
_BEST = f"SELECT rowid FROM news WHERE news MATCH ? ORDER BY {_RANK} LIMIT {TOP}"  # noqa: S608  # constants above
_COUNT = "SELECT count(*) FROM news WHERE news MATCH ?"


class SqliteFts5:
    """The index holds no text of its own (`content=''`); texts lie in a file of their own."""

    name = "SQLite FTS5"

    def build(self, articles: Sequence[Article], folder: Path) -> int:
        with closing(sqlite3.connect(folder / "fts.db")) as database:
            database.execute("ATTACH ? AS texts", [str(folder / "texts.db")])
            database.execute("CREATE VIRTUAL TABLE news USING fts5(title, lead, body, content='')")
            database.execute(
                "CREATE TABLE texts.article"
                " (number INTEGER PRIMARY KEY, id TEXT UNIQUE, title TEXT, lead TEXT, body TEXT)"
            )
            for number, article in enumerate(articles, 1):
                database.execute(
                    "INSERT INTO news(rowid, title, lead, body) VALUES (?, ?, ?, ?)",
                    (number, *folded_zones(article)),
                )
                database.execute(
                    "INSERT INTO texts.article VALUES (?, ?, ?, ?, ?)",
                    (number, article.id, *zones(article)),
                )
            database.execute("INSERT INTO news(news) VALUES ('optimize')")
            database.commit()
            database.execute("VACUUM main")  # 'optimize' leaves as many free pages as it wrote
            (count,) = database.execute("SELECT count(*) FROM news_docsize").fetchone()
            return int(count)

    def sizes(self, folder: Path) -> Sizes:
        index, texts = ((folder / name).stat().st_size for name in ("fts.db", "texts.db"))
        return Sizes(index + texts, texts)

    def open(self, folder: Path) -> list[Retrieval]:
        database = sqlite3.connect(f"file:{folder / 'fts.db'}?mode=ro", uri=True)
        database.execute("PRAGMA mmap_size = 1000000000")
        texts = sqlite3.connect(f"file:{folder / 'texts.db'}?mode=ro", uri=True)
        return [
            Retrieval(
                self.name,
                lambda query: _prepare(database, query),
                lambda answer: tuple(_id_of(texts, row) for row in answer.best),
                share=0.25,
                rounds=3,
            )
        ]


def _id_of(texts: sqlite3.Connection, row: object) -> str:
    (found,) = texts.execute("SELECT id FROM article WHERE number = ?", [row]).fetchone()
    return str(found)


def _prepare(database: sqlite3.Connection, query: Query) -> Run:
    quoted = [f'"{word}"' for word in query.folded]
    if query.kind is Kind.PHRASE:
        asked = f'"{" ".join(query.folded)}"'
    else:
        asked = (" OR " if query.kind.any_word else " AND ").join(quoted)

    def run() -> Answer:
        best = database.execute(_BEST, [asked]).fetchall()
        (total,) = database.execute(_COUNT, [asked]).fetchone()
        return Answer(total, tuple(number for (number,) in best))

    return run
