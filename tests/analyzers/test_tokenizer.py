"""Pieces, tokens, offsets and positions."""

import unicodedata

import pytest
from helpers import assert_analyzes_to, assert_sound, terms_of

from analyzers import TokenKind, analyze, expand_piece, index_tokens, raw_pieces


def joined_terms(text: str) -> list[str]:
    return [token.exact for token in index_tokens(text) if token.kind is TokenKind.JOINED]


def kinds_of(text: str) -> list[TokenKind]:
    return [token.kind for token in analyze(text)]


# Offsets


def test_offsets_count_code_points_of_the_original() -> None:
    assert_analyzes_to(
        "Đội tuyển 🇻🇳 thắng",
        ["đội", "tuyển", "thắng"],
        starts=[0, 4, 13],
        ends=[3, 9, 18],
        positions=[0, 1, 2],
    )


def test_decomposed_text_is_marked_with_its_marks() -> None:
    text = unicodedata.normalize("NFD", "Tiếng Việt")
    assert_analyzes_to(text, ["tiếng", "việt"], starts=[0, 8], ends=[7, 14])


@pytest.mark.parametrize("gap", ["\r\n", "\t", "  ", "\u00a0", "\n\n \n"], ids=ascii)
def test_white_space_does_not_shift_offsets(gap: str) -> None:
    second = len("Đại hội") + len(gap)
    assert_analyzes_to(
        f"Đại hội{gap}Đảng bộ",
        ["đại", "hội", "đảng", "bộ"],
        starts=[0, 4, second, second + 5],
        ends=[3, 7, second + 4, second + 7],
    )


def test_a_zero_width_space_at_the_end_is_not_part_of_the_word() -> None:
    assert_analyzes_to("Quốc\u200b hội", ["quốc", "hội"], starts=[0, 6], ends=[4, 9])


def test_parts_of_a_compound_have_their_own_offsets() -> None:
    assert_analyzes_to("Oa-sinh-tơn", ["oa", "sinh", "tơn"], starts=[0, 3, 8], ends=[2, 7, 11])


# Numbers, dates, times


def test_a_date_stands_on_the_position_of_its_first_part() -> None:
    assert_analyzes_to(
        "Ngày 20/11/2014 họp",
        ["ngày", "2014-11-20", "20", "11", "2014", "họp"],
        starts=[0, 5, 5, 8, 11, 16],
        ends=[4, 15, 7, 10, 15, 19],
        positions=[0, 1, 1, 2, 3, 4],
    )
    date, number = TokenKind.DATE, TokenKind.NUMBER
    assert kinds_of("20/11/2014") == [date, number, number, number]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("2014-11-20", "2014-11-20 2014 11 20"),
        ("29/2/2024", "2024-02-29 29 2 2024"),
        ("20-25/11/2014", "20 2014-11-25 25 11 2014"),
        ("30/4-1/5", "30/4 30 4 1/5 1 5"),
        ("(30/4)", "30/4 30 4"),
    ],
)
def test_dates(text: str, terms: str) -> None:
    assert_analyzes_to(text, terms.split())


@pytest.mark.parametrize(
    "text",
    [
        "31/4",
        "0/5",
        "13/2014",
        "32/1/2014",
        "1/13/2014",
        "1/5000",
        "20/11/14",
        "1/2/3",
        "31-4-2014",
    ],
)
def test_no_dates(text: str) -> None:
    assert TokenKind.DATE not in kinds_of(text)


def test_the_number_of_a_law_is_no_date() -> None:
    assert_analyzes_to("Nghị định 09/2014/NĐ-CP", ["nghị", "định", "9", "2014", "nđ", "cp"])


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("50.000đ", "50000 đ"),
        ("1.200m2", "1200 m2"),
        ("2,5ha", "2.5 ha"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("2,100 km", "2.100 km"),
        ("1,2,3", "1 2 3"),
        ("192.168.1.1", "192.168.1.1"),
        ("1½ giờ", "1.5 giờ"),
        ("⅓", "0.3333"),
        ("km² m³ CO₂", "km2 m3 co2"),
        ("10²", "10²"),
        ("37ºC", "37 c"),
        ("１０", "10"),
        ("tháng 09", "tháng 9"),
        ("0912345678", "0912345678"),
        ("007", "007"),
        ("2:1", "2 1"),
        ("40/50/60", "40 50 60"),
    ],
)
def test_numbers(text: str, terms: str) -> None:
    assert_analyzes_to(text, terms.split())


