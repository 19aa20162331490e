"""Every error of HTTP: its kinds, the exceptions that become answers, and these answers.

Programs get problem+json (RFC 9457), people a page, nobody a traceback.

ApiError              a problem of a certain kind
├── BadParameters     parameters that are not right
└── Withdrawn         an article that the archive had until some day
QueryError            a syntax error (of `index`); pages say it themselves with `query_problem`
SearchError           the index cannot be searched (of `index`)
KeyStoreError         the file of the keys cannot be used (of `keys`)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from logging import Logger
from typing import Any, Final, TypeVar

from flask import Flask, Response, current_app, render_template, request
from msgspec import UNSET
from werkzeug.exceptions import HTTPException

from index import (
    MAX_QUERY_LENGTH,
    IndexNotFound,
    QueryError,
    QueryMode,
    QueueFull,
    SearchError,
)

from ..documents.endpoints import ProblemDocument, ProblemError, ProblemLinks
from ..documents.json_text import json_bytes
from ..keys import KeyStoreError
from ..query.parameter_reader import ParameterProblem, read_params
from ..query.params import SearchParams
from ..query.urls import mounted, url
from ..text.i18n import language, translate
from ..text.messages import N_, Message, lazy_gettext
from . import context

__all__ = [
    "OTHER",
    "OVERLOAD_SECONDS",
    "PROBLEM_KINDS",
    "SECURITY_HEADERS",
    "ApiError",
    "BadParameters",
    "ProblemKind",
    "QueryProblem",
    "content_policy",
    "last_resort",
    "problem_kind",
    "query_problem",
    "register",
]

E = TypeVar("E", bound=Exception)

_SYNTAX_PROBLEM: Final = N_("Câu tìm chưa đúng ở vị trí %(position)s: %(what)s.")
_SYNTAX_TEXTS: Final = {
    "unclosed-group": N_("thiếu dấu ngoặc đóng"),
    "unexpected-close": N_("thừa dấu ngoặc đóng"),
    "empty-group": N_("trong ngoặc không có gì"),
    "unclosed-quote": N_("thiếu dấu ngoặc kép đóng"),
    "missing-operand": N_("thiếu từ"),
    "leading-wildcard": N_("dấu * chỉ đứng được ở cuối từ"),
    "too-deep": N_("quá nhiều ngoặc lồng nhau"),
    "bad-date": N_("ngày không có thật"),
    "date-order": N_("ngày đầu sau ngày cuối"),
}
_HTTP_TEXTS: Final = {
    404: N_("Không có trang này."),
    405: N_("Địa chỉ này không nhận cách gọi như vậy."),
    406: N_("API chỉ trả lời bằng application/json."),
    413: N_("Yêu cầu quá lớn."),
}
_RETRY_SECONDS: Final = 60
#: Seconds after which to ask a server again that had no room.
OVERLOAD_SECONDS: Final = 5
_FOR_PROGRAMS: Final = ("/healthz", "/readyz", "/metrics", "/openapi.json")


_POLICY: Final = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'{asked}; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {framed_by}"
)


def content_policy(*, scripts: str = "", asked: str = "", framed_by: Sequence[str] = ()) -> str:
    """What a page may load: this site's own files, and what is named here.

    Args:
        scripts: another origin whose scripts it may run.
        asked: another origin that its scripts may ask.
        framed_by: the origins that may show it in a frame.
    """
    return _POLICY.format(
        scripts=f" {scripts}" if scripts else "",
        asked=f" {asked}" if asked else "",
        framed_by=" ".join(framed_by) or "'none'",
    )


SECURITY_HEADERS: Final = {
    "Content-Security-Policy": content_policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What no answer is without."""


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """The last two are Vietnamese messages, to be translated when they are shown."""

    code: str
    status: int
    title: str
    advice: str


