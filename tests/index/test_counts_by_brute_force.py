"""Every query finds exactly the articles that a count over the raw records finds.

The oracle shares no code with the product. Queries are made of the archive's own words, so that
they have hits; which articles are of the first tier is compared id by id.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from random import Random
from typing import Any

import pytest
from counted_archives import ARCHIVES, CountedArchive, counted_archive
from counting_oracle import Accents, CountingOracle, spelling_of
from profiles import by_profile

from analyzers import fold
from index import AccentMode, Filters, SearchEngine, SearchRequest, TierScope

pytestmark = pytest.mark.deep

_QUERIES = by_profile(quick=67, deep=1_700)
_VIETNAM = timezone(timedelta(hours=7))
#: What puts the hits of another query in the place of those of the one typed, and what adds to it.
_KEYSTROKES = frozenset({"telex", "vni"})
_OTHER_TIERS = frozenset({"accents_widened", "accents_ignored", "signs_softened"})

_LEAVES_OUT = re.compile(r"[-−–]|NOT|KHÔNG")


@pytest.fixture(scope="module", params=ARCHIVES)
def counted(request: pytest.FixtureRequest) -> Iterator["Counted"]:
    """An archive with the oracle and a maker of queries."""
    with counted_archive(request.param) as made:
        oracle = CountingOracle(made.records)
        yield Counted(made, oracle, QueryMaker(oracle, Random(18)))  # noqa: S311


@dataclass(frozen=True, slots=True)
class Counted:
    archive: CountedArchive
    oracle: CountingOracle
    maker: "QueryMaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A query and its options."""

    query: str
    accents: Accents = "auto"
    filters: dict[str, Any]
    expand: bool = False

    def request(self) -> SearchRequest:
        names = {"first_day": "published_from", "last_day": "published_to"}
        filters = Filters(**{names.get(key, key): value for key, value in self.filters.items()})
        return SearchRequest(
            query=self.query,
            accents=AccentMode(self.accents),
            filters=filters,
            expand=self.expand,
            limit=10_000,
            tiers=TierScope.FIRST,
        )


