"""Lines of a text file, each with its number."""

from collections.abc import Iterator
from pathlib import Path

from .errors import EvaluationInputError


def read_text(path: Path) -> str:
    """The file as UTF-8, without a byte order mark.

    Raises:
        EvaluationInputError: it cannot be read, or is not UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = f"it cannot be read ({error.strerror})"
        raise EvaluationInputError(path, None, reason) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise EvaluationInputError(path, line, "the text is not UTF-8") from error


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(number from 1, text) of every line that is not blank."""
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            yield number, line.rstrip("\r")
