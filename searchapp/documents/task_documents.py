"""What the API answers to whoever writes: the task, and what became of each record."""

from typing import Annotated

from msgspec import Meta, Struct

from index import RecordResult, Task

from ..text.formatting import iso_text
from .article_documents import Count, Path

__all__ = ["TaskAnswer", "TaskLinks", "WithdrawalRequest"]

_State = Annotated[
    str, Meta(description="`queued`, `done` or `failed`: a record is not there as it was sent.")
]


class WithdrawalRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an article is withdrawn; all of it may be left out."""

    reason: Annotated[str, Meta(max_length=2000, description="Its page gives this reason.")] = ""
    by: Annotated[str, Meta(max_length=200, description="Who, for the register.")] = ""
    on: Annotated[
        str, Meta(pattern=r"^$|^\d{4}-\d{2}-\d{2}$", description="yyyy-mm-dd; today without it.")
    ] = ""


class RecordDocument(Struct, frozen=True, kw_only=True):
    """A record of a task, in the order in which they were sent."""

    id: Annotated[str, Meta(description="The id of the article; empty as long as it is not known.")]
    state: _State
    outcome: Annotated[
        str | None,
        Meta(
            description="`indexed`, `unchanged`, `deleted`, `absent`, `withdrawn` or `refused`; "
            "null while it waits."
        ),
    ]
    messages: Annotated[tuple[str, ...], Meta(description="What was said while it was read.")]

    @classmethod
    def of(cls, result: RecordResult) -> "RecordDocument":
        """The document of a record."""
        outcome = None if result.outcome is None else str(result.outcome)
        return cls(id=result.id, state=str(result.state), outcome=outcome, messages=result.messages)


class RecordCounts(Struct, frozen=True, kw_only=True):
    """How many records of a task are in each state."""

    queued: Count
    done: Count
    failed: Count


class TaskLinks(Struct, frozen=True, kw_only=True):
    """Where to ask what became of a task."""

    task: Path


class TaskAnswer(Struct, frozen=True, kw_only=True):
    """What was accepted together, and how far it is."""

    id: str
    state: _State
    accepted_at: Annotated[str, Meta(description="ISO 8601 in Vietnamese time.")]
    finished_at: Annotated[str | None, Meta(description="null while a record waits.")]
    counts: RecordCounts
    records: list[RecordDocument]
    links: TaskLinks

    @classmethod
    def of(cls, task: Task, links: TaskLinks) -> "TaskAnswer":
        """The document of a task."""
        records = [RecordDocument.of(result) for result in task.records]
        states = [record.state for record in records]
        return cls(
            id=task.id,
            state=str(task.state),
            accepted_at=iso_text(task.accepted),
            finished_at=None if task.finished is None else iso_text(task.finished),
            counts=RecordCounts(
                queued=states.count("queued"),
                done=states.count("done"),
                failed=states.count("failed"),
            ),
            records=records,
            links=links,
        )
