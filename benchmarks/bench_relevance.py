"""nDCG@10 on the development sets, typed in several ways, beside the other engines.

    python benchmarks/bench_relevance.py [--every 1] [--sets questions] [--engines "Tìm Báo"]

The sets: `judged_sets.py`.

This engine answers its default search. The peers are asked for articles with any of the query's
folded words; the slow ones are asked a part of the queries, and this engine's nDCG@10 on the same
queries stands beside theirs. The indexes stay below --folder.
"""

import shutil
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from bench_index import FOLDER, is_built, mark_built
from contenders import CONTENDERS, Retrieval, index_folder
from contenders.base import TOP
from judged_sets import JUDGED_SETS, JudgedSet, judged_set
from measure import Json, run_facts, write_json
from queries import Form, Kind, Query

from index.engines.embedded.engine import WhooshEngine
from index.evaluation import (
    Qrels,
    QueryVariant,
    RankedArticle,
    Run,
    Topic,
    run_topics,
    score_run,
    typed,
)
from index.ranking import RankingConstants

MEASURE: Final = "nDCG@10"
OURS: Final = "Tìm Báo"
COMPARED: Final = (QueryVariant.AS_WRITTEN, QueryVariant.NO_ACCENTS, QueryVariant.HALF)
VARIANTS: Final = (*COMPARED, QueryVariant.OTHER_TONE)


@dataclass(frozen=True, slots=True)
class PeerScore:
    """A peer's nDCG@10 by way of typing, and this engine's on the same queries if it was asked."""

    queries: int
    values: dict[QueryVariant, float]
    ours: dict[QueryVariant, float] | None


#: nDCG@10 of a set's topics in one way of typing.
Mean = Callable[[QueryVariant, Sequence[Topic]], float]


def main() -> None:
    """Index both sets with every engine, score every way of typing, print a table of each set."""
    engines = [name for name in CONTENDERS if "processes" not in name]
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="ask every n-th query only")
    parser.add_argument("--sets", nargs="+", choices=list(JUDGED_SETS), default=list(JUDGED_SETS))
    parser.add_argument("--engines", nargs="+", choices=engines, default=engines)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument(
        "--constants",
        nargs="*",
        default=[],
        metavar="NAME=VALUE",
        help="of the table in index/ranking.py, instead of the defaults",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    result: Json = {"benchmark": "relevance", "run": run_facts(), "every": options.every}
    result["peers"] = {}
    for name in options.sets:
        judged = judged_set(name, options.every)
        constants = ranking_constants(options.constants)
        ours = own_mean(judged, options.folder, constants) if OURS in options.engines else None
        own = {way: ours(way, judged.topics) for way in VARIANTS} if ours else {}
        peers = peer_scores(judged, options.engines, options.folder, ours)
        print_table(judged, own, peers)
        result[judged.name] = {str(way): value for way, value in own.items()}
        result["peers"][judged.name] = [_record(name, score) for name, score in peers.items()]
    write_json(options.json, result)


def ranking_constants(changes: Sequence[str]) -> RankingConstants:
    """The defaults with some of them changed: `pair_weight=0.38`, `zone_weights=3,1.5,1,1,0.3`."""
    values: dict[str, Any] = {}
    for change in changes:
        name, _, text = change.partition("=")
        numbers = tuple(map(float, text.split(",")))
        values[name] = numbers if name == "zone_weights" else numbers[0]
    return replace(RankingConstants(), **values)


def own_mean(judged: JudgedSet, root: Path, constants: RankingConstants) -> Mean:
    """nDCG@10 of this engine's default search."""
    engine = WhooshEngine(built(OURS, judged, root), constants=constants)

    @cache
    def run(variant: QueryVariant) -> Run:
        return run_topics(engine, judged.topics, limit=TOP, variant=variant)

    return lambda variant, topics: _mean(judged.qrels, run(variant), topics)


def peer_scores(
    judged: JudgedSet, engines: Sequence[str], root: Path, ours: Mean | None
) -> dict[str, PeerScore]:
    """nDCG@10 of every way to ask the peers that takes any of the words."""
    scores = {}
    for name in engines:
        if name == OURS:
            continue
        for retrieval in CONTENDERS[name].open(built(name, judged, root)):
            if Kind.LONG_OR not in retrieval.kinds:
                continue
            topics = judged.topics[:: round(1 / retrieval.share)]
            values = {}
            for variant, run in peer_runs(retrieval, topics):
                values[variant] = _mean(judged.qrels, run, topics)
            same = {way: ours(way, topics) for way in COMPARED} if ours else None
            scores[retrieval.name] = PeerScore(len(topics), values, same)
    return scores


def peer_runs(retrieval: Retrieval, topics: Sequence[Topic]) -> Iterator[tuple[QueryVariant, Run]]:
    """What a peer finds, by way of typing; what folds to the same words is asked once."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for variant in COMPARED:
        form = Form.STRIPPED if variant is QueryVariant.NO_ACCENTS else Form.ACCENTED
        rankings = {}
        for topic in topics:
            query = Query(Kind.LONG_OR, form, tuple(typed(topic.query, variant).split()))
            if query.folded not in found:
                found[query.folded] = retrieval.ids(retrieval.prepare(query)())
            ids = found[query.folded]
            assert len(ids) <= TOP, f"{retrieval.name}: {query.text}: {len(ids)} articles"
            rankings[topic.id] = tuple(
                RankedArticle(doc_id, float(TOP - place)) for place, doc_id in enumerate(ids)
            )
        yield variant, Run(retrieval.name, rankings)


def built(name: str, judged: JudgedSet, root: Path) -> Path:
    """The folder of an engine's index over a set's articles, made where it is missing."""
    folder = index_folder(root, f"relevance-{judged.archive}", name)
    if not is_built(folder):
        print(f"{name} indexes the articles of {judged.archive} …", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        articles = list(judged.articles())
        count = CONTENDERS[name].build(articles, folder)
        assert count == len(articles), f"{name} holds {count} of {len(articles)} articles"
        mark_built(folder)
    return folder


def print_table(
    judged: JudgedSet, own: dict[QueryVariant, float], peers: dict[str, PeerScore]
) -> None:
    """nDCG@10 as a table in Markdown, this engine again beside peers asked fewer queries."""
    print(f"\n| {judged.name} | queries | as written | no accents | half of them |")
    print("|---|---|---|---|---|")
    asked = {len(judged.topics)}
    if own:
        _print_row(OURS, len(judged.topics), own)
    for name, score in sorted(peers.items(), key=lambda item: -item[1].queries):
        if score.ours and score.queries not in asked:
            _print_row(f"{OURS}, the same queries", score.queries, score.ours)
            asked.add(score.queries)
        _print_row(name, score.queries, score.values)
    if own:
        print(f"\n{OURS}, other tone placement, decomposed: {own[QueryVariant.OTHER_TONE]:.4f}")


def _print_row(name: str, queries: int, values: dict[QueryVariant, float]) -> None:
    cells = (f"{values[way]:.3f}".removeprefix("0") for way in COMPARED)
    print(f"| {name} | {queries:,} | {' | '.join(cells)} |", flush=True)


def _record(name: str, score: PeerScore) -> Json:
    record: Json = {"engine": name, "queries": score.queries}
    record |= {str(way): value for way, value in score.values.items()}
    if score.ours:
        record["ours_same_queries"] = {str(way): value for way, value in score.ours.items()}
    return record


def _mean(qrels: Qrels, run: Run, topics: Sequence[Topic]) -> float:
    return score_run(qrels, run, (MEASURE,)).mean(MEASURE, [topic.id for topic in topics])


if __name__ == "__main__":
    main()
