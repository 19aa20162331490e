"""`timbao eval`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from index import MAX_QUERY_LENGTH, MAX_RESULT_DEPTH, SearchEngine, SearchRequest, open_engine

from .options import index_option

__all__ = ["eval_group"]

_RUN_NAME = "timbao"


@dataclass(frozen=True, slots=True)
class _Topic:
    """A query with the number that the judgements know it by."""

    qid: str
    query: str


class _TopicError(click.ClickException):
    """A line of the topics file is not a topic."""

    exit_code = 2

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}; a line is an id, a tab and a query.")


@click.group("eval", short_help="Measure the relevance of the results.")
def eval_group() -> None:
    """Measure the relevance of the results on judged queries."""


@eval_group.command("run", short_help="Write a TREC run.")
@click.option(
    "--topics",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Queries: a line is an id, a tab and a query.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where to write the run.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_RESULT_DEPTH),
    default=1000,
    show_default=True,
    help="The most hits of a query.",
)
@index_option
def run_command(topics: Path, out: Path, limit: int, index_address: str) -> None:
    """Search for every topic and write the hits as a TREC run.

    A line of the run is: topic id, Q0, article id, rank from 1, score, "timbao". Two runs on the
    same index are equal byte by byte.
    """
    queries = list(_read_topics(topics))
    engine = open_engine(index_address)
    lines = [line for topic in queries for line in _run_lines(engine, topic, limit)]
    try:
        out.write_text("".join(lines), encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"{out} cannot be written ({error.strerror}): choose another --out."
        raise click.ClickException(message) from error
    click.echo(f"{len(queries)} topics, {len(lines)} hits written to {out}")


def _run_lines(engine: SearchEngine, topic: _Topic, limit: int) -> Iterator[str]:
    page = engine.search(SearchRequest(query=topic.query, limit=limit))
    for rank, hit in enumerate(page.hits, 1):
        yield f"{topic.qid} Q0 {hit.id} {rank} {hit.score:.6f} {_RUN_NAME}\n"


def _read_topics(path: Path) -> Iterator[_Topic]:
    """The topics of a file; empty lines are passed over."""
    seen: set[str] = set()
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, 1):
            try:
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip("\r\n")
            except UnicodeDecodeError as error:
                raise _TopicError(path, number, "it is not UTF-8") from error
            if not text.strip():
                continue
            topic = _topic(path, number, text)
            if topic.qid in seen:
                raise _TopicError(path, number, f"the id {topic.qid} is there twice")
            seen.add(topic.qid)
            yield topic


def _topic(path: Path, number: int, text: str) -> _Topic:
    cells = text.split("\t")
    if len(cells) != 2:
        raise _TopicError(path, number, f"it has {len(cells)} columns instead of 2")
    qid, query = (cell.strip() for cell in cells)
    if not qid or not query or len(qid.split()) != 1:
        raise _TopicError(path, number, "the id or the query is missing, or the id has a space")
    if len(query) > MAX_QUERY_LENGTH:
        raise _TopicError(path, number, f"the query is longer than {MAX_QUERY_LENGTH} characters")
    return _Topic(qid, query)
