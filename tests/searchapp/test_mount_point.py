"""The site under a path of its host: every address that it gives leads back into it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from profiles import by_profile
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from searchapp.app import create_app
from searchapp.settings import Settings

_PREFIX = "/timkiem"
_HOST = "http://localhost"
_ARTICLE = "/article/d07/hoa-binh-xa-lu-day-chieu-nay-ha-du-duoc-bao-truoc-sau-gio"
_PAGES = (
    "/",
    "/search",
    "/search?q=ha+noi",
    "/search?page=2&q=ha+noi&section=thoi-su",
    "/search?q=TP.HCM",
    "/search?q=tieengs+vieejt",
    "/search?q=ma",
    "/search?nofix=1&q=%22xyzq+ha%22&section=thoi-su",
    "/facet/author?prefix=ng&q=ha",
    "/facet/author?facet_page=2",
    "/advanced?q=ha+noi",
    "/help",
    "/list",
    "/list/ZDA3CmQwOA",
    "/api/docs",
    "/embed/demo",
    "/embed/frame",
    "/problems/bad-date",
)
_followed: set[tuple[str, ...]] = set()
_ERRORS = (
    ("/khong-co", 404),
    ("/article/d22", 410),
    ("/search?from=x&q=ha", 400),
    ("/search?mode=advanced&q=(", 400),
    ("/facet/author?mode=advanced&q=(", 400),
)

_API = (
    ("/api/v1/search?facets=1&page=2&per_page=10&q=ha+noi", 200),
    ("/api/v1/search?q=tieengs+vieejt", 200),
    ("/api/v1/search?q=nghanh", 200),
    ("/api/v1/search?page=0&q=ha", 400),
    ("/api/v1/search?mode=advanced&q=(", 400),
    ("/api/v1/facets/author?per_page=10&q=ha", 200),
    ("/api/v1/analyze?q=TP.HCM", 200),
    ("/api/v1/explain?id=d07&q=lu", 200),
    ("/api/v1/articles/d07", 200),
    ("/api/v1/articles/d07/related", 200),
    ("/api/v1/stats", 200),
    ("/api/v1/suggest?q=ha", 200),
)


@pytest.fixture(scope="module")
def root(demo_archive: str) -> FlaskClient:
    """Asks the sample archive at the root of its host."""
    return create_app(_settings(demo_archive)).test_client()


@pytest.fixture(scope="module")
def mounted(demo_archive: str) -> Client:
    """Asks the same archive under a prefix; everything else on the host answers 404."""
    app = create_app(_settings(demo_archive))
    host = DispatcherMiddleware(Response("outside", 404), {_PREFIX: app})
    return Client(host, use_cookies=False)


def _settings(index: str, public_url: str = "") -> Settings:
    return Settings(index=index, now="2026-10-05T09:00", rate_mode="off", public_url=public_url)


@pytest.mark.deep
@pytest.mark.parametrize("path", _PAGES)
def test_every_address_of_a_page_is_under_the_prefix_and_answers(
    mounted: Client, path: str
) -> None:
    response = _get(mounted, path)
    assert response.status_code == 200
    addresses = set(_addresses(response.text))
    assert len(addresses) > 2
    for address in addresses:
        _check(mounted, path, address)


@pytest.mark.deep
@pytest.mark.parametrize(("path", "status"), _ERRORS)
def test_so_is_every_address_of_an_error(mounted: Client, path: str, status: int) -> None:
    response = _get(mounted, path)
    assert response.status_code == status
    addresses = set(_addresses(response.text))
    assert len(addresses) > 10
    for address in addresses:
        _check(mounted, path, address, status)


@pytest.mark.deep
def test_so_is_every_address_of_an_article_and_of_the_hits_beside_it(mounted: Client) -> None:
    plain = _get(mounted, "/article/d07")
    found = _get(mounted, "/search?q=ha+noi").text
    hits = re.findall(rf'href="({_PREFIX}/article/[^"#]+hit=\d+[^"#]*)"', found)
    pages = [plain.headers["Location"], *(hit.replace("&amp;", "&") for hit in hits[:2])]
    assert len(pages) == 3
    for page in pages:
        response = mounted.get(page)
        assert response.status_code == 200
        for address in set(_addresses(response.text)):
            _check(mounted, page.removeprefix(_PREFIX), address)


@pytest.mark.deep
@pytest.mark.parametrize(("path", "status"), _API)
def test_so_is_every_address_of_the_api(mounted: Client, path: str, status: int) -> None:
    response = _get(mounted, path)
    assert response.status_code == status
    linked = re.findall(r"<([^>]+)>", response.headers.get("Link", ""))
    addresses = {*linked, *_addresses_in(response.json)}
    assert addresses
    for address in addresses:
        _check(mounted, path, address, status)


def test_robots_are_told_paths_under_the_prefix(mounted: Client) -> None:
    told = re.findall(r"(?:Disallow|Allow): (.*)", _get(mounted, "/robots.txt").text)
    assert told
    assert all(path.startswith(f"{_PREFIX}/") for path in told)


@pytest.mark.parametrize("path", [*_PAGES, *(path for path, _ in _ERRORS if "from=" not in path)])
def test_but_for_the_prefix_a_page_is_the_same(
    root: FlaskClient, mounted: Client, path: str
) -> None:
    without = _get(mounted, path).text.replace(f"{_HOST}{_PREFIX}", _HOST)
    assert without.replace(f'"{_PREFIX}/', '"/') == root.get(path).text


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/search?per_page=20&q=ha+noi", "/search?q=ha+noi"),
        ("/search?q=%2Farticle%2Fd07", "/article/d07/"),
        ("/search?q=http%3A%2F%2Flocalhost%2Ftimkiem%2Farticle%2Fd07%2Fx", "/article/d07/"),
        ("/article/d07", "/article/d07/"),
        ("/article/d07/sai?hl=lu", "/article/d07/"),
        ("/embed/timbao.000000000000.js", "/embed/timbao.js"),
    ],
)
def test_redirects_stay_under_the_prefix(mounted: Client, path: str, leads_to: str) -> None:
    response = _get(mounted, path)
    assert response.headers["Location"].startswith(f"{_PREFIX}{leads_to}")
    assert mounted.get(response.headers["Location"]).status_code == 200


def test_forms_that_are_sent_stay_under_the_prefix(mounted: Client) -> None:
    chosen = mounted.post(f"{_PREFIX}/list", data={"id": ["d07", "d08"]})
    assert chosen.headers["Location"] == f"{_PREFIX}/list/ZDA3CmQwOA"
    assert mounted.post(f"{_PREFIX}/export", data={"id": "d07", "format": "ris"}).text[:2] == "TY"


@pytest.mark.parametrize(
    "path",
    ["/feed.atom", "/search.rss?q=ha", "/opensearch.xml", "/sitemap.xml", "/sitemap-1.xml"],
)
def test_full_addresses_have_the_prefix_once(mounted: Client, path: str) -> None:
    text = _get(mounted, path).text
    addresses = re.findall(r"http://localhost[^<\"]*", text)
    assert addresses
    for address in addresses:
        assert address.startswith(f"{_HOST}{_PREFIX}/")
        assert address.count(_PREFIX) == 1
    for address in addresses[:20]:
        if "{" not in address:
            path = address.removeprefix(_HOST).replace("&amp;", "&")
            # Entries of a feed are named by an address that does not depend on the headline.
            assert mounted.get(path, follow_redirects=True, buffered=True).status_code == 200


def test_the_language_is_remembered_for_this_site_only(mounted: Client, root: FlaskClient) -> None:
    assert "; Path=/timkiem;" in _get(mounted, "/?lang=en").headers["Set-Cookie"] + ";"
    assert "Path=/;" in root.get("/?lang=en").headers["Set-Cookie"] + ";"


@pytest.mark.parametrize("passed_on", ["/search?q=lu", f"{_PREFIX}/search?q=lu"])
def test_the_path_of_the_public_address_is_the_prefix(demo_archive: str, passed_on: str) -> None:
    settings = _settings(demo_archive, f"https://bao.example{_PREFIX}/")
    client = create_app(settings).test_client()
    response = client.get(passed_on)
    assert response.status_code == 200
    assert f'action="{_PREFIX}/search"' in response.text
    links = [address for address in _addresses(response.text) if not address.startswith("#")]
    assert all(link.startswith(f"{_PREFIX}/") for link in links)
    feed = client.get("/feed.atom").text
    assert set(re.findall(r"https://bao\.example/\w+", feed)) == {f"https://bao.example{_PREFIX}"}
    assert client.get("/healthz").status_code == 200
    assert client.get(f"{_PREFIX}x/search").status_code == 404


def test_the_server_names_the_prefix_before_the_public_address_does(demo_archive: str) -> None:
    app = create_app(_settings(demo_archive, "https://bao.example"))
    client = Client(DispatcherMiddleware(Response("outside", 404), {_PREFIX: app}))
    assert f"<id>https://bao.example{_PREFIX}/article/" in _get(client, "/feed.atom").text
    assert f'href="{_PREFIX}/help"' in _get(client, "/").text


def test_templates_and_scripts_write_no_address_from_the_root(repository: Path) -> None:
    literal = re.compile(r"""(?:href|src|action)\s*=\s*["']/|["'`]/(?:api|search|list|article)\b""")
    templates = list((repository / "searchapp" / "templates").rglob("*.html"))
    scripts = list((repository / "searchapp" / "static").rglob("*.js"))
    assert len(templates) > 10
    assert len(scripts) > 5
    for path in scripts:
        assert not literal.search(path.read_text("utf-8")), path
    for path in templates:
        outside_calls = re.sub(r"\{\{.*?\}\}", "", path.read_text("utf-8"))
        assert not literal.search(outside_calls), path


def _get(client: Client, path: str) -> TestResponse:
    return client.get(f"{_PREFIX}{path}")


def _check(client: Client, page: str, address: str, status: int = 200) -> None:
    """The address, as it stands on that page, must be under the prefix and lead somewhere.

    Args:
        status: what the page itself answers.
    """
    here = urlsplit(f"{_HOST}{_PREFIX}{page}")
    full = urlsplit(urljoin(here.geturl(), address))
    if full.netloc != here.netloc:
        return
    assert full.path.startswith(f"{_PREFIX}/"), address
    if full.path.endswith("/export"):
        # Which articles are chosen stands in the form, not in its address.
        assert client.post(full.path).status_code == 400
        return
    # One of a kind is followed: the same page with the same parameters, whatever they say.
    # Quickly: whatever page it stands on, too.
    stands_on = by_profile(quick="", deep=page)
    kind = (stands_on, full.path, *sorted({name for name, _ in parse_qsl(full.query)}))
    if kind not in _followed:
        _followed.add(kind)
        answer = client.get(f"{full.path}?{full.query}", follow_redirects=True, buffered=True)
        assert answer.status_code in (200, status), address


def _addresses(html: str) -> Iterator[str]:
    collector = _Addresses()
    collector.feed(html)
    yield from collector.found


def _addresses_in(document: object) -> Iterator[str]:
    """The addresses of an API document: what begins as a path, or as this host."""
    if isinstance(document, str) and document.startswith(("/", _HOST)):
        yield document
    elif isinstance(document, (list, dict)):
        for value in document.values() if isinstance(document, dict) else document:
            yield from _addresses_in(value)


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "action", "formaction") and value:
                self.found.append(value)
