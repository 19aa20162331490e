"""JSON results → docs/performance.md with its plots, and the figures in benchmarks/README.md.

    python benchmarks/report.py benchmarks/runs/2026-11-23

The folder holds what the benchmarks wrote with --json, any of them, for any corpora.
"""

import json
import re
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import bars
from bars import Bar
from corpora import REPOSITORY
from measure import Json
from plots import bar_plot, line_plot, number
from queries import Form, Kind

DOCS: Final = REPOSITORY / "docs"
README: Final = REPOSITORY / "benchmarks" / "README.md"
_FIGURES: Final = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- end of figures -->)", re.DOTALL)
#: The corpora that the bars are for; without a result for it, the largest corpus is shown.
_BAR_CORPORA: Final = {"index": "news20k-20000", "growth": "grown-200000"}
_BAR_CORPUS: Final = "news60k-60000"
_MODULES_SHOWN: Final = 16
_CACHED_WORK: Final = {
    "warm": "search asked before",
    "new": "new search",
    "suggestion": "suggestion",
    "tokens": "tokens of articles",
    "labels": "3,000 authors",
}
_BARS: Final[dict[str, Callable[[Json], Iterator[Bar]]]] = {
    "index": bars.index_bars,
    "query": bars.query_bars,
    "start": bars.start_bars,
    "suggest": bars.suggest_bars,
    "fresh": bars.fresh_bars,
    "memory": bars.memory_bars,
    "growth": bars.growth_bars,
    "load": bars.load_bars,
}


def read_results(folder: Path) -> dict[str, list[Json]]:
    """The results by benchmark, the smallest corpus first."""
    results: dict[str, list[Json]] = {}
    for path in sorted(folder.glob("*.json")):
        result = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(result, dict) and result.get("benchmark") in {
            *_BARS,
            "profile",
            "caches",
            "serve",
        }:
            results.setdefault(result["benchmark"], []).append(result)
    for several in results.values():
        several.sort(key=lambda result: _corpus_size(result["corpus"]))
    return results


def chosen(results: dict[str, list[Json]], benchmark: str) -> Json | None:
    """The result that the bars are held against."""
    wanted = _BAR_CORPORA.get(benchmark, _BAR_CORPUS)
    there = results.get(benchmark, [])
    found = [result for result in there if result["corpus"] == wanted] or there
    return found[-1] if found else None


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; the first column is text, the others are numbers."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def bar_table(results: dict[str, list[Json]]) -> str:
    """Every bar with its corpus, what was measured and the verdict."""
    rows = []
    for benchmark, bars_of in _BARS.items():
        result = chosen(results, benchmark)
        if result is None:
            continue
        for bar in bars_of(result):
            sign, unit = ("≥" if bar.at_least else "≤"), f" {bar.unit}" if bar.unit else ""
            stretch = "–" if bar.stretch is None else f"{sign} {number(bar.stretch)}"
            measured, limit = f"{number(bar.measured)}{unit}", f"{sign} {number(bar.limit)}"
            meant = result["corpus"] == _BAR_CORPORA.get(benchmark, _BAR_CORPUS)
            verdict = bar.verdict if meant else "not the corpus meant"
            rows.append([bar.what, result["corpus"], measured, limit, stretch, verdict])
    return table(["what", "corpus", "measured", "bar", "stretch", ""], rows)


def index_table(result: Json) -> str:
    """Rate, size and memory of every engine."""
    heads = ["", "articles/s", "CPU s", "bytes/byte", "with stored text", "peak MB"]
    fields = (
        *("articles_per_s", "cpu_seconds", "bytes_per_text_byte_without_stored"),
        *("bytes_per_text_byte", "peak_mb"),
    )
    rows = (
        [row["engine"], *("–" if row[name] is None else number(row[name]) for name in fields)]
        for row in result["engines"]
    )
    return table(heads, rows)


def latency_table(rows: Sequence[Json]) -> str:
    """p50 / p95 / p99 in ms: engines across, classes and forms down."""
    engines = list(dict.fromkeys(row["engine"] for row in rows))
    cells = {(row["engine"], row["class"], row["form"]): row for row in rows}
    lines = []
    for kind in Kind:
        for form in Form:
            line = [f"{kind.value}, {form.value}"]
            for engine in engines:
                row = cells.get((engine, kind.value, form.value))
                times = [] if row is None else [number(row[f"p{p}_ms"]) for p in (50, 95, 99)]
                line.append(" / ".join(times) or "–")
            lines.append(line)
    return table(["p50 / p95 / p99, ms", *engines], lines)


