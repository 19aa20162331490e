"""One request of the server: how it is parsed, and how it is answered in parts."""

import logging
import secrets
from collections.abc import Generator
from contextlib import closing
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from msgspec import UNSET
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import Error

from ..documents.endpoints import ProblemDocument
from ..documents.json_text import json_bytes
from .problems import OTHER, OVERLOAD_SECONDS, SECURITY_HEADERS, problem_kind
from .security import TRANSPORT_SECURITY

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["FULL", "TASK", "ErrorAnswer", "Overloaded", "Parser", "Rest", "Task"]

_LOGGER: Final = logging.getLogger(__name__)

#: Bytes of an answer waiting for its reader, above which no more pieces of it are made.
FULL: Final = 256 * 1024
_MOST_FIELDS: Final = 100
#: Where the environment of a request has its task.
TASK: Final = "timbao.task"


class Overloaded(Error):
    code = 503
    reason = "Service Unavailable"


class Parser(HTTPRequestParser):
    """Refuses every request whose end two programs could see in different places (RFC 9112)."""

    def parse_header(self, header_plus: bytes) -> None:
        lines = header_plus.rstrip(b"\r\n").split(b"\r\n")[1:]
        if len(lines) > _MOST_FIELDS or any(line[:1] in (b" ", b"\t") for line in lines):
            raise ParsingError("Too many fields, or folded ones")
        fields = [(name.lower(), value) for name, _, value in (x.partition(b":") for x in lines)]
        names = [name for name, _ in fields]
        codings = b",".join(value for name, value in fields if name == b"transfer-encoding")
        coded = b"transfer-encoding" in names
        if coded and (b"content-length" in names or codings.lower().count(b"chunked") > 1):
            raise ParsingError("Transfer-Encoding with Content-Length, or twice")
        try:
            super().parse_header(header_plus)
        except ValueError as error:
            # A length beyond what Python reads, or a host with half a bracket.
            raise ParsingError("Number or host that cannot be read") from error
        if self.version not in ("1.0", "1.1"):
            raise ParsingError("Unknown version")
        # In a request of HTTP/1.0, or without a value.
        if coded and not self.chunked:
            raise ParsingError("Transfer-Encoding that means nothing")
        hosts = names.count(b"host")
        if hosts > 1 or (self.version == "1.1" and not hosts):
            raise ParsingError("One Host is needed")
        if self.proxy_scheme and self.proxy_netloc:
            # What an absolute target names takes precedence (RFC 9112, 3.2.2).
            self.headers["HOST"] = self.proxy_netloc
            self.path: str = self.path or "/"
        if not self.path.startswith("/") and (self.command, self.path) != ("OPTIONS", "*"):
            raise ParsingError("Target that is no path")


class ErrorAnswer(ErrorTask):
    """What the server says itself, as the application would: a problem document."""

    def execute(self) -> None:
        status, public = self.request.error.code, self.channel.server.owner.settings.public_url
        code, detail = _ERRORS[status]
        kind = problem_kind(code)
        number = secrets.token_hex(3)
        body = json_bytes(
            ProblemDocument(
                type=f"{urlsplit(public).path.rstrip('/')}/problems/{kind.code}",
                title=kind.title,
                status=status,
                detail=detail or kind.advice,
                instance=getattr(self.request, "request_uri", ""),
                request_id=number,
                retry_after=OVERLOAD_SECONDS if status == Overloaded.code else UNSET,
            )
        )
        self.status = f"{status} {HTTPStatus(status).phrase}"
        self.response_headers += [
            ("Content-Type", "application/problem+json"),
            ("Content-Language", "vi"),
            ("Cache-Control", "no-store"),
            ("X-Request-Id", number),
            *SECURITY_HEADERS.items(),
        ]
        if public.startswith("https://"):
            self.response_headers.append(("Strict-Transport-Security", TRANSPORT_SECURITY))
        if status == Overloaded.code:
            self.response_headers.append(("Retry-After", str(OVERLOAD_SECONDS)))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(b"" if getattr(self.request, "command", "") == "HEAD" else body)


#: Status → the kind of problem, and what to say where the kind does not say it.
_ERRORS: Final = {
    400: (OTHER.code, "Yêu cầu không đúng dạng HTTP."),
    413: ("request-entity-too-large", ""),
    431: (OTHER.code, "Phần đầu của yêu cầu quá lớn."),
    500: ("internal", ""),
    501: (OTHER.code, "“Transfer-Encoding” chỉ được là “chunked”."),
    503: ("overloaded", ""),
}


class Task(WSGITask):
    """An answer; one without a length is made in parts, between which it holds no thread."""

    _answer: Any = None

    def service(self) -> None:
        try:
            super().service()
        except MemoryError:
            _LOGGER.error("out of memory: %r is not answered", self.request.path)
            self.close_on_finish = True
            if not self.wrote_header:
                self.request.error = Overloaded("")
                ErrorAnswer(self.channel, self.request).service()

    def get_environment(self) -> "WSGIEnvironment":
        environ: WSGIEnvironment = super().get_environment()
        environ[TASK] = self
        # With it every file that waits for its reader would stay open.
        del environ["wsgi.file_wrapper"]
        return environ

    def execute(self) -> None:
        rest = self.channel.requests[0]
        if not isinstance(rest, Rest):
            super().execute()
            return
        answer, rest.answer = rest.answer, None
        with closing(self.part_of(answer)) as part:
            for piece in part:
                if piece:
                    self.write(piece)

    def part_of(self, answer: Any) -> Generator[bytes]:
        """What the reader may be sent before it has taken off more."""
        self._answer = None
        try:
            for piece in answer:
                yield piece
                if self.channel.total_outbufs_len >= FULL:
                    self._answer = answer
                    return
        finally:
            if self._answer is None:
                answer.close()

    def finish(self) -> None:
        if self._answer is None:
            if not self.wrote_header:
                self.write(b"")
            if self.request.command != "HEAD":  # behind whose header there are no chunks to end
                super().finish()
            if self.content_length is None:
                self.close_on_finish = True
            return
        # The connection stays, and what follows in it waits.
        self.close_on_finish = False
        with self.channel.requests_lock:
            self.channel.requests.insert(1, Rest(self, self._answer))


class Rest:
    """What is left of an answer, as the next request of its connection."""

    error = None

    def __init__(self, task: Task, answer: Any) -> None:
        self.task = task
        self.answer = answer

    def close(self) -> None:
        """Give up what was not taken on."""
        if self.answer is not None:
            self.answer.close()
