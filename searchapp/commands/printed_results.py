"""Search results as text for a terminal."""

from collections.abc import Iterator, Sequence
from typing import Final

import click

from index import Fragment, Hit, SearchPage

from ..documents.query_reading import notice_text, reading_text
from ..query.params import OTHER_TIERS, READ_ANEW
from ..text.formatting import terminal_text, time_text
from ..text.messages import in_vietnamese

__all__ = ["print_results"]

_INDENT: Final = "    "


def print_results(page: SearchPage) -> None:
    """Print how the query was read, then the hits; marked words are bold on a terminal."""
    click.echo(_summary(page))
    for line in _readings(page):
        click.echo(terminal_text(line))
    for rank, hit in enumerate(page.hits, 1):
        click.echo()
        _print_hit(rank, hit)


def _summary(page: SearchPage) -> str:
    if not page.total and not page.near_total:
        return "No hits."
    text = f"{page.total:,} hits" if page.total > 1 else "1 hit" if page.total else "No hits"
    if len(page.hits) < page.paged_total:
        text += f", the first {len(page.hits):,}"
    if page.near_total:
        text += f"; {page.near_total:,} are near (--tier all)"
    return text


def _readings(page: SearchPage) -> Iterator[str]:
    if page.query.tree is not None:
        yield f"Read as: {reading_text(page.query.tree, in_vietnamese)}"
    for notice in page.query.notices:
        yield notice_text(notice, in_vietnamese)
    for rewrite in page.query.rewrites:
        if rewrite.kind in READ_ANEW:
            yield f"No hits for {rewrite.source}: read as {rewrite.target} ({rewrite.kind})."
        elif rewrite.kind in OTHER_TIERS:
            yield f"Near: {rewrite.target} ({rewrite.kind})."
        else:
            yield f"Searched too: {rewrite.target} for {rewrite.source} ({rewrite.kind})."
    for suggestion in page.suggestions:
        yield f"Did you mean: {suggestion.text} ({suggestion.total:,} hits, {suggestion.kind})"


def _print_hit(rank: int, hit: Hit) -> None:
    article, marked = hit.article, hit.highlights
    title = marked.title or (Fragment(article.headline or "(no headline)"),)
    published = article.published
    time = "" if published is None else time_text(published, article.published_precision)
    facts = (article.source, time, article.section, article.id)
    click.echo(f"{rank:>2}. {_styled(title)}")
    click.echo(_INDENT + terminal_text(" · ".join(fact for fact in facts if fact)))
    if hit.related_only:
        click.echo(f"{_INDENT}in its related news:")
        best = marked.related
    else:
        best = marked.snippets or (marked.lead,)
    for text in best[:1]:
        if text:
            click.echo(_INDENT + _styled(text))


def _styled(segments: Sequence[Fragment]) -> str:
    return "".join(
        click.style(terminal_text(segment.text), bold=True)
        if segment.marked
        else terminal_text(segment.text)
        for segment in segments
    )
