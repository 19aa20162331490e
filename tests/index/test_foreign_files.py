"""Files in the structure of real ones that nobody here wrote, their text invented."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from reading import read_all

from index.article import Article

HEADLINE = "Khánh thành cầu mới qua sông Lục"
LEAD = (
    "Sau gần hai năm thi công, cây cầu nối hai xã ven sông Lục được đưa vào sử dụng, "
    "chấm dứt cảnh chờ đò."
)
BODY = (
    "Sáng nay, cây cầu dài hơn ba trăm mét nối hai xã ven sông Lục đã được đưa vào sử dụng sau gần "
    "hai năm thi công, sớm hơn kế hoạch một quý.",
    "Theo ban quản lý dự án, công trình được xây dựng bằng nguồn vốn ngân sách của tỉnh và phần "
    "đóng góp của nhân dân trong vùng, tổng cộng khoảng chín mươi tỷ đồng.",
    "Bà con cho biết từ nay học sinh không còn phải dậy từ bốn giờ sáng để kịp chuyến đò đầu tiên, "
    "còn nông sản thì kịp phiên chợ sớm bên kia sông.",
    "Đơn vị thi công sẽ tiếp tục hoàn thiện hệ thống chiếu sáng, biển báo và đường dẫn hai đầu cầu "
    "trước mùa mưa năm tới.",
)
MORNING = "2026-03-07T08:01:00+07:00"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a person reads in a page."""

    lead: str = LEAD
    body: tuple[str, ...] = BODY
    captions: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    section: str = ""
    source: str = ""
    published: str = MORNING
    related: tuple[str, ...] = ()


PAGES = {
    "01_double_escaped_jsonld.html": Expected(authors=("Lâm Vũ",)),
    "02_nav_xem_them.html": Expected(),
    "03_site_as_author.html": Expected(authors=("Lâm Vũ",), source="Báo Sông Lục"),
    "04_section_in_breadcrumb.html": Expected(section="Kinh doanh"),
    "05_date_in_text_only.html": Expected(
        authors=("Lâm Vũ",), source="baosongluc", published="2026-03-07T08:47:00+07:00"
    ),
    "14_headings_and_app_banner.html": Expected(
        body=(
            "Ba hình thức góp vốn xây cầu",
            BODY[0],
            "Quy định mới về bến đò",
            BODY[1],
            "Mức phạt khi chở quá tải",
            *BODY[2:],
        ),
        related=("Chính sách mới có hiệu lực từ tháng trước",),
    ),
    "15_comments_saved.html": Expected(),
    "16_comments_generic.html": Expected(),
    "21_photo_essay.html": Expected(body=(), captions=BODY),
    "22_infographic.html": Expected(body=(), captions=("Đồ họa: cầu Lục",)),
    "23_itemlist_before_article.html": Expected(authors=("Lâm Vũ",)),
    "24_inline_related.html": Expected(
        related=(
            "Bến đò cuối cùng trên sông Lục đóng cửa",
            "Giá lúa vụ mới nhích lên sau ba tháng",
            "Chợ sớm họp dưới chân cầu từ ba giờ sáng",
            "Đường làng trải nhựa trước Tết Nguyên đán",
            "Nước sạch về tới bản xa nhất của huyện",
        )
    ),
    "25_amp.html": Expected(),
}


@pytest.fixture(scope="module")
def files(repository: Path) -> Path:
    return repository / "tests/data/foreign_files"


def found(article: Article) -> Expected:
    return Expected(
        lead=article.lead,
        body=article.body,
        captions=article.captions,
        authors=article.authors,
        section=article.section,
        source=article.source,
        published=article.published.isoformat() if article.published else "",
        related=tuple(item.headline for item in article.related),
    )


@pytest.mark.parametrize("name", PAGES)
def test_pages(files: Path, name: str) -> None:
    (article,), bad = read_all(files / name)
    assert bad == []
    assert article.headline == HEADLINE
    assert found(article) == PAGES[name]


def test_front_pages_are_left_out(files: Path) -> None:
    articles, bad = read_all(files / "06_section_front_page.html")
    assert articles == []
    assert [record.reason for record in bad] == ["a front page: it lists articles and is none"]


def test_records_of_news_please(files: Path) -> None:
    (article,), bad = read_all(files / "07_newsplease.json")
    assert bad == []
    assert (article.headline, article.body, article.authors) == (HEADLINE, BODY, ("Lâm Vũ",))
    assert article.source == "songluc.example"
    assert article.published is not None
    assert article.published.isoformat() == MORNING


def test_every_form_of_date_is_read(files: Path) -> None:
    articles, bad = read_all(files / "10_date_forms.jsonl")
    assert bad == []
    assert len(articles) == 8
    days = [article.published.strftime("%Y-%m") for article in articles if article.published]
    assert days == ["2026-03"] * 7
    assert articles[6].published is None
    assert articles[7].published_precision == "month"


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("tables", path)
        for path in ("pandas.csv", "viet.csv", "excel_sep.csv", "ghost.json", "nan.jsonl")
    ]
    + [("legacy", path) for path in ("tcvn3.txt", "viscii.txt", "cp1258.txt", "utf16le_nobom.txt")],
)
def test_tables_and_old_texts(files: Path, folder: str, name: str) -> None:
    (article,), bad = read_all(files / folder / name)
    assert bad == []
    assert article.headline.startswith("Khánh thành cầu mới")
    assert article.body[0].startswith("Sáng nay, cây cầu dài hơn ba trăm mét nối hai xã ven sông")


def test_every_old_text_is_read(files: Path) -> None:
    articles, bad = read_all(files / "legacy")
    assert bad == []
    assert {article.headline for article in articles} == {
        "Khánh thành cầu mới bắc qua sông Lục, người dân hai bờ bớt cảnh chờ đò"
    }