class QueryMaker:
    """Queries of words and phrases, labels and days that an archive has."""

    def __init__(self, oracle: CountingOracle, random: Random) -> None:
        self._oracle = oracle
        self._random = random
        self._rows = [
            (zone, row)
            for zones in oracle.zones.values()
            for zone, read in zones.items()
            for paragraph in read.paragraphs
            for row in _rows_of(paragraph.words, oracle.is_plain)
        ]
        self._records = list(oracle.records.values())

    def asked(self) -> Asked:
        """One search."""
        random = self._random
        accents: Accents = random.choice(("auto", "auto", "auto", "exact", "fold", "open"))
        query = self._query(accents)
        filters: dict[str, Any] = {}
        if random.random() < 0.2:
            record = random.choice(self._records)
            column = random.choice(("sections", "sources", "authors"))
            value = record[column if column == "authors" else column.removesuffix("s")]
            if value:
                filters[column] = (value,) if isinstance(value, str) else tuple(value)
        if random.random() < 0.2:
            days = sorted(filter(None, (self._day(), self._day())))
            if days:
                filters[random.choice(("first_day", "last_day"))] = days[0]
                if random.random() < 0.5:
                    filters |= {"first_day": days[0], "last_day": days[-1]}
        # Other spellings are the product's knowledge: without them all must agree.
        return Asked(query=query, accents=accents, filters=filters, expand=random.random() < 0.25)

    def _query(self, accents: str) -> str:
        """By chance one of the forms of the help page."""
        random = self._random
        a, b, c = (self._atom(accents) for _ in range(3))
        minus = random.choice("---−–")
        no = random.choice((f"{minus}{self._word(accents)}", f"{minus}{self._phrase()}"))
        forms: list[Callable[[], str]] = [
            lambda: self._words(accents),
            lambda: self._phrase(),
            lambda: self._near(),
            lambda: self._field(accents),
            lambda: f"{a} {no}",
            lambda: f"{no} {a}",
            lambda: f"{a} {random.choice(('AND', 'VÀ', '&&'))} {b}",
            lambda: f"{a} {random.choice(('OR', 'HOẶC', '||'))} {b}",
            lambda: f"{a} {random.choice(('NOT', 'KHÔNG'))} {b}",
            lambda: f"{a} {b} OR {c}",
            lambda: f"{a} OR {b} AND {c}",
            lambda: f"({a} OR {b}) {c}",
            lambda: f"({a} OR {b}) {no}",
            lambda: f"{a} {minus}({b} OR {c})",
            lambda: f"{a} NOT ({b} {c})",
            lambda: f"NOT {a} {b}",
            lambda: f"{a} {self._date()}",
            lambda: f"({self._date()} OR {a}) {no}",
            lambda: f"{self._label()} {a}",
            lambda: f"-{self._label()} ({a} OR {b})",
            lambda: f"tieude:({a} OR {self._word(accents)})",
            lambda: f"{a} -{self._field(accents)}",
        ]
        query = random.choice(forms)()
        if random.random() < 0.05:
            operator = random.choice(("AND", "OR", "NOT"))
            return f"{self._word(accents)} {operator} {self._phrase()}".upper()
        return query

    def _atom(self, accents: str) -> str:
        weights = (5, 4, 1, 1)
        forms = (lambda: self._words(accents), self._phrase, self._near, self._label_or_date)
        return self._random.choices(forms, weights)[0]()

    def _label_or_date(self) -> str:
        return self._random.choice((self._label, self._date))()

    def _row(self) -> list[str]:
        return self._random.choice(self._rows)[1]

    def _word(self, accents: str) -> str:
        """With its accents or without any."""
        word = self._random.choice(self._row())
        if accents == "auto" and spelling_of(word).marked and self._random.random() < 0.3:
            word = fold(word)
        return word if self._random.random() < 0.2 else word.lower()

    def _words(self, accents: str) -> str:
        """One to three, with all of their accents or without any where that makes a difference."""
        row = self._row()
        if accents == "auto":
            bare = self._random.random() < 0.3
            row = [fold(w) for w in row] if bare else [w for w in row if spelling_of(w).marked]
        if not row:
            return self._word(accents)
        count = min(len(row), self._random.randint(1, 3))
        words = [word for word in self._random.sample(row, count) if not word.isupper()]
        return " ".join(words).lower() or self._word(accents)

    def _phrase(self) -> str:
        row = self._row()
        length = min(len(row), self._random.randint(1, 4))
        first = self._random.randint(0, len(row) - length)
        text = " ".join(row[first : first + length])
        text = self._random.choice((str, str, str.lower, fold, str.upper))(text)
        return self._random.choice(('"{}"', '"{}"', "“{}”", "«{}»")).format(text)

    def _near(self) -> str:
        row = self._row()
        first = self._random.randrange(len(row))
        near = row[first : first + self._random.randint(2, 8)]
        words = list({spelling_of(word): word for word in near}.values())
        words = self._random.sample(words, min(len(words), self._random.randint(2, 3)))
        text = self._random.choice((str, fold))(" ".join(words))
        return f'"{text}"~{self._random.choice((1, 2, 3, 5, 8, 12, 30))}'

    def _field(self, accents: str) -> str:
        zone, row = self._random.choice(self._rows)
        names = {"title": "tieude", "lead": "sapo", "body": "noidung", "captions": "chuthich"}
        name = names.get(zone, "lienquan")
        if self._random.random() < 0.5:
            word = self._random.choice(row).lower()
            return f"{name}:{word}"
        return f"{name}:{self._phrase()}"

    def _label(self) -> str:
        for _ in range(50):
            record = self._random.choice(self._records)
            name, column = self._random.choice(
                (("muc", "section"), ("nguon", "source"), ("tacgia", "authors"))
            )
            values = record[column]
            value = values if isinstance(values, str) else next(iter(values), "")
            if value and not set(value) & set('"“”„«»'):
                return f'{name}:"{value}"'
        return self._phrase()

    def _date(self) -> str:
        a, b = self._day(), self._day()
        if a is None or b is None:
            return self._phrase()
        first, last = sorted((a, b))
        return "ngay:" + self._random.choice(
            (
                f"{a:%d/%m/%Y}",
                f"{a:%m/%Y}",
                f"{a:%Y}",
                f"{a.day}/{a.month}",
                f"{first:%d/%m/%Y}..{last:%d/%m/%Y}",
                f"{first:%m/%Y}..{last:%Y}",
                f"..{a:%d/%m/%Y}",
                f"{a:%m/%Y}..",
            )
        )

    def _day(self) -> date | None:
        for _ in range(50):
            moment: datetime | None = self._random.choice(self._records)["date"]
            if moment is not None:
                return moment.astimezone(_VIETNAM).date()
        return None


