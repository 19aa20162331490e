"""Process start to first answer: `timbao search`, `timbao serve` and the second `make serve`.

    python benchmarks/bench_start.py [--corpus news60k] [--runs 10] [--make-serve]

The index is made by the command line too (`timbao index`), from the corpus's own file, unless an
earlier run left it below --folder; its rate is reported. The first start is not counted, so files
are in the page cache. Each run asserts that every search found something.
"""

import json
import shutil
from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter

from bench_index import FOLDER, is_built, mark_built
from corpora import NEWS, REPOSITORY, Corpus, add_corpus_options, corpus_of
from measure import Json, percentiles, run_facts, write_json
from programs import Server, run, timbao
from queries import queries_for


def indexed_by_command(corpus: Corpus, folder: Path) -> Json:
    """Index the corpus's file with `timbao index`; what the command reports."""
    source = REPOSITORY / "sample_docs" if corpus.name == "sample" else NEWS
    shutil.rmtree(folder, ignore_errors=True)
    _, printed = run(timbao("index", str(source), "--json", "--index", f"whoosh:{folder}"))
    report: Json = json.loads(printed)
    assert not report["bad"], f"{report['bad']} records of the corpus cannot be read"
    mark_built(folder)
    return {key: report[key] for key in ("indexed", "seconds", "rate")}


def start_to_answer(folder: Path, corpus: Corpus, runs: int) -> Json:
    """Percentiles of `timbao search QUERY` as a whole process."""
    seconds = []
    queries = queries_for(corpus.articles(), runs + 1, corpus)
    for query in queries[:: len(queries) // (runs + 1)][: runs + 1]:
        taken, printed = run(timbao("search", query.text, "--index", f"whoosh:{folder}"))
        assert printed.strip(), f"nothing was printed for {query.text}"
        seconds.append(taken)
    return percentiles(seconds[1:])


def serve_to_answer(command: list[str], path: str, runs: int) -> Json:
    """Percentiles from the start of a serving command to its first page; one start before."""
    seconds = []
    for _ in range(runs + 1):
        started = perf_counter()
        with Server(command) as server:
            server.until_answer(path)
            seconds.append(perf_counter() - started)
    return percentiles(seconds[1:])


def main() -> None:
    """Run what the command line asks for."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_corpus_options(parser)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--make-serve", action="store_true", help="measure `make serve` as well")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    if options.corpus == "grown" or options.articles is not None:
        parser.error("the command line indexes whole files: --corpus sample or news60k")
    corpus = corpus_of(options)
    if corpus.name == "news20k":
        parser.error("news20k is a part of a file: --corpus sample or news60k")
    facts = run_facts()
    folder = options.folder / corpus.label / "command-line"
    indexed = None if is_built(folder) else indexed_by_command(corpus, folder)
    search = start_to_answer(folder, corpus, options.runs)
    serve = timbao("serve", "--port", "0", "--index", f"whoosh:{folder}")
    results = {"search": search, "serve": serve_to_answer(serve, "/search?q=ha+noi", options.runs)}
    if options.make_serve:
        make = ["make", "serve", "ARGS=--port 0"]
        results["make_serve"] = serve_to_answer(make, "/search?q=ha+noi", 1)
    if indexed:
        print(f"timbao index: {indexed['indexed']:,} articles, {indexed['rate']:,} a second")
    for name, row in results.items():
        print(f"{name:12} p50 {row['p50_ms']:8.0f} ms   max {row['max_ms']:8.0f} ms")
    write_json(
        options.json,
        {
            "benchmark": "start",
            "facts": facts,
            "corpus": corpus.label,
            "indexed": indexed,
            **results,
        },
    )


if __name__ == "__main__":
    main()
