"""Requests that are understood and not granted, as errors that become answers."""

from datetime import date
from typing import Final

from ..text.formatting import date_text
from ..text.wording import Text, text

__all__ = ["NotMatched", "Refusal", "Withdrawn"]


class Refusal(Exception):
    """A problem of a certain kind; `code` is one of PROBLEM_KINDS.

    Args:
        headers: for the answer.
        more: further keys of the problem document.
    """

    def __init__(
        self,
        code: str,
        detail: Text,
        headers: tuple[tuple[str, str], ...] = (),
        **more: object,
    ) -> None:
        super().__init__(code, str(detail))
        self.code: Final = code
        self.detail: Final = detail
        self.headers: Final = headers
        self.more: Final = more


class Withdrawn(Refusal):
    """An article that the archive had until that day."""

    def __init__(self, day: date) -> None:
        super().__init__(
            "withdrawn",
            text("Tin này đã được gỡ ngày %(day)s theo yêu cầu của tòa soạn.", day=date_text(day)),
            withdrawn_at=day.isoformat(),
        )


class NotMatched(Refusal):
    """An article that a search does not find, so that it has no score."""

    def __init__(self) -> None:
        super().__init__("not-found", text("Tin này không khớp câu tìm, nên không có điểm."))
