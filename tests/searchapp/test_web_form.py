"""The search form, its filters and the pages of a result."""

import re
from typing import cast
from urllib.parse import quote

import pytest
from asking import Json, ids_on, page_of, problem_of, search
from flask.testing import FlaskClient


def test_the_form_keeps_what_was_chosen(client: FlaskClient) -> None:
    html = page_of(
        client, "/search?q=l%C5%A9&accents=exact&sort=title&section=moi-truong&from=2026-07-30"
    )
    assert 'name="accents" value="exact" checked>' in html
    assert '<option value="title" selected>Tiêu đề A–Y</option>' in html
    assert '<input type="hidden" name="section" value="moi-truong">' in html
    assert re.search(r'name="from"[^>]* value="30/07/2026"', html)
    assert "Bộ lọc (3)" in html
    assert ids_on(html) == ["hoabinh2"]


def test_constraints_can_be_taken_off_one_by_one(client: FlaskClient) -> None:
    html = page_of(client, "/search?q=l%C5%A9&section=moi-truong&source=tin-tuc-pho")
    assert (
        '<a class="chip" rel="nofollow" href="/search?q=l%C5%A9&amp;section=moi-truong" '
        'aria-label="Bỏ lọc Nguồn: Tin Tức Phố">' in html
    )
    assert '<a class="chip plain" rel="nofollow" href="/search?q=l%C5%A9">Xóa tất cả</a>' in html


def test_two_sections_are_united_and_excluded_ones_are_the_rest(client: FlaskClient) -> None:
    one = search(client, q="lũ OR học", section="moi-truong")["total"]
    other = search(client, q="lũ OR học", section="giao-duc")["total"]
    both = client.get("/api/v1/search?q=l%C5%A9+OR+h%E1%BB%8Dc&section=moi-truong&section=giao-duc")
    assert one
    assert other
    assert cast(Json, both.json)["total"] == one + other
    everything = search(client, q="lũ OR học")["total"]
    assert search(client, q="lũ OR học", not_section="moi-truong")["total"] == everything - one


def test_empty_fields_and_vietnamese_dates_are_redirected_to_one_address(
    client: FlaskClient,
) -> None:
    sent = "/search?q=ha+noi&accents=&section=&source=&from=05/10/2026&to=&sort="
    response = client.get(sent)
    assert response.status_code == 301
    assert response.headers["Location"] == "/search?from=2026-10-05&q=ha+noi"


@pytest.mark.parametrize(
    "day", ["31/02/2026", "2026-13-01", "hôm qua", "0000", "9999", "2025..2026"]
)
def test_an_impossible_day_is_reported_at_its_field(client: FlaskClient, day: str) -> None:
    html = page_of(client, f"/search?q=a&from={quote(day)}", 400)
    assert f'value="{day}" autofocus aria-invalid="true" aria-describedby="from-error"' in html
    assert '<p class="error" id="from-error">Ngày chưa đúng. Hãy nhập dd/mm/yyyy' in html
    assert problem_of(client, f"/api/v1/search?from={quote(day)}", 400)["errors"] == [
        {
            "param": "from",
            "code": "bad-date",
            "message": "Ngày chưa đúng. Hãy nhập dd/mm/yyyy, ví dụ 05/10/2026.",
        }
    ]


def test_days_in_the_wrong_order_are_reported(client: FlaskClient) -> None:
    html = page_of(client, "/search?q=a&from=2026-10-05&to=2026-10-04", 400)
    assert "“Từ ngày” phải trước “Đến ngày”." in html


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-10-05", "2026-10-05", ["ngap"]),
        ("2026-10", "2026-10", ["ngap2", "ngap"]),
        ("10/2026", "", ["ngap2", "ngap"]),
        ("", "2023-03-01", ["bantin00"]),
    ],
)
def test_a_range_of_days_is_inclusive(
    client: FlaskClient, first: str, last: str, expected: list[str]
) -> None:
    found = search(client, **{"from": first, "to": last})
    assert [hit["id"] for hit in found["results"]] == expected


def test_the_page_has_links_to_its_neighbours(client: FlaskClient) -> None:
    html = page_of(client, "/search?q=ban+tin&per_page=10&page=2")
    assert "Trang 2/3" in html
    assert '<li value="11">' in html
    previous = "/search?per_page=10&amp;q=ban+tin"
    assert f'<a rel="prev nofollow" href="{previous}">‹ Trang trước</a>' in html
    assert '<a rel="next nofollow" href="/search?page=3&amp;per_page=10&amp;q=ban+tin">' in html
    assert '<span class="current" aria-current="page">2</span>' in html


def test_a_page_after_the_last_leads_back(client: FlaskClient) -> None:
    html = page_of(client, "/search?q=ban+tin&page=99")
    assert "Trang này nằm sau kết quả cuối cùng." in html
    assert '<a href="/search?q=ban+tin">Về trang đầu</a>' in html
