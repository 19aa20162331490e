"""An address or an id in the search box leads to its article."""

import pytest
from asking import ids_on, page_of
from flask.testing import FlaskClient
from small_archive import ODD_ID

from searchapp.app import create_app
from searchapp.query.urls import article_path
from searchapp.settings import Settings

_PAGE = "/article/ngap/ha-noi-ngap-nhieu-tuyen-pho-sau-mua-lon"


@pytest.fixture
def kho(archive: str) -> FlaskClient:
    """Asks a site that is known under a name of its own."""
    return create_app(Settings(index=archive, public_url="https://kho.example")).test_client()


@pytest.mark.parametrize(
    "pasted",
    [
        f"https://kho.example{_PAGE}",
        f"  http://kho.example{_PAGE}#content ",
        f"https://kho.example{_PAGE}?hit=3&q=ngap",
        "https://kho.example/article/ngap",
        "https://kho.example/article/ngap/tieu-de-cu",
        "https://kho.example/article/ngap.ris",
        f"http://localhost{_PAGE}",
        _PAGE,
    ],
)
def test_the_address_of_an_article_leads_to_it(kho: FlaskClient, pasted: str) -> None:
    response = kho.get("/search", query_string={"q": pasted, "page": 2})
    assert (response.status_code, response.headers["Location"]) == (302, _PAGE)


@pytest.mark.parametrize("doc_id", ["bantin03", "ma2", "hoabinh1", ODD_ID])
def test_the_id_of_an_article_leads_to_it(kho: FlaskClient, doc_id: str) -> None:
    response = kho.get("/search", query_string={"q": doc_id})
    assert response.status_code == 302
    assert response.headers["Location"].startswith(article_path(doc_id, "").rpartition("/")[0])


def test_a_word_is_searched_for_whatever_ids_there_are(kho: FlaskClient) -> None:
    # "ngap" and "script" are ids, too.
    assert ids_on(page_of(kho, "/search?q=ngap")) == ["ngap", "ngap2"]
    assert ids_on(page_of(kho, "/search?q=script")) == ["script"]


@pytest.mark.parametrize(
    "query",
    [
        f"https://khac.example{_PAGE}",
        "https://kho.example/article/khong-co/x",
        "https://kho.example/search?q=ngap",
        "https://kho.example/",
        "khong-co-7",
        "http://[",
        f"{_PAGE} nữa",
        "covid-19",
        "5/10/2026",
    ],
)
def test_everything_else_is_a_search(kho: FlaskClient, query: str) -> None:
    response = kho.get("/search", query_string={"q": query})
    assert response.status_code in (200, 301)
    if response.status_code == 301:
        assert response.headers["Location"].startswith("/search?q=")


def test_the_address_of_a_withdrawn_article_leads_to_the_news_of_that(demo_archive: str) -> None:
    client = create_app(Settings(index=demo_archive)).test_client()
    html = page_of(client, "/search?q=http://localhost/article/d22/tieu-de", 410)
    assert "Tin này đã được gỡ ngày 01/10/2026" in html
    assert client.get("/search?q=d22").status_code == 200


def test_the_api_searches_for_what_it_is_given(kho: FlaskClient) -> None:
    response = kho.get("/api/v1/search", query_string={"q": f"http://localhost{_PAGE}"})
    assert response.status_code == 200
