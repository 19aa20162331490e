"""`timbao pull` takes in the feeds and sitemaps of a site on loopback, everything once."""

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from answering import answered_by
from click.testing import CliRunner, Result

from index import Article, open_engine
from searchapp.cli import main

TEXT = "Sáng nay, bà con hai bờ sông Lục đã đi trên cầu mới."


def page(headline: str, text: str = TEXT) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{headline}</title>"
        '<meta property="og:type" content="article"></head>'
        f"<body><h1>{headline}</h1><p>{text}</p></body></html>"
    )


class Site:
    """What a site holds, and what it is asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.types: dict[str, str] = {}
        self.moved: dict[str, str] = {}
        self.etags = True
        self.sent: list[str] = []
        self.base = ""

    def put(self, path: str, text: str | bytes, kind: str = "text/html") -> None:
        self.files[path] = text.encode() if isinstance(text, str) else text
        self.types[path] = kind

    def sitemap(self, *entries: tuple[str, str], path: str = "/sitemap.xml") -> None:
        shown = "".join(
            f"<url><loc>{place if '//' in place else self.base + place}</loc>"
            + (f"<lastmod>{day}</lastmod>" if day else "")
            + "</url>"
            for place, day in entries
        )
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        self.put(path, f'<urlset xmlns="{space}">{shown}</urlset>', "application/xml")

    def feed(self, *items: tuple[str, str], body: str = "") -> None:
        shown = "".join(
            f"<item><title>{title}</title><link>{self.base}{path}</link>"
            f"<description>Tóm tắt.</description>{body}</item>"
            for path, title in items
        )
        self.put(
            "/tin.rss",
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>Báo Sông Lục</title>{shown}</channel></rss>",
            "application/rss+xml",
        )

    def since(self) -> list[str]:
        """What was sent since this was asked last."""
        sent, self.sent = self.sent, []
        return sent


@pytest.fixture
def site() -> Iterator[Site]:
    held = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path in held.moved:
                self.send_response(302)
                self.send_header("Location", held.moved[self.path])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            data = held.files.get(self.path)
            etag = f'"{hash(data)}"'
            same = held.etags and self.headers.get("If-None-Match") == etag
            status = 404 if data is None else 304 if same else 200
            body = data if status == 200 and data is not None else b""
            if status == 200:
                held.sent.append(self.path)  # before it is sent: the next request may overtake this
            self.send_response(status)
            if held.etags and data is not None:
                self.send_header("ETag", etag)
            self.send_header("Content-Type", held.types.get(self.path, "text/html"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with answered_by(Handler) as (host, port):
        held.base = f"http://{host}:{port}"
        yield held


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"whoosh:{tmp_path / 'index'}"


def timbao(*args: object, status: int = 0) -> Result:
    result = CliRunner().invoke(main, list(map(str, args)), prog_name="timbao")
    assert result.exit_code == status, result.output
    return result


def pull(site: Site, address: str, *args: object, status: int = 0) -> dict[str, Any]:
    paths = [arg for arg in args if isinstance(arg, str) and arg.startswith("/")]
    more = [arg for arg in args if arg not in paths]
    places = [site.base + path for path in paths]
    common = ("--index", address, "--pause", 0, "--json")
    summary: dict[str, Any] = json.loads(
        timbao("pull", *places, *common, *more, status=status).stdout
    )
    return summary


def articles(address: str) -> dict[str, Article]:
    with closing(open_engine(address)) as engine:
        return {article.headline: article for article in engine.articles()}


def test_a_sitemap_is_taken_in_once(site: Site, address: str, tmp_path: Path) -> None:
    site.put("/a.htm", page("Thông xe cầu"))
    site.put("/b.htm", page("Sửa đường").encode("utf-16"))
    site.put("/", "<html><body>" + "<a href=x>Tin</a>" * 9 + "</body></html>")
    site.sitemap(("/a.htm", "2026-03-07"), ("/b.htm", ""), ("/", ""), ("http://a.example/c", ""))
    summary = pull(site, address, "/sitemap.xml")
    assert (summary["indexed"], summary["pages"], summary["failed"]) == (2, 3, 0)
    assert [bad["path"] for bad in summary["bad_records"]] == [f"{site.base}/"]
    found = articles(address)["Thông xe cầu"]
    assert (found.url, found.body) == (f"{site.base}/a.htm", (TEXT,))
    assert found.provenance is not None
    assert found.provenance.path == f"{site.base}/a.htm"
    assert site.since() == ["/sitemap.xml", "/a.htm", "/b.htm", "/"]
    summary = pull(site, address, "/sitemap.xml")
    assert (summary["indexed"], summary["pages"]) == (0, 0)
    assert site.since() == []
    site.put("/a.htm", page("Thông xe cầu", "Đã sửa lại bài này cho đúng sự thật hơn."))
    site.put("/d.htm", page("Tin mới"))
    site.sitemap(("/a.htm", "2026-03-08"), ("/b.htm", ""), ("/", ""), ("/d.htm", ""))
    summary = pull(site, address, "/sitemap.xml")
    assert (summary["indexed"], summary["pages"]) == (2, 2)
    assert site.since() == ["/sitemap.xml", "/a.htm", "/d.htm"]
    assert articles(address)["Thông xe cầu"].body[0].startswith("Đã sửa")
    assert (tmp_path / "index.pull.json").is_file()


def test_an_index_of_packed_sitemaps(site: Site, address: str) -> None:
    site.put("/a.htm", page("Thông xe cầu"))
    site.sitemap(("/a.htm", ""), path="/1.xml.gz")
    site.files["/1.xml.gz"] = gzip.compress(site.files["/1.xml.gz"])
    site.put(
        "/sitemap.xml",
        f"<sitemapindex><sitemap><loc>{site.base}/1.xml.gz</loc></sitemap>"
        f"<sitemap><loc>{site.base}/sitemap.xml</loc></sitemap></sitemapindex>",
    )
    assert pull(site, address, "/sitemap.xml")["indexed"] == 1
    assert pull(site, address, "/sitemap.xml")["pages"] == 0


def test_a_feed_without_texts_has_its_pages_fetched(site: Site, address: str) -> None:
    site.put("/a.htm", page("Thông xe cầu"))
    site.put("/sông-lục.htm", page("Sông Lục"))
    site.files["/s%C3%B4ng-l%E1%BB%A5c.htm"] = site.files["/sông-lục.htm"]
    site.feed(("/a.htm", "Thông xe cầu"), ("/sông-lục.htm", "Sông Lục"), ("/video.htm", "Phim"))
    site.put("/video.htm", "<html><body><video></video></body></html>")
    summary = pull(site, address, "/tin.rss")
    assert (summary["indexed"], summary["pages"]) == (3, 3)
    found = articles(address)
    assert found["Thông xe cầu"].body == (TEXT,)
    assert (found["Phim"].lead, found["Phim"].body) == ("Tóm tắt.", ())
    site.since()
    assert pull(site, address, "/tin.rss")["indexed"] == 0
    assert site.since() == []
    site.feed(("/b.htm", "Tin hai"), ("/a.htm", "Thông xe cầu"))
    site.put("/b.htm", page("Tin hai"))
    assert pull(site, address, "/tin.rss")["indexed"] == 1
    assert site.since() == ["/tin.rss", "/b.htm"]
    assert articles(address)["Thông xe cầu"].body == (TEXT,)


def test_a_feed_with_texts_is_enough(site: Site, address: str) -> None:
    body = "<content:encoded><![CDATA[<p>Sáng nay.</p><p>Bà con.</p>]]></content:encoded>"
    site.feed(("/a.htm", "Thông xe cầu"), body=body)
    site.sitemap(("/a.htm", "2026-03-07"))
    site.etags = False
    summary = pull(site, address, "/tin.rss", "/sitemap.xml")
    assert (summary["indexed"], summary["pages"]) == (1, 0)
    assert articles(address)["Thông xe cầu"].body == ("Sáng nay.", "Bà con.")
    summary = pull(site, address, "/tin.rss", "/sitemap.xml")
    assert (summary["indexed"], summary["unchanged"], summary["pages"]) == (0, 1, 0)


def test_what_is_left_over_comes_in_the_next_round(site: Site, address: str) -> None:
    for at in range(3):
        site.put(f"/{at}.htm", page(f"Tin số {at}"))
    site.sitemap(*((f"/{at}.htm", "") for at in range(3)), ("/lost.htm", ""))
    assert pull(site, address, "/sitemap.xml", "--most", 2)["indexed"] == 2
    assert pull(site, address, "/sitemap.xml", "--most", 2)["indexed"] == 1
    site.put("/lost.htm", page("Trở lại"))
    assert pull(site, address, "/sitemap.xml")["indexed"] == 1
    assert set(articles(address)) == {"Tin số 0", "Tin số 1", "Tin số 2", "Trở lại"}


def test_nothing_is_fetched_from_elsewhere(site: Site, address: str) -> None:
    site.moved["/a.htm"] = "http://localhost:1/b.htm"
    site.moved["/file"] = "file:///etc/passwd"
    site.put("/c.htm", page("Thông xe cầu"))
    site.moved["/old.htm"] = "/c.htm"
    site.sitemap(("/a.htm", ""), ("/file", ""), ("/old.htm", ""), ("file:///etc/passwd", ""))
    summary = pull(site, address, "/sitemap.xml")
    assert (summary["indexed"], summary["pages"]) == (1, 3)
    assert articles(address)["Thông xe cầu"].url == f"{site.base}/c.htm"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<html><body>Không</body></html>", "neither a feed nor a sitemap"),
        ("", "broken XML"),
        (b"\x1f\x8bno", "broken gzip data"),
        (None, "the server answers 404"),
    ],
)
def test_an_address_that_cannot_be_read_says_why(
    site: Site, address: str, text: str | bytes | None, reason: str
) -> None:
    if text is not None:
        site.put("/x", text)
    result = timbao("pull", f"{site.base}/x", "--index", address, status=4)
    assert reason in result.stderr
    assert "1 addresses not read" in result.stdout


def test_round_after_round(site: Site, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    site.put("/a.htm", page("Thông xe cầu"))
    site.put("/b.htm", page("Sửa đường"))
    site.sitemap(("/a.htm", ""))
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) > 1:
            raise KeyboardInterrupt
        site.sitemap(("/a.htm", ""), ("/b.htm", ""))

    monkeypatch.setattr("time.sleep", sleep)
    result = timbao("pull", f"{site.base}/sitemap.xml", "--index", address, "--every", 15, status=1)
    assert result.stdout.count("1 articles indexed, 1 pages fetched") == 2
    assert waited == [900, 900]
    assert site.sent == ["/sitemap.xml", "/a.htm", "/sitemap.xml", "/b.htm"]


def test_mistakes_in_the_command(address: str, tmp_path: Path) -> None:
    timbao("pull", "songluc.example", "--index", address, status=2)
    timbao("pull", "ftp://songluc.example/a", "--index", address, status=2)
    timbao("pull", "http://127.0.0.1:1/", "--index", "opensearch://127.0.0.1:1/news", status=2)
    state = tmp_path / "state.json"
    state.write_text("[")
    result = timbao("pull", "http://127.0.0.1:1/", "--index", address, "--state", state, status=1)
    assert "remove it" in result.stderr
    result = timbao("pull", "http://127.0.0.1:1/", "--index", address, status=4)
    assert "refused" in result.stderr
