"""Taking query parameters one by one, with a Vietnamese sentence for every wrong one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from ..text.wording import Text, text

__all__ = ["ParameterProblem", "ValueReader"]

_E = TypeVar("_E", bound=StrEnum)
_D = TypeVar("_D")

_NUMBER_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class ParameterProblem:
    """What is wrong with one parameter; `code` names the kind of problem."""

    param: str
    code: str
    text: Text


class ValueReader:
    """Collects problems while it takes one parameter after the other."""

    def __init__(self, values: Mapping[str, Sequence[str]], names: Collection[str]) -> None:
        """Begin with a problem for every parameter that is not among the names."""
        self.values = {name: texts for name, texts in values.items() if name in names}
        self.problems: list[ParameterProblem] = []
        for name in values:
            if name not in names:
                message = text("Không có tham số “%(name)s”.", name=name[:40])
                self.wrong(name, "unknown-parameter", message)

    def wrong(self, param: str, code: str, message: Text) -> None:
        """Note a problem."""
        self.problems.append(ParameterProblem(param, code, message))

    def single(self, name: str) -> str:
        """The last value without space around it; "" where there is none."""
        values = self.values.get(name, ())
        if len(values) > 1:
            message = text("Tham số “%(name)s” chỉ được có một giá trị.", name=name)
            self.wrong(name, "repeated-parameter", message)
        return values[-1].strip() if values else ""

    def one_of(self, name: str, choices: Sequence[str], default: str) -> str:
        """One of the choices, or the default."""
        value = self.single(name)
        if not value or value in choices:
            return value or default
        message = text("“%(name)s” phải là: %(values)s.", name=name, values=", ".join(choices))
        self.wrong(name, "invalid-parameter", message)
        return default

    def choice(self, name: str, kind: type[_E], default: _D) -> _E | _D:
        """A member of an enumeration by its value, or the default."""
        value = self.one_of(name, [str(member) for member in kind], "")
        return kind(value) if value else default

    def number(self, name: str, default: int, largest: int | None = None) -> int:
        """A whole number from 1, of at most eight digits, or the default."""
        value = self.single(name)
        if not value:
            return default
        if value.isascii() and value.isdecimal() and len(value) <= _NUMBER_DIGITS:
            number = int(value)
            if number >= 1 and (largest is None or number <= largest):
                return number
        message = (
            text("“%(name)s” phải là số từ 1 trở lên.", name=name)
            if largest is None
            else text("“%(name)s” phải là số từ 1 đến %(most)s.", name=name, most=largest)
        )
        self.wrong(name, "invalid-parameter", message)
        return default
