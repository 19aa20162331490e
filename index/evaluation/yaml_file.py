"""YAML files as plain values with the lines they stand on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from .errors import EvaluationInputError, EvaluationNotInstalled
from .lines import read_text

if TYPE_CHECKING:
    import yaml

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Entry:
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


def read_mapping(path: Path) -> tuple[Entry, ...]:
    """The entries of a file that is one mapping, or empty."""
    loader, root = _root(path)
    return () if root is None else _entries(path, loader, root)


def read_mappings(path: Path) -> tuple[tuple[Entry, ...], ...]:
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


def _entries(path: Path, loader: "yaml.SafeLoader", node: "yaml.Node") -> tuple[Entry, ...]:
    import yaml

    if not isinstance(node, yaml.MappingNode):
        raise EvaluationInputError(path, _line(node), "expected lines of the form `key: value`")
    entries: dict[str, Entry] = {}
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
        entries[key] = Entry(path, line, key, value)
    return tuple(entries.values())


def _line(node: "yaml.Node") -> int:
    return int(node.start_mark.line) + 1