@pytest.mark.parametrize(
    ("text", "terms"),
    [("7h-9h", "7h 9h"), ("14g30", "14h30"), ("8:00-10:30", "8h00 10h30"), ("07H05", "7h05")],
)
def test_times(text: str, terms: str) -> None:
    assert_analyzes_to(text, terms.split())
    assert set(kinds_of(text)) == {TokenKind.TIME}


@pytest.mark.parametrize("text", ["25h", "14:75", "5g", "99:10", "100h"])
def test_no_times(text: str) -> None:
    assert TokenKind.TIME not in kinds_of(text)


# Addresses


@pytest.mark.parametrize(
    "address", ["https://a.vn/b?c=d#e", "HTTP://A.VN", "www.vov.vn", "ftp://x.vn/tin-bài.pdf"]
)
@pytest.mark.parametrize("after", ["", ".", ", ", ")", "…", "”", "?!"])
def test_a_url_ends_before_closing_punctuation(address: str, after: str) -> None:
    tokens = analyze(f"({address}{after}")
    assert [(token.exact, token.kind) for token in tokens] == [(address.lower(), TokenKind.URL)]


def test_an_email_address_is_one_token() -> None:
    assert_analyzes_to("Gửi a.b+c@bao-x.com.vn.", ["gửi", "a.b+c@bao-x.com.vn"])
    assert kinds_of("a@b.vn") == [TokenKind.EMAIL]


def test_what_only_looks_like_an_address() -> None:
    assert_analyzes_to("a@b http:// www. @vov", ["a", "b", "http", "www", "vov"])


# Joined forms


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Pu-tin", "putin"),
        ("COVID-19", "covid19"),
        ("H’Mông", "hmông"),
        ("H'Mông", "hmông"),
        ("Hʼmông", "hmông"),
        ("Mát-xcơ-va", "mátxcơva"),
        ("Su-30MK2", "su30mk2"),
        ("Cam\u2011pu\u2011chia", "campuchia"),
    ],
)
def test_joined_form(text: str, joined: str) -> None:
    assert joined_terms(text) == [joined]
    assert joined not in terms_of(text)
    first = index_tokens(text)[0]
    assert (first.exact, first.start, first.end, first.position) == (joined, 0, len(text), 0)


@pytest.mark.parametrize(
    "text",
    [
        "2014-2015",
        "7h-9h",
        "anh/chị",
        "TP.HCM",
        "50.000đ",
        "a-b-c-d-e",
        "nghiêng-nghiêng-nghiêng-nghiêng",
        "3,5-4,5",
    ],
)
def test_no_joined_form(text: str) -> None:
    assert joined_terms(text) == []
    assert index_tokens(text) == analyze(text)


def test_joined_forms_take_no_position() -> None:
    tokens = index_tokens("Ông Pu-tin thăm Oa-sinh-tơn")
    assert [(token.exact, token.position) for token in tokens] == [
        ("ông", 0),
        ("putin", 1),
        ("pu", 1),
        ("tin", 2),
        ("thăm", 3),
        ("oasinhtơn", 4),
        ("oa", 4),
        ("sinh", 5),
        ("tơn", 6),
    ]
    assert [token.folded for token in tokens if token.position == 4] == ["oasinhton", "oa"]


# Pieces


def test_raw_pieces_hold_the_punctuation() -> None:
    assert raw_pieces("“Quốc hội”, TP.HCM… a_b\t20%") == [
        *("“", "Quốc", "hội", "”", ",", "TP", ".", "HCM", "…", "a", "_", "b", "20", "%"),
    ]


def test_what_nobody_sees_is_no_piece() -> None:
    assert raw_pieces(" \u200b\u00ad\ufeff\x00\x1f\u0301\ud800") == []


@pytest.mark.parametrize("mark", [".", "_", "º", "\u02bc", "🇻", "₫"])
def test_punctuation_has_no_tokens(mark: str) -> None:
    assert raw_pieces(mark) == [mark]
    assert expand_piece(mark).tokens == ()
    assert expand_piece(mark).width == 0


def test_the_width_of_a_piece_counts_its_positions() -> None:
    assert [expand_piece(raw).width for raw in ("hội", "20/11/2014", "Pu-tin", "a@b.vn")] == [
        1,
        3,
        2,
        1,
    ]


def test_sound_on_a_mixed_text() -> None:
    text = "TP.HCM, 14h30 ngày 01-05-1975: “COVID-19” (https://a.vn/x.) – 1.000.000 đồng/người\r\n"
    assert_sound(text, analyze(text))
