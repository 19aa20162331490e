"""Spellings that mean the same: i and y, hyphens and apostrophes, đ in capitals."""

from pathlib import Path

from small_index import Row, assert_row, each_row

I_Y = [
    Row(
        "I1",
        {
            "y": "Kỹ thuật trồng ngô",
            "i": "Kĩ thuật trồng ngô",
            "tone": "Kỳ vọng và thuật lại chuyện cũ",
        },
        {"kỹ thuật": "y > i", "kĩ thuật": "i > y"},
    ),
    Row(
        "I2",
        {"y": "Lý do chậm tàu", "i": "Lí do chậm tàu", "tone": "Cứ lì ra do bướng"},
        {"lý do": "y > i", "lí do": "i > y"},
    ),
    Row(
        "I3",
        {"y": "Công ty trả lương", "i": "Công ti trả lương", "onset": "Công sĩ trả lương"},
        {"công ty": "y > i", "công ti": "i > y"},
    ),
    Row(
        "I4",
        {"y": "Nước Mỹ bầu cử", "i": "Nước Mĩ bầu cử", "tone": "Món mì Quảng"},
        {"Mỹ": "y > i", "nước Mỹ": "y > i"},
    ),
    Row(
        "I5",
        {"y": "Tỷ lệ sinh giảm", "i": "Tỉ lệ sinh giảm", "tone": "Tì vết và luật lệ"},
        {"tỷ lệ": "y > i", "tỉ lệ": "i > y"},
    ),
    Row(
        "I6",
        {"i": "Bác sĩ về làng", "y": "Bác sỹ về làng", "tone": "Bác Ba bán sỉ"},
        {"bác sĩ": "i > y", "bác sỹ": "y > i", "bac si": "i y tone"},
    ),
    Row(
        "I7",
        {"y": "Hy vọng mùa mới", "i": "Hi vọng mùa mới", "onset": "Thi vọng mùa mới"},
        {"hy vọng": "y > i", "hi vọng": "i > y"},
    ),
    Row(
        "I8",
        {"y": "Kỷ niệm ngày cưới", "i": "Kỉ niệm ngày cưới", "tone": "Niệm Phật cả kỳ"},
        {"kỷ niệm": "y > i", "kỉ niệm": "i > y"},
    ),
    Row(
        "I9",
        {"y": "Quy định đội mũ", "i": "Qui định đội mũ", "vowel": "Quê định canh"},
        {"quy định": "y > i", "qui định": "i > y"},
    ),
    Row(
        "I10",
        {"y": "Quý vị lên tàu", "i": "Quí vị lên tàu", "tone": "Quỳ ở mỗi vị trí"},
        {"quý vị": "y > i", "quí vị": "i > y"},
    ),
    Row(
        "I11",
        {"i": "Công trình vĩ đại", "y": "Công trình vỹ đại", "tone": "Vì đại cục"},
        {"vĩ đại": "i > y", "vỹ đại": "y > i"},
    ),
    Row(
        "I12",
        {"y": "Thời kỳ đồ đá", "i": "Thời kì đồ đá", "tone": "Thời buổi kỹ trị"},
        {"thời kỳ": "y > i", "thời kì": "i > y"},
    ),
    Row(
        "I24",
        {"name": "Anh Thy được khen", "exam": "Anh thi đỗ"},
        {"Thy": "name", "Anh Thy": "name", "anh thi": "exam"},
    ),
    Row(
        "I25",
        {"i": "Chỉ số giá tăng", "y": "Chỷ số giá tăng"},
        {"chỉ": "i", "chỉ số": "i"},
    ),
    Row(
        "I26",
        {
            "vy": "Vy đoạt giải",
            "vi": "Vi đoạt giải",
            "my": "My đoạt giải",
            "mi": "Mi đoạt giải",
            "ly": "Ly đoạt giải",
            "li": "Li đoạt giải",
            "hy": "Hy đoạt giải",
            "hi": "Hi đoạt giải",
        },
        {"vy": "vy", "Vi": "vi", "My": "my", "Mi": "mi", "Ly": "ly", "Li": "li", "Hy": "hy"},
    ),
]


@each_row(I_Y)
def test_i_and_y(row: Row, tmp_path: Path) -> None:
    assert_row(row, tmp_path)


