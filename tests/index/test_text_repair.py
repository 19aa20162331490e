"""The repair that every text of every reader passes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers import repair_text
from index.readers.text_repair import join_lines


@pytest.mark.parametrize(
    ("raw", "repaired"),
    [
        ("Vie\u0323\u0302t", "Việt"),
        ("\ufeffQuốc hội\ufeff", "Quốc hội"),
        ("một\r\nhai\rba\u2028bốn\x85năm", "một\nhai\nba\nbốn\nnăm"),
        ("một\n\n\thai  ba ", "một\n\n\thai  ba "),
        ("Quốc\u00a0hội\u200b", "Quốc\u00a0hội\u200b"),
        ("a\0b\x1bc", "abc"),
        ("Tin\x9b31m\x80\x9f \x84mới\x86", "Tin31m mới"),
        ("a\u206eb\ufff9c\ufdd0d\U000e0001e\U0010ffff", "abcde"),
        ("\u202eđảo\u202c\u2066ngược\u2069", "\u202eđảo\u202c\u2066ngược\u2069"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_repair(raw: str, repaired: str) -> None:
    assert repair_text(raw) == repaired


@given(st.text(st.characters(exclude_categories=())))
def test_repaired_text_is_nfc_storable_and_stays_as_it_is(raw: str) -> None:
    text = repair_text(raw)
    assert unicodedata.is_normalized("NFC", text)
    assert text.encode().decode() == text
    assert not set(text) & {
        chr(code) for code in (*range(9), *range(11, 32), *range(127, 160), 0xFEFF)
    }
    assert repair_text(text) == text


@given(st.lists(st.text(st.characters(categories=["L", "N", "P"]))))
def test_lines_stay_lines(lines: list[str]) -> None:
    expected = [unicodedata.normalize("NFC", line) for line in lines]
    assert repair_text("\r\n".join(lines)).split("\n") == (expected or [""])


PRINTED = """\
BÁO SÔNG LỤC

Hôm qua, tại hội trường huyện, ban liên-
hợp các hợp tác xã đã họp bàn về vụ mùa
sắp tới. Ông Nguyễn Văn Tèo, chủ nhiệm
hợp tác xã Đông Lâm, cho biết lúa năm nay
trổ sớm hơn mọi năm chừng nửa tháng.
Bà con phải chuẩn bị máy gặt từ bây giờ, vì
theo kế hoạch, huyện sẽ mở thêm ba trạm
bơm ở vùng cao. Công ty inter-
national sẽ cung cấp máy."""


def test_lines_of_print_become_paragraphs() -> None:
    assert join_lines(PRINTED).split("\n") == [
        "BÁO SÔNG LỤC",
        "",
        "Hôm qua, tại hội trường huyện, ban liên hợp các hợp tác xã đã họp bàn về vụ mùa sắp tới. "
        "Ông Nguyễn Văn Tèo, chủ nhiệm hợp tác xã Đông Lâm, cho biết lúa năm nay trổ sớm hơn mọi "
        "năm chừng nửa tháng.",
        "Bà con phải chuẩn bị máy gặt từ bây giờ, vì theo kế hoạch, huyện sẽ mở thêm ba trạm bơm ở "
        "vùng cao. Công ty international sẽ cung cấp máy.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Bãi giữ xe kín chỗ từ sáng sớm\nHành khách tìm thông tin ở phòng hướng dẫn\n"
        "Nhân viên nhà ga nhắc nhở người chờ\nPhòng chờ không còn một chỗ trống\nVé đã hết",
        "Đoạn một là một câu.\nĐoạn hai cũng là một câu.\nĐoạn ba nữa.\nĐoạn bốn.\nĐoạn năm.",
        "- vé người lớn\n- vé trẻ em\n- vé tháng",
        "Tỉ số 2-\n1",
    ],
)
def test_lines_that_are_paragraphs_stay(text: str) -> None:
    assert join_lines(text) == text
