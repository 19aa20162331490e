"""What each cache is worth: the same work with it and without it, in turns, as ratios.

    python benchmarks/bench_caches.py [--corpus news20k] [--articles N] [--rounds 3] [--json FILE]
        [--caches NAME ...] [--cluster opensearch://127.0.0.1:9200]

Every round measures each cache switched off in a process of its own, between two processes with
all of them. Times are CPU time of the thread, what nine of ten take at most: a search asked before
(warm), a search never asked (new, in a generation that is warm otherwise), a suggestion while a
headline is typed, the tokens of articles, and all authors of an archive of 3,000 in alphabetical
order. A ratio above 1 is what the cache saves.

What the generation of a cluster remembers is no matter of CPU time: with --cluster, requests to
the cluster are counted instead, for the sample documents, and only of that cache.
"""

import gc
import sys
import uuid
from argparse import ArgumentParser
from collections.abc import Callable, Hashable, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import thread_time
from typing import Any, Final

from bench_index import FOLDER, built
from corpora import Corpus, add_corpus_options, corpus_of
from measure import Child, Json, in_child, run_facts, write_json
from queries import queries_for

from analyzers import segmentation, tokenizer
from index import Article, SearchRequest, SuggestRequest, open_engine
from index.engines.cluster.cluster_engine import OpenSearchEngine
from index.engines.cluster.connection import Cluster
from index.engines.cluster.generation import Remembered
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.snapshot_searcher import SnapshotSearcher
from index.segments import inversion
from searchapp.query.facet_values import facet_labels
from searchapp.query.params import SearchParams

_PER_CLASS: Final = 12
_ARTICLES: Final = 300
_AUTHORS: Final = 3_000
_WORK: Final = ("warm", "new", "suggestion", "tokens", "labels")

Switch = Callable[[SnapshotSearcher], None]


class _Keeps:
    """Stands for a Memo or ByteCache that keeps nothing."""

    def get(self, _: Hashable, *arguments: Any, **__: Any) -> Any:
        """The value, made anew."""
        return next(made for made in reversed(arguments) if not isinstance(made, type))()


class _Forgets(dict[Any, Any]):
    """Stands for a dictionary that is a cache, and keeps nothing."""

    def __setitem__(self, _: object, __: object) -> None:
        """Forget it."""


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


def _known_keys(_: SnapshotSearcher) -> None:
    tokenizer._known_keys = _Forgets()


def _filled_when_missed(name: str) -> Switch:
    """Empties the segmenter's table of that class and lets it keep nothing."""

    def switch(_: SnapshotSearcher) -> None:
        segmenter = segmentation.segmenter()
        for owner in (segmenter, segmenter._labeller):
            for table in vars(owner).values():
                if type(table).__name__ == name:
                    type(table).__setitem__ = _Forgets.__setitem__
                    table.clear()

    return switch


def _pieces(_: SnapshotSearcher) -> None:
    begin = inversion.Inverter._begin_anew

    def begin_anew(self: inversion.Inverter) -> None:
        begin(self)
        self._entries = _Forgets()

    inversion.Inverter._begin_anew = begin_anew  # type: ignore[method-assign]


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
    "Suggester.offers": _memo("suggester.offers"),
    "Lexicon.variants": _memo("lexicon._variants"),
    "Lexicon.pair_counts": _memo("lexicon._pairs"),
    "Lexicon.compounds": _memo("lexicon._compounds"),
    "BlendedCounts.candidates_of": _memo("counts._readings"),
    "BlendedCounts.pairs_of": _memo("counts._pairs"),
    "Vocabulary.numbers": _vocabularies,
    "Completer.total": _method("_completer._total"),
    "spelling.compatible": _function("analyzers.spelling", "compatible"),
    "spelling.begins_with": _function("analyzers.spelling", "begins_with"),
    "syllables.is_syllable": _function("analyzers.syllables", "is_syllable"),
    "tokenizer.expand_piece": _function("analyzers.tokenizer", "_expand_cached"),
    "tokenizer.expand_word": _function("analyzers.tokenizer", "_expand_word_cached"),
    "legacy.is_clean_syllable": _function("analyzers.legacy", "_is_clean_syllable"),
    "tokenizer.words_with": _known_keys,
    "segmentation.shapes": _filled_when_missed("_Shapes"),
    "segmentation.token_types": _filled_when_missed("_TokenTypes"),
    "Inverter.entries": _pieces,
    "archive_labels.label_key": _function("searchapp.query.archive_labels", "label_key"),
    "facet_values.place": _function("searchapp.query.facet_values", "_place"),
}


