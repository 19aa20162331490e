"""The one form of every error (RFC 9457)."""

from typing import Annotated, TypedDict

from msgspec import Meta

from .texts import Path

__all__ = ["ProblemDocument", "ProblemError", "ProblemLinks"]


class _ProblemError(TypedDict):
    param: str
    code: str
    message: str


class ProblemError(_ProblemError, total=False):
    """What is wrong with one parameter; `position` is 1-based."""

    position: Annotated[int, Meta(ge=1)]


class ProblemLinks(TypedDict):
    """A way on: the same search without syntax."""

    as_plain_words: Path


class _Problem(TypedDict):
    type: Annotated[str, Meta(description="The address of a page about this kind of problem.")]
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: str
    instance: Annotated[str, Meta(description="What was asked for.")]
    request_id: Annotated[str, Meta(description="The number that stands in the log too.")]


class ProblemDocument(_Problem, total=False):
    """An error; the keys after `request_id` are there where the problem has them."""

    errors: list[ProblemError]
    links: ProblemLinks
    limit: Annotated[int, Meta(ge=0, description="The most that is allowed.")]
    retry_after: Annotated[int, Meta(ge=1, description="Seconds to wait.")]
    withdrawn_at: Annotated[str, Meta(description="yyyy-mm-dd.")]
