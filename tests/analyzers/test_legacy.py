"""Legacy encodings, by the rows of section L of the analysis specification."""

import string
from collections.abc import Sequence
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from legacy_texts import ARTICLE, NOT_ASCII, encoded

from analyzers import (
    LegacyEncoding,
    LegacyFields,
    LegacyText,
    exact_key,
    repair_fields,
    repair_legacy,
)
from analyzers.legacy_decoders import decode

CONGRESS = "Đại hội Đảng bộ tỉnh Lai Châu"
VISCII_CONGRESS = "ÐÕi hµi Ðäng bµ tïnh Lai Châu"
VPS_CONGRESS = "ñåi h¶i ñäng b¶ tÌnh Lai Châu"
TOLD: Sequence[LegacyEncoding] = ("tcvn3", "vni", "viscii", "cp1258", "mojibake", "viqr")

# What each row looks like, what it is, and what it says.
ROWS: Sequence[tuple[str, str, LegacyEncoding, str]] = (
    ("L1", "§¹i héi §¶ng bé tØnh Lai Ch©u", "tcvn3", CONGRESS),
    ("L1-soft-hyphen", "Thñ t\xad\xedng nhµ n\xad\xedc", "tcvn3", "Thủ tướng nhà nước"),
    ("L2", "Ñaïi hoäi Ñaûng boä tænh Lai Chaâu", "vni", CONGRESS),
    ("L2-longest-first", "thöôùc ngöôøi ñöôïc", "vni", "thước người được"),
    ("L5", "Côòng hoÌa taòi ðâìt Viêòt", "cp1258", "Cộng hòa tại đất Việt"),
    ("L6", "Ä\x90áº¡i há»\x99i", "mojibake", "Đại hội"),
    ("L6-windows", "Æ°u tiÃªn há»™i Ä‘áº£ng bá»™", "mojibake", "ưu tiên hội đảng bộ"),
    ("L7", "CÉNG HßA X· HéI", "tcvn3", "cộng hòa xã hội"),
    ("L8", "Tie^'ng Vie^.t", "viqr", "Tiếng Việt"),
    ("L8-horns", "DDu+o+`ng lo^. mu+a to.", "viqr", "Đường lộ mưa to."),
)
UNCHANGED = {
    "L9": "Señor Muñoz, Müller, 20 ¥",
    "english": "The café’s naïve façade cost £20 – a 5 × 7 m résumé of 30° heat, ½ of it «new».",
    "french": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Où est-ce "
    "qu’on va, là où l’été dure ? Ils sont doués de raison et doivent agir dans un esprit de "
    "fraternité ; à Noël, l’âme naïve, le maïs et l’août.",
    "spanish": "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados "
    "como están de razón y conciencia, deben comportarse los unos con los otros: ¿qué año, niño?",
    "german": "Alle Menschen sind frei und gleich an Würde und Rechten geboren; größere Städte "
    "müssen schöne Straßen für Fußgänger öffnen.",
    "czech": "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv.",
    "swedish": "Alla människor är födda fria och lika i värde och rättigheter, så på en ö.",
    "portuguese": "Todos os seres humanos nascem livres; são dotados de razão e de consciência.",
    "icelandic": "Hver maður er borinn frjáls og jafn öðrum að virðingu og réttindum.",
    "ascii-table": "+----+----+\n| a^ | e^ |\n+----+----+\n| 10 | 2. |\n+----+----+",
    "formula": "f(x) = a^2 + e^x - o^3; int* p = &a[i]; do. re^al",
    "U17": "Quốc h\xadội họp về ng\xadân sách và giá điện",
    "U18": "H\xada\u0300 No\u0323\u0302i mu\u031ba to va\u0300 gia\u0301 \xadle\u0300n",
    "L10": "\n".join(ARTICLE),
    "L10-signs": "Giá «vàng» tăng 0,5° · 20 m² ½ giờ ® © £ ¥ hơn 3 × 4",
    "L10-latin-1-letters": "Công an cùng hàng trăm nhà báo, bác sĩ, cô giáo và phó giám đốc",
    "L10-old-d": "Ðại hội Ðảng bộ tỉnh Lai Châu; Ðông Hà, Ðà Lạt",
    "empty": "",
}


