"""A page costs what it shows: with ever more labels in the archive it makes no more of them."""

import sys
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType

import pytest
from flask.testing import FlaskClient

import searchapp
from index import Article, open_engine
from searchapp.app import create_app
from searchapp.settings import Settings

_FEW, _MANY = 100, 400
_PROJECT = Path(searchapp.__file__).parents[1]
_PACKAGES = tuple(f"{_PROJECT}/{name}/" for name in ("analyzers", "index", "searchapp"))


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Asks an archive of a hundred authors."""
    return _archive_of(_FEW, tmp_path_factory.mktemp("few"))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Asks one of four hundred."""
    return _archive_of(_MANY, tmp_path_factory.mktemp("many"))


@pytest.mark.parametrize(
    ("path", "labels_shown"),
    [
        ("/search?q=ha+noi", 8),
        ("/search?author=tac-gia-so-7&q=ha+noi", 8),
        ("/search?not_author=tac-gia-so-7&q=ha+noi", 8),
        ("/facet/author?q=ha+noi", 60),
        ("/", 0),
        ("/advanced", 0),
        ("/help", 0),
    ],
)
def test_links_are_made_for_what_is_shown(
    few: FlaskClient, many: FlaskClient, path: str, labels_shown: int
) -> None:
    once, again = _calls(few, path), _calls(many, path)
    links = ("url", "mounted", "with_query", "pairs", "toggled", "excluding")
    for name in links:
        # A longer list of labels has more pages to jump to.
        assert once[name] <= again[name] <= once[name] + 3, name
    assert once["toggled"] >= labels_shown
    assert again["url"] < 120 + 2 * labels_shown


@pytest.mark.parametrize("path", ["/search?q=ha+noi", "/facet/author?q=ha+noi"])
def test_what_is_known_of_a_label_is_not_worked_out_anew(many: FlaskClient, path: str) -> None:
    calls = _calls(many, path)
    assert calls["url"] > 20
    assert calls["collation_key"] == 0
    # Headlines and the query are analysed, four hundred names are not.
    assert calls["analyze"] < 100


def test_a_reader_of_the_code_follows_few_functions_in_few_files(few: FlaskClient) -> None:
    called = {code for code in _codes(few, "/search?q=ha+noi") if code.co_name[0] != "<"}
    # benchmarks/count_calls.py lists them.
    assert len({(code.co_filename, code.co_qualname) for code in called}) <= 150
    assert len({code.co_filename for code in called}) <= 51


def test_labels_far_down_are_listed_where_they_are_chosen(many: FlaskClient) -> None:
    html = many.get("/search?author=tac-gia-so-399&not_author=tac-gia-so-398&q=ha+noi").text
    side = html[html.index('<div class="side">') : html.index('<div class="found">')]
    assert side.count("Tác giả số ") == 2 * (8 + 2) - 1
    assert '<bdi lang="vi">Tác giả số 399</bdi>' in side
    assert '<bdi lang="vi">Tác giả số 398</bdi>' in side
    assert "(đã trừ)" in side


def _archive_of(authors: int, folder: Path) -> FlaskClient:
    address = f"whoosh:{folder}"
    with open_engine(address).writer() as writer:
        for number in range(authors):
            writer.put(
                Article(
                    id=f"a{number}",
                    headline=f"Hà Nội tin số {number % 30}",
                    body=("Một đoạn.",),
                    authors=(f"Tác giả số {number}",),
                    section="Thời sự",
                )
            )
    # A machine that does much else must not make the pages shorter.
    settings = Settings(index=address, rate_mode="off", search_budget=60_000, facet_budget=60_000)
    return create_app(settings).test_client()


def _calls(client: FlaskClient, path: str) -> Counter[str]:
    """How often each function of the project runs for a page that was asked for before."""
    return Counter(code.co_name for code in _codes(client, path))


def _codes(client: FlaskClient, path: str) -> list[CodeType]:
    """The code of every call of a function of the project, likewise."""
    assert client.get(path).status_code == 200
    calls: list[CodeType] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(_PACKAGES):
            calls.append(frame.f_code)

    sys.setprofile(note)
    try:
        client.get(path)
    finally:
        sys.setprofile(None)
    return calls
