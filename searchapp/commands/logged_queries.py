"""`timbao queries`: what readers looked for."""

from datetime import date, datetime, time, timedelta

import click

from index import VIETNAM_TIME

from ..settings import ENVIRONMENT_PREFIX
from ..telemetry import QueryCount, QueryLog, QueryLogError
from ..telemetry.query_log import KEPT_DAYS
from ..text.days import first_day
from ..text.formatting import terminal_text, time_text
from .command_options import DayType, json_option, print_json

__all__ = ["queries_command"]


@click.command("queries", short_help="Print what readers looked for.")
@click.option("--zero", is_flag=True, help="Only searches that found nothing.")
@click.option("--slow", is_flag=True, help="The slowest first, not the most frequent.")
@click.option(
    "--since", type=DayType(first_day), help="Asked on that day or later.  [default: 30 days ago]"
)
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help="The most queries to print.",
)
@click.option(
    "--log",
    "path",
    metavar="FILE",
    envvar=f"{ENVIRONMENT_PREFIX}QUERY_LOG",
    show_envvar=True,
    required=True,
    help="The log that the server writes.",
)
@json_option
def queries_command(
    zero: bool, slow: bool, since: date | None, limit: int, path: str, as_json: bool
) -> None:
    """Print the queries of the last thirty days: how often, with how many hits, in what time.

    The log holds no addresses, and nothing older. With --zero it says what is missing: articles,
    a synonym, another spelling.
    """
    today = datetime.now(VIETNAM_TIME).date()
    first = today - timedelta(days=KEPT_DAYS) if since is None else since
    begin = datetime.combine(first, time(), VIETNAM_TIME)
    try:
        found = QueryLog(path).report(begin, limit=limit, zero=zero, slow=slow)
    except QueryLogError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json({"queries": [_document(query) for query in found]})
        return
    for query in found:
        click.echo(
            f"{query.times:>6} ×  {query.hits:>7} hits  {query.ms:>6.0f} ms  "
            f"{time_text(query.last)}  {terminal_text(query.query)}"
        )


def _document(query: QueryCount) -> dict[str, object]:
    return {
        "query": query.query,
        "times": query.times,
        "hits": query.hits,
        "ms": round(query.ms, 1),
        "last": query.last.astimezone(VIETNAM_TIME).isoformat(timespec="seconds"),
    }
