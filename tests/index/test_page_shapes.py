"""News pages as papers build them: names, dates, boxes, comments, captions wherever they stand."""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from index.article import Article, Provenance
from index.readers.bad_record import RecordError
from index.readers.html_page import parse_html_page

HEADLINE = "Khánh thành cầu mới qua sông Lục"
LEAD = "Sau gần hai năm thi công, cây cầu nối hai xã ven sông được đưa vào sử dụng."
TIME = "2026-03-26T14:05:00+07:00"
TEXT = (
    "Sáng nay, cây cầu dài hơn ba trăm mét nối hai xã ven sông Lục đã được đưa vào sử dụng.",
    "Theo ban quản lý dự án, công trình được xây dựng bằng nguồn vốn của tỉnh và của nhân dân.",
    "Bà con cho biết từ nay học sinh không còn phải dậy từ bốn giờ sáng để kịp chuyến đò đầu.",
    "Đơn vị thi công sẽ tiếp tục hoàn thiện hệ thống chiếu sáng, biển báo và đường dẫn hai đầu.",
)
BODY = "".join(f"<p>{line}</p>" for line in TEXT)
OTHER = "Bến đò cuối cùng trên sông Lục đóng cửa"
LINK = f'<a href="/ben-do-1234567.html">{OTHER}</a>'
CAPTION = "Dòng xe đầu tiên qua cầu lúc bảy giờ sáng"
NEWS = {"@type": "NewsArticle", "headline": HEADLINE, "datePublished": TIME}
COMMENTS = "".join(
    f"<div><p><b>{name}</b> Mong tỉnh làm thêm đường dẫn cho xe chở lúa đi thẳng ra quốc lộ.</p>"
    f"<p>Thích 3 Trả lời 12 giờ trước</p></div>"
    for name in ("Hai Bờ", "Người Lái Đò", "Cô Giáo")
)


def read(body: str, *, data: Mapping[str, object] | None = NEWS) -> Article:
    linked = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data else ""
    return parse_html_page(
        f'<html lang="vi"><head><title>{HEADLINE} - Báo Sông Lục</title>'
        f'<meta property="og:title" content="{HEADLINE}">'
        '<meta property="og:type" content="article">'
        '<meta property="og:site_name" content="Báo Sông Lục">'
        f'<link rel="canonical" href="https://songluc.example/thoi-su/cau-12345.html">{linked}'
        f"</head><body>{body}</body></html>",
        Provenance(reader="html_page", path=""),
    )


def related(article: Article) -> list[str]:
    return [item.headline for item in article.related]


@pytest.mark.parametrize(
    "shown",
    ["Thứ Năm, 26/3/2026 | 14:05 (GMT+7)", "Đăng lúc: 26.03.2026 14:05", "26/03/2026 14h05"],
)
@pytest.mark.parametrize("clock", ['<div class="time-now">%s</div>', "<header><b>%s</b></header>"])
def test_the_date_beside_the_headline_not_the_clock_above(shown: str, clock: str) -> None:
    top = clock % "Thứ Ba, 01/12/2026 | 09:15"
    line = f"<div><b>Lâm Vũ</b> • <i>{shown}</i></div>"
    article = read(f"{top}<h1>{HEADLINE}</h1>{line}<p>{LEAD}</p><div>{BODY}</div>", data=None)
    assert article.published == datetime.fromisoformat(TIME)
    assert article.authors == ("Lâm Vũ",)
    assert article.body[-4:] == TEXT


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Bài và ảnh: Lâm Vũ", ("Lâm Vũ",)),
        ("Lâm Vũ - Hà My", ("Lâm Vũ", "Hà My")),
        ("Lâm Vũ, ảnh: Hà My", ("Lâm Vũ", "Hà My")),
        ("Lâm Vũ - ảnh: Hà My", ("Lâm Vũ", "Hà My")),
        ("Bài: Lâm Vũ - Ảnh: Hà My", ("Lâm Vũ", "Hà My")),
        ("Theo Lâm Vũ/Vietnam+", ("Lâm Vũ",)),
        ("Lâm Vũ (tổng hợp)", ("Lâm Vũ",)),
        ("Lâm Vũ - lamvu@songluc.example", ("Lâm Vũ",)),
        ("Theo TTXVN", ()),
    ],
)
@pytest.mark.parametrize("place", ["in", "below"])
def test_names_below_the_text(line: str, names: tuple[str, ...], place: str) -> None:
    signed = f'<p style="text-align:right"><strong>{line}</strong></p>'
    inside, below = (signed, "") if place == "in" else ("", signed)
    article = read(
        f"<h1>{HEADLINE}</h1><div>{BODY}{inside}</div>{below}",
        data=NEWS | {"author": {"@type": "Person", "name": "Báo Sông Lục"}},
    )
    assert (article.authors, article.body) == (names, TEXT)


