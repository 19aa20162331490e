"""Search results as text for a terminal."""

from collections.abc import Iterator, Sequence
from typing import Final

import click

from index import Hit, SearchPage, Segment

from ..formatting import number_text, terminal_text, time_text

__all__ = ["print_results"]

_INDENT: Final = "    "


def print_results(page: SearchPage) -> None:
    """Print how the query was read, then the hits; marked words are bold on a terminal."""
    click.echo(_summary(page))
    for line in _readings(page):
        click.echo(line)
    for rank, hit in enumerate(page.hits, 1):
        click.echo()
        _print_hit(rank, hit)


def _summary(page: SearchPage) -> str:
    if not page.total:
        return "No hits."
    text = f"{number_text(page.total)} hits" if page.total > 1 else "1 hit"
    if len(page.hits) < page.total:
        text += f", the first {number_text(len(page.hits))}"
    return text + (" (no article has all the words)" if page.relaxed else "")


def _readings(page: SearchPage) -> Iterator[str]:
    for rewrite in page.query.rewrites:
        if rewrite.applied and rewrite.source != rewrite.target:
            yield f"Read {rewrite.source} as {rewrite.target} ({rewrite.kind})."
        elif rewrite.applied:
            yield f"Accents were read more freely ({rewrite.kind})."
    for suggestion in page.suggestions:
        hits = number_text(suggestion.total)
        yield f"Did you mean: {suggestion.text} ({hits}, {suggestion.kind})"


def _print_hit(rank: int, hit: Hit) -> None:
    article, marked = hit.article, hit.highlights
    title = marked.title or (Segment(article.headline or "(no headline)"),)
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


def _styled(segments: Sequence[Segment]) -> str:
    return "".join(
        click.style(terminal_text(segment.text), bold=True)
        if segment.marked
        else terminal_text(segment.text)
        for segment in segments
    )
