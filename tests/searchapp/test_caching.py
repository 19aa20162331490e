"""What may be kept of an answer, and that nobody keeps an old one."""

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from small_index import small_index
from werkzeug.http import http_date

from index import VIETNAM_TIME, Article, EngineStats, SearchEngine, Withdrawal, open_engine
from searchapp.app import create_app
from searchapp.settings import Settings

SEARCHES = (
    "/api/v1/search?q=ngap",
    *(f"/search.{fmt}?q=ngap" for fmt in ("json", "atom", "rss", "csv", "ndjson", "ris", "bib")),
    "/search.csl.json?q=ngap",
    "/feed.atom",
    "/sitemap.xml",
    "/sitemap-1.xml",
)
ARTICLE_FILES = tuple(f"/article/ngap.{fmt}" for fmt in ("json", "ris", "bib", "csl.json", "txt"))


@pytest.mark.parametrize("path", SEARCHES)
def test_the_same_search_again_is_not_sent_again(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["ETag"].startswith('W/"1-')
    assert first.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=300"
    assert all(name in first.vary for name in ("Accept-Encoding", "Accept-Language", "Origin"))
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_every_search_and_language_has_a_tag_of_its_own(client: FlaskClient) -> None:
    paths = ["q=ngap", "q=ng%E1%BA%ADp", "q=ngap&page=2", "q=ngap&lang=en", "q=a&q=b", "q=b&q=a"]
    tags = [client.get(f"/search.atom?{path}").headers["ETag"] for path in paths]
    tags += [client.get(f"/search.{fmt}?q=ngap").headers["ETag"] for fmt in ("ris", "bib")]
    tags.append(client.get("/search.atom?q=ngap", base_url="http://127.0.0.1").headers["ETag"])
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("path", ["/api/v1/search?q=ngap", "/article/ngap.json"])
def test_a_readers_cookie_chooses_for_that_reader_only(client: FlaskClient, path: str) -> None:
    assert "Cookie" not in client.get(path).vary
    client.set_cookie("lang", "en")
    assert "Cookie" in client.get(path).vary


def test_the_order_of_parameters_does_not_matter(client: FlaskClient) -> None:
    one = client.get("/search.ris?q=ngap&section=thoi-su")
    other = client.get("/search.ris?section=thoi-su&q=ngap")
    assert one.headers["ETag"] == other.headers["ETag"]


def test_a_commit_changes_the_tag_of_every_search(tmp_path: Path) -> None:
    with small_index(tmp_path, {"a": "Lũ về ngập đồng"}) as index:
        client = _client(tmp_path)
        for path in SEARCHES:
            tag = client.get(path).headers["ETag"]
            _put(index.engine, Article(id=path.replace("/", "."), headline="Tin ngập mới"))
            changed = client.get(path, headers={"If-None-Match": tag})
            assert changed.status_code == 200, path
            assert changed.headers["ETag"] != tag


def test_an_index_that_was_built_anew_has_other_tags(tmp_path: Path) -> None:
    tags = []
    # The same number of articles, words, sources and sections.
    for name, headline in (("cu", "Lũ về"), ("moi", "Lũ lên")):
        with small_index(tmp_path / name, {"a": headline}):
            response = _client(tmp_path / name).get("/search.atom?q=lũ")
            assert response.headers["ETag"].startswith('W/"1-')
            tags.append(response.headers["ETag"])
    assert tags[0] != tags[1]


def test_two_histories_of_one_archive_have_other_tags(tmp_path: Path) -> None:
    with small_index(tmp_path / "a", {"a": "Lũ về", "b": "Lũ lên", "c": "Lũ rút"}):
        shutil.copytree(tmp_path / "a", tmp_path / "b")
    clients = {name: _client(tmp_path / name) for name in "ab"}
    tags = {
        name: client.get("/search.atom?q=lũ").headers["ETag"] for name, client in clients.items()
    }
    assert tags["a"] == tags["b"]
    for name in "ab":
        with open_engine(f"whoosh:{tmp_path / name}").writer() as writer:
            assert writer.delete(name)
    tags = {
        name: client.get("/search.atom?q=lũ").headers["ETag"] for name, client in clients.items()
    }
    assert all(tag.startswith('W/"2-') for tag in tags.values())
    assert tags["a"] != tags["b"]


def test_what_is_written_and_not_committed_changes_no_tag(tmp_path: Path) -> None:
    with small_index(tmp_path, {"a": "Lũ về"}) as index:
        client = _client(tmp_path)
        known = {path: {"If-None-Match": client.get(path).headers["ETag"]} for path in SEARCHES}
        with index.engine.writer() as writer:
            writer.put(Article(id="b", headline="Tin ngập mới"))
            (tmp_path / "NEWS_of_a_commit_to_come.seg").write_bytes(bytes(1000))
            assert len(list(tmp_path.glob("*.seg"))) == 1
            for path, headers in known.items():
                assert client.get(path, headers=headers).status_code == 304, path
        for path, headers in known.items():
            assert client.get(path, headers=headers).status_code == 200, path


@pytest.mark.parametrize(
    "path",
    [
        "/search?q=khong+co&section=khong-co",
        "/api/v1/search?q=ngap",
        "/api/v1/analyze?q=ngap",
        "/search.atom",
    ],
)
def test_a_request_asks_once_what_the_index_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    with small_index(tmp_path, {"a": "Ngập nặng"}) as index:
        kind, asked = type(index.engine), []
        stats = kind.stats

        def counted(engine: SearchEngine) -> EngineStats:
            asked.append(path)
            return stats(engine)

        monkeypatch.setattr(kind, "stats", counted)
        assert _client(tmp_path).get(path).status_code == 200
        assert asked == [path]


@pytest.mark.parametrize("path", ["/search.ris?per_page=0", "/search.atom?mode=advanced&q=(a"])
def test_errors_are_not_kept(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"If-None-Match": "*"})
    assert response.status_code == 400
    assert "ETag" not in response.headers
    assert "Cache-Control" not in response.headers


