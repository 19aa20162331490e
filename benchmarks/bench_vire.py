"""The two development sets of the ViRE benchmark in its own protocol, beside its published table.

    python benchmarks/bench_vire.py [--constants question_gain=0]

nDCG@10 and R@10, times 100. Published figures: ViRE (Findings of EACL 2026), nDCG@10 of the best
dense and the best hybrid retriever that it tried. The gain and window of questions were chosen
with these two sets among others, so the row without them (`question_gain=0`) is the one that
nothing was fitted to.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Final

from bench_index import FOLDER
from bench_relevance import OURS, built, ranking_constants
from contenders.base import TOP
from judged_sets import VIRE, judged_set

from index.engines.embedded.engine import WhooshEngine
from index.evaluation import QueryVariant, run_topics, score_run

#: Set → TF-IDF, BM25, best dense model, best hybrid.
PUBLISHED: Final = {
    "ALQAC": (90.31, 93.59, 95.47, 97.40),
    "ViRHE4QA": (73.60, 80.34, 76.96, 85.23),
}
_MEASURES: Final = ("nDCG@10", "R@10")


def main() -> None:
    """Index both sets, ask every question, print the table."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--constants", nargs="*", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    constants = ranking_constants(options.constants)
    print("| set | TF-IDF | BM25 | dense | hybrid | here | R@10 | no accents | R@10 |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in VIRE:
        judged = judged_set(name)
        engine = WhooshEngine(built(OURS, judged, options.folder), constants=constants)
        cells = [f"{value:.2f}" for value in PUBLISHED[name]]
        for variant in (QueryVariant.AS_WRITTEN, QueryVariant.NO_ACCENTS):
            run = run_topics(engine, judged.topics, limit=TOP, variant=variant)
            scores = score_run(judged.qrels, run, _MEASURES)
            topics = [topic.id for topic in judged.topics]
            cells += [f"{100 * scores.mean(measure, topics):.2f}" for measure in _MEASURES]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
