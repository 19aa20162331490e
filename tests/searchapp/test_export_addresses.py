"""Exports under their addresses: of a search, of an article, of chosen articles."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from asking import Json, problem_of, search
from exported import BIBLIOGRAPHIC, ids_in
from flask.testing import FlaskClient
from small_archive import ODD_ID, small_archive
from small_index import small_index

from index import Withdrawal
from searchapp.app import create_app
from searchapp.settings import Settings


@pytest.mark.parametrize("fmt", [*BIBLIOGRAPHIC, "csv", "ndjson"])
def test_a_search_is_exported_up_to_per_page(client: FlaskClient, fmt: str) -> None:
    total = search(client)["total"]
    assert total > 20
    whole = client.get(f"/search.{fmt}?per_page=500")
    assert whole.status_code == 200
    assert whole.headers["Content-Disposition"] == f"attachment; filename=tim-bao.{fmt}"
    assert len(ids_in(fmt, whole.text)) == total
    assert (
        ids_in(fmt, client.get(f"/search.{fmt}?per_page=7&page=2").text)
        == (ids_in(fmt, whole.text)[7:14])
    )


@pytest.mark.parametrize("fmt", BIBLIOGRAPHIC)
def test_an_export_finds_what_the_search_finds(client: FlaskClient, fmt: str) -> None:
    params = "q=hà+nội&section=thoi-su&from=2026-10-01&sort=oldest"
    expected = [hit["id"] for hit in search(client, **_split(params))["results"]]
    response = client.get(f"/search.{fmt}?{params}&utm_source=thu")
    assert len(expected) > 1
    assert ids_in(fmt, response.text) == expected
    assert "filename=tim-bao-ha-noi." in response.headers["Content-Disposition"]


def test_the_search_as_json_is_the_answer_of_the_api(client: FlaskClient) -> None:
    document: Json = client.get("/search.json?q=ngap").get_json()
    assert document["results"] == search(client, q="ngap")["results"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("per_page=501", "invalid-parameter"),
        ("per_page=0", "invalid-parameter"),
        ("per_page=%D9%A3", "invalid-parameter"),
        ("page=-1", "invalid-parameter"),
        ("page=21&per_page=500", "page-too-deep"),
        ("delimiter=tab", "invalid-parameter"),
        ("bom=2", "invalid-parameter"),
        ("from=31/02/2026", "bad-date"),
        ("sort=random", "invalid-parameter"),
        ("mode=advanced&q=(a", "query-syntax"),
    ],
)
@pytest.mark.parametrize("fmt", ["ris", "csv", "atom"])
def test_wrong_parameters_are_refused(client: FlaskClient, fmt: str, query: str, code: str) -> None:
    problem = problem_of(client, f"/search.{fmt}?{query}", 400)
    assert problem["type"].endswith(f"/problems/{code}")


def test_csv_can_be_had_with_semicolons_and_without_the_mark(client: FlaskClient) -> None:
    text = client.get("/search.csv?q=ngap&delimiter=semicolon&bom=0").text
    assert text.startswith("id;title;lead;")


def test_ndjson_is_a_whole_article_on_each_line(client: FlaskClient) -> None:
    response = client.get("/search.ndjson?q=ngap")
    lines = [json.loads(line) for line in response.text.splitlines()]
    assert {line["id"] for line in lines} == {"ngap", "ngap2"}
    assert lines[0] == client.get(f"/article/{lines[0]['id']}.json").json
    assert lines[0]["body"]


@pytest.mark.parametrize("fmt", [*BIBLIOGRAPHIC, "json", "txt"])
def test_every_article_has_its_files(client: FlaskClient, fmt: str) -> None:
    for article in small_archive():
        response = client.get(f"/article/{_quoted(article.id)}.{fmt}")
        assert response.status_code == 200, article.id
        if fmt in BIBLIOGRAPHIC:
            assert ids_in(fmt, response.text) == [article.id]
    assert client.get(f"/article/khongco.{fmt}").status_code == 404


def test_an_id_that_ends_like_a_file_leads_to_its_page(tmp_path: Path) -> None:
    with small_index(tmp_path, {"bai.txt": "Bài có chấm", "tin.csl": "Tin có chấm"}):
        client = create_app(Settings(index=f"whoosh:{tmp_path}")).test_client()
        response = client.get("/article/bai.txt")
        assert (response.status_code, response.location) == (301, "/article/bai.txt/bai-co-cham")
        assert client.get("/article/bai.txt.txt").text.startswith("Bài có chấm\n")


def test_text_ends_with_the_citation(client: FlaskClient) -> None:
    response = client.get("/article/ngap.txt")
    assert response.content_type == "text/plain; charset=utf-8"
    *_, citation, address = response.text.strip().split("\n\n")
    assert citation.startswith("Trích dẫn: Nguyễn Văn An, Lưu Hải Yến (2026). Hà Nội ngập")
    assert address.endswith("/article/ngap/ha-noi-ngap-nhieu-tuyen-pho-sau-mua-lon")


def test_a_withdrawn_article_is_gone_from_every_export(tmp_path: Path) -> None:
    with small_index(tmp_path, {"con": "Tin còn lại", "go": "Tin đã gỡ"}) as index:
        index.engine.withdraw([Withdrawal(id="go", on=date(2026, 10, 1))])
        client = create_app(Settings(index=f"whoosh:{tmp_path}")).test_client()
        assert client.get("/article/go.ris").status_code == 410
        for fmt in (*BIBLIOGRAPHIC, "csv", "ndjson"):
            assert ids_in(fmt, client.get(f"/search.{fmt}").text) == ["con"]
        chosen = client.post("/export", data={"format": "ris", "id": ["go", "con"]})
        assert ids_in("ris", chosen.text) == ["con"]


def test_chosen_articles_are_exported_in_the_order_of_choice(client: FlaskClient) -> None:
    ids = ["ma3", ODD_ID, "ngap", "ma3"]
    for fmt in (*BIBLIOGRAPHIC, "csv", "ndjson"):
        response = client.post("/export", data={"format": fmt, "id": ids})
        assert ids_in(fmt, response.text) == ["ma3", ODD_ID, "ngap"]
        assert response.headers["Content-Disposition"] == f"attachment; filename=tim-bao.{fmt}"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"format": "ris"}, 400),
        ({"format": "docx", "id": "ngap"}, 400),
        ({"format": "ris", "id": [str(number) for number in range(501)]}, 400),
        ({"format": "ris", "id": "khongco"}, 404),
    ],
)
def test_a_choice_of_nothing_is_refused(
    client: FlaskClient, form: dict[str, Any], status: int
) -> None:
    assert client.post("/export", data=form).status_code == status


def _quoted(doc_id: str) -> str:
    return doc_id.replace("%", "%25").replace("?", "%3F").replace("#", "%23")


def _split(params: str) -> dict[str, str]:
    return {
        name: value.replace("+", " ")
        for name, _, value in (pair.partition("=") for pair in params.split("&"))
    }
