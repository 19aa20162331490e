"""Errors as answers: problem+json (RFC 9457) for the API, a page for people, never a traceback."""

from typing import Final

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from index import MAX_QUERY_LENGTH, IndexNotFound, QueryError, SearchError

from ..documents.json_text import json_text
from ..query.parameter_reader import ParameterProblem, read_params
from ..query.query_problem import query_problem
from ..text.i18n import language, translate
from ..text.wording import Text, later, text
from . import context
from .problem_kinds import OTHER, PROBLEM_KINDS, problem_kind
from .refusals import Refusal
from .security import CrossSiteRequest

__all__ = ["BadParameters", "register"]

_HTTP_TEXTS: Final = {
    404: later("Không có trang này."),
    405: later("Địa chỉ này không nhận cách gọi như vậy."),
    406: later("API chỉ trả lời bằng application/json."),
    413: later("Yêu cầu quá lớn."),
}
_RETRY_SECONDS: Final = 60


class BadParameters(Exception):
    """The API was asked with parameters that are not right."""

    def __init__(self, problems: tuple[ParameterProblem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


def register(app: Flask) -> None:
    """Make an answer of every error that can come up while one is prepared."""
    app.register_error_handler(BadParameters, _bad_parameters)
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(QueryError, _query_error)
    app.register_error_handler(SearchError, _unavailable)
    app.register_error_handler(CrossSiteRequest, _cross_site)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _bad_parameters(error: BadParameters) -> Response:
    first = error.problems[0]
    status = problem_kind(first.code).status
    if not _for_programs():
        return _answer(status, first.code, first.text)
    errors = [
        {"param": problem.param, "code": problem.code, "message": translate(problem.text)}
        for problem in error.problems
    ]
    limit = {"limit": MAX_QUERY_LENGTH} if first.code == "query-too-long" else {}
    return _answer(status, first.code, first.text, errors=errors, **limit)


def _query_error(error: QueryError) -> Response:
    params = read_params(request.args.to_dict(flat=False)).params
    problem = query_problem(error, params)
    message = problem.worded()
    errors = [
        {"param": "q", "code": problem.code, "position": problem.position, "message": message}
    ]
    links = {"as_plain_words": problem.plain_href}
    return _problem_json(400, "query-syntax", message, errors=errors, links=links)


def _refusal(error: Refusal) -> Response:
    status = problem_kind(error.code).status
    response = _answer(status, error.code, error.detail, **error.more)
    response.headers.extend(error.headers)
    return response


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
    name = name if name in PROBLEM_KINDS else OTHER.code
    response = _answer(status, name, Text(_HTTP_TEXTS.get(status, OTHER.title)))
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


def _answer(status: int, name: str, message: Text, **more: object) -> Response:
    if _for_programs():
        return _problem_json(status, name, translate(message), **more)
    page = render_template(
        "error.html",
        title=translate(problem_kind(name).title),
        message=translate(message),
        status=status,
    )
    return Response(page, status)


def _for_programs() -> bool:
    """Whether the address that was asked for is one that programs read."""
    programs = ("/healthz", "/readyz", "/metrics", "/openapi.json")
    return (
        request.path.startswith(("/api/", "/search.", "/opensearch/")) or request.path in programs
    )


def _problem_json(status: int, name: str, detail: str, **more: object) -> Response:
    document = {
        "type": context.site().absolute(f"/problems/{name}"),
        "title": translate(problem_kind(name).title),
        "status": status,
        "detail": detail,
        "instance": request.full_path.rstrip("?"),
        "request_id": context.request_id(),
        **more,
    }
    body = json_text(document)
    response = Response(body, status, mimetype="application/problem+json")
    response.headers["Content-Language"] = language()
    response.vary.add("Accept-Language")
    return response
