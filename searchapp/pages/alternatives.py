"""Other searches that a page of results offers: narrower, wider, or with the accents chosen.

The narrower ones are also bars of the time when the hits appeared.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from index import (
    QUOTES,
    AccentMode,
    FacetValue,
    Filters,
    QueryError,
    QueryMode,
    SearchEngine,
    UnderstoodQuery,
)

from ..documents.explanation import FIELD_TEXTS
from ..http import context
from ..query.archive_labels import ArchiveLabels
from ..query.options import FILTER_NAMES
from ..query.params import COMPOUND, SearchParams, searched_text, typed_words, unrestricted
from ..text.formatting import date_text, month_text
from ..text.i18n import translate
from ..text.messages import N_

__all__ = [
    "Bar",
    "accented_readings",
    "hits_of",
    "timeline",
    "ways_out",
    "whole_phrases",
    "without_each",
]

_KIND_TEXTS: Final = {
    "sources": N_("Nguồn"),
    "sections": N_("Chuyên mục"),
    "authors": N_("Tác giả"),
    "not_sources": N_("Trừ nguồn"),
    "not_sections": N_("Trừ chuyên mục"),
    "not_authors": N_("Trừ tác giả"),
}
_UNQUOTED: Final = str.maketrans("", "", QUOTES)
_READINGS_SHOWN: Final = 6
#: Syllables of the longest query that is offered as one phrase, and how many phrases are.
_LONGEST_PHRASE: Final = 4
_PHRASES_SHOWN: Final = 2
#: An address may name any number of labels, and each takes a search to try without.
_RESTRICTIONS_TRIED: Final = 10
#: Readings rarer than this share of the most frequent one are left out.
_SMALLEST_SHARE: Final = 0.01
_DAYS_BY_DAY: Final = 45
_DAYS_BY_MONTH: Final = 3 * 366
_HEIGHT: Final = 100


def without_each(params: SearchParams) -> list[tuple[str, SearchParams]]:
    """Each restriction in words, with the first page of the search that lacks just that one."""
    first, filters = replace(params, page=1), params.filters
    chosen = [(a, value) for a in FILTER_NAMES.values() for value in getattr(filters, a)]
    labels = ArchiveLabels.of(context.stats()) if chosen else ArchiveLabels()
    without = []
    for attribute, value in chosen:
        kept = tuple(other for other in getattr(filters, attribute) if other != value)
        changes: dict[str, Any] = {attribute: kept}
        text = f"{translate(_KIND_TEXTS[attribute])}: {labels.name(attribute, value)}"
        without.append((text, replace(first, filters=replace(filters, **changes))))
    if filters.published_from is not None:
        text = translate("Từ %(day)s", day=date_text(filters.published_from))
        without.append((text, replace(first, filters=replace(filters, published_from=None))))
    if filters.published_to is not None:
        text = translate("Đến %(day)s", day=date_text(filters.published_to))
        without.append((text, replace(first, filters=replace(filters, published_to=None))))
    if params.accents is AccentMode.EXACT:
        without.append((translate("Đúng dấu"), replace(first, accents=AccentMode.AUTO)))
    if params.accents is AccentMode.FOLD:
        without.append((translate("Bỏ qua dấu"), replace(first, accents=AccentMode.AUTO)))
    if params.field != "all":
        text = translate("Chỉ trong %(part)s", part=translate(FIELD_TEXTS[params.field]))
        without.append((text, replace(first, field="all")))
    if params.mode is QueryMode.ADVANCED:
        without.append((translate("Cú pháp nâng cao"), replace(first, mode=QueryMode.SIMPLE)))
    if not params.fix:
        without.append((translate("Đúng như đã gõ"), replace(first, fix=True)))
    if not params.collapse:
        without.append((translate("Không gộp bản tương tự"), replace(first, collapse=True)))
    if params.recency is not None:
        without.append((translate("Ưu tiên tin mới"), replace(first, recency=None)))
    if not params.expand:
        without.append((translate("Không mở rộng"), replace(first, expand=True)))
    return without


def ways_out(
    engine: SearchEngine, params: SearchParams, restrictions: Sequence[tuple[str, SearchParams]]
) -> list[tuple[str, int, SearchParams]]:
    """Searches that are a little wider and have hits: what is wider in words, the hits, the search.

    Args:
        restrictions: as `without_each` gives them.
    """
    first = replace(params, page=1)
    wider = []
    if params.accents is not AccentMode.FOLD:
        wider.append((translate("Bỏ qua dấu"), replace(first, accents=AccentMode.FOLD)))
    unquoted = params.query.translate(_UNQUOTED)
    if unquoted != params.query:
        wider.append((translate("Bỏ dấu ngoặc kép"), replace(first, query=unquoted)))
    wider += [
        (translate("Bỏ lọc %(filter)s", filter=text), other)
        for text, other in restrictions[:_RESTRICTIONS_TRIED]
    ]
    if len(restrictions) > 1:
        wider.append((translate("Bỏ mọi bộ lọc"), unrestricted(params)))
    ways = []
    for text, other in wider:
        try:
            total = engine.total(context.within_budgets(other))
        except QueryError:
            # Without its quotes an advanced query may break the syntax: no way out.
            continue
        if total:
            ways.append((text, total, other))
    return ways


def accented_readings(
    engine: SearchEngine, params: SearchParams, understood: UnderstoodQuery
) -> Iterator[tuple[str, list[tuple[str, int, str]]]]:
    """Each text that was typed without accents and has several frequent readings, with these.

    A reading is its text, the hits of this search with it, and the query that has it. Words of
    several syllables come first, and their syllables are not asked about.
    """
    text = searched_text(understood)
    end = 0
    for token in sorted(understood.tokens, key=lambda token: (token.start, token.kind != COMPOUND)):
        if token.typed_marks or not token.readings or token.start < end:
            continue
        before, after = text[: token.start], text[token.end :]
        least = token.readings[0].count * _SMALLEST_SHARE
        asked = [
            (reading.text, before + reading.text + after)
            for reading in token.readings[:_READINGS_SHOWN]
            if reading.count >= least
        ]
        if len(asked) < 2:
            continue
        readings = [
            (reading, total, query)
            for reading, query in asked
            if (total := hits_of(engine, replace(params, query=query)))
        ]
        if token.kind == COMPOUND and readings:
            end = token.end
        if len(readings) > 1:
            yield text[token.start : token.end], readings


def whole_phrases(
    engine: SearchEngine, params: SearchParams, understood: UnderstoodQuery
) -> list[tuple[str, int, str]]:
    """Runs of the query that may be meant as phrases: the text, its hits, the query that asks so.

    Those are the whole of a short query, and what is likely one word.
    """
    text = searched_text(understood)
    words = typed_words(understood)
    spans = [(0, len(text)), *understood.spans]
    if not 1 < len(words) <= _LONGEST_PHRASE:
        spans = spans[1:]
    found: list[tuple[str, int, str]] = []
    for start, end in dict.fromkeys(spans):
        query = f'{text[:start]}"{text[start:end]}"{text[end:]}'
        if len(found) < _PHRASES_SHOWN and (total := hits_of(engine, replace(params, query=query))):
            found.append((text[start:end], total, query))
    return found


def hits_of(engine: SearchEngine, params: SearchParams) -> int:
    """What the heading of the search will count; 0 where it would be read as another one."""
    return engine.total(context.within_budgets(replace(params, fix=False)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One day, month or year: its first and last day, its hits, its height (0 to 100)."""

    text: str
    first: date
    last: date
    count: int
    height: int


