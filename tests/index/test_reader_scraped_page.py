"""Scraped page text: lead, captions, speaker turns, comment marker, related block."""

import unicodedata
from pathlib import Path

import pytest
from reading import read_file, read_one

from index.article import Article, RelatedItem
from index.readers.agency import split_agency
from index.readers.related_block import is_comment_marker, is_related_marker

TEXT = """Chợ nổi Cái Vồn họp lại sau sáu năm

SHO - Từ 4h sáng mùng 8, hơn 120 ghe đã cập bến Cái Vồn.

Chợ từng nghỉ hẳn vào năm 2020 vì bờ kè sạt lở.

Bà Phan Thị Bưởi - Trưởng ban quản lý chợ nổi Cái Vồn
Phóng viên Báo Sông Hồng trò chuyện với bà Phan Thị Bưởi về ngày họp chợ đầu tiên.

PV: Thưa bà, vì sao chợ chọn mùng 8?

Bà Phan Thị Bưởi: Ghe nào cũng vừa ăn Tết xong, khoang còn trống nên nhẹ lòng.

PV: Xin cảm ơn bà./.
"""
MARKER = "\nViết bình luận\n"
RELATED = """
Tin liên quan

Ghe bầu trở lại  sông Hậu
Ghe bầu trở lại sông Hậu

SHO -Ba chiếc ghe bầu đóng mới vừa hạ thủy ở xóm rạch.

Ghe bầu trở lại  sông Hậu

Ghe bầu trở lại sông Hậu

SHO -Ba chiếc ghe bầu đóng mới vừa hạ thủy ở xóm rạch.

'Kè xong thì chợ mới yên'
'Kè xong thì chợ mới yên'

SHO - Kỹ sư Lâm Bá Khiêm nói về 700 mét kè bê tông: “Nước chảy xiết hơn xưa”.

'Kè xong thì chợ mới yên'

'Kè xong thì chợ mới yên'

SHO - Kỹ sư Lâm Bá Khiêm nói về 700 mét kè bê tông: “Nước chảy xiết hơn xưa”.
"""
PAGE = TEXT + MARKER + RELATED

EXPECTED_BODY = (
    "Chợ từng nghỉ hẳn vào năm 2020 vì bờ kè sạt lở.",
    "Phóng viên Báo Sông Hồng trò chuyện với bà Phan Thị Bưởi về ngày họp chợ đầu tiên.",
    "PV: Thưa bà, vì sao chợ chọn mùng 8?",
    "Bà Phan Thị Bưởi: Ghe nào cũng vừa ăn Tết xong, khoang còn trống nên nhẹ lòng.",
    "PV: Xin cảm ơn bà./.",
)
EXPECTED_RELATED = (
    RelatedItem("Ghe bầu trở lại sông Hậu", "Ba chiếc ghe bầu đóng mới vừa hạ thủy ở xóm rạch."),
    RelatedItem(
        "'Kè xong thì chợ mới yên'",
        "Kỹ sư Lâm Bá Khiêm nói về 700 mét kè bê tông: “Nước chảy xiết hơn xưa”.",
    ),
)


def without_origin(article: Article) -> tuple[object, ...]:
    return (
        article.id,
        article.headline,
        article.lead,
        article.source,
        article.body,
        article.captions,
        article.related,
    )


def test_every_part_of_the_page_has_its_place(tmp_path: Path) -> None:
    article = read_one(tmp_path, "trang.txt", PAGE)
    assert article.headline == "Chợ nổi Cái Vồn họp lại sau sáu năm"
    assert article.source == "SHO"
    assert article.lead == "Từ 4h sáng mùng 8, hơn 120 ghe đã cập bến Cái Vồn."
    assert article.body == EXPECTED_BODY
    assert article.captions == ("Bà Phan Thị Bưởi - Trưởng ban quản lý chợ nổi Cái Vồn",)
    assert article.related == EXPECTED_RELATED
    assert article.id[0] == "c"
    assert article.provenance is not None
    assert article.provenance.reader == "scraped_page"
    assert article.provenance.path == str(tmp_path / "trang.txt")


