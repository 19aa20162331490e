"""Writes docs/cli.md: the help of `timbao` and of every command below it."""

from collections.abc import Iterator
from pathlib import Path

import click

from searchapp.cli import main

CLI_DOCS = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
_WIDTH = 90
_INTRODUCTION = "# Commands\n\nWritten by `make docs` from the commands' own help.\n"


def cli_reference(command: click.Command, name: str) -> str:
    """The Markdown text of docs/cli.md for this command and all commands below it."""
    return "\n".join([_INTRODUCTION, *_sections(command, name)])


def _sections(command: click.Command, name: str) -> Iterator[str]:
    # The width is given: click would take the terminal's, and the text must not depend on it.
    with click.Context(command, info_name=name, terminal_width=_WIDTH) as context:
        yield f"## `{name}`\n\n```text\n{command.get_help(context)}\n```\n"
        if not isinstance(command, click.Group):
            return
        for subcommand in command.list_commands(context):
            child = command.get_command(context, subcommand)
            if child is not None and not child.hidden:
                yield from _sections(child, f"{name} {subcommand}")


if __name__ == "__main__":
    CLI_DOCS.write_text(cli_reference(main, "timbao"), encoding="utf-8")
    click.echo(f"wrote {CLI_DOCS.name}")
