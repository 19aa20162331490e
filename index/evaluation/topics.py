"""Topics and their judgements (qrels): what is asked, and how relevant each article is to it."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..model import MAX_QUERY_LENGTH
from .input_files import EvaluationInputError, numbered_lines

_QRELS_COLUMNS: Final = 4
#: trec_eval counts the articles of each grade in an array as long as the highest one.
LARGEST_GRADE: Final = 1000
_GRADE: Final = re.compile(r"-?\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Topic:
    """A query as people type it; `group` is its class ("person", "date" …), "" for none."""

    id: str
    query: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Qrels:
    """Grades by topic, then article; 0 is judged not relevant, and whatever is absent unjudged.

    So is what has a negative grade: TREC marks with it what was pooled and not judged.
    """

    grades: Mapping[str, Mapping[str, int]]

    @property
    def topics(self) -> tuple[str, ...]:
        """The ids of the judged topics, in the order of the file."""
        return tuple(self.grades)

    def grade(self, topic: str, doc_id: str) -> int | None:
        """The grade, None where the pair was not judged."""
        return self.grades.get(topic, {}).get(doc_id)

    def judged(self, topic: str) -> int:
        """How many articles of a topic are judged, for or against."""
        return sum(grade >= 0 for grade in self.grades.get(topic, {}).values())

    def only(self, keep: Callable[[str], bool]) -> "Qrels":
        """The judgements of the articles to be kept, of topics that keep a relevant one."""
        kept = {
            topic: {doc_id: grade for doc_id, grade in judged.items() if keep(doc_id)}
            for topic, judged in self.grades.items()
        }
        return Qrels({topic: judged for topic, judged in kept.items() if _relevant(judged)})

    def articles(self) -> tuple[str, ...]:
        """The ids of all judged articles, sorted."""
        return tuple(sorted({doc_id for judged in self.grades.values() for doc_id in judged}))


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


def read_qrels(path: Path, topics: Collection[str] | None = None) -> Qrels:
    """The judgements of a file with lines `topic 0 article grade`.

    Args:
        topics: the ids that may be judged; with them every judged topic must have a relevant
            article too, since one without would count 0 for ever.

    Raises:
        EvaluationInputError: a line is something else, judges twice, or breaks these rules.
    """
    grades: dict[str, dict[str, int]] = {}
    first_lines: dict[str, int] = {}
    for number, line in numbered_lines(path):
        try:
            topic, doc_id, grade = _judgement(line)
            if topics is not None and topic not in topics:
                raise ValueError(f"there is no topic {topic}")
            if doc_id in grades.get(topic, {}):
                raise ValueError(f"article {doc_id} is judged twice for topic {topic}")
        except ValueError as error:
            raise EvaluationInputError(path, number, str(error)) from error
        grades.setdefault(topic, {})[doc_id] = grade
        first_lines.setdefault(topic, number)
    if not grades:
        raise EvaluationInputError(path, None, "it has no judgements")
    for topic, judged in grades.items() if topics is not None else ():
        if not _relevant(judged):
            reason = f"topic {topic} has no article of grade 1 or more"
            raise EvaluationInputError(path, first_lines[topic], reason)
    return Qrels(grades)


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


def _judgement(line: str) -> tuple[str, str, int]:
    cells = line.split()
    if len(cells) != _QRELS_COLUMNS:
        raise ValueError(f"expected `topic 0 article grade`, got {len(cells)} columns")
    topic, _, doc_id, grade = cells
    if not _GRADE.fullmatch(grade) or abs(int(grade)) > LARGEST_GRADE:
        raise ValueError(
            f"the grade {grade!r} is not a whole number from 0 to {LARGEST_GRADE} (or a negative "
            "one, for what was not judged)"
        )
    return topic, doc_id, int(grade)


def _relevant(judged: Mapping[str, int]) -> bool:
    return any(grade > 0 for grade in judged.values())
