"""The settings of a suite: its name, and what it tolerates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .input_files import EvaluationInputError, read_mapping
from .measures import MEASURES
from .tolerance import DEFAULT_FAIL_ON, Rule, parse_rules
from .variants import OTHER_VARIANTS, QueryVariant

#: Typing without accents may cost at most this share of the quality.
DEFAULT_PARITY: Final = {
    QueryVariant.NO_ACCENTS: 0.95,
    QueryVariant.HALF: 0.95,
    QueryVariant.OTHER_TONE: 1.0,
}
DEFAULT_RESTORATION: Final = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteSettings:
    """What suite.yaml says, with defaults for what it leaves out. Shares are from 0 to 1."""

    name: str
    rules: tuple[Rule, ...] = parse_rules(DEFAULT_FAIL_ON)
    parity: Mapping[QueryVariant, float] = field(default_factory=lambda: DEFAULT_PARITY)
    """Least share of the quality that a way of typing keeps; ways without one are only shown."""
    floors: Mapping[str, float] = field(default_factory=dict)
    """Least mean of a measure, baseline or not."""
    restoration: float = DEFAULT_RESTORATION
    """Least share of restored queries that are right."""
    other_files: tuple[str, ...] = ()
    """Patterns of names in the folder that are no part of the suite."""


def read_settings(path: Path) -> SuiteSettings:
    """The settings of a suite.yaml; every key may be left out, and the file as well.

    Raises:
        EvaluationInputError: an unknown key or an impossible value, with its line.
    """
    values: dict[str, Any] = {"name": path.absolute().parent.name}
    for entry in read_mapping(path) if path.exists() else ():
        if entry.key not in _READERS:
            reason = f"{entry.key} is not a setting; there are {', '.join(_READERS)}"
            raise EvaluationInputError(path, entry.line, reason)
        name, reader = _READERS[entry.key]
        values[name] = entry.read(reader)
    return SuiteSettings(**values)


def _name(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is not a name")
    return value.strip()


def _rules(value: object) -> tuple[Rule, ...]:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a rule such as ndcg@10:-0.01")
    return parse_rules(value)


def _patterns(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError('expected a list of names such as ["notes.txt", "*.html"]')
    return tuple(value)


def _share(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError(f"{value!r} is not a number from 0 to 1")
    return float(value)


def _parity(value: object) -> dict[QueryVariant, float]:
    known = {str(variant): variant for variant in OTHER_VARIANTS}
    return {known[name]: share for name, share in _shares(value, known).items()}


def _floors(value: object) -> dict[str, float]:
    known = {name.lower(): name for name in MEASURES}
    return {known[name]: share for name, share in _shares(value, known).items()}


def _shares(value: object, known: Mapping[str, object]) -> dict[str, float]:
    if not isinstance(value, dict):
        raise ValueError("expected lines of the form `name: number`")
    unknown = [name for name in value if str(name).lower() not in known]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is none of {', '.join(known)}")
    return {str(name).lower(): _share(share) for name, share in value.items()}


_READERS: Final[Mapping[str, tuple[str, Callable[[object], object]]]] = {
    "name": ("name", _name),
    "fail_on": ("rules", _rules),
    "parity": ("parity", _parity),
    "at_least": ("floors", _floors),
    "restoration": ("restoration", _share),
    "other_files": ("other_files", _patterns),
}
