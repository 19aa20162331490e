"""Query parameters → the values of options, with a Vietnamese sentence for everything wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from index import MAX_QUERY_LENGTH, MAX_RESULT_DEPTH

from ..text.messages import Message, lazy_gettext
from .option_kinds import Option
from .options import QUERY, SEARCH
from .params import SearchParams

__all__ = ["ParameterProblem", "ParameterReader", "ReadParams", "read_params"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ParameterProblem:
    """What is wrong with one parameter; `code` names the kind of problem."""

    param: str
    code: str
    text: Message


@dataclass(frozen=True, slots=True)
class ReadParams:
    """The search that was asked for, and what of it could not be understood (and was left out)."""

    params: SearchParams
    problems: tuple[ParameterProblem, ...] = ()


def read_params(
    values: Mapping[str, Sequence[str]], options: Sequence[Option[Any]] = SEARCH
) -> ReadParams:
    """Read a query string that was split into the values of each parameter.

    Of a parameter that is given twice the last value is taken; every such repetition and every
    unknown name is also a problem, which the website passes over and the API reports.

    Args:
        options: what is known of a search; the others have their defaults.
    """
    reader = ParameterReader(values, options)
    return ReadParams(reader.params(options), tuple(reader.problems))


class ParameterReader:
    """Collects problems while it takes one option after the other."""

    def __init__(self, values: Mapping[str, Sequence[str]], options: Sequence[Option[Any]]) -> None:
        """Begin with a problem for every parameter that is not among the options."""
        self._values = values
        self.problems: list[ParameterProblem] = []
        known = {option.name for option in options if not option.in_path}
        for name in values:
            if name not in known:
                message = lazy_gettext("Không có tham số “%(name)s”.", name=name[:40])
                self.wrong(name, "unknown-parameter", message)

    def wrong(self, param: str, code: str, message: Message) -> None:
        """Note a problem."""
        self.problems.append(ParameterProblem(param, code, message))

    def take(self, option: Option[T]) -> T:
        """The value that was sent for an option; its default where none was, or a wrong one."""
        typed = self._values.get(option.name, ())
        if not option.repeated:
            if len(typed) > 1:
                message = lazy_gettext(
                    "Tham số “%(name)s” chỉ được có một giá trị.", name=option.name
                )
                self.wrong(option.name, "repeated-parameter", message)
            typed = [value.strip() for value in typed[-1:]]
        typed = [value for value in typed if value]
        value = option.read(typed) if typed else None
        if value is None:
            if typed or option.required:
                self.wrong(option.name, option.code, option.complaint)
            return option.default
        return value

    def params(self, options: Sequence[Option[Any]] = SEARCH) -> SearchParams:
        """The search that these options make; all others have their defaults."""
        values = {option.field: self.take(option) for option in options}
        if len(values[QUERY.field]) > MAX_QUERY_LENGTH:
            message = lazy_gettext(
                "Câu tìm quá dài (tối đa %(limit)s ký tự). Hãy rút gọn.", limit=MAX_QUERY_LENGTH
            )
            self.wrong(QUERY.name, "query-too-long", message)
        first, last = values.get("published_from"), values.get("published_to")
        if first is not None and last is not None and first > last:
            self.wrong("from", "bad-date", lazy_gettext("“Từ ngày” phải trước “Đến ngày”."))
            values |= {"published_from": None, "published_to": None}
        params = SearchParams.of(values)
        if params.page * params.per_page > MAX_RESULT_DEPTH:
            message = lazy_gettext("Chỉ xem được 10.000 kết quả đầu. Hãy lọc thêm hoặc xuất tệp.")
            self.wrong("page", "page-too-deep", message)
        return params
