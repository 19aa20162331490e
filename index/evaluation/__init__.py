"""Judged topics in, measures and verdicts out: whether the results are as good as they were.

All of it is numbers, ids and kinds: how it is said to people is not decided here. An interface of
its own beside the package's root: whoever only searches does not load it. It needs the extra
`timbao[eval]` (ir-measures, PyYAML), imported where it is used.
"""

from .archive_state import ArchiveChange, ArchiveState, state_of
from .assertions import (
    AboveCheck,
    AssertionResult,
    Check,
    Finding,
    NoSuggestionCheck,
    SuggestsCheck,
    TopCheck,
    TotalCheck,
)
from .baseline import RANKING_DEPTH, Baseline, accept, baseline_text, read_baseline
from .changes import BeforeAfter, TopicChange, measure_change
from .evaluate import Evaluation, evaluate, evaluate_runs, read_run_for
from .gate import WORST, Conditions, judge
from .input_files import EvaluationInputError, EvaluationNotInstalled
from .measures import MAIN_MEASURE, MEASURES, RELATED_MEASURE, Scores, group_means, score_run
from .pool import (
    DISTRACTORS,
    FROZEN_DEPTH,
    POOL_DEPTH,
    Unjudged,
    article_line,
    frozen_ids,
    topic_runs,
    unjudged,
)
from .runs import RankedArticle, Run, read_run, run_text, run_topics
from .significance import compare
from .suite import ARTICLES_FILE, QRELS_FILE, SUITE_FILES, TOPICS_FILE, Suite, read_suite
from .tolerance import Minimum, Rule, parse_minimum, parse_rules
from .topics import Qrels, Topic, read_qrels, read_topics
from .variants import OTHER_VARIANTS, QueryVariant, typed
from .verdicts import (
    AssertionVerdict,
    ClassesVerdict,
    FloorVerdict,
    FoundVerdict,
    GateResult,
    LostVerdict,
    MeanVerdict,
    Note,
    NoteKind,
    ParityVerdict,
    Part,
    QueriesVerdict,
    RemovedVerdict,
    RestorationVerdict,
    Verdict,
)

__all__ = [
    "ARTICLES_FILE",
    "DISTRACTORS",
    "FROZEN_DEPTH",
    "MAIN_MEASURE",
    "MEASURES",
    "OTHER_VARIANTS",
    "POOL_DEPTH",
    "QRELS_FILE",
    "RANKING_DEPTH",
    "RELATED_MEASURE",
    "SUITE_FILES",
    "TOPICS_FILE",
    "WORST",
    "AboveCheck",
    "ArchiveChange",
    "ArchiveState",
    "AssertionResult",
    "AssertionVerdict",
    "Baseline",
    "BeforeAfter",
    "Check",
    "ClassesVerdict",
    "Conditions",
    "Evaluation",
    "EvaluationInputError",
    "EvaluationNotInstalled",
    "Finding",
    "FloorVerdict",
    "FoundVerdict",
    "GateResult",
    "LostVerdict",
    "MeanVerdict",
    "Minimum",
    "NoSuggestionCheck",
    "Note",
    "NoteKind",
    "ParityVerdict",
    "Part",
    "Qrels",
    "QueriesVerdict",
    "QueryVariant",
    "RankedArticle",
    "RemovedVerdict",
    "RestorationVerdict",
    "Rule",
    "Run",
    "Scores",
    "SuggestsCheck",
    "Suite",
    "TopCheck",
    "Topic",
    "TopicChange",
    "TotalCheck",
    "Unjudged",
    "Verdict",
    "accept",
    "article_line",
    "baseline_text",
    "compare",
    "evaluate",
    "evaluate_runs",
    "frozen_ids",
    "group_means",
    "judge",
    "measure_change",
    "parse_minimum",
    "parse_rules",
    "read_baseline",
    "read_qrels",
    "read_run",
    "read_run_for",
    "read_suite",
    "read_topics",
    "run_text",
    "run_topics",
    "score_run",
    "state_of",
    "topic_runs",
    "typed",
    "unjudged",
]
