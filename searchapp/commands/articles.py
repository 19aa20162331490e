"""`timbao show`, `delete`, `withdraw` and `stats`: what an index holds, and taking it out."""

from collections.abc import Sequence

import click

from index import Article, EngineStats, FacetValue, IntakeQueue, open_engine, queue_path

from ..documents.article_documents import ArticleDocument
from ..documents.json_text import Json
from ..query.urls import Site
from ..settings import Settings
from ..text.formatting import date_text, terminal_text, time_text
from .command_options import (
    IdType,
    index_option,
    json_option,
    print_json,
    wait_option,
    waiting_writer,
)

__all__ = ["delete_command", "show_command", "stats_command"]


@click.command("show", short_help="Print an article.")
@click.argument("doc_id", metavar="ID", type=IdType())
@json_option
@index_option
def show_command(doc_id: str, as_json: bool, index_address: str) -> None:
    """Print the article with this ID, and the related news of its page."""
    article = open_engine(index_address).get(doc_id)
    if article is None:
        raise click.ClickException(f"There is no article {doc_id}.")
    if as_json:
        settings = Settings.from_env()
        print_json(ArticleDocument.of(article, Site.of(settings)))
    else:
        _print_article(article)


@click.command("delete", short_help="Remove articles.")
@click.argument("doc_ids", metavar="ID...", type=IdType(), nargs=-1, required=True)
@index_option
@wait_option
def delete_command(doc_ids: tuple[str, ...], index_address: str, wait: float) -> None:
    """Remove the articles with these IDs from the index.

    An ID that cannot be one, and was replaced when its record was read, is taken too. An ID that
    the index does not have is reported; the exit code is 1 if it has none of them.
    """
    engine = open_engine(index_address)
    engine.count()  # raises IndexNotFound, where a writer would begin an empty index
    ids = tuple(dict.fromkeys(doc_ids))
    queue = IntakeQueue(queue_path(index_address))
    with waiting_writer(engine, wait) as writer:
        queue.supersede(ids)
        removed = [doc_id for doc_id in ids if writer.delete(doc_id)]
    _report("deleted", removed)
    _report_missing([doc_id for doc_id in ids if doc_id not in removed])
    if not removed:
        raise click.exceptions.Exit(1)


@click.command("stats", short_help="Say what the index holds.")
@json_option
@index_option
def stats_command(as_json: bool, index_address: str) -> None:
    """Print how much the index holds, from when to when, and from which newspapers."""
    stats = open_engine(index_address).stats()
    if as_json:
        print_json(_stats_document(stats))
    else:
        _print_stats(stats)


def _report(what: str, doc_ids: Sequence[str]) -> None:
    for doc_id in doc_ids:
        click.echo(terminal_text(f"{what} {doc_id}"))


def _report_missing(doc_ids: Sequence[str]) -> None:
    for doc_id in doc_ids:
        click.echo(terminal_text(f"There is no article {doc_id}."), err=True)


def _print_article(article: Article) -> None:
    published = article.published
    facts = (
        article.source,
        "" if published is None else time_text(published, article.published_precision),
        article.section,
        ", ".join(article.authors),
    )
    click.echo(click.style(terminal_text(article.headline or "(no headline)"), bold=True))
    click.echo(terminal_text(" · ".join(fact for fact in (*facts, article.id) if fact)))
    if article.url:
        click.echo(terminal_text(article.url))
    for paragraph in (article.lead, *article.body):
        if paragraph:
            click.echo(f"\n{terminal_text(paragraph)}")
    for caption in article.captions:
        click.echo(f"\nPhoto: {terminal_text(caption)}")
    if article.related:
        click.echo("\nRelated news:")
    for item in article.related:
        click.echo(f"- {terminal_text(item.headline)}")
        for text in filter(None, (item.snippet, item.url)):
            click.echo(f"  {terminal_text(text)}")


def _stats_document(stats: EngineStats) -> Json:
    first, last = stats.first_published, stats.last_published
    return {
        "articles": stats.articles,
        "first_published": None if first is None else first.isoformat(),
        "last_published": None if last is None else last.isoformat(),
        "generation": stats.generation,
        "segments": stats.segments,
        "terms": stats.terms,
        "bytes_on_disk": stats.bytes_on_disk,
        "sources": [{"name": facet.value, "articles": facet.count} for facet in stats.sources],
        "sections": [{"name": facet.value, "articles": facet.count} for facet in stats.sections],
    }


def _print_stats(stats: EngineStats) -> None:
    click.echo(f"articles    {stats.articles:,}")
    if stats.first_published is not None and stats.last_published is not None:
        first, last = date_text(stats.first_published), date_text(stats.last_published)
        click.echo(f"published   {first} to {last}")
    click.echo(f"terms       {stats.terms:,}")
    click.echo(f"segments    {stats.segments:,}, generation {stats.generation}")
    click.echo(f"on disk     {stats.bytes_on_disk / 1_000_000:.1f} MB")
    _print_labels("sources", stats.sources)
    _print_labels("sections", stats.sections)


def _print_labels(title: str, labels: tuple[FacetValue, ...]) -> None:
    if labels:
        click.echo(f"\n{title}")
    for label in labels:
        click.echo(f"{label.count:>9,}  {terminal_text(label.value)}")
