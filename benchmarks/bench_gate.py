"""What the shipped relevance gate notices: one constant or feature of the search changed at a time.

    python benchmarks/bench_gate.py [--only NAME] [--table] [--json FILE]

The articles of each suite are indexed, its results accepted as the baseline, and every mutation
below is judged against it. A row says how many topics have, in any way of typing, other first ten
articles (one moved by more than a place, came or went), what fails the gate by metric, and how
many assertions and restorations fail beside that. A mutation that changes answers and passes by
metric in both suites is a hole in them: the exit code is 1 then.

--table: how often a suite of n topics, drawn from that of the sample documents, fails by nDCG@10 as
written under the mutations that lower it, for several tolerances; from 400 draws each.
"""

import random
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

from measure import Json, run_facts, write_json

from index import AccentMode, Hit, SearchPage, SearchRequest, open_engine, read_paths
from index.engines.embedded.engine import WhooshEngine
from index.evaluation import (
    AssertionVerdict,
    ClassesVerdict,
    Evaluation,
    FloorVerdict,
    MeanVerdict,
    ParityVerdict,
    QueriesVerdict,
    QueryVariant,
    RestorationVerdict,
    Verdict,
    accept,
    compare,
    evaluate,
    judge,
    read_suite,
)
from index.ranking import DEFAULT_RANKING

ROOT: Final = Path(__file__).resolve().parents[1]
SUITE: Final = ROOT / "benchmarks" / "relevance" / "suite"
RANKING: Final = ROOT / "benchmarks" / "relevance" / "ranking"
#: Each suite with its articles.
SUITES: Final = ((SUITE, ROOT / "sample_docs"), (RANKING, RANKING / "articles.jsonl"))
#: Verdicts that are about measures.
_METRICS: Final = (MeanVerdict, QueriesVerdict, ClassesVerdict, FloorVerdict, ParityVerdict)
_DEPTH: Final = 10
_DRAWS: Final = 400
_SIZES: Final = (12, 25, 50, 100, 150)
_TOLERANCES: Final = (0.02, 0.01, 0.005)
_P_VALUE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change of the search: constants, what is asked, values of modules, or no related news."""

    name: str
    constants: dict[str, Any] | None = None
    asked: dict[str, Any] | None = None
    patches: tuple[tuple[str, Any], ...] = ()
    related: bool = True


MUTATIONS: Final = (
    Mutation("title weight 3 → 1", {"zone_weights": (1.0, 2.0, 1.0, 1.0, 0.3)}),
    Mutation("lead weight 2 → 0.5", {"zone_weights": (3.0, 0.5, 1.0, 1.0, 0.3)}),
    Mutation("related zone 0.3 → 3", {"zone_weights": (3.0, 2.0, 1.0, 1.0, 3.0)}),
    Mutation("b 0.75 → 0", {"b": 0.0}),
    Mutation("b 0.75 → 0.95", {"b": 0.95}),
    Mutation("k1 0.9 → 9", {"k1": 9.0}),
    Mutation("k1 0.9 → 0.1", {"k1": 0.1}),
    Mutation("pairs off", {"pair_weight": 0.0, "short_pair_weight": 0.0}),
    Mutation("short pairs off", {"short_pair_weight": 0.0}),
    Mutation("pair_k1 0.5 → 5", {"pair_k1": 5.0}),
    Mutation("exact share 0", {"exact_share": 0.0}),
    Mutation("restored share 0", {"restored_share": 0.0}),
    Mutation("other form 0.5 → 1", {"other_form": 1.0}),
    Mutation("rarest reading 0.5 → 1", {"rarest_reading": 1.0}),
    Mutation("expansion weight 0.8 → 0.05", {"expansion_weight": 0.05}),
    Mutation("passages of questions off", {"question_gain": 0.0}),
    Mutation("passages of texts off", {"passage_gain": 0.0}),
    Mutation("shared pairs off", {"feedback_share": 0.0}),
    Mutation("expansions off", asked={"expand": False}),
    Mutation("folding off", asked={"accents": AccentMode.EXACT}),
    Mutation("keystrokes off", asked={"fix": False}),
    Mutation("feedback off", patches=(("index.query.feedback._STRENGTH", 0.0),)),
    Mutation("long queries need 0.9", patches=(("index.query.compiler.LONG_QUERY_SHARE", 0.9),)),
    Mutation("related news off", related=False),
)


class MutatedEngine(WhooshEngine):
    """An engine that is asked otherwise, or has no related news."""

    def __init__(self, folder: Path, mutation: Mutation) -> None:
        """Nothing is read yet."""
        super().__init__(folder, constants=replace(DEFAULT_RANKING, **(mutation.constants or {})))
        self._mutation = mutation

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of hits."""
        return super().search(replace(request, **(self._mutation.asked or {})))

    def related(self, doc_id: str, limit: int = 6) -> tuple[Hit, ...]:
        """Articles about the same subject, or none."""
        return super().related(doc_id, limit) if self._mutation.related else ()


