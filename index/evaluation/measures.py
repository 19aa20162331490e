"""Measures of runs against judgements, worked out by ir-measures.

nDCG, P and R come from trec_eval's own code there; RR and Judged do not, and break ties otherwise.
So all of them get the ranks of a run, which `read_run` has in trec_eval's order, and no scores.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .input_files import EvaluationNotInstalled
from .runs import Run
from .topics import Qrels, Topic

#: The measure that classes, variants and single topics are compared by.
MAIN_MEASURE: Final = "nDCG@10"
MEASURES: Final = (MAIN_MEASURE, "RR@10", "P@5", "R@100", "Judged@10")
#: Related news are shown six at a time, so only the first count.
RELATED_MEASURE: Final = "nDCG@5"
#: What a ranking that is cut off after ten or twenty articles still shows.
TOP_MEASURES: Final = tuple(measure for measure in MEASURES if measure != "R@100")
#: No measure looks further down a ranking.
MEASURED_DEPTH: Final = 100


@dataclass(frozen=True, slots=True)
class Scores:
    """Values from 0 to 1 by topic, then measure; topics without hits count 0."""

    values: Mapping[str, Mapping[str, float]]

    @property
    def topics(self) -> tuple[str, ...]:
        """The measured topics."""
        return tuple(self.values)

    def of(self, topic: str, measure: str = MAIN_MEASURE) -> float:
        """The value of one topic; raises KeyError for one that was not judged."""
        return self.values[topic][measure]

    def mean(self, measure: str = MAIN_MEASURE, topics: Iterable[str] | None = None) -> float:
        """The mean over some topics, or over all."""
        chosen = self.topics if topics is None else tuple(topics)
        return sum(self.of(topic, measure) for topic in chosen) / len(chosen)


@dataclass(frozen=True, slots=True)
class GroupMean:
    """A class of topics, how many of it were measured, and their mean."""

    group: str
    topics: int
    mean: float


def score_run(qrels: Qrels, run: Run, measures: Sequence[str] = MEASURES) -> Scores:
    """The values of every judged topic.

    Raises:
        EvaluationNotInstalled: ir-measures is missing; it is an extra, `timbao[eval]`.
    """
    try:
        import ir_measures
    except ModuleNotFoundError as error:
        raise EvaluationNotInstalled("ir-measures") from error
    if not qrels.topics:
        return Scores({})
    parsed = [ir_measures.parse_measure(name) for name in measures]
    # Judged@10 divides by the number of hits: a topic without any must not be there at all.
    found = {
        topic: {article.doc_id: float(-rank) for rank, article in enumerate(articles)}
        for topic, articles in run.rankings.items()
        if articles
    }
    # A negative grade is TREC's mark for what was pooled and not judged.
    grades = {
        topic: {doc_id: grade for doc_id, grade in judged.items() if grade >= 0}
        for topic, judged in qrels.grades.items()
    }
    values = {topic: dict.fromkeys(measures, 0.0) for topic in qrels.topics}
    for metric in ir_measures.iter_calc(parsed, grades, found):
        values[metric.query_id][str(metric.measure)] = float(metric.value)
    return Scores(values)


def group_means(
    scores: Scores, topics: Iterable[Topic], measure: str = MAIN_MEASURE
) -> tuple[GroupMean, ...]:
    """The mean of every class, in the order in which the classes first occur."""
    groups: dict[str, list[str]] = {}
    for topic in topics:
        if topic.group and topic.id in scores.values:
            groups.setdefault(topic.group, []).append(topic.id)
    return tuple(
        GroupMean(group, len(members), scores.mean(measure, members))
        for group, members in groups.items()
    )
