"""A suite run against an engine: everything that the gate and the report look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..model import SearchEngine
from .assertions import AssertionResult, RestorationResult, judge_assertions, judge_restorations
from .measures import MEASURED_DEPTH, RELATED_MEASURE, Scores, score_run
from .runs import DEFAULT_RUN_NAME, Run, ranking, run_topics
from .suite import Suite
from .variants import QueryVariant


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a suite gave on an index."""

    suite: Suite
    articles: int
    """How many the index holds."""
    missing: tuple[str, ...]
    """Ids of judged articles that the index lacks."""
    runs: Mapping[QueryVariant, Run]
    scores: Mapping[QueryVariant, Scores]
    assertions: tuple[AssertionResult, ...] = ()
    restorations: tuple[RestorationResult, ...] = ()
    related: Scores | None = None

    @property
    def as_written(self) -> Scores:
        """The scores of the topics as they were written."""
        return self.scores[QueryVariant.AS_WRITTEN]

    def parity(self, variant: QueryVariant) -> float | None:
        """Mean nDCG@10 of a way of typing as a share of the mean as written; None for 0 / 0."""
        written = self.as_written.mean()
        return self.scores[variant].mean() / written if written else None


def evaluate(suite: Suite, engine: SearchEngine) -> Evaluation:
    """Every topic in every way of typing, the assertions, the restorations, the related news.

    Raises:
        IndexNotFound, IndexMismatch: there is no index to search.
        EvaluationNotInstalled: the extra `timbao[eval]` is missing.
    """
    articles = engine.count()
    topics = suite.judged_topics
    runs = {
        variant: run_topics(engine, topics, variant=variant, limit=MEASURED_DEPTH)
        for variant in QueryVariant
    }
    return Evaluation(
        suite=suite,
        articles=articles,
        missing=_missing(engine, suite),
        runs=runs,
        scores={variant: score_run(suite.qrels, run) for variant, run in runs.items()},
        assertions=judge_assertions(engine, suite.assertions),
        restorations=judge_restorations(engine, suite.restorations),
        related=_related_scores(suite, engine),
    )


def related_run(engine: SearchEngine, doc_ids: Iterable[str]) -> Run:
    """The related news of articles as a run, whose topics are the articles' ids."""
    rankings = {}
    for doc_id in doc_ids:
        hits = engine.related(doc_id)
        rankings[doc_id] = ranking([hit.id for hit in hits], [hit.score for hit in hits])
    return Run(DEFAULT_RUN_NAME, rankings)


def _related_scores(suite: Suite, engine: SearchEngine) -> Scores | None:
    if suite.related is None:
        return None
    run = related_run(engine, suite.related.topics)
    return score_run(suite.related, run, [RELATED_MEASURE])


def _missing(engine: SearchEngine, suite: Suite) -> tuple[str, ...]:
    wanted = set(suite.qrels.articles())
    if suite.related is not None:
        wanted |= {*suite.related.topics, *suite.related.articles()}
    return tuple(doc_id for doc_id in sorted(wanted) if engine.get(doc_id) is None)
