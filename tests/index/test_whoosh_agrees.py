"""A second opinion: Whoosh's matchers over the same files find what our retrieval finds.

Whoosh's `And`, `Or`, `Not`, spans and ranges run over the codec's postings; a plan's term sets are
leaves of their own, for Whoosh's fields have one term where the index has two (text without marks).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import pytest
from archives import Archive, archive, large_archive
from generated_news import SYLLABLES, Change, histories
from generated_plans import plans
from hypothesis import given
from hypothesis import strategies as st
from profiles import some_examples
from whoosh import query
from whoosh.matching import FilterMatcher, NullMatcher
from whoosh.query import spans
from whoosh.util.times import datetime_to_long

from analyzers import ANALYSIS_VERSION, fold, has_marks
from index import Zone
from index.engines.embedded.store import NewsIndex
from index.engines.embedded.whoosh_fields import ArrayMatcher, ZoneField, vietnamese_time
from index.plan import (
    And,
    AtLeast,
    IdIn,
    KeywordIs,
    Not,
    Or,
    Phrase,
    PublishedWithin,
    Query,
    QueryPlan,
    TermSet,
    WeightedTerm,
)
from index.segments.inversion import BARE_ZONE_MARK


class Leaf(query.Query):  # type: ignore[misc]  # Whoosh has no types
    """Indexed terms in one zone, as one term."""

    boost = 1.0

    def __init__(self, index: NewsIndex, zone: Zone, *terms: WeightedTerm) -> None:
        self._index = index
        self._zone = zone
        self._terms = terms

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        reader = searcher.reader()
        if not reader.doc_count_all():
            return NullMatcher()
        segment = self._index.segment(reader.segment())
        numbers = [segment.terms.number(term.term, term.fold) for term in self._terms]
        field = ZoneField(segment, self._zone, folded=False)
        postings = field.of_numbers([number for number in numbers if number is not None])
        if postings is None:
            return NullMatcher()
        name = self._zone.name.lower()
        matcher = ArrayMatcher(postings, (name, b""), reader.schema[name].format, None)
        return FilterMatcher(matcher, frozenset(reader.segment().deleted), exclude=True)

    def estimate_size(self, reader: Any) -> int:
        return int(reader.doc_count_all())

    def is_leaf(self) -> bool:
        return True


class Near(spans.SpanNear):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's own, with the estimate that its `And` asks for."""

    def estimate_size(self, reader: Any) -> int:
        return int(reader.doc_count_all())


class Translator:
    """A plan's query as a tree of Whoosh's."""

    def __init__(self, index: NewsIndex) -> None:
        self._index = index

    def of(self, match: Query) -> Any:
        """The same query."""
        match match:
            case TermSet():
                return _any(self._terms(match, zone) for zone in match.zones)
            case Phrase():
                return _any(self._phrase(match, zone) for zone in match.parts[0].zones)
            case And():
                return _all(map(self.of, match.children))
            case Or():
                return _any(map(self.of, match.children))
            case Not():
                return _none_of(self.of(match.child))
            case AtLeast():
                several = combinations(match.children, match.count)
                return _any(_all(map(self.of, children)) for children in several)
            case KeywordIs():
                return _any(query.Term(match.column, label) for label in match.labels)
            case PublishedWithin(first, last):
                return query.NumericRange(
                    "published", _microseconds(first), _microseconds(last), endexcl=last is not None
                )
            case IdIn():
                return _any(query.Term("id", doc_id) for doc_id in match.ids)

    def _terms(self, terms: TermSet, zone: Zone) -> Any:
        return _any(Leaf(self._index, zone, term) for term in terms.terms)

    def _phrase(self, phrase: Phrase, zone: Zone) -> Any:
        # Whoosh's `Or` of many terms has no spans.
        parts = [Leaf(self._index, zone, *part.terms) for part in phrase.parts]
        if phrase.window is not None:
            return Near(*parts, slop=phrase.window, ordered=False, mindist=0)
        steps = [b - a for a, b in zip(phrase.offsets, phrase.offsets[1:], strict=False)]
        found = parts[0]
        for part, step in zip(parts[1:], steps, strict=True):
            found = Near(found, part, slop=step, ordered=True, mindist=step)
        return found


def _all(queries: Any) -> Any:
    found = list(queries)
    return query.And(found) if found else query.Every()


def _any(queries: Any) -> Any:
    found = list(queries)
    return query.Or(found) if found else query.NullQuery


def _none_of(asked: Any) -> Any:
    """Alone, Whoosh's `Not` gives deleted documents too."""
    return query.And([query.Every(), query.Not(asked)])


def _microseconds(seconds: int | None) -> int | None:
    if seconds is None:
        return None
    return int(datetime_to_long(vietnamese_time(datetime.fromtimestamp(seconds, UTC))))