@pytest.mark.parametrize("path", ARTICLE_FILES)
def test_a_file_of_an_article_is_tagged_by_its_content(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["ETag"].startswith('"')
    for name, header in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = client.get(path, headers={name: first.headers[header]})
        assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_corrected_article_is_sent_again_and_a_neighbour_is_not(tmp_path: Path) -> None:
    when = datetime(2026, 10, 5, 8, tzinfo=VIETNAM_TIME)
    article = Article(id="a", headline="Lũ về", published=when)
    with small_index(tmp_path, {"a": article, "b": "Nắng lên"}) as index:
        client = _client(tmp_path)
        before = {doc_id: client.get(f"/article/{doc_id}.ris").headers for doc_id in "ab"}
        tags = {doc_id: headers["ETag"] for doc_id, headers in before.items()}
        times = {doc_id: headers["Last-Modified"] for doc_id, headers in before.items()}
        _put(index.engine, Article(id="a", headline="Lũ đã về", published=when))
        known = {doc_id: {"If-None-Match": tag} for doc_id, tag in tags.items()}
        since = {"If-Modified-Since": http_date(when)}
        assert client.get("/article/a.ris", headers=since).status_code == 200
        assert client.get("/article/a.ris", headers=known["a"]).status_code == 200
        assert client.get("/article/b.ris", headers=known["b"]).status_code == 304
        # Nothing in the article says that it was changed, and all of it happened in one second.
        for doc_id, status in (("a", 200), ("b", 304)):
            for path in (f"/article/{doc_id}.ris", f"/api/v1/articles/{doc_id}"):
                since = {"If-Modified-Since": times[doc_id]}
                assert client.get(path, headers=since).status_code == status


def test_a_withdrawn_article_is_gone_for_those_who_have_it_too(tmp_path: Path) -> None:
    with small_index(tmp_path, {"a": "Lũ về"}) as index:
        client = _client(tmp_path)
        known = {"If-None-Match": client.get("/article/a.txt").headers["ETag"]}
        index.engine.withdraw([Withdrawal(id="a", on=date(2026, 10, 6))])
        assert client.get("/article/a.txt", headers=known).status_code == 410


def test_a_choice_of_articles_is_kept_by_nobody(client: FlaskClient) -> None:
    response = client.post("/export", data={"format": "ris", "id": "ngap"})
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def _put(engine: SearchEngine, article: Article) -> None:
    with engine.writer() as writer:
        writer.put(article)


def _client(folder: Path) -> FlaskClient:
    return create_app(Settings(index=f"whoosh:{folder}")).test_client()
