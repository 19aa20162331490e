"""The sample documents that the project ships are read without loss."""

from pathlib import Path

import pytest
from reading import read_all

from index.article import Article


@pytest.fixture(scope="module")
def articles(repository: Path) -> list[Article]:
    articles, bad = read_all(repository / "sample_docs")
    assert [str(record) for record in bad] == []
    return articles


def of_reader(articles: list[Article], reader: str) -> list[Article]:
    found = [a for a in articles if a.provenance is not None and a.provenance.reader == reader]
    assert len(found) >= 10
    return found


def test_every_format_is_there_and_every_article_is_whole(articles: list[Article]) -> None:
    for reader in ("scraped_page", "html_page", "json_lines"):
        for article in of_reader(articles, reader):
            assert article.headline, article.provenance
            assert article.lead, article.provenance
            assert article.body, article.provenance
            assert article.source, article.provenance
    assert len({article.id for article in articles}) == len(articles)


def test_an_outlet_has_one_name_in_every_format(articles: list[Article]) -> None:
    names = {article.source for article in articles}
    assert len(names) == 8
    assert {page.source for page in of_reader(articles, "scraped_page")} <= {
        record.source for record in of_reader(articles, "json_lines")
    }


def test_related_items_name_other_sample_articles(articles: list[Article]) -> None:
    headlines = {article.headline for article in articles}
    pages = of_reader(articles, "scraped_page")
    assert sum(bool(page.related) for page in pages) > len(pages) / 2
    for article in articles:
        assert {item.headline for item in article.related} <= headlines - {article.headline}
    for page in pages:
        assert all(item.snippet for item in page.related)
        assert len({item.headline for item in page.related}) == len(page.related)


def test_pages_give_up_captions_markers_and_related_texts(articles: list[Article]) -> None:
    pages = of_reader(articles, "scraped_page")
    assert sum(bool(page.captions) for page in pages) > len(pages) / 2
    for page in pages:
        aside = {*page.captions, page.headline, page.lead, "Viết bình luận", "Tin liên quan"}
        aside |= {text for item in page.related for text in (item.headline, item.snippet)}
        assert not aside & set(page.body)
        assert not any(line.startswith(f"({page.source})") for line in (page.lead, *page.body))
        for paragraph in page.body:
            assert paragraph.rstrip("\"”')").endswith((".", "?", "!", "…")), paragraph


def test_html_pages_are_dated_and_hold_no_words_around_the_article(
    articles: list[Article],
) -> None:
    for page in of_reader(articles, "html_page"):
        assert page.published is not None
        assert page.authors
        assert page.section
        assert page.url.startswith("https://")
        text = " ".join(page.body)
        for words in ("cookie", "Chia sẻ:", "Tin liên quan", "hư cấu", "Trang chủ"):
            assert words not in text
