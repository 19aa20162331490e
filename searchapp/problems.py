"""Errors as answers: problem+json (RFC 9457) for the API, a page for people, never a traceback."""

from dataclasses import dataclass, replace
from typing import Final

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from index import IndexNotFound, QueryError, QueryMode, SearchError

from . import context
from .i18n import translate
from .parameter_reader import ParameterProblem, read_params
from .params import SearchParams
from .security import CrossSiteRequest
from .serialize import json_text
from .urls import search_path
from .wording import Text, later, text

__all__ = ["BadParameters", "QueryProblem", "problem_title", "query_problem", "register"]

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
_TITLES: Final = {
    "invalid-parameter": later("Tham số chưa đúng"),
    "unknown-parameter": later("Tham số không có"),
    "repeated-parameter": later("Tham số lặp lại"),
    "bad-date": later("Ngày chưa đúng"),
    "page-too-deep": later("Trang quá xa"),
    "query-too-long": later("Câu tìm quá dài"),
    "query-syntax": later("Câu tìm chưa đúng"),
    "not-found": later("Không tìm thấy"),
    "gone": later("Tin đã được gỡ"),
    "csrf": later("Yêu cầu từ trang khác"),
    "index-unavailable": later("Kho tin chưa sẵn sàng"),
    "internal": later("Hệ thống gặp lỗi"),
}
_OTHER_TITLE: Final = later("Yêu cầu không thực hiện được")
_HTTP_TEXTS: Final = {
    404: later("Không có trang này."),
    405: later("Địa chỉ này không nhận cách gọi như vậy."),
    413: later("Yêu cầu quá lớn."),
}
_RETRY_SECONDS: Final = 60


class BadParameters(Exception):
    """The API was asked with parameters that are not right."""

    def __init__(self, problems: tuple[ParameterProblem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class QueryProblem:
    """A syntax error for people: `position` is 1-based, `plain_href` searches without syntax."""

    code: str
    position: int
    what: str
    plain_href: str

    @property
    def message(self) -> str:
        """The sentence in Vietnamese."""
        return _SYNTAX_PROBLEM % {"position": self.position, "what": self.what}

    def worded(self) -> str:
        """The sentence in the reader's language."""
        return translate(_SYNTAX_PROBLEM, position=self.position, what=translate(self.what))


def query_problem(error: QueryError, params: SearchParams) -> QueryProblem:
    """What a reader can do about a syntax error."""
    what = _SYNTAX_TEXTS.get(error.code, later("không hiểu được"))
    plain = replace(params, mode=QueryMode.SIMPLE, page=1)
    return QueryProblem(error.code, error.position + 1, what, search_path(plain))


def problem_title(code: str) -> str:
    """A few words for a kind of problem, in Vietnamese."""
    return _TITLES.get(code, _OTHER_TITLE)


def register(app: Flask) -> None:
    """Make an answer of every error that can come up while one is prepared."""
    app.register_error_handler(BadParameters, _bad_parameters)
    app.register_error_handler(QueryError, _query_error)
    app.register_error_handler(SearchError, _unavailable)
    app.register_error_handler(CrossSiteRequest, _cross_site)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _bad_parameters(error: BadParameters) -> Response:
    first = error.problems[0]
    status = 413 if first.code == "query-too-long" else 400
    if not _for_programs():
        return _answer(status, first.code, first.text)
    errors = [
        {"param": problem.param, "code": problem.code, "message": problem.message}
        for problem in error.problems
    ]
    return _problem_json(status, first.code, first.message, errors=errors)


def _query_error(error: QueryError) -> Response:
    params = read_params(request.args.to_dict(flat=False)).params
    problem = query_problem(error, params)
    errors = [
        {
            "param": "q",
            "code": problem.code,
            "position": problem.position,
            "message": problem.message,
        }
    ]
    links = {"as_plain_words": problem.plain_href}
    return _problem_json(400, "query-syntax", problem.message, errors=errors, links=links)


def _unavailable(error: SearchError) -> Response:
    current_app.logger.warning("request %s: %s", context.request_id(), error)
    message = text("Kho tin đang được cập nhật. Vui lòng thử lại sau ít phút.")
    if isinstance(error, IndexNotFound):
        message = text("Kho chưa có tin nào. Người quản trị hãy nạp dữ liệu: timbao index <tệp>")
    response = _answer(503, "index-unavailable", message)
    response.headers["Retry-After"] = str(_RETRY_SECONDS)
    return response


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return Response(status=status, headers=error.get_headers())
    name = error.name.lower().replace(" ", "-")
    response = _answer(status, name, Text(_HTTP_TEXTS.get(status, _OTHER_TITLE)))
    for header, value in error.get_headers():
        if header not in ("Content-Type", "Content-Length"):
            response.headers[header] = value
    return response


def _unexpected(error: Exception) -> Response:
    current_app.logger.error("request %s failed", context.request_id(), exc_info=error)
    message = text(
        "Xin lỗi, hệ thống gặp lỗi. Mã tra cứu: %(number)s.", number=context.request_id()
    )
    return _answer(500, "internal", message)


def _cross_site(error: CrossSiteRequest) -> Response:
    current_app.logger.warning("request %s: %r", context.request_id(), error)
    message = text("Yêu cầu này phải được gửi từ một trang của kho. Hãy mở lại trang và thử lại.")
    return _answer(403, "csrf", message)


def _answer(status: int, name: str, message: Text) -> Response:
    if _for_programs():
        return _problem_json(status, name, str(message))
    page = render_template(
        "error.html",
        title=translate(problem_title(name)),
        message=translate(message),
        status=status,
    )
    return Response(page, status)


def _for_programs() -> bool:
    """Whether the address that was asked for is one that programs read."""
    return request.path.startswith(("/api/", "/search.", "/opensearch/")) or (
        request.path == "/healthz"
    )


def _problem_json(status: int, name: str, detail: str, **more: object) -> Response:
    document = {
        "type": context.site().absolute(f"/problems/{name}"),
        "title": problem_title(name),
        "status": status,
        "detail": detail,
        "instance": request.full_path.rstrip("?"),
        "request_id": context.request_id(),
        **more,
    }
    body = json_text(document)
    response = Response(body, status, mimetype="application/problem+json")
    response.headers["Content-Language"] = "vi"
    return response
