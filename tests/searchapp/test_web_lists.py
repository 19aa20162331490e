"""Lists of saved articles, which their addresses carry."""

from urllib.parse import quote

import pytest
import rispy
from asking import links_of, page_of
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from small_archive import ODD_ID

from index import is_article_id
from searchapp.documents.saved_lists import LARGEST_LIST, LONGEST_TOKEN, list_token, listed_ids

_IDS = st.text(st.characters(codec="utf-8"), min_size=1).filter(is_article_id)


@given(st.lists(_IDS, min_size=1, max_size=LARGEST_LIST, unique=True))
def test_every_list_comes_back_from_its_token(ids: list[str]) -> None:
    token = list_token(ids)
    assert token.isascii()
    assert not set(token) & set("/+=.?#%")
    assert listed_ids(token) == (tuple(ids) if len(token) <= LONGEST_TOKEN else ())


@given(st.text())
def test_no_text_breaks_the_reading_of_tokens(text: str) -> None:
    assert len(listed_ids(text)) <= LARGEST_LIST


def test_three_chosen_hits_become_a_list_that_others_can_open(client: FlaskClient) -> None:
    chosen = ["ngap2", ODD_ID, "ngap"]
    response = client.post("/list", data={"id": [*chosen, "ngap"]})
    assert response.status_code == 303
    address = response.headers["Location"]
    html = page_of(client, address)
    assert [html.index(f'data-save="{name}"') for name in ("ngap2", "ngap")] == sorted(
        html.index(f'data-save="{name}"') for name in ("ngap2", "ngap")
    )
    assert html.count("data-save=") == 3
    assert '<meta name="robots" content="noindex,follow">' in html
    assert f"{address}.ris" in links_of(html)
    records = rispy.loads(client.get(f"{address}.ris").text)
    assert len(records) == 3
    for suffix in ("bib", "csl.json", "csv", "ndjson", "txt"):
        assert client.get(f"{address}.{suffix}").status_code == 200


def test_a_list_says_what_is_gone(client: FlaskClient) -> None:
    html = page_of(client, f"/list/{list_token(['ngap', 'khong-con'])}")
    assert "1 tin không còn trong kho." in html


@pytest.mark.parametrize("token", ["zzz", "ZDE=", "khong co", list_token(["khong-con"])])
def test_a_list_of_nothing_is_not_found(client: FlaskClient, token: str) -> None:
    page_of(client, f"/list/{token}", 404)
    assert client.get(f"/list/{token}.ris").status_code == 404


@pytest.mark.parametrize("ids", [[], [f"a{number}" for number in range(LARGEST_LIST + 1)]])
def test_a_list_holds_one_to_a_hundred(client: FlaskClient, ids: list[str]) -> None:
    response = client.post("/list", data={"id": ids})
    assert response.status_code == 400
    assert "Hãy chọn từ 1 đến 100 tin." in response.text
    assert listed_ids(list_token(ids)) == ()


_NO_IDS = (
    *("", " ", "a b", "a\nb", "a\r\nb", "\n", "a\n", "a/b", "a\\b", "..", "a\x00", "a\u2028b"),
    *("a" * 201, "x" * 200_000, "\n".join(f"a{number}" for number in range(1000))),
)


@pytest.mark.parametrize("text", _NO_IDS, ids=range(len(_NO_IDS)))
def test_what_can_be_no_id_is_taken_nowhere(client: FlaskClient, text: str) -> None:
    for path in ("/list", "/export"):
        response = client.post(path, data={"id": ["ngap", text], "format": "ris"})
        assert response.status_code == 400
        assert "Location" not in response.headers
        assert "Có mã tin không đúng." in response.text
    if "\n" not in text:
        assert listed_ids(list_token(["ngap", text] if text else [" "])) == ()
    quoted = quote(text, safe="")
    for path in (f"/article/{quoted}", f"/article/{quoted}.ris", f"/api/v1/articles/{quoted}"):
        answer = client.get(path)
        assert answer.status_code in (301, 308, 404, 414), path
        assert len(answer.headers.get("Location", "")) < 4300
    asked = {"q": "ngap", "id": text}
    assert client.get("/api/v1/explain", query_string=asked).status_code in (400, 404)


def test_a_list_is_as_long_as_an_address_may_be(client: FlaskClient) -> None:
    ids = [f"{'ạ' * 30}{number}" for number in range(LARGEST_LIST)]
    response = client.post("/list", data={"id": ids})
    assert response.status_code == 400
    assert "Danh sách này quá dài." in response.text
    assert listed_ids(list_token(ids)) == ()
    page_of(client, f"/list/{list_token(ids)}", 404)
    fitting = [f"u{number:016}" for number in range(LARGEST_LIST)]
    response = client.post("/list", data={"id": fitting})
    assert response.status_code == 303
    assert len(response.headers["Location"]) <= LONGEST_TOKEN + len("/list/")
    assert listed_ids(response.headers["Location"].removeprefix("/list/")) == tuple(fitting)


@pytest.mark.parametrize(
    "path",
    [
        f"/search?q={'ế' * 500}&lang=vi",
        f"/search?per_page=20&q=ngap&{'&'.join(f'section=chuyen-muc-{n}' for n in range(120))}",
        f"/article/ngap?q={'a' * 20_000}",
        f"/article/ngap/sai?hit=1&q=a&{'&'.join(f'source=bao-{n}' for n in range(2000))}",
        f"/api//v1/stats?q={'a' * 20_000}",
        f"/article//{'a' * 20_000}",
        f"/list//{'a' * 20_000}",
        f"/embed//timbao.{'a' * 20_000}.js",
    ],
    ids=range(8),
)
def test_no_redirect_is_longer_than_clients_follow(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code in (200, 301, 308, 404, 413, 414)
    assert len(response.headers.get("Location", "")) < 4300


def test_lists_are_made_by_own_pages_only(client: FlaskClient) -> None:
    headers = {"Origin": "https://bao.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/list", data={"id": "ngap"}, headers=headers).status_code == 403


def test_the_own_list_is_known_to_the_browser_only(client: FlaskClient) -> None:
    html = page_of(client, "/list")
    assert "Danh sách đang trống. Chọn ☆ ở mỗi tin để lưu." in html
    assert "Your list is empty." in page_of(client, "/list?lang=en")
