"""Vietnamese alphabetical order, as ICU has it."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from small_index import small_index

from index import SearchRequest, SortOrder, collation_key

SYLLABLES = [
    *("ma", "mà", "mả", "mã", "má", "mạ", "mă", "mằ", "mâ", "mấ"),
    *("mo", "mô", "mơ", "mu", "mư"),
]
NAMES = [
    *("An Giang", "Ăn", "Âu", "Bà Rịa", "Bắc Ninh", "Bình Dương", "Da Lat", "Dương", "Đà Nẵng"),
    *("Đồng Nai", "Hà Nội", "Oanh", "Ô tô", "Ơn", "Tả", "Tã", "Tái", "Tại", "Tàu", "Thế giới"),
    *("Ủy ban", "Ưng Hoàng Phúc", "Xã hội", "Ý kiến", "Y tế"),
]
LETTERS = list("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")


@pytest.mark.parametrize(
    "ordered", [SYLLABLES, NAMES, LETTERS], ids=["D11-syllables", "D11-names", "D11-letters"]
)
def test_lists_sort_as_in_vietnamese(ordered: Sequence[str]) -> None:
    assert sorted([*ordered[1::2], *ordered[::2]], key=collation_key) == ordered


@pytest.mark.parametrize("row", ["D11"])
def test_headlines_sort_as_in_vietnamese(tmp_path: Path, row: str) -> None:
    backwards = {f"n{number}": name for number, name in enumerate(NAMES[::-1])}
    with small_index(tmp_path, backwards) as index:
        page = index.search(SearchRequest(sort=SortOrder.TITLE, limit=len(NAMES)))
    assert [hit.article.headline for hit in page.hits] == NAMES
