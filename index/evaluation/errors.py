"""Errors of the files that an evaluation reads, and of what it needs installed."""

from pathlib import Path

from ..errors import SearchError


class EvaluationInputError(SearchError):
    """A file of the evaluation cannot be used; `line` is 1-based, None for the whole file."""

    def __init__(self, path: Path | str, line: int | None, reason: str) -> None:
        super().__init__(path, line, reason)
        self.path = path
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        place = str(self.path) if self.line is None else f"{self.path}, line {self.line}"
        return f"{place}: {self.reason}; correct it and run the command again."


class EvaluationNotInstalled(SearchError):
    """A library that only evaluation needs is missing."""

    def __init__(self, library: str) -> None:
        super().__init__(library)
        self.library = library

    def __str__(self) -> str:
        return f"{self.library} is not installed: run `pip install 'timbao[eval]'`."
