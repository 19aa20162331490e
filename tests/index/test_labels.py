"""Labels are told apart by their marks everywhere; an old slug means what it meant."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from small_index import SmallIndex, small_index

from index import Article, Filters, SearchRequest, marked_slug, same_labels, slug
from index.query.label_match import label_keys, matching_labels
from searchapp.app import create_app
from searchapp.settings import Settings

PEOPLE = {
    "tu-sac": "Lê Văn Tú",
    "tu-sac-2": "LÊ VĂN TÚ",
    "tu-ngang": "Lê Văn Tư",
    "tu-huyen": "Lê Văn Từ",
    "do": "Đỗ Dung",
    "zo": "Dỗ Dùng",
    "bare": "Hoa Mai",
    "marked": "Hoà Mai",
    "doan": "Doãn Hà",
    "mai": "TUYẾT MAI",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallIndex]:
    articles = {
        name: Article(id=name, headline=f"Tin của {number} người", authors=(author,))
        for number, (name, author) in enumerate(PEOPLE.items())
    }
    with small_index(tmp_path_factory.mktemp("labels"), articles) as built:
        yield built


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    target = tmp_path_factory.mktemp("labels-web")
    articles = {
        name: Article(id=name, headline="Tin vắn", authors=(author,))
        for name, author in PEOPLE.items()
    }
    with small_index(target, articles):
        return create_app(Settings(index=f"whoosh:{target}")).test_client()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tacgia:tú", "tu-sac tu-sac-2"),
        ("tacgia:tư", "tu-ngang"),
        ("tacgia:từ", "tu-huyen"),
        ("tacgia:TỪ", "tu-huyen"),
        ("tacgia:tu", "tu-sac tu-sac-2 tu-ngang tu-huyen"),
        ('tacgia:"lê văn tư"', "tu-ngang"),
        ('tacgia:"le van tư"', "tu-ngang"),
        ('tacgia:"Lê Văn Tú"', "tu-sac"),
        ("tacgia:le-van-tu", "tu-sac tu-sac-2 tu-ngang tu-huyen"),
        ("tacgia:lê-văn-tú", "tu-sac tu-sac-2"),
        ("tacgia:đỗ", "do"),
        ("tacgia:dỗ", "zo"),
        ("tacgia:hòa", "marked"),
        ("tacgia:hoa", "bare marked"),
        # Marks that no label has are read as a beginning of those that some have.
        ("tacgia:tuyêt", "mai"),
        ("tacgia:nguyễn", ""),
    ],
)
def test_marks_in_a_name_count(index: SmallIndex, query: str, expected: str) -> None:
    assert index.names(query) == set(expected.split())


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("lê-văn-tú", "tu-sac tu-sac-2"),
        ("lê-văn-từ", "tu-huyen"),
        ("Lê Văn Tú", "tu-sac"),
        ("le-van-tu", "tu-sac tu-sac-2 tu-ngang tu-huyen"),
        ("hoà-mai", "marked"),
        ("Hoa Mai", "bare"),
        ("hoa-mai", "bare marked"),
        ("tuyet-mai", "mai"),
        ("lê-văn-tụ", ""),
    ],
)
def test_filters_take_keys_old_slugs_and_names(
    index: SmallIndex, author: str, expected: str
) -> None:
    found = index.names(SearchRequest(filters=Filters(authors=(author,)), limit=100))
    assert found == set(expected.split())
    left = index.names(SearchRequest(filters=Filters(not_authors=(author,)), limit=100))
    assert left == PEOPLE.keys() - found


def test_facets_count_each_person_under_a_key_of_their_own(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?facets=author&collapse=0").json
    assert answer is not None
    values = answer["facets"]["author"]["values"]
    assert {value["value"]: (value["label"], value["count"]) for value in values} == {
        "lê-văn-tú": ("LÊ VĂN TÚ", 2),
        "lê-văn-tư": ("Lê Văn Tư", 1),
        "lê-văn-từ": ("Lê Văn Từ", 1),
        "đỗ-dung": ("Đỗ Dung", 1),
        "dỗ-dùng": ("Dỗ Dùng", 1),
        "Hoa Mai": ("Hoa Mai", 1),
        "hoà-mai": ("Hoà Mai", 1),
        "doan-ha": ("Doãn Hà", 1),
        "tuyet-mai": ("TUYẾT MAI", 1),
    }
    for value in values:
        page = client.get(value["toggle_url"].replace("/search", "/api/v1/search")).json
        assert page is not None
        assert page["total"] == value["count"], value
        own = client.get(
            "/api/v1/search",
            query_string={"author": value["value"], "facets": "author", "collapse": "0"},
        ).json
        assert own is not None
        selected = [v["value"] for v in own["facets"]["author"]["values"] if v["selected"]]
        assert selected == [value["value"]]


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("đ", ["Đỗ Dung"]),
        ("Đ", ["Đỗ Dung"]),
        ("d", ["Doãn Hà", "Dỗ Dùng", "Đỗ Dung"]),
        ("lê văn tú", ["LÊ VĂN TÚ"]),
        ("le van tư", ["Lê Văn Tư", "Lê Văn Từ"]),
        ("dù", ["Dỗ Dùng"]),
    ],
)
def test_a_prefix_with_marks_lists_what_has_them(
    client: FlaskClient, prefix: str, expected: list[str]
) -> None:
    answer = client.get("/api/v1/facets/author", query_string={"prefix": prefix}).json
    assert answer is not None
    assert [value["label"] for value in answer["values"]] == expected


def test_chips_have_names(client: FlaskClient) -> None:
    html = client.get("/search?author=l%C3%AA-v%C4%83n-t%C6%B0").text
    assert "Tác giả: Lê Văn Tư" in html
    html = client.get("/search?author=tuyet-mai").text
    assert "Tác giả: TUYẾT MAI" in html


def test_keys_find_their_own_labels() -> None:
    labels = [*PEOPLE.values(), "!!!", "Lê Văn Tự", "24h", "Số 01", "T.T.D."]
    for label, key in label_keys(labels).items():
        found = same_labels(labels, key)
        assert {marked_slug(each) or each for each in found} == {marked_slug(label) or label}
        assert label in found
        assert label in matching_labels(labels, slug(label) or label)


def test_slugs_are_what_they_were() -> None:
    names = {
        "T.T.D.": "t-t-d",
        "Hà U.23": "ha-u-23",
        "Kinh tế & Đời sống": "kinh-te-doi-song",
        "Số 01": "so-1",
        "VnExpress.net": "vnexpress-net",
        "Covid-19": "covid-19",
    }
    assert {name: slug(name) for name in names} == names
