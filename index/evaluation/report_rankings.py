"""The part of the report that shows what moved: two rankings of a topic side by side."""

from collections.abc import Iterable, Mapping
from typing import Final

from .baseline import RANKING_DEPTH, Baseline
from .changes import TopicChange, topic_changes
from .evaluate import Evaluation
from .gate import signed
from .markup import Element, element
from .topics import Topic
from .variants import Variant

#: How many topics are shown with their rankings: the report stays small enough to be mailed.
_MOST_LOST: Final = 30
_MOST_WON: Final = 10
_WEAKEST: Final = 15
_HEADLINE_LENGTH: Final = 90
_NO_GRADE: Final = "–"


def shown_changes(evaluation: Evaluation, baseline: Baseline) -> tuple[TopicChange, ...]:
    """The topics that lost most, then those that won most."""
    changes = topic_changes(evaluation, baseline)
    lost = [change for change in changes if change.difference < 0]
    won = [change for change in reversed(changes) if change.difference > 0]
    return (*lost[:_MOST_LOST], *won[:_MOST_WON])


def weakest_topics(evaluation: Evaluation) -> tuple[Topic, ...]:
    """What is shown where there is nothing to compare with: the topics with the lowest values."""
    scores = evaluation.as_written
    topics = sorted(
        evaluation.suite.judged_topics, key=lambda topic: (scores.of(topic.id), topic.id)
    )
    return tuple(topic for topic in topics[:_WEAKEST] if scores.of(topic.id) < 1)


def shown_articles(evaluation: Evaluation, baseline: Baseline | None) -> tuple[str, ...]:
    """The ids of all articles in the rankings that the report shows."""
    if baseline is None:
        rankings = [_now(evaluation, topic) for topic in weakest_topics(evaluation)]
    else:
        topics = [change.topic for change in shown_changes(evaluation, baseline)]
        rankings = [_now(evaluation, topic) for topic in topics]
        rankings += [baseline.topics[topic.id].ranking for topic in topics]
    return tuple(sorted({doc_id for found in rankings for doc_id in found}))


def ranking_details(
    evaluation: Evaluation, baseline: Baseline | None, headlines: Mapping[str, str]
) -> Iterable[Element]:
    """One collapsible part for each topic."""
    if baseline is None:
        for topic in weakest_topics(evaluation):
            value = f"{evaluation.as_written.of(topic.id):.4f}"
            now = _ranking(evaluation, topic, _now(evaluation, topic), None, headlines)
            yield _details(topic, value, element("div", _column("Hiện nay", now), class_="pair"))
        return
    for change in shown_changes(evaluation, baseline):
        topic = change.topic
        before, after = baseline.topics[topic.id].ranking, _now(evaluation, topic)
        value = f"{change.before:.4f} → {change.after:.4f} ({signed(change.difference)})"
        pair = element(
            "div",
            _column("Baseline", _ranking(evaluation, topic, before, None, headlines)),
            _column("Hiện nay", _ranking(evaluation, topic, after, before, headlines)),
            class_="pair",
        )
        yield _details(topic, value, pair)


def _now(evaluation: Evaluation, topic: Topic) -> tuple[str, ...]:
    return evaluation.runs[Variant.AS_WRITTEN].top(topic.id, RANKING_DEPTH)


def _details(topic: Topic, value: str, content: Element) -> Element:
    name = element("b", f"{topic.id} “{topic.query}”")
    group = f" · {topic.group}" if topic.group else ""
    return element(
        "details", element("summary", name, f"{group} · {value}"), content, id=f"topic-{topic.id}"
    )


def _column(title: str, ranking: Element) -> Element:
    return element("div", element("h3", title), ranking)


def _ranking(
    evaluation: Evaluation,
    topic: Topic,
    doc_ids: tuple[str, ...],
    before: tuple[str, ...] | None,
    headlines: Mapping[str, str],
) -> Element:
    """The articles in order, each with its grade; with `before`, also how far it moved."""
    if not doc_ids:
        return element("p", "Không có kết quả.")
    rows = []
    for rank, doc_id in enumerate(doc_ids):
        grade = evaluation.suite.qrels.grade(topic.id, doc_id)
        headline = headlines.get(doc_id, "(chỉ mục không có bài này)")
        shown = headline[:_HEADLINE_LENGTH] + ("…" if len(headline) > _HEADLINE_LENGTH else "")
        cells: list[Element | str] = [
            element("b", _NO_GRADE if grade is None else str(grade), class_=f"grade g{grade or 0}"),
            f" {shown} ",
            element("small", doc_id),
        ]
        if before is not None:
            cells.append(element("small", _move(doc_id, rank, before), class_="move"))
        rows.append(element("li", *cells))
    return element("ol", *rows)


def _move(doc_id: str, rank: int, before: tuple[str, ...]) -> str:
    if doc_id not in before:
        return " mới"
    places = before.index(doc_id) - rank
    if not places:
        return ""
    return f" ▲{places}" if places > 0 else f" ▼{-places}"