def suggest_table(rows: Sequence[Json]) -> str:
    """p50 / p95 / p99 in ms: forms and states across, lengths down."""
    heads = list(dict.fromkeys((row["form"], row["state"]) for row in rows))
    cells = {(row["form"], row["state"], row["letters"]): row for row in rows}
    lines = [
        [letters, *(_times(cells[form, state, letters]) for form, state in heads)]
        for letters in dict.fromkeys(row["letters"] for row in rows)
    ]
    names = [f"{form}, {state}" for form, state in heads]
    return table(["letters; p50 / p95 / p99, ms", *names], lines)


def fresh_table(result: Json) -> str:
    """Searches and suggestions before and after each commit, and what was asked."""
    rows = [
        [
            each["kind"],
            number(each["commit_ms"]),
            number(each["found_ms"]),
            _times(each["warm"]),
            _times(each["fresh"]),
            f"{number(each['p50_ratio'])} / {number(each['p95_ratio'])}",
            f"{number(each['suggest_warm_ms'])} → {number(each['suggest_fresh_ms'])}",
        ]
        for each in result["commits"]
    ]
    heads = [
        *("commit", "ms", "until found, ms", "search before, p50 / p95 / p99, ms"),
        *("after", "after ÷ before, p50 / p95", "slowest suggestion, ms"),
    ]
    return (
        f"{result['queries']:,} different headlines, half of them without accents, CPU time"
        f" (`benchmarks/bench_fresh.py`). Resident afterwards: {result['memory']['rss_mb']} MB.\n\n"
        f"{table(heads, rows)}"
    )


def _times(row: Json) -> str:
    return " / ".join(number(row[f"p{p}_ms"]) for p in (50, 95, 99))


def profile_table(searches: Sequence[Json]) -> str:
    """The median of each search alone, and the modules that take most of it."""
    largest: dict[str, float] = {}
    for search in searches:
        for module, share in search["shares"].items():
            largest[module] = max(share, largest.get(module, 0))
    modules = sorted(largest, key=lambda module: -largest[module])[:_MODULES_SHOWN]
    rows = [["p50, ms", *(number(search["p50_ms"]) for search in searches)]]
    for module in modules:
        found = (search["shares"].get(module) for search in searches)
        rows.append([f"`{module}`", *("–" if share is None else f"{share:.0%}" for share in found)])
    return table(["", *(search["search"] for search in searches)], rows)


