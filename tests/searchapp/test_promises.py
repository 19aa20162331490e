"""Every number beside a link is the number of what the link leads to.

Searches of all kinds are made over three archives, and what their pages and the API promise is
followed: suggestions, phrases, accents, ways out, filters, the table of the time, the other tiers,
files.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from random import Random
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from asking import Json, page_of, search
from counted_archives import ARCHIVES, CountedArchive, counted_archive
from exported import ids_in
from flask.testing import FlaskClient
from profiles import by_profile

from analyzers import fold
from index import Article, open_engine
from searchapp.app import create_app
from searchapp.settings import Settings

pytestmark = pytest.mark.deep

_SEARCHES = by_profile(quick=10, deep=12, nightly=400)
#: Links of one kind that are followed on a page, and hits that are counted on pages one by one.
_FOLLOWED = 1
_COUNTED = 60
#: What is counted in the first tier, also where all are shown.
_OF_TIER_1 = frozenset({"offer", "accents", "way out", "suggestion", "together"})
_FORMATS = ("ris", "bib", "csv", "csl.json", "ndjson")


@pytest.fixture(scope="module", params=ARCHIVES)
def visitor(request: pytest.FixtureRequest) -> Iterator["Visitor"]:
    """Somebody who searches one of the archives."""
    with counted_archive(request.param) as made:
        client = create_app(Settings(index=made.address)).test_client()
        yield Visitor(client, SearchMaker(made, Random(18)), Random(19))  # noqa: S311


class SearchMaker:
    """The parameters of searches as people, scripts and slips of the keyboard make them."""

    def __init__(self, archive: CountedArchive, random: Random) -> None:
        self._random = random
        self._records = archive.records
        self._texts = [
            text
            for record in archive.records
            for text in (record["title"], record["lead"], *record["body"])
            if len(text.split()) > 2
        ]

    def search(self) -> dict[str, str]:
        """One search, by its names in an address."""
        random = self._random
        made = {"q": random.choice(self._queries())()[:300].strip()}
        if random.random() < 0.3:
            record = random.choice(self._records)
            name = random.choice(("section", "source", "not_section", "not_source", "author"))
            value = record.get(name.removeprefix("not_"), next(iter(record["authors"]), ""))
            if value:
                made[name] = value
        if random.random() < 0.15 and (moment := random.choice(self._records)["date"]):
            made[random.choice(("from", "to"))] = f"{moment:%Y-%m-%d}"
        if random.random() < 0.2:
            made["collapse"] = "0"
        if random.random() < 0.15:
            made["accents"] = random.choice(("exact", "open", "fold"))
        if random.random() < 0.1:
            made["sort"] = random.choice(("newest", "oldest", "title"))
        if random.random() < 0.1:
            made["tier"] = random.choice(("1", "all"))
        if random.random() < 0.1:
            made["field"] = random.choice(("title", "lead", "body"))
        if random.random() < 0.1:
            made["nofix" if random.random() < 0.5 else "expand"] = "1"
        if made.get("expand"):
            made["expand"] = "none"
        return {name: value for name, value in made.items() if value}

    def _queries(self) -> list[Callable[[], str]]:
        words, some = self._words, self._random.randint
        return [
            lambda: words(some(1, 3)).lower(),
            lambda: fold(words(some(1, 4))).lower(),
            lambda: fold(words(some(1, 2))).lower(),
            lambda: words(some(4, 9)),
            lambda: f'"{words(some(2, 4))}"',
            lambda: f'{words(1)} "{fold(words(2))}"',
            lambda: f"{words(1)} OR {words(2)}",
            lambda: f"({words(1)} AND {words(1)}) -{words(1)}",
            lambda: f'{words(1)} -"{words(2)}"',
            lambda: words(some(1, 5)).upper(),
            lambda: f"{words(1)} or {words(1)}".upper(),
            lambda: self._slip(words(some(1, 3)).lower()),
            lambda: self._slip(fold(words(some(1, 2))).lower()),
            lambda: f"tieude:{words(1)} {words(1)}",
            lambda: f'"{words(2)}"~{some(0, 40)}',
            lambda: words(1)[:2] + "*",
            lambda: "",
            lambda: "🙂",
            lambda: "?!",
            lambda: f"{words(2)} 🙂",
            lambda: f"“{self._title()}” – {words(2)}",
            lambda: self._title().replace(" ", " – ", 1),
            lambda: f"Tin: {self._title()}",
            lambda: f'{words(1)} "{words(2)}',
            lambda: f"({words(1)} {words(1)}",
            lambda: f"ngay:{some(1, 12)}/2026 {words(1)}",
        ]

    def _title(self) -> str:
        title: str = self._random.choice(self._records)["title"]
        return title

    def _words(self, count: int) -> str:
        row = self._random.choice(self._texts).split()
        first = self._random.randint(0, max(0, len(row) - count))
        return " ".join(row[first : first + count]).strip(".,:;!?\"'“”()-–")

    def _slip(self, text: str) -> str:
        """With a letter left out, doubled or exchanged with its neighbour."""
        if len(text) < 4:
            return text
        at = self._random.randint(1, len(text) - 2)
        slips = (
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        )
        return self._random.choice(slips)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a page says of a link."""

    what: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of results as somebody reads it."""

    address: str
    html: str

    @property
    def total(self) -> int:
        """What its heading says is found exactly so; without a number it is of everything."""
        heading = unescape(_only(r"<h1>(.*?)</h1>", self.html))
        if heading == "Tin mới nhất trong kho":
            return _number(_only(r"Xuất cả ([\d.]+) tin", self.html))
        # The query stands in quotes and may hold anything, so that what surrounds it is read.
        tiers = heading[heading.rfind("”: ") + 3 :] if "”: " in heading else heading
        if tiers.startswith("Không"):
            return 0
        return _number(_only(r"^([\d.]+) (?:tin|kết quả)\b", tiers))

    @property
    def every(self) -> int:
        """What its heading says of all tiers."""
        heading = unescape(_only(r"<h1>(.*?)</h1>", self.html))
        if "”: " not in heading:
            return self.total
        tiers = heading[heading.rfind("”: ") + 3 :].split(" · ")
        return self.total + sum(_number(_only(rf"^({_FIGURES})", tier)) for tier in tiers[1:])

    @property
    def ids(self) -> list[str]:
        """The hits that are shown, of all tiers."""
        return re.findall(r'<h[234] id="hit\d+"><a href="/article/([^/"]+)/', self.html)

    def links(self, pattern: str, what: str) -> list[Promise]:
        """Where the groups `count` and `href` match."""
        return [
            Promise(what, _number(match["count"]), unescape(match["href"]))
            for match in re.finditer(pattern, self.html, re.DOTALL)
        ]

    def promises(self) -> Iterator[list[Promise]]:
        """The numbers beside links, by kind."""
        offered = r'<a (?:rel="nofollow" )?href="(?P<href>[^"]+)" lang="vi">[^\n]*?</a> '
        yield self.links(offered + rf"\((?P<count>{_FIGURES}) tin\)", "offer")
        chooser = r'<a class="chip" rel="nofollow" href="(?P<href>[^"]+)"><bdi lang="vi">[^\n]*?'
        yield self.links(chooser + rf'class="count">(?P<count>{_FIGURES})<', "accents")
        ways = _maybe(r'<ul class="ways">(.*?)</ul>', self.html)
        way = rf'<a href="(?P<href>[^"]+)">[^\n]*?\((?P<count>{_FIGURES}) tin\)</a>'
        yield Page(self.address, ways).links(way, "way out")
        row = r'<tr><td><a rel="nofollow" href="(?P<href>[^"]+)">[^\n]*?number">'
        row += rf"(?P<count>{_FIGURES})<"
        yield self.links(row, "time")
        for facet in re.findall(r'<details class="facet"(.*?)</details>', self.html, re.DOTALL):
            # A label beside a chosen one of its kind is added to it, and counted by itself.
            if 'class="chosen"' not in facet and "(đã trừ)" not in facet:
                label = r'<li>\s*<a rel="nofollow" href="(?P<href>[^"]+)"><bdi lang="vi">[^\n]*?'
                counted = rf'class="count">(?P<count>{_FIGURES})<'
                labels = Page(self.address, facet).links(label + counted, "label")
                yield labels
                without = re.findall(r'class="exclude" rel="nofollow" href="([^"]+)"', facet)
                name = _only(r"[?&;]not_(\w+)=", " ".join(without))
                # Where copies are collapsed, another one takes the place of one that is left out.
                if "collapse=0" in self.address and f"{name}=" not in self.address:
                    base = self.every if "tier=all" in self.address else self.total
                    yield [
                        Promise("left out", base - each.count, unescape(href))
                        for each, href in zip(labels, without, strict=True)
                    ]


class Visitor:
    """Reads pages and follows their links."""

    def __init__(self, client: FlaskClient, maker: SearchMaker, random: Random) -> None:
        self.client = client
        self.maker = maker
        self.random = random

    def page(self, address: str) -> Page:
        """The page of an address."""
        response = self.client.get(address, follow_redirects=True)
        assert response.status_code == 200, (address, response.status_code)
        return Page(address, response.text)

    def some(self, promises: list[Promise]) -> list[Promise]:
        """As many of a kind as are followed."""
        return self.random.sample(promises, min(len(promises), _FOLLOWED))

    def is_kept(self, promise: Promise) -> bool:
        """Whether the page that it leads to has that many hits; filters count what is shown."""
        page = self.page(promise.href)
        counts_all = "tier=all" in promise.href and promise.what not in _OF_TIER_1
        if counts_all and promise.what not in ("all tiers", "apart"):
            # Within a filter a query without hits may be read anew, and its lower tiers with it.
            return page.total <= promise.count
        return (page.every if counts_all else page.total) == promise.count

    def document(self, address: str) -> Json:
        """The answer of the API."""
        response = self.client.get(address)
        assert response.status_code == 200, (address, response.text)
        return cast(Json, response.json)

    def walked(self, address: str) -> list[str]:
        """The ids on a page and all that follow it."""
        found = []
        while address:
            page = self.page(address)
            found += page.ids
            following = re.search(r'<a rel="next nofollow" href="([^"]+)"', page.html)
            address = unescape(following[1]) if following else ""
        return found


_FIGURES = r"[\d.]+"


def _number(figures: str) -> int:
    return int(figures.replace(".", ""))


def _only(pattern: str, text: str) -> str:
    found = re.findall(pattern, text, re.DOTALL)
    assert found, (pattern, text[:300])
    first: str = found[0]
    return first


def _maybe(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    return found[1] if found else ""


def test_pages_keep_their_promises(visitor: Visitor) -> None:
    followed = 0
    broken: list[str] = []
    for _ in range(_SEARCHES):
        address = "/search?" + urlencode(visitor.maker.search())
        response = visitor.client.get(address, follow_redirects=True)
        assert response.status_code == 200, address
        if response.request.path != "/search":
            continue
        page = Page(address, response.text)
        for promises in (*page.promises(), _tiers(page)):
            for promise in visitor.some(promises):
                followed += 1
                if not visitor.is_kept(promise):
                    broken.append(f"{page.address} → {promise}")
        broken += _files(visitor, page)
        broken += _next_tiers(visitor, page)
    assert not broken, "\n".join(broken)
    assert followed > _SEARCHES


def _tiers(page: Page) -> list[Promise]:
    """What is put together, and what is left out again."""
    found = []
    wider = re.search(
        rf'<h2 id="wider">[^\n]*?\(({_FIGURES}) tin\)</h2>\s*<p class="muted">'
        r'<a rel="nofollow" href="([^"]+)">Gộp vào kết quả</a> · <a rel="nofollow" href="([^"]+)"',
        page.html,
    )
    if wider is not None:
        together = page.total + _number(wider[1])
        found = [Promise("together", together, unescape(wider[2]))]
    collapsed = re.search(
        rf'Đã gộp ({_FIGURES}) bản tương tự\. <a href="([^"]+)">Hiện riêng', page.html
    )
    if collapsed is not None:
        apart = page.total + _number(collapsed[1])
        found.append(Promise("apart", apart, unescape(collapsed[2])))
    return found


def _files(visitor: Visitor, page: Page) -> Iterator[str]:
    """A file that does not hold as many articles as the page says."""
    said = re.search(rf"Xuất cả ({_FIGURES}) tin:(.*?)<span>", page.html, re.DOTALL)
    if said is None:
        return
    links = dict(zip(_FORMATS, re.findall(r'href="([^"]+)"', said[2]), strict=True))
    fmt = visitor.random.choice(_FORMATS)
    response = visitor.client.get(unescape(links[fmt]))
    ids = ids_in(fmt, response.text)
    if not len(set(ids)) == len(ids) == _number(said[1]):
        yield f"{page.address} → {fmt}: {said[1]} said, {len(ids)} there, {len(set(ids))} distinct"
    if "tier=all" not in page.address and _number(said[1]) != page.total:
        yield f"{page.address}: {page.total} in its heading, {said[1]} in its files"


def _next_tiers(visitor: Visitor, page: Page) -> Iterator[str]:
    """Hits of the other tiers that are not where their number says they are."""
    pattern = r'<a rel="nofollow" href="(?P<href>[^"]+)">{} \((?P<count>[\d.]+) tin\)</a>'
    for promise in page.links(pattern.format("Xem thêm tin gần đủ"), "beyond"):
        if promise.count <= _COUNTED:
            ids = visitor.walked(promise.href)
            if not len(set(ids)) == len(ids) == promise.count or set(ids) & set(page.ids):
                again = len(set(ids) & set(page.ids))
                yield f"{page.address} → {promise}: {len(ids)} there, {again} of them shown before"
    text = "Xem cả tin khác dấu và tin có gần đủ từ"
    for promise in page.links(pattern.format(text), "all tiers"):
        if promise.count + page.total <= _COUNTED:
            ids = visitor.walked(promise.href)
            if not len(set(ids)) == len(ids) == promise.count + page.total:
                yield f"{page.address} → {promise}: {len(ids)} there beside {page.total}"


def test_the_api_keeps_its_promises(visitor: Visitor) -> None:
    followed = 0
    broken: list[str] = []
    for _ in range(_SEARCHES):
        asked = visitor.maker.search() | {"facets": "section,source,author,year,month"}
        address = "/api/v1/search?" + urlencode(asked)
        document = visitor.document(address)
        for promise in _offers(visitor, document, asked):
            followed += 1
            if not visitor.is_kept(promise):
                broken.append(f"{address} → {promise}")
        broken += _pages(visitor, document, asked)
    assert not broken, "\n".join(broken)
    assert followed > _SEARCHES


def _offers(visitor: Visitor, document: Json, asked: dict[str, str]) -> list[Promise]:
    """Suggestions, and labels and days of which no other is chosen."""
    found = [Promise("suggestion", item["total"], item["url"]) for item in document["suggestions"]]
    for name, facet in document["facets"].items():
        by_day = name in ("year", "month")
        filters = {"from", "to"} if by_day else {name, f"not_{name}"}
        if name == "timed_out" or filters & asked.keys():
            continue
        promises = [Promise(name, value["count"], value["toggle_url"]) for value in facet["values"]]
        found += visitor.some(promises)
    return found


def _pages(visitor: Visitor, document: Json, asked: dict[str, str]) -> Iterator[str]:
    """Pages of all tiers that do not hold as many hits as is said of them."""
    said = document["total"] + document["near_total"]
    if said > _COUNTED:
        return
    address: Any = "/api/v1/search?" + urlencode(asked | {"tier": "all", "per_page": "10"})
    first = visitor.document(address)
    results = []
    while address:
        page = visitor.document(address)
        results += page["results"]
        address = page["links"].get("next", "")
    ids = {result["id"] for result in results}
    if asked.get("tier") == "all" and first["total"] != document["total"]:
        yield f"{asked}: total {document['total']}, {first['total']} with other pages"
    if not len(ids) == len(results) == first["total"] + first["near_total"]:
        yield (
            f"{asked}: {len(ids)} of {len(results)} hits are distinct, "
            f"{first['total']} + {first['near_total']} said"
        )
    if sum(result["tier"] == 1 for result in results) != document["total"]:
        firsts = sum(result["tier"] == 1 for result in results)
        yield f"{asked}: {document['total']} of tier 1 said, {firsts} there"


def test_completions_keep_their_promises(visitor: Visitor) -> None:
    followed = 0
    broken = []
    for _ in range(_SEARCHES):
        typed = visitor.maker.search().get("q", "")
        typed = typed[: visitor.random.randint(2, 14)].strip()
        address = "/api/v1/suggest?" + urlencode({"q": typed})
        for item in visitor.document(address)["suggestions"]:
            if "total" in item:
                followed += 1
                found = visitor.page(item["url"]).total
                if found != item["total"]:
                    broken.append(f"{address} → {item['text']}: {item['total']}, found {found}")
    assert not broken, "\n".join(broken)
    assert followed > _SEARCHES // 3


def test_softened_words_are_offered_their_accents(tmp_path: Path) -> None:
    client = _client_of(tmp_path, Article(id="a", headline="Sáng nay khai mạc, băng km 12"))
    page = page_of(client, '/search?tier=all&q=khai "km bang"')
    assert "khai" in page


def test_a_label_is_chosen_by_its_name_beside_one_of_the_same_letters(tmp_path: Path) -> None:
    written = [
        Article(id=f"a{number}", headline="Mưa lớn", source=source)
        for number, source in enumerate(("Thời sự", "Thời sự", "thoi su"))
    ]
    client = _client_of(tmp_path, *written)
    page = Page("", page_of(client, "/search?q=mưa&source=Thời sự&collapse=0"))
    assert page.total == 2
    chosen = re.findall(r'<li class="chosen">\s*<a rel="nofollow" href="([^"]+)"', page.html)
    assert [Page("", page_of(client, unescape(href))).total for href in chosen] == [3]
    values = search(client, q="mưa", source="Thời sự", facets="source")["facets"]["source"]
    assert [value["label"] for value in values["values"] if value["selected"]] == ["Thời sự"]


def test_a_year_that_the_filter_cuts_leads_to_what_is_counted_of_it(tmp_path: Path) -> None:
    days = [datetime(year, month, 5, tzinfo=UTC) for year in (2012, 2019) for month in (1, 6)]
    written = [
        Article(id=f"a{number}", headline="Mưa lớn", published=day)
        for number, day in enumerate(days)
    ]
    client = _client_of(tmp_path, *written)
    page = Page("", page_of(client, "/search?q=mưa&collapse=0&to=2019-02-26"))
    years = [promise for kind in page.promises() for promise in kind if promise.what == "time"]
    assert [year.count for year in years] == [2, 1]
    assert [Page("", page_of(client, year.href)).total for year in years] == [2, 1]


def _client_of(folder: Path, *articles: Article) -> FlaskClient:
    """Asks a site of these articles."""
    address = f"whoosh:{folder}"
    engine = open_engine(address)
    with engine.writer() as writer:
        assert all(writer.put_all(articles))
    engine.close()
    return create_app(Settings(index=address)).test_client()
