"""The report on an evaluation: one HTML file that needs nothing else, no script and no network."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from index.evaluation import (
    MAIN_MEASURE,
    MEASURES,
    RANKING_DEPTH,
    RELATED_MEASURE,
    WORST,
    Baseline,
    Evaluation,
    GateResult,
    QueryVariant,
    Topic,
    group_means,
    measure_change,
    topic_changes,
)

from ..text.formatting import date_text
from .evaluation_texts import VARIANT_NAMES, note_text, printable, signed, verdict_text

__all__ = ["report_html"]

#: How many topics are shown with their rankings: the report stays small enough to be mailed.
_MOST_LOST = 30
_MOST_WON = 10
_WEAKEST = 15
_HEADLINE_LENGTH = 90
_MOST_ACCEPTANCES = 40
_NONE = "–"

#: The headline of an article by its id, None for one that the index lacks.
Headline = Callable[[str], str | None]


def report_html(
    evaluation: Evaluation,
    baseline: Baseline | None,
    gate: GateResult,
    *,
    command: str,
    headline: Headline,
) -> str:
    """The report as one HTML document, the same for the same input.

    Args:
        command: what to type to get the same numbers.
    """
    history = () if baseline is None else baseline.history[-_MOST_ACCEPTANCES:]
    written = [item.means.get(MAIN_MEASURE) for item in history]
    parities = [item.parity.get(QueryVariant.NO_ACCENTS) for item in history]
    no_accents = [
        None if mean is None or parity is None else mean * parity
        for mean, parity in zip(written, parities, strict=True)
    ]
    environment = Environment(
        loader=PackageLoader("searchapp"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["date_text"] = date_text
    page = environment.get_template("evaluation_report.html").render(
        evaluation=evaluation,
        baseline=baseline,
        gate=gate,
        command=command,
        main_measure=MAIN_MEASURE,
        most_blamed=WORST,
        variants=list(VARIANT_NAMES.values()),
        note_text=note_text,
        verdict_text=verdict_text,
        measures=_measures(evaluation, baseline),
        classes=_classes(evaluation, baseline),
        parities=_parities(evaluation, baseline),
        moved=tuple(_moved(evaluation, baseline, headline)),
        topics=_topics(evaluation, baseline),
        history=history,
        series=(("now", written), ("before", no_accents)),
    )
    return printable(page) + "\n"


@dataclass(frozen=True, slots=True)
class _RankedRow:
    """An article in a ranking of a topic."""

    doc_id: str
    headline: str | None
    grade: int | None
    move: str


@dataclass(frozen=True, slots=True)
class _MovedTopic:
    """A topic with its value and its rankings; `before` is None without a baseline."""

    topic: Topic
    value: str
    before: list[_RankedRow] | None
    now: list[_RankedRow]


def _measures(evaluation: Evaluation, baseline: Baseline | None) -> Iterator[tuple[str, ...]]:
    """Name, baseline, now, difference, topics won/lost/equal and p of every measure."""
    for measure in MEASURES:
        now = f"{evaluation.as_written.mean(measure):.4f}"
        changes = () if baseline is None else topic_changes(evaluation, baseline, measure=measure)
        if (change := measure_change(changes)) is None:
            yield measure, _NONE, now, _NONE, _NONE, _NONE
            continue
        test = change.comparison
        difference = signed(change.after - change.before)
        counts = f"{test.wins}/{test.losses}/{test.ties}"
        yield measure, f"{change.before:.4f}", now, difference, counts, f"{test.p_value:.4f}"
    if (related := evaluation.related) is not None:
        mean = f"{related.mean(RELATED_MEASURE):.4f}"
        yield f"tin liên quan, {RELATED_MEASURE}", _NONE, mean, _NONE, _NONE, _NONE


def _classes(
    evaluation: Evaluation, baseline: Baseline | None
) -> list[tuple[str, float, float | None]]:
    """Name, mean now and mean of the baseline of every class of topics."""
    before: dict[str, list[float]] = {}
    for change in () if baseline is None else topic_changes(evaluation, baseline):
        before.setdefault(change.topic.group, []).append(change.before)
    return [
        (
            f"{item.group} ({item.topics})",
            item.mean,
            sum(known) / len(known) if (known := before.get(item.group)) else None,
        )
        for item in group_means(evaluation.as_written, evaluation.suite.judged_topics)
    ]


def _parities(evaluation: Evaluation, baseline: Baseline | None) -> Iterator[tuple[str, ...]]:
    """Name, mean, parity, parity of the baseline and its least of every way of typing."""
    accepted = (
        {} if baseline is None else {**baseline.accepted.parity, QueryVariant.AS_WRITTEN: 1.0}
    )
    for variant in QueryVariant:
        parity, before = evaluation.parity(variant), accepted.get(variant)
        threshold = evaluation.suite.settings.parity.get(variant)
        yield (
            VARIANT_NAMES[variant],
            f"{evaluation.scores[variant].mean():.4f}",
            _NONE if parity is None else f"{parity:.3f}",
            _NONE if before is None else f"{before:.3f}",
            _NONE if threshold is None else f"{threshold:g}",
        )


def _topics(evaluation: Evaluation, baseline: Baseline | None) -> Iterator[tuple[str, ...]]:
    """Id, query, class, a value for every way of typing and the difference of every topic."""
    changes = () if baseline is None else topic_changes(evaluation, baseline)
    differences = {change.topic.id: signed(change.difference) for change in changes}
    for topic in evaluation.suite.judged_topics:
        values = (f"{evaluation.scores[variant].of(topic.id):.3f}" for variant in QueryVariant)
        difference = differences.get(topic.id, _NONE)
        yield topic.id, topic.query, topic.group or _NONE, *values, difference


def _moved(
    evaluation: Evaluation, baseline: Baseline | None, headline: Headline
) -> Iterator[_MovedTopic]:
    """The topics that lost most, then those that won most; the weakest without a baseline."""
    scores, run = evaluation.as_written, evaluation.runs[QueryVariant.AS_WRITTEN]

    def places(
        topic: Topic, doc_ids: tuple[str, ...], before: tuple[str, ...] | None = None
    ) -> list[_RankedRow]:
        return [
            _RankedRow(
                doc_id,
                _shortened(headline(doc_id)),
                evaluation.suite.qrels.grade(topic.id, doc_id),
                "" if before is None else _move(doc_id, rank, before),
            )
            for rank, doc_id in enumerate(doc_ids)
        ]

    if baseline is None:
        topics = sorted(evaluation.suite.judged_topics, key=lambda t: (scores.of(t.id), t.id))
        for topic in topics[:_WEAKEST]:
            if (score := scores.of(topic.id)) < 1:
                now = places(topic, run.top(topic.id, RANKING_DEPTH))
                yield _MovedTopic(topic, f"{score:.4f}", None, now)
        return
    changes = topic_changes(evaluation, baseline)
    lost = [change for change in changes if change.difference < 0]
    won = [change for change in reversed(changes) if change.difference > 0]
    for change in (*lost[:_MOST_LOST], *won[:_MOST_WON]):
        topic, before = change.topic, baseline.topics[change.topic.id].ranking
        now = places(topic, run.top(topic.id, RANKING_DEPTH), before)
        value = f"{change.before:.4f} → {change.after:.4f} ({signed(change.difference)})"
        yield _MovedTopic(topic, value, places(topic, before), now)


def _shortened(headline: str | None) -> str | None:
    if headline is None or len(headline) <= _HEADLINE_LENGTH:
        return headline
    return headline[:_HEADLINE_LENGTH] + "…"


def _move(doc_id: str, rank: int, before: tuple[str, ...]) -> str:
    if doc_id not in before:
        return "mới"
    places = before.index(doc_id) - rank
    return f"▲{places}" if places > 0 else f"▼{-places}" if places else ""
