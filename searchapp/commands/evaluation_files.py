"""Files and the index as the commands of `timbao eval` open them."""

from pathlib import Path

import click

from index import SearchEngine, open_engine
from index.evaluation import EvaluationInputError

__all__ = ["IN_FILE", "OUT_FILE", "open_index", "write_text"]

IN_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT_FILE = click.Path(dir_okay=False, path_type=Path)


def open_index(address: str) -> SearchEngine:
    """The engine; raises IndexNotFound now, not after other work is done."""
    engine = open_engine(address)
    engine.count()
    return engine


def write_text(path: Path, text: str) -> None:
    """Write a file as UTF-8 with plain line ends.

    Raises:
        EvaluationInputError: it cannot be written there.
    """
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise EvaluationInputError(
            path, None, f"it cannot be written ({error.strerror})"
        ) from error
