"""What each cache is worth: the same work with it and without it, in turns, as ratios.

    python benchmarks/bench_caches.py [--corpus news20k] [--articles N] [--rounds 3] [--json FILE]

Every round measures each cache switched off in a process of its own, between two processes with
all of them. Times are CPU time of the thread, what nine of ten take at most: a search asked before
(warm), a search never asked (new, in a generation that is warm otherwise), a suggestion while a
headline is typed, and the tokens of articles. A ratio above 1 is what the cache saves.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from statistics import median
from time import thread_time
from typing import Any, Final

from bench_index import FOLDER, built
from corpora import Corpus, add_corpus_options, corpus_of
from measure import Child, Json, in_child, run_facts, write_json
from queries import queries_for

from index import SearchRequest, SuggestRequest
from index.engines.embedded.engine import SnapshotSearcher, WhooshEngine
from index.segments.inversion import Inverter

_PER_CLASS: Final = 12
_ARTICLES: Final = 300
_WORK: Final = ("warm", "new", "suggestion", "tokens")

Switch = Callable[[SnapshotSearcher], None]


class _Keeps:
    """Stands for a Memo or ByteCache that keeps nothing."""

    def get(self, _: Hashable, *arguments: Any, **__: Any) -> Any:
        """The value, made anew."""
        return next(made for made in reversed(arguments) if not isinstance(made, type))()


def _function(module: str, name: str) -> Switch:
    """Unwraps a cached function wherever it was imported."""

    def switch(_: SnapshotSearcher) -> None:
        cached = getattr(sys.modules[module], name)
        for each in list(sys.modules.values()):
            for attribute, value in list(vars(each).items()):
                if value is cached:
                    setattr(each, attribute, cached.__wrapped__)

    return switch


def _method(path: str) -> Switch:
    """Unwraps a cached method of one object."""

    def switch(searcher: SnapshotSearcher) -> None:
        owner, name = _owner(searcher, path)
        object.__setattr__(owner, name, getattr(owner, name).__wrapped__)

    return switch


def _memo(path: str) -> Switch:
    def switch(searcher: SnapshotSearcher) -> None:
        owner, name = _owner(searcher, path)
        object.__setattr__(owner, name, _Keeps())

    return switch


def _vocabularies(searcher: SnapshotSearcher) -> None:
    for part in searcher.snapshot.parts:
        for vocabulary in (part.segment.terms, part.segment.words):
            object.__setattr__(vocabulary, "_looked_up", _Keeps())


def _owner(searcher: SnapshotSearcher, path: str) -> tuple[Any, str]:
    *steps, name = path.split(".")
    owner: Any = searcher
    for step in steps:
        owner = getattr(owner, step)
    return owner, name


#: Cache → how to switch it off.
CACHES: Final[dict[str, Switch]] = {
    "Snapshot.cache": _memo("snapshot.cache"),
    "QueryInterpreter.compiled": _memo("interpreter.compiled"),
    "QueryInterpreter.term_sets": _memo("interpreter.term_sets"),
    "QueryInterpreter.totals": _memo("interpreter.totals"),
    "Lexicon.variants": _method("lexicon.variants"),
    "Lexicon.pair_counts": _method("lexicon.pair_counts"),
    "BlendedCounts.candidates_of": _method("counts.candidates_of"),
    "BlendedCounts.pairs_of": _method("counts.pairs_of"),
    "Vocabulary.numbers": _vocabularies,
    "Completer.total": _method("_completer._total"),
    "spelling.compatible": _function("analyzers.spelling", "compatible"),
    "spelling.begins_with": _function("analyzers.spelling", "begins_with"),
    "syllables.is_syllable": _function("analyzers.syllables", "is_syllable"),
    "tokenizer.expand_piece": _function("analyzers.tokenizer", "_expand_cached"),
    "tokenizer.expand_word": _function("analyzers.tokenizer", "_expand_word_cached"),
    "legacy.is_clean_syllable": _function("analyzers.legacy", "_is_clean_syllable"),
}


def measure(child: Child, name: str | None, corpus: Corpus, folder: Path) -> Json:
    """Milliseconds of each kind of work for nine of ten, with one cache switched off."""
    articles = corpus.articles()
    texts = [query.text for query in queries_for(articles, _PER_CLASS, corpus)]
    engine = WhooshEngine(folder)
    searcher = engine._current()
    engine.suggest(SuggestRequest(text="ha n"))
    for text in texts[::7]:
        engine.search(SearchRequest(query=text, highlight=True))
    if name is not None:
        CACHES[name](searcher)
    child.ready()
    new = [_timed(engine.search, SearchRequest(query=text)) for text in texts]
    warm = [
        _timed(engine.search, SearchRequest(query=text, highlight=True))
        for _ in range(3)
        for text in texts
    ]
    typed = [article.headline[:end] for article in articles[:40] for end in range(1, 16, 2)]
    suggested = [_timed(engine.suggest, SuggestRequest(text=text)) for text in typed]
    inverter = Inverter()
    records = [article.to_json() for article in articles[-_ARTICLES:]]
    parts = [records[at : at + 20] for at in range(0, len(records), 20)]
    tokens = [_timed(inverter.invert, part) for part in parts]
    times = (warm, new, suggested, tokens)
    ninths = [sorted(each)[9 * len(each) // 10] for each in times]
    return dict(zip(_WORK, [round(each * 1000, 4) for each in ninths], strict=True))


def _timed(work: Callable[[Any], object], argument: object) -> float:
    started = thread_time()
    work(argument)
    return thread_time() - started


def ratios(corpus: Corpus, folder: Path, rounds: int) -> list[Json]:
    """For each cache and kind of work the median ratio of without it to with it."""
    found: dict[str, list[list[float]]] = {name: [] for name in CACHES}
    for _ in range(rounds):
        before = in_child(measure, None, corpus, folder)
        for name in CACHES:
            without = in_child(measure, name, corpus, folder)
            after = in_child(measure, None, corpus, folder)
            both = [without[work] / ((before[work] + after[work]) / 2) for work in _WORK]
            found[name].append(both)
            before = after
            print(f"{name}: {_shown(both)}", flush=True)
    return [
        {"cache": name, **dict(zip(_WORK, map(median, zip(*each, strict=True)), strict=True))}
        for name, each in found.items()
    ]


def _shown(values: Sequence[float]) -> str:
    return ", ".join(f"{work} {value:.2f}" for work, value in zip(_WORK, values, strict=True))


def main() -> None:
    """Measure every cache; see the module's description."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_corpus_options(parser, "news20k")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures there")
    options = parser.parse_args()
    corpus = corpus_of(options)
    folder = built("Tìm Báo", corpus, FOLDER)
    rows = ratios(corpus, folder, options.rounds)
    record = {"benchmark": "caches", "corpus": corpus.label, "facts": run_facts(), "caches": rows}
    write_json(options.json, record)


if __name__ == "__main__":
    main()
