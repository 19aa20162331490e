"""Writing articles in a format, and reading the ids back out of a file."""

import csv
import io
import json
from collections.abc import Iterable

import rispy
from bibtexparser.entrypoint import parse_string
from citable import SITE
from small_archive import small_archive

from index import Article
from searchapp.documents.exports import export_format

__all__ = ["BIBLIOGRAPHIC", "ids_in", "written"]

BIBLIOGRAPHIC = ("ris", "bib", "csl.json")


def written(suffix: str, articles: Iterable[Article]) -> str:
    """The file of these articles."""
    kind = export_format(suffix)
    assert kind is not None
    return "".join(kind.write(articles, SITE))


def ids_in(fmt: str, text: str) -> list[str]:
    """The ids of the articles in a file, in order."""
    if fmt == "ris":
        return [record["accession_number"] for record in rispy.loads(text)]
    if fmt == "bib":
        keys = {_key_of(article.id): article.id for article in small_archive()}
        entries = parse_string(text).entries
        return [keys.get(entry.key, entry.key) for entry in entries]
    if fmt == "csv":
        rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        return [row["id"] for row in rows]
    if fmt == "ndjson":
        return [json.loads(line)["id"] for line in text.splitlines()]
    return [item["id"] for item in json.loads(text)]


def _key_of(doc_id: str) -> str:
    entry = parse_string(written("bib", [Article(id=doc_id, headline="x")])).entries
    return str(entry[0].key)
