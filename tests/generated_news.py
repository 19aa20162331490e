"""Strategies of hypothesis: articles full of collisions, changes to an archive, queries, plans."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random

from hypothesis import strategies as st

from analyzers import fold
from index import VIETNAM_TIME, AccentMode, Article, Filters, RelatedItem, SearchRequest, Zone
from index.inversion import BARE_ZONE_MARK
from index.query.plan import (
    And,
    AtLeast,
    Evidence,
    Form,
    IdIn,
    KeywordIs,
    Match,
    Not,
    Or,
    PairSet,
    Phrase,
    Plan,
    PublishedWithin,
    TermSet,
)

SYLLABLES = (
    *("la", "lá", "lạ", "lai", "châu", "chấu", "chau", "hà", "ha", "nội", "nôi", "noi"),
    *("kỳ", "kĩ", "ky", "hòa", "hoà", "hoa", "đo", "đỏ", "đô", "do", "sông", "sống", "song"),
)
PIECES = (
    *SYLLABLES,
    *("Hà Nội", "Lai Châu", "HOA KỲ", "Pu-tin", "putin", "Covid-19", "covid 19", "UBND", "CSGT"),
    *("ủy ban nhân dân", "cảnh sát giao thông", "20/11/2014", "ngày 20 tháng 11 năm 2014"),
    *("30/4", "30 tháng 4", "11/2014", "9h", "14h30", "2.100", "3,14", "1", "20", "11", "2014"),
    *(".", ",", "–", "!"),
)
IDS = tuple(f"tin-{number}" for number in range(20))
SOURCES = ("", "Báo Sông", "Thời sự", "thoi su")
SECTIONS = ("", "Xã hội", "Kinh tế")
PEOPLE = ("Lê Lai", "Hà Kỳ", "ha ky")
TAGS = ("lũ", "hà nội")
TIMES = (
    None,
    datetime(1969, 12, 31, 23, 0, tzinfo=UTC),
    datetime(2014, 11, 20, 8, 0, tzinfo=VIETNAM_TIME),
    datetime(2014, 11, 20, 23, 59, 59, tzinfo=VIETNAM_TIME),
    datetime(2014, 11, 21, 0, 0, tzinfo=VIETNAM_TIME),
    datetime(2026, 1, 1, 1, 0, tzinfo=VIETNAM_TIME),
)


def _text_pool(size: int) -> list[str]:
    """Paragraphs, the simplest first: one draw a paragraph is fast, and shrinks well enough.

    A few are empty, some decomposed, some without any marks.
    """
    random = Random(20141120)  # noqa: S311 -- the same texts in every run, no secrets
    pool = ["", *SYLLABLES]
    for _ in range(size):
        text = " ".join(random.choices(PIECES, k=random.randint(1, 9)))
        ways = (str, str, fold, partial(unicodedata.normalize, "NFD"))
        pool.append(random.choice(ways)(text))
    return sorted(pool, key=len)


_TEXTS = _text_pool(600)
_texts = st.sampled_from(_TEXTS)
_headlines = st.sampled_from([text for text in _TEXTS if text])
_paragraphs = st.lists(_texts, max_size=3).map(tuple)
_related = st.lists(st.builds(RelatedItem, _headlines, _texts), max_size=2).map(tuple)

articles = st.builds(
    Article,
    id=st.sampled_from(IDS),
    headline=_headlines,
    lead=_texts,
    body=_paragraphs,
    captions=_paragraphs,
    source=st.sampled_from(SOURCES),
    section=st.sampled_from(SECTIONS),
    authors=st.lists(st.sampled_from(PEOPLE), max_size=2).map(tuple),
    tags=st.lists(st.sampled_from(TAGS), max_size=2).map(tuple),
    published=st.sampled_from(TIMES),
    related=_related,
)


@dataclass(frozen=True, slots=True)
class Change:
    """Articles to write, ids to delete after that, and how it becomes visible."""

    articles: tuple[Article, ...]
    deleted: tuple[str, ...]
    merge: bool
    """Whether everything is merged into one segment at the end."""


_changes = st.builds(
    Change,
    articles=st.lists(articles, max_size=12).map(tuple),
    deleted=st.lists(st.sampled_from(IDS), max_size=2).map(tuple),
    merge=st.sampled_from((False, False, False, False, True)),
)
histories = st.lists(_changes, min_size=1, max_size=4)


# -- queries as people type them

_words = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map(" ".join)
_typed = st.one_of(_words, _words.map(fold), _words.map(str.lower))
_syllables = st.sampled_from(SYLLABLES)
_phrases = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map(" ".join).map('"{}"'.format),
    st.builds('"{} {}"~{}'.format, _syllables, _syllables, st.integers(0, 6)),
)
_values = st.sampled_from(
    (
        *("nguon:thoi-su", 'nguon:"Thời sự"', "muc:xa-hoi", "tacgia:ky"),
        *("ngay:2014", "ngay:11/2014", "ngay:20/11/2014..2026"),
    )
)
_fields = st.sampled_from(("tieude", "sapo", "noidung", "chuthich", "lienquan"))
_atoms = st.one_of(
    _typed,
    _syllables,
    _phrases,
    _values,
    _syllables.map("-{}".format),
    _syllables.map(lambda word: word[:2] + "*"),
    st.builds("{}:{}".format, _fields, st.one_of(_syllables, _phrases)),
)
_queries = st.one_of(
    _syllables,
    st.lists(_atoms, min_size=1, max_size=3).map(" ".join),
    st.builds("{} {} {}".format, _atoms, st.sampled_from(("AND", "OR", "NOT")), _atoms),
    st.builds("({} OR {}) -{}".format, _atoms, _atoms, _syllables),
    st.just(""),
)
_days = st.sampled_from((None, date(2014, 11, 20), date(2014, 11, 21), date(2026, 1, 1)))


def _names(labels: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from([x for x in labels if x] + ["thoi-su"]), max_size=2).map(tuple)


_some_filters = st.builds(
    Filters,
    sources=_names(SOURCES),
    sections=_names(SECTIONS),
    authors=_names(PEOPLE),
    not_sources=_names(SOURCES),
    not_authors=_names(PEOPLE),
    published_from=_days,
    published_to=_days,
)
requests = st.builds(
    SearchRequest,
    query=_queries,
    limit=st.just(10_000),
    accents=st.sampled_from(AccentMode),
    field=st.sampled_from(("all", "all", "all", "title", "body")),
    filters=st.one_of(st.just(Filters()), st.just(Filters()), _some_filters),
    expand=st.booleans(),
    fix=st.booleans(),
)


# -- plans that no query need lead to

_forms = st.builds(
    lambda syllable, bare, share: Form(
        fold(syllable) + BARE_ZONE_MARK if bare else syllable, fold(syllable), share
    ),
    st.sampled_from((*SYLLABLES, "putin", "2014-11-20", "20", "11")),
    st.booleans(),
    st.sampled_from((1.0, 0.5, 0.3)),
)
_zones = st.one_of(st.just(frozenset(Zone)), st.frozensets(st.sampled_from(Zone), min_size=1))


def _term_sets(zones: frozenset[Zone]) -> st.SearchStrategy[TermSet]:
    # A form stands once in a set: the compiler makes no other ones.
    forms = st.lists(_forms, max_size=4, unique_by=lambda form: form.term).map(tuple)
    return st.builds(TermSet, forms, st.just(zones))


@st.composite
def _phrases_of_sets(draw: st.DrawFn) -> Phrase:
    """Up to four sets; as in a query they all look into the same zones."""
    parts = draw(st.lists(_term_sets(draw(_zones)), min_size=2, max_size=4))
    steps = draw(st.lists(st.sampled_from((1, 1, 1, 2)), min_size=3, max_size=3))
    offsets = [sum(steps[:index]) for index in range(len(parts))]
    window = draw(st.one_of(st.none(), st.integers(0, 8)))
    return Phrase(tuple(parts), tuple(offsets), window)


@st.composite
def _pair_sets(draw: st.DrawFn) -> PairSet:
    zones = draw(_zones)
    return PairSet(draw(_term_sets(zones)), draw(_term_sets(zones)))


_any_sets = _zones.flatmap(_term_sets)
_seconds = st.one_of(st.none(), st.sampled_from([int(t.timestamp()) for t in TIMES if t]))
_leaves: st.SearchStrategy[Match] = st.one_of(
    _any_sets,
    _any_sets,
    _phrases_of_sets(),
    st.builds(KeywordIs, st.just("source"), st.frozensets(st.sampled_from(SOURCES))),
    st.builds(KeywordIs, st.just("authors"), st.frozensets(st.sampled_from(PEOPLE))),
    st.builds(KeywordIs, st.just("tags"), st.frozensets(st.sampled_from(TAGS))),
    st.builds(PublishedWithin, _seconds, _seconds),
    st.builds(IdIn, st.frozensets(st.sampled_from((*IDS, "unknown")))),
)


def _combined(children: st.SearchStrategy[Match]) -> st.SearchStrategy[Match]:
    several = st.lists(children, max_size=3).map(tuple)
    return st.one_of(
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Not, children),
        st.builds(AtLeast, st.integers(0, 3), several),
    )


_matches = st.recursive(_leaves, _combined, max_leaves=6)
_evidence = st.builds(
    Evidence,
    st.one_of(_any_sets, _pair_sets(), _phrases_of_sets()),
    st.sampled_from((1.0, 0.75, 0.3)),
    st.just("generated"),
)
plans = st.builds(Plan, _matches, st.lists(_evidence, max_size=5).map(tuple))


def numbered_article(number: int, words: str = "") -> Article:
    """An article that only its number tells from others, for tests of what survives."""
    return Article(
        id=f"n{number}",
        headline=f"Bản tin số {number} {words}".strip(),
        body=(f"Nội dung của bản tin {number}.",),
        published=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
    )