def timeline(days: Sequence[FacetValue], filters: Filters) -> list[Bar]:
    """The bars in order of time, empty ones between them included; none where none has a hit.

    Args:
        days: hits of each day, as they would be without a filter by date.
    """
    earliest, latest = filters.published_from or date.min, filters.published_to or date.max
    counts = {
        day: value.count
        for value in days
        if earliest <= (day := date.fromisoformat(value.value)) <= latest
    }
    if not counts:
        return []
    first, last = min(counts), max(counts)
    span = (last - first).days
    # Characters of 2026-10-05: whole days, months or years.
    size = 10 if span <= _DAYS_BY_DAY else 7 if span <= _DAYS_BY_MONTH else 4
    grouped: Counter[str] = Counter()
    for day, count in counts.items():
        grouped[day.isoformat()[:size]] += count
    most = max(grouped.values())
    start = date(first.year, first.month if size > 4 else 1, first.day if size > 7 else 1)
    bars = []
    while start <= last:
        if size == 10:
            end = start
        elif size == 4 or start.month == 12:
            end = date(start.year, 12, 31)
        else:
            end = date(start.year, start.month + 1, 1) - timedelta(days=1)
        count = grouped[start.isoformat()[:size]]
        text = (
            date_text(start) if size == 10 else month_text(start) if size == 7 else str(start.year)
        )
        height = max(2, round(_HEIGHT * count / most)) if count else 0
        # Of a month or year that the filter cuts, only what is inside is counted and linked.
        inside = {"first": max(start, earliest), "last": min(end, latest)}
        bars.append(Bar(text=text, count=count, height=height, **inside))
        start = end + timedelta(days=1)
    return bars
