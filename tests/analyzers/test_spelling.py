"""Equal spellings: typed marks, i and y, joined forms, abbreviations."""

from importlib import resources

import pytest

from analyzers import (
    analyze,
    begins_with,
    compatible,
    decode_vni,
    exact_key,
    find_abbreviations,
    fold,
    has_marks,
    is_syllable,
    iy_variants,
    joined_key,
)

# Missing and typed marks


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("ma", "mã"),
        ("má", "má"),
        ("da", "đá"),
        ("đa", "đà"),
        ("đuong", "đường"),
        ("dương", "đường"),
        ("hôi", "hội"),
        ("bò", "bồ"),
        ("núoc", "nước"),
        ("hoa", "hoà"),
        ("resume", "résumé"),
        ("résume", "résumé"),
        ("strauss", "strauß"),
    ],
)
def test_missing_marks_are_free(typed: str, form: str) -> None:
    assert compatible(exact_key(typed), exact_key(form))


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("má", "mà"),
        ("má", "ma"),
        ("đa", "da"),
        ("hội", "hôi"),
        ("hội", "hồi"),
        ("hôi", "hơi"),
        ("nghi", "nghỉa"),
        ("ma", "mang"),
        ("resumé", "résume"),
        ("năng", "nâng"),
        ("tiến", "tiên"),
    ],
)
def test_typed_marks_are_required(typed: str, form: str) -> None:
    assert not compatible(exact_key(typed), exact_key(form))


@pytest.mark.parametrize("exact", ["hội", "đa", "ơ", "ñu", "łódź"])
def test_has_marks(exact: str) -> None:
    assert has_marks(exact)


@pytest.mark.parametrize("exact", ["hoi", "covid19", "3.14", "北京", "", "30/4"])
def test_has_no_marks(exact: str) -> None:
    assert not has_marks(exact)


# Unfinished syllables


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("", "hà"),
        ("v", "việt"),
        ("vie", "việt"),
        ("viê", "việt"),
        ("viêt", "việt"),
        ("việ", "việt"),
        ("vịe", "việt"),
        ("d", "đường"),
        ("đư", "đường"),
        ("đuo", "đường"),
        ("thuỳ", "thuyền"),
        ("hoà", "hoàn"),
        ("hò", "hoàn"),
        ("covid1", "covid19"),
    ],
)
def test_a_syllable_begins_with_its_letters_and_some_of_its_marks(typed: str, form: str) -> None:
    assert begins_with(typed, form)


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("hạ", "hà"),
        ("hà", "hạn"),
        ("ha", "h"),
        ("hn", "hà"),
        ("đ", "dương"),
        ("viế", "việt"),
        ("ve", "việt"),
        ("ô", "ơn"),
        ("ă", "ân"),
        ("thuý", "thuyền"),
    ],
)
def test_other_letters_or_marks_begin_another_syllable(typed: str, form: str) -> None:
    assert not begins_with(typed, form)


@pytest.mark.parametrize("syllable", ["việt", "đường", "thuyền", "hoà", "nghiêng", "quốc"])
def test_every_beginning_of_a_syllable_is_one(syllable: str) -> None:
    for length in range(len(syllable) + 1):
        assert begins_with(syllable[:length], syllable)
        assert begins_with(fold(syllable)[:length], syllable)


# i and y


@pytest.mark.parametrize(
    ("exact", "other"),
    [
        ("kỹ", "kĩ"),
        ("lý", "lí"),
        ("ty", "ti"),
        ("mỹ", "mĩ"),
        ("tỷ", "tỉ"),
        ("sĩ", "sỹ"),
        ("hy", "hi"),
        ("kỷ", "kỉ"),
        ("quy", "qui"),
        ("quý", "quí"),
        ("vĩ", "vỹ"),
        ("kỳ", "kì"),
    ],
)
def test_i_and_y_in_open_syllables(exact: str, other: str) -> None:
    assert iy_variants(exact) == (other,)
    assert iy_variants(other) == (exact,)


@pytest.mark.parametrize(
    "exact",
    ["tai", "tay", "túi", "tuý", "ngày", "ý", "í", "thy", "chỉ", "khuy", "nghi", "kim", "q", ""],
)
def test_i_and_y_that_differ(exact: str) -> None:
    assert iy_variants(exact) == ()


# Joined forms


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("pu-tin", "putin"),
        ("covid 19", "covid19"),
        ("h mông", "hmông"),
        ("oa sinh tơn", "oasinhtơn"),
        ("th úy", "thuý"),
    ],
)
def test_joined_form(text: str, joined: str) -> None:
    assert joined_key(analyze(text)) == joined


