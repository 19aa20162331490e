"""One thing in its house styles: numbers, dates, names with signs, addresses, hashtags.

Each row is a small archive, with what each query finds, as words and in quotes.
"""

from pathlib import Path

from small_index import Row, each_row, small_index, story

PHONES = {
    "point": "Đường dây nóng 0912.345.678 phục vụ",
    "joined": "Đường dây nóng 0912345678 phục vụ",
    "blank": "Đường dây nóng 0912 345 678 phục vụ",
    "hyphen": "Đường dây nóng 0912-345-678 phục vụ",
    "pairs": "Đường dây nóng 09 12 34 56 78 phục vụ",
    "abroad": "Đường dây nóng +84 912 345 678 phục vụ",
    "abroad-joined": "Đường dây nóng +84912345678 phục vụ",
    "apart": "Từ 0912, có 345 xe và 678 người phục vụ đường dây nóng",
    "other": "Đường dây nóng 0912.345.679 phục vụ",
}
_PHONE = "point joined blank hyphen pairs abroad abroad-joined"

ROWS = [
    Row(
        "phones",
        PHONES,
        {
            typed: _PHONE
            for number in (
                *("0912.345.678", "0912345678", "0912 345 678", "0912-345-678"),
                *("+84 912 345 678", "+84912345678", "84 912 345 678"),
            )
            for typed in (
                number,
                f'"{number}"',
                f"đường dây nóng {number}",
                f'"nóng {number} phục vụ"',
            )
        },
    ),
    Row(
        "landlines",
        {
            "bracket": "Gọi (024) 3943.1234 để đặt",
            "points": "Gọi 024.3943.1234 để đặt",
            "joined": "Gọi 02439431234 để đặt",
            "blanks": "Gọi 024 3943 1234 để đặt",
            "other": "Gọi 028 3943 1234 để đặt",
        },
        dict.fromkeys(
            (
                *("024 3943 1234", "02439431234", "024.3943.1234", '"(024) 3943 1234"'),
                '"gọi 024-3943-1234 để đặt"',
            ),
            "bracket points joined blanks",
        ),
    ),
    Row(
        "hotlines",
        {
            "blank": "Tổng đài 1900 6868 hỗ trợ",
            "joined": "Tổng đài 19006868 hỗ trợ",
            "point": "Tổng đài 1900.6868 hỗ trợ",
            "hyphen": "Tổng đài 1900-6868 hỗ trợ",
            "apart": "Tổng đài năm 1900 có 6868 khách được hỗ trợ",
        },
        {
            typed: "blank joined point hyphen"
            for number in ("1900 6868", "19006868", "1900.6868", "1900-6868")
            for typed in (number, f'"{number}"', f'"đài {number} hỗ trợ"')
        },
    ),
    Row(
        "plates",
        {
            "full": "Xe biển số 29A-123.45 gây tai nạn",
            "hyphen": "Xe biển số 29A-12345 gây tai nạn",
            "blank": "Xe biển số 29A 12345 gây tai nạn",
            "blank-point": "Xe biển số 29A 123.45 gây tai nạn",
            "joined": "Xe biển số 29A12345 gây tai nạn",
            "other": "Xe biển số 29A-123.46 gây tai nạn",
            "apart": "Lô 29A có 12345 xe gây tai nạn",
        },
        {
            typed: "full hyphen blank blank-point joined"
            for number in ("29A-123.45", "29A-12345", "29A 12345", "29A12345", "29a 123.45")
            for typed in (number, f'"{number}"', f'"biển số {number} gây tai nạn"')
        },
    ),
    Row(
        "sums",
        {
            "points": "Phạt 1.000.000 đồng",
            "joined": "Phạt 1000000 đồng",
            "blanks": "Phạt 1 000 000 đồng",
            "commas": "Phạt 1,000,000 đồng",
            "other": "Phạt 1.000 đồng và 000",
        },
        {
            typed: "points joined blanks commas"
            for number in ("1.000.000", "1000000", "1 000 000", "1,000,000")
            for typed in (number, f'"{number}"', f'"phạt {number} đồng"', f"phạt {number} đồng")
        },
    ),
    Row(
        "accounts",
        {
            "joined": "Số tài khoản 190345678012 ủng hộ",
            "blanks": "Số tài khoản 1903 4567 8012 ủng hộ",
            "hyphens": "Số tài khoản 1903-4567-8012 ủng hộ",
            "points": "Số tài khoản 1903.4567.8012 ủng hộ",
            "other": "Số tài khoản 1903 4567 8013 ủng hộ",
        },
        {
            typed: "joined blanks hyphens points"
            for number in ("190345678012", "1903 4567 8012", "1903-4567-8012", "1903.4567.8012")
            for typed in (number, f'"{number}"', f'"khoản {number} ủng hộ"')
        },
    ),
    Row(
        "books",
        {"hyphens": "Sách ISBN 978-604-1-12345-6", "joined": "Sách ISBN 9786041123456"},
        dict.fromkeys(
            (
                *("978-604-1-12345-6", "9786041123456", "978 604 1 12345 6"),
                '"ISBN 978-604-1-12345-6"',
            ),
            "hyphens joined",
        ),
    ),
    Row(
        "neighbours-are-no-number",
        {
            "years": "Các năm 2019 2020 2021 và số 201920202021",
            "rooms": "Tuyến 32 150 khách",
            "one": "Cả thảy 32150 khách",
        },
        {"32150": "one", "32 150": "rooms"},
    ),
    Row(
        "shares-are-no-dates",
        {
            "round": "Kết quả vòng 1/8 cúp châu Âu",
            "words": "Vòng đua ngày 1 tháng 8 diễn ra ở Huế",
            "figures": "Ngày 1/8 khai mạc vòng đua",
            "year": "Vòng đua 1/8/2021",
            "share": "Khoảng 1/8 số cử tri",
            "cup": "Lịch thi đấu 1/8 cúp C1",
        },
        {
            "vòng 1/8": "round",
            "ngày 1/8": "words figures year",
            "1/8": "round words figures year share cup",
            "1/8 cúp": "round cup",
            "tỷ lệ 1/3": "",
            "ngày 1 tháng 8": "words figures year",
            "khoảng 1/8 số cử tri": "share",
        },
    ),
    Row(
        "houses-are-no-dates",
        {
            "house": "Cháy nhà số 12/5 Lê Lợi",
            "house-2": "Cháy số nhà 12/5 đường Lê Lợi",
            "alley": "Cháy ở hẻm 12/5 Lê Lợi",
            "day": "Lê Lợi cháy ngày 12 tháng 5",
            "day-2": "Lê Lợi cháy ngày 12-5",
        },
        {
            "số 12/5 Lê Lợi": "house house-2",
            "số nhà 12/5": "house house-2",
            "12/5 Lê Lợi": "house house-2 alley day day-2",
            "hẻm 12/5": "alley",
            "cháy ngày 12/5": "day day-2",
            '"ngày 12/5"': "day day-2",
        },
    ),
    Row(
        "quarters-and-scores",
        {
            "quarter": "GDP quý 1/2024 tăng",
            "month": "GDP tháng 1/2024 tăng trong quý",
            "month-words": "GDP tháng 1 năm 2024 tăng, quý khách đến",
            "score": "Hà Nội thắng Huế 2-1 ở Hàng Đẫy",
            "new-year": "Hà Nội đón khách Huế ngày 2-1",
            "always": "Phục vụ 24/7 suốt tuần",
            "july": "Phục vụ ngày 24/7, cả tuần",
            "merger": "Thương vụ M&A lớn",
            "ghost": "Chuyện ma và thương vụ lớn",
        },
        {
            "quý 1/2024": "quarter month",
            "ngày 2/1": "new-year",
            "phục vụ 24/7": "always",
            "M&A": "merger",
            "thương vụ m&a": "merger",
            "2-1": "score new-year",
            "ngày 24/7": "july",
            "ngày 24 tháng 7": "july",
        },
    ),
    Row(
        "dates",
        {
            "slash": "Nghỉ lễ 30/4 ở Huế",
            "zero": "Nghỉ lễ 30/04 ở Huế",
            "hyphen": "Nghỉ lễ 30-4 ở Huế",
            "point": "Nghỉ lễ 30.4 ở Huế",
            "year": "Nghỉ lễ 30/4/1975 ở Huế",
            "year-hyphen": "Nghỉ lễ 30-4-1975 ở Huế",
            "year-point": "Nghỉ lễ 30.04.1975 ở Huế",
            "words": "Nghỉ lễ 30 tháng 4 ở Huế",
            "words-year": "Nghỉ lễ 30 tháng 4 năm 1975 ở Huế",
            "other-year": "Nghỉ lễ 30/4/2021 ở Huế",
            "other-day": "Nghỉ lễ 30/5, có 4 ngày ở Huế",
            "other-words": "Nghỉ lễ ngày 30, tháng sau còn 4 ngày ở Huế",
        },
        {
            **{
                typed: "slash zero hyphen point year year-hyphen year-point words words-year"
                " other-year"
                for day in ("30/4", "30-4", "30/04", "30 tháng 4", "ngày 30/4", "ngày 30-4")
                for typed in (day, f"nghỉ lễ {day}")
            },
            "lễ 30.4": "slash zero hyphen point year year-hyphen year-point words words-year"
            " other-year",
            "ngày 30 tháng 4": "slash zero hyphen point year year-hyphen year-point words"
            " words-year other-year",
            '"lễ 30/4"': "slash zero hyphen point year year-hyphen year-point words words-year"
            " other-year",
            **dict.fromkeys(
                (
                    *("30/4/1975", "30-4-1975", "30.4.1975", "30/04/1975"),
                    *("30 tháng 4 năm 1975", "ngày 30 tháng 4 năm 1975", "ngày 30-4-1975"),
                    '"lễ 30/4/1975"',
                ),
                "year year-hyphen year-point words-year",
            ),
            '"lễ 30/4 ở Huế"': "slash zero hyphen point year year-hyphen year-point words"
            " other-year",
        },
    ),
    Row(
        "short-names",
        {
            "joined": "Đội tuyển U23 thắng",
            "point": "Đội tuyển U.23 thắng",
            "hyphen": "Đội tuyển U-23 thắng",
            "other": "Đội tuyển U22 thắng 23 trận",
        },
        {
            typed: "joined point hyphen"
            for name in ("U23", "U.23", "U-23", "u.23")
            for typed in (name, f'"{name}"', f'"tuyển {name} thắng"', f"đội tuyển {name}")
        },
    ),
    Row(
        "covid",
        {
            "hyphen": "Dịch Covid-19 lan rộng",
            "joined": "Dịch Covid19 lan rộng",
            "blank": "Dịch Covid 19 lan rộng",
            "tag": "Dịch #covid_19 lan rộng",
        },
        {
            typed: "hyphen joined blank tag"
            for name in ("Covid-19", "covid19", "covid 19")
            for typed in (name, f'"{name}"', f'"dịch {name}"', f'"{name} lan rộng"')
        },
    ),
    Row(
        "initials",
        {
            "points": "Nhà văn J.K. Rowling ra sách",
            "joined": "Nhà văn JK Rowling ra sách",
            "apart": "Nhà văn J. K. Rowling ra sách",
            "ai-points": "Trí tuệ A.I. phát triển",
            "ai": "Trí tuệ AI phát triển",
            "us-points": "Báo U.S. News đưa tin",
            "us": "Báo US News đưa tin",
            "master-point": "Theo Th.S Nguyễn Văn An",
            "master": "Theo ThS Nguyễn Văn An",
        },
        {
            **{
                typed: "points joined apart"
                for name in ("J.K. Rowling", "JK Rowling", "J K Rowling", "j.k. rowling")
                for typed in (name, f'"{name}"')
            },
            "trí tuệ AI": "ai-points ai",
            "trí tuệ A.I.": "ai-points ai",
            '"trí tuệ A.I. phát triển"': "ai-points ai",
            '"U.S. News"': "us-points us",
            "us news": "us-points us",
            "Th.S Nguyễn Văn An": "master-point master",
            '"ThS Nguyễn Văn An"': "master-point master",
        },
    ),
    Row(
        "hcmc",
        {
            "point": "Tin TP.HCM hôm nay",
            "joined": "Tin TPHCM hôm nay",
            "blank": "Tin TP HCM hôm nay",
        },
        {
            typed: "point joined blank"
            for name in ("TP.HCM", "TPHCM", "TP HCM")
            for typed in (name, f'"{name}"', f'"tin {name}"')
        },
    ),
    Row(
        "and",
        {
            "sign": "Hôn nhân & gia đình",
            "word": "Hôn nhân và gia đình",
            "tight": "Hôn nhân&gia đình",
            "bare": "Hon nhan & gia dinh",
            "neither": "Hôn nhân, gia đình",
        },
        {
            "hôn nhân và gia đình": "sign word tight > bare",
            "hôn nhân & gia đình": "sign word tight > bare",
            '"hôn nhân và gia đình"': "sign word tight",
            '"hôn nhân & gia đình"': "sign word tight",
            "hon nhan va gia dinh": "sign word tight bare",
        },
    ),
    Row(
        "ministries",
        {"sign": "Bộ GD&ĐT", "joined": "Bộ GDĐT", "hyphen": "Bộ GD-ĐT", "other": "R&D"},
        {
            typed: "sign joined hyphen"
            for name in ("GD&ĐT", "GD-ĐT", "GDĐT")
            for typed in (name, f"bộ {name}")
        },
    ),
    Row(
        "signs-of-names",
        {
            "vitamin": "Vitamin C rất cần, nhóm A và lưới net",
            "cpp": "Lập trình C++ cho trẻ",
            "csharp": "Lập trình C# cho trẻ",
            "fsharp": "Lập trình F# cho trẻ",
            "net": "Lập trình .NET cho trẻ",
            "plus": "Nhóm máu A+ rất cần",
        },
        {
            "C++": "cpp",
            "c++": "cpp",
            "C#": "csharp",
            "F#": "fsharp",
            ".NET": "net",
            "lập trình .net": "net",
            "A+": "plus",
            '"lập trình C++"': "cpp",
            "vitamin C": "vitamin",
        },
    ),
    Row(
        "hashtags",
        {
            "tag": "Chiến dịch #ViecTuTe lan tỏa",
            "flood": "Ủng hộ #BaoLuMienTrung",
            "small": "Ủng hộ #viectute",
            "words": "Chuyện việc tử tế hôm nay",
            "apart": "Việc làm, tư duy và thể tế",
        },
        {
            "viec tu te": "words tag apart small",
            "#ViecTuTe": "words tag small",
            "#viectute": "tag small",
            "viectute": "tag small",
            '"viec tu te"': "words tag small",
            "bao lu mien trung": "flood",
            "#baolumientrung": "flood",
        },
    ),
    Row(
        "hosts",
        {
            "url": story("Nguồn tin", "Xem https://bao-mau.example/tin/bai.htm hôm nay"),
            "www": story("Nguồn tin", "Xem www.bao-mau.example hôm nay"),
            "host": story("Nguồn tin", "Xem bao-mau.example, hôm nay"),
            "mail": story("Nguồn tin", "Gửi toasoan@bao-mau.example hôm nay"),
            "child": story("Nguồn tin", "Xem thethao.bao-mau.example/bong-da hôm nay"),
            "other": story("Nguồn tin", "Xem https://bao-khac.example/bao-mau hôm nay"),
            "gov": "Nguồn chinhphu.vn cho biết",
            "vietnam": "Việt Nam đăng cai",
        },
        {
            **dict.fromkeys(
                (
                    *("bao-mau.example", "www.bao-mau.example", "https://bao-mau.example/"),
                    *("http://www.bao-mau.example", '"bao-mau.example"', "BAO-MAU.EXAMPLE"),
                ),
                "url www host mail child",
            ),
            "thethao.bao-mau.example": "child",
            "https://bao-mau.example/tin/bai.htm": "url",
            "bao-mau.example/tin/bai.htm": "url",
            "toasoan@bao-mau.example": "mail",
            "việt nam": "vietnam",
            "viet nam": "vietnam",
            "vn": "vietnam",
            "chinhphu.vn": "gov",
            "chinhphu": "gov",
        },
    ),
    Row(
        "laws",
        {
            "law": "Nghị định 15/2020/NĐ-CP có hiệu lực",
            "joined": "Nghị định 15/2020/NĐCP có hiệu lực",
            "later": "Nghị định 115/2020/NĐ-CP có hiệu lực",
            "party": "Nghị quyết 36-NQ/TW có hiệu lực",
            "apart": "Nghị định 15 của năm 2020 do CP ban hành, NĐ có hiệu lực",
        },
        {
            **{
                typed: "law joined"
                for number in (
                    *("15/2020/NĐ-CP", "15/2020/NDCP", "15/2020/nđ-cp", "15/2020/nd-cp"),
                    *("15/2020 NĐ-CP", "15 / 2020 / NĐ-CP", "15/2020/NĐCP"),
                )
                for typed in (number, f"nghị định {number}")
            },
            "nghị định 15/2020": "law joined",
            "36-NQ/TW": "party",
            "36 - NQ/TW": "party",
            "nghị định 16/2020/NĐ-CP": "",
            "nghị định 16/2020/NĐ-CP của chính phủ về việc làm cho người lao động": "",
        },
    ),
    Row(
        "invisible",
        {
            "between": "Giá\u200b xăng\u200bdầu tăng",
            "inside": "Giá x\u200băng d\u00adầu tăng",
            "bidi": "Giá \u202axăng\u202c \u2066dầu\u2069 tăng",
            "hyphen": story("Báo cũ", "Nhà máy liên-\nhợp gang thép được khởi-\ncông."),
            "name": story("Báo cũ", "Tổng thống Oba-\nma tới thăm"),
        },
        {
            "xăng dầu": "between inside bidi",
            '"xăng dầu"': "between inside bidi",
            '"giá xăng dầu tăng"': "between inside bidi",
            "xăng\u200bdầu": "between inside bidi",
            '"liên hợp"': "hyphen",
            '"khởi công"': "hyphen",
            "obama": "name",
        },
    ),
    Row(
        "scripts",
        {
            "tokyo": "Triển lãm ở 東京都",
            "kyoto": "Triển lãm ở 京都",
            "seoul": "Triển lãm ở 서울특별시",
            "thai": "Triển lãm ở กรุงเทพมหานคร",
            "swapped": "Triển lãm 京東",
        },
        {
            "東京": "tokyo",
            "東京都": "tokyo",
            "서울": "seoul",
            "กรุงเทพ": "thai",
            '"東京都"': "tokyo",
        },
    ),
]


