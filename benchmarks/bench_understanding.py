"""What understanding a query costs: looking up its syllables, planning it, restoring accents.

    python benchmarks/bench_understanding.py [--corpus news20k] [--articles N] [--queries 200]

Look-up: every form of every folded syllable, and of every two neighbours. Plan: from the text to
the plan that retrieval runs. Restore: from the tokens to the best accented reading. All of it is
CPU time of one query. Warm: asked before, the caches filled; the first of the rounds does not
count. Cold: every query meets an empty lexicon; the index files are in the page cache and the
prior is loaded (its loading is timed apart). No posting is scored here: bench_query.py does that.

Each run asserts that a query is always read alike and that neither pyvi nor scikit-learn was
imported.
"""

import gc
import sys
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import thread_time
from typing import Final

from bench_index import FOLDER, built
from corpora import add_corpus_options, corpus_of
from measure import Json, percentiles, run_facts, write_json
from queries import Kind, Query, queries_for

from analyzers import analyze
from index import SearchRequest
from index.engines.embedded.engine import WhooshEngine
from index.query.lexicon import Lexicon
from index.query.prior import BlendedCounts, load_prior
from index.query.restore import restore
from index.results.interpretation import QueryInterpreter
from index.results.snapshot_backend import SnapshotArchive
from index.retrieval.snapshot import Snapshot
from index.retrieval.vocabulary import SnapshotVocabulary
from index.segments.array_file import Array

_REQUEST: Final = SearchRequest(limit=10)
#: What only the indexing side may import.
_HEAVY: Final = ("pyvi", "sklearn", "sklearn_crfsuite", "pycrfsuite")

Step = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Understanding:
    """The query side of one snapshot with caches of its own."""

    reader: QueryInterpreter[Array]

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Understanding":
        """Everything that a new generation makes anew."""
        lexicon = Lexicon(SnapshotVocabulary(snapshot))
        return cls(QueryInterpreter(SnapshotArchive(snapshot), lexicon, BlendedCounts(lexicon)))

    def steps(self) -> dict[str, Step]:
        """The timed steps by name."""
        return {"look-up": self.look_up, "plan": self.plan, "restore": self.restore}

    def look_up(self, text: str) -> object:
        """The forms of all syllables and neighbours."""
        lexicon = self.reader.lexicon
        folds = [token.folded for token in analyze(text)]
        forms = [lexicon.variants(fold) for fold in folds]
        return forms, [lexicon.pair_counts(first, second) for first, second in pairwise(folds)]

    def plan(self, text: str) -> object:
        """Text → plan."""
        return self.reader.compile(_REQUEST, text, None).plan

    def restore(self, text: str) -> object:
        """Text → best accented reading."""
        return restore(self.reader.counts, analyze(text)).forms


class Times:
    """Seconds by step, state and class of queries; every result must be the first one."""

    def __init__(self) -> None:
        self.samples: defaultdict[tuple[str, str, str], list[float]] = defaultdict(list)
        self._first: dict[tuple[str, str], object] = {}

    def run(self, name: str, step: Step, query: Query, state: str | None) -> None:
        """Run one step; without a state it is not counted."""
        started = thread_time()
        result = step(query.text)
        seconds = thread_time() - started
        first = self._first.setdefault((name, query.text), result)
        assert result == first, f"{name}: {query.text} was read in another way"
        if state is not None:
            for group in ("all", query.kind.value):
                self.samples[name, state, group].append(seconds)

    def rows(self) -> list[Json]:
        """Percentiles of every group."""
        return [
            {"step": name, "state": state, "class": group, **percentiles(seconds)}
            for (name, state, group), seconds in self.samples.items()
        ]


def measure(snapshot: Snapshot, queries: Sequence[Query], rounds: int) -> Times:
    """Warm and cold times of every step on every query."""
    times = Times()
    gc.collect()
    gc.freeze()
    warm = Understanding.of(snapshot)
    for done in range(rounds + 1):
        for query in queries:
            for name, step in warm.steps().items():
                times.run(name, step, query, "warm" if done else None)
    for query in queries:
        for name in warm.steps():
            times.run(name, Understanding.of(snapshot).steps()[name], query, "cold")
    return times


def main() -> None:
    """Run what the command line asks for."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_corpus_options(parser, default="news20k")
    parser.add_argument("--queries", type=int, default=200, help="of each class")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    corpus = corpus_of(options)
    facts = run_facts()
    folder = built("Tìm Báo", corpus, options.folder)
    queries = queries_for(corpus.articles(), options.queries, corpus)
    snapshot = WhooshEngine(folder)._current().snapshot
    started = thread_time()
    load_prior()
    prior_seconds = thread_time() - started
    rows = measure(snapshot, queries, options.rounds).rows()
    heavy = [module for module in _HEAVY if module in sys.modules]
    assert not heavy, f"the query side imported {heavy}"
    print(f"{corpus.label}, {len(queries):,} queries, CPU ms: p50 / p95 / p99")
    for group in ("all", *(kind.value for kind in Kind)):
        for row in (row for row in rows if row["class"] == group):
            print(
                f"{group:15} {row['step']:8} {row['state']:5}"
                f" {row['p50_ms']:8.3f} {row['p95_ms']:8.3f} {row['p99_ms']:8.3f}"
            )
    print(f"the prior is loaded in {prior_seconds * 1000:.0f} ms, once in a process")
    write_json(
        options.json,
        {
            "benchmark": "understanding",
            "facts": facts,
            "corpus": corpus.label,
            "queries": len(queries),
            "prior_load_ms": round(prior_seconds * 1000, 1),
            "rows": rows,
        },
    )


if __name__ == "__main__":
    main()
