"""Abbreviations and their long forms: found both ways, shown, and left alone when asked to."""

from pathlib import Path

import pytest
from small_index import Row, assert_row, each_row, small_index

from analyzers import fold
from index import SearchRequest

ABBREVIATIONS = [
    Row(
        "A5",
        {
            "point": "TP.HCM mưa lớn",
            "space": "TP HCM mưa lớn",
            "one": "TPHCM mưa lớn",
            "half": "TP. Hồ Chí Minh mưa lớn",
            "long": "Thành phố Hồ Chí Minh mưa lớn",
            "man": "Hồ Chí Minh và mùa thu 1945",
            "other": "Thành phố Huế mưa lớn",
        },
        {"TP.HCM": "point space one half long"},
    ),
    Row(
        "A6",
        {
            "short": "UBND xã họp dân",
            "long": "Ủy ban nhân dân xã họp dân",
            "new-placement": "Uỷ ban nhân dân xã họp dân",
            "apart": "Ủy viên ban tổ chức, nhân viên và dân",
        },
        {"UBND": "short long new-placement", "ubnd": "short long new-placement"},
    ),
    Row(
        "A7",
        {"short": "HĐND xã họp", "long": "Hội đồng nhân dân xã họp", "other": "Nhân dân xã họp"},
        {"HĐND": "short long"},
    ),
    Row(
        "A8",
        {
            "points": "Hội nghị T.Ư khai mạc",
            "w": "Hội nghị TW khai mạc",
            "horn": "Hội nghị TƯ khai mạc",
            "long": "Hội nghị trung ương khai mạc",
            "other": "Hội nghị trung du khai mạc",
        },
        {"T.Ư": "points w horn long"},
    ),
    Row(
        "A9",
        {
            "short": "Bầu BCH đoàn xã",
            "long": "Bầu ban chấp hành đoàn xã",
            "other": "Chấp hành luật",
        },
        {"BCH": "short long"},
    ),
    Row(
        "A10",
        {
            "short": "CSGT ra quân",
            "long": "Cảnh sát giao thông ra quân",
            "other": "Giao thông ùn ứ",
        },
        {"CSGT": "short long"},
    ),
    Row(
        "A11",
        {
            "hyphen": "Bộ GD-ĐT đổi đề thi",
            "ampersand": "Bộ GD&ĐT đổi đề thi",
            "one": "Bộ GDĐT đổi đề thi",
            "long": "Bộ Giáo dục và Đào tạo đổi đề thi",
            "other": "Bộ đổi giáo trình thể dục",
        },
        {"GD-ĐT": "hyphen ampersand one long"},
    ),
    Row(
        "A12",
        {"short": "ĐBQH tiếp dân", "long": "Đại biểu Quốc hội tiếp dân", "other": "Quốc hội họp"},
        {"ĐBQH": "short long"},
    ),
    Row(
        "A13",
        {"short": "Thi THPT", "long": "Thi trung học phổ thông", "other": "Thi trung học cơ sở"},
        {"THPT": "short long"},
    ),
    Row(
        "A14",
        {"short": "Nước XHCN", "long": "Nước xã hội chủ nghĩa", "other": "Nước dân chủ"},
        {"XHCN": "short long"},
    ),
    Row(
        "A15",
        {"short": "BS Hùng về làng", "doctor": "Bác sĩ Hùng về làng", "plate": "Biển số Hùng chọn"},
        {"BS": "short"},
    ),
    Row(
        "A16",
        {
            "short": "UBND tỉnh Lai Châu họp dân",
            "long": "Ủy ban nhân dân tỉnh Lai Châu họp dân",
            "apart": "UBND xã họp về tỉnh lộ, lúa lai, châu chấu",
            "other": "UBND tỉnh Lào Cai họp dân",
        },
        {"ubnd tinh lai chau": "short long > apart"},
    ),
    Row(
        "A17",
        {"short": "UBND xã họp dân", "long": "Ủy ban nhân dân xã họp dân"},
        {'"UBND"': "short", "“UBND”": "short"},
    ),
]


@each_row(ABBREVIATIONS)
def test_abbreviations(row: Row, tmp_path: Path) -> None:
    assert_row(row, tmp_path)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        pytest.param(short, long, id=f"V11-{fold(short)}")
        for short, long in [
            ("TP.HCM", "Thành phố Hồ Chí Minh"),
            ("TPHCM", "Thành phố Hồ Chí Minh"),
            ("UBND", "Ủy ban nhân dân"),
            ("HĐND", "Hội đồng nhân dân"),
            ("CSGT", "Cảnh sát giao thông"),
            ("BHXH", "Bảo hiểm xã hội"),
            ("THPT", "Trung học phổ thông"),
            ("ĐBSCL", "Đồng bằng sông Cửu Long"),
            ("NHNN", "Ngân hàng Nhà nước"),
            ("GDP", "Tổng sản phẩm quốc nội"),
        ]
    ],
)
def test_both_forms_find_both(tmp_path: Path, short: str, long: str) -> None:
    documents = {"short": f"{short} sáng nay", "long": f"{long} sáng nay", "other": "Sáng nay mưa"}
    with small_index(tmp_path, documents) as index:
        assert index.names(short) == index.names(short.lower()) == {"short", "long"}
        assert index.names(long) == index.names(long.lower()) == {"short", "long"}


@pytest.mark.parametrize("row", ["V11"])
def test_an_expansion_is_shown_and_can_be_left_out(tmp_path: Path, row: str) -> None:
    documents = {"short": "TPHCM mưa lớn", "long": "Thành phố Hồ Chí Minh mưa lớn"}
    with small_index(tmp_path, documents) as index:
        page = index.search("tphcm mưa")
        assert {hit.id for hit in page.hits} == {"short", "long"}
        (rewrite,) = page.query.rewrites
        assert (rewrite.kind, rewrite.source.lower()) == ("abbreviation", "tphcm")
        assert rewrite.target == "thành phố Hồ Chí Minh"

        plain = index.search(SearchRequest(query="tphcm mưa", expand=False))
        assert [(hit.id, hit.tier) for hit in plain.hits] == [("short", 1), ("long", 3)]
        assert plain.query.rewrites == ()


@pytest.mark.parametrize("row", ["A15", "A17"])
def test_what_does_not_expand_shows_no_rewrite(tmp_path: Path, row: str) -> None:
    query = {"A15": "BS", "A17": '"UBND"'}[row]
    with small_index(tmp_path, {"both": "UBND xã đón BS Hùng"}) as index:
        page = index.search(query)
        assert page.total == 1
        assert page.query.rewrites == ()


@pytest.mark.parametrize("row", ["V11-old-name"])
def test_an_old_name_finds_the_new_one_but_not_the_other_way(tmp_path: Path, row: str) -> None:
    documents = {"old": "Sài Gòn mưa lớn", "new": "TP.HCM mưa lớn"}
    with small_index(tmp_path, documents) as index:
        assert index.names("Sài Gòn") == {"old", "new"}
        assert index.names("TP.HCM") == {"new"}
        assert [item.source for item in index.search("Sài Gòn").query.rewrites] == ["Sài Gòn"]