# fmt: off
_KINDS: Final = tuple(ProblemKind(*row) for row in (
    ("invalid-parameter", 400, N_("Tham số chưa đúng"),
     N_("Một tham số có giá trị không dùng được. “errors” cho biết tham số nào và vì sao.")),
    ("unknown-parameter", 400, N_("Tham số không có"),
     N_("Địa chỉ có một tham số mà API không biết. Hãy xem lại tên, hoặc bỏ tham số đó.")),
    ("repeated-parameter", 400, N_("Tham số lặp lại"),
     N_("Tham số này chỉ được có một giá trị.")),
    ("bad-date", 400, N_("Ngày chưa đúng"),
     N_("Hãy viết yyyy, yyyy-mm hoặc yyyy-mm-dd. “from” không được sau “to”.")),
    ("page-too-deep", 400, N_("Trang quá xa"),
     N_("Chỉ xem được 10.000 kết quả đầu. Hãy lọc thêm, hoặc xuất tệp.")),
    ("query-syntax", 400, N_("Câu tìm chưa đúng"),
     N_("Câu tìm nâng cao sai cú pháp. “position” là vị trí của lỗi; "
        "“links.as_plain_words” tìm các từ đó như từ thường.")),
    ("invalid-body", 400, N_("Nội dung chưa đúng"),
     N_("Nội dung của yêu cầu phải là JSON. “reason” cho biết chỗ sai, nếu biết.")),
    ("unknown-host", 400, N_("Tên miền không đúng"),
     N_("Yêu cầu được gửi tới tên miền mà kho không dùng. Hãy dùng địa chỉ chính thức của kho.")),
    ("key-required", 401, N_("Cần có khóa"),
     N_("Kho này chỉ trả lời khi có khóa. Hãy xin khóa ở người quản trị.")),
    ("key-invalid", 401, N_("Khóa không dùng được"),
     N_("Khóa không có trong kho, hoặc đã bị thu hồi. Hãy xin khóa mới ở người quản trị.")),
    ("origin-not-allowed", 403, N_("Trang này không được dùng khóa"),
     N_("Khóa chỉ dùng được ở những trang đã đăng ký. Hãy nhờ người quản trị thêm trang.")),
    ("scope-not-allowed", 403, N_("Khóa không có quyền này"),
     N_("Khóa không được dùng cho địa chỉ này. Hãy nhờ người quản trị thêm quyền.")),
    ("writing-off", 403, N_("Không nhận tin qua API"),
     N_("Kho này không nhận tin qua API. Người quản trị có thể bật bằng TIMBAO_WRITE.")),
    ("csrf", 403, N_("Yêu cầu từ trang khác"),
     N_("Yêu cầu này phải được gửi từ một trang của kho. Hãy mở lại trang và thử lại.")),
    ("not-found", 404, N_("Không tìm thấy"),
     N_("Không có địa chỉ này, hoặc kho không có tin với mã đó.")),
    ("method-not-allowed", 405, N_("Cách gọi không được nhận"),
     N_("Địa chỉ này không nhận cách gọi như vậy. “Allow” cho biết cách gọi được nhận.")),
    ("not-acceptable", 406, N_("Không có định dạng này"),
     N_("API chỉ trả lời bằng application/json. Hãy sửa “Accept”, hoặc bỏ đi.")),
    ("withdrawn", 410, N_("Tin đã được gỡ"),
     N_("Tin không còn được hiển thị. “withdrawn_at” là ngày gỡ, “withdrawn_reason” là lý do "
        "nếu có nêu.")),
    ("query-too-long", 413, N_("Câu tìm quá dài"),
     N_("Câu tìm có tối đa 500 ký tự. Hãy rút gọn.")),
    ("request-entity-too-large", 413, N_("Yêu cầu quá lớn"),
     N_("Hãy gửi ít dữ liệu hơn.")),
    ("rate-limited", 429, N_("Hơi nhanh"),
     N_("Có quá nhiều lần gọi trong một phút. Hãy đợi số giây ở “Retry-After” rồi thử lại.")),
    ("internal", 500, N_("Hệ thống gặp lỗi"),
     N_("Lỗi ở phía kho. Hãy báo người quản trị “request_id”.")),
    ("search-timeout", 503, N_("Tìm quá lâu"),
     N_("Không tìm xong trong thời gian cho phép. Hãy thu hẹp câu tìm, hoặc thử lại sau.")),
    ("queue-full", 503, N_("Hàng đợi đã đầy"),
     N_("Quá nhiều tin đang chờ được nhận. Hãy đợi số giây ở “Retry-After” rồi gửi lại.")),
    ("index-unavailable", 503, N_("Kho tin chưa sẵn sàng"),
     N_("Kho tin đang được cập nhật. Vui lòng thử lại sau ít phút.")),
    ("overloaded", 503, N_("Máy chủ đang quá tải"),
     N_("Máy chủ chưa phục vụ thêm được. Hãy đợi số giây ở “Retry-After” rồi thử lại.")),
))
# fmt: on
#: What no kind of its own is worth: the status says all.
OTHER: Final = ProblemKind(
    "request-failed",
    400,
    N_("Yêu cầu không thực hiện được"),
    N_("“status” và “detail” cho biết vì sao."),
)
PROBLEM_KINDS: Final = {kind.code: kind for kind in (*_KINDS, OTHER)}


def problem_kind(code: str) -> ProblemKind:
    """The kind with this code, or OTHER."""
    return PROBLEM_KINDS.get(code, OTHER)


class ApiError(Exception):
    """A problem of a certain kind; `code` is one of PROBLEM_KINDS.

    Args:
        headers: for the answer.
        more: further keys of the problem document.
    """

    def __init__(
        self, code: str, detail: Message, headers: Sequence[tuple[str, str]] = (), **more: object
    ) -> None:
        super().__init__(code, str(detail))
        self.code: Final = code
        self.detail: Final = detail
        self.headers: Final = headers
        self.more: Final = more


class BadParameters(ApiError):
    """What is wrong with the parameters of a request, at least one; the first names the kind."""

    def __init__(self, problems: Sequence[ParameterProblem]) -> None:
        first = problems[0]
        super().__init__(
            first.code,
            first.text,
            errors=[
                ProblemError(param=each.param, code=each.code, message=translate(each.text))
                for each in problems
            ],
            limit=MAX_QUERY_LENGTH if first.code == "query-too-long" else UNSET,
        )


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
    what = _SYNTAX_TEXTS.get(error.code, N_("không hiểu được"))
    return QueryProblem(error.code, error.position + 1, what, url(params, mode=QueryMode.SIMPLE))


