"""Indexing rate, index size and peak memory, beside stock Whoosh, SQLite FTS5, Tantivy and bm25s.

    python benchmarks/bench_index.py [--corpus news20k] [--articles N] [--engines "Tìm Báo" Tantivy]

Every engine indexes the same articles, one engine after the other, each in a process of its own
that has them in memory before the clock starts; folding the marks belongs to the time, ending
with the commit. The indexes stay below --folder, where bench_query.py finds them. Each run
asserts that every engine holds every article.
"""

import os
import shutil
from argparse import ArgumentParser
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from time import perf_counter

from contenders import CONTENDERS, index_folder
from corpora import REPOSITORY, Corpus, add_corpus_options, corpus_of, text_bytes
from measure import Child, Json, in_child, run_facts, write_json

FOLDER = REPOSITORY / "var" / "bench"
#: The folders of the engines whose indexes our code has no part in.
_PEERS = {
    index_folder(FOLDER, "", name).name for name in CONTENDERS if not name.startswith("Tìm Báo")
}


def build(child: Child, name: str, corpus: Corpus, folder: Path) -> Json:
    """Index a corpus with one engine and measure it; runs in a child process."""
    articles = corpus.articles()
    text = text_bytes(articles)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    child.ready()
    before, started = os.times(), perf_counter()
    count = CONTENDERS[name].build(articles, folder)
    seconds, after = perf_counter() - started, os.times()
    assert count == len(articles), f"{name} holds {count} of {len(articles)} articles"
    sizes = CONTENDERS[name].sizes(folder)
    without = None if sizes.stored is None else round((sizes.total - sizes.stored) / text, 3)
    return {
        "engine": name,
        "articles": count,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(sum(after[:4]) - sum(before[:4]), 2),
        "articles_per_s": round(count / seconds, 1),
        "text_bytes": text,
        "index_bytes": sizes.total,
        "bytes_per_text_byte": round(sizes.total / text, 3),
        "bytes_per_text_byte_without_stored": without,
    }


def built(name: str, corpus: Corpus, root: Path) -> Path:
    """The folder of an engine's index over a corpus, made where it is missing."""
    folder = index_folder(root, corpus.label, name)
    if not is_built(folder):
        measure_build(name, corpus, folder)
    return folder


def measure_build(name: str, corpus: Corpus, folder: Path) -> Json:
    """Index a corpus in a process of its own; its figures."""
    print(f"{name} indexes {corpus.label} …", flush=True)
    folder.with_suffix(".done").unlink(missing_ok=True)
    figures = in_child(build, name, corpus, folder)
    mark_built(folder)
    return figures


def is_built(folder: Path) -> bool:
    """Whether the code as it is now has left a whole index there."""
    mark = folder.with_suffix(".done")
    return mark.is_file() and mark.read_text() == _code_digest(folder.name)


def mark_built(folder: Path) -> None:
    """Note that the index is whole, and which code made it."""
    folder.with_suffix(".done").write_text(_code_digest(folder.name))


def _code_digest(engine: str) -> str:
    """Changes with every file that may decide what an engine's index holds."""
    folders = ["benchmarks/contenders"]
    if engine not in _PEERS:
        folders += ["analyzers", "index"]
    files = sorted(p for folder in folders for p in (REPOSITORY / folder).rglob("*.py"))
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def print_rows(rows: Sequence[Json]) -> None:
    """The figures as a table."""
    print(f"{'':22}{'articles/s':>11}{'CPU s':>9}{'without':>9}{'with':>7}{'peak MB':>9}")
    for row in rows:
        without = row["bytes_per_text_byte_without_stored"]
        print(
            f"{row['engine']:22}{row['articles_per_s']:>11,}{row['cpu_seconds']:>9,}"
            f"{'–' if without is None else without:>9}{row['bytes_per_text_byte']:>7}"
            f"{row['peak_mb']:>9,}"
        )
    print("with, without: bytes on disk a byte of text, with and without stored text")


def main() -> None:
    """Run what the command line asks for."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_corpus_options(parser, default="news20k")
    parser.add_argument("--engines", nargs="+", choices=list(CONTENDERS), default=list(CONTENDERS))
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    corpus = corpus_of(options)
    facts = run_facts()
    rows = [
        measure_build(name, corpus, index_folder(options.folder, corpus.label, name))
        for name in options.engines
    ]
    print_rows(rows)
    write_json(
        options.json,
        {"benchmark": "index", "facts": facts, "corpus": corpus.label, "engines": rows},
    )


if __name__ == "__main__":
    main()