@dataclass(frozen=True, slots=True)
class Row:
    """What a mutation changes and what notices it."""

    name: str
    changed: int
    metrics: tuple[str, ...]
    others: tuple[str, ...]
    differences: tuple[float, ...]
    """By topic, nDCG@10 as written."""

    @property
    def mean(self) -> float:
        """The mean of the differences."""
        return sum(self.differences) / len(self.differences)


def main() -> int:
    """Print the table; 1 where the gate has a hole."""
    options = ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    options.add_argument("--only", default="", help="mutations whose name holds this")
    options.add_argument("--table", action="store_true")
    options.add_argument("--json", type=Path)
    asked = options.parse_args()
    chosen = [mutation for mutation in MUTATIONS if asked.only in mutation.name]
    columns = []
    with TemporaryDirectory() as folder, ProcessPoolExecutor(2, get_context("spawn")) as pool:
        for suite, articles in SUITES:
            index = Path(folder) / suite.name
            build(index, articles)
            sound = evaluate(read_suite(suite), WhooshEngine(index))
            columns.append(list(pool.map(partial(judged, index, sound), chosen)))
    print("| mutation | topics changed | suite: nDCG@10, caught by | ranking: caught by | others |")
    print("| --- | ---: | --- | --- | ---: |")
    holes = []
    for news, ranking in zip(*columns, strict=True):
        changed = news.changed + ranking.changed
        if changed and not (news.metrics or ranking.metrics):
            holes.append(news.name)
        caught = [", ".join(row.metrics) or "–" for row in (news, ranking)]
        others = len(news.others) + len(ranking.others)
        print(
            f"| {news.name} | {changed} | {news.mean:+.4f}, {caught[0]} | {caught[1]} | {others} |"
        )
    for name in holes:
        print(f"passes: {name}")
    if asked.table:
        print_power(columns[0])
    record: Json = {
        "facts": run_facts(),
        "rows": [
            {"name": row.name, "changed": row.changed, "metrics": row.metrics, "others": row.others}
            for column in columns
            for row in column
        ],
    }
    write_json(asked.json, record)
    return int(bool(holes))


def build(folder: Path, articles: Path) -> None:
    """Index articles."""
    bad: list[object] = []
    with open_engine(f"whoosh:{folder}").writer() as writer:
        written = sum(writer.put_all(read_paths([articles], on_bad=bad.append)))
    assert written > 100, bad


def judged(index: Path, sound: Evaluation, mutation: Mutation) -> Row:
    """What the gate says of a mutation, beside the results without it."""
    baseline = accept(sound, None, day=date(2026, 1, 1), reason="sound")
    with patched(mutation.patches):
        mutated = evaluate(sound.full, MutatedEngine(index, mutation))
    gate = judge(mutated, baseline)
    return Row(
        mutation.name,
        changed_topics(sound, mutated),
        rules_of(gate.failed),
        tuple(described(v) for v in gate.failed if not isinstance(v, _METRICS)),
        tuple(
            mutated.as_written.of(topic) - sound.as_written.of(topic)
            for topic in sound.as_written.topics
        ),
    )


