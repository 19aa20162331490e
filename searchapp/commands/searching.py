"""`timbao search`."""

from time import perf_counter
from typing import Any

import click

from index import MAX_QUERY_LENGTH, MAX_RESULT_DEPTH, normalized_query, open_engine

from ..documents.article_documents import AnswerMeta
from ..documents.search_documents import SearchAnswer
from ..query.archive_labels import ArchiveLabels
from ..query.params import SearchParams, first_tier
from ..query.urls import Site
from ..settings import Settings
from .command_options import index_option, json_option, print_json, search_options
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
@search_options
@json_option
@index_option
def search_command(
    query: str, limit: int, as_json: bool, index_address: str, **options: Any
) -> None:
    """Search the index for QUERY and print the best articles.

    Words may be typed with accents, without, or with some of them. "…" is a phrase, -word leaves
    out, AND OR NOT combine, từ* is a prefix; tieude: tacgia: muc: nguon: ngay: search one field.
    A DAY is 05/10/2026 or 2026-10-05, a month (10/2026) or a year.
    """
    text = normalized_query(query)
    if len(text) > MAX_QUERY_LENGTH:
        raise click.UsageError(f"The query is longer than {MAX_QUERY_LENGTH} characters.")
    params = first_tier(SearchParams.of({"query": text, "per_page": limit, **options}))
    started = perf_counter()
    engine = open_engine(index_address)
    page = engine.search(params.request())
    if not as_json:
        print_results(page)
        return
    document = SearchAnswer.of(
        page,
        params,
        labels=ArchiveLabels.of(engine.stats()),
        site=Site.of(Settings.from_env()),
        meta=AnswerMeta.since(started, page.generation),
    )
    print_json(document)