@pytest.mark.parametrize(
    "line",
    [
        "Ông Lực trả lời báo chí chiều qua.",
        "Theo dõi sát diễn biến mực nước sông.",
        "Theo ông Lực, nước sẽ còn lên.",
        "Chia sẻ với bà con là việc nên làm.",
        "Ảnh hưởng của lũ vẫn còn.",
        "Bình luận về việc này, ông Khoát từ chối.",
        "Quảng cáo sai sự thật sẽ bị phạt nặng.",
    ],
)
def test_sentences_that_begin_like_buttons_stay(line: str) -> None:
    assert read(f"<h1>{HEADLINE}</h1><article>{BODY}<p>{line}</p></article>").body == (*TEXT, line)


@pytest.mark.parametrize("heading", ["Bình luận", "Ý kiến", "Nổi bật", "Liên quan"])
def test_headings_of_the_text_that_are_called_like_boxes_stay(heading: str) -> None:
    text = f"<p>{TEXT[0]}</p><p>{TEXT[1]}</p><h2>{heading}</h2><p>{TEXT[2]}</p><p>{TEXT[3]}</p>"
    article = read(f"<h1>{HEADLINE}</h1><article>{text}</article>")
    assert article.body == (*TEXT[:2], heading, *TEXT[2:])


@pytest.mark.parametrize(
    "box",
    [
        f"<div><div><h3>Bạn đọc phản hồi (3)</h3></div><div>{COMMENTS}</div></div>",
        f'<div class="title">Ý kiến bạn đọc</div>{COMMENTS}',
        f'<ul class="user-feedback">{COMMENTS}</ul>',
        f'<div id="idComments">{COMMENTS * 9}</div>',
        f"<section><h3>Đọc nhiều</h3><ul><li>{LINK}</li></ul></section>",
        "<div><h3>Nhận bản tin</h3><p>Để lại địa chỉ để nhận tin.</p><form><input></form></div>",
        '<p>Tags: <a href="/t/a">cầu mới</a> <a href="/t/b">sông Lục</a></p>',
        "<p>Nghe bài viết 0:00 / 4:35 1x</p>",
    ],
)
def test_what_is_not_of_the_text_goes(box: str) -> None:
    article = read(f"<div><h1>{HEADLINE}</h1><div>{BODY}{box}</div></div>")
    assert (article.body, article.related) == (TEXT, ())
    article = read(f"<div><h1>{HEADLINE}</h1><div>{BODY}</div>{box}</div>")
    assert (article.body, article.related) == (TEXT, ())


@pytest.mark.parametrize("name", ["print-area", "content-share", "app-content", "menu-content"])
def test_a_text_in_an_oddly_named_element(name: str) -> None:
    rest = "".join(f'<li><a href="/z-{at}1234.html">{OTHER} {at}</a></li>' for at in range(40))
    article = read(f'<h1>{HEADLINE}</h1><div class="{name}">{BODY}</div><ul>{rest}</ul>')
    assert article.body == TEXT


@pytest.mark.parametrize(
    "box",
    [
        f'<div class="x"><a href="/ben-do-1234567.html"><b>{OTHER}</b></a><p>Ba năm.</p></div>',
        f"<table><tr><td>{LINK}</td></tr></table>",
        f"<p><strong>&gt;&gt;&gt; {LINK}</strong></p>",
        f"<p><em>Xem thêm: {LINK}</em></p>",
        f"<ul><li>{LINK}</li></ul>",
        f"<div>- {LINK}</div>",
    ],
)
def test_other_articles_within_the_text(box: str) -> None:
    inner = f"<p>{TEXT[0]}</p><p>{TEXT[1]}</p>{box}<p>{TEXT[2]}</p><p>{TEXT[3]}</p>"
    article = read(f"<h1>{HEADLINE}</h1><div>{inner}</div>")
    assert (article.body, related(article)) == (TEXT, [OTHER])