@pytest.mark.parametrize(
    "variant",
    [
        pytest.param(PAGE.replace("\n", "\r\n").encode(), id="Windows line ends"),
        pytest.param(PAGE.replace("\n", "\r").encode(), id="old Mac line ends"),
        pytest.param(b"\xef\xbb\xbf" + PAGE.encode(), id="byte order mark"),
        pytest.param(unicodedata.normalize("NFD", PAGE).encode(), id="NFD"),
        pytest.param(PAGE.encode("utf-16"), id="UTF-16 with mark"),
        pytest.param(b"\xfe\xff" + PAGE.encode("utf-16-be"), id="UTF-16 big endian"),
        pytest.param(PAGE.replace("\n", "  \t\n").encode(), id="trailing spaces"),
        pytest.param(("\n\n\n" + PAGE + "\n\n").encode(), id="blank lines around"),
        pytest.param(PAGE.replace("\n\n", "\n\n\n\n").encode(), id="blank lines between"),
        pytest.param(PAGE.strip().encode(), id="no final line end"),
        pytest.param((TEXT + RELATED).encode(), id="no comment marker"),
        pytest.param((TEXT.strip() + RELATED).encode(), id="related directly below the text"),
        pytest.param(
            PAGE.replace("Viết bình luận", "Ý kiến bạn đọc (3)").encode(), id="reader comments"
        ),
        pytest.param(PAGE.replace("Tin liên quan", "TIN LIÊN QUAN:").encode(), id="capitals"),
        pytest.param(PAGE.replace("Tin liên quan", "Bài liên quan").encode(), id="Bài liên quan"),
        pytest.param(PAGE.replace("Tin liên quan", "Tin cùng chuyên mục").encode(), id="section"),
        pytest.param(PAGE.replace("Tin liên quan", "Xem thêm:").encode(), id="Xem thêm"),
        pytest.param(
            PAGE.replace(MARKER, MARKER + "\nBạn Hai Lúa: đọc mà nhớ chợ quê quá.\n").encode(),
            id="a comment below the marker",
        ),
    ],
)
def test_variants_give_the_same_article(tmp_path: Path, variant: bytes) -> None:
    plain = read_one(tmp_path, "trang.txt", PAGE)
    assert without_origin(read_one(tmp_path, "khac.txt", variant)) == without_origin(plain)


def test_gzipped_page(tmp_path: Path) -> None:
    plain = read_one(tmp_path, "trang.txt", PAGE)
    assert without_origin(read_one(tmp_path, "trang.txt.gz", PAGE)) == without_origin(plain)


def test_page_without_related_block(tmp_path: Path) -> None:
    article = read_one(tmp_path, "trang.txt", TEXT + MARKER)
    assert article.body == EXPECTED_BODY
    assert article.related == ()


def test_page_without_lead_keeps_all_paragraphs_in_the_body(tmp_path: Path) -> None:
    lines = PAGE.split("\n")
    article = read_one(tmp_path, "trang.txt", "\n".join(lines[:2] + lines[4:]))
    assert article.lead == ""
    assert article.source == ""
    assert article.body == EXPECTED_BODY


def test_headline_alone(tmp_path: Path) -> None:
    article = read_one(tmp_path, "trang.txt", "Chợ nổi họp lại\n")
    assert (article.headline, article.lead, article.body) == ("Chợ nổi họp lại", "", ())


def test_headline_printed_twice_is_read_once(tmp_path: Path) -> None:
    article = read_one(tmp_path, "trang.txt", "Chợ nổi họp lại\nChợ nổi họp lại\n\nĐoạn một.\n")
    assert article.body == ("Đoạn một.",)


def test_related_block_without_snippets(tmp_path: Path) -> None:
    block = "\nTin liên quan\n\nGhe bầu trở lại sông Hậu\nVì sao chợ nổi thưa dần?\nKè mới\n"
    article = read_one(tmp_path, "trang.txt", TEXT + block)
    assert article.body == EXPECTED_BODY
    assert article.related == (
        RelatedItem("Ghe bầu trở lại sông Hậu"),
        RelatedItem("Vì sao chợ nổi thưa dần?"),
        RelatedItem("Kè mới"),
    )


def test_related_block_with_snippets_but_nothing_doubled(tmp_path: Path) -> None:
    block = (
        "\nTin liên quan\n\nGhe bầu trở lại\n\nBa chiếc ghe vừa hạ thủy.\n\n"
        "Vì sao chợ thưa dần?\n\nNước đổi dòng, đường bộ mở thêm...\n"
    )
    article = read_one(tmp_path, "trang.txt", TEXT + block)
    assert article.related == (
        RelatedItem("Ghe bầu trở lại", "Ba chiếc ghe vừa hạ thủy."),
        RelatedItem("Vì sao chợ thưa dần?", "Nước đổi dòng, đường bộ mở thêm..."),
    )


