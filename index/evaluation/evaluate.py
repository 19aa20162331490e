"""A suite run against an engine, or runs of any engine: what the gate and the report look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Final

from ..model import SearchEngine
from .archive_state import ArchiveState, archive_state
from .assertions import AssertionResult, RestorationResult, judge_assertions, judge_restorations
from .input_files import EvaluationInputError
from .measures import MEASURED_DEPTH, RELATED_MEASURE, Scores, score_run
from .runs import DEFAULT_RUN_NAME, RankedArticle, Run, ranking, read_run, run_topics
from .suite import Suite
from .topics import Qrels
from .variants import OTHER_VARIANTS, QueryVariant

#: Deeper than they are shown: another archive's articles may stand between.
RELATED_DEPTH: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a suite gave on an index, or gives runs."""

    suite: Suite
    """Without the judgements that were left out."""
    full: Suite
    """As it was read."""
    archive: ArchiveState | None = None
    """None for runs: nothing is known of the articles then."""
    missing: tuple[str, ...] = ()
    """Ids of judged articles that the index lacks."""
    lost_ignored: bool = False
    """Whether their judgements were left out."""
    runs: Mapping[QueryVariant, Run]
    """As written always; of runs only the ways of typing that were given."""
    scores: Mapping[QueryVariant, Scores]
    seconds: Mapping[str, float] = field(default_factory=dict)
    """What searching took by topic, all ways of typing together."""
    assertions: tuple[AssertionResult, ...] = ()
    restorations: tuple[RestorationResult, ...] = ()
    related_run: Run | None = None
    related: Scores | None = None

    @property
    def as_written(self) -> Scores:
        """The scores of the topics as they were written."""
        return self.scores[QueryVariant.AS_WRITTEN]

    @property
    def other_variants(self) -> tuple[QueryVariant, ...]:
        """The other ways of typing that were measured."""
        return tuple(variant for variant in OTHER_VARIANTS if variant in self.scores)

    def parity(self, variant: QueryVariant) -> float | None:
        """Mean nDCG@10 of a way of typing as a share of the mean as written; None for 0 / 0."""
        written = self.as_written.mean()
        return self.scores[variant].mean() / written if written else None


def evaluate(suite: Suite, engine: SearchEngine, *, ignore_lost: bool = False) -> Evaluation:
    """Every topic in every way of typing, the assertions, the restorations, the related news.

    Args:
        ignore_lost: whether judgements and assertions about articles that the index lacks are
            left out.

    Raises:
        IndexNotFound, IndexMismatch: there is no index to search.
        EvaluationInputError: nothing that was judged is left.
        EvaluationNotInstalled: the extra `timbao[eval]` is missing.
    """
    engine.count()  # raises where there is no index
    missing = _missing(engine, suite)
    measured = suite
    if missing and ignore_lost:
        measured = suite.without(missing)
        if not measured.judged_topics:
            reason = "the index has no article that is relevant to any topic"
            raise EvaluationInputError(suite.folder, None, reason)
    topics = measured.judged_topics
    seconds = dict.fromkeys((topic.id for topic in topics), 0.0)
    runs = {}
    for variant in QueryVariant:
        rankings: dict[str, tuple[RankedArticle, ...]] = {}
        for topic in topics:
            start = perf_counter()
            rankings |= run_topics(engine, [topic], variant=variant, limit=MEASURED_DEPTH).rankings
            seconds[topic.id] += perf_counter() - start
        runs[variant] = Run(DEFAULT_RUN_NAME, rankings)
    assertions = judge_assertions(engine, suite.assertions)
    if ignore_lost:
        assertions = tuple(result for result in assertions if not result.finding.absent)
    related = None if measured.related is None else related_run(engine, measured.related.topics)
    return Evaluation(
        suite=measured,
        full=suite,
        archive=archive_state(engine),
        missing=missing,
        lost_ignored=ignore_lost,
        runs=runs,
        scores=_scores(measured.qrels, runs),
        seconds=seconds,
        assertions=assertions,
        restorations=judge_restorations(engine, suite.restorations),
        related_run=related,
        related=_related_scores(measured, related),
    )


def evaluate_runs(
    suite: Suite, runs: Mapping[QueryVariant, Run], related: Run | None = None
) -> Evaluation:
    """The same of runs: the topics in the ways of typing that there are, and related news.

    Raises:
        EvaluationInputError: there is no run of the topics as written, or a run has none of them.
        EvaluationNotInstalled: the extra `timbao[eval]` is missing.
    """
    if QueryVariant.AS_WRITTEN not in runs:
        reason = "a run of the topics as written is needed beside those of other ways of typing"
        raise EvaluationInputError(suite.folder, None, reason)
    if related is not None and suite.related is None:
        reason = "a run of related news needs judgements of them"
        raise EvaluationInputError(suite.folder, None, reason)
    return Evaluation(
        suite=suite,
        full=suite,
        runs=runs,
        scores=_scores(suite.qrels, runs),
        related_run=related,
        related=None if related is None else _related_scores(suite, related),
    )


def read_run_for(qrels: Qrels, path: Path) -> Run:
    """A run that has at least one of the judged topics.

    Raises:
        EvaluationInputError: it is no run, or has none of them.
    """
    run = read_run(path)
    if not any(run.rankings.get(topic) for topic in qrels.topics):
        theirs, ours = next(iter(run.rankings)), qrels.topics[0]
        reason = f"it has none of the judged topics (it has {theirs}, they have {ours})"
        raise EvaluationInputError(path, None, reason)
    return run


def related_run(engine: SearchEngine, doc_ids: Iterable[str]) -> Run:
    """The related news of articles as a run, whose topics are the articles' ids."""
    rankings = {}
    for doc_id in doc_ids:
        hits = engine.related(doc_id, RELATED_DEPTH)
        rankings[doc_id] = ranking([hit.id for hit in hits], [hit.score for hit in hits])
    return Run(DEFAULT_RUN_NAME, rankings)


def _scores(qrels: Qrels, runs: Mapping[QueryVariant, Run]) -> dict[QueryVariant, Scores]:
    return {variant: score_run(qrels, runs[variant]) for variant in QueryVariant if variant in runs}


def _related_scores(suite: Suite, run: Run | None) -> Scores | None:
    if suite.related is None or run is None or not suite.related.topics:
        return None
    return score_run(suite.related, run, [RELATED_MEASURE])


def _missing(engine: SearchEngine, suite: Suite) -> tuple[str, ...]:
    wanted = set(suite.qrels.articles())
    if suite.related is not None:
        wanted |= {*suite.related.topics, *suite.related.articles()}
    return tuple(doc_id for doc_id in sorted(wanted) if engine.get(doc_id) is None)
