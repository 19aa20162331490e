"""The command `timbao`."""

import os
from importlib import import_module
from typing import Final

import click

__all__ = ["main"]

#: Command → the module and the attribute that define it: only what is run is imported.
_COMMANDS: Final = {
    "index": ("indexing", "index_command"),
    "search": ("searching", "search_command"),
    "show": ("articles", "show_command"),
    "analyze": ("analyzing", "analyze_command"),
    "delete": ("articles", "delete_command"),
    "withdraw": ("articles", "withdraw_command"),
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


#: How libraries say that there is no memory, where they do not raise MemoryError.
_NO_MEMORY: Final = ("failed to map segment", "annot allocate memory", "can't start new thread")


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
        try:
            return self._invoke(ctx)
        except (MemoryError, ImportError, OSError, RuntimeError) as error:
            if isinstance(error, MemoryError) or any(sign in str(error) for sign in _NO_MEMORY):
                message = "There is not enough memory: allow the process more (ulimit -v, cgroup)."
                raise click.ClickException(message) from error
            raise

    def _invoke(self, ctx: click.Context) -> object:
        from index import QueryError, SearchError

        from .settings import SettingsError, check_names, strip_values

        try:
            check_names(os.environ)
            strip_values(os.environ)
            return super().invoke(ctx)
        except (QueryError, SettingsError) as error:
            raise click.UsageError(str(error)) from error
        except SearchError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_CommandsByName)
@click.version_option(package_name="timbao", prog_name="timbao")
def main() -> None:
    """Tìm Báo: full-text search for archives of Vietnamese news.

    Results go to standard output, messages and errors to standard error. Exit codes: 0 done, 1 bad
    data or nothing to do it with, 2 a mistake in the command.
    """