def test_doubled_headline_that_ends_like_a_sentence(tmp_path: Path) -> None:
    block = (
        "\nTin liên quan\n\nGhe đi đâu\nGhe đi đâu\n\nVề đâu...\nVề đâu...\n\nMTO - Xuôi dòng.\n"
    )
    article = read_one(tmp_path, "trang.txt", TEXT + block)
    assert article.related == (RelatedItem("Ghe đi đâu"), RelatedItem("Về đâu...", "Xuôi dòng."))


def test_words_of_the_related_block_are_not_in_the_body(tmp_path: Path) -> None:
    article = read_one(tmp_path, "trang.txt", PAGE)
    text = " ".join((article.headline, article.lead, *article.body, *article.captions))
    assert "ghe bầu" not in text.lower()
    assert "Lâm Bá Khiêm" not in text


def test_inline_link_becomes_a_related_item(tmp_path: Path) -> None:
    page = "Chợ nổi\n\nĐoạn một.\n\n>> Xem thêm: Ghe bầu trở lại sông Hậu\n\nĐoạn hai.\n"
    article = read_one(tmp_path, "trang.txt", page)
    assert article.body == ("Đoạn một.", "Đoạn hai.")
    assert article.related == (RelatedItem("Ghe bầu trở lại sông Hậu"),)


def test_comment_button_above_the_text_does_not_end_it(tmp_path: Path) -> None:
    article = read_one(tmp_path, "trang.txt", "Chợ nổi\n\nBình luận\n\nĐoạn một.\n\nĐoạn hai.\n")
    assert article.body == ("Đoạn một.", "Đoạn hai.")


def captions_of(tmp_path: Path, *blocks: str) -> tuple[str, ...]:
    page = "\n\n".join(("Tin chợ", "SHO - Sáng nay chợ họp.", "Đoạn đầu của bài.", *blocks))
    article = read_one(tmp_path, "trang.txt", page)
    written = [line for block in blocks for line in block.split("\n")]
    # Whatever is no caption must still be in the body, in order.
    assert [line for line in written if line not in article.captions] == list(article.body[1:])
    return article.captions


@pytest.mark.parametrize(
    "caption",
    [
        "Ghe chở khóm nối đuôi nhau vào chợ sáng mùng 8",
        "Kỹ sư Lâm Bá Khiêm (bìa trái) bên đoạn kè mới",
        "Ông Ba Cứ - chủ ghe khóm",
    ],
)
def test_line_directly_above_a_paragraph_is_a_caption(tmp_path: Path, caption: str) -> None:
    assert captions_of(tmp_path, f"{caption}\nTừ tờ mờ sáng, bến đã kín ghe.") == (caption,)


@pytest.mark.parametrize(
    "caption",
    [
        "Bà Phan Thị Bưởi - Trưởng ban quản lý chợ nổi Cái Vồn",
        "Tiến sĩ Đỗ Hữu Thanh – chuyên gia thủy lợi",
        "Bến Cái Vồn nhìn từ trên cao. Ảnh: Minh Hạ",
        "Chợ nổi năm 1998 (Ảnh tư liệu)",
        "Ảnh minh họa",
    ],
)
def test_line_that_shows_it_is_a_caption_may_stand_alone(tmp_path: Path, caption: str) -> None:
    assert captions_of(tmp_path, caption, "Từ tờ mờ sáng, bến đã kín ghe.") == (caption,)


def test_caption_and_credit_on_two_lines(tmp_path: Path) -> None:
    block = "Bến Cái Vồn nhìn từ trên cao\nẢnh: Minh Hạ\nTừ tờ mờ sáng, bến đã kín ghe."
    assert captions_of(tmp_path, block) == ("Bến Cái Vồn nhìn từ trên cao", "Ảnh: Minh Hạ")


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param(("Chợ cũ, nếp mới", "Từ tờ mờ sáng, bến đã kín ghe."), id="subheading"),
        pytest.param(("Vì sao chợ thưa dần?", "Nước đổi dòng."), id="question as a heading"),
        pytest.param(("PV: Bà có lo không", "Bà Bưởi: Có chứ."), id="speaker turn alone"),
        pytest.param(("PV: Bà có lo không\nBà Bưởi: Có chứ.",), id="speaker turn above another"),
        pytest.param(("Sáng họp.\nTrưa tan.",), id="sentences without a blank line"),
        pytest.param(("- 3 quả khóm\n- 2 trái dừa\nCho tất cả vào nồi.",), id="list"),
        pytest.param(("Ghe đi\nGhe về\nBến vắng\nNgười trông.",), id="verse"),
        pytest.param(("Ảnh hưởng của mặn lan tới chợ.",), id="the word ảnh"),
    ],
)
def test_what_is_no_caption(tmp_path: Path, blocks: tuple[str, ...]) -> None:
    assert captions_of(tmp_path, *blocks) == ()


