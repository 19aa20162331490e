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
    BeforeAfter,
    Evaluation,
    GateResult,
    QueryVariant,
    Topic,
    group_means,
    measure_change,
)

from ..text.formatting import date_text
from ..text.messages import Gettext
from .evaluation_texts import (
    archive_text,
    gettext_of,
    note_text,
    printable,
    related_title,
    sentence,
    signed,
    variant_name,
    verdict_text,
)

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
    headline: Headline | None,
    lang: str,
) -> str:
    """The report as one HTML document, the same for the same input.

    Args:
        command: what to type to get the same numbers.
        headline: None where only the ids of articles are known.
        lang: one of the LANGUAGES.
    """
    _ = gettext_of(lang)
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
        variants=[variant_name(variant, _) for variant in evaluation.scores],
        note_text=note_text,
        verdict_text=verdict_text,
        sentence=sentence,
        archive=None if gate.change is None else archive_text(gate.change, _),
        measures=_measures(evaluation, gate.compared, _),
        classes=_classes(evaluation, gate.compared),
        parities=_parities(evaluation, baseline, _),
        moved=tuple(_moved(evaluation, baseline, gate.compared, headline, _)),
        topics=_topics(evaluation, gate.compared),
        ids_only=headline is None,
        lang=lang,
        _=_,
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
    """A topic, typed in one way, with its rankings; `before` is None without a baseline."""

    topic: Topic
    variant: str
    value: str
    before: list[_RankedRow] | None
    now: list[_RankedRow]


def _measures(
    evaluation: Evaluation, compared: BeforeAfter | None, _: Gettext
) -> Iterator[tuple[str, ...]]:
    """Name, baseline, now, difference, topics won/lost/equal and p of every measure."""
    rows = [
        (
            measure,
            evaluation.as_written.mean(measure),
            () if compared is None else compared.topic_changes(measure=measure),
        )
        for measure in MEASURES
    ]
    if (scores := evaluation.related) is not None:
        changes = () if compared is None else compared.related_changes()
        rows.append((related_title(_), scores.mean(RELATED_MEASURE), changes))
    for name, now, changes in rows:
        if (change := measure_change(changes)) is None:
            yield name, _NONE, f"{now:.4f}", _NONE, _NONE, _NONE
            continue
        test = change.comparison
        difference = signed(change.after - change.before)
        counts = f"{test.wins}/{test.losses}/{test.ties}"
        shown = (f"{change.before:.4f}", f"{change.after:.4f}", difference, counts)
        yield name, *shown, f"{test.p_value:.4f}"


def _classes(
    evaluation: Evaluation, compared: BeforeAfter | None
) -> list[tuple[str, float, float | None]]:
    """Name, mean now and mean of the baseline of every class of topics."""
    before: dict[str, list[float]] = {}
    for change in () if compared is None else compared.topic_changes():
        before.setdefault(change.topic.group, []).append(change.before)
    return [
        (
            f"{item.group} ({item.topics})",
            item.mean,
            sum(known) / len(known) if (known := before.get(item.group)) else None,
        )
        for item in group_means(evaluation.as_written, evaluation.suite.judged_topics)
    ]


def _parities(
    evaluation: Evaluation, baseline: Baseline | None, _: Gettext
) -> Iterator[tuple[str, ...]]:
    """Name, mean, parity, parity of the baseline and its least of every way of typing."""
    accepted = (
        {} if baseline is None else {**baseline.accepted.parity, QueryVariant.AS_WRITTEN: 1.0}
    )
    for variant, scores in evaluation.scores.items():
        parity, before = evaluation.parity(variant), accepted.get(variant)
        threshold = evaluation.suite.settings.parity.get(variant)
        yield (
            variant_name(variant, _),
            f"{scores.mean():.4f}",
            _NONE if parity is None else f"{parity:.3f}",
            _NONE if before is None else f"{before:.3f}",
            _NONE if threshold is None else f"{threshold:g}",
        )


def _topics(evaluation: Evaluation, compared: BeforeAfter | None) -> Iterator[tuple[str, ...]]:
    """Id, query, class, a value for every way of typing and the difference of every topic."""
    changes = () if compared is None else compared.topic_changes()
    differences = {change.topic.id: signed(change.difference) for change in changes}
    for topic in evaluation.suite.judged_topics:
        values = (f"{scores.of(topic.id):.3f}" for scores in evaluation.scores.values())
        difference = differences.get(topic.id, _NONE)
        yield topic.id, topic.query, topic.group or _NONE, *values, difference


def _moved(
    evaluation: Evaluation,
    baseline: Baseline | None,
    compared: BeforeAfter | None,
    headline: Headline | None,
    _: Gettext,
) -> Iterator[_MovedTopic]:
    """The topics that lost most in any way of typing, then those that won most.

    A way of typing whose rankings are those of the topic as written is not shown beside it.
    Without a baseline: the weakest.
    """

    def places(
        topic: Topic, doc_ids: tuple[str, ...], before: tuple[str, ...] | None = None
    ) -> list[_RankedRow]:
        return [
            _RankedRow(
                doc_id,
                None if headline is None else _shortened(headline(doc_id)),
                evaluation.suite.qrels.grade(topic.id, doc_id),
                "" if before is None else _move(doc_id, rank, before, _),
            )
            for rank, doc_id in enumerate(doc_ids)
        ]

    if baseline is None or compared is None:
        scores, run = evaluation.as_written, evaluation.runs[QueryVariant.AS_WRITTEN]
        topics = sorted(evaluation.suite.judged_topics, key=lambda t: (scores.of(t.id), t.id))
        for topic in topics[:_WEAKEST]:
            if (score := scores.of(topic.id)) < 1:
                now = places(topic, run.top(topic.id, RANKING_DEPTH))
                yield _MovedTopic(topic, "", f"{score:.4f}", None, now)
        return
    found = []
    shown: dict[str, set[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for number, variant in enumerate(evaluation.scores):
        for change in compared.topic_changes(variant):
            topic_id = change.topic.id
            before = baseline.topics[topic_id].ranking(variant)[:RANKING_DEPTH]
            after = evaluation.runs[variant].top(topic_id, RANKING_DEPTH)
            pairs = shown.setdefault(topic_id, set())
            if change.difference and (before, after) not in pairs:
                pairs.add((before, after))
                found.append((change.difference, number, change, variant, before, after))
    found.sort(key=lambda item: (item[0], item[2].topic.id, item[1]))
    lost = [item for item in found if item[0] < 0]
    won = [item for item in reversed(found) if item[0] > 0]
    for difference, _number, change, variant, before, after in (
        *lost[:_MOST_LOST],
        *won[:_MOST_WON],
    ):
        topic = change.topic
        value = f"{change.before:.4f} → {change.after:.4f} ({signed(difference)})"
        yield _MovedTopic(
            topic,
            variant_name(variant, _),
            value,
            places(topic, before),
            places(topic, after, before),
        )


def _shortened(headline: str | None) -> str | None:
    if headline is None or len(headline) <= _HEADLINE_LENGTH:
        return headline
    return headline[:_HEADLINE_LENGTH] + "…"


def _move(doc_id: str, rank: int, before: tuple[str, ...], _: Gettext) -> str:
    if doc_id not in before:
        return _("mới")
    places = before.index(doc_id) - rank
    return f"▲{places}" if places > 0 else f"▼{-places}" if places else ""