@each_row(ROWS)
def test_a_thing_is_found_in_every_house_style(row: Row, tmp_path: Path) -> None:
    with small_index(tmp_path, row.documents) as index:
        wrong = {}
        for query, expected in row.asks.items():
            page = index.search(query)
            found = {hit.id for hit in page.hits if hit.tier == 1}
            if found != set(expected.replace(">", "").split()):
                wrong[query] = sorted(found)
        assert wrong == {}


def test_a_law_that_no_article_has_is_never_taken_apart(tmp_path: Path) -> None:
    documents = {
        "later": "Nghị định 115/2020/NĐ-CP có hiệu lực",
        "later-2": "Nghị định 115/2020/NĐ-CP về viên chức",
        "year": "Nghị định 15/2021/NĐ-CP về xây dựng",
        "other": "Nghị định 38/2020/NĐ-CP có hiệu lực",
        "apart": "Nghị định của CP năm 2020, 15 điều",
    }
    with small_index(tmp_path, documents) as index:
        for query in ("15/2020/NĐ-CP", "nghị định 15/2020/NĐ-CP", "Nghị định 15/2020 NĐ-CP"):
            page = index.search(query)
            assert (page.total, page.relaxed) == (0, False), query
            near = [(offer.kind, offer.text, offer.total) for offer in page.suggestions]
            assert near == [
                ("near_number", query.replace("15/", "115/"), 2),
                ("near_number", query.replace("2020", "2021"), 1),
            ], query
            for offer in page.suggestions:
                assert index.search(offer.text).total == offer.total


def test_typings_of_one_thing_add_nothing_that_has_to_be_named(tmp_path: Path) -> None:
    documents = {"a": "Gọi 0912.345.678", "b": "Gọi 0912 345 678", "c": "Gọi 15/2020/NĐCP"}
    with small_index(tmp_path, documents) as index:
        for query in ("0912345678", "15/2020/NĐ-CP"):
            page = index.search(query)
            assert page.total
            assert page.query.rewrites == ()