def test_text_without_blank_lines_has_no_captions_told_from_lines(tmp_path: Path) -> None:
    page = "Chợ nổi\nSHO - Sáng nay chợ họp.\nMột nếp mới\nGhe vào bến.\nMột nếp cũ\nGhe ra bến.\n"
    article = read_one(tmp_path, "trang.txt", page)
    assert article.captions == ()
    assert article.body == ("Một nếp mới", "Ghe vào bến.", "Một nếp cũ", "Ghe ra bến.")


@pytest.mark.parametrize(
    ("text", "source", "rest"),
    [
        ("VOV.VN - Sáng nay, chợ họp.", "VOV.VN", "Sáng nay, chợ họp."),
        ("VOV.VN -Sáng nay, chợ họp.", "VOV.VN", "Sáng nay, chợ họp."),
        ("VOV.VN -VOV.VN xin giới thiệu.", "VOV.VN", "VOV.VN xin giới thiệu."),
        ("TTXVN – Sáng nay, chợ họp.", "TTXVN", "Sáng nay, chợ họp."),
        ("TTHĐ - “Chợ họp rồi”, bà Bưởi nói.", "TTHĐ", "“Chợ họp rồi”, bà Bưởi nói."),
        ("(Dân trí) - Sáng nay, chợ họp.", "Dân trí", "Sáng nay, chợ họp."),
        ("(TTXVN)- 120 ghe cập bến.", "TTXVN", "120 ghe cập bến."),
        ("BANMAI.VN - Sáng nay, chợ họp.", "BANMAI.VN", "Sáng nay, chợ họp."),
        ("HQ Online - Sáng nay, chợ họp.", "", "HQ Online - Sáng nay, chợ họp."),
        ("NLĐ Online - Sáng nay, chợ họp.", "NLĐ Online", "Sáng nay, chợ họp."),
        ("TP.HCM - Đồng Nai thông xe.", "", "TP.HCM - Đồng Nai thông xe."),
        ("COVID-19 chưa hết.", "", "COVID-19 chưa hết."),
        ("UBND - Hội Nông dân họp.", "", "UBND - Hội Nông dân họp."),
        ("WTO - tổ chức thương mại lớn nhất.", "", "WTO - tổ chức thương mại lớn nhất."),
        ("Hà Nội - Hải Phòng thông xe.", "", "Hà Nội - Hải Phòng thông xe."),
        ("(2014) - Năm nay được mùa.", "", "(2014) - Năm nay được mùa."),
        ("VOV.VN - ", "", "VOV.VN -"),
    ],
)
def test_agency_prefix(text: str, source: str, rest: str) -> None:
    assert split_agency(text) == (source, rest)


@pytest.mark.parametrize(
    "line",
    ["Viết bình luận", "Bình luận", "BÌNH LUẬN (12)", "Ý kiến bạn đọc (3)", "Gửi bình luận:"],
)
def test_comment_markers(line: str) -> None:
    assert is_comment_marker(line)
    assert is_comment_marker(unicodedata.normalize("NFD", line))
    assert not is_comment_marker(line + " của chuyên gia về giá lúa")


@pytest.mark.parametrize(
    "line",
    [
        "Tin liên quan",
        "TIN LIÊN QUAN:",
        "Tin cùng chuyên mục",
        "Bài liên quan",
        "Xem thêm",
        ">> Xem thêm:",
    ],
)
def test_related_markers(line: str) -> None:
    assert is_related_marker(line)
    assert not is_related_marker(line + " ở trang sau nữa")


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_empty_page_is_reported(tmp_path: Path, content: bytes) -> None:
    articles, bad = read_file(tmp_path, "rong.txt", content)
    assert articles == []
    assert [(record.path, record.line, record.reason) for record in bad] == [
        (str(tmp_path / "rong.txt"), None, "no headline and no body")
    ]