def sections(results: dict[str, list[Json]]) -> Iterator[str]:
    """The parts of the page."""
    all_facts = [result["facts"] for several in results.values() for result in several]
    facts = all_facts[0]
    load = max(run["load_before"] for run in all_facts)
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    yield (
        "# Performance\n\nWritten by `benchmarks/report.py`; how everything is measured stands in"
        " [benchmarks/README.md](../benchmarks/README.md).\n\n"
        f"Measured {facts['date']} on {facts['cores']} cores ({facts['processor']}),"
        f" {facts['memory_gib']} GiB, Python {facts['python']}; {versions}. The load average before"
        f" a run was {load} at most.\n"
    )
    yield "## Bars\n\nAt its worst over query classes and forms.\n\n" + bar_table(results)
    for result in results.get("index", []):
        yield f"## Indexing, {result['corpus']}\n\n{index_table(result)}"
    if query := chosen(results, "query"):
        yield (
            "## Queries\n\n![Latency by engine](performance-latency.svg)\n\n"
            "Top 10 with exact total, CPU time, warm. Whoosh and FTS5 are asked fewer queries.\n"
        )
        wrong = query["totals"].get("wrong_totals", {})
        if any(wrong.values()):
            yield f"Totals that are wrong: {wrong}\n"
    for result in results.get("query", []):
        yield f"### {result['corpus']}\n\n{latency_table(result['warm'])}"
        if result["cold"]:
            named = [
                {**row, "engine": "in the page cache" if row["page_cache"] else "on disk"}
                for row in result["cold"]
            ]
            yield f"Cold, the whole search by the clock:\n\n{latency_table(named)}"
    for result in results.get("profile", []):
        yield (
            f"## Where the time goes, {result['corpus']}\n\nSix to ten words, CPU time: ten"
            " highlighted hits asked again, and the search asked for the first time with the index"
            " in the page cache. Alone in its process, not in turns with other engines, which empty"
            f" the processor's caches; shares by cProfile.\n\n{profile_table(result['searches'])}"
        )
    for result in results.get("suggest", []):
        first = result["first"]
        yield (
            f"## Suggestions, {result['corpus']}\n\n{result['headlines']:,} headlines that the"
            " archive does not have, typed letter by letter; CPU time of one call.\n\n"
            f"{suggest_table(result['warm'])}\nThe first call of a process takes"
            f" {first['first_ms']:,.0f} ms, the first one after a commit"
            f" {first['after_commit_ms']:,.0f} ms; memory {first['memory_mb']:.0f} MB.\n"
        )
    for result in results.get("fresh", []):
        yield f"## After a commit of one article, {result['corpus']}\n\n{fresh_table(result)}"
    for result in results.get("caches", []):
        rows = [
            [
                f"`{row['cache']}`",
                *(f"{row[work]:.2f}" if work in row else "–" for work in _CACHED_WORK),
            ]
            for row in result["caches"]
        ]
        heads = ["without it", *_CACHED_WORK.values()]
        yield (
            f"## Caches, {result['corpus']}\n\nHow many times as long work takes without a cache,"
            " CPU time of nine in ten (`benchmarks/bench_caches.py`); 1.00 is no difference.\n"
            "The tokens of articles need no cache of searching: what they show beside one is noise."
            " `ClusterGeneration.counts`: times as many requests to the cluster, counted."
            f" Load before: {result['facts']['load_before']}; a quarter either way is noise.\n\n"
            f"{table(heads, rows)}"
        )
    for result in results.get("growth", []):
        rows = [
            [
                f"{size['articles']:,}",
                number(size["indexing"]["articles_per_s"]),
                number(size["indexing"]["bytes_per_text_byte"]),
                number(size["indexing"]["peak_mb"]),
                number(size["start"]["p50_ms"]),
            ]
            for size in result["sizes"]
        ]
        heads = ["articles", "articles/s", "bytes/byte with stored", "peak MB", "start, ms"]
        yield f"## Growth\n\n![Growth](performance-growth.svg)\n\n{table(heads, rows)}"
    for result in results.get("memory", []):
        rows = [
            [f"{r['queries']:,}", r["rss_mb"], r["anonymous_mb"], r["mapped_mb"]]
            for r in result["memory"]
        ]
        heads = ["queries", "resident MB", "own MB", "mapped files MB"]
        yield f"## Memory of the server, {result['corpus']}\n\n{table(heads, rows)}"
    for result in results.get("load", []):
        latency = result["latency"]
        yield (
            f"## Load, {result['corpus']}\n\n{result['clients']} clients for"
            f" {result['seconds'] / 60:.1f} minutes: {result['requests']:,} requests"
            f" ({number(result['requests_per_s'])} a second), {result['commits']} commits beside"
            f" them; p50 {number(latency['p50_ms'])}, p95 {number(latency['p95_ms'])}, p99"
            f" {number(latency['p99_ms'])} ms; {sum(result['errors'].values())} errors,"
            f" {len(result['wrong_totals'])} wrong totals.\n"
        )
    yield from map(served, results.get("serve", []))


