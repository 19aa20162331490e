"""How to search, with examples that run on this archive."""

from dataclasses import dataclass
from typing import Final

from index import AccentMode, SearchEngine, SearchRequest

from ...query.params import SearchParams
from ...query.urls import search_path
from ...text.i18n import number_text, translate
from ...text.messages import N_

__all__ = ["EXAMPLES", "Example", "HelpTopic", "help_view"]

_AUTO: Final = AccentMode.AUTO
#: Titles and explanations with examples: a query, and how its accents are read.
EXAMPLES: Final = (
    (
        N_("Gõ có dấu hoặc không dấu"),
        N_(
            "Gõ không dấu thì tìm mọi cách bỏ dấu. Dấu nào bạn gõ thì tin phải có dấu đó: "
            "“đuong” tìm “đường” và “đương”, không tìm “dương”."
        ),
        (("ha noi", _AUTO), ("hà nội", _AUTO), ("đuong", _AUTO)),
    ),
    (
        N_("Chỉ tìm đúng dấu"),
        N_("Chọn “Đúng dấu” khi chỉ cần từ viết y như đã gõ."),
        (("lũ", AccentMode.EXACT),),
    ),
    (
        N_("Nguyên một cụm từ"),
        N_("Đặt trong ngoặc kép: các từ phải đứng liền nhau, đúng thứ tự."),
        (('"hà nội"', _AUTO), ('"công an"', _AUTO)),
    ),
    (
        N_("Bớt hoặc thêm lựa chọn"),
        N_(
            "Dấu trừ loại tin có từ đó. Viết hoa OR (hoặc HOẶC) để tìm tin có ít nhất một từ. "
            "Dấu * thay cho phần cuối của từ."
        ),
        (("hà nội -mưa", _AUTO), ("lũ OR bão", _AUTO), ("ngh*", _AUTO)),
    ),
    (
        N_("Tìm trong một phần của tin"),
        N_("Thêm “tieude:” trước từ để chỉ tìm trong tiêu đề."),
        (("tieude:hà", _AUTO),),
    ),
    (
        N_("Viết tắt và cách viết khác"),
        N_(
            "Viết tắt quen thuộc được hiểu cả hai chiều; “hòa” và “hoà”, “bác sĩ” và “bác sỹ” "
            "là như nhau. Mỗi cách mở rộng hiện thành một nhãn để bạn bỏ đi."
        ),
        (("TP.HCM", _AUTO), ("bác sỹ", _AUTO)),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A search that runs when it is chosen, and how many hits it has now."""

    query: str
    count: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpTopic:
    """A way to search."""

    title: str
    text: str
    examples: tuple[Example, ...]


def help_view(engine: SearchEngine) -> tuple[HelpTopic, ...]:
    """Every topic with its examples."""
    return tuple(
        HelpTopic(
            title=translate(title),
            text=translate(text),
            examples=tuple(_example(engine, query, accents) for query, accents in examples),
        )
        for title, text, examples in EXAMPLES
    )


def _example(engine: SearchEngine, query: str, accents: AccentMode) -> Example:
    total = engine.search(SearchRequest(query=query, accents=accents, limit=0, collapse=True)).total
    href = search_path(SearchParams(query=query, accents=accents))
    return Example(query=query, count=number_text(total), href=href)
