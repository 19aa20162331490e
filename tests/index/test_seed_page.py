"""Acceptance on the page that the project began with; it belongs to its newspaper, not to us."""

import unicodedata
from pathlib import Path

import pytest
from reading import read_all

from index.article import Article


@pytest.fixture(scope="module")
def article(shared_dir: Path) -> Article:
    articles, bad = read_all(shared_dir / "seed")
    assert bad == []
    assert len(articles) == 1
    return articles[0]


def test_headline_lead_and_source(article: Article) -> None:
    assert article.headline == "Lai Châu điều động, luân chuyển hàng loạt cán bộ về cơ sở"
    assert article.source == "VOV"
    assert article.lead.startswith("Ông Đỗ Ngọc An: Là tỉnh mới được thành lập")


def test_exactly_six_related_items_with_headline_and_snippet(article: Article) -> None:
    assert len(article.related) == 6
    assert len({item.headline for item in article.related}) == 6
    for item in article.related:
        assert item.headline
        assert item.snippet
        assert not item.snippet.startswith("VOV.VN -")


def test_words_of_related_items_only_are_not_in_the_article(article: Article) -> None:
    own = " ".join((article.headline, article.lead, *article.body, *article.captions)).lower()
    related = " ".join(f"{item.headline} {item.snippet}" for item in article.related).lower()
    for words in ("bè phái", "nguyễn phú trọng", "lê truyền", "tin liên quan", "viết bình luận"):
        assert words not in own
    assert "bè phái" in related


def test_body_keeps_speaker_turns_and_gives_up_the_caption(article: Article) -> None:
    assert article.captions == ("Ông Đỗ Ngọc An - Phó Bí thư thường trực Tỉnh ủy Lai Châu",)
    assert sum(paragraph.startswith("PV:") for paragraph in article.body) == 4
    assert sum(paragraph.startswith("Ông Đỗ Ngọc An:") for paragraph in article.body) == 3
    assert article.body[-1] == "PV: Xin cảm ơn ông./."
    assert not set(article.captions) & set(article.body)


def test_all_text_is_nfc(article: Article) -> None:
    for text in (article.headline, article.lead, *article.body):
        assert unicodedata.is_normalized("NFC", text)
