"""Near copies on the page of results: one card, the others folded in, or each apart."""

import json
from pathlib import Path

import pytest
from asking import ids_on, page_of, text_of
from flask.testing import FlaskClient

from index import Article, open_engine
from searchapp.app import create_app
from searchapp.settings import Settings

_TEXT = (
    "Mưa lũ làm sạt lở tuyến đường vào bản, gần ba mươi hộ dân phải chuyển đồ đạc lên trường học "
    "trên đồi; công binh bắc cầu tạm trong đêm, xe chở gạo và nước sạch tới nơi lúc năm giờ sáng.",
    "Chủ tịch xã cho biết hai em nhỏ bị thương nhẹ đã được đưa xuống trạm y tế, điện sẽ có lại vào "
    "chiều nay sau khi thợ đường dây dựng xong ba cột bị cuốn trôi ở đầu suối.",
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The website over four copies of one text and another article."""
    folder: Path = tmp_path_factory.mktemp("copies")
    engine = open_engine(f"whoosh:{folder}")
    with engine.writer() as writer:
        for number in range(4):
            writer.put(
                Article(
                    id=f"copy{number}",
                    headline=f"Sạt lở đường vào bản ({number})",
                    source=f"Báo {number}",
                    body=_TEXT,
                )
            )
        writer.put(Article(id="other", headline="Sạt lở ở nơi khác", body=("Tin vắn.",)))
    engine.close()
    return create_app(Settings(index=f"whoosh:{folder}")).test_client()


def test_copies_are_one_card_that_lists_the_others(client: FlaskClient) -> None:
    html = page_of(client, "/search?q=sat+lo")
    assert len(ids_on(html)) == 2
    text = text_of(html)
    assert "2 kết quả cho “sat lo”" in text
    assert "+3 bản tương tự" in text
    assert "Đã gộp 3 bản tương tự. Hiện riêng từng bản" in text
    for number in range(4):
        assert f"/article/copy{number}/" in html


def test_apart_all_are_shown_and_a_chip_folds_them_again(client: FlaskClient) -> None:
    html = page_of(client, "/search?collapse=0&q=sat+lo")
    assert len(ids_on(html)) == 5
    assert "Không gộp bản tương tự" in text_of(html)
    assert "bản tương tự." not in text_of(html)


def test_the_api_counts_and_names_them(client: FlaskClient) -> None:
    folded = json.loads(client.get("/api/v1/search?q=sat+lo").data)
    assert (folded["total"], folded["collapsed"]) == (2, 3)
    assert sorted(hit["duplicates"] for hit in folded["results"]) == [0, 3]
    copies = [copy["id"] for hit in folded["results"] for copy in hit["copies"]]
    shown = [hit["id"] for hit in folded["results"]]
    assert sorted(copies + shown) == ["copy0", "copy1", "copy2", "copy3", "other"]
    apart = json.loads(client.get("/api/v1/search?q=sat+lo&collapse=0").data)
    assert (apart["total"], apart["collapsed"]) == (5, 0)
