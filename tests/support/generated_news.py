"""Strategies of hypothesis: articles full of collisions, changes to an archive, queries."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random

from hypothesis import strategies as st

from analyzers import fold
from index import VIETNAM_TIME, AccentMode, Article, Filters, RelatedItem, SearchRequest

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
# Typed in full, but other syllables have these marks and more.
_widened = st.lists(st.sampled_from(("đo", "đô", "châu", "nôi", "hà")), min_size=1, max_size=2)
requests = st.one_of(
    st.builds(
        SearchRequest,
        query=_widened.map(" ".join),
        limit=st.just(10_000),
        filters=st.one_of(st.just(Filters()), _some_filters),
    ),
    *3
    * (
        st.builds(
            SearchRequest,
            query=_queries,
            limit=st.just(10_000),
            accents=st.sampled_from(AccentMode),
            field=st.sampled_from(("all", "all", "all", "title", "body")),
            filters=st.one_of(st.just(Filters()), st.just(Filters()), _some_filters),
            expand=st.booleans(),
            fix=st.booleans(),
        ),
    ),
)


def numbered_article(number: int, words: str = "") -> Article:
    """An article that only its number tells from others, for tests of what survives."""
    return Article(
        id=f"n{number}",
        headline=f"Bản tin số {number} {words}".strip(),
        body=(f"Nội dung của bản tin {number}.",),
        published=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
    )


def random_articles(size: int, seed: int = 20261123) -> list[Article]:
    """Many articles with the ids a0, a1 …, the same ones in every run."""
    random = Random(seed)  # noqa: S311 -- the same texts in every run, no secrets

    def texts(most: int) -> tuple[str, ...]:
        return tuple(random.choices(_TEXTS, k=random.randint(0, most)))

    return [
        Article(
            id=f"a{number}",
            headline=" ".join(random.choices(PIECES, k=6)),
            lead=random.choice(_TEXTS),
            body=texts(2),
            captions=texts(1),
            source=random.choice(SOURCES),
            section=random.choice(SECTIONS),
            authors=tuple(random.sample(PEOPLE, random.randint(0, 2))),
            tags=tuple(random.sample(TAGS, random.randint(0, 2))),
            published=random.choice(TIMES),
            related=tuple(RelatedItem("Tin " + text, text) for text in texts(1)),
        )
        for number in range(size)
    ]
