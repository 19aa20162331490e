"""The command `timbao`."""

import errno
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import current_thread, main_thread
from types import FrameType
from typing import Final

import click

__all__ = ["main"]

#: Command → the module and the attribute that define it: only what is run is imported.
_COMMANDS: Final = {
    "index": ("indexing", "index_command"),
    "pull": ("pulling", "pull_command"),
    "search": ("searching", "search_command"),
    "show": ("articles", "show_command"),
    "analyze": ("analyzing", "analyze_command"),
    "delete": ("articles", "delete_command"),
    "withdraw": ("withdrawing", "withdraw_command"),
    "withdrawals": ("withdrawing", "withdrawals_command"),
    "intake": ("taking_in", "intake_command"),
    "watch": ("taking_in", "watch_command"),
    "stats": ("articles", "stats_command"),
    "verify": ("maintenance", "verify_command"),
    "reindex": ("maintenance", "reindex_command"),
    "rollback": ("maintenance", "rollback_command"),
    "backup": ("maintenance", "backup_command"),
    "restore": ("maintenance", "restore_command"),
    "recover": ("maintenance", "recover_command"),
    "copy": ("maintenance", "copy_command"),
    "serve": ("serving", "serve_command"),
    "keys": ("keys", "keys_group"),
    "queries": ("logged_queries", "queries_command"),
    "eval": ("evaluation", "eval_group"),
}


class _CommandsByName(click.Group):
    """Imports a command when it is asked for, and turns this project's errors into one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, attribute = _COMMANDS[cmd_name]
        command = getattr(import_module(f".commands.{module}", __package__), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}.{attribute} is not a command")
        return command

    def invoke(self, ctx: click.Context) -> object:
        with _orderly_end():
            try:
                return self._invoke(ctx)
            except (MemoryError, ImportError, OSError, RuntimeError) as error:
                if not _is_out_of_memory(error):
                    raise
                raise click.ClickException(_NO_MEMORY) from error

    def _invoke(self, ctx: click.Context) -> object:
        from index import QueryError, SearchError

        from .settings import SettingsError, check_names, strip_values
        from .text.formatting import terminal_text

        class EscapedRecord(logging.LogRecord):
            """Log messages name files and ids of others, too."""

            def getMessage(self) -> str:
                return terminal_text(super().getMessage())

        logging.setLogRecordFactory(EscapedRecord)
        try:
            check_names(os.environ)
            strip_values(os.environ)
            return super().invoke(ctx)
        except (QueryError, SettingsError) as error:
            raise click.UsageError(terminal_text(str(error))) from error
        except SearchError as error:
            raise click.ClickException(terminal_text(str(error))) from error
        except click.ClickException as error:
            vars(error)["message"] = terminal_text(error.message)  # typed as final
            raise


_NO_MEMORY: Final = (
    "There is not enough memory: raise the limit (`ulimit -v`) or end other programs, then try "
    "again. What was committed to the index is unharmed."
)
#: What the dynamic loader and the thread library say instead of raising MemoryError.
_WANTS_MEMORY: Final = ("Cannot allocate memory", "failed to map segment", "can't start new thread")
_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _is_out_of_memory(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
            return True
        if isinstance(error, ImportError | RuntimeError) and any(
            text in str(error) for text in _WANTS_MEMORY
        ):
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def _orderly_end() -> Iterator[None]:
    """A signal to end unwinds the command, which cleans up; one line, and 128 + its number."""
    received: list[signal.Signals] = []

    def end(number: int, _frame: FrameType | None) -> None:
        for each in handlers:  # a second one must not stop the cleaning up
            signal.signal(each, signal.SIG_IGN)
        received.append(signal.Signals(number))
        # Not an error of ours: the server's loop knows that this ends it.
        raise SystemExit(128 + number)

    handlers = {}
    if current_thread() is main_thread():
        for number in _ENDING:
            # What nohup or a shell has set to be ignored stays so.
            if signal.getsignal(number) is not signal.SIG_IGN:
                handlers[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if received:
            click.echo(f"Ended by {received[0].name}: what was committed stays.", err=True)
            raise SystemExit(128 + received[0])


@click.group(cls=_CommandsByName)
@click.version_option(package_name="timbao", prog_name="timbao")
def main() -> None:
    """Tìm Báo: full-text search for archives of Vietnamese news.

    Results go to standard output, messages and errors to standard error. Exit codes: 0 done, 1 bad
    data or nothing to do it with, 2 a mistake in the command, 4 too much of the input is bad, 129,
    130 or 143 ended by SIGHUP, SIGINT or SIGTERM.
    """
