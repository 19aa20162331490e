"""Texts that turn the direction of writing round do so in their own place only."""

import itertools
from collections.abc import Iterator
from datetime import datetime

import pytest
from asking import page_of
from flask.testing import FlaskClient
from lxml import html

from index import VIETNAM_TIME, Article, RelatedItem, open_engine
from searchapp.app import create_app
from searchapp.settings import Settings

#: An override that nothing ends, before words that are searched.
_OVERRIDE = "\u202e"
_BLOCKS = frozenset(("p", "li", "h1", "h2", "h3", "dd", "pre", "td", "summary", "legend", "label"))
#: Their texts are no markup.
_PLAIN = frozenset(("title", "script", "option", "pre"))


def turned(name: str, number: int) -> str:
    return f"{name} {_OVERRIDE}số {number}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A site whose every text has an override."""
    address = f"whoosh:{tmp_path_factory.mktemp('index')}"
    engine = open_engine(address)
    with engine.writer() as writer:
        for number in range(1, 4):
            writer.put(
                Article(
                    id=f"t{number}",
                    headline=turned("Bão lũ miền Trung", number),
                    lead=turned("Mưa rất to", number),
                    body=(turned("Nước sông dâng cao ở Huế", number),),
                    source=turned("Báo Sông Hồng", number % 2),
                    section=turned("Thời tiết", number % 2),
                    authors=(turned("Lê Lai", number), turned("Trần Nam", 1)),
                    tags=(turned("bão", 1), turned("lũ", 1)),
                    published=datetime(2026, 10, number, 9, tzinfo=VIETNAM_TIME),
                    related=(RelatedItem(turned("Sa Pa rét", number), turned("Hai độ", number)),),
                )
            )
    yield create_app(Settings(index=address)).test_client()
    engine.close()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=bão+lũ",
        "/search?q=bão+lũ&collapse=0&source=bao-song-hong-so-1",
        "/search?q=zzzz&source=bao-song-hong-so-1&section=thoi-tiet-so-1",
        "/search?q=Sa+Pa",
        "/article/t1?q=bão",
        "/facet/author?q=bão",
        "/advanced",
        "/list/dDEKdDI",
    ],
)
def test_a_text_that_turns_round_is_isolated(client: FlaskClient, path: str) -> None:
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    root = html.fromstring(answer.text)
    seen = 0
    for element in root.iter():
        if element.tag in _PLAIN:
            continue
        texts = [element.text or "", *(child.tail or "" for child in element)]
        if not any(_OVERRIDE in text for text in texts):
            continue
        seen += 1
        around = list(itertools.chain([element], element.iterancestors()))
        block = next(each for each in around if each.tag in _BLOCKS or each.tag == "body")
        alone = "".join(map(str, block.itertext())).count(_OVERRIDE) == 1 and block.tag in (
            "p",
            "h1",
            "li",
        )
        isolated = any(each.tag == "bdi" for each in around)
        assert isolated or alone, html.tostring(block, encoding="unicode")
    assert seen > 1


def test_the_citation_is_copied_as_it_is(client: FlaskClient) -> None:
    page = html.fromstring(page_of(client, "/article/t1"))
    citations = [each for each in page.iter() if (each.get("id") or "").startswith("cite-")]
    assert len(citations) > 2
    for citation in citations:
        text = "".join(map(str, citation.itertext()))
        # What has no elements has marks: each override ends before our own words go on.
        assert turned("Bão lũ miền Trung", 1) + "\u202c" in text
        assert text.count(_OVERRIDE) == text.count("\u202c")
    assert page.findtext("head/title") == turned("Bão lũ miền Trung", 1) + "\u202c – Tìm Báo"


@pytest.mark.parametrize("query", ["bão lũ", "zzzz"])
def test_a_query_that_turns_round_is_closed_before_the_quote(
    client: FlaskClient, query: str
) -> None:
    page = html.fromstring(client.get("/search", query_string={"q": _OVERRIDE + query}).text)
    for name in ("title", "h1"):
        assert f"“{_OVERRIDE}{query}\u202c”" in (page.findtext(f".//{name}") or "")
