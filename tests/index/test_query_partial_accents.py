"""Some accents typed, and phrases: what was typed is required, in quotes more strictly."""

from pathlib import Path

from small_index import Row, assert_row, each_row

PARTIAL = [
    Row(
        "S9",
        {
            "city": "Đà Nẵng mở hội",
            "word": "Máy đa năng giá rẻ",
            "other": "Da nàng trắng hồng",
        },
        {"đa nang": "city word"},
    ),
    Row(
        "S10",
        {"city": "Đà Nẵng mở hội", "word": "Máy đa năng giá rẻ"},
        {"đà nang": "city"},
    ),
    Row(
        "S11-with-hits",
        {"right": ("Hội nghị tổng kết năm", 3), "other": "Hồi nghĩ lại mới tiếc"},
        # Ranked below instead of left out: docs/decisions/0005-readings-rank.md.
        {"hôi nghi": "right > other"},
    ),
    Row(
        "S11-without",
        {"other": "Hồi nghĩ lại mới tiếc", "vowel": "Hơi nghi ngại"},
        {"hôi nghi": "other"},
    ),
    Row(
        "S18",
        {
            "right": "Đảng bộ xã họp bàn",
            "bare": "Đang bỏ phiếu kín",
            "tone": "Đáng bỏ nhiều công",
            "letter": "Dáng bộ hành",
        },
        {"đảng bo": "right"},
    ),
    Row(
        "S23",
        {
            "right": "Đảng bộ xã họp bàn",
            "other": "Đang bỏ phiếu kín",
            "letter": "Dáng bộ hành",
        },
        {"ĐANG BO": "right other"},
    ),
    Row(
        "B4",
        {
            "road": "Đường mới thông xe",
            "present": "Đương kim vô địch",
            "letter": "Dương tính trở lại",
            "capital": "Hà Nội mưa lớn",
            "tone": "Hạ nội dung thi",
        },
        {"đuong": "road present", "hà noi": "capital"},
    ),
    Row(
        "Y9",
        {"right": "Hoà bình và hữu nghị", "old": "Hòa bình và hữu nghị", "other": "Hoa bỉnh bút"},
        {"hoa bình": "right old"},
    ),
]


@each_row(PARTIAL)
def test_with_some_accents(row: Row, tmp_path: Path) -> None:
    assert_row(row, tmp_path)


QUOTED = [
    Row(
        "S15",
        {
            "province": ("Lai Châu vào xuân", 2),
            "family": "Ông lại cháu nội",
            "turned": "Châu Lai thăm quê",
            "apart": "Lai tạo giống, Châu Phi được mùa",
        },
        {'"lai chau"': "province family"},
    ),
    Row(
        "S16",
        {
            "right": "Lai Châu vào xuân",
            "bare-article": "Lai Chau vao xuan",
            "tone": "Lái châu chấu đi nơi khác",
            "turned": "Châu Lai thăm quê",
            "apart": "Lai tạo giống, Châu Phi được mùa",
        },
        {'"lai châu"': "right", '"Lai Châu"': "right"},
    ),
    Row(
        "B2",
        {
            "right": "Hà Nội mưa lớn",
            "tone": "Hạ nội dung thi",
            "apart": "Hà mã vào nội thành",
            "turned": "Nội thành Hà Giang",
        },
        {'"hà nội"': "right", "“hà nội”": "right"},
    ),
]


@each_row(QUOTED)
def test_in_quotes(row: Row, tmp_path: Path) -> None:
    assert_row(row, tmp_path)
