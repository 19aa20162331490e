"""Articles as values: checks, ids, storage."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import (
    VIETNAM_TIME,
    Article,
    Provenance,
    RelatedItem,
    article_id,
    canonical_url,
    is_article_id,
)
from index.errors import (
    DocumentError,
    EngineUnavailable,
    IndexCorrupt,
    IndexLocked,
    IndexMismatch,
    IndexNotFound,
    QueryError,
    SearchError,
)

FULL = Article(
    id="shn-0412",
    headline="Cầu Khe Lạnh hợp long",
    lead="Sáng 5/10, nhịp cuối đã nối.",
    body=("Đoạn một.", "Đoạn hai\u2028có ký tự lạ \x00 \U0001f600."),
    captions=("Toàn cảnh cầu",),
    url="https://songhong.example/cau-khe-lanh.html",
    source="Báo Sông Hồng",
    authors=("Lê Thị Mận", "Hồ Sĩ Đức"),
    section="Giao thông",
    tags=("cầu", "Yên Bái"),
    published=datetime(2026, 10, 5, 6, 40, 30, 250, tzinfo=VIETNAM_TIME),
    updated=datetime(2026, 10, 5, 1, 0, tzinfo=UTC),
    related=(RelatedItem("Lũ quét", "Mưa lớn.", "https://songhong.example/lu"), RelatedItem("Ảnh")),
    provenance=Provenance(
        reader="json_lines", path="tin.jsonl", line=7, encoding="TCVN3", original="Céng hßa"
    ),
)


@pytest.mark.parametrize(
    "article",
    [
        FULL,
        Article(id="a", headline="Tin"),
        Article(id="b", headline="", body=("Chỉ có thân bài.",)),
        Article(
            id="c",
            headline="Tin ngày",
            published=datetime(2026, 10, 5, tzinfo=VIETNAM_TIME),
            published_precision="day",
        ),
    ],
    ids=lambda article: article.id,
)
def test_json_keeps_everything(article: Article) -> None:
    stored = article.to_json()
    assert Article.from_json(stored) == article
    assert Article.from_json(stored).to_json() == stored


@given(
    headline=st.text(min_size=1).filter(str.strip),
    body=st.lists(st.text()),
    published=st.none()
    | st.datetimes(
        datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis adds the time zone
        datetime(2100, 1, 1),  # noqa: DTZ001
        timezones=st.builds(lambda hours: timezone(timedelta(hours=hours)), st.integers(-12, 14)),
    ),
)
def test_json_keeps_any_text(headline: str, body: list[str], published: datetime | None) -> None:
    article = Article(id="x", headline=headline, body=tuple(body), published=published)
    assert Article.from_json(article.to_json()) == article


def test_json_leaves_out_what_is_empty() -> None:
    assert Article(id="a", headline="Tin").to_json() == b'{"id":"a","headline":"Tin"}'


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b'{"id":"a","headline":3}', b'{"id":"a","x":1}', b"\xff"]
)
def test_from_json_refuses_what_to_json_does_not_write(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Article.from_json(data)


def test_an_article_needs_a_headline_or_a_body() -> None:
    with pytest.raises(ValueError, match="headline or a body"):
        Article(id="a", headline=" ", lead="Chỉ có sapo.", body=("", " "))


@pytest.mark.parametrize("name", ["published", "updated"])
def test_times_must_be_aware_and_plausible(name: str) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - what must be refused
    for time, reason in ((naive, "aware"), (datetime(1, 1, 1, tzinfo=UTC), "year 1 is outside")):
        with pytest.raises(ValueError, match=reason):
            Article(id="a", headline="Tin", **{name: time})  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("url", ["javascript:alert(1)", "tin/1.html", "https://", "http://a b/"])
def test_a_link_that_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not an http or https address"):
        Article(id="a", headline="Tin", url=url)
    with pytest.raises(ValueError, match="not an http or https address"):
        RelatedItem("Tin", url=url)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("shn-0412", True),
        ("bài-số-7", True),
        ("a" * 200, True),
        ("a" * 201, False),
        ("", False),
        ("a/b", False),
        ("a\\b", False),
        ("a b", False),
        ("a\u00a0b", False),
        ("a\nb", False),
        ("a\u200bb", False),
        ("..", False),
        ("\ud800", False),
    ],
)
def test_which_texts_can_be_ids(text: str, allowed: bool) -> None:
    assert is_article_id(text) is allowed
    if not allowed:
        with pytest.raises(ValueError, match="article id"):
            Article(id=text, headline="Tin")


def test_the_records_own_id_comes_first_then_the_url_then_the_content() -> None:
    url = "https://songhong.example/a"
    assert article_id("shn-1", url, "nội dung") == "shn-1"
    assert article_id("", url, "nội dung") == article_id(None, url, "nội dung khác")
    assert article_id(None, url, "nội dung")[0] == "u"
    assert article_id(None, "", "nội dung")[0] == "c"
    assert article_id(None, "", "nội dung") != article_id(None, "", "nội dung khác")


def test_an_id_that_cannot_be_one_is_derived_from_itself() -> None:
    derived = article_id("tin/2026/7", "https://songhong.example/a", "nội dung")
    assert derived == article_id("tin/2026/7", "", "")
    assert derived[0] == "r"
    assert derived != article_id("tin/2026/8", "", "")


@given(st.text(), st.text(), st.text())
def test_a_derived_id_can_always_be_an_id(record_id: str, url: str, content: str) -> None:
    assert is_article_id(article_id(record_id, url, content))


@pytest.mark.parametrize(
    "same",
    [
        "https://songhong.example/tin/a.html?id=7",
        "https://SongHong.Example/tin/a.html?id=7",
        "HTTPS://songhong.example:443/tin/a.html?id=7",
        "https://songhong.example/tin/a.html?utm_source=zalo&id=7&fbclid=x",
        "https://songhong.example/tin/a.html?id=7#binh-luan",
        "https://songhong.example./tin/a.html/?id=7",
        " https://toa:soan@songhong.example/tin/a.html?id=7 ",
    ],
)
def test_addresses_of_one_page_are_one(same: str) -> None:
    assert canonical_url(same) == "https://songhong.example/tin/a.html?id=7"


@pytest.mark.parametrize(
    "other",
    [
        "https://songhong.example:8443/tin/a.html?id=7",
        "https://songhong.example/tin/A.html?id=7",
        "https://songhong.example/tin/a.html?id=8",
        "https://songhong.example/tin/a.html",
    ],
)
def test_addresses_of_other_pages_stay_apart(other: str) -> None:
    assert canonical_url(other) not in ("", "https://songhong.example/tin/a.html?id=7")


@pytest.mark.parametrize(
    "text", ["", "tin", "/tin/a", "ftp://a.example/", "http://", "http://[::1", "http://a:99999/"]
)
def test_what_is_no_web_address_has_no_canonical_form(text: str) -> None:
    assert canonical_url(text) == ""


@given(st.text())
def test_canonical_form_is_idempotent(text: str) -> None:
    once = canonical_url("https://songhong.example/" + text)
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (IndexNotFound("var/index"), "timbao index"),
        (IndexMismatch("3", "2"), "build it again"),
        (IndexLocked("var/index"), "wait"),
        (IndexCorrupt("var/index", "segment 3 is missing"), "build it again"),
        (DocumentError("tin.jsonl", 7, "broken JSON"), "correct this record"),
        (QueryError(6, "unclosed-group", "a bracket is not closed"), "correct it"),
        (EngineUnavailable("http://localhost:9200", "refused"), "check that it runs"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_error_names_its_fields_and_the_remedy(error: SearchError, remedy: str) -> None:
    message = str(error)
    fields = vars(error)
    assert fields
    shown = dict(fields)
    shown.pop("code", None)
    shown.pop("recoverable", None)  # which of the remedies is named
    if "position" in shown:
        shown["position"] = 7  # people count from one
    assert all(str(value) in message for value in shown.values())
    assert remedy in message
    assert message.endswith(".")
    assert message.count(". ") == 0
