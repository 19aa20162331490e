"""Judged topics in, measures and verdicts out: whether the results are as good as they were.

All of it is numbers, ids and kinds: how it is said to people is not decided here. An interface of
its own beside the package's root: whoever only searches does not load it. It needs the extra
`timbao[eval]` (ir-measures, PyYAML), imported where it is used.
"""

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
from .changes import TopicChange, measure_change, topic_changes
from .evaluate import Evaluation, evaluate
from .gate import (
    WORST,
    AssertionVerdict,
    ClassesVerdict,
    FloorVerdict,
    GateResult,
    MeanVerdict,
    Note,
    NoteKind,
    ParityVerdict,
    QueriesVerdict,
    RestorationVerdict,
    Verdict,
    judge,
)
from .input_files import EvaluationInputError, EvaluationNotInstalled
from .measures import MAIN_MEASURE, MEASURES, RELATED_MEASURE, Scores, group_means, score_run
from .runs import RankedArticle, Run, read_run, run_text, run_topics
from .significance import compare
from .suite import Suite, read_suite
from .tolerance import Rule, parse_rules
from .topics import Qrels, Topic, read_qrels, read_topics
from .variants import OTHER_VARIANTS, QueryVariant, typed

__all__ = [
    "MAIN_MEASURE",
    "MEASURES",
    "OTHER_VARIANTS",
    "RANKING_DEPTH",
    "RELATED_MEASURE",
    "WORST",
    "AboveCheck",
    "AssertionResult",
    "AssertionVerdict",
    "Baseline",
    "Check",
    "ClassesVerdict",
    "Evaluation",
    "EvaluationInputError",
    "EvaluationNotInstalled",
    "Finding",
    "FloorVerdict",
    "GateResult",
    "MeanVerdict",
    "NoSuggestionCheck",
    "Note",
    "NoteKind",
    "ParityVerdict",
    "Qrels",
    "QueriesVerdict",
    "QueryVariant",
    "RankedArticle",
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
    "Verdict",
    "accept",
    "baseline_text",
    "compare",
    "evaluate",
    "group_means",
    "judge",
    "measure_change",
    "parse_rules",
    "read_baseline",
    "read_qrels",
    "read_run",
    "read_suite",
    "read_topics",
    "run_text",
    "run_topics",
    "score_run",
    "topic_changes",
    "typed",
]
