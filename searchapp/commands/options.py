"""Options that several commands have, and types for their values."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

import click

from ..settings import ENVIRONMENT_PREFIX, Settings
from ..text.days import first_day, last_day

__all__ = ["DayType", "choice_of", "index_option", "json_option"]

_F = TypeVar("_F", bound=Callable[..., object])

_INDEX_VARIABLE: Final = f"{ENVIRONMENT_PREFIX}INDEX"


class DayType(click.ParamType[date]):
    """A day, or the first or last day of a month or year."""

    name = "day"

    def __init__(self, *, last: bool) -> None:
        self._parse = last_day if last else first_day

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The day that is meant."""
        if isinstance(value, date):
            return value
        day = self._parse(str(value))
        if day is None:
            self.fail(f"{value!r} is not a day: write 05/10/2026, 2026-10-05, 10/2026 or 2026.")
        return day


def choice_of(kind: type[StrEnum]) -> click.Choice[str]:
    """The values of an enumeration, not the names of its members."""
    return click.Choice([str(member) for member in kind])


def index_option(function: _F) -> _F:
    """--index, or the environment, or the usual place."""
    return click.option(
        "--index",
        "index_address",
        metavar="ADDRESS",
        envvar=_INDEX_VARIABLE,
        default=Settings().index,
        show_default=True,
        show_envvar=True,
        help="The index, as whoosh:FOLDER or opensearch://HOST:9200/NAME.",
    )(function)


def json_option(function: _F) -> _F:
    """--json."""
    return click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")(function)
