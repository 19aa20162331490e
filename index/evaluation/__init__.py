"""Judged topics in, measures and verdicts out: whether the results are as good as they were.

An interface of its own beside the package's root: whoever only searches does not load it. It needs
the extra `timbao[eval]` (ir-measures, PyYAML), imported where it is used.
"""

from .baseline import Baseline, accept, baseline_text, read_baseline
from .changes import MeasureChange, TopicChange, group_changes, measure_change, topic_changes
from .evaluate import Evaluation, evaluate, related_run
from .gate import WORST, GateResult, Verdict, VerdictKind, judge, signed
from .input_files import EvaluationInputError, EvaluationNotInstalled
from .junit import junit_xml
from .measures import MAIN_MEASURE, MEASURES, GroupMean, Scores, group_means, score_run
from .report import report_html
from .report_rankings import shown_articles
from .runs import DEFAULT_RUN_NAME, RankedArticle, Run, read_run, run_text, run_topics
from .significance import Comparison, compare
from .suite import Suite, read_suite
from .tolerance import Rule, parse_rules
from .topics import Qrels, Topic, read_qrels, read_topics
from .variants import OTHER_VARIANTS, Variant, typed

__all__ = [
    "DEFAULT_RUN_NAME",
    "MAIN_MEASURE",
    "MEASURES",
    "OTHER_VARIANTS",
    "WORST",
    "Baseline",
    "Comparison",
    "Evaluation",
    "EvaluationInputError",
    "EvaluationNotInstalled",
    "GateResult",
    "GroupMean",
    "MeasureChange",
    "Qrels",
    "RankedArticle",
    "Rule",
    "Run",
    "Scores",
    "Suite",
    "Topic",
    "TopicChange",
    "Variant",
    "Verdict",
    "VerdictKind",
    "accept",
    "baseline_text",
    "compare",
    "evaluate",
    "group_changes",
    "group_means",
    "judge",
    "junit_xml",
    "measure_change",
    "parse_rules",
    "read_baseline",
    "read_qrels",
    "read_run",
    "read_suite",
    "read_topics",
    "related_run",
    "report_html",
    "run_text",
    "run_topics",
    "score_run",
    "shown_articles",
    "signed",
    "topic_changes",
    "typed",
]
