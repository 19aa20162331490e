"""Feeds as a feed reader sees them."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import feedparser
import pytest
from asking import search
from flask.testing import FlaskClient
from small_archive import ODD_ID
from small_index import small_index

from index import VIETNAM_TIME, Article, SearchEngine, open_engine
from searchapp.app import create_app
from searchapp.settings import Settings

FORMATS = ("atom", "rss")


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_feed_has_the_search_newest_first(client: FlaskClient, fmt: str) -> None:
    feed = _feed(client, f"/search.{fmt}?q=hà+nội&section=thoi-su")
    document = search(client, q="hà nội", section="thoi-su", sort="newest")
    assert feed.feed.title == "“hà nội” · Thời sự · Tìm Báo"
    assert feed.feed.language == "vi"
    assert int(feed.feed.opensearch_totalresults) == document["total"]
    assert feed.feed.opensearch_startindex == "1"
    assert feed.feed.opensearch_itemsperpage == "20"
    assert [entry.link for entry in feed.entries] == [hit["url"] for hit in document["results"]]
    newest = feed.entries[0]
    assert newest.title == "Hầm chui đại lộ ngập sâu, công ty thoát nước bơm xuyên đêm"
    assert newest.published_parsed[:5] == (2026, 10, 5, 17, 0)
    assert newest.publisher == "Tin Tức Phố"


_DAYS: Final = (("a", 5), ("b", 7), ("c", 9))


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_time_of_a_feed_is_that_of_its_newest_change(
    client: FlaskClient, archive: str, fmt: str
) -> None:
    feed = _feed(client, f"/search.{fmt}?q=ngap&to=2026-10-05")
    assert [entry.title for entry in feed.entries] == ["Hà Nội ngập nhiều tuyến phố sau mưa lớn"]
    # When the archive took it in, which its readers did not know before.
    found = open_engine(archive).get("ngap")
    assert found is not None
    assert found.changed is not None
    changed = found.changed.astimezone(UTC).timetuple()[:6]
    assert feed.feed.updated_parsed[:6] == feed.entries[0].updated_parsed[:6] == changed


def test_a_feed_may_show_what_has_changed_last(tmp_path: Path) -> None:
    articles = {name: Article(id=name, headline="Lũ về", published=_at(day)) for name, day in _DAYS}
    with small_index(tmp_path, articles) as index:
        client = _client(tmp_path)
        _put(index.engine, replace(articles["b"], headline="Lũ đã về"))
        for path in ("/search.atom?q=lũ&", "/search.rss?q=lũ&", "/feed.atom?"):
            newest = _feed(client, path.rstrip("?&"))
            changed = _feed(client, f"{path}sort=updated&per_page=1")
            assert [entry.title for entry in newest.entries] == ["Lũ về", "Lũ đã về", "Lũ về"]
            assert [entry.title for entry in changed.entries] == ["Lũ đã về"]
            more = [link.href for link in changed.feed.links if link.rel == "next"]
            assert all("sort=updated" in address for address in more)


def test_names_and_addresses_of_an_atom_feed(client: FlaskClient) -> None:
    path = "/search.atom?per_page=1&q=ngap&section=thoi-su"
    feed = _feed(client, path).feed
    links = {link.rel: (link.type, link.href) for link in feed.links}
    assert links["self"] == ("application/atom+xml", f"http://localhost{path}")
    assert links["alternate"][0] == "text/html"
    assert links["search"][1] == "http://localhost/opensearch.xml"
    assert client.get(links["alternate"][1]).status_code == 200
    following = _feed(client, _path(links["next"][1]))
    assert following.feed.id == feed.id
    back = {link.rel: link.href for link in following.feed.links}["previous"]
    assert _feed(client, _path(back)).entries[0].id == _feed(client, path).entries[0].id


def test_a_feed_is_named_by_its_search_alone(client: FlaskClient) -> None:
    names = [
        _feed(client, f"/search.atom?{query}").feed.id
        for query in (
            "q=ngap&section=thoi-su",
            "section=thoi-su&q=ngap&per_page=5&sort=oldest&highlight=0",
            "q=%20ngap%20&section=thoi-su&lang=en",
            "q=ngap",
        )
    ]
    assert names[0].startswith("tag:localhost,2026:search:")
    assert names[0] == names[1] == names[2] != names[3]


def test_entries_are_named_by_their_page_whatever_their_headline(client: FlaskClient) -> None:
    entry = _feed(client, "/search.atom?q=ngap&to=2026-10-05").entries[0]
    assert entry.id == "http://localhost/article/ngap"
    moved = client.get(_path(entry.id))
    assert moved.status_code == 301
    assert entry.link.endswith(moved.location)


@pytest.mark.parametrize("fmt", FORMATS)
def test_markup_in_headlines_is_text(client: FlaskClient, fmt: str) -> None:
    raw = client.get(f"/search.{fmt}?q=alert").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; hà nội" in raw
    assert "<script" not in raw


@pytest.mark.parametrize("fmt", FORMATS)
def test_articles_without_a_date_are_left_out(client: FlaskClient, fmt: str) -> None:
    assert ODD_ID in {hit["id"] for hit in search(client, q="lò gạch")["results"]}
    feed = _feed(client, f"/search.{fmt}?q=lò+gạch")
    assert feed.feed.opensearch_totalresults == "1"
    assert feed.entries == []
    assert feed.feed.updated_parsed[:3] == (1970, 1, 1)


@pytest.mark.parametrize("fmt", FORMATS)
def test_characters_that_xml_cannot_hold_do_not_break_a_feed(tmp_path: Path, fmt: str) -> None:
    broken = Article(
        id="a", headline="Lũ\x0c \x1b[1mlớn\ufffe", authors=("An\x00",), published=_at(5)
    )
    with small_index(tmp_path, {"a": broken}):
        feed = _feed(_client(tmp_path), f"/search.{fmt}?q=lũ")
        assert feed.entries[0].title == "Lũ [1mlớn"


def test_an_entry_is_by_its_authors_or_its_newspaper(client: FlaskClient) -> None:
    entries = _feed(client, "/search.atom?q=ngap").entries
    assert [[author.name for author in entry.authors] for entry in entries] == [
        ["Tin Tức Phố"],
        ["Nguyễn Văn An", "Lưu Hải Yến"],
    ]


def test_the_archive_has_a_feed_of_its_own(client: FlaskClient) -> None:
    feed = _feed(client, "/feed.atom")
    assert feed.feed.title == "Tin mới nhất · Tìm Báo"
    assert feed.feed.id == "tag:localhost,2026:archive"
    assert len(feed.entries) == 20
    times = [entry.published_parsed for entry in feed.entries]
    assert times == sorted(times, reverse=True)
    more = next(link.href for link in feed.feed.links if link.rel == "next")
    assert len(_feed(client, _path(more)).entries) > 0


@pytest.mark.parametrize("path", ["/search.atom?q=lũ", "/search.rss?q=lũ", "/feed.atom"])
def test_a_feed_changes_with_what_it_holds_and_only_then(tmp_path: Path, path: str) -> None:
    old = _taken(Article(id="cu", headline="Lũ về", published=_at(5)))
    with small_index(tmp_path, {"cu": old}) as index:
        client = _client(tmp_path)
        first = client.get(path)
        assert client.get(path).data == first.data
        known = {"If-None-Match": first.headers["ETag"]}
        assert client.get(path, headers=known).status_code == 304

        _put(index.engine, _taken(Article(id="moi", headline="Lũ lên", published=_at(9))))
        second = client.get(path, headers=known)
        assert second.status_code == 200
        before, after = feedparser.parse(first.data), feedparser.parse(second.data)
        assert after.feed.updated_parsed > before.feed.updated_parsed

        _put(index.engine, replace(old, headline="Lũ đã về", updated=_at(11)))
        third = feedparser.parse(client.get(path).data)
        assert third.feed.updated_parsed > after.feed.updated_parsed
        ids = [{entry.id for entry in feed.entries} for feed in (after, third)]
        assert ids[0] == ids[1]


def _taken(article: Article) -> Article:
    """The article as if it had been taken in on the day on which it appeared."""
    return replace(article, taken=article.published, changed=article.published)


def _at(day: int) -> datetime:
    return datetime(2026, 10, day, 8, tzinfo=VIETNAM_TIME)


def _put(engine: SearchEngine, article: Article) -> None:
    with engine.writer() as writer:
        writer.put(article)


def _client(folder: Path) -> FlaskClient:
    return create_app(Settings(index=f"whoosh:{folder}")).test_client()


def _feed(client: FlaskClient, path: str) -> Any:
    """What feedparser, which has no types, makes of a feed that must be well-formed."""
    response = client.get(path)
    assert response.status_code == 200, path
    kind = "rss" if ".rss" in path else "atom"
    assert response.content_type == f"application/{kind}+xml"
    feed = feedparser.parse(response.data)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == {"rss": "rss20", "atom": "atom10"}[kind]
    return feed


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
