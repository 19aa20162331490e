"""What the commands of `timbao eval` share: options, exit codes, files to write."""

import shutil
import subprocess
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from index import SearchEngine, SearchError, open_engine
from index.evaluation import (
    EvaluationInputError,
    EvaluationNotInstalled,
    Minimum,
    Qrels,
    QueryVariant,
    Rule,
    Run,
    parse_minimum,
    parse_rules,
    read_run_for,
)

from ..text.formatting import terminal_text
from ..text.i18n import LANGUAGES

__all__ = [
    "IN_FILE",
    "OUT_FILE",
    "Checkout",
    "EvalGroup",
    "ExitCode",
    "MinimumType",
    "RulesType",
    "checkout_of",
    "lang_option",
    "open_index",
    "prepare_file",
    "runs_by_variant",
    "runs_option",
    "suite_option",
    "write_text",
]

_F = TypeVar("_F", bound=Callable[..., Any])

IN_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_FAULT: Final = (
    "The command itself failed, so nothing was said about the results: run it again, and report "
    "the lines above if they come again."
)


class ExitCode(IntEnum):
    """How `timbao eval` ends, as builds rely on."""

    PASSED = 0
    WORSE = 1
    BAD_INPUT = 2
    NO_INDEX = 3
    OTHER_ARTICLES = 4
    """Conditions fail, but on other articles than those of the baseline."""
    INTERNAL = 5


class _BadInput(click.ClickException):
    exit_code = ExitCode.BAD_INPUT


class _NoIndex(click.ClickException):
    exit_code = ExitCode.NO_INDEX


class EvalGroup(click.Group):
    """Ends with the exit codes that a build relies on."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (EvaluationInputError, EvaluationNotInstalled) as error:
            raise _BadInput(str(error)) from error
        except SearchError as error:
            # Never 1: a build must not take an index that cannot be opened for a regression.
            raise _NoIndex(str(error)) from error
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            # Nor a fault of this program or machine, which Python would end with 1 too.
            for line in "".join(traceback.format_exception(error)).splitlines():
                click.echo(terminal_text(line), err=True)
            click.echo(_FAULT, err=True)
            raise click.exceptions.Exit(ExitCode.INTERNAL) from error


class RulesType(click.ParamType[tuple[Rule, ...]]):
    """Rules such as ndcg@10:-0.01,queries:-0.2×3."""

    name = "rules"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Rule, ...]:
        """The rules that are meant."""
        try:
            return parse_rules(str(value))
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


class MinimumType(click.ParamType[Minimum]):
    """The least mean of a measure, such as nDCG@10=.8."""

    name = "minimum"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Minimum:
        """The minimum that is meant."""
        if isinstance(value, Minimum):
            return value
        try:
            return parse_minimum(str(value))
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


class _VariantRunType(click.ParamType[tuple[QueryVariant, Path]]):
    """A run file, after the way in which its topics were typed and =, where not as written."""

    name = "run"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[QueryVariant, Path]:
        """The way of typing and the file."""
        if isinstance(value, tuple):
            return value
        text = str(value)
        name, sign, rest = text.partition("=")
        known = {str(variant): variant for variant in QueryVariant}
        if sign and name in known:
            return known[name], IN_FILE.convert(rest, param, ctx)
        return QueryVariant.AS_WRITTEN, IN_FILE.convert(text, param, ctx)


def suite_option(function: _F) -> _F:
    """--suite."""
    return click.option(
        "--suite",
        "folder",
        required=True,
        metavar="DIR",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="The folder with topics.tsv, qrels.txt and what else the suite has.",
    )(function)


def runs_option(function: _F) -> _F:
    """--run, for engines that are not ours."""
    return click.option(
        "--run",
        "run_files",
        metavar="[WAY=]FILE",
        type=_VariantRunType(),
        multiple=True,
        help="Judge TREC runs of any engine instead of an index: the topics as written, and as "
        "none=FILE, half=FILE, tone_nfd=FILE, telex=FILE those typed in other ways.",
    )(function)


def lang_option(function: _F) -> _F:
    """--lang."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default=LANGUAGES[0],
        show_default=True,
        help="The language of what is printed and written.",
    )(function)


def runs_by_variant(
    qrels: Qrels, files: tuple[tuple[QueryVariant, Path], ...]
) -> dict[QueryVariant, Run]:
    """The runs of --run; raises UsageError where a way of typing has two."""
    runs: dict[QueryVariant, Run] = {}
    for variant, path in files:
        if variant in runs:
            raise click.UsageError(f"--run: there are two for {variant}.")
        runs[variant] = read_run_for(qrels, path)
    return runs


def open_index(address: str) -> SearchEngine:
    """The engine; raises IndexNotFound now, not after other work is done."""
    engine = open_engine(address)
    engine.count()
    return engine


def prepare_file(path: Path | None) -> None:
    """Make the folder of a file that will be written, and see now that it can be.

    Raises:
        EvaluationInputError: it cannot be written there.
    """
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.exists()
        with path.open("ab"):
            pass
        if not there:
            path.unlink()
    except OSError as error:
        raise _unwritable(path, error) from error


def write_text(path: Path, text: str) -> None:
    """Write a file as UTF-8 with plain line ends, in a folder that is made if need be.

    Raises:
        EvaluationInputError: it cannot be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> EvaluationInputError:
    return EvaluationInputError(path, None, f"it cannot be written ({error.strerror})")


@dataclass(frozen=True, slots=True)
class Checkout:
    """The author that git would name and the short commit; "" for what git does not know."""

    author: str = ""
    commit: str = ""


def checkout_of(folder: Path) -> Checkout:
    """What git says of the checkout that a folder belongs to; nothing where there is no git."""
    git = shutil.which("git")
    if git is None:
        return Checkout()
    return Checkout(
        author=_answer(git, folder, "config", "user.name"),
        commit=_answer(git, folder, "rev-parse", "--short", "--verify", "HEAD"),
    )


def _answer(git: str, folder: Path, *arguments: str) -> str:
    asked = subprocess.run(  # noqa: S603  # a fixed program, without a shell
        [git, "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return asked.stdout.strip() if asked.returncode == 0 else ""
