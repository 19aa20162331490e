"""What browsers and crawlers look for."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from flask.testing import FlaskClient
from small_archive import small_archive
from small_index import small_index

from index import VIETNAM_TIME, open_engine
from searchapp.app import create_app
from searchapp.documents.standards import SITEMAP_SIZE, sitemap, sitemap_count
from searchapp.query.urls import Site
from searchapp.settings import Settings

_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_browsers_learn_to_search_here(client: FlaskClient) -> None:
    response = client.get("/opensearch.xml")
    assert response.content_type == "application/opensearchdescription+xml"
    root = ET.fromstring(response.data)  # noqa: S314  # our own document
    assert root.tag == f"{_OPENSEARCH}OpenSearchDescription"
    assert root.findtext(f"{_OPENSEARCH}ShortName") == "Tìm Báo"
    templates = {
        url.attrib["type"]: url.attrib["template"] for url in root.iter(f"{_OPENSEARCH}Url")
    }
    for kind in ("text/html", "application/atom+xml", "application/rss+xml"):
        address = templates[kind].replace("{searchTerms}", "ng%E1%BA%ADp")
        for page in ("", "1"):
            path = _path(address.replace("{startPage?}", page))
            found = client.get(path, follow_redirects=True)
            assert (found.status_code, found.mimetype) == (200, kind)
            assert "Hà Nội ngập nhiều tuyến phố" in _plain(found.text)


@pytest.mark.parametrize(
    ("site_name", "short"),
    [
        ("Kho báo", "Kho báo"),
        ("Thư viện tỉnh Hà Giang", "Thư viện tỉnh Hà"),
        ("Thưviệntổnghợptỉnh", "Thưviệntổnghợptỉ"),
    ],
)
def test_the_short_name_has_at_most_sixteen_characters(
    archive: str, site_name: str, short: str
) -> None:
    client = create_app(Settings(index=archive, site_name=site_name)).test_client()
    root = ET.fromstring(client.get("/opensearch.xml").data)  # noqa: S314  # our own
    assert root.findtext(f"{_OPENSEARCH}ShortName") == short
    assert len(short) <= 16


def test_crawlers_may_fetch_articles_and_no_searches(client: FlaskClient) -> None:
    response = client.get("/robots.txt")
    assert response.content_type == "text/plain; charset=utf-8"
    robots = RobotFileParser()
    robots.parse(response.text.splitlines())
    for path in ("/", "/article/ngap/ha-noi", "/sitemap.xml"):
        assert robots.can_fetch("bot", path), path
    for path in ("/search?q=a", "/search.ris?q=a", "/facet/section", "/api/v1/search", "/export"):
        assert not robots.can_fetch("bot", path), path
    assert robots.site_maps() == ["http://localhost/sitemap.xml"]


def test_crawlers_are_told_of_addresses_that_exist(client: FlaskClient) -> None:
    told = re.findall(r"(?:Disallow|Allow): (.+)", client.get("/robots.txt").text)
    rules = [rule.rule for rule in client.application.url_map.iter_rules()]
    assert told
    for path in told:
        assert any(rule.startswith(path) for rule in rules), path


@pytest.mark.parametrize(
    ("public", "base"),
    [("https://kho.example/tin/", "https://kho.example/tin"), ("", "")],
)
def test_searches_and_the_front_page_name_their_whole_address(
    archive: str, public: str, base: str
) -> None:
    client = create_app(Settings(index=archive, public_url=public)).test_client()
    for path in ("/", "/search?q=ngap"):
        assert f'<link rel="canonical" href="{base}{path}">' in client.get(path).text


def test_the_sitemap_has_the_page_of_every_article(client: FlaskClient, archive: str) -> None:
    pages = dict(_pages(client))
    assert len(pages) == len(small_archive())
    for address in pages:
        assert client.get(_path(address)).status_code == 200, address
    changed = {address.split("/")[4]: time for address, time in pages.items()}
    found = open_engine(archive).get("ngap")
    assert found is not None
    assert found.changed is not None
    assert changed["ngap"] == found.changed.astimezone(VIETNAM_TIME).isoformat()
    assert None not in changed.values()


def test_an_article_of_an_older_index_is_as_old_as_its_source_says() -> None:
    site = Site("https://kho.example")
    by_id = {article.id: article for article in small_archive()}
    for doc_id, time in (
        ("ngap", "2026-10-05T09:15:00+07:00"),
        ("ngap2", "2026-10-06"),
        ("hcm", "2025-12-01T10:00:00+07:00"),
    ):
        assert f"<lastmod>{time}</lastmod>" in sitemap(site, [by_id[doc_id]]).decode()


def test_a_big_archive_has_several_sitemaps(tmp_path: Path) -> None:
    documents = {f"t{n:04}": f"Tin {n}" for n in range(SITEMAP_SIZE + 3)}
    with small_index(tmp_path, documents):
        client = create_app(Settings(index=f"whoosh:{tmp_path}")).test_client()
        assert len(_maps(client)) == 2
        addresses = [address for address, _ in _pages(client)]
        assert len(addresses) == len(set(addresses)) == SITEMAP_SIZE + 3
        assert client.get("/sitemap-3.xml").status_code == 404
        assert client.get("/sitemap-0.xml").status_code == 404


def test_an_empty_archive_has_an_empty_sitemap() -> None:
    assert sitemap_count(0) == 1
    assert sitemap_count(SITEMAP_SIZE) == 1
    assert sitemap_count(SITEMAP_SIZE + 1) == 2


def _maps(client: FlaskClient) -> list[str]:
    root = ET.fromstring(client.get("/sitemap.xml").data)  # noqa: S314  # our own
    assert root.tag == f"{_SITEMAPS}sitemapindex"
    return [location.text or "" for location in root.iter(f"{_SITEMAPS}loc")]


def _pages(client: FlaskClient) -> Iterator[tuple[str, str | None]]:
    """The address and the time of change of every page in every sitemap."""
    for address in _maps(client):
        response = client.get(_path(address))
        assert response.mimetype == "application/xml"
        root = ET.fromstring(response.data)  # noqa: S314  # our own document
        for page in root.iter(f"{_SITEMAPS}url"):
            yield page.findtext(f"{_SITEMAPS}loc", ""), page.findtext(f"{_SITEMAPS}lastmod")


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _plain(html: str) -> str:
    """The text without the marks of the words that were searched for."""
    return html.replace("<mark>", "").replace("</mark>", "")
