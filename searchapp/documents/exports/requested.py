"""What a request asks to be exported, and all that its search finds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Final

from index import Article, SearchEngine, SearchRequest

from ...query.option_kinds import Choice, Number, Option
from ...query.options import DEFAULT_PER_PAGE, PAGE, PER_PAGE, SEARCH
from ...query.parameter_reader import ParameterProblem, ParameterReader
from ...query.params import SearchParams, first_tier
from ...query.urls import LARGEST_EXPORT_PAGE
from ...text.messages import lazy_gettext
from .csv_table import CsvOptions, Delimiter

__all__ = ["BATCH", "RequestedExport", "read_export", "whole_search"]

#: Articles that are held in memory together.
BATCH: Final = 250

_PER_PAGE: Final = Number[int](name="per_page", default=DEFAULT_PER_PAGE, most=LARGEST_EXPORT_PAGE)
_SEARCH: Final[tuple[Option[Any], ...]] = tuple(
    _PER_PAGE if option is PER_PAGE else option for option in SEARCH
)
_BYTE_ORDER_MARK: Final = Choice(name="bom", default=True, values={"0": False, "1": True})
_DELIMITER: Final = Choice[Delimiter](
    name="delimiter", default=",", values={"comma": ",", "semicolon": ";"}
)
# A feed reader or a link checker may add a parameter of its own.
_FORGIVEN: Final = frozenset({"unknown-parameter", "repeated-parameter"})


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
    reader = ParameterReader(values, (*_SEARCH, _BYTE_ORDER_MARK, _DELIMITER))
    params = first_tier(reader.params(_SEARCH))
    csv = CsvOptions(
        delimiter=reader.take(_DELIMITER), byte_order_mark=reader.take(_BYTE_ORDER_MARK)
    )
    too_deep = lazy_gettext("Chỉ xuất được 10.000 kết quả đầu. Hãy lọc thêm.")
    return RequestedExport(
        params=replace(params, highlight=False, facets=()),
        csv=csv,
        paged=any(any(values.get(option.name, ())) for option in (PAGE, _PER_PAGE)),
        problems=tuple(
            replace(problem, text=too_deep) if problem.code == "page-too-deep" else problem
            for problem in reader.problems
            if problem.code not in _FORGIVEN
        ),
    )


def whole_search(engine: SearchEngine, request: SearchRequest) -> Iterator[Article]:
    """Each article that the request finds, without regard to its paging.

    An index that changes meanwhile moves articles between batches: none is given twice.

    Raises:
        QueryError: at once, not when the first article is taken.
    """
    engine.search(replace(request, offset=0, limit=1))
    return _batches(engine, request)


def _batches(engine: SearchEngine, request: SearchRequest) -> Iterator[Article]:
    given: set[str] = set()
    for offset in count(0, BATCH):
        page = engine.search(replace(request, offset=offset, limit=BATCH))
        for hit in page.hits:
            if hit.id not in given:
                given.add(hit.id)
                yield hit.article
        if offset + BATCH >= page.paged_total:
            return