def measure(child: Child, name: str | None, corpus: Corpus, folder: Path, authors: Path) -> Json:
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
    inverter = inversion.Inverter()
    records = [article.to_json() for article in articles[-_ARTICLES:]]
    parts = [records[at : at + 20] for at in range(0, len(records), 20)]
    tokens = [_timed(inverter.invert, part) for part in parts]
    by_author, everything = WhooshEngine(authors), SearchParams()

    def labels(name: str) -> None:
        assert len(facet_labels(by_author, everything, name, prefix="", by_count=False)) == _AUTHORS

    labels("author")
    gc.collect()
    gc.freeze()  # or one list in sixteen pays for all that is in memory
    listed = [_timed(labels, "author") for _ in range(40)]
    times = (warm, new, suggested, tokens, listed)
    ninths = [sorted(each)[9 * len(each) // 10] for each in times]
    return dict(zip(_WORK, [round(each * 1000, 4) for each in ninths], strict=True))


def _timed(work: Callable[[Any], object], argument: object) -> float:
    started = thread_time()
    work(argument)
    return thread_time() - started


def write_authors(corpus: Corpus, folder: Path) -> None:
    """An archive of 3,000 articles, each by an author of its own."""
    syllables = sorted({word for article in corpus.articles() for word in article.headline.split()})
    size = len(syllables)
    with WhooshEngine(folder).writer() as writer:
        for number in range(_AUTHORS):
            name = f"{syllables[number % size]} {syllables[number * 7 % size]} số {number}"
            writer.put(Article(id=f"a{number}", headline="Tin", authors=(name,)))


def ratios(
    corpus: Corpus, folder: Path, authors: Path, rounds: int, names: Sequence[str]
) -> list[Json]:
    """For each cache and kind of work the median ratio of without it to with it."""
    found: dict[str, list[list[float]]] = {name: [] for name in names}
    for _ in range(rounds):
        before = in_child(measure, None, corpus, folder, authors)
        for name in names:
            without = in_child(measure, name, corpus, folder, authors)
            after = in_child(measure, None, corpus, folder, authors)
            both = [without[work] / ((before[work] + after[work]) / 2) for work in _WORK]
            found[name].append(both)
            before = after
            print(f"{name}: {_shown(both)}", flush=True)
    return [
        {"cache": name, **dict(zip(_WORK, map(median, zip(*each, strict=True)), strict=True))}
        for name, each in found.items()
    ]


def requests_of(address: str) -> Json:
    """Requests to a cluster without what its generation remembers of earlier calls, as ratios."""
    corpus = Corpus("sample", 0)
    articles = corpus.articles()
    texts = [query.text for query in queries_for(articles, _PER_CLASS, corpus)]
    typed = [article.headline[:end] for article in articles[:40] for end in range(1, 16, 2)]
    searches = [SearchRequest(query=text, highlight=True) for text in texts]
    suggestions = [SuggestRequest(text=text) for text in typed]
    work: dict[str, Sequence[SearchRequest | SuggestRequest]] = {
        "new": searches,
        "warm": searches,
        "suggestion": suggestions,
    }
    asked: list[Cluster] = []
    call = Cluster.call

    def counted(cluster: Cluster, request: Callable[[Any], Any]) -> Any:
        asked.append(cluster)
        return call(cluster, request)

    Cluster.call = counted  # type: ignore[method-assign, assignment]
    totals: dict[bool, list[int]] = {}
    for forgets in (False, True):
        with closing(open_engine(f"{address.rstrip('/')}/bench{uuid.uuid4().hex[:8]}")) as engine:
            assert isinstance(engine, OpenSearchEngine)
            with engine.writer() as writer:
                assert all(writer.put_all(articles))
            generation = engine._current().generation
            totals[forgets] = []
            for requests in work.values():
                before = len(asked)
                for request in requests:
                    if forgets:
                        generation._counts = Remembered()
                    if isinstance(request, SearchRequest):
                        engine.search(request)
                    else:
                        engine.suggest(request)
                totals[forgets].append(len(asked) - before)
    print(f"requests for {', '.join(work)}: {totals[False]}, without {totals[True]}")
    ratio = {
        name: without / kept
        for name, kept, without in zip(work, totals[False], totals[True], strict=True)
    }
    return {"cache": "ClusterGeneration.counts", **ratio}


def _shown(values: Sequence[float]) -> str:
    return ", ".join(f"{work} {value:.2f}" for work, value in zip(_WORK, values, strict=True))


def main() -> None:
    """Measure every cache; see the module's description."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_corpus_options(parser, "news20k")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--caches", nargs="+", choices=CACHES, default=list(CACHES))
    parser.add_argument("--cluster", metavar="ADDRESS", help="count requests to it, of its cache")
    options = parser.parse_args()
    corpus = corpus_of(options)
    if options.cluster:
        rows = [requests_of(options.cluster)]
    else:
        folder = built("Tìm Báo", corpus, FOLDER)
        with TemporaryDirectory() as authors:
            write_authors(corpus, Path(authors))
            rows = ratios(corpus, folder, Path(authors), options.rounds, options.caches)
    record = {"benchmark": "caches", "corpus": corpus.label, "facts": run_facts(), "caches": rows}
    write_json(options.json, record)


if __name__ == "__main__":
    main()
