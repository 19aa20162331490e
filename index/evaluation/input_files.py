"""Files that people write for an evaluation: lines of text and YAML, each with its line number."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..errors import SearchError

if TYPE_CHECKING:
    import yaml

_T = TypeVar("_T")


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


@dataclass(frozen=True, slots=True)
class InputEntry:
    """A key of a mapping with its value; `line` is 1-based."""

    path: Path
    line: int
    key: str
    value: object

    def read(self, reader: Callable[[object], _T]) -> _T:
        """What the reader makes of the value; its ValueError becomes an error of this line."""
        try:
            return reader(self.value)
        except ValueError as error:
            raise EvaluationInputError(self.path, self.line, f"{self.key}: {error}") from error


def read_mapping(path: Path) -> tuple[InputEntry, ...]:
    """The entries of a file that is one mapping, or empty."""
    loader, root = _root(path)
    return () if root is None else _entries(path, loader, root)


def read_mappings(path: Path) -> tuple[tuple[InputEntry, ...], ...]:
    """The entries of each mapping of a file that is a list of mappings, or empty."""
    import yaml

    loader, root = _root(path)
    if root is None:
        return ()
    if not isinstance(root, yaml.SequenceNode):
        raise EvaluationInputError(path, _line(root), "expected a list (lines that begin with -)")
    return tuple(_entries(path, loader, node) for node in root.value)


def _root(path: Path) -> tuple["yaml.SafeLoader", "yaml.Node | None"]:
    """The loader and the document, parsed as safe_load does it but not yet turned into values."""
    try:
        import yaml
    except ModuleNotFoundError as error:
        raise EvaluationNotInstalled("PyYAML") from error
    text = read_text(path)
    try:
        loader = yaml.SafeLoader(text)
        return loader, loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise EvaluationInputError(path, line, f"not YAML ({error.problem})") from error
    except yaml.YAMLError as error:
        raise EvaluationInputError(path, None, f"not YAML ({error})") from error


def _entries(path: Path, loader: "yaml.SafeLoader", node: "yaml.Node") -> tuple[InputEntry, ...]:
    import yaml

    if not isinstance(node, yaml.MappingNode):
        raise EvaluationInputError(path, _line(node), "expected lines of the form `key: value`")
    entries: dict[str, InputEntry] = {}
    for key_node, value_node in node.value:
        line = _line(key_node)
        try:
            key = loader.construct_object(key_node, deep=True)
            value = loader.construct_object(value_node, deep=True)
        except (yaml.YAMLError, ValueError) as error:
            reason = getattr(error, "problem", None) or error
            raise EvaluationInputError(path, line, f"not a plain value ({reason})") from error
        if not isinstance(key, str):
            raise EvaluationInputError(path, line, f"the key {key!r} is not a word")
        if key in entries:
            raise EvaluationInputError(path, line, f"{key} is there twice")
        entries[key] = InputEntry(path, line, key, value)
    return tuple(entries.values())


def _line(node: "yaml.Node") -> int:
    return int(node.start_mark.line) + 1
