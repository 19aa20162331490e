"""Queries pasted from legacy text, and the many that only look odd (product row V8)."""

import pytest
from legacy_texts import ARTICLE, encoded

from analyzers import LegacyEncoding, LegacyText, repair_query

PASTED: tuple[tuple[str, LegacyEncoding, str], ...] = (
    ("Céng hßa X· héi", "tcvn3", "Cộng hòa Xã hội"),
    ("CÉNG HßA X· HéI", "tcvn3", "cộng hòa xã hội"),
    ("Thñ t\xad\xedng", "tcvn3", "Thủ tướng"),
    ("§«ng L©m", "tcvn3", "Đông Lâm"),
    ("hµ néi", "tcvn3", "hà nội"),
    ("Céng hßa", "tcvn3", "Cộng hòa"),
    ("kinh tÕ", "tcvn3", "kinh tế"),
    ("nhµ", "tcvn3", "nhà"),
    ('"c«ng bè" UBND x· 2014', "tcvn3", '"công bố" UBND xã 2014'),
    ("hoäi nghò Quaûng Nam", "vni", "hội nghị Quảng Nam"),
    ("Hoäi An", "vni", "Hội An"),
    ("Ñaø Naüng", "vni", "Đà Nẵng"),
    ("coâng an", "vni", "công an"),
    ("Ä\x90Ã\xa0 Náºµng", "mojibake", "Đà Nẵng"),
    ("cÃ´ng an", "mojibake", "công an"),
    ("HÃ\xa0 Ná»™i", "mojibake", "Hà Nội"),
)

# Typed as they are meant: nothing in them may change.
MEANT = (
    *("Hà Nội", "công an", "cong an ha noi", "bé hòa", "cùng hàng trăm nhà", "giá xăng 20°", ""),
    *(
        "Ðà Nẵng",
        "so\u0302ng Ho\u0302\u0300ng",
        "Quốc h\xadội",
        "hà\xa0tĩnh",
        "H\xada\u0300 No\u0323\u0302i",
        "tác-giả:Lâm -mưa",
    ),
    *("café", "Beyoncé", "Pelé", "Mbappé", "Müller", "Señor Muñoz", "São Paulo", "Özil", "Malmö"),
    *("Citroën", "Hanoï", "Saïgon", "thaï", "boxe thaï", "là où", "où", "hué", "Noël", "maïs"),
    *(
        "El Niño",
        "año nuevo",
        "Zürich",
        "Köln",
        "Straße",
        "Maß",
        "naß und heiß",
        "français",
        "Côte d'Ivoire",
        "coût",
    ),
    *("Łódź", "Beneš", "Đoković", "Erdoğan", "Øresund", "Ångström", "på en ö", "smørrebrød"),
    *("½ giá", "20 ¥", "5 × 7", "«vàng»", "© 2014", "x^2 + y^2", "Tie^'ng Vie^.t", "C++", "?."),
)


@pytest.mark.parametrize(("pasted", "encoding", "text"), PASTED, ids=[row[2] for row in PASTED])
def test_pasted_query_is_converted(pasted: str, encoding: LegacyEncoding, text: str) -> None:
    assert repair_query(pasted) == LegacyText(text, encoding)


@pytest.mark.parametrize("query", MEANT)
def test_query_that_is_meant_so_stays(query: str) -> None:
    assert repair_query(query) is None


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "mojibake"])
def test_pasted_sentence_may_hold_foreign_names(encoding: LegacyEncoding) -> None:
    sentence = f"{ARTICLE[0]} cùng Kofi Annan và Microsoft"
    found = repair_query(encoded(sentence, encoding))
    assert found == LegacyText(sentence, encoding)


def test_what_two_encodings_read_as_vietnamese_is_left_alone() -> None:
    assert repair_query("thuû") is None  # thuỷ in TCVN3, thủ in VNI
    assert repair_query("ca\xeb") is None


def test_no_headline_of_the_article_is_taken_for_another_encoding() -> None:
    for line in ARTICLE:
        words = line.split()
        for size in (1, 2, 3, 4):
            for at in range(len(words) - size + 1):
                assert repair_query(" ".join(words[at : at + size])) is None
