"""The suggestions of the API: their document, what it refuses, and how long it may be kept."""

from typing import cast

from asking import Json, problem_of
from flask.testing import FlaskClient

from searchapp.app import create_app
from searchapp.settings import Settings


def test_the_first_suggestion_for_ha_n_is_ha_noi(demo_archive: str) -> None:
    client = create_app(Settings(index=demo_archive)).test_client()
    response = client.get("/api/v1/suggest", query_string={"q": "ha n"})
    document = cast(Json, response.json)
    first = document["suggestions"][0]
    total = cast(Json, client.get("/api/v1/search?q=hà nội").json)["total"]
    assert first == {
        "text": "hà nội",
        "kind": "query",
        "parts": [["hà n", 1], ["ội", 0]],
        "url": "/search?q=h%C3%A0+n%E1%BB%99i",
        "total": total,
    }
    assert document["query"] == "ha n"
    assert document["meta"].keys() == {"took_ms", "generation"}


def test_an_unknown_parameter_is_refused(client: FlaskClient) -> None:
    problem = problem_of(client, "/api/v1/suggest?q=a&page=2", 400)
    assert problem["errors"][0]["code"] == "unknown-parameter"
