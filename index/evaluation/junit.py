"""Verdicts as JUnit XML, which CI systems show as tests."""

from collections.abc import Iterator

from .evaluate import Evaluation
from .gate import GateResult, Verdict
from .markup import Element, element, xml_text
from .measures import MEASURES


def junit_xml(evaluation: Evaluation, gate: GateResult) -> str:
    """A test case for every condition and one for every topic.

    A topic fails where a condition that failed names it, so a passing gate has no failures.
    """
    name = evaluation.suite.settings.name
    suites = [
        _suite(f"{name}: conditions", [_condition(verdict) for verdict in gate.verdicts]),
        _suite(f"{name}: topics", list(_topics(evaluation, gate))),
    ]
    return xml_text(element("testsuites", *suites, name=name))


def _suite(name: str, cases: list[Element]) -> Element:
    failures = sum(case.find("failure") is not None for case in cases)
    return element("testsuite", *cases, name=name, tests=len(cases), failures=failures, errors=0)


def _condition(verdict: Verdict) -> Element:
    message = f"cần {verdict.expected}, được {verdict.got}"
    named = [f"{change.topic.id} {change.topic.query!r}" for change in verdict.topics]
    text = "\n".join([message, *named, *verdict.details])
    failure = [] if verdict.passed else [element("failure", text, message=message)]
    return element("testcase", *failure, classname=verdict.kind, name=verdict.name)


def _topics(evaluation: Evaluation, gate: GateResult) -> Iterator[Element]:
    reasons: dict[str, list[str]] = {}
    for verdict in gate.failed:
        for change in verdict.topics:
            reason = f"{verdict.name}: {change.before:.4f} → {change.after:.4f}"
            reasons.setdefault(change.topic.id, []).append(reason)
    scores = evaluation.as_written
    for topic in evaluation.suite.judged_topics:
        values = "\n".join(f"{name} {scores.of(topic.id, name):.4f}" for name in MEASURES)
        found = reasons.get(topic.id, [])
        failure = [element("failure", "\n".join(found), message=found[0])] if found else []
        yield element(
            "testcase",
            *failure,
            element("system-out", values),
            classname=f"topic.{topic.group or 'all'}",
            name=f"{topic.id} {topic.query}",
        )
