"""Strategies of hypothesis: plans that no query need lead to."""

from generated_news import IDS, PEOPLE, SOURCES, SYLLABLES, TAGS, TIMES
from hypothesis import strategies as st

from analyzers import fold
from index import Zone
from index.plan import (
    And,
    AtLeast,
    IdIn,
    KeywordIs,
    Not,
    Or,
    PairSet,
    Phrase,
    PublishedWithin,
    Query,
    QueryPlan,
    ScoringClause,
    TermSet,
    WeightedTerm,
)
from index.segments.inversion import BARE_ZONE_MARK

#: Forms that stand on top of the parts that they are made of.
_STACKED = ("putin", "2014-11-20")
_forms = st.builds(
    lambda syllable, bare, share: WeightedTerm(
        fold(syllable) + BARE_ZONE_MARK if bare else syllable, fold(syllable), share
    ),
    st.sampled_from((*SYLLABLES, *_STACKED, "20", "11")),
    st.sampled_from((False, False, False, True)),
    st.sampled_from((1.0, 0.5, 0.3)),
)
_zones = st.one_of(st.just(frozenset(Zone)), st.frozensets(st.sampled_from(Zone), min_size=1))


def _term_set(forms: tuple[WeightedTerm, ...], zones: frozenset[Zone]) -> TermSet:
    return TermSet(forms, zones, stacked=any(form.term in _STACKED for form in forms))


def _term_sets(zones: frozenset[Zone]) -> st.SearchStrategy[TermSet]:
    # A form stands once in a set: the compiler makes no other ones.
    several = st.lists(_forms, min_size=2, max_size=6, unique_by=lambda form: form.term)
    forms = st.one_of(several, several, several, st.lists(_forms, max_size=1)).map(tuple)
    return st.builds(_term_set, forms, st.just(zones))


@st.composite
def _phrases_of_sets(draw: st.DrawFn) -> Phrase:
    """Up to four sets; as in a query they all look into the same zones."""
    size = draw(st.sampled_from((2, 2, 3, 4)))
    parts = draw(st.lists(_term_sets(draw(_zones)), min_size=size, max_size=size))
    steps = draw(st.lists(st.sampled_from((1, 1, 1, 2)), min_size=3, max_size=3))
    first = draw(st.sampled_from((0, 0, 0, 2)))
    offsets = [first + sum(steps[:index]) for index in range(len(parts))]
    window = draw(st.sampled_from((None, None, 0, 1, 3, 8)))
    return Phrase(tuple(parts), tuple(offsets), window)


@st.composite
def _pair_sets(draw: st.DrawFn) -> PairSet:
    zones = draw(_zones)
    return PairSet(draw(_term_sets(zones)), draw(_term_sets(zones)))


_any_sets = _zones.flatmap(_term_sets)
_seconds = st.one_of(st.none(), st.sampled_from([int(t.timestamp()) for t in TIMES if t]))
_leaves: st.SearchStrategy[Query] = st.one_of(
    _any_sets,
    _any_sets,
    _phrases_of_sets(),
    st.builds(KeywordIs, st.just("source"), st.frozensets(st.sampled_from(SOURCES))),
    st.builds(KeywordIs, st.just("authors"), st.frozensets(st.sampled_from(PEOPLE))),
    st.builds(KeywordIs, st.just("tags"), st.frozensets(st.sampled_from(TAGS))),
    st.builds(PublishedWithin, _seconds, _seconds),
    st.builds(IdIn, st.frozensets(st.sampled_from((*IDS, "unknown")))),
)


def _combined(children: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(children, max_size=3).map(tuple)
    return st.one_of(
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Not, children),
        st.builds(AtLeast, st.integers(0, 3), several),
    )


_matches = st.recursive(_leaves, _combined, max_leaves=6)
_evidence = st.builds(
    ScoringClause,
    st.one_of(_any_sets, _pair_sets(), _phrases_of_sets()),
    st.sampled_from((1.0, 0.75, 0.3)),
    st.just("generated"),
)
plans = st.builds(QueryPlan, _matches, st.lists(_evidence, min_size=1, max_size=5).map(tuple))
