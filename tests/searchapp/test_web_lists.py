"""Lists of saved articles, which their addresses carry."""

import pytest
import rispy
from asking import links_of, page_of
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from small_archive import ODD_ID

from searchapp.documents.saved_lists import LARGEST_LIST, list_token, listed_ids

_IDS = st.text(st.characters(exclude_characters="\n", codec="utf-8"), min_size=1)


@given(st.lists(_IDS, min_size=1, max_size=LARGEST_LIST, unique=True))
def test_every_list_comes_back_from_its_token(ids: list[str]) -> None:
    token = list_token(ids)
    assert token.isascii()
    assert not set(token) & set("/+=.?#%")
    assert listed_ids(token) == tuple(ids)


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


def test_lists_are_made_by_own_pages_only(client: FlaskClient) -> None:
    headers = {"Origin": "https://bao.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/list", data={"id": "ngap"}, headers=headers).status_code == 403


def test_the_own_list_is_known_to_the_browser_only(client: FlaskClient) -> None:
    html = page_of(client, "/list")
    assert "Danh sách đang trống. Chọn ☆ ở mỗi tin để lưu." in html
    assert "Your list is empty." in page_of(client, "/list?lang=en")
