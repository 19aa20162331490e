"""Writing over HTTP: articles are accepted into the queue; a task tells what becomes of them."""

import json
from datetime import date, datetime
from typing import Final

import msgspec
from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import UnsupportedMediaType

from index import (
    VIETNAM_TIME,
    Action,
    Incoming,
    IndexNotFound,
    IntakeQueue,
    Outcome,
    Withdrawal,
    is_article_id,
    queue_path,
)

from ..documents.task_documents import TaskAnswer, TaskLinks, WithdrawalRequest
from ..http import context
from ..http.access import key_name
from ..http.problems import ApiError
from ..query.urls import mounted
from ..text.messages import N_, Message, lazy_gettext
from .answers import json_answer, reject_parameters

__all__ = ["LARGEST_BODY", "MOST_RECORDS", "blueprint"]

#: Every address of it needs a key with the scope `ingest`: see `http.access`.
blueprint = Blueprint("intake", __name__)

#: Bytes of a request, and records in it. The server itself takes no body above 1 MiB.
LARGEST_BODY: Final = 1_000_000
MOST_RECORDS: Final = 1_000
#: Seconds that a cluster, which has no register, may be written by another one.
_LEASE_SECONDS: Final = 10.0
_QUEUE: Final = "timbao.intake_queue"
_NO_OBJECT: Final = N_("Phải là một đối tượng JSON, viết bằng UTF-8.")


@blueprint.put("/api/v1/articles/<doc_id>", merge_slashes=False)
def put_article(doc_id: str) -> Response:
    """Accept an article under this id, in whose place it comes if there is one."""
    _check_id(doc_id)
    return _accepted([Incoming(action=Action.PUT, id=doc_id, body=_line(_body()))])


@blueprint.delete("/api/v1/articles/<doc_id>", merge_slashes=False)
def delete_article(doc_id: str) -> Response:
    """Accept that an article is to be removed."""
    _check_id(doc_id)
    return _accepted([Incoming(action=Action.DELETE, id=doc_id)])


@blueprint.post("/api/v1/articles")
def post_articles() -> Response:
    """Accept many articles, a JSON object a line; a line that is none costs itself."""
    records = [_record(line) for line in _body().splitlines() if line.strip()]
    if not records:
        raise ApiError("invalid-body", lazy_gettext("Không có tin nào trong yêu cầu."))
    if len(records) > MOST_RECORDS:
        raise ApiError(
            "request-entity-too-large",
            lazy_gettext("Mỗi yêu cầu có tối đa %(most)s tin.", most=MOST_RECORDS),
            limit=MOST_RECORDS,
        )
    return _accepted(records)


@blueprint.post("/api/v1/articles/<doc_id>/withdraw", merge_slashes=False)
def withdraw_article(doc_id: str) -> Response:
    """Withdraw an article at once, be it there or not."""
    _check_id(doc_id)
    body = _body()
    try:
        asked = msgspec.json.decode(body or b"{}", type=WithdrawalRequest)
        day = date.fromisoformat(asked.on) if asked.on else datetime.now(VIETNAM_TIME).date()
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ApiError("invalid-body", Message(_NO_OBJECT), reason=str(error)) from error
    engine = context.engine()
    try:
        article = engine.get(doc_id)
    except IndexNotFound:
        article = None
    entry = Withdrawal(
        id=doc_id,
        on=day,
        reason=asked.reason.strip(),
        by=asked.by.strip() or key_name(),
        headline="" if article is None else article.headline,
        source="" if article is None else article.source,
    )
    engine.withdraw([entry], wait=_LEASE_SECONDS)
    _queue().supersede([doc_id])
    done = Incoming(action=Action.NOTHING, id=doc_id, outcome=Outcome.DELETED)
    return _accepted([done])


@blueprint.get("/api/v1/tasks/<task_id>")
def task(task_id: str) -> Response:
    """What became of what was accepted."""
    reject_parameters()
    found = _queue().task(task_id)
    if found is None:
        abort(404)
    return _kept_by_nobody(json_answer(TaskAnswer.of(found, _links(task_id))))


def _accepted(records: list[Incoming]) -> Response:
    """The answer when the records are on the disk."""
    reject_parameters()
    queue = _queue()
    task_id = queue.accept(records)
    found = queue.task(task_id)
    if found is None:
        raise LookupError(f"the task {task_id} is gone")
    links = _links(task_id)
    response = json_answer(TaskAnswer.of(found, links))
    response.status_code = 202
    response.headers["Location"] = links.task
    return _kept_by_nobody(response)


def _links(task_id: str) -> TaskLinks:
    return TaskLinks(task=mounted(f"/api/v1/tasks/{task_id}"))


def _kept_by_nobody(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _queue() -> IntakeQueue:
    return context.extension(_QUEUE, lambda: IntakeQueue(queue_path(context.settings().index)))


def _check_id(doc_id: str) -> None:
    if not is_article_id(doc_id):
        raise ApiError("not-found", lazy_gettext("Mã tin này không dùng được."))


def _body() -> bytes:
    """The body of the request; what is too long or packed is refused."""
    request.max_content_length = LARGEST_BODY
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType
    return request.get_data()


def _line(body: bytes) -> bytes:
    """A JSON object in one line; raises ApiError for anything else."""
    try:
        value = json.loads(body.decode("utf-8"))
        if isinstance(value, dict) and value:
            return json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise ApiError("invalid-body", Message(_NO_OBJECT), reason=str(error)) from error
    raise ApiError("invalid-body", Message(_NO_OBJECT))


def _record(line: bytes) -> Incoming:
    try:
        return Incoming(action=Action.PUT, body=_line(line))
    except ApiError as error:
        said = f"{error.detail} {error.more.get('reason', '')}".strip()
        return Incoming(action=Action.NOTHING, outcome=Outcome.REFUSED, messages=(said,))
