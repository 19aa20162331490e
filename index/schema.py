"""The zones of an article: one table that the index, the ranking and the query language read."""

from dataclasses import dataclass
from enum import IntEnum

from .article import Article


class Zone(IntEnum):
    """A searchable part of an article; the value is its column in every per-zone array."""

    HEADLINE = 0
    LEAD = 1
    BODY = 2
    CAPTIONS = 3
    RELATED = 4


ZONE_COUNT = len(Zone)
ALL_ZONES = frozenset(Zone)

#: Names that the query language and the `field` parameter accept, folded (`tieude:`, `title:` …).
FIELD_ZONES: dict[str, frozenset[Zone]] = {
    "all": ALL_ZONES,
    "tatca": ALL_ZONES,
    "title": frozenset({Zone.HEADLINE}),
    "tieude": frozenset({Zone.HEADLINE}),
    "lead": frozenset({Zone.LEAD}),
    "sapo": frozenset({Zone.LEAD}),
    "body": frozenset({Zone.BODY}),
    "noidung": frozenset({Zone.BODY}),
    "caption": frozenset({Zone.CAPTIONS}),
    "chuthich": frozenset({Zone.CAPTIONS}),
    "related": frozenset({Zone.RELATED}),
    "lienquan": frozenset({Zone.RELATED}),
}


@dataclass(frozen=True, slots=True)
class ZoneText:
    """The paragraphs of one zone; adjacency never crosses from one paragraph to the next."""

    zone: Zone
    paragraphs: tuple[str, ...]


def zone_texts(article: Article) -> tuple[ZoneText, ...]:
    """The article's non-empty zones in zone order."""
    related = tuple(text for item in article.related for text in (item.headline, item.snippet))
    texts = (
        (Zone.HEADLINE, (article.headline,)),
        (Zone.LEAD, (article.lead,)),
        (Zone.BODY, article.body),
        (Zone.CAPTIONS, article.captions),
        (Zone.RELATED, related),
    )
    return tuple(
        ZoneText(zone, kept)
        for zone, paragraphs in texts
        if (kept := tuple(paragraph for paragraph in paragraphs if paragraph))
    )
