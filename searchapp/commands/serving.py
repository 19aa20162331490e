"""`timbao serve`."""

import ctypes
import platform
from dataclasses import replace

import click

from ..settings import Settings
from .command_options import index_option
from .taking_in import intake_running

__all__ = ["serve_command"]


@click.command("serve", short_help="Serve the search page and the API.")
@click.option(
    "--host",
    envvar="TIMBAO_HOST",
    default=Settings().host,
    show_default=True,
    show_envvar=True,
    help="The address to listen on.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    envvar="TIMBAO_PORT",
    default=Settings().port,
    show_default=True,
    show_envvar=True,
    help="The port; 0 takes a free one.",
)
@index_option
def serve_command(host: str, port: int, index_address: str) -> None:
    """Serve the search page and the API until the process is stopped.

    The other settings are taken from the environment: see docs/settings.md.
    """
    # Here, not above: the other commands, and this one's --help, do without the web framework.
    from ..app import create_app
    from ..http.server import Server

    share_one_arena()
    settings = replace(Settings.from_env(), index=index_address, host=host, port=port)
    try:
        server = Server(create_app(settings), settings)
    except OSError as error:
        message = f"Cannot listen on {host}:{port} ({error.strerror}): choose another --port."
        raise click.ClickException(message) from error
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Tìm Báo: http://{shown}:{server.port}/")
    with intake_running(settings):
        server.run()


#: The parameter of mallopt(3).
_M_ARENA_MAX = -8


def share_one_arena() -> None:
    """Let all threads allocate from one arena; to be called before any of them starts.

    What one thread caches another one drops, and each arena would keep its own free memory: some
    25 MB of 425 after 2,500 searches over 60,000 articles. Does nothing without glibc.
    """
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