def register(app: Flask) -> None:
    """Make an answer of every error that can come up while one is prepared."""
    app.register_error_handler(ApiError, _never_failing(_api_error))
    app.register_error_handler(QueryError, _never_failing(_query_error))
    app.register_error_handler(SearchError, _never_failing(_unavailable))
    app.register_error_handler(KeyStoreError, _never_failing(_unusable_keys))
    app.register_error_handler(MemoryError, _never_failing(_out_of_memory))
    app.register_error_handler(HTTPException, _never_failing(_http_error))
    app.register_error_handler(Exception, _never_failing(_unexpected))


def last_resort(logger: Logger, error: Exception) -> Response:
    """The answer where even that to an error has failed: it needs nothing of the request."""
    logger.error("an error has no page: %s", " ".join(repr(error).split()))
    response = Response("Xin lỗi, hệ thống gặp lỗi. Sorry, something went wrong.\n", 500)
    response.headers.update({"Cache-Control": "no-store", **SECURITY_HEADERS})
    response.mimetype = "text/plain"
    return response


def _never_failing(handler: Callable[[E], Response]) -> Callable[[E], Response]:
    """The handler; what goes wrong in it is answered, too."""

    def answer(error: E) -> Response:
        try:
            response = handler(error)
        except Exception as another:  # nothing is left to catch it
            return last_resort(current_app.logger, another)
        # Now, since what else looks at each answer may be what has failed.
        response.headers.update(SECURITY_HEADERS)
        return response

    return answer


def _api_error(error: ApiError) -> Response:
    response = _answer(problem_kind(error.code).status, error.code, error.detail, **error.more)
    response.headers.extend(list(error.headers))
    return response


def _query_error(error: QueryError) -> Response:
    params = read_params(request.args.to_dict(flat=False)).params
    problem = query_problem(error, params)
    message = problem.worded()
    errors = [
        ProblemError(param="q", code=problem.code, position=problem.position, message=message)
    ]
    links = ProblemLinks(problem.plain_href)
    return _problem_json(400, "query-syntax", message, errors=errors, links=links)


def _unavailable(error: SearchError) -> Response:
    current_app.logger.warning("request %s: %s", context.request_id(), error)
    message = lazy_gettext("Kho tin đang được cập nhật. Vui lòng thử lại sau ít phút.")
    if isinstance(error, QueueFull):
        message = Message(problem_kind("queue-full").advice)
        full = _answer(503, "queue-full", message)
        full.headers["Retry-After"] = str(OVERLOAD_SECONDS)
        return full
    if isinstance(error, IndexNotFound):
        message = lazy_gettext(
            "Kho chưa có tin nào. Người quản trị hãy nạp dữ liệu: timbao index <tệp>"
        )
    response = _answer(503, "index-unavailable", message)
    response.headers["Retry-After"] = str(_RETRY_SECONDS)
    return response


def _out_of_memory(error: MemoryError) -> Response:
    current_app.logger.error("request %s: out of memory", context.request_id())
    # Not a page, which would need more of it.
    kind = problem_kind("overloaded")
    response = _problem_json(kind.status, kind.code, translate(kind.advice))
    response.headers["Retry-After"] = str(OVERLOAD_SECONDS)
    return response


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return Response(status=status, headers=error.get_headers())
    name = error.name.lower().replace(" ", "-")
    name = name if name in PROBLEM_KINDS else OTHER.code
    response = _answer(status, name, Message(_HTTP_TEXTS.get(status, OTHER.title)))
    for header, value in error.get_headers():
        if header not in ("Content-Type", "Content-Length"):
            response.headers[header] = value
    return response


def _unusable_keys(error: KeyStoreError) -> Response:
    # It says what to do, and each request with a key would repeat where that was found out.
    current_app.logger.error("request %s: %s", context.request_id(), error)
    return _internal()


def _unexpected(error: Exception) -> Response:
    current_app.logger.error("request %s failed", context.request_id(), exc_info=error)
    return _internal()


def _internal() -> Response:
    message = lazy_gettext(
        "Xin lỗi, hệ thống gặp lỗi. Mã tra cứu: %(number)s.", number=context.request_id()
    )
    return _answer(500, "internal", message)


def _answer(status: int, name: str, message: Message, **more: object) -> Response:
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
    prefixes = ("/api/", "/search.", "/opensearch/")
    return request.path.startswith(prefixes) or request.path in _FOR_PROGRAMS


def _problem_json(status: int, name: str, detail: str, **more: Any) -> Response:
    document = ProblemDocument(
        type=context.site().absolute(f"/problems/{name}"),
        title=translate(problem_kind(name).title),
        status=status,
        detail=detail,
        instance=mounted(request.full_path.rstrip("?")),
        request_id=context.request_id(),
        **more,
    )
    response = Response(json_bytes(document), status, mimetype="application/problem+json")
    response.headers["Content-Language"] = language()
    response.vary.add("Accept-Language")
    return response