def served(result: Json) -> str:
    """What `timbao serve` answers beside its peer, and what an answer costs beside its search."""
    rows = []
    for row in result.get("rows", []):
        if row["kind"] == "memory":
            continue
        other, busy = row.get("peer", {}), row["with_commits"]
        rows.append(
            [
                row["kind"],
                row["connections"],
                number(row["a_second"]),
                number(other["a_second"]) if other else "",
                row.get("ratio", ""),
                f"{number(row['p50_ms'])} / {number(row['p99_ms'])}",
                f"{number(other['p50_ms'])} / {number(other['p99_ms'])}" if other else "",
                f"{row['cpu_ms']} / {other['cpu_ms']}" if other else row["cpu_ms"],
                f"{number(busy['a_second'])}; {row['p99_ratio']}",
            ]
        )
    heads = ["", "connections", "a second", "peer", "ratio", "p50 / p99 ms", "peer's"]
    heads += ["CPU ms", "with commits: a second; p99 ÷"]
    text = (
        f"## What the server answers, {result['corpus']}\n\n"
        f"Load before: {result['facts']['load_before']}.\n"
    )
    if rows:
        text += (
            "\nRequests a second of `timbao serve` beside one node of OpenSearch in the same run:"
            f" `benchmarks/bench_serve.py`, whose head says what is asked.\n\n{table(heads, rows)}"
        )
    if cpu := result.get("cpu"):
        costs = [[kind, row["ms"], row["ratio"]] for kind, row in cpu.items()]
        text += (
            "\nThe processor's time of one request, warm, and how many times that of its search"
            " without highlights and facets (`bench_serve.py --cpu`):\n\n"
            f"{table(['', 'CPU ms', '÷ search'], costs)}"
        )
    return text


def write_plots(results: dict[str, list[Json]], folder: Path) -> None:
    """The plots that the page shows."""
    if query := chosen(results, "query"):
        shown = {query["ours"]["search"], query["ours"]["highlighted"]}
        groups: dict[str, dict[str, float]] = {}
        for row in query["warm"]:
            if row["form"] == Form.STRIPPED and row["engine"] not in shown:
                groups.setdefault(row["class"], {})[row["engine"]] = row["p50_ms"]
        ordered = {str(kind): groups[kind] for kind in Kind if kind in groups}
        title = f"Top 10 with exact total, {query['corpus']}, CPU time, p50 (logarithmic)"
        (folder / "performance-latency.svg").write_text(bar_plot(title, ordered, "ms"), "utf-8")
    for result in results.get("growth", []):
        lines: dict[str, dict[float, float]] = {}
        for size in result["sizes"]:
            for row in size["warm"]:
                if row["engine"] == "Tìm Báo, whole search" and row["form"] == Form.STRIPPED:
                    lines.setdefault(row["class"], {})[size["articles"]] = row["p50_ms"]
        title = "Whole search by number of articles, CPU time, p50 (logarithmic)"
        (folder / "performance-growth.svg").write_text(line_plot(title, lines, "ms"), "utf-8")


def readme_figures(results: dict[str, list[Json]]) -> str:
    """What `timbao index` and searches reach, for the benchmarks' own README."""
    rows = []
    if (start := chosen(results, "start")) and start["indexed"]:
        indexed = start["indexed"]
        rows.append(
            [
                f"`timbao index`, {indexed['indexed']:,} articles",
                f"{indexed['seconds']:,.0f} s, {indexed['rate']:,.0f} a second",
            ]
        )
        rows.append(["`timbao search` on it, p50", f"{start['search']['p50_ms']:.0f} ms"])
    if query := chosen(results, "query"):
        for row in query["warm"]:
            if row["engine"] == query["ours"]["search"] and row["form"] == Form.STRIPPED:
                times = f"{number(row['p50_ms'])} / {number(row['p95_ms'])} ms"
                rows.append([f"search, {query['corpus']}, {row['class']}, p50 / p95", times])
    return table(["", "measured"], rows)


def main() -> None:
    """Run what the command line asks for."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("results", type=Path, help="the folder of JSON results")
    parser.add_argument("--docs", type=Path, default=DOCS, help="where the page goes")
    options = parser.parse_args()
    results = read_results(options.results)
    assert results, f"no results in {options.results}"
    options.docs.mkdir(parents=True, exist_ok=True)
    page = "\n".join(sections(results))
    (options.docs / "performance.md").write_text(page, "utf-8")
    write_plots(results, options.docs)
    if options.docs == DOCS:
        text, count = _FIGURES.subn(readme_figures(results), README.read_text(encoding="utf-8"))
        assert count == 1, f"{README} has no place for figures"
        README.write_text(text, "utf-8")
    print(bar_table(results))


def _corpus_size(label: str) -> int:
    return int(label.rpartition("-")[2]) if label[-1:].isdigit() else 0


if __name__ == "__main__":
    main()