def test_a_paragraph_that_begins_with_a_link_stays() -> None:
    line = '<div><a href="/x-1234567.html">Công ty xây dựng Sông Lục</a> đã rút hết máy móc.</div>'
    inner = "".join(f"<div>{part}</div>" for part in TEXT[:2]) + line
    inner += "".join(f"<div>{part}</div>" for part in TEXT[2:])
    article = read(f"<h1>{HEADLINE}</h1><div>{inner}</div>")
    assert article.body[2] == "Công ty xây dựng Sông Lục đã rút hết máy móc."
    assert article.related == ()


@pytest.mark.parametrize(
    "picture",
    [
        '<div class="image"><img><div class="desc">%s</div></div>',
        '<p style="text-align:center"><img></p><p><em>%s</em></p>',
        '<div><img alt="x"><p class="imgcap">%s</p></div>',
        '<table><tr><td><img></td></tr><tr><td class="pCaption">%s</td></tr></table>',
        '<figure><img></figure><p class="photo-desc">%s</p>',
    ],
)
def test_captions_by_their_place(picture: str) -> None:
    rest = "".join(f"<p>{line}</p>" for line in TEXT[1:])
    article = read(f"<h1>{HEADLINE}</h1><div><p>{TEXT[0]}</p>{picture % CAPTION}{rest}</div>")
    assert (article.captions, article.body) == ((CAPTION,), TEXT)


@pytest.mark.parametrize(
    "entry",
    [
        '<div class="time">%s</div><div><p>%s</p></div>',
        "<li><time>%s</time><p>%s</p></li>",
        "<p><strong>%s:</strong> %s</p>",
    ],
)
def test_each_entry_of_a_live_page_has_its_time(entry: str) -> None:
    entries = "".join(f"<div>{entry % (f'1{at}:05', line)}</div>" for at, line in enumerate(TEXT))
    article = read(
        f"<h1>{HEADLINE}</h1><div>{entries}</div>", data=NEWS | {"@type": "LiveBlogPosting"}
    )
    assert [line.partition(" ")[2] for line in article.body] == list(TEXT)
    assert [line[:5] for line in article.body] == ["10:05", "11:05", "12:05", "13:05"]


@pytest.mark.parametrize(
    "above",
    [
        '<nav aria-label="breadcrumb"><a href="/">Trang nhất</a><a href="/kt">Kinh tế</a></nav>',
        '<div class="zone"><a href="/kinh-te">Kinh tế</a></div>',
        '<ul itemtype="https://schema.org/BreadcrumbList"><li><a href="/kt">Kinh tế</a></li></ul>',
    ],
)
def test_the_section_above_the_headline(above: str) -> None:
    menu = '<div class="menu"><a href="/thoi-su">Thời sự</a><a href="/kinh-te">Kinh tế</a></div>'
    assert read(f"{menu}{above}<h1>{HEADLINE}</h1>{BODY}").section == "Kinh tế"
    assert read(f"{menu}<h1>{HEADLINE}</h1>{BODY}").section == "Thời sự"  # by the address


@pytest.mark.parametrize(
    "entry",
    [
        "<div>{0}<p>{1}</p></div>",
        '<li><p class="title">{0}</p><p>{1}</p></li>',
        '<article><h2>{0}</h2><time datetime="2026-03-01T10:00">1/3</time><p>{1}</p></article>',
        "<h3>{0}</h3>",
    ],
)
def test_front_pages_of_every_shape(entry: str) -> None:
    entries = "".join(
        entry.format(f'<a href="/b-{at}123.html">{OTHER} số {at}</a>', TEXT[at % 4])
        for at in range(6)
    )
    with pytest.raises(RecordError):
        read(f'<h1>Kinh tế</h1><span class="date">1/12/2026</span><div>{entries}</div>', data=None)


#: What benchmarks/bench_extraction.py has to find right, of 1.
BARS = {
    **dict.fromkeys(("headline", "authors", "date, minute", "section", "source", "refused"), 0.95),
    **dict.fromkeys(("body complete", "body clean", "lead", "tags", "captions", "related"), 0.9),
}


@pytest.mark.slow
def test_the_pages_of_the_benchmark(repository: Path, tmp_path: Path) -> None:
    figures = tmp_path / "extraction.json"
    script = repository / "benchmarks" / "bench_extraction.py"
    subprocess.run(  # noqa: S603  our own script
        [sys.executable, script, "--extractors", "timbao", "--json", figures],
        check=True,
        capture_output=True,
        cwd=repository,
    )
    shares = json.loads(figures.read_text("utf-8"))["shares"]["timbao"]
    assert {field: shares[field] for field in BARS if shares[field] < BARS[field]} == {}
