"""Evaluations for programs: JSON, and the JUnit XML that builds show as tests."""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from index.evaluation import (
    MEASURES,
    RELATED_MEASURE,
    AssertionVerdict,
    Baseline,
    BeforeAfter,
    Evaluation,
    GateResult,
    Minimum,
    Scores,
    Topic,
    TopicChange,
    compare,
    group_means,
    measure_change,
)

from ..documents.json_text import Json
from ..text.messages import Gettext
from .evaluation_texts import note_text, printable, verdict_text

__all__ = ["check_document", "history_document", "junit_xml", "score_document", "score_junit_xml"]


def check_document(
    evaluation: Evaluation, baseline: Baseline | None, gate: GateResult, code: int, _: Gettext
) -> Json:
    """What `check --json` prints; `exit_code` is that of the command."""
    archive = evaluation.archive
    return {
        "suite": evaluation.suite.settings.name,
        "passed": gate.passed,
        "exit_code": code,
        "unchanged": gate.unchanged,
        "baseline": None if baseline is None else _accepted(baseline),
        "archive": None
        if archive is None
        else {
            "articles": archive.articles,
            "digest": archive.digest,
            "generation": archive.generation,
            "change": gate.change,
        },
        "means": {
            str(variant): {measure: scores.mean(measure) for measure in MEASURES}
            for variant, scores in evaluation.scores.items()
        },
        "parity": {str(name): evaluation.parity(name) for name in evaluation.other_variants},
        "related": None
        if evaluation.related is None
        else {RELATED_MEASURE: evaluation.related.mean(RELATED_MEASURE)},
        "differences": {} if gate.compared is None else _differences(gate.compared),
        "verdicts": [
            {
                "kind": text.kind,
                "name": text.name,
                "passed": verdict.passed,
                "expected": text.expected,
                "got": text.got,
                "details": text.details,
                "topics": [_change(change) for change in verdict.topics],
            }
            for verdict in gate.verdicts
            for text in [verdict_text(verdict, _)]
        ],
        "notes": [
            {"kind": note.kind.name.lower(), "text": note_text(note, _), "ids": note.ids}
            for note in gate.notes
        ],
        "topics": [
            {
                "id": topic.id,
                "query": topic.query,
                "class": topic.group,
                "values": {
                    str(variant): scores.values[topic.id]
                    for variant, scores in evaluation.scores.items()
                },
            }
            for topic in evaluation.suite.judged_topics
        ],
    }


def history_document(baseline: Baseline | None) -> Json:
    """What `baseline --json` prints: every acceptance, the oldest first."""
    archive = None if baseline is None else baseline.archive
    return {
        "history": () if baseline is None else baseline.history,
        "archive": None
        if archive is None
        else {"articles": archive.articles, "digest": archive.digest},
    }


def score_document(
    runs: Sequence[tuple[str, Scores]], topics: Sequence[Topic], minimums: Sequence[Minimum]
) -> Json:
    """What `score --json` prints."""
    first = runs[0][1]
    return {
        "passed": all(item.holds(scores) for _name, scores in runs for item in minimums),
        "runs": [
            {
                "name": name,
                "means": {measure: scores.mean(measure) for measure in MEASURES},
                "classes": {item.group: item.mean for item in group_means(scores, topics)},
                "topics": scores.values,
                "minimums": [
                    {
                        "measure": item.measure,
                        "least": item.least,
                        "got": scores.mean(item.measure),
                        "passed": item.holds(scores),
                    }
                    for item in minimums
                ],
                "against_first": compare(
                    [first.of(topic) for topic in first.topics],
                    [scores.of(topic) for topic in first.topics],
                ),
            }
            for name, scores in runs
        ],
    }