@pytest.mark.parametrize(
    "text", ["putin", "20 11", "20/11", "a b c d e", "9h sáng", "3,5 triệu", ""]
)
def test_no_joined_form(text: str) -> None:
    assert joined_key(analyze(text)) is None


# Syllables


@pytest.mark.parametrize(
    "word",
    ["nghiêng", "khuỷu", "ngoằn", "thuở", "huơ", "xoong", "moóc", "quốc", "quý", "gì", "gìn"],
)
def test_well_formed(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize(
    "word",
    [
        "cáfe",
        "viêt",
        "hừc",
        "kạn",
        "cệ",
        "nghành",
        "hòa",
        "đđ",
        "ngườii",
        "tyên",
        "văcxin",
        "đbscl",
        "",
    ],
)
def test_not_well_formed(word: str) -> None:
    assert not is_syllable(word)


# Abbreviations


def expansions(query: str) -> set[str]:
    return {
        " ".join(keys) for match in find_abbreviations(analyze(query)) for keys in match.members
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("TP.HCM", {"thành phố hồ chí minh", "tphcm", "tp hồ chí minh"}),
        ("tphcm", {"tp hcm"}),
        ("thành phố Hồ Chí Minh", {"tp hcm", "tphcm", "tp hồ chí minh"}),
        ("thanh pho ho chi minh", {"tp hcm"}),
        ("UBND", {"uỷ ban nhân dân"}),
        ("ủy ban nhân dân", {"ubnd"}),
        ("hdnd", {"hội đồng nhân dân"}),
        ("T.Ư", {"tw", "tư", "trung ương"}),
        ("BCH", {"ban chấp hành"}),
        ("csgt", {"cảnh sát giao thông"}),
        ("GD&ĐT", {"gdđt", "giáo dục và đào tạo"}),
        ("GDĐT", {"gd đt", "giáo dục và đào tạo"}),
        ("lao động - thương binh và xã hội", {"lđ tb xh", "lđtbxh"}),
        ("ĐBQH", {"đại biểu quốc hội"}),
        ("THPT", {"trung học phổ thông"}),
        ("XHCN", {"xã hội chủ nghĩa"}),
        ("hôi đồng nhan dân", {"hđnd"}),
    ],
)
def test_abbreviations_both_ways(query: str, found: set[str]) -> None:
    assert found <= expansions(query)


@pytest.mark.parametrize(
    "query",
    ["BS", "CA", "HS", "NH", "ĐH", "đầu tư", "từ", "thánh phố", "ủy ban nhận dân", "nhân dân", ""],
)
def test_no_abbreviation(query: str) -> None:
    assert find_abbreviations(analyze(query)) == []


def test_an_abbreviation_inside_a_query() -> None:
    (match,) = find_abbreviations(analyze("ubnd tinh lai chau"))
    assert (match.first, match.last, match.written) == (0, 1, "UBND")
    assert match.members == (("uỷ", "ban", "nhân", "dân"),)
    assert match.spellings == ("ủy ban nhân dân",)


def test_the_longest_form_wins() -> None:
    matches = find_abbreviations(analyze("Ủy ban Mặt trận Tổ quốc TP. Hồ Chí Minh"))
    assert [(match.first, match.last) for match in matches] == [(0, 6), (6, 10)]


def test_a_long_form_does_not_ask_for_an_ordinary_word() -> None:
    assert "tư" not in expansions("trung ương")


def abbreviation_groups() -> list[list[str]]:
    table = resources.files("analyzers").joinpath("data/abbreviations.tsv")
    lines = table.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def test_the_list_is_in_order() -> None:
    groups = abbreviation_groups()
    forms = [tuple(token.exact for token in analyze(form)) for group in groups for form in group]
    assert len(groups) >= 60
    assert all(len(group) >= 2 for group in groups)
    assert all(forms)
    assert len(set(forms)) == len(forms)


def test_a_short_form_is_no_vietnamese_word() -> None:
    short = [form for group in abbreviation_groups() for form in group[1:] if form[0] != "("]
    keys = [tokens[0].folded for tokens in map(analyze, short) if len(tokens) == 1]
    assert len(keys) > 100
    assert [key for key in keys if any(decode_vni(key + tone) for tone in "12345")] == []


@pytest.mark.parametrize("group", abbreviation_groups(), ids=lambda group: str(group[0]))
def test_every_member_finds_the_others(group: list[str]) -> None:
    asking = [form.removeprefix(">") for form in group if not form.startswith("(")]
    found = {form for form in group if form[0] not in "(>"}
    for form in asking:
        (match,) = find_abbreviations(analyze(form))
        assert match.written == form
        assert found - {form} <= set(match.spellings)
        # An old name means the new one, never the other way.
        assert not {old[1:] for old in group if old.startswith(">")} & set(match.spellings)
