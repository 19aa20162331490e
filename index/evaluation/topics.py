"""Topics: the queries of an evaluation, one a line."""

from dataclasses import dataclass
from pathlib import Path

from ..model import MAX_QUERY_LENGTH
from .errors import EvaluationInputError
from .lines import numbered_lines


@dataclass(frozen=True, slots=True)
class Topic:
    """A query as people type it; `group` is its class ("person", "date" …), "" for none."""

    id: str
    query: str
    group: str = ""


def read_topics(path: Path) -> tuple[Topic, ...]:
    """The topics of a file with lines `id<TAB>query` or `id<TAB>query<TAB>class`.

    Raises:
        EvaluationInputError: a line is something else, or an id is there twice.
    """
    topics: dict[str, Topic] = {}
    for number, line in numbered_lines(path):
        try:
            topic = _topic(line)
            if topic.id in topics:
                raise ValueError(f"topic {topic.id} is there twice")
        except ValueError as error:
            raise EvaluationInputError(path, number, str(error)) from error
        topics[topic.id] = topic
    if not topics:
        raise EvaluationInputError(path, None, "it has no topics")
    return tuple(topics.values())


def _topic(line: str) -> Topic:
    cells = [cell.strip() for cell in line.split("\t")]
    if not 2 <= len(cells) <= 3:
        raise ValueError(
            f"expected an id, a query and perhaps a class between tabs, got {len(cells)} columns"
        )
    topic = Topic(*cells)
    if not topic.id or not topic.id.isprintable() or len(topic.id.split()) != 1:
        raise ValueError(f"{topic.id!r} cannot be an id: it is one word")
    if not topic.query:
        raise ValueError(f"topic {topic.id} has no query")
    if len(topic.query) > MAX_QUERY_LENGTH:
        raise ValueError(f"topic {topic.id} has more than {MAX_QUERY_LENGTH} characters")
    return topic
