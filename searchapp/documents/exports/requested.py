"""Query parameters → what is to be exported and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from index import MAX_RESULT_DEPTH

from ...query.parameter_reader import ParameterProblem, read_params
from ...query.params import DEFAULT_PER_PAGE, SearchParams
from ...query.urls import LARGEST_EXPORT_PAGE
from ...text.wording import Text, text
from .csv_table import CsvOptions

__all__ = ["RequestedExport", "read_export"]

_PAGING: Final = ("page", "per_page")
_OWN: Final = (*_PAGING, "bom", "delimiter")
# A feed reader or a link checker may add a parameter of its own.
_FORGIVEN: Final = frozenset({"unknown-parameter", "repeated-parameter"})
_NUMBER_DIGITS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedExport:
    """A search without marks; `paged` tells whether a certain page of it was asked for."""

    params: SearchParams
    csv: CsvOptions
    paged: bool
    problems: tuple[ParameterProblem, ...]


def read_export(values: Mapping[str, Sequence[str]]) -> RequestedExport:
    """Read a query string that was split into the values of each parameter.

    The parameters of a search, but for `per_page`, which goes from 1 to 500, and for CSV `bom`
    (0 or 1) and `delimiter` (comma or semicolon).
    """
    searched = {name: texts for name, texts in values.items() if name not in _OWN}
    own = {name: texts[-1].strip() for name, texts in values.items() if name in _OWN and texts}
    read = read_params(searched)
    problems = [problem for problem in read.problems if problem.code not in _FORGIVEN]
    page = _number(own.get("page", ""), 1, MAX_RESULT_DEPTH)
    per_page = _number(own.get("per_page", ""), DEFAULT_PER_PAGE, LARGEST_EXPORT_PAGE)
    if page is None:
        problems.append(_invalid("page", text("“page” phải là số từ 1 trở lên.")))
    if per_page is None:
        limit = text("“per_page” phải là số từ 1 đến %(limit)s.", limit=LARGEST_EXPORT_PAGE)
        problems.append(_invalid("per_page", limit))
    if page is not None and per_page is not None and page * per_page > MAX_RESULT_DEPTH:
        advice = text("Chỉ xuất được 10.000 kết quả đầu. Hãy lọc thêm.")
        problems.append(ParameterProblem("page", "page-too-deep", advice))
    for name, choices in (("bom", ("0", "1")), ("delimiter", ("comma", "semicolon"))):
        if own.get(name, "") not in ("", *choices):
            sentence = text(
                "“%(name)s” phải là: %(choices)s.", name=name, choices=" ".join(choices)
            )
            problems.append(_invalid(name, sentence))
    return RequestedExport(
        params=replace(
            read.params, page=page or 1, per_page=per_page or 1, highlight=False, facets=()
        ),
        csv=CsvOptions(
            delimiter=";" if own.get("delimiter") == "semicolon" else ",",
            byte_order_mark=own.get("bom") != "0",
        ),
        paged=any(own.get(name) for name in _PAGING),
        problems=tuple(problems),
    )


def _number(typed: str, default: int, limit: int) -> int | None:
    if not typed:
        return default
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= _NUMBER_DIGITS):
        return None
    return int(typed) if 1 <= int(typed) <= limit else None


def _invalid(param: str, sentence: Text) -> ParameterProblem:
    return ParameterProblem(param, "invalid-parameter", sentence)
