"""`timbao search`."""

from datetime import date
from time import perf_counter

import click

from index import (
    MAX_QUERY_LENGTH,
    MAX_RESULT_DEPTH,
    AccentMode,
    Filters,
    QueryMode,
    SortOrder,
    open_engine,
)

from ..documents.serialize import Answer, json_text, search_document
from ..query.archive_labels import ArchiveLabels
from ..query.parameter_reader import normalized_query
from ..query.params import FIELDS, MAX_RECENCY, SearchParams
from ..query.urls import Site
from ..settings import Settings
from .options import DayType, choice_of, index_option, json_option
from .printed_results import print_results

__all__ = ["search_command"]


@click.command("search", short_help="Search the index.")
@click.argument("query")
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_RESULT_DEPTH),
    default=10,
    show_default=True,
    help="The most hits to print.",
)
@click.option(
    "--accents",
    type=choice_of(AccentMode),
    default=str(AccentMode.AUTO),
    show_default=True,
    help="auto: typed accents count, missing ones are free.",
)
@click.option(
    "--mode",
    type=choice_of(QueryMode),
    default=str(QueryMode.SIMPLE),
    show_default=True,
    help="advanced: report syntax errors with their position.",
)
@click.option(
    "--field",
    type=click.Choice(FIELDS),
    default=FIELDS[0],
    show_default=True,
    help="Search only this part of the articles.",
)
@click.option("--source", multiple=True, help="Only this newspaper: name or slug; repeatable.")
@click.option("--section", multiple=True, help="Only this section: name or slug; repeatable.")
@click.option("--author", multiple=True, help="Only this author: name or slug; repeatable.")
@click.option("--from", "first", type=DayType(last=False), help="Published then or later.")
@click.option("--to", "last", type=DayType(last=True), help="Published then or earlier.")
@click.option("--sort", type=choice_of(SortOrder), help="The order of the hits.")
@click.option(
    "--recency",
    type=click.IntRange(1, MAX_RECENCY),
    metavar="DAYS",
    help="Prefer newer articles: days in which what the newest gain halves.",
)
@click.option("--no-expand", is_flag=True, help="Leave abbreviations and other spellings out.")
@click.option("--no-fix", is_flag=True, help="Search exactly as typed, even if nothing is found.")
@json_option
@index_option
def search_command(
    query: str,
    limit: int,
    accents: str,
    mode: str,
    field: str,
    source: tuple[str, ...],
    section: tuple[str, ...],
    author: tuple[str, ...],
    first: date | None,
    last: date | None,
    sort: str | None,
    recency: int | None,
    no_expand: bool,
    no_fix: bool,
    as_json: bool,
    index_address: str,
) -> None:
    """Search the index for QUERY and print the best articles.

    Words may be typed with accents, without, or with some of them. "…" is a phrase, -word leaves
    out, AND OR NOT combine, từ* is a prefix; tieude: tacgia: muc: nguon: ngay: search one field.
    A DAY is 05/10/2026 or 2026-10-05, a month (10/2026) or a year.
    """
    text = normalized_query(query)
    if len(text) > MAX_QUERY_LENGTH:
        raise click.UsageError(f"The query is longer than {MAX_QUERY_LENGTH} characters.")
    params = SearchParams(
        query=text,
        mode=QueryMode(mode),
        accents=AccentMode(accents),
        field=field,
        filters=Filters(
            sources=source,
            sections=section,
            authors=author,
            published_from=first,
            published_to=last,
        ),
        sort=None if sort is None else SortOrder(sort),
        per_page=limit,
        recency=recency,
        expand=not no_expand,
        fix=not no_fix,
    )
    started = perf_counter()
    engine = open_engine(index_address)
    page = engine.search(params.request())
    if not as_json:
        print_results(page)
        return
    answer = Answer(
        params=params,
        page=page,
        labels=ArchiveLabels.of(engine.stats()),
        site=Site.of(Settings.from_env()),
        took_ms=round(1000 * (perf_counter() - started)),
    )
    click.echo(json_text(search_document(answer), indent=2))
