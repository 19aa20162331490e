"""CSL-JSON, the input of every citation processor that reads CSL styles."""

from collections.abc import Iterable, Iterator

from index import Article

from ...query.urls import Site
from ..json_text import Json, json_text
from ..record import Record, record_of

__all__ = ["write_csl_json"]


def write_csl_json(articles: Iterable[Article], site: Site) -> Iterator[str]:
    """One array of items of the type article-newspaper, an item a line."""
    yield "["
    separator = "\n"
    for article in articles:
        yield separator + json_text(_item(record_of(article, site)))
        separator = ",\n"
    yield "\n]\n"


def _item(record: Record) -> Json:
    """An item; names are literal, since a processor would turn family and given names round."""
    item: Json = {"id": record.id, "type": "article-newspaper", "title": record.title}
    if record.authors:
        item["author"] = [{"literal": name} for name in record.authors]
    if (day := record.published) is not None:
        item["issued"] = {"date-parts": [[day.year, day.month, day.day]]}
    texts = {
        "container-title": record.source,
        "section": record.section,
        "abstract": record.abstract,
        "keyword": ", ".join(record.tags),
    }
    item.update({name: text for name, text in texts.items() if text})
    item["language"] = "vi"
    item["URL"] = record.url
    item["archive_location"] = record.permalink
    return item
