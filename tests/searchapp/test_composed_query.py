"""The advanced form: every box takes phrases and commas, and what it makes can be read back."""

import re

import pytest
from asking import ids_on, page_of, search
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from searchapp.query.composed_query import ROWS, compose, rows_of


@pytest.mark.parametrize(
    ("sent", "query"),
    [
        ({"q": "đà nẵng", "none": "quảng nam"}, 'đà nẵng -"quảng nam"'),
        ({"q": "đà nẵng", "none": "quảng nam, bão"}, 'đà nẵng -"quảng nam" -bão'),
        ({"none": '"quảng nam" bão'}, '-"quảng nam" -bão'),
        ({"any": "đà nẵng, quảng nam"}, '("đà nẵng" OR "quảng nam")'),
        ({"any": "đà nẵng"}, '"đà nẵng"'),
        ({"q": "bão, quảng nam"}, 'bão "quảng nam"'),
        ({"q": "bão lũ", "q_in": "title"}, "tieude:bão tieude:lũ"),
        ({"phrase": "hà nội; đà nẵng"}, '"hà nội" "đà nẵng"'),
        ({"any": "a, b", "any_in": "lead"}, "(sapo:a OR sapo:b)"),
        ({"near": "lũ quảng nam", "within": "8"}, '"lũ quảng nam"~8'),
        ({"near": "lũ quảng nam", "within": "99"}, '"lũ quảng nam"~30'),
        ({"near": "lũ quảng nam", "within": "tám"}, '"lũ quảng nam"~10'),
        ({"q": "lũ OR bão", "none": "mưa"}, "(lũ OR bão) -mưa"),
        ({"none": "-(quảng) *nam* OR"}, '-"quảng nam"'),
        ({"none": "‐quảng ‑nam －bão"}, '-"quảng nam bão"'),
        ({}, ""),
    ],
)
def test_the_rows_become_one_query(sent: dict[str, str], query: str) -> None:
    assert compose(sent) == query


_WORDS = st.lists(st.sampled_from(["bão", "lũ", "quảng nam", "đà nẵng"]), max_size=3).map(", ".join)


@given(st.fixed_dictionaries({row: _WORDS for row in ROWS if row != "near"}))
def test_what_the_form_makes_it_reads_back(sent: dict[str, str]) -> None:
    query = compose(sent)
    rows = rows_of(query)
    again = {row: each.text for row, each in rows.items()}
    again |= {f"{row}_in": each.field for row, each in rows.items()}
    assert compose(again) == query


@pytest.mark.parametrize("query", ["a AND b", "(a b) OR c", "ngay:2024 a", "từ*", '"chưa đóng'])
def test_what_the_form_cannot_say_stands_in_its_first_row(query: str) -> None:
    rows = rows_of(query)
    assert [rows[row].text for row in ROWS] == [query, "", "", "", ""]


def test_a_phrase_is_left_out_whole(client: FlaskClient) -> None:
    sent = {"q": "mưa", "none": "hà nội"}
    html = page_of(client, "/search?q=m%C6%B0a&none=h%C3%A0+n%E1%BB%99i")
    found = search(client, q='mưa NOT "hà nội"')
    assert ids_on(html) == [hit["id"] for hit in found["results"]]
    assert client.get("/advanced/count", query_string=sent).json == {
        "query": 'mưa -"hà nội"',
        "total": found["total"],
    }


def test_the_form_counts_without_a_script(client: FlaskClient) -> None:
    total = search(client, q="ngập")["total"]
    html = page_of(client, "/advanced?q=ng%E1%BA%ADp&count=1")
    assert f">{total} tin khớp đúng</p>" in html


def test_what_only_filters_leave_has_its_own_heading(client: FlaskClient) -> None:
    by_author = search(client, author="nguyen-van-an")["total"]
    html = page_of(client, "/search?author=nguyen-van-an")
    assert re.search(rf"<h1>{by_author} tin của [^<]*Nguyễn Văn An", html)
    in_section = search(client, section="thoi-su")["total"]
    html = page_of(client, "/search?section=thoi-su")
    assert f"<h1>{in_section} tin: chuyên mục Thời sự</h1>" in html
    assert "Bạn chưa gõ từ nào để tìm" not in html
    assert "Bạn chưa gõ từ nào để tìm" in page_of(client, "/search")


def test_a_query_with_signs_is_read_out_and_its_slips_are_named(client: FlaskClient) -> None:
    html = page_of(client, "/search?q=%22h%C3%A0+n%E1%BB%99i%22+-%22m%C6%B0a+l%E1%BB%9Bn%22+OR")
    assert "Hiểu là: <bdi>có “hà nội”, không có “mưa lớn”</bdi>." in html
    assert "“OR” không đi với từ nào nên được bỏ qua." in html
    answer = search(client, q='"hà nội" -"mưa lớn" OR')
    assert answer["query"]["reading"] == "có “hà nội”, không có “mưa lớn”"
    assert answer["query"]["warnings"] == ["“OR” không đi với từ nào nên được bỏ qua."]
    assert search(client, q="hà nội")["query"]["reading"] is None
