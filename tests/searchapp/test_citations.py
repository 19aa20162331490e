"""Citations: the golden file, which a person has read, and the rules that hold in all of it."""

import re
from datetime import date
from pathlib import Path

import pytest
from citable import CITABLE, SITE

from index import Article
from searchapp.documents.citations import Citation, Style, citations

_ACCESSED = date(2026, 11, 20)
_SLIPS = re.compile(r"\d{4}-\d\d-\d\d|\.\.|  |\(\)|“”| [.,]|[.?!],")


@pytest.fixture(scope="module")
def golden(repository: Path) -> dict[tuple[str, str], str]:
    """By article and style: blocks of an id and a line for each style, `label: text`."""
    path = repository / "tests" / "data" / "citations.txt"
    expected = {}
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        doc_id, *lines = block.splitlines()
        for line in lines:
            label, _, text = line.partition(": ")
            expected[doc_id, label] = text
    return expected


def test_every_citation_is_the_one_of_the_golden_file(golden: dict[tuple[str, str], str]) -> None:
    made = {
        (article.id, citation.label): citation.text
        for article in CITABLE
        for citation in citations(article, SITE, _ACCESSED)
    }
    assert len(made) == 4 * 12
    assert made == golden


@pytest.mark.parametrize("article", CITABLE, ids=[article.id for article in CITABLE])
def test_names_stay_whole_and_dates_vietnamese(article: Article) -> None:
    for citation in citations(article, SITE, _ACCESSED):
        named = [name for name in article.authors if name in citation.text]
        assert article.authors[:1] == tuple(named[:1]), citation
        assert not re.search(r"[Tt]háng (Một|Hai|Ba|Tư|Năm|Sáu|Bảy|Tám|Chín|Mười)", citation.text)
        assert not re.search(r"\d{4}-\d\d-\d\d|\.\.|  |\(\)|“”| [.,]|[.?!],", citation.text), (
            citation
        )


def test_an_article_without_address_is_cited_by_its_page_here() -> None:
    for citation in citations(CITABLE[3], SITE):
        assert "https://kho.example/article/vodanh/ban-tin-thoi-tiet-ngay-nghi-le" in citation.text


def test_the_day_of_reading_is_told_only_where_it_is_known() -> None:
    read = _of(citations(CITABLE[0], SITE, _ACCESSED), Style.MOET)
    unread = _of(citations(CITABLE[0], SITE), Style.MOET)
    assert read == f"{unread} (truy cập ngày 20/11/2026)."


def test_more_than_twenty_authors_are_cut_in_the_middle_by_apa() -> None:
    many = Article(id="a", headline="B", authors=tuple(f"Tên {n}" for n in range(1, 23)))
    text = _of(citations(many, SITE), Style.APA)
    assert "Tên 18, Tên 19, … Tên 22." in text
    assert "Tên 20" not in text


def _of(made: tuple[Citation, ...], style: Style) -> str:
    return next(citation.text for citation in made if citation.style is style)