@pytest.mark.parametrize(
    ("raw", "encoding", "text"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_row_is_converted(raw: str, encoding: LegacyEncoding, text: str) -> None:
    assert repair_legacy(raw) == LegacyText(text, encoding)
    assert repair_legacy(text) is None


@pytest.mark.parametrize("text", UNCHANGED.values(), ids=UNCHANGED)
def test_row_stays_as_it_is(text: str) -> None:
    assert repair_legacy(text) is None


@pytest.mark.parametrize("encoding", TOLD, ids=lambda encoding: f"article-in-{encoding}")
def test_every_encoding_is_told_from_the_others(encoding: LegacyEncoding) -> None:
    article = "\n".join(ARTICLE)
    found = repair_legacy(encoded(article, encoding))
    assert found is not None
    assert found.encoding == encoding
    assert found.text.lower() == article.lower()  # TCVN3 does not keep all capitals
    assert not found.needs_review


@pytest.mark.parametrize("row", ["L3"])
def test_viscii_is_converted_in_a_document_and_where_the_source_says_so(row: str) -> None:
    document = "\n".join((VISCII_CONGRESS, *(encoded(line, "viscii") for line in ARTICLE)))
    found = repair_legacy(document)
    assert found is not None
    assert found.encoding == "viscii"
    assert found.text.split("\n")[0] == CONGRESS
    assert repair_legacy(VISCII_CONGRESS, "viscii") == LegacyText(CONGRESS, "viscii")


def test_l3_letters_in_control_codes_are_kept() -> None:
    assert encoded("Ẳ Ẵ Ẫ Ỷ Ỹ Ỵ Ạ Ộ Ế Ầ", "viscii") == (
        "\x02 \x05 \x06 \x14 \x19 \x1e \x80 \x93 \x8a \x85"
    )
    text = "QUẢN LÝ ĐẤT ĐẦU NĂM Ở XÃ KỸ PHÚ\n" + "\n".join(ARTICLE)
    found = repair_legacy(encoded(text, "viscii"))
    assert found == LegacyText(text, "viscii")


@pytest.mark.parametrize("row", ["L4"])
def test_vps_is_told_by_a_whole_text_and_read_where_the_source_says_so(row: str) -> None:
    assert repair_legacy(VPS_CONGRESS) == LegacyText(VPS_CONGRESS, "vps", needs_review=True)
    article = "\n".join(ARTICLE)
    assert repair_legacy(encoded(article, "vps")) == LegacyText(article, "vps")
    assert repair_legacy(VPS_CONGRESS, "vps") == LegacyText(CONGRESS, "vps")


def test_l5_what_pythons_codec_gives_is_unicode() -> None:
    text = b"C\xf4\xf2ng".decode("cp1258")
    assert text == "Cô\u0323ng"
    assert repair_legacy(text) is None
    assert exact_key(text) == "cộng"


def test_l7_only_what_was_set_in_capitals_loses_them() -> None:
    found = repair_legacy("UBND TØNH Lai Ch©u häp víi §KV§ vµ HTX CHÌ §«ng L©m")
    assert found is not None
    assert found.text == "UBND tỉnh Lai Châu họp với ĐKVĐ và HTX chè Đông Lâm"


def test_l8_full_stops_and_question_marks_are_told_from_tones() -> None:
    raw = "Ho^m nay tro+`i mu+a. Tha^.t ra la` mo+. i't... Chu? Ha? dda^u? Chu+a?"
    assert decode(raw, "viqr") == "Hôm nay trời mưa. Thật ra là mợ ít... Chủ Hả đâu? Chưa?"


@pytest.mark.parametrize(
    "caption",
    ["ÐÕi hµi Ðäng bµ tïnh", encoded("Người dân chờ nhận gạo", "viscii")],
    ids=["L11-congress", "L11-rice"],
)
def test_l11_short_viscii_is_left_alone_and_flagged(caption: str) -> None:
    assert repair_legacy(caption) == LegacyText(caption, "viscii", needs_review=True)


@pytest.mark.parametrize("letter", NOT_ASCII)
@pytest.mark.parametrize("encoding", ["vni", "viscii", "vps", "cp1258", "mojibake", "viqr"])
def test_every_letter_comes_back(letter: str, encoding: LegacyEncoding) -> None:
    # At the end of a line VIQR has "." and "?" for what they are.
    assert decode(f"{encoded(letter, encoding)}n", encoding) == f"{letter}n"


def test_every_letter_that_tcvn3_has_comes_back() -> None:
    letters = [letter for letter in NOT_ASCII if letter.islower() or letter in "ĂÂĐÊÔƠƯ"]
    for letter in letters:
        assert decode(f"x{encoded(letter, 'tcvn3')}", "tcvn3") == f"x{letter}"


def test_one_verdict_holds_for_all_fields_and_unicode_fields_stay() -> None:
    title, *body = (encoded(line, "tcvn3") for line in ARTICLE)
    fields = (title, "Báo Sông Hồng", "hành chính", "Nhân Dân", *body, "bé", "x· héi", "UBND", "")
    found = repair_fields(fields)
    assert found is not None
    assert found.encoding == "tcvn3"
    assert found.texts[0] == ARTICLE[0]
    assert found.texts[1:4] == fields[1:4]
    assert found.texts[-4:] == ("bộ", "xã hội", "UBND", "")


def test_fields_too_short_to_tell_are_returned_as_they_were() -> None:
    fields = (encoded("Đại hội Đảng bộ tỉnh", "viscii"), "Lai Chau")
    assert repair_fields(fields) == LegacyFields(fields, "viscii", needs_review=True)


def test_an_unknown_encoding_is_an_error() -> None:
    with pytest.raises(ValueError, match="vietware"):
        repair_legacy("x", "vietware")  # type: ignore[arg-type] # what a caller may still do


def test_no_word_list_of_another_language_is_converted() -> None:
    lists = list((resources.files("justext") / "stoplists").iterdir())
    assert len(lists) > 90
    for words in lists:
        text = words.read_text(encoding="utf-8")
        assert repair_legacy(text) is None, words.name
        assert repair_legacy(" ".join(text.split())) is None, words.name


@given(st.text(max_size=300))
def test_any_text_is_read_and_ascii_without_signs_is_left_alone(text: str) -> None:
    found = repair_legacy(text)
    assert found is None or found.needs_review == (found.text == text)
    assert repair_legacy(text.encode("ascii", "ignore").decode().replace("^", "")) is None


@given(st.text(alphabet=st.characters(max_codepoint=0xFF), max_size=200))
def test_latin_1_noise_is_decoded_by_every_decoder(text: str) -> None:
    for encoding in (*TOLD, "vps"):
        assert isinstance(decode(text, encoding), str)


@given(st.text(alphabet=string.ascii_letters + "^(+*'`?~.\\ \n", max_size=200))
def test_viqr_keeps_the_words_apart(text: str) -> None:
    assert len(decode(text, "viqr").split("\n")) == len(text.split("\n"))