JOINED = [
    Row(
        "H2",
        {
            "parts": "Tổng thống Pu-tin thăm Lào",
            "one": "Tổng thống Putin thăm Lào",
            "apart": "Đỉnh Pu Si Lung có tin vui",
        },
        {"putin": "one parts", "Putin": "one parts"},
    ),
    Row(
        "H3",
        {
            "one": "Tổng thống Putin thăm Lào",
            "parts": "V.Pu-tin thăm Lào",
            "other": "Pu Nhi vào thu",
        },
        {"pu-tin": "one parts", "Pu-tin thăm Lào": "one parts"},
    ),
    Row(
        "H7",
        {
            "hyphen": "COVID-19 lan rộng",
            "space": "Dịch Covid 19 lan rộng",
            "one": "Dịch covid19 lan rộng",
            "other": "Covid kéo dài",
        },
        {
            "covid19": "hyphen space one",
            "covid 19": "hyphen space one",
            "COVID-19": "hyphen space one",
        },
    ),
    Row(
        "H11",
        {
            "curly": "Người H’Mông xuống chợ",
            "one": "Người Hmông xuống chợ",
            "straight": "Người H'Mông xuống chợ",
            "other": "Người Mông xuống chợ",
        },
        {"hmong": "curly one straight", "H'Mông": "curly one straight"},
    ),
    Row(
        "D10",
        {
            "short": "HĐND tỉnh họp",
            "long": "Hội đồng nhân dân tỉnh họp",
            "other": "UBND tỉnh họp",
        },
        {"hdnd": "short long"},
    ),
]


@each_row(JOINED)
def test_joined_forms(row: Row, tmp_path: Path) -> None:
    assert_row(row, tmp_path)


NUMBERS = [
    Row(
        "N25",
        {
            "dots": "Thưởng 1.000.000 đồng",
            "plain": "Thưởng 1000000 đồng",
            "less": "Thưởng 1.000 đồng",
        },
        {"1000000": "dots plain", "1.000.000": "dots plain"},
    ),
    Row(
        "N26",
        {"figures": "Thưởng 1.000.000 đồng", "words": "Thưởng 1 triệu đồng"},
        {"1 triệu": "words"},
    ),
    Row(
        "N27",
        {
            "figures": "Lễ tri ân 20/11 ở trường",
            "words": "Lễ tri ân ngày 20 tháng 11 ở trường",
            "year": "Lễ tri ân 20/11/2014 ở trường",
            "next-day": "Lễ tri ân ngày 21 tháng 11 ở trường",
            "month": "Lễ tri ân 20/12 ở trường",
        },
        {
            "ngày 20 tháng 11": "figures words year",
            "ngay 20 thang 11": "figures words year",
            "ngày 20 tháng 11 năm 2014": "year",
        },
    ),
    Row(
        "N28",
        {
            "dot": "Tuyến dài 2.100 km",
            "plain": "Tuyến dài 2100 km",
            "comma": "Tuyến dài 2,100 km",
        },
        {"2.100": "dot plain", "2.100 km": "dot plain"},
    ),
    Row(
        "V15-thousands",
        {
            "dot": "Dự án 1.000 tỷ đồng",
            "plain": "Dự án 1000 tỉ đồng",
            "words": "Dự án 1 nghìn tỷ đồng",
            "less": "Dự án 100 tỷ đồng",
        },
        {
            "1.000 tỷ": "dot > plain",
            "1000 tỉ": "plain > dot",
            # N26 stands above V15: no arithmetic with number words.
            "1 nghìn tỷ": "words",
        },
    ),
    Row(
        "V15-percent",
        {"comma": "Lãi suất tăng 1,5%", "whole": "Lãi suất tăng 15%"},
        {"1,5%": "comma", "15%": "whole", "1.5%": "comma"},
    ),
    Row(
        "V15-telephone",
        {"whole": "Đường dây nóng 0912.345.678", "parts": "Mã 0912, số 345 và 678"},
        {"0912.345.678": "whole"},
    ),
    Row(
        "V15-law",
        {
            "whole": "Nghị định 30/2020/NĐ-CP về văn thư",
            "other": "Thông tư 30/2020/TT-BNV về văn thư",
            "parts": "Năm 2020 có 30 văn bản: CP, NĐ và TT",
        },
        {"30/2020/NĐ-CP": "whole", "30/2020/nđ-cp": "whole"},
    ),
]


@each_row(NUMBERS)
def test_numbers_and_dates(row: Row, tmp_path: Path) -> None:
    assert_row(row, tmp_path)