def _rows_of(words: list[str], is_plain: Callable[[str], bool]) -> Iterator[list[str]]:
    """The plain words of a paragraph that stand in a row."""
    row: list[str] = []
    for word in [*words, ""]:
        if word and is_plain(word):
            row.append(word)
        elif row:
            yield row
            row = []


def test_queries_find_what_a_count_over_the_records_finds(counted: Counted) -> None:
    unsure = with_hits = 0
    for _ in range(_QUERIES):
        asked = counted.maker.asked()
        wrong, decided, found = _compared(counted.archive.engine, counted.oracle, asked)
        assert not wrong, f"{asked}: {wrong}"
        unsure += not decided
        with_hits += found
    # It is a count of something: most queries have hits, and hardly any article is doubtful.
    assert with_hits > _QUERIES // 2
    assert unsure < _QUERIES // 5


def _compared(engine: SearchEngine, oracle: CountingOracle, asked: Asked) -> tuple[str, bool, bool]:
    """What is wrong, whether the oracle was sure of every article, whether there are hits."""
    page = engine.search(asked.request())
    found = {hit.id for hit in page.hits}
    expected = oracle.count(asked.query, accents=asked.accents, **asked.filters)
    kinds = {rewrite.kind for rewrite in page.query.rewrites}
    if kinds & _KEYSTROKES and not expected.sure:
        return "", False, False
    wrong = []
    # Other spellings add hits, or leave more out.
    as_typed = kinds <= _OTHER_TIERS
    if (as_typed or not _LEAVES_OUT.search(asked.query)) and (missing := expected.sure - found):
        wrong.append(f"missing {sorted(missing)[:5]}")
    if as_typed and (extra := found - expected.possible):
        wrong.append(f"too many: {sorted(extra)[:5]}")
    if page.total != len(found):
        wrong.append(f"total {page.total} of {len(found)} hits")
    decided = expected.sure == expected.possible and as_typed
    return "; ".join(wrong), decided, bool(found)


def test_the_first_tier_is_the_same_where_all_tiers_are_shown(counted: Counted) -> None:
    maker = QueryMaker(counted.oracle, Random(20))  # noqa: S311
    for _ in range(_QUERIES // 8):
        asked = maker.asked()
        first = counted.archive.engine.search(asked.request())
        every = counted.archive.engine.search(replace(asked.request(), tiers=TierScope.ALL))
        assert {hit.id for hit in first.hits} == {h.id for h in every.hits if h.tier == 1}, asked
        assert len(every.hits) == every.total + every.near_total, asked
        assert first.total == every.total, asked


_RECORDS: list[dict[str, Any]] = [
    {
        "id": "a",
        "title": "Hòa Bình mưa lớn",
        "lead": "Công an tỉnh họp báo.",
        "body": ["Lũ về đêm 20/11, nước dâng", "cầu treo đóng"],
        "section": "Thời sự",
        "source": "Báo Sông",
        "authors": ["Lê Lai"],
        "date": datetime(2026, 1, 15, 23, 30, tzinfo=_VIETNAM),
    },
    {
        "id": "b",
        "title": "HOÀ bình, hoa và mua sắm",
        "lead": "Cong an tinh hop bao",
        "body": ["Đêm lũ về"],
        "section": "Kinh tế",
        "source": "Báo Sông",
        "authors": [],
        "date": None,
    },
]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("hòa", "ab"),
        ("hoa", "ab"),
        ("mưa", "a"),
        ("công", "ab"),
        ('"công an"', "a"),
        ('"cong an"', "ab"),
        ("mưa OR sắm", "ab"),
        ("hòa -mưa", "b"),
        ('hòa -"mua sắm"', "a"),
        ("hòa -(mưa lớn OR sắm)", ""),
        ("MƯA OR SẮM", "ab"),
        ('"lũ đêm"~2', "ab"),
        ('"lũ đêm"~1', "b"),
        ('"dâng cầu"', ""),
        ("tieude:lũ", ""),
        ("-noidung:cầu", "b"),
        ("ngay:01/2026", "a"),
        ("ngay:15/1", "a"),
        ("ngay:..2025", ""),
        ('muc:"Thời sự" OR sắm', "ab"),
        ("NOT mưa lớn", "b"),
        ("", "ab"),
    ],
)
def test_the_oracle_counts_as_a_reader_does(query: str, ids: str) -> None:
    counted = CountingOracle(_RECORDS).count(query)
    assert counted.sure == counted.possible == frozenset(ids)
