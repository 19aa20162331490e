"""Syntax errors of queries, in words."""

from dataclasses import dataclass, replace
from typing import Final

from index import QueryError, QueryMode

from ..text.i18n import translate
from ..text.wording import later
from .params import SearchParams
from .urls import search_path

__all__ = ["QueryProblem", "query_problem"]

_SYNTAX_PROBLEM: Final = later("Câu tìm chưa đúng ở vị trí %(position)s: %(what)s.")
_SYNTAX_TEXTS: Final = {
    "unclosed-group": later("thiếu dấu ngoặc đóng"),
    "unexpected-close": later("thừa dấu ngoặc đóng"),
    "empty-group": later("trong ngoặc không có gì"),
    "unclosed-quote": later("thiếu dấu ngoặc kép đóng"),
    "missing-operand": later("thiếu từ"),
    "leading-wildcard": later("dấu * chỉ đứng được ở cuối từ"),
    "too-deep": later("quá nhiều ngoặc lồng nhau"),
    "bad-date": later("ngày không có thật"),
    "date-order": later("ngày đầu sau ngày cuối"),
}


@dataclass(frozen=True, slots=True)
class QueryProblem:
    """A syntax error for people: `position` is 1-based, `plain_href` searches without syntax."""

    code: str
    position: int
    what: str
    plain_href: str

    def worded(self) -> str:
        """The sentence in the reader's language."""
        return translate(_SYNTAX_PROBLEM, position=self.position, what=translate(self.what))


def query_problem(error: QueryError, params: SearchParams) -> QueryProblem:
    """What a reader can do about a syntax error."""
    what = _SYNTAX_TEXTS.get(error.code, later("không hiểu được"))
    plain = replace(params, mode=QueryMode.SIMPLE, page=1)
    return QueryProblem(error.code, error.position + 1, what, search_path(plain))