def changed_topics(before: Evaluation, after: Evaluation) -> int:
    """Topics whose first ten differ by more than a place in any way of typing."""

    def moved(variant: QueryVariant, topic: str) -> bool:
        old = before.runs[variant].top(topic, _DEPTH)
        new = after.runs[variant].top(topic, _DEPTH)
        places = {doc_id: rank for rank, doc_id in enumerate(new)}
        return len(old) != len(new) or any(
            abs(places.get(doc_id, -2) - rank) > 1 for rank, doc_id in enumerate(old)
        )

    topics = before.as_written.topics
    return sum(any(moved(variant, topic) for variant in QueryVariant) for topic in topics)


def rules_of(failed: Sequence[Verdict]) -> tuple[str, ...]:
    """The rules that fail by metric, and the classes that fell in any way of typing."""
    classes = dict.fromkeys(
        group.group for v in failed if isinstance(v, ClassesVerdict) for group in v.groups
    )
    metrics = [v for v in failed if isinstance(v, _METRICS) and not isinstance(v, ClassesVerdict)]
    rules = dict.fromkeys(map(rule_of, metrics))
    return (*rules, f"classes {', '.join(classes)}") if classes else tuple(rules)


def rule_of(verdict: Verdict) -> str:
    """A verdict in short."""
    match verdict:
        case MeanVerdict(rule=rule) | QueriesVerdict(rule=rule):
            return str(rule)
        case FloorVerdict(measure=measure):
            return f"at least {measure}"
        case ParityVerdict(variant=variant):
            return f"parity {variant}"
        case _:
            return type(verdict).__name__


def described(verdict: Verdict) -> str:
    """A verdict that is about no measure."""
    match verdict:
        case AssertionVerdict(result=result):
            return f"{result.assertion.path.name}:{result.assertion.line}"
        case RestorationVerdict(right=right, wanted=wanted):
            return f"restorations {right} of {wanted}"
        case _:
            return type(verdict).__name__


@contextmanager
def patched(patches: Sequence[tuple[str, Any]]) -> Iterator[None]:
    """The values of modules changed for a while."""
    active = [patch(name, value) for name, value in patches]
    for one in active:
        one.start()
    try:
        yield
    finally:
        for one in active:
            one.stop()


def print_power(rows: Sequence[Row]) -> None:
    """How often smaller suites notice what this one does."""
    draw = random.Random(1)  # noqa: S311  # no secret
    worse = [row for row in rows if sum(row.differences) < 0]
    seen: list[Callable[[Sequence[float]], bool]] = [
        partial(falls, tolerance=tolerance) for tolerance in _TOLERANCES
    ]
    heads = (*(f"−{tolerance:g}" for tolerance in _TOLERANCES), "−0.01, or −0.001 and p < .01")
    print(f"\n| topics | {' | '.join(heads)} |")
    print(f"| ---: |{' ---: |' * (len(_TOLERANCES) + 1)}")
    for size in _SIZES:
        shares = []
        for test in (*seen, significant):
            hits = sum(
                test(draw.sample(row.differences, min(size, len(row.differences))))
                for row in worse
                for _ in range(_DRAWS if test is not significant else _DRAWS // 10)
            )
            count = _DRAWS if test is not significant else _DRAWS // 10
            shares.append(f"{hits / (count * len(worse)):.0%}")
        print(f"| {size} | {' | '.join(shares)} |")


def falls(differences: Sequence[float], tolerance: float) -> bool:
    """Whether the mean falls by more than the tolerance."""
    return sum(differences) / len(differences) < -tolerance


def significant(differences: Sequence[float]) -> bool:
    """Whether the default rules fail."""
    if falls(differences, 0.01):
        return True
    test = compare([0.0] * len(differences), list(differences), rounds=2000)
    return test.difference < -0.001 and test.p_value < _P_VALUE


if __name__ == "__main__":
    sys.exit(main())