def expressible(match: Query) -> Query:
    """The same query, two sets at most within a window: Whoosh nests pairs of them."""
    match match:
        case Phrase(parts, offsets, window) if window is not None:
            return Phrase(parts[:2], offsets[:2], window)
        case And() | Or() | AtLeast():
            return replace(match, children=tuple(map(expressible, match.children)))
        case Not():
            return Not(expressible(match.child))
    return match


def ours(made: Archive, match: Query) -> set[str]:
    searcher = made.engine._current()
    docs = searcher.archive.matching(match).nonzero()[0]
    return {searcher.snapshot.doc_id(int(doc)) for doc in docs}


def theirs(searcher: Any, asked: Any) -> set[str]:
    return {searcher.stored_fields(doc)["id"] for doc in searcher.docs_for_query(asked)}


def assert_second_opinion(made: Archive, matches: Sequence[Query]) -> None:
    index = NewsIndex(made.folder, ANALYSIS_VERSION)
    with index.searcher() as searcher:
        for match in map(expressible, matches):
            expected = ours(made, match)
            found = theirs(searcher, Translator(index).of(match))
            assert found == expected, (match, found ^ expected)


@some_examples
@given(histories, st.lists(plans, min_size=1, max_size=8))
def test_whoosh_finds_what_a_plan_does(history: list[Change], asked: list[QueryPlan]) -> None:
    with archive(history) as made:
        assert_second_opinion(made, [plan.match for plan in asked])


@pytest.fixture(scope="module")
def large() -> Iterator[Archive]:
    with large_archive() as made:
        yield made


@some_examples
@given(st.lists(plans, min_size=1, max_size=4))
def test_whoosh_agrees_on_frequent_words_too(large: Archive, asked: list[QueryPlan]) -> None:
    assert_second_opinion(large, [plan.match for plan in asked])


# -- the queries that people write for Whoosh, against the plans that mean the same

_ZONE_NAMES = {zone.name.lower(): frozenset({zone}) for zone in Zone} | {"all": frozenset(Zone)}
_fields = st.sampled_from(sorted(_ZONE_NAMES))
_words = st.sampled_from((*SYLLABLES, "putin", "20"))


def _meaning(field: str, word: str) -> TermSet:
    """What one of Whoosh's terms stands for."""
    folded = fold(word)
    terms = [WeightedTerm(word, folded)]
    if not has_marks(word):
        terms.append(WeightedTerm(folded + BARE_ZONE_MARK, folded))
    return TermSet(tuple(terms), _ZONE_NAMES[field], stacked=True)


def _term(field: str, word: str) -> tuple[Any, Query]:
    return query.Term(field, word), _meaning(field, word)


def _phrase(field: str, words: list[str]) -> tuple[Any, Query]:
    sets = tuple(_meaning(field, word) for word in words)
    return query.Phrase(field, words), Phrase(sets, tuple(range(len(words))))


def _near(field: str, words: list[str], slop: int) -> tuple[Any, Query]:
    first, second = (query.Term(field, word) for word in words)
    sets = tuple(_meaning(field, word) for word in words)
    near = Near(first, second, slop=slop, ordered=False, mindist=0)
    return near, Phrase(sets, (0, 1), slop)


def _both(pairs: list[tuple[Any, Query]]) -> tuple[Any, Query]:
    return query.And([a for a, _ in pairs]), And(tuple(b for _, b in pairs))


def _either(pairs: list[tuple[Any, Query]]) -> tuple[Any, Query]:
    return query.Or([a for a, _ in pairs]), Or(tuple(b for _, b in pairs))


def _without(pair: tuple[Any, Query]) -> tuple[Any, Query]:
    return _none_of(pair[0]), Not(pair[1])


_leaves = st.one_of(
    st.builds(_term, _fields, _words),
    st.builds(_phrase, _fields, st.lists(_words, min_size=2, max_size=3)),
    st.builds(_near, _fields, st.lists(_words, min_size=2, max_size=2), st.integers(0, 4)),
)
_written = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.builds(_both, st.lists(inner, min_size=1, max_size=3)),
        st.builds(_either, st.lists(inner, min_size=1, max_size=3)),
        st.builds(_without, inner),
    ),
    max_leaves=5,
)


@some_examples
@given(histories, st.lists(_written, min_size=1, max_size=8))
def test_our_plans_find_what_whooshs_queries_do(
    history: list[Change], asked: list[tuple[Any, Query]]
) -> None:
    with archive(history) as made:
        index = NewsIndex(made.folder, ANALYSIS_VERSION)
        with index.searcher() as searcher:
            for written, plan in asked:
                assert theirs(searcher, written) == ours(made, plan), written
                scored = searcher.search(written, limit=None)
                assert {hit["id"] for hit in scored} == ours(made, plan), written