def junit_xml(evaluation: Evaluation, gate: GateResult, _: Gettext) -> str:
    """A test case for every condition and one for every topic, with seconds, as JUnit XML.

    A topic fails where a condition that failed names it, so a passing gate has no failures.
    """
    name = evaluation.suite.settings.name
    root = _element(None, "testsuites", name=name)
    conditions = _element(root, "testsuite", name=": ".join((name, _("điều kiện"))))
    reasons: dict[str, list[str]] = {}
    for verdict in gate.verdicts:
        text = verdict_text(verdict, _)
        seconds = verdict.result.seconds if isinstance(verdict, AssertionVerdict) else 0.0
        case = _case(conditions, text.kind, text.name, seconds)
        if verdict.passed:
            continue
        message = _("cần %(expected)s, được %(got)s", expected=text.expected, got=text.got)
        named = (f"{change.topic.id} {change.topic.query!r}" for change in verdict.topics)
        _element(case, "failure", "\n".join((message, *named, *text.details)), message=message)
        for change in verdict.topics:
            reason = f"{text.name}: {change.before:.4f} → {change.after:.4f}"
            reasons.setdefault(change.topic.id, []).append(reason)
    topics = _element(root, "testsuite", name=": ".join((name, _("chủ đề"))))
    for topic in evaluation.suite.judged_topics:
        seconds = evaluation.seconds.get(topic.id, 0.0)
        case = _topic_case(topics, topic, evaluation.as_written, seconds)
        if found := reasons.get(topic.id):
            case.insert(0, _element(None, "failure", "\n".join(found), message=found[0]))
    return _finished(root)


def score_junit_xml(
    runs: Sequence[tuple[str, Scores]],
    topics: Sequence[Topic],
    minimums: Sequence[Minimum],
    seconds: Mapping[str, float],
    _: Gettext,
) -> str:
    """The same for runs alone: a suite for each, with its minimums and its topics.

    Args:
        seconds: what reading and measuring each run took, shared out among its topics.
    """
    listed = {topic.id: topic for topic in topics}
    root = _element(None, "testsuites", name="timbao eval score")
    for name, scores in runs:
        suite = _element(root, "testsuite", name=name)
        for item in minimums:
            got = scores.mean(item.measure)
            title = _("%(measure)s tối thiểu", measure=item.measure)
            case = _case(suite, "floor", title, 0.0)
            if not item.holds(scores):
                message = _(
                    "cần %(expected)s, được %(got)s", expected=f"≥ {item.least:g}", got=f"{got:.4f}"
                )
                _element(case, "failure", message, message=message)
        share = seconds[name] / max(1, len(scores.topics))
        for topic in scores.topics:
            _topic_case(suite, listed.get(topic, Topic(topic, "")), scores, share)
    return _finished(root)


def _accepted(baseline: Baseline) -> Json:
    accepted = baseline.accepted
    return {"day": accepted.day, "reason": accepted.reason, "commit": accepted.commit}


def _differences(compared: BeforeAfter) -> Json:
    named = [
        *((measure, compared.topic_changes(measure=measure)) for measure in compared.measures),
        (f"related {RELATED_MEASURE}", compared.related_changes()),
    ]
    return {name: change for name, found in named if (change := measure_change(found)) is not None}


def _change(change: TopicChange) -> Json:
    topic = change.topic
    return {"id": topic.id, "query": topic.query, "before": change.before, "after": change.after}


def _topic_case(suite: Element, topic: Topic, scores: Scores, seconds: float) -> Element:
    title = f"{topic.id} {topic.query}".rstrip()
    case = _case(suite, f"topic.{topic.group or 'all'}", title, seconds)
    values = (f"{measure} {scores.of(topic.id, measure):.4f}" for measure in MEASURES)
    _element(case, "system-out", "\n".join(values))
    return case


def _case(suite: Element, classname: str, name: str, seconds: float) -> Element:
    return _element(suite, "testcase", classname=classname, name=name, time=f"{seconds:.3f}")


def _finished(root: Element) -> str:
    """The document, with the numbers of each suite and of all of them."""
    for suite in (*root, root):
        cases = list(suite.iter("testcase"))
        seconds = sum(float(case.get("time", "0")) for case in cases)
        suite.attrib |= {
            "tests": str(len(cases)),
            "failures": str(len(suite.findall(".//testcase/failure"))),
            "errors": "0",
            "time": f"{seconds:.3f}",
        }
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return declaration + tostring(root, encoding="unicode") + "\n"


def _element(parent: Element | None, tag: str, text: str = "", **attributes: str) -> Element:
    cleaned = {name: printable(value) for name, value in attributes.items()}
    made = Element(tag, cleaned) if parent is None else SubElement(parent, tag, cleaned)
    made.text = printable(text) or None
    return made
