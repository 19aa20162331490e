"""Options that several commands have, and those of a search, with types for their values."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from enum import StrEnum
from math import inf
from threading import Timer
from typing import Any, Final, TypeVar

import click

from index import IndexWriter, SearchEngine, kept_id

from ..documents.json_text import json_text
from ..query.option_kinds import Choice, Day, LabelsOption, Number, Option
from ..query.options import SEARCH
from ..settings import ENVIRONMENT_PREFIX, Settings
from ..text.formatting import terminal_json

__all__ = [
    "DayType",
    "IdType",
    "choice_of",
    "index_option",
    "json_option",
    "print_json",
    "search_options",
    "wait_option",
    "waiting_writer",
]

_F = TypeVar("_F", bound=Callable[..., object])

_SAID_AFTER: Final = 2.0
_WAITING: Final = "Another process is writing to the index: waiting for it (--wait 0 does not)."
_INDEX_VARIABLE: Final = f"{ENVIRONMENT_PREFIX}INDEX"


class DayType(click.ParamType[date]):
    """A day, or the first or last day of a month or year."""

    name = "day"

    def __init__(self, parse: Callable[[str], date | None]) -> None:
        self._parse = parse

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


class IdType(click.ParamType[str]):
    """The id of an article, also as its record has it: where it can be none, its hash is kept."""

    name = "id"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The id that is kept."""
        return kept_id(value)


def choice_of(kind: type[StrEnum]) -> click.Choice[str]:
    """The values of an enumeration, not the names of its members."""
    return click.Choice([str(member) for member in kind])


def search_options(function: _F) -> _F:
    """Every option of SEARCH that the command line offers, under the field that it sets."""
    for option in reversed(SEARCH):
        if option.help:
            function = _search_option(option)(function)
    return function


def _search_option(option: Option[Any]) -> Callable[[_F], _F]:
    names, about = (f"--{option.name}", option.field), option.help
    match option:
        case Choice(default=True):
            switch = f"--no-{option.field}"
            return click.option(
                switch, option.field, is_flag=True, help=about, callback=lambda _c, _p, off: not off
            )
        case Choice():
            return click.option(
                *names,
                type=click.Choice(list(option.values)),
                default=None if option.default is None else option.texts[option.default],
                show_default=True,
                help=about,
                callback=lambda _c, _p, typed: option.values.get(typed),
            )
        case Number():
            kind = click.IntRange(1, option.most)
            return click.option(*names, type=kind, metavar=option.metavar, help=about)
        case Day():
            return click.option(*names, type=DayType(option.parse), help=about)
        case LabelsOption():
            return click.option(*names, multiple=True, help=about)
        case _:
            raise TypeError(f"the command line has no type for {option.name}")


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


def wait_option(function: _F) -> _F:
    """--wait, for the commands that write."""
    return click.option(
        "--wait",
        metavar="SECONDS",
        type=click.IntRange(0),
        callback=lambda _context, _parameter, seconds: inf if seconds is None else seconds,
        help="Wait so long at most while another process writes; who came first is next.  "
        "[default: until it has ended]",
    )(function)


@contextmanager
def waiting_writer(engine: SearchEngine, wait: float) -> Iterator[IndexWriter]:
    """The writer of an engine; a line says so where another process has to be waited for."""
    said = Timer(_SAID_AFTER, click.echo, (_WAITING,), {"err": True})
    said.daemon = True
    with ExitStack() as opened:
        if wait > _SAID_AFTER:
            said.start()
        try:
            writer = opened.enter_context(engine.writer(wait=wait))
        finally:
            said.cancel()
        yield writer


def json_option(function: _F) -> _F:
    """--json."""
    return click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")(function)


def print_json(document: object) -> None:
    """What --json prints."""
    click.echo(terminal_json(json_text(document, indent=2)))
