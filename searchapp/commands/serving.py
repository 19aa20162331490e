"""`timbao serve`."""

import ctypes
import gc
import math
import os
import platform
import shutil
import signal
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

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
@click.option(
    "--workers",
    type=click.IntRange(0, 256),
    envvar="TIMBAO_WORKERS",
    default=Settings().workers,
    show_default=True,
    show_envvar=True,
    help="How many processes answer; 0: one for each processor.",
)
@index_option
def serve_command(host: str, port: int, workers: int, index_address: str) -> None:
    """Serve the search page and the API until the process is stopped.

    The processes that answer are begun by this one, which begins another where one dies, and ends
    all of them when it is stopped.

    The other settings are taken from the environment: see docs/settings.md.
    """
    share_one_arena()
    settings = replace(Settings.from_env(), index=index_address, host=host, port=port)
    settings = replace(settings, workers=workers or processors())
    supervisor, folder = os.getpid(), mkdtemp(prefix="timbao-metrics-")
    # Before the library is imported. Whoever sets it wants these files somewhere else.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder)
    try:
        sys.exit(_serve(settings))
    finally:
        if os.getpid() == supervisor:
            shutil.rmtree(folder, ignore_errors=True)


def _serve(settings: Settings) -> int:
    """Have everything answered until a signal ends it: the exit code."""
    # Here, not above: the other commands, and this one's --help, do without the web framework.
    from ..app import create_app
    from ..http.listening import ConnectionCounts, Share, listen
    from ..http.server import Server
    from ..http.supervisor import supervise

    try:
        sockets = listen(settings)
    except OSError as error:
        message = (
            f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}): "
            "choose another --port."
        )
        raise click.ClickException(message) from error
    # What is made before there are processes is in memory once.
    app = create_app(settings)
    for name in ("base.html", "macros.html", "results.html", "article.html"):
        app.jinja_env.get_template(name)
    gc.freeze()
    count = settings.workers
    counts = ConnectionCounts(count)
    part = replace(
        settings,
        connections=max(8, -(-settings.connections // count)),
        spool=max(1, settings.spool // count),
    )

    def answer(number: int) -> None:
        server = Server(app, part, sockets, Share(counts, number))
        if number == 0 and not counts.has_served(0):
            shown = f"[{settings.host}]" if ":" in settings.host else settings.host
            click.echo(f"Tìm Báo: http://{shown}:{server.port}/")
        counts.set(number, 0)
        server.run()

    def close() -> None:
        for each in sockets:
            each.close()

    def take_in() -> None:
        close()
        with intake_running(settings):
            while True:
                signal.pause()

    tasks = [partial(answer, number) for number in range(count)]
    return supervise([*tasks, take_in] if settings.write else tasks, close)


_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")


def processors() -> int:
    """How many processors this process may use, by its affinity and by the quota of a container."""
    count = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    try:
        allowed, period = _QUOTA.read_text("ascii").split()
        quota = math.ceil(int(allowed) / int(period))
    except (OSError, ValueError):  # no such control, or "max"
        return count
    return max(1, min(count, quota))


#: The parameter of mallopt(3).
_M_ARENA_MAX = -8


def share_one_arena() -> None:
    """Let all threads allocate from one arena; to be called before any of them starts.

    What one thread caches another one drops, and each arena would keep its own free memory: some
    25 MB of 425 after 2,500 searches over 60,000 articles. Does nothing without glibc.
    """
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
