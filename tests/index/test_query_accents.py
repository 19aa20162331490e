"""Accents: typed ones are required, missing ones are free, the likely reading comes first."""

from pathlib import Path

from small_index import Row, assert_row, each_row, story

BARE = [
    Row(
        "S1",
        {
            "grave": ("Chuyện mà ai cũng biết", 6),
            "bare": ("Chuyện ma ai cũng biết", 5),
            "acute": ("Chuyện má ai cũng biết", 4),
            "tilde": ("Chuyện mã ai cũng biết", 3),
            "hook": ("Chuyện mả ai cũng biết", 2),
            "dot": "Chuyện mạ ai cũng biết",
            "other": "Chuyện mẹ ai cũng biết",
        },
        {"ma": "grave > bare > acute > tilde > hook > dot"},
    ),
    Row(
        "S4",
        {
            "word": ("Cán bộ thôn họp", 4),
            "beside": "Cần bỏ thói xấu",
            "apart": "Cạn nước, bờ sông nứt",
            # More frequent by themselves than side by side: neighbours decide.
            "need": ("Cần thêm thợ giỏi", 9),
            "quit": ("Bỏ lỡ chuyến tàu", 9),
        },
        {"can bo": "word > beside > apart"},
    ),
    Row(
        "S6",
        {
            "city": ("Đà Nẵng mở hội", 12),
            "word": ("Đa năng, gọn nhẹ", 3),
            "verb": "Đã nâng cấp cảng",
            "past": ("Anh đã về quê", 20),
            "lift": ("Nâng giá vé tàu", 20),
        },
        {"da nang": "city > word > verb", "DA NANG": "city > word > verb"},
    ),
    Row(
        "S13",
        {
            "province": ("Lai Châu vào xuân", 4),
            "family": "Ông lại cháu nội",
            "apart": "Ngô lai được mùa, châu chấu ít",
            "again": ("Lại sắp có bão", 9),
            "child": ("Cháu ngoan nhận quà", 9),
        },
        {"lai chau": "province > family > apart"},
    ),
    Row(
        "S19",
        {
            "rail": ("Đường sắt chạy thêm tàu", 3),
            "close": "Dương sát cánh cùng bạn",
            "apart": "Đương kim vô địch bám sát đối thủ",
        },
        {"duong sat": "rail > close > apart"},
    ),
    Row(
        "S20",
        {
            "bare": "Chợ hoa Tết",
            "acute-old": "Văn hóa làng",
            "acute-new": "Văn hoá làng",
            "grave-old": "Hòa giải ở xã",
            "grave-new": "Hoà giải ở xã",
            "hook": "Cứu hỏa kịp thời",
            "dot": "Tai họa rình rập",
            "other": "Hoan hô đội nhà",
        },
        {
            "hoa": "bare acute-old acute-new grave-old grave-new hook dot",
            "hóa": "acute-old acute-new",
            "hoá": "acute-old acute-new",
        },
    ),
    Row(
        "V20",
        {
            "pupils": "Cuộc thi của học sinh",
            "biology": "Cuộc thi về sinh học",
            "apart": "Cuộc thi sinh viên ham học",
        },
        {"hoc sinh": "pupils > biology apart", "học sinh": "pupils > biology apart"},
    ),
]


@each_row(BARE)
def test_without_accents(row: Row, tmp_path: Path) -> None:
    assert_row(row, tmp_path)


ACCENTED = [
    Row(
        "S2",
        {
            "acute": "Má nấu cơm chiều",
            "bare-article": "Ma nau com chieu",
            "bare-word": "Con ma trong chuyện cổ",
            "grave": "Việc mà ai cũng làm",
            "hook": "Tảo mả cuối năm",
            "tilde": "Ngựa mã hồi",
            "dot": "Gieo mạ vụ xuân",
        },
        {"má": "acute > bare-article"},
    ),
    Row(
        "S3",
        {"grave": "Việc mà ai cũng làm", "acute": "Má nấu cơm chiều", "dot": "Gieo mạ vụ xuân"},
        {"mà": "grave"},
    ),
    Row(
        "S5",
        {
            "accented": "Cán bộ thôn họp dân",
            "bare-article": "Can bo thon hop dan",
            "other": "Cần bỏ thói quen xấu",
            "bare-words": "Căn nhà can chi bo bo",
        },
        {"cán bộ": "accented > bare-article"},
    ),
    Row(
        "S7",
        {
            "title": "Đà Nẵng mở hội",
            "capitals": "ĐÀ NẴNG mở hội",
            "bare-article": "Da Nang mo hoi",
            "other": "Đa năng, gọn nhẹ",
        },
        {"đà nẵng": "title capitals > bare-article"},
    ),
    Row(
        "S8-few",
        {"word": "Máy đa năng giá rẻ", "city": "Đà Nẵng mở hội", "other": "Da nàng trắng"},
        {"đa năng": "word > city"},
    ),
    Row(
        "S8-many",
        {"word": ("Máy đa năng giá rẻ", 10), "city": ("Đà Nẵng mở hội", 12)},
        {"đa năng": "word > city"},
    ),
    Row(
        "S12",
        {
            "right": "Hội nghị tổng kết năm",
            "acute": "Hối hả, không kịp nghỉ",
            "grave": "Hồi ấy ai cũng nghĩ vậy",
        },
        {"hội nghi": "right"},
    ),
    Row(
        "S14",
        {
            "title": "Lai Châu vào xuân",
            "capitals": "LAI CHÂU vào xuân",
            "small": "Người lai châu vào xuân",
            "bare-article": "Lai Chau vao xuan",
            "other": "Lào Cai vào xuân",
        },
        {"Lai Châu": "title capitals small > bare-article"},
    ),
    Row(
        "S26",
        {
            "headline": "Hà Nội mưa lớn",
            "caption": story("Ảnh trong ngày", lead="Ha Noi mua lon"),
            "bare-article": "Ha Noi mua lon",
            "bare-words": "Hà mã nói chuyện: mưa nọi, lớn nỏi",
        },
        {"Hà Nội mưa lớn": "headline > bare-article > caption"},
    ),
    Row(
        "B5",
        {
            "accented": ("Hà Nội kẹt xe", 3),
            "long": "Nhiều tuyến phố ở nội đô Hà Nội kẹt xe kéo dài từ sáng sớm đến chiều muộn",
            "bare": "Ha Noi",
        },
        {"Hà Nội": "accented > long > bare"},
    ),
]


@each_row(ACCENTED)
def test_with_all_accents(row: Row, tmp_path: Path) -> None:
    assert_row(row, tmp_path)
