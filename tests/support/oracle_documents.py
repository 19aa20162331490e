"""What the oracle sees of an article, and whether a plan's conditions hold in it.

Everything is looked up by walking over the words of the paragraphs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from analyzers import STACKED, Token, TokenKind, has_marks, index_tokens
from index import Article, Zone
from index.plan import (
    And,
    AtLeast,
    IdIn,
    KeywordIs,
    Not,
    Or,
    PairSet,
    Passages,
    Phrase,
    PublishedWithin,
    Query,
    ScoredQuery,
    TermSet,
)
from index.segments.inversion import BARE_ZONE_MARK

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Word:
    """An indexed term at its position in a paragraph; stacked: on the place of another one."""

    term: str
    position: int
    stacked: bool


Paragraph = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """An article with the words of its paragraphs, by zone."""

    article: Article
    zones: Mapping[Zone, tuple[Paragraph, ...]]

    def length(self, zone: Zone) -> int:
        """Words of a zone, stacked ones not counted."""
        return sum(not word.stacked for paragraph in self.zones[zone] for word in paragraph)


@lru_cache(10_000)
def read_article(article: Article) -> Document:
    """The article's words under the index's rules."""
    related = [text for item in article.related for text in (item.headline, item.snippet)]
    return Document(
        article,
        {
            Zone.HEADLINE: _read_zone([article.headline]),
            Zone.LEAD: _read_zone([article.lead]),
            Zone.BODY: _read_zone(article.body),
            Zone.CAPTIONS: _read_zone(article.captions),
            Zone.RELATED: _read_zone(related),
        },
    )


def _read_zone(texts: Iterable[str]) -> tuple[Paragraph, ...]:
    paragraphs = [index_tokens(text) for text in texts]
    bare = not any(has_marks(token.exact) for tokens in paragraphs for token in tokens)
    return tuple(
        tuple(
            Word(
                _bare_form(token) if bare else token.exact,
                token.position,
                token.kind in STACKED,
            )
            for token in tokens
        )
        for tokens in paragraphs
    )


def _bare_form(token: Token) -> str:
    """How a term stands in a zone without any marks; figures and addresses never have any."""
    is_word = token.kind in (TokenKind.WORD, TokenKind.CODE, TokenKind.JOINED)
    if is_word and any(char.isalpha() for char in token.folded):
        return token.folded + BARE_ZONE_MARK
    return token.exact


def matches(document: Document, match: Query) -> bool:
    """Whether one article matches."""
    match match:
        case TermSet() | Phrase():
            return any(
                occurrences(paragraph, zone, match) > 0
                for zone, paragraphs in document.zones.items()
                for paragraph in paragraphs
            )
        case And(children):
            return all(matches(document, child) for child in children)
        case Or(children):
            return any(matches(document, child) for child in children)
        case Not(child):
            return not matches(document, child)
        case AtLeast(count, children):
            return sum(matches(document, child) for child in children) >= count
        case KeywordIs(column, labels):
            return not labels.isdisjoint(labels_of(document.article, column))
        case PublishedWithin(first, last):
            seconds = seconds_of(document.article)
            return (
                seconds is not None
                and (first is None or first <= seconds)
                and (last is None or seconds < last)
            )
        case IdIn(ids):
            return document.article.id in ids


def occurrences(paragraph: Paragraph, zone: Zone, scored: ScoredQuery) -> float:
    """How often something occurs in a paragraph, forms counted by their share."""
    match scored:
        case TermSet():
            return sum(_share(word, zone, scored) for word in paragraph)
        case PairSet(first, second):
            return sum(
                _share(left, zone, first) * _share(right, zone, second)
                for left in paragraph
                for right in paragraph
                if right.position == left.position + 1 and not (left.stacked or right.stacked)
            )
        case Phrase():
            places = [_places(paragraph, zone, part) for part in scored.parts]
            return sum(_stands_at(place, places, scored) for place in set().union(*places))


def _stands_at(place: int, places: Sequence[set[int]], phrase: Phrase) -> bool:
    """Whether the phrase begins at a place, given where each of its parts stands."""
    if phrase.window is not None:
        return all(any(place <= at <= place + phrase.window for at in part) for part in places)
    steps = [offset - phrase.offsets[0] for offset in phrase.offsets]
    return all(place + step in part for step, part in zip(steps, places, strict=True))


def _share(word: Word, zone: Zone, terms: TermSet) -> float:
    if zone not in terms.zones:
        return 0.0
    return sum(form.boost for form in terms.terms if form.term == word.term)


def _places(paragraph: Paragraph, zone: Zone, terms: TermSet) -> set[int]:
    """Positions of any of the forms; a phrase counts them in full, whatever their share."""
    return {word.position for word in paragraph if _share(word, zone, terms) > 0}


def passage_weight(document: Document, passages: Passages, rarities: Sequence[float]) -> float:
    """What the words of the best passage weigh; where frequent ones stand is not looked at."""
    best = 0.0
    for zone in Zone:
        for paragraph in document.zones[zone]:
            placed = [
                (place, number)
                for number, terms in enumerate(passages.words)
                if rarities[number] > 1
                for place in _places(paragraph, zone, terms)
            ]
            for start, _ in placed:
                inside = {n for place, n in placed if 0 <= place - start <= passages.window}
                best = max(best, sum(rarities[number] for number in inside))
    return best


def labels_of(article: Article, column: str) -> tuple[str, ...]:
    """The labels of a keyword column, empty ones left out."""
    values = {
        "source": (article.source,),
        "section": (article.section,),
        "authors": article.authors,
        "tags": article.tags,
    }
    return tuple(value for value in values[column] if value)


def seconds_of(article: Article) -> int | None:
    """Whole seconds since 1970 UTC; None without a date."""
    if article.published is None:
        return None
    return int((article.published - _EPOCH).total_seconds())
