"""Who may send what: requests from other sites, sizes, and addresses that break nothing."""

import pytest
from asking import page_of
from flask.testing import FlaskClient

from searchapp.app import create_app
from searchapp.settings import Settings

_FORM = {"id": "ngap", "format": "ris"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://other.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.other.example"},
    ],
)
def test_a_form_of_another_site_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    response = client.post("/export", data=_FORM, headers=headers)
    assert response.status_code == 403
    assert response.mimetype == "text/html"
    assert "Yêu cầu này phải được gửi từ một trang của kho." in response.text
    api = client.post("/api/v1/search", headers=headers)
    assert api.status_code == 403
    assert api.json is not None
    assert api.json["type"].endswith("/problems/csrf")


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}],
)
def test_the_sites_own_form_is_answered(client: FlaskClient, headers: dict[str, str]) -> None:
    response = client.post("/export", data=_FORM, headers=headers)
    assert response.status_code == 200
    assert response.text.startswith("TY  - NEWS")


def test_a_form_behind_a_proxy_is_known_by_the_public_address(archive: str) -> None:
    settings = Settings(index=archive, public_url="https://kho.example")
    client = create_app(settings).test_client()
    response = client.post("/export", data=_FORM, headers={"Origin": "https://kho.example"})
    assert response.status_code == 200
    assert response.headers["Strict-Transport-Security"].startswith("max-age=")


def test_a_selection_without_articles_is_explained_on_a_page(client: FlaskClient) -> None:
    response = client.post("/export", data={"format": "ris"})
    assert response.status_code == 400
    assert response.mimetype == "text/html"
    assert "Hãy chọn từ 1 đến" in response.text


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    response = client.post("/export", data={"id": ["x" * 1000] * 400, "format": "ris"})
    assert response.status_code == 413
    assert "Traceback" not in response.text


def test_a_query_that_is_too_long_is_refused(client: FlaskClient) -> None:
    assert "tối đa 500 ký tự" in page_of(client, f"/search?q={'a' * 501}", 413)
    assert client.get(f"/api/v1/search?q={'a' * 501}").status_code == 413
    assert client.get(f"/search?q={'a' * 500}").status_code == 200
    assert client.get(f"/search?q={'a+' * 250}", follow_redirects=True).status_code == 200
